// One lower bound a row, for all centroids but its own: little memory and no work where it holds,
// all distances of the row where it does not. A template that kmeans_bounds_forms.h includes.
//
// Source: G. Hamerly, "Making k-means even faster", SIAM International Conference on Data Mining
// 2010.

/// Keeps of the listed rows those whose tightened upper bound does not settle them either.
TARGET static size_t FORM(tighten)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                   const KERNEL(work) * work, size_t listed) {
  uint16_t *list = work->scratch.list;
  size_t kept = 0, tightened = 0;
  for (size_t i = 0; i < listed; i++) {
    const size_t r = list[i], label = work->labels[r];
    const REAL half = parts->halves[label];
    const REAL bound = work->lower[r] < half ? half : work->lower[r];
    if (work->upper[r] < bound) {
      continue;
    }
    if (work->upper[r] < (REAL)INFINITY) {
      const REAL squared = FORM(distance)(work->rows + r, work->stride, shape->d,
                                          parts->centroids + label * shape->d);
      work->upper[r] = KERNEL(upper_bound)(&parts->margins, squared);
      if (work->upper[r] < bound) {
        tightened++;
        continue;
      }
    }
    list[kept++] = (uint16_t)r;
  }
  *work->computed += tightened;
  return kept;
}

/// Computes all distances of the listed rows, which are packed side by side for that.
TARGET static void FORM(scan)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                              const KERNEL(work) * work, size_t listed) {
  const size_t d = shape->d, most = packed_rows(d);
  const KERNEL(scratch) *scratch = &work->scratch;
  for (size_t begin = 0; begin < listed; begin += most) {
    const uint16_t *list = scratch->list + begin;
    const size_t size = listed - begin < most ? listed - begin : most;
    const size_t padded = (size + 2 * LANES - 1) / (2 * LANES) * (2 * LANES);
    for (size_t j = 0; j < d; j++) {
      const REAL *column = work->rows + j * work->stride;
      for (size_t i = 0; i < size; i++) {
        scratch->packed[j * most + i] = column[list[i]];
      }
      memset(scratch->packed + j * most + size, 0, (padded - size) * sizeof(REAL));
    }
    FORM(nearest_two)
    (scratch->packed, most, padded, d, parts->centroids, shape->k, scratch->nearest,
     scratch->lowest, scratch->second);
    for (size_t i = 0; i < size; i++) {
      work->upper[list[i]] = KERNEL(upper_bound)(&parts->margins, scratch->lowest[i]);
      work->lower[list[i]] = KERNEL(lower_bound)(&parts->margins, scratch->second[i]);
      KERNEL(relabel)(work, list[i], scratch->nearest[i]);
    }
  }
  *work->computed += listed * shape->k;
}

TARGET static void FORM(hamerly)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                 const KERNEL(work) * work) {
  const size_t listed = FORM(filter)(parts, work);
  FORM(scan)(shape, parts, work, FORM(tighten)(shape, parts, work, listed));
}
