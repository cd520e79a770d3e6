// The update step for labels that are there already, with or without weights; a template that
// kmeans.c includes behind kmeans_block.h, whose order of summation it shares.

/// Adds all rows of a block up by label.
static void KERNEL(update_all)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                               const uint16_t *labels, const KERNEL(scratch_parts) * parts,
                               double *sums, int64_t *counts) {
  KERNEL(clear_by_label)(d, k, parts);
  for (size_t begin = 0; begin < count; begin += TILE) {
    const size_t size = count - begin < TILE ? count - begin : TILE;
    for (size_t r = 0; r < size; r++) {
      parts->labels[r] = labels[begin + r];
    }
    KERNEL(mask_padding)(size, parts->labels, parts->gaps);
    KERNEL(add_by_label)(rows + begin, stride, size, d, k, parts);
  }
  KERNEL(total_by_label)(d, k, parts, sums, counts);
}

/// Adds the rows of `m` of k labels to lanes, as many sets of lanes as there are such labels.
///   numbers  in  k: which of the m a label is, or −1
static void KERNEL(gather_some)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                                size_t m, const uint16_t *labels, const INT *numbers,
                                const KERNEL(scratch_parts) * parts) {
  memset(parts->lanes, 0, m * d * LANES * sizeof(REAL));
  memset(parts->counts, 0, m * LANES * sizeof(INT));
  for (size_t begin = 0; begin < count; begin += TILE) {
    const size_t size = count - begin < TILE ? count - begin : TILE, wide = padded(size);
    for (size_t r = 0; r < size; r++) {
      parts->labels[r] = numbers[labels[begin + r]];
    }
    KERNEL(mask_padding)(size, parts->labels, parts->gaps);
    if (BY_ROW(d, k)) {
      SCALAR(gather)(rows + begin, stride, wide, d, m, parts->labels, parts->lanes, parts->counts);
    } else {
      STEP(gather, rows + begin, stride, wide, d, m, parts->labels, parts->lanes, parts->counts);
    }
  }
}

cb_status KERNEL(cb_kmeans_renew)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                                  const uint16_t *labels, const uint8_t *changed, REAL *scratch,
                                  double *sums, int64_t *counts) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  const KERNEL(scratch_parts) parts = KERNEL(split_scratch)(scratch, d, k);
  INT *numbers = (INT *)parts.lengths;
  size_t m = 0;
  for (size_t i = 0; i < k; i++) {
    numbers[i] = changed[i] ? (INT)m++ : -1;
  }
  if (m == 0) {
    return CB_OK;
  }
  if (m * RENEWED_SHARE >= k) {
    memset(sums, 0, k * d * sizeof(double));
    memset(counts, 0, k * sizeof(int64_t));
    KERNEL(update_all)(rows, stride, count, d, k, labels, &parts, sums, counts);
    return CB_OK;
  }
  KERNEL(gather_some)(rows, stride, count, d, k, m, labels, numbers, &parts);
  for (size_t i = 0; i < k; i++) {
    if (!changed[i]) {
      continue;
    }
    const size_t number = (size_t)numbers[i];
    memset(sums + i * d, 0, d * sizeof(double));
    KERNEL(drain)(parts.lanes + number * d * LANES, d, sums + i * d);
    counts[i] = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
      counts[i] += parts.counts[number * LANES + lane];
    }
  }
  return CB_OK;
}

/// Lanes of doubles, in the memory of LANES lanes of REAL.
#define WEIGHTED_LANES (LANES * sizeof(REAL) / sizeof(double))

/// Adds lanes of doubles to totals, in ascending order.
static void KERNEL(drain_weighted)(const double *lanes, size_t groups, double *totals) {
  for (size_t i = 0; i < groups; i++) {
    double sum = 0;
    for (size_t lane = 0; lane < WEIGHTED_LANES; lane++) {
      sum += lanes[i * WEIGHTED_LANES + lane];
    }
    totals[i] += sum;
  }
}

/// Adds weighted rows; a row of weight 0 adds nothing and does not count.
static void KERNEL(update_weighted)(const REAL *rows, size_t stride, size_t count, size_t d,
                                    size_t k, const uint16_t *labels, const double *weights,
                                    const KERNEL(scratch_parts) * parts, double *sums,
                                    int64_t *counts, double *masses) {
  double *lanes = (double *)parts->lanes, *mass_lanes = (double *)parts->counts;
  memset(lanes, 0, k * d * WEIGHTED_LANES * sizeof(double));
  memset(mass_lanes, 0, k * WEIGHTED_LANES * sizeof(double));
  for (size_t r = 0; r < count; r++) {
    if (weights[r] == 0) {
      continue;
    }
    const size_t cluster = labels[r], lane = r % WEIGHTED_LANES;
    const double weight = weights[r];
    counts[cluster] += 1;
    mass_lanes[cluster * WEIGHTED_LANES + lane] += weight;
    for (size_t j = 0; j < d; j++) {
      lanes[(cluster * d + j) * WEIGHTED_LANES + lane] += weight * (double)rows[j * stride + r];
    }
  }
  KERNEL(drain_weighted)(lanes, k * d, sums);
  KERNEL(drain_weighted)(mass_lanes, k, masses);
}

/// The sum of a block's gaps, weighted where there are weights.
static double KERNEL(sum_gaps)(const REAL *gaps, const double *weights, size_t count,
                               const KERNEL(scratch_parts) * parts) {
  double sum = 0;
  if (weights) {
    double lanes[WEIGHTED_LANES] = {0};
    for (size_t r = 0; r < count; r++) {
      lanes[r % WEIGHTED_LANES] += weights[r] * (double)gaps[r];
    }
    KERNEL(drain_weighted)(lanes, 1, &sum);
    return sum;
  }
  REAL lanes[LANES] = {0};
  for (size_t begin = 0; begin < count; begin += TILE) {
    const size_t size = count - begin < TILE ? count - begin : TILE;
    memcpy(parts->gaps, gaps + begin, size * sizeof(REAL));
    memset(parts->gaps + size, 0, (padded(size) - size) * sizeof(REAL));
    STEP(add, parts->gaps, padded(size), lanes);
  }
  KERNEL(drain)(lanes, 1, &sum);
  return sum;
}

cb_status KERNEL(cb_kmeans_update)(const REAL *rows, size_t stride, size_t count, size_t d,
                                   size_t k, const uint16_t *labels, const double *weights,
                                   const REAL *gaps, REAL *scratch, double *sums, int64_t *counts,
                                   double *masses, double *inertia) {
  if (!block_fits(stride, count, d, k) || (weights && !masses)) {
    return CB_BAD_SHAPE;
  }
  const KERNEL(scratch_parts) parts = KERNEL(split_scratch)(scratch, d, k);
  if (weights) {
    KERNEL(update_weighted)
    (rows, stride, count, d, k, labels, weights, &parts, sums, counts, masses);
  } else {
    KERNEL(update_all)(rows, stride, count, d, k, labels, &parts, sums, counts);
  }
  if (gaps && inertia) {
    *inertia += KERNEL(sum_gaps)(gaps, weights, count, &parts);
  }
  return CB_OK;
}

cb_status KERNEL(cb_kmeans_measure)(const REAL *rows, size_t stride, size_t count, size_t d,
                                    const REAL *centroids, size_t k, const uint16_t *labels,
                                    REAL *gaps) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  for (size_t begin = 0; begin < count; begin += TILE) {
    const size_t size = count - begin < TILE ? count - begin : TILE;
    INT taken[TILE];
    REAL measured[TILE];
    for (size_t r = 0; r < size; r++) {
      taken[r] = labels[begin + r];
    }
    STEP(measure, rows + begin, stride, size, d, centroids, taken, measured);
    memcpy(gaps + begin, measured, size * sizeof(REAL));
  }
  return CB_OK;
}

#undef WEIGHTED_LANES
