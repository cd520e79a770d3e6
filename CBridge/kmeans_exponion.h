// Hamerly's bounds, but a row that they leave open looks only at the centroids around its own:
// those within 2 u + s of it, where u bounds the distance to its own and s that from there to the
// next. The two nearest are among them, for the next is at most u + s away and all others are
// farther. A template that kmeans_bounds_forms.h includes.
//
// The centroids around one are not sorted but cut into annuli that double in number from inside
// out: a search stops at the annulus that begins outside the ball.
//
// Source: J. Newling and F. Fleuret, "Fast k-means with accurate bounds", ICML 2016.

/// Annuli hold this many centroids at least.
#define ANNULUS 8

/// Brings the `rank`-th lowest of `count` distances to its place, lower ones before it and higher
/// ones behind it; ids go along.
static void FORM(select)(REAL *distances, INT *ids, size_t count, size_t rank) {
  size_t first = 0, last = count - 1;
  while (first < last) {
    const REAL pivot = distances[(first + last) / 2];
    size_t low = first, high = last;
    for (;;) {
      while (distances[low] < pivot) {
        low++;
      }
      while (pivot < distances[high]) {
        high--;
      }
      if (low >= high) {
        break;
      }
      const REAL distance = distances[low];
      const INT id = ids[low];
      distances[low] = distances[high];
      ids[low++] = ids[high];
      distances[high] = distance;
      ids[high--] = id;
    }
    // Up to `high` all are at most the pivot, behind it at least.
    if (rank <= high) {
      last = high;
    } else {
      first = high + 1;
    }
  }
}

/// The centroids around one: a line of the table holds k − 1 distances at least, wide(k) values
/// apart from the ids that belong to them.
TARGET static void FORM(exponion_line)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                       size_t centroid, REAL *squared) {
  const size_t k = shape->k;
  INT *ids = (INT *)(squared + wide(k));
  for (size_t first = 0; first < k; first += LANES) {
    FORM(bound_slab)(&parts->margins, squared + first, squared + first);
  }
  for (size_t i = 0; i < k; i++) {
    ids[i] = (INT)i;
  }
  squared[centroid] = squared[k - 1];
  ids[centroid] = ids[k - 1];
  for (size_t end = k - 1; end > ANNULUS; end /= 2) {
    FORM(select)(squared, ids, end, end / 2);
  }
}

/// Lists the centroids that lie within `reach` of one; returns how many.
TARGET static size_t FORM(around)(size_t k, const REAL *line, REAL reach, INT *choice) {
  const INT *ids = (const INT *)(line + wide(k));
  size_t ends[64], annuli = 0, chosen = 0, i = 0;
  for (size_t end = k - 1; annuli == 0 || ends[annuli - 1] > ANNULUS; end /= 2) {
    ends[annuli++] = end;
  }
  for (; annuli > 0; annuli--) {
    const size_t end = ends[annuli - 1];
    // Behind the innermost annulus an annulus begins with its nearest.
    if (i > 0 && i < end && reach < line[i]) {
      break;
    }
    for (; i < end; i++) {
      choice[chosen] = ids[i];
      chosen += !(reach < line[i]);
    }
  }
  return chosen;
}

/// The distances of a row to the chosen centroids. LANES side by side cost about as much as one
/// alone, so where many are chosen all are computed, and the others ignored.
TARGET static void FORM(measure_chosen)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                        const REAL *point, const INT *choice, size_t chosen,
                                        REAL *squared, REAL *all) {
  const size_t d = shape->d;
  if (chosen * LANES < shape->k) {
    for (size_t i = 0; i < chosen; i++) {
      squared[i] = FORM(distance)(point, 1, d, parts->centroids + (size_t)choice[i] * d);
    }
    return;
  }
  for (size_t first = 0; first < shape->k; first += LANES) {
    FORM(slab)(point, 1, d, parts->slabs + first * d, all + first);
  }
  for (size_t i = 0; i < chosen; i++) {
    squared[i] = all[choice[i]];
  }
}

/// Decides one row whose upper bound is tight.
TARGET static void FORM(exponion_row)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                      const KERNEL(work) * work, size_t r) {
  const size_t d = shape->d, own = work->labels[r];
  const KERNEL(margins) *margins = &parts->margins;
  const KERNEL(scratch) *scratch = &work->scratch;
  for (size_t j = 0; j < d; j++) {
    scratch->point[j] = work->rows[j * work->stride + r];
  }
  REAL best = FORM(distance)(scratch->point, 1, d, parts->centroids + own * d);
  REAL next = (REAL)INFINITY;
  INT label = (INT)own;
  const REAL upper = KERNEL(upper_bound)(margins, best);
  const REAL reach = (2 * upper + parts->reaches[own]) * margins->grow;
  const REAL *line = parts->table + 2 * own * wide(shape->k);
  const size_t chosen = FORM(around)(shape->k, line, reach, scratch->choice);
  FORM(measure_chosen)
  (shape, parts, scratch->point, scratch->choice, chosen, scratch->chosen, scratch->all);
  for (size_t i = 0; i < chosen; i++) {
    const REAL squared = scratch->chosen[i];
    const INT id = scratch->choice[i];
    if (squared < best || (squared == best && id < label)) {
      next = best;
      best = squared;
      label = id;
    } else if (squared < next) {
      next = squared;
    }
  }
  work->upper[r] = KERNEL(upper_bound)(margins, best);
  work->lower[r] = KERNEL(lower_bound)(margins, next);
  *work->computed += chosen + 1;
  KERNEL(relabel)(work, r, label);
}

TARGET static void FORM(exponion)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                  const KERNEL(work) * work) {
  size_t listed = FORM(tighten)(shape, parts, work, FORM(filter)(parts, work));
  for (size_t i = 0; i < listed; i++) {
    FORM(exponion_row)(shape, parts, work, work->scratch.list[i]);
  }
}

#undef ANNULUS
