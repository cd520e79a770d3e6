// The plain form of the steps of the engines with bounds; a template that kmeans_bounds_levels.h
// includes once for float and once for double. It is what tests compare the other forms with.

/// The canonical distances of one row to the centroids of a slab.
///   row  in  d values, `stride` apart
static void FORM(slab)(const REAL *row, size_t stride, size_t d, const REAL *slab, REAL *squared) {
  for (size_t lane = 0; lane < LANES; lane++) {
    REAL sum = 0;
    for (size_t j = 0; j < d; j++) {
      REAL gap = row[j * stride] - slab[j * LANES + lane];
      sum = FMA(gap, gap, sum);
    }
    squared[lane] = sum;
  }
}

/// Turns LANES squared distances into lower bounds.
static void FORM(bound_slab)(const KERNEL(margins) * margins, const REAL *squared, REAL *bounds) {
  for (size_t lane = 0; lane < LANES; lane++) {
    bounds[lane] = KERNEL(lower_bound)(margins, squared[lane]);
  }
}

/// The lowest of the marked squared distances of a slab, and its first lane.
static REAL FORM(lowest_of)(const REAL *squared, uint32_t marks, size_t *first) {
  REAL lowest = (REAL)INFINITY;
  *first = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    if (marks >> lane & 1 && squared[lane] < lowest) {
      lowest = squared[lane];
      *first = lane;
    }
  }
  return lowest;
}

/// Writes the lower bounds of the marked lanes.
static void FORM(put_bounds)(const KERNEL(margins) * margins, const REAL *squared, uint32_t marks,
                             REAL *bounds) {
  for (size_t lane = 0; lane < LANES; lane++) {
    if (marks >> lane & 1) {
      bounds[lane] = KERNEL(lower_bound)(margins, squared[lane]);
    }
  }
}

/// Takes the shifts off the lower bounds of `width` centroids.
static void FORM(decay)(const KERNEL(margins) * margins, const REAL *shifts, size_t width,
                        REAL *bounds) {
  for (size_t i = 0; i < width; i++) {
    bounds[i] = (bounds[i] - shifts[i]) * margins->shrink;
  }
}

/// The lanes whose two bounds both leave open whether the centroid is nearer than `upper`.
static uint32_t FORM(open_lanes)(REAL upper, const REAL *bounds, const REAL *halves) {
  uint32_t marks = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    marks |= (uint32_t)(!(upper < bounds[lane]) && !(upper < halves[lane])) << lane;
  }
  return marks;
}

/// The lanes whose centroids may be nearer than `upper`, given a lower bound of their group.
static uint32_t FORM(open_members)(const KERNEL(margins) * margins, REAL upper, REAL bound,
                                   const REAL *leeways) {
  uint32_t marks = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    marks |= (uint32_t) !(upper < (bound + leeways[lane]) * margins->shrink) << lane;
  }
  return marks;
}

/// Moves the bounds of rows with one lower bound each, and lists the rows that are not settled.
/// Returns how many.
static size_t FORM(filter)(const KERNEL(parts) * parts, const KERNEL(work) * work) {
  const KERNEL(margins) *margins = &parts->margins;
  size_t listed = 0;
  for (size_t r = 0; r < work->count; r++) {
    const INT label = work->labels[r];
    const REAL fall = parts->extremes[label == *parts->farthest];
    work->upper[r] = (work->upper[r] + parts->shifts[label]) * margins->grow;
    work->lower[r] = (work->lower[r] - fall) * margins->shrink;
    if (!(work->upper[r] < work->lower[r])) {
      work->scratch.list[listed++] = (uint16_t)r;
    }
  }
  return listed;
}

/// The same for rows with a lower bound for each group, the least of which goes to scratch.
static size_t FORM(filter_groups)(const KERNEL(parts) * parts, const KERNEL(work) * work,
                                  size_t groups) {
  const KERNEL(margins) *margins = &parts->margins;
  size_t listed = 0;
  for (size_t r = 0; r < work->count; r++) {
    REAL least = (REAL)INFINITY;
    for (size_t g = 0; g < groups; g++) {
      REAL *bound = work->lower + g * work->pitch + r;
      *bound = (*bound - parts->drifts[g]) * margins->shrink;
      least = *bound < least ? *bound : least;
    }
    const REAL shift = parts->shifts[work->labels[r]];
    work->upper[r] = (work->upper[r] + shift) * margins->grow;
    work->scratch.least[r] = least;
    if (!(work->upper[r] < least)) {
      work->scratch.list[listed++] = (uint16_t)r;
    }
  }
  return listed;
}

/// The nearest and the second-nearest of all centroids, ties to the lowest.
static void FORM(nearest_two)(const REAL *rows, size_t stride, size_t count, size_t d,
                              const REAL *centroids, size_t k, INT *labels, REAL *lowest,
                              REAL *second) {
  for (size_t r = 0; r < count; r++) {
    INT label = 0;
    REAL best = (REAL)INFINITY, next = (REAL)INFINITY;
    for (size_t i = 0; i < k; i++) {
      REAL sum = 0;
      for (size_t j = 0; j < d; j++) {
        REAL gap = rows[j * stride + r] - centroids[i * d + j];
        sum = FMA(gap, gap, sum);
      }
      REAL worse = sum < best ? best : sum;
      next = worse < next ? worse : next;
      label = sum < best ? (INT)i : label;
      best = sum < best ? sum : best;
    }
    labels[r] = label;
    lowest[r] = best;
    second[r] = next;
  }
}
