#include "include/cb_distances.h"

#include "include/cb_cpu.h"

#define LANES 8
/// Points whose distances to the same rows are computed at once, to hide the latency of the root.
#define WIDE 4

void cb_distances_sort(const uint32_t *order, size_t count, const uint16_t *labels, size_t *places,
                       uint32_t *sorted) {
  for (size_t i = 0; i < count; i++) {
    sorted[places[labels[order[i]]]++] = order[i];
  }
}

void cb_distances_mark(const uint32_t *order, size_t count, const uint16_t *labels,
                       uint8_t *borders) {
  int32_t before = -1;
  for (size_t i = 0; i < count; i++) {
    int32_t label = labels[order[i]];
    borders[i] |= label != before;
    before = label;
  }
}

void cb_distances_gather_f32(const float *column, const uint32_t *order, size_t count,
                             double *gathered) {
  for (size_t i = 0; i < count; i++) {
    gathered[i] = (double)column[order[i]];
  }
}

void cb_distances_gather_f64(const double *column, const uint32_t *order, size_t count,
                             double *gathered) {
  for (size_t i = 0; i < count; i++) {
    gathered[i] = column[order[i]];
  }
}

/// Sums of the distances from each of m points to the rows of one cell: the canonical form.
static void sum_cell_scalar(const double *rows, size_t stride, size_t count, size_t d,
                            const double *points, size_t m, double *sums) {
  for (size_t p = 0; p < m; p++) {
    double lanes[LANES] = {0};
    for (size_t r = 0; r < count; r++) {
      double squared = 0;
      for (size_t j = 0; j < d; j++) {
        double gap = rows[j * stride + r] - points[p * d + j];
        squared = __builtin_fma(gap, gap, squared);
      }
      lanes[r % LANES] += __builtin_sqrt(squared);
    }
    double sum = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
      sum += lanes[lane];
    }
    sums[p] = sum;
  }
}

#if defined(__x86_64__)
typedef double vec __attribute__((ext_vector_type(LANES)));
typedef int64_t ivec __attribute__((ext_vector_type(LANES)));
typedef vec vec_at __attribute__((aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

/// `sum_cell` for w points and d columns that the compiler knows; inlined into the forms below, it
/// takes their instruction set.
INLINE void sum_points(const double *rows, size_t stride, size_t count, const size_t d,
                       const double *points, const size_t w, double *sums) {
  const ivec index = {0, 1, 2, 3, 4, 5, 6, 7};
  vec lanes[WIDE];
  for (size_t p = 0; p < w; p++) {
    lanes[p] = 0;
  }
  for (size_t r = 0; r < count; r += LANES) {
    vec squared[WIDE];
    for (size_t j = 0; j < d; j++) {
      vec row = *(const vec_at *)(rows + j * stride + r);
      for (size_t p = 0; p < w; p++) {
        vec gap = row - (vec)points[p * d + j];
        squared[p] = j == 0 ? gap * gap : __builtin_elementwise_fma(gap, gap, squared[p]);
      }
    }
    // What stands behind the cell counts for nothing.
    ivec inside = index < (ivec)(int64_t)(count - r);
    for (size_t p = 0; p < w; p++) {
      vec distance = __builtin_elementwise_sqrt(squared[p]);
      lanes[p] += inside ? distance : (vec)0.0;
    }
  }
  for (size_t p = 0; p < w; p++) {
    double sum = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
      sum += lanes[p][lane];
    }
    sums[p] = sum;
  }
}

INLINE void sum_cell_of(const double *rows, size_t stride, size_t count, const size_t d,
                        const double *points, size_t m, double *sums) {
  size_t p = 0;
  for (; p + WIDE <= m; p += WIDE) {
    sum_points(rows, stride, count, d, points + p * d, WIDE, sums + p);
  }
  for (; p < m; p++) {
    sum_points(rows, stride, count, d, points + p * d, 1, sums + p);
  }
}

INLINE void sum_cell(const double *rows, size_t stride, size_t count, size_t d,
                     const double *points, size_t m, double *sums) {
  switch (d) {
  case 1:
    return sum_cell_of(rows, stride, count, 1, points, m, sums);
  case 2:
    return sum_cell_of(rows, stride, count, 2, points, m, sums);
  case 3:
    return sum_cell_of(rows, stride, count, 3, points, m, sums);
  case 4:
    return sum_cell_of(rows, stride, count, 4, points, m, sums);
  default:
    return sum_cell_of(rows, stride, count, d, points, m, sums);
  }
}

__attribute__((target("avx2,fma"))) static void sum_cell_avx2(const double *rows, size_t stride,
                                                              size_t count, size_t d,
                                                              const double *points, size_t m,
                                                              double *sums) {
  sum_cell(rows, stride, count, d, points, m, sums);
}

__attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))) static void
sum_cell_avx512(const double *rows, size_t stride, size_t count, size_t d, const double *points,
                size_t m, double *sums) {
  sum_cell(rows, stride, count, d, points, m, sums);
}
#endif

typedef void (*cell_form)(const double *, size_t, size_t, size_t, const double *, size_t, double *);

static cell_form current_form(void) {
#if defined(__x86_64__)
  switch (cb_level_current()) {
  case CB_LEVEL_AVX512:
    return sum_cell_avx512;
  case CB_LEVEL_AVX2:
    return sum_cell_avx2;
  default:
    return sum_cell_scalar;
  }
#else
  return sum_cell_scalar;
#endif
}

cb_status cb_distances_sum(const double *rows, size_t stride, size_t d, const uint32_t *starts,
                           size_t cells, const uint32_t *groups, size_t levels,
                           const double *points, size_t m, double *scratch, double *totals) {
  if (d == 0 || m == 0) {
    return CB_BAD_SHAPE;
  }
  const cell_form sum = current_form();
  for (size_t c = 0; c < cells; c++) {
    sum(rows + starts[c], stride, starts[c + 1] - starts[c], d, points, m, scratch);
    for (size_t level = 0; level < levels; level++) {
      double *to = totals + (size_t)groups[c * levels + level] * m;
      for (size_t p = 0; p < m; p++) {
        to[p] += scratch[p];
      }
    }
  }
  return CB_OK;
}
