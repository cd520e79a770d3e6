#include "include/cb_columns.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// Plain loops only: one form has the same bits on every machine, and the compiler turns the lanes
// into whatever vectors the baseline has.

#define LANES 8

/// The range of values that are all finite; returns 0 where they are not, and leaves the range
/// alone.
static int finite_range(const double *values, size_t count, double *lowest, double *highest) {
  double low[LANES], high[LANES], nothing[LANES] = {0};
  for (size_t lane = 0; lane < LANES; lane++) {
    low[lane] = *lowest;
    high[lane] = *highest;
  }
  for (size_t i = 0; i < count; i += LANES) {
    // The last group overlaps the one before: a value more often changes nothing here.
    const double *group = values + (i + LANES <= count ? i : count - LANES);
    for (size_t lane = 0; lane < LANES; lane++) {
      double value = group[lane];
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
      nothing[lane] += value * 0;
    }
  }
  for (size_t lane = 0; lane < LANES; lane++) {
    if (nothing[lane] != 0) {
      return 0;
    }
  }
  for (size_t lane = 0; lane < LANES; lane++) {
    *lowest = low[lane] < *lowest ? low[lane] : *lowest;
    *highest = high[lane] > *highest ? high[lane] : *highest;
  }
  return 1;
}

size_t cb_column_range(const double *values, size_t count, double *lowest, double *highest) {
  if (count >= LANES && finite_range(values, count, lowest, highest)) {
    return count;
  }
  double low = *lowest, high = *highest;
  size_t bad = count;
  for (size_t i = count; i-- > 0;) {
    double value = values[i];
    if (!isfinite(value)) {
      bad = i;
      continue;
    }
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  *lowest = low;
  *highest = high;
  return bad;
}

static double add_lanes(const double *lanes) {
  double sum = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    sum += lanes[lane];
  }
  return sum;
}

double cb_column_sum(const double *values, size_t count, double scale, double centre) {
  double lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      lanes[lane] += values[i + lane] * scale - centre;
    }
  }
  for (size_t lane = 0; i + lane < count; lane++) {
    lanes[lane] += values[i + lane] * scale - centre;
  }
  return add_lanes(lanes);
}

double cb_column_sum_of_squares(const double *values, size_t count, double scale, double centre) {
  double lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      double offset = values[i + lane] * scale - centre;
      lanes[lane] += offset * offset;
    }
  }
  for (size_t lane = 0; i + lane < count; lane++) {
    double offset = values[i + lane] * scale - centre;
    lanes[lane] += offset * offset;
  }
  return add_lanes(lanes);
}

/// log(1 + x) for x ≥ 0 or NaN.
///
/// 1 + x = 2^k (1 + f) with 1 + f between √½ and √2; with s = f / (2 + f), log(1 + f) is
/// f − f²/2 + s (f²/2 + R(s²)), R a minimax polynomial. What 1 + x loses by rounding is added again
/// to first order.
///
/// Source: P. Tang, "Table-driven implementation of the logarithm function", ACM TOMS 16(4), 1990;
/// reduction, polynomial and constants as in FreeBSD's msun, s_log1p.c (K. Ng, Sun Microsystems).
static double log1p_of(double x) {
  static const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  static const double c1 = 6.666666666666735130e-01, c2 = 3.999999999940941908e-01,
                      c3 = 2.857142874366239149e-01, c4 = 2.222219843214978396e-01,
                      c5 = 1.818357216161805012e-01, c6 = 1.531383769920937332e-01,
                      c7 = 1.479819860511658591e-01;
  if (!(x >= 0x1p-53) || x == (double)INFINITY) {
    return x;
  }
  double sum = 1 + x;
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  // The upper half of √½; adding the distance to 1 makes the exponent field round at √2.
  const uint64_t root = 0x3fe6a09eull;
  uint64_t upper = (bits >> 32) + (0x3ff00000ull - root);
  int64_t k = (int64_t)(upper >> 20) - 0x3ff;
  double lost = k >= 2 ? 1 - (sum - x) : x - (sum - 1);
  lost = k < 54 ? lost / sum : 0;
  bits = ((upper & 0x000fffffull) + root) << 32 | (bits & 0xffffffffull);
  double f;
  memcpy(&f, &bits, sizeof f);
  f = k == 0 ? x : f - 1;
  lost = k == 0 ? 0 : lost;
  double half = 0.5 * f * f;
  double s = f / (2 + f);
  double z = s * s, w = z * z;
  double even = w * (c2 + w * (c4 + w * c6));
  double odd = z * (c1 + w * (c3 + w * (c5 + w * c7)));
  return s * (half + (odd + even)) + ((double)k * ln2_low + lost) - half + f + (double)k * ln2_high;
}

void cb_column_log1p(const double *values, size_t count, double *logarithms) {
  for (size_t i = 0; i < count; i++) {
    double value = values[i];
    logarithms[i] = copysign(log1p_of(fabs(value)), value);
  }
}
