// One lower bound for each row and centroid: the fewest distances, the most memory, and every bound
// is touched in every round. A template that kmeans_bounds_forms.h includes.
//
// Source: C. Elkan, "Using the triangle inequality to accelerate k-means", ICML 2003. Centroids are
// looked at in slabs of LANES, ascending, with the upper bound that the slabs before left.

/// Half of the distances between centroids, at least.
TARGET static void FORM(elkan_line)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                    size_t centroid, REAL *squared) {
  (void)centroid;
  for (size_t first = 0; first < wide(shape->k); first += LANES) {
    if (first >= shape->k) {
      for (size_t lane = 0; lane < LANES; lane++) {
        squared[first + lane] = (REAL)INFINITY;
      }
    }
    FORM(bound_slab)(&parts->margins, squared + first, squared + first);
    for (size_t lane = 0; lane < LANES; lane++) {
      squared[first + lane] /= 2;
    }
  }
}

/// Whether a bound leaves the row open; moves all of them.
TARGET static int FORM(elkan_open)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                   const KERNEL(work) * work, size_t r) {
  const size_t label = work->labels[r], width = wide(shape->k);
  REAL *bounds = work->lower + r * width;
  const REAL *halves = parts->table + label * width;
  const REAL upper = (work->upper[r] + parts->shifts[label]) * parts->margins.grow;
  work->upper[r] = upper;
  FORM(decay)(&parts->margins, parts->shifts, width, bounds);
  if (upper < parts->halves[label]) {
    return 0;
  }
  uint32_t open = 0;
  for (size_t first = 0; first < shape->k && !open; first += LANES) {
    open = FORM(open_lanes)(upper, bounds + first, halves + first);
  }
  return open != 0;
}

/// Decides one row. A centroid that is computed ties to the lowest; one that is not is farther.
TARGET static void FORM(elkan_row)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                   const KERNEL(work) * work, size_t r) {
  const size_t d = shape->d, width = wide(shape->k);
  const KERNEL(margins) *margins = &parts->margins;
  REAL *bounds = work->lower + r * width, *point = work->scratch.point, squared[LANES];
  const size_t own = work->labels[r];
  size_t label = own;
  for (size_t j = 0; j < d; j++) {
    point[j] = work->rows[j * work->stride + r];
  }
  REAL best = FORM(distance)(point, 1, d, parts->centroids + label * d);
  REAL upper = KERNEL(upper_bound)(margins, best);
  bounds[label] = KERNEL(lower_bound)(margins, best);
  size_t computed = 1;
  for (size_t first = 0; first < shape->k; first += LANES) {
    uint32_t open = FORM(open_lanes)(upper, bounds + first, parts->table + label * width + first);
    if (own - first < LANES) {
      open &= ~((uint32_t)1 << (own - first));
    }
    if (!open) {
      continue;
    }
    size_t lane;
    FORM(slab)(point, 1, d, parts->slabs + first * d, squared);
    FORM(put_bounds)(margins, squared, open, bounds + first);
    const REAL lowest = FORM(lowest_of)(squared, open, &lane);
    computed += (size_t)__builtin_popcount(open);
    if (lowest < best || (lowest == best && first + lane < label)) {
      best = lowest;
      label = first + lane;
      upper = KERNEL(upper_bound)(margins, best);
    }
  }
  work->upper[r] = upper;
  *work->computed += computed;
  KERNEL(relabel)(work, r, (INT)label);
}

TARGET static void FORM(elkan)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                               const KERNEL(work) * work) {
  for (size_t r = 0; r < work->count; r++) {
    if (FORM(elkan_open)(shape, parts, work, r)) {
      FORM(elkan_row)(shape, parts, work, r);
    }
  }
}
