// What a round has to know of its centroids: how far each has moved, and how they lie to each
// other; a template that kmeans_bounds_forms.h includes.

/// Takes the round's centroids over, and how far at most each has come.
TARGET static void FORM(move)(const cb_bounds_shape *shape, int is_first, const REAL *centroids,
                              const KERNEL(parts) * parts) {
  const size_t d = shape->d, k = shape->k;
  memset(parts->shifts, 0, wide(k) * sizeof(REAL));
  parts->extremes[0] = parts->extremes[1] = 0;
  *parts->farthest = 0;
  for (size_t i = 0; i < k && !is_first; i++) {
    const REAL *from = parts->centroids + i * d, *to = centroids + i * d;
    size_t same = 0;
    while (same < d && from[same] == to[same]) {
      same++;
    }
    if (same == d) {
      continue;
    }
    const REAL shift = KERNEL(upper_bound)(&parts->margins, FORM(distance)(from, 1, d, to));
    parts->shifts[i] = shift;
    if (shift > parts->extremes[0]) {
      parts->extremes[1] = parts->extremes[0];
      parts->extremes[0] = shift;
      *parts->farthest = (INT)i;
    } else if (shift > parts->extremes[1]) {
      parts->extremes[1] = shift;
    }
  }
  memcpy(parts->centroids, centroids, k * d * sizeof(REAL));
}

/// Assigns a lane to each centroid, group by group, ascending within each.
static void FORM(number)(const cb_bounds_shape *shape, const uint16_t *group_of,
                         const KERNEL(parts) * parts) {
  INT *firsts = parts->firsts;
  memset(firsts, 0, (shape->groups + 1) * sizeof(INT));
  for (size_t i = 0; i < shape->k; i++) {
    parts->group_of[i] = has_groups(shape) ? group_of[i] : 0;
    firsts[parts->group_of[i] + 1] += 1;
  }
  for (size_t g = 0; g < shape->groups; g++) {
    firsts[g + 1] = firsts[g] + (firsts[g + 1] + LANES - 1) / LANES;
  }
  const size_t slabs = (size_t)firsts[shape->groups];
  memset(parts->members, 0, slabs * sizeof(INT));
  for (size_t lane = 0; lane < slabs * LANES; lane++) {
    parts->ids[lane] = -1;
  }
  for (size_t i = 0; i < shape->k; i++) {
    // A group's slabs fill up one behind the other.
    size_t slab = (size_t)firsts[parts->group_of[i]];
    while (__builtin_popcount((unsigned)parts->members[slab]) == LANES) {
      slab++;
    }
    const size_t lane = (size_t)__builtin_popcount((unsigned)parts->members[slab]);
    parts->members[slab] |= (INT)1 << lane;
    parts->ids[slab * LANES + lane] = (INT)i;
    parts->lane_of[i] = (INT)(slab * LANES + lane);
  }
}

/// Copies the centroids into slabs.
TARGET static void FORM(lay_out)(const cb_bounds_shape *shape, const uint16_t *group_of,
                                 const KERNEL(parts) * parts) {
  const size_t d = shape->d;
  FORM(number)(shape, group_of, parts);
  const size_t lanes = (size_t)parts->firsts[shape->groups] * LANES;
  for (size_t lane = 0; lane < lanes; lane++) {
    const INT id = parts->ids[lane];
    REAL *to = parts->slabs + lane / LANES * LANES * d + lane % LANES;
    for (size_t j = 0; j < d; j++) {
      to[j * LANES] = id < 0 ? (REAL)INFINITY : parts->centroids[(size_t)id * d + j];
    }
  }
}

/// What an engine keeps of one centroid's squared distances to all, its own being infinite.
///   squared  in  a multiple of LANES values; those behind the k-th are infinite
typedef void (*FORM(line))(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                           size_t centroid, REAL *squared);

/// Distances between centroids: half of that to the nearest at least, all of it at most, and what
/// `line` makes of all of them.
TARGET static void FORM(relate)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                                FORM(line) line) {
  const size_t d = shape->d;
  for (size_t i = 0; i < shape->k; i++) {
    // One line of the table at a time; without a table a slab at a time.
    REAL slab[LANES], *squared = line ? parts->table + i * wide(shape->k) : slab;
    REAL nearest = (REAL)INFINITY;
    if (shape->kind == CB_BOUNDS_EXPONION) {
      squared += i * wide(shape->k);
    }
    for (size_t first = 0; first < shape->k; first += LANES) {
      REAL *to = line ? squared + first : slab;
      size_t lane;
      FORM(slab)(parts->centroids + i * d, 1, d, parts->slabs + first * d, to);
      if (i - first < LANES) {
        to[i - first] = (REAL)INFINITY;
      }
      const REAL lowest = FORM(lowest_of)(to, ~(uint32_t)0, &lane);
      nearest = lowest < nearest ? lowest : nearest;
    }
    parts->halves[i] = KERNEL(lower_bound)(&parts->margins, nearest) / 2;
    parts->reaches[i] = KERNEL(upper_bound)(&parts->margins, nearest);
    if (line) {
      line(shape, parts, i, squared);
    }
  }
}
