// One lower bound for each row and group of centroids: groups whose bound holds are not looked at.
// A template that kmeans_bounds_forms.h includes.
//
// Sources: Y. Ding et al., "Yinyang k-means: a drop-in replacement of the classic k-means with
// consistent speedup", ICML 2015; W. Kwedlo, "Two modifications of Yinyang k-means algorithm",
// 2017, for the simplified one, which computes all distances of a group that is open where Yinyang
// asks again for each of its centroids (the local filter). A centroid is skipped where its own
// bound is above the second-nearest so far, as in the paper, and leaves that bound: so the group's
// new one holds for it too, and is hardly lower for it.

/// How far the groups have moved, and by how much less each of their centroids.
TARGET static void FORM(drift)(const cb_bounds_shape *shape, const KERNEL(parts) * parts) {
  for (size_t g = 0; g < shape->groups; g++) {
    const size_t first = (size_t)parts->firsts[g] * LANES;
    const size_t end = (size_t)parts->firsts[g + 1] * LANES;
    REAL drift = 0;
    for (size_t lane = first; lane < end; lane++) {
      const REAL shift = parts->ids[lane] < 0 ? 0 : parts->shifts[parts->ids[lane]];
      drift = drift < shift ? shift : drift;
    }
    for (size_t lane = first; lane < end; lane++) {
      const INT id = parts->ids[lane];
      parts->leeways[lane] = id < 0 ? 0 : (drift - parts->shifts[id]) * parts->margins.shrink;
    }
    parts->drifts[g] = drift;
  }
}

/// The nearest centroid of a row so far, and of its group the nearest but that.
typedef struct FORM(choice) {
  REAL best;
  REAL next;  // squared distance to the second-nearest so far
  REAL upper; // bound of the distance to `label`
  INT label;
  size_t group;
  REAL rest; // lower bound for the others of `group`
  size_t computed;
} FORM(choice);

/// Looks at the centroids of a group but for the row's own; returns the group's new lower bound as
/// far as all of them are concerned.
TARGET static REAL FORM(yinyang_group)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                       const REAL *point, INT own, size_t group, REAL bound,
                                       int is_filtered, FORM(choice) * choice) {
  const KERNEL(margins) *margins = &parts->margins;
  const REAL beyond = KERNEL(upper_bound)(margins, choice->next);
  REAL squared[LANES], lowest = (REAL)INFINITY, second = (REAL)INFINITY;
  REAL skipped = (REAL)INFINITY;
  INT nearest = -1;
  for (INT slab = parts->firsts[group]; slab < parts->firsts[group + 1]; slab++) {
    const size_t first = (size_t)slab * LANES;
    const REAL *leeways = parts->leeways + first;
    const size_t own_lane = (size_t)parts->lane_of[own] - first;
    uint32_t members = (uint32_t)parts->members[slab];
    if (own_lane < LANES) {
      members &= ~((uint32_t)1 << own_lane);
    }
    uint32_t open = members;
    size_t lane;
    if (is_filtered) {
      open &= FORM(open_members)(margins, beyond, bound, leeways);
    }
    for (uint32_t rest = members & ~open; rest; rest &= rest - 1) {
      const REAL kept = (bound + leeways[__builtin_ctz(rest)]) * margins->shrink;
      skipped = kept < skipped ? kept : skipped;
    }
    if (!open) {
      continue;
    }
    FORM(slab)(point, 1, shape->d, parts->slabs + first * shape->d, squared);
    choice->computed += (size_t)__builtin_popcount(open);
    const REAL low = FORM(lowest_of)(squared, open, &lane);
    size_t other;
    const REAL next = FORM(lowest_of)(squared, open & ~((uint32_t)1 << lane), &other);
    // Ids ascend within a group, so a tie stays with the slab before.
    second = low < lowest ? (lowest < next ? lowest : next) : (low < second ? low : second);
    nearest = low < lowest ? parts->ids[first + lane] : nearest;
    lowest = low < lowest ? low : lowest;
  }
  const REAL all = KERNEL(lower_bound)(margins, lowest);
  if (lowest < choice->best) {
    choice->next = second < choice->best ? second : choice->best;
  } else if (lowest < choice->next) {
    choice->next = lowest;
  }
  if (nearest >= 0 &&
      (lowest < choice->best || (lowest == choice->best && nearest < choice->label))) {
    const REAL rest = KERNEL(lower_bound)(margins, second);
    choice->best = lowest;
    choice->upper = KERNEL(upper_bound)(margins, lowest);
    choice->label = nearest;
    choice->group = group;
    choice->rest = rest < skipped ? rest : skipped;
  }
  return all < skipped ? all : skipped;
}

/// Decides one row whose upper bound is tight: the groups whose bound leaves it open.
TARGET static void FORM(yinyang_row)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                     const KERNEL(work) * work, size_t r, REAL squared,
                                     int is_filtered) {
  const INT own = work->labels[r];
  REAL *bounds = work->lower + r, *point = work->scratch.point;
  for (size_t j = 0; j < shape->d; j++) {
    point[j] = work->rows[j * work->stride + r];
  }
  FORM(choice)
  choice = {squared, (REAL)INFINITY, KERNEL(upper_bound)(&parts->margins, squared), own, 0, 0, 1};
  for (size_t g = 0; g < shape->groups; g++) {
    REAL *bound = bounds + g * work->pitch;
    if (!(choice.upper < *bound)) {
      *bound = FORM(yinyang_group)(shape, parts, point, own, g, *bound, is_filtered, &choice);
    }
  }
  if (choice.label != own) {
    // The winner leaves the others of its group behind, and the old centroid is one of the others.
    REAL *left = bounds + (size_t)parts->group_of[own] * work->pitch;
    const REAL old = KERNEL(lower_bound)(&parts->margins, squared);
    bounds[choice.group * work->pitch] = choice.rest;
    *left = old < *left ? old : *left;
  }
  work->upper[r] = choice.upper;
  *work->computed += choice.computed;
  KERNEL(relabel)(work, r, choice.label);
}

TARGET static void FORM(yinyang)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                 const KERNEL(work) * work, int is_filtered) {
  const size_t listed = FORM(filter_groups)(parts, work, shape->groups);
  for (size_t i = 0; i < listed; i++) {
    const size_t r = work->scratch.list[i], label = work->labels[r];
    const REAL squared =
        FORM(distance)(work->rows + r, work->stride, shape->d, parts->centroids + label * shape->d);
    work->upper[r] = KERNEL(upper_bound)(&parts->margins, squared);
    if (work->upper[r] < work->scratch.least[r]) {
      *work->computed += 1;
    } else {
      FORM(yinyang_row)(shape, parts, work, r, squared, is_filtered);
    }
  }
}
