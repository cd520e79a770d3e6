// The kernels of cb_kmeans.h for one type, made of the steps of kmeans_scalar.h and kmeans_simd.h;
// a template that kmeans.c includes once for float and once for double.
//
// A block goes through in tiles that stay in the first-level cache: label the tile's rows, then add
// them up by label. The engines differ in the labelling alone. Lanes run on from tile to tile (TILE
// is a multiple of LANES) and are added up at the end of the block.
//
// Expects, besides what those need, STEP(name, ...) that calls the form of the current level,
// PRODUCTS (the matrix product) and KERNEL(name).

/// Where the parts of a scratch buffer begin.
typedef struct KERNEL(scratch_parts) {
  REAL *lanes;    // k × d × LANES, or LANES × k × PITCH(d): sums by label
  INT *counts;    // k × LANES
  INT *labels;    // TILE
  REAL *gaps;     // TILE
  REAL *lowest;   // TILE: lowest score of each row
  REAL *second;   // TILE: second-lowest score
  REAL *products; // TILE × PRODUCT_CLUSTERS
  REAL *scores;   // STRIP × k
  REAL *strip;    // STRIP × d: rows next to each other
  INT *decided;   // STRIP: labels of the rows of a strip
  REAL *lengths;  // k: squared lengths of the centroids, for `tile` half of them
  REAL *packed;   // k × d: centroids as `select` reads them
} KERNEL(scratch_parts);

static KERNEL(scratch_parts) KERNEL(split_scratch)(REAL *scratch, size_t d, size_t k) {
  KERNEL(scratch_parts) parts;
  parts.lanes = scratch;
  // Integers of the same size live in the same buffer, each part accessed as one type alone.
  parts.counts = (INT *)(parts.lanes + k * PITCH(d) * LANES);
  parts.labels = parts.counts + k * LANES;
  parts.gaps = (REAL *)(parts.labels + TILE);
  parts.lowest = parts.gaps + TILE;
  parts.second = parts.lowest + TILE;
  parts.products = parts.second + TILE;
  parts.scores = parts.products + TILE * PRODUCT_CLUSTERS;
  parts.strip = parts.scores + STRIP * k;
  parts.decided = (INT *)(parts.strip + STRIP * d);
  // What vectors are read from is aligned like the scratch; these two are read value by value.
  parts.lengths = (REAL *)(parts.decided + STRIP);
  parts.packed = parts.lengths + k;
  return parts;
}

/// Adds `groups` × LANES lanes to `groups` totals, lanes in ascending order.
static void KERNEL(drain)(const REAL *lanes, size_t groups, double *totals) {
  for (size_t i = 0; i < groups; i++) {
    double sum = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
      sum += (double)lanes[i * LANES + lane];
    }
    totals[i] += sum;
  }
}

/// Makes the sums by label of a block 0. With `add_by_label` for each tile and then
/// `total_by_label` this is the one way in which rows are summed, whatever labels them.
static void KERNEL(clear_by_label)(size_t d, size_t k, const KERNEL(scratch_parts) * parts) {
  memset(parts->lanes, 0, k * PITCH(d) * LANES * sizeof(REAL));
  memset(parts->counts, 0, k * LANES * sizeof(INT));
}

/// Adds the rows of a tile to the lanes of their labels.
static void KERNEL(add_by_label)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                                 const KERNEL(scratch_parts) * parts) {
  if (BY_ROW(d, k)) {
    STEP(spread, rows, stride, count, d, k, parts->labels, parts->lanes, parts->counts);
  } else {
    STEP(gather, rows, stride, padded(count), d, k, parts->labels, parts->lanes, parts->counts);
  }
}

/// Adds the lanes of a block to its totals.
static void KERNEL(total_by_label)(size_t d, size_t k, const KERNEL(scratch_parts) * parts,
                                   double *sums, int64_t *counts) {
  if (BY_ROW(d, k)) {
    STEP(collect, parts->lanes, d, k, sums);
  } else {
    KERNEL(drain)(parts->lanes, k * d, sums);
  }
  for (size_t i = 0; i < k * LANES; i++) {
    counts[i / LANES] += parts->counts[i];
  }
}

/// Makes the padding behind `count` rows belong to no centroid.
static void KERNEL(mask_padding)(size_t count, INT *labels, REAL *gaps) {
  for (size_t r = count; r < padded(count); r++) {
    labels[r] = -1;
    gaps[r] = 0;
  }
}

/// Lowest and second-lowest score of each row over all centroids, by tiles of the product.
static cb_status KERNEL(score)(const REAL *rows, size_t stride, size_t count, size_t d,
                               const REAL *centroids, size_t k,
                               const KERNEL(scratch_parts) * parts) {
  for (size_t r = 0; r < count; r++) {
    parts->lowest[r] = (REAL)INFINITY;
    parts->second[r] = (REAL)INFINITY;
    parts->labels[r] = 0;
  }
  for (size_t first = 0; first < k; first += PRODUCT_CLUSTERS) {
    size_t width = k - first < PRODUCT_CLUSTERS ? k - first : PRODUCT_CLUSTERS;
    cb_status status =
        PRODUCTS(rows, stride, count, d, centroids + first * d, width, parts->products);
    if (status != CB_OK) {
      return status;
    }
    STEP(narrow, parts->products, count, count, parts->lengths, first, width, parts->labels,
         parts->lowest, parts->second);
  }
  return CB_OK;
}

/// Labels by the matrix product, with the rows that are too close to call decided directly.
///
/// With u half of EPSILON, r the length of a row and M that of the longest centroid, a score is off
/// by at most (d + 2) u (2 r M + M²) and a canonical distance by (d + 2) u (r + M)², whatever the
/// order of the product's sums (N. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd
/// ed., section 3.1). Two scores further apart than twice both errors, at most 8 (d + 2) u (r² +
/// M²), stand in the order of the canonical distances; the bound used is twice that, and SMALLEST
/// covers underflow.
static cb_status KERNEL(nearest_by_product)(const REAL *rows, size_t stride, size_t count, size_t d,
                                            const REAL *centroids, size_t k, const REAL *norms,
                                            REAL longest, const KERNEL(scratch_parts) * parts) {
  cb_status status = KERNEL(score)(rows, stride, padded(count), d, centroids, k, parts);
  if (status != CB_OK) {
    return status;
  }
  const REAL factor = (REAL)(8 * (d + 4)) * EPSILON;
  for (size_t r = 0; r < count; r++) {
    REAL bound = factor * (norms[r] + longest + SMALLEST);
    if (parts->second[r] - parts->lowest[r] > bound) {
      continue;
    }
    parts->labels[r] = SCALAR(nearest_row)(rows + r, stride, d, centroids, k, parts->gaps + r);
  }
  return CB_OK;
}

/// Labels by the engine `tile`, with the rows that are too close to call decided directly, STRIP at
/// once.
///
/// A score here is half of what `nearest_by_product` bounds, and a chain that begins with half the
/// squared length of the centroid: it is off by at most (d + 2) u (r M + M²), so two scores further
/// apart than (d + 2) u (3 r² + 5 M²) stand in the order of the canonical distances; the bound used
/// is 6 (d + 2) u (r² + M²).
static void KERNEL(nearest_by_tile)(const REAL *rows, size_t stride, size_t count, size_t d,
                                    const REAL *centroids, size_t k, const REAL *norms,
                                    REAL longest, const KERNEL(scratch_parts) * parts) {
  const REAL factor = (REAL)(3 * (d + 2)) * EPSILON;
  size_t doubts[TILE + 1], doubt_count = 0;
  STEP(select, rows, stride, padded(count), d, parts->packed, parts->lengths, k, norms, factor,
       longest + SMALLEST, parts->strip, parts->scores, parts->labels, doubts, &doubt_count);
  for (size_t begin = 0; begin < doubt_count; begin += STRIP) {
    const size_t size = doubt_count - begin < STRIP ? doubt_count - begin : STRIP;
    for (size_t j = 0; j < d; j++) {
      for (size_t i = 0; i < STRIP; i++) {
        parts->strip[j * STRIP + i] = rows[j * stride + doubts[begin + (i < size ? i : 0)]];
      }
    }
    STEP(nearest, parts->strip, STRIP, STRIP, d, centroids, k, parts->decided, parts->gaps);
    for (size_t i = 0; i < size; i++) {
      parts->labels[doubts[begin + i]] = parts->decided[i];
    }
  }
}

/// Squared lengths of the centroids; returns the greatest.
static REAL KERNEL(measure_centroids)(const REAL *centroids, size_t k, size_t d, REAL *lengths) {
  REAL longest = 0;
  for (size_t i = 0; i < k; i++) {
    REAL length = 0;
    for (size_t j = 0; j < d; j++) {
      length = FMA(centroids[i * d + j], centroids[i * d + j], length);
    }
    lengths[i] = length;
    longest = length > longest ? length : longest;
  }
  return longest;
}

/// Makes centroids ready for `select`; their squared lengths are there.
static void KERNEL(prepare_tile)(const REAL *centroids, size_t d, size_t k,
                                 const KERNEL(scratch_parts) * parts) {
  SCALAR(pack)(centroids, d, k, parts->packed);
  for (size_t i = 0; i < k; i++) {
    parts->lengths[i] /= 2;
  }
}

void KERNEL(cb_kmeans_scale)(const double *values, size_t count, double scale, double centre,
                             REAL *scaled) {
  for (size_t r = 0; r < count; r++) {
    scaled[r] = (REAL)(values[r] * scale - centre);
  }
}

size_t KERNEL(cb_kmeans_locate)(const REAL *gaps, size_t count, double mark) {
  size_t last = 0;
  for (size_t r = 0; r < count; r++) {
    last = gaps[r] > 0 ? r : last;
    mark -= (double)gaps[r];
    if (mark < 0) {
      return last;
    }
  }
  return last;
}

cb_status KERNEL(cb_kmeans_norms)(const REAL *rows, size_t stride, size_t count, size_t d,
                                  REAL *norms) {
  if (!block_fits(stride, count, d, 1)) {
    return CB_BAD_SHAPE;
  }
  memset(norms, 0, count * sizeof(REAL));
  for (size_t j = 0; j < d; j++) {
    for (size_t r = 0; r < count; r++) {
      norms[r] += rows[j * stride + r] * rows[j * stride + r];
    }
  }
  return CB_OK;
}

cb_status KERNEL(cb_kmeans_block)(const REAL *rows, size_t stride, size_t count, size_t d,
                                  const REAL *centroids, size_t k, const REAL *norms,
                                  cb_kmeans_engine engine, REAL *scratch, double *sums,
                                  int64_t *counts, double *inertia, uint16_t *labels, REAL *gaps) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  const KERNEL(scratch_parts) parts = KERNEL(split_scratch)(scratch, d, k);
  const int by_tile = engine == CB_KMEANS_TILE && k <= TILE_MAX_CLUSTERS;
  const int by_product = engine == CB_KMEANS_BLAS;
  const REAL longest =
      by_product || by_tile ? KERNEL(measure_centroids)(centroids, k, d, parts.lengths) : (REAL)0;
  if (by_tile) {
    KERNEL(prepare_tile)(centroids, d, k, &parts);
  }
  REAL inertia_lanes[LANES] = {0};
  if (sums) {
    KERNEL(clear_by_label)(d, k, &parts);
  }
  for (size_t begin = 0; begin < count; begin += TILE) {
    const REAL *tile = rows + begin;
    const size_t size = count - begin < TILE ? count - begin : TILE, wide = padded(size);
    if (by_product) {
      cb_status status = KERNEL(nearest_by_product)(tile, stride, size, d, centroids, k,
                                                    norms + begin, longest, &parts);
      if (status != CB_OK) {
        return status;
      }
    } else if (by_tile) {
      KERNEL(nearest_by_tile)(tile, stride, size, d, centroids, k, norms + begin, longest, &parts);
    } else {
      STEP(nearest, tile, stride, wide, d, centroids, k, parts.labels, parts.gaps);
    }
    KERNEL(mask_padding)(size, parts.labels, parts.gaps);
    if ((by_product || by_tile) && (inertia || gaps)) {
      STEP(measure, tile, stride, wide, d, centroids, parts.labels, parts.gaps);
    }
    if (sums) {
      KERNEL(add_by_label)(tile, stride, size, d, k, &parts);
    }
    if (inertia) {
      STEP(add, parts.gaps, wide, inertia_lanes);
    }
    for (size_t r = 0; labels && r < size; r++) {
      labels[begin + r] = (uint16_t)parts.labels[r];
    }
    for (size_t r = 0; gaps && r < size; r++) {
      gaps[begin + r] = parts.gaps[r];
    }
  }
  if (sums) {
    KERNEL(total_by_label)(d, k, &parts, sums, counts);
  }
  if (inertia) {
    KERNEL(drain)(inertia_lanes, 1, inertia);
  }
  return CB_OK;
}

cb_status KERNEL(cb_kmeans_try)(const REAL *rows, size_t stride, size_t count, size_t d,
                                const REAL *candidates, size_t m, const REAL *gaps,
                                double *totals) {
  if (!block_fits(stride, count, d, m)) {
    return CB_BAD_SHAPE;
  }
  for (size_t i = 0; i < m; i++) {
    REAL lanes[LANES] = {0}, lowered[TILE];
    for (size_t begin = 0; begin < count; begin += TILE) {
      const size_t size = count - begin < TILE ? count - begin : TILE, wide = padded(size);
      STEP(lower, rows + begin, stride, wide, d, candidates + i * d, gaps + begin, lowered);
      memset(lowered + size, 0, (wide - size) * sizeof(REAL));
      STEP(add, lowered, wide, lanes);
    }
    KERNEL(drain)(lanes, 1, totals + i);
  }
  return CB_OK;
}

cb_status KERNEL(cb_kmeans_take)(const REAL *rows, size_t stride, size_t count, size_t d,
                                 const REAL *centroid, REAL *gaps, double *total) {
  if (!block_fits(stride, count, d, 1)) {
    return CB_BAD_SHAPE;
  }
  REAL lanes[LANES] = {0};
  const size_t wide = padded(count);
  STEP(lower, rows, stride, wide, d, centroid, gaps, gaps);
  memset(gaps + count, 0, (wide - count) * sizeof(REAL));
  STEP(add, gaps, wide, lanes);
  KERNEL(drain)(lanes, 1, total);
  return CB_OK;
}

cb_status KERNEL(cb_kmeans_quality)(const REAL *rows, size_t stride, size_t count, size_t d,
                                    const REAL *centroids, size_t k, const uint16_t *labels,
                                    const double *weights, REAL *scratch, double *spreads,
                                    double *silhouette) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  const KERNEL(scratch_parts) parts = KERNEL(split_scratch)(scratch, d, k);
  REAL silhouette_lanes[LANES] = {0};
  memset(parts.lanes, 0, k * LANES * sizeof(REAL));
  for (size_t begin = 0; begin < count; begin += TILE) {
    const REAL *tile = rows + begin;
    const size_t size = count - begin < TILE ? count - begin : TILE, wide = padded(size);
    for (size_t r = 0; r < size; r++) {
      parts.labels[r] = labels[begin + r];
    }
    KERNEL(mask_padding)(size, parts.labels, parts.gaps);
    STEP(judge, tile, stride, wide, d, centroids, k, parts.labels, parts.gaps, parts.lowest);
    for (size_t r = 0; weights && r < size; r++) {
      parts.gaps[r] *= (REAL)weights[begin + r];
      parts.lowest[r] *= (REAL)weights[begin + r];
    }
    KERNEL(mask_padding)(size, parts.labels, parts.lowest);
    STEP(gather, parts.gaps, TILE, wide, 1, k, parts.labels, parts.lanes, NULL);
    STEP(add, parts.lowest, wide, silhouette_lanes);
  }
  KERNEL(drain)(parts.lanes, k, spreads);
  KERNEL(drain)(silhouette_lanes, 1, silhouette);
  return CB_OK;
}
