// The plain form of the steps over one tile of rows; a template that families.c includes once for
// float and once for double. It is what tests compare the other forms with.
//
// Expects REAL, INT (a signed integer of REAL's size), LANES, FMA(a, b, c), ABS(a) and
// SCALAR(name). Labels below 0 belong to no centroid.

/// The centroid of least sum of absolute differences, ties to the lowest.
static void SCALAR(nearest_l1)(const REAL *rows, size_t stride, size_t count, size_t d,
                               const REAL *centroids, size_t k, INT *labels, REAL *gaps) {
  for (size_t r = 0; r < count; r++) {
    labels[r] = 0;
    gaps[r] = (REAL)INFINITY;
    for (size_t i = 0; i < k; i++) {
      REAL sum = 0;
      for (size_t j = 0; j < d; j++) {
        sum += ABS(rows[j * stride + r] - centroids[i * d + j]);
      }
      if (sum < gaps[r]) {
        gaps[r] = sum;
        labels[r] = (INT)i;
      }
    }
  }
}

/// Adds rows to the lanes of their labels.
static void SCALAR(gather)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                           const INT *labels, REAL *lanes, INT *counts) {
  (void)k;
  for (size_t r = 0; r < count; r++) {
    if (labels[r] < 0) {
      continue;
    }
    size_t cluster = (size_t)labels[r], lane = r % LANES;
    counts[cluster * LANES + lane] += 1;
    for (size_t j = 0; j < d; j++) {
      lanes[(cluster * d + j) * LANES + lane] += rows[j * stride + r];
    }
  }
}

/// Squared distance of each row to its labelled centroid: the canonical chain of k-means.
static void SCALAR(measure)(const REAL *rows, size_t stride, size_t count, size_t d,
                            const REAL *centroids, const INT *labels, REAL *gaps) {
  for (size_t r = 0; r < count; r++) {
    REAL sum = 0;
    for (size_t j = 0; labels[r] >= 0 && j < d; j++) {
      REAL gap = rows[j * stride + r] - centroids[(size_t)labels[r] * d + j];
      sum = FMA(gap, gap, sum);
    }
    gaps[r] = sum;
  }
}

static void SCALAR(add)(const REAL *values, size_t count, REAL *lanes) {
  for (size_t r = 0; r < count; r++) {
    lanes[r % LANES] += values[r];
  }
}
