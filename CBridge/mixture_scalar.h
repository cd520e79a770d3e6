// The plain form of the steps over one tile of rows; what tests compare the other forms with.
// `count` is a multiple of CB_KMEANS_PAD in all of them.

/// e^x for x ≤ 0, and 0 below EXP_LOWEST.
///
/// x = n log 2 + r with |r| ≤ log 2 / 2; e^r by its Taylor series, 2^n by the exponent's bits.
///
/// Source: W. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980.
static double exp_of(double x) {
  if (!(x >= EXP_LOWEST)) {
    return 0;
  }
  double turned = __builtin_fma(x, LOG2_E, ROUNDER);
  double n = turned - ROUNDER;
  double r = __builtin_fma(n, -LN2_HIGH, x);
  r = __builtin_fma(n, -LN2_LOW, r);
  double sum = exp_terms[0];
  for (size_t i = 1; i < EXP_TERMS; i++) {
    sum = __builtin_fma(sum, r, exp_terms[i]);
  }
  sum = __builtin_fma(sum, r, 1);
  sum = __builtin_fma(sum, r, 1);
  uint64_t bits, power;
  memcpy(&bits, &sum, sizeof bits);
  memcpy(&power, &turned, sizeof power);
  bits += power << 52;
  memcpy(&sum, &bits, sizeof sum);
  return sum;
}

/// log x for a normal x above 0.
///
/// x = 2^k (1 + f) with 1 + f between √½ and √2; with s = f / (2 + f), log(1 + f) is f − f²/2 + s
/// (f²/2 + R(s²)), R a minimax polynomial.
///
/// Source: as that of log1p in columns.c.
static double log_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  // Adding the distance to 1 makes the exponent field round at √2.
  uint64_t upper = (bits >> 32) + (UINT64_C(0x3ff00000) - ROOT_HALF);
  double k = (double)((int64_t)(upper >> 20) - 0x3ff);
  bits = ((upper & UINT64_C(0x000fffff)) + ROOT_HALF) << 32 | (bits & UINT64_C(0xffffffff));
  double f;
  memcpy(&f, &bits, sizeof f);
  f -= 1;
  double half = 0.5 * f * f;
  double s = f / (2 + f);
  double z = s * s, w = z * z;
  double even = w * (LOG_2 + w * (LOG_4 + w * LOG_6));
  double odd = z * (LOG_1 + w * (LOG_3 + w * (LOG_5 + w * LOG_7)));
  return s * (half + (odd + even)) + k * LN2_LOW - half + f + k * LN2_HIGH;
}

/// Log-densities of a tile's rows under one component.
///   offsets  -  d × TILE: rows less the mean
static void log_density_scalar(const double *rows, size_t stride, size_t count, size_t d,
                               const double *mean, const double *factor, double offset,
                               double *offsets, double *logs) {
  for (size_t r = 0; r < count; r++) {
    double squared = 0;
    const double *entry = factor;
    for (size_t a = 0; a < d; a++) {
      offsets[a * TILE + r] = rows[a * stride + r] - mean[a];
      double sum = 0;
      for (size_t b = 0; b <= a; b++) {
        sum = __builtin_fma(*entry++, offsets[b * TILE + r], sum);
      }
      squared = __builtin_fma(sum, sum, squared);
    }
    squared = squared < FARTHEST ? squared : FARTHEST;
    logs[r] = __builtin_fma(-0.5, squared, offset);
  }
}

/// Turns log-densities into responsibilities: e to the power of what they are below the greatest,
/// divided by the sum of that.
///   shares  in/out  k × TILE
///   logs    out     log-densities of the rows under all components together
static void soften_scalar(size_t count, size_t k, double *shares, double *logs, int64_t *labels) {
  for (size_t r = 0; r < count; r++) {
    double greatest = shares[r];
    labels[r] = 0;
    for (size_t i = 1; i < k; i++) {
      if (shares[i * TILE + r] > greatest) {
        greatest = shares[i * TILE + r];
        labels[r] = (int64_t)i;
      }
    }
    double sum = 0;
    for (size_t i = 0; i < k; i++) {
      shares[i * TILE + r] = exp_of(shares[i * TILE + r] - greatest);
      sum += shares[i * TILE + r];
    }
    for (size_t i = 0; i < k; i++) {
      shares[i * TILE + r] /= sum;
    }
    logs[r] = greatest + log_of(sum);
  }
}

/// Adds a tile to the lanes of one component.
///   offsets, weighed  -  as in scratch_parts
static void accumulate_scalar(const double *rows, size_t stride, size_t count, size_t d,
                              const double *mean, const double *shares, double *offsets,
                              double *weighed, double *mass, double *sums, double *moments) {
  for (size_t r = 0; r < count; r++) {
    mass[r % LANES] += shares[r];
  }
  for (size_t a = 0; a < d; a++) {
    for (size_t r = 0; r < count; r++) {
      offsets[a * TILE + r] = rows[a * stride + r] - mean[a];
      weighed[r] = shares[r] * offsets[a * TILE + r];
      sums[a * LANES + r % LANES] += weighed[r];
    }
    for (size_t b = 0; b <= a; b++) {
      double *lanes = moments + (triangle(a) + b) * LANES;
      for (size_t r = 0; r < count; r++) {
        double *lane = lanes + r % LANES;
        *lane = __builtin_fma(weighed[r], offsets[b * TILE + r], *lane);
      }
    }
  }
}

static void add_scalar(const double *values, size_t count, double *lanes) {
  for (size_t r = 0; r < count; r++) {
    lanes[r % LANES] += values[r];
  }
}
