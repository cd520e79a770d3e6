// The SIMD forms of kmeans_bounds_scalar.h; a template that kmeans_bounds_levels.h includes for
// float and double and for each instruction set. See kmeans_simd.h for how vectors are written.
//
// Expects, besides what that needs, UVEC (a vector of LANES uint16_t), UVEC_AT and BITS(mask): one
// bit for each lane of a vector comparison.

#define INLINE TARGET static inline __attribute__((always_inline))
#define LOAD(from) (*(const VEC_AT *)(from))
#define STORE(to, vector) (*(VEC_AT *)(to) = (vector))
#define LOAD_LABELS(from) (*(const IVEC_AT *)(from))
#define STORE_LABELS(to, vector) (*(IVEC_AT *)(to) = (vector))
/// Vectors of rows that share one load of a centroid in `nearest_two`.
#define WIDE 2

TARGET static void FORM(slab)(const REAL *row, size_t stride, size_t d, const REAL *slab,
                              REAL *squared) {
  VEC sum = 0;
  for (size_t j = 0; j < d; j++) {
    VEC gap = (VEC)row[j * stride] - LOAD(slab + j * LANES);
    sum = j == 0 ? gap * gap : __builtin_elementwise_fma(gap, gap, sum);
  }
  STORE(squared, sum);
}

TARGET static void FORM(bound_slab)(const KERNEL(margins) * margins, const REAL *squared,
                                    REAL *bounds) {
  VEC root = __builtin_elementwise_sqrt(LOAD(squared));
  STORE(bounds, root * (VEC)margins->deflate - (VEC)margins->slack);
}

/// A mask vector from one bit a lane.
INLINE void FORM(spread_marks)(uint32_t marks, IVEC *mask) {
  IVEC bit;
  for (size_t lane = 0; lane < LANES; lane++) {
    bit[lane] = (INT)1 << lane;
  }
  *mask = ((IVEC)(INT)marks & bit) != 0;
}

TARGET static REAL FORM(lowest_of)(const REAL *squared, uint32_t marks, size_t *first) {
  IVEC mask;
  FORM(spread_marks)(marks, &mask);
  VEC distance = mask ? LOAD(squared) : (VEC)(REAL)INFINITY;
  REAL lowest = __builtin_reduce_min(distance);
  uint32_t lanes = BITS(distance == (VEC)lowest);
  *first = lowest < (REAL)INFINITY ? (size_t)__builtin_ctz(lanes) : 0;
  return lowest;
}

TARGET static void FORM(put_bounds)(const KERNEL(margins) * margins, const REAL *squared,
                                    uint32_t marks, REAL *bounds) {
  IVEC mask;
  FORM(spread_marks)(marks, &mask);
  VEC root = __builtin_elementwise_sqrt(LOAD(squared));
  VEC bound = root * (VEC)margins->deflate - (VEC)margins->slack;
  STORE(bounds, mask ? bound : LOAD(bounds));
}

TARGET static void FORM(decay)(const KERNEL(margins) * margins, const REAL *shifts, size_t width,
                               REAL *bounds) {
  for (size_t i = 0; i < width; i += LANES) {
    STORE(bounds + i, (LOAD(bounds + i) - LOAD(shifts + i)) * (VEC)margins->shrink);
  }
}

TARGET static uint32_t FORM(open_lanes)(REAL upper, const REAL *bounds, const REAL *halves) {
  IVEC beyond = ((VEC)upper < LOAD(bounds)) | ((VEC)upper < LOAD(halves));
  return BITS(beyond == 0);
}

TARGET static uint32_t FORM(open_members)(const KERNEL(margins) * margins, REAL upper, REAL bound,
                                          const REAL *leeways) {
  VEC bounds = ((VEC)bound + LOAD(leeways)) * (VEC)margins->shrink;
  IVEC beyond = (VEC)upper < bounds;
  return BITS(beyond == 0);
}

/// The shifts of the labels of LANES rows: single loads, as fast here as the gather instruction.
INLINE void FORM(look_up)(const REAL *table, const uint16_t *labels, VEC *values) {
  for (size_t lane = 0; lane < LANES; lane++) {
    (*values)[lane] = table[labels[lane]];
  }
}

/// Appends the rows of a mask to a list.
INLINE size_t FORM(append)(uint32_t marks, size_t first, size_t count, uint16_t *list,
                           size_t listed) {
  if (count - first < LANES) {
    marks &= ((uint32_t)1 << (count - first)) - 1;
  }
  for (; marks; marks &= marks - 1) {
    list[listed++] = (uint16_t)(first + (size_t)__builtin_ctz(marks));
  }
  return listed;
}

TARGET static size_t FORM(filter)(const KERNEL(parts) * parts, const KERNEL(work) * work) {
  const VEC grow = (VEC)parts->margins.grow, shrink = (VEC)parts->margins.shrink;
  const VEC most = (VEC)parts->extremes[0], next = (VEC)parts->extremes[1];
  const IVEC farthest = (IVEC)*parts->farthest;
  size_t listed = 0;
  for (size_t r = 0; r < work->count; r += LANES) {
    VEC shift;
    FORM(look_up)(parts->shifts, work->labels + r, &shift);
    IVEC label = __builtin_convertvector(*(const UVEC_AT *)(work->labels + r), IVEC);
    VEC upper = (LOAD(work->upper + r) + shift) * grow;
    VEC fall = label == farthest ? next : most;
    VEC lower = (LOAD(work->lower + r) - fall) * shrink;
    STORE(work->upper + r, upper);
    STORE(work->lower + r, lower);
    IVEC settled = upper < lower;
    listed = FORM(append)(BITS(settled == 0), r, work->count, work->scratch.list, listed);
  }
  return listed;
}

TARGET static size_t FORM(filter_groups)(const KERNEL(parts) * parts, const KERNEL(work) * work,
                                         size_t groups) {
  const VEC grow = (VEC)parts->margins.grow, shrink = (VEC)parts->margins.shrink;
  size_t listed = 0;
  for (size_t r = 0; r < work->count; r += LANES) {
    VEC least = (VEC)(REAL)INFINITY;
    for (size_t g = 0; g < groups; g++) {
      REAL *at = work->lower + g * work->pitch + r;
      VEC bound = (LOAD(at) - (VEC)parts->drifts[g]) * shrink;
      STORE(at, bound);
      least = bound < least ? bound : least;
    }
    VEC shift;
    FORM(look_up)(parts->shifts, work->labels + r, &shift);
    VEC upper = (LOAD(work->upper + r) + shift) * grow;
    STORE(work->upper + r, upper);
    STORE(work->scratch.least + r, least);
    IVEC settled = upper < least;
    listed = FORM(append)(BITS(settled == 0), r, work->count, work->scratch.list, listed);
  }
  return listed;
}

/// `nearest_two` for a d that the compiler knows where it is small.
INLINE void FORM(nearest_two_of)(const REAL *rows, size_t stride, size_t count, const size_t d,
                                 const REAL *centroids, size_t k, INT *labels, REAL *lowest,
                                 REAL *second) {
  for (size_t r = 0; r < count; r += WIDE * LANES) {
    VEC best[WIDE], next[WIDE];
    IVEC label[WIDE];
    for (size_t w = 0; w < WIDE; w++) {
      best[w] = (VEC)(REAL)INFINITY;
      next[w] = (VEC)(REAL)INFINITY;
      label[w] = 0;
    }
    for (size_t i = 0; i < k; i++) {
      VEC sum[WIDE];
      for (size_t j = 0; j < d; j++) {
        VEC value = (VEC)centroids[i * d + j];
        for (size_t w = 0; w < WIDE; w++) {
          VEC gap = LOAD(rows + j * stride + r + w * LANES) - value;
          sum[w] = j == 0 ? gap * gap : __builtin_elementwise_fma(gap, gap, sum[w]);
        }
      }
      for (size_t w = 0; w < WIDE; w++) {
        IVEC nearer = sum[w] < best[w];
        VEC worse = nearer ? best[w] : sum[w];
        next[w] = worse < next[w] ? worse : next[w];
        best[w] = nearer ? sum[w] : best[w];
        label[w] = nearer ? (IVEC)(INT)i : label[w];
      }
    }
    for (size_t w = 0; w < WIDE; w++) {
      STORE(lowest + r + w * LANES, best[w]);
      STORE(second + r + w * LANES, next[w]);
      STORE_LABELS(labels + r + w * LANES, label[w]);
    }
  }
}

TARGET static void FORM(nearest_two)(const REAL *rows, size_t stride, size_t count, size_t d,
                                     const REAL *centroids, size_t k, INT *labels, REAL *lowest,
                                     REAL *second) {
  switch (d) {
  case 2:
    return FORM(nearest_two_of)(rows, stride, count, 2, centroids, k, labels, lowest, second);
  case 3:
    return FORM(nearest_two_of)(rows, stride, count, 3, centroids, k, labels, lowest, second);
  default:
    return FORM(nearest_two_of)(rows, stride, count, d, centroids, k, labels, lowest, second);
  }
}

#undef INLINE
#undef LOAD
#undef STORE
#undef LOAD_LABELS
#undef STORE_LABELS
#undef WIDE
