// The kernels of cb_families.h for one type, made of the steps of families_scalar.h and
// families_simd.h; a template that families.c includes once for float and once for double.
//
// Expects, besides what those need, STEP(name, ...) that calls the form of the current level, and
// KERNEL(name). Lanes run on from tile to tile and are added up at the end of the block.

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

/// The labels of a tile as numbers of REAL's size; rows left out and the padding belong to none.
static void KERNEL(widen)(const uint16_t *labels, size_t count, INT *wide) {
  for (size_t r = 0; r < padded(count); r++) {
    wide[r] = r < count && labels[r] != CB_FAMILY_LEFT_OUT ? labels[r] : -1;
  }
}

void KERNEL(cb_family_pick)(const REAL *rows, size_t stride, size_t d, const ptrdiff_t *indices,
                            size_t count, REAL *picked, size_t pitch) {
  for (size_t j = 0; j < d; j++) {
    for (size_t r = 0; r < count; r++) {
      picked[j * pitch + r] = rows[j * stride + (size_t)indices[r]];
    }
  }
}

int KERNEL(cb_family_equal)(const REAL *rows, size_t stride, size_t count, size_t d,
                            const REAL *row) {
  for (size_t j = 0; j < d; j++) {
    for (size_t r = 0; r < count; r++) {
      if (rows[j * stride + r] != row[j]) {
        return 0;
      }
    }
  }
  return 1;
}

cb_status KERNEL(cb_family_gather)(const REAL *rows, size_t stride, size_t count, size_t d,
                                   const REAL *centroids, size_t k, const uint16_t *labels,
                                   REAL *scratch, double *sums, int64_t *counts, double *inertia,
                                   REAL *gaps) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  // Integers of the same size live in the same buffer, each part accessed as one type alone.
  REAL *lanes = scratch;
  INT *numbers = (INT *)(lanes + k * d * LANES);
  INT *wide = numbers + k * LANES;
  REAL *tile_gaps = (REAL *)(wide + TILE);
  REAL inertia_lanes[LANES] = {0};
  memset(lanes, 0, k * d * LANES * sizeof(REAL));
  memset(numbers, 0, k * LANES * sizeof(INT));
  for (size_t begin = 0; begin < count; begin += TILE) {
    const REAL *tile = rows + begin;
    const size_t size = count - begin < TILE ? count - begin : TILE;
    KERNEL(widen)(labels + begin, size, wide);
    STEP(measure, tile, stride, padded(size), d, centroids, wide, tile_gaps);
    STEP(add, tile_gaps, padded(size), inertia_lanes);
    if (k > SCATTER_CLUSTERS) {
      SCALAR(gather)(tile, stride, padded(size), d, k, wide, lanes, numbers);
    } else {
      STEP(gather, tile, stride, padded(size), d, k, wide, lanes, numbers);
    }
    if (gaps) {
      memcpy(gaps + begin, tile_gaps, size * sizeof(REAL));
    }
  }
  KERNEL(drain)(lanes, k * d, sums);
  KERNEL(drain)(inertia_lanes, 1, inertia);
  for (size_t i = 0; i < k * LANES; i++) {
    counts[i / LANES] += numbers[i];
  }
  return CB_OK;
}

cb_status KERNEL(cb_family_nearest_l1)(const REAL *rows, size_t stride, size_t count, size_t d,
                                       const REAL *centroids, size_t k, uint16_t *labels,
                                       REAL *gaps, double *total) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  REAL lanes[LANES] = {0};
  for (size_t begin = 0; begin < count; begin += TILE) {
    const size_t size = count - begin < TILE ? count - begin : TILE;
    INT wide[TILE];
    REAL tile_gaps[TILE];
    STEP(nearest_l1, rows + begin, stride, padded(size), d, centroids, k, wide, tile_gaps);
    memset(tile_gaps + size, 0, (padded(size) - size) * sizeof(REAL));
    STEP(add, tile_gaps, padded(size), lanes);
    for (size_t r = 0; r < size; r++) {
      labels[begin + r] = (uint16_t)wide[r];
    }
    memcpy(gaps + begin, tile_gaps, size * sizeof(REAL));
  }
  KERNEL(drain)(lanes, 1, total);
  return CB_OK;
}

void KERNEL(cb_family_histogram)(const REAL *values, size_t count, const uint16_t *labels,
                                 const uint64_t *prefixes, unsigned shift, unsigned bits,
                                 uint32_t *counts) {
  const uint64_t mask = (UINT64_C(1) << bits) - 1;
  // Keys whose bits from `above` upwards agree with the prefix; none are left above 64.
  const unsigned above = shift + bits;
  for (size_t r = 0; r < count; r++) {
    const size_t label = labels ? labels[r] : 0;
    if (labels && label == CB_FAMILY_LEFT_OUT) {
      continue;
    }
    const uint64_t key = key_of((double)values[r]);
    if (above < 64 && (key ^ prefixes[label]) >> above != 0) {
      continue;
    }
    counts[(label << bits) + (size_t)(key >> shift & mask)] += 1;
  }
}

void KERNEL(cb_family_leave_out)(const REAL *gaps, size_t count, REAL threshold, size_t ties,
                                 uint16_t *labels) {
  for (size_t r = 0; r < count; r++) {
    if (gaps[r] > threshold) {
      labels[r] = CB_FAMILY_LEFT_OUT;
    } else if (gaps[r] == threshold && ties > 0) {
      labels[r] = CB_FAMILY_LEFT_OUT;
      ties -= 1;
    }
  }
}

size_t KERNEL(cb_family_sample)(const REAL *gaps, size_t count, double factor, uint64_t seed,
                                ptrdiff_t *picked) {
  size_t drawn = 0;
  for (size_t r = 0; r < count; r++) {
    picked[drawn] = (ptrdiff_t)r;
    drawn += unit_at(seed, r) < factor * (double)gaps[r];
  }
  return drawn;
}
