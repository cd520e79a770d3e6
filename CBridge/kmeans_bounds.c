// k-means that carries bounds from round to round; see cb_bounds.h for the contract.
//
// Whatever the bounds leave open is decided by the canonical distance of cb_kmeans.h, so an engine
// is exact when it skips a centroid only where that distance could not have won. Bounds are about
// true distances between the stored values, and every one of them is rounded to its safe side:
//
// With u half of EPSILON, a canonical squared distance D of d columns and the true distance t obey
//     t² (1 − g) − d e ≤ D ≤ (t² + d e) (1 + g),  g = (d + 2) u / (1 − (d + 2) u),
// where e, half the smallest subnormal, covers products that underflow (N. Higham, "Accuracy and
// Stability of Numerical Algorithms", 2nd ed., section 3.1; differences never underflow inexactly).
// With G = (d + 4) EPSILON, more than 1.8 g and at most 0.13 (d ≤ 2^20), and T = 2 sqrt(d e):
//
//   A lower bound is some L ≤ t. From D: L = sqrt(D) (1 − 2 G) − 4 T.
//   An upper bound is some U ≥ (1 + 2 G) t + T. From D: U = sqrt(D) (1 + 4 G) + 4 T.
//
// So U < L, for a row's own centroid and another, means (1 + 2 G) t + T < t', hence D < D' with
// nothing left to rounding: not even a tie, and the lowest index is safe. When the row's own
// centroid moves by s and the other by s', U + (1 + 2 G) s and L − s' are bounds again, rounded up
// and down; they are added 1 in u wider, which holds above the subnormals, where U always is and
// where an L must be to count. And where U < H ≤ h / 2, h being the distance of two centroids, the
// other is at least h − t > 2 U − t ≥ U away, so U < H serves as U < L does.
//
// The forms for each instruction set are one text (kmeans_hamerly.h, kmeans_elkan.h and so on)
// over a few steps (kmeans_bounds_scalar.h and kmeans_bounds_simd.h), and each step gives the same
// bits in both: so bounds and the number of distances, too, are the same at every level.

#include "include/cb_bounds.h"

#include "include/cb_cpu.h"
#include "include/cb_kmeans.h"

#include <float.h>
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Centroids are padded to this many where they stand side by side: the lanes of float.
#define PAD_CENTROIDS 16
/// Values of the rows that are packed to be scanned together, 256 KiB of floats at most.
#define PACKED_VALUES 65536
/// The most rows that are packed at once, and the least.
#define PACKED_ROWS 512
#define LEAST_PACKED_ROWS 64

static size_t wide(size_t k) { return (k + PAD_CENTROIDS - 1) / PAD_CENTROIDS * PAD_CENTROIDS; }

static int has_groups(const cb_bounds_shape *shape) {
  return shape->kind == CB_BOUNDS_YINYANG || shape->kind == CB_BOUNDS_SIMPLIFIED_YINYANG;
}

static int shape_fits(const cb_bounds_shape *shape) {
  const size_t d = shape->d, k = shape->k;
  const int values_fit = d > 0 && k > 0 && k <= UINT16_MAX && d <= CB_KMEANS_MAX_VALUES / k;
  return values_fit && shape->groups > 0 && shape->groups <= k &&
         (has_groups(shape) || shape->groups == 1);
}

/// Centroids with the padding of all slabs; each group begins with a slab of its own.
static size_t slab_lanes(const cb_bounds_shape *shape) {
  return wide(shape->k) + (has_groups(shape) ? shape->groups * PAD_CENTROIDS : 0);
}

/// Values of the table that has a line for each centroid, which two engines have.
static size_t table_values(const cb_bounds_shape *shape) {
  switch (shape->kind) {
  case CB_BOUNDS_ELKAN:
    return shape->k * wide(shape->k);
  case CB_BOUNDS_EXPONION:
    return 2 * shape->k * wide(shape->k);
  default:
    return 0;
  }
}

static size_t packed_rows(size_t d) {
  const size_t rows = PACKED_VALUES / d / LEAST_PACKED_ROWS * LEAST_PACKED_ROWS;
  return rows > PACKED_ROWS ? PACKED_ROWS : rows < LEAST_PACKED_ROWS ? LEAST_PACKED_ROWS : rows;
}

size_t cb_bounds_width(const cb_bounds_shape *shape) {
  if (!shape_fits(shape)) {
    return 0;
  }
  return shape->kind == CB_BOUNDS_ELKAN ? wide(shape->k) : shape->groups;
}

size_t cb_bounds_geometry(const cb_bounds_shape *shape) {
  if (!shape_fits(shape)) {
    return 0;
  }
  // At most 3 · 2^20 + 2^32 · 2 + some 2^21: no overflow.
  const size_t lanes = slab_lanes(shape);
  return lanes * (shape->d + 3) + wide(shape->k) * 5 + wide(shape->k * shape->d) +
         table_values(shape) + wide(shape->groups + 1) * 2 + PAD_CENTROIDS;
}

size_t cb_bounds_scratch(const cb_bounds_shape *shape) {
  if (!shape_fits(shape)) {
    return 0;
  }
  return packed_rows(shape->d) * (shape->d + 3) + wide(shape->d) + CB_KMEANS_BLOCK_ROWS * 2 +
         wide(shape->k) * 3;
}

#define AVX2 __attribute__((target("avx2,fma,bmi,bmi2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2")))

// float

#define REAL float
#define INT int32_t
#define LANES 16
#define FMA(a, b, c) __builtin_fmaf(a, b, c)
#define SQRT(a) __builtin_sqrtf(a)
#define EPSILON FLT_EPSILON
#define SMALLEST FLT_MIN
#define KERNEL(name) name##_f32
#define FORM_SCALAR(name) name##_f32_scalar
#define FORM_AVX2(name) name##_f32_avx2
#define FORM_AVX512(name) name##_f32_avx512
#if defined(__x86_64__)
typedef float vec_f32 __attribute__((ext_vector_type(16)));
typedef int32_t ivec_f32 __attribute__((ext_vector_type(16)));
typedef uint16_t uvec_f32 __attribute__((ext_vector_type(16)));
typedef vec_f32 vec_at_f32 __attribute__((aligned(4), may_alias));
typedef ivec_f32 ivec_at_f32 __attribute__((aligned(4), may_alias));
typedef uvec_f32 uvec_at_f32 __attribute__((aligned(2), may_alias));
#define VEC vec_f32
#define IVEC ivec_f32
#define UVEC uvec_f32
#define VEC_AT vec_at_f32
#define IVEC_AT ivec_at_f32
#define UVEC_AT uvec_at_f32
#define BITS_AVX2(mask)                                                                            \
  ((uint32_t)_mm256_movemask_ps(                                                                   \
       (__m256)__builtin_shufflevector(mask, mask, 0, 1, 2, 3, 4, 5, 6, 7)) |                      \
   (uint32_t)_mm256_movemask_ps(                                                                   \
       (__m256)__builtin_shufflevector(mask, mask, 8, 9, 10, 11, 12, 13, 14, 15))                  \
       << 8)
#define BITS_AVX512(mask) ((uint32_t)_mm512_movepi32_mask((__m512i)(mask)))
#endif
#include "kmeans_bounds_levels.h"
#undef REAL
#undef INT
#undef LANES
#undef FMA
#undef SQRT
#undef EPSILON
#undef SMALLEST
#undef KERNEL
#undef FORM_SCALAR
#undef FORM_AVX2
#undef FORM_AVX512
#undef VEC
#undef IVEC
#undef UVEC
#undef VEC_AT
#undef IVEC_AT
#undef UVEC_AT
#undef BITS_AVX2
#undef BITS_AVX512

// double

#define REAL double
#define INT int64_t
#define LANES 8
#define FMA(a, b, c) __builtin_fma(a, b, c)
#define SQRT(a) __builtin_sqrt(a)
#define EPSILON DBL_EPSILON
#define SMALLEST DBL_MIN
#define KERNEL(name) name##_f64
#define FORM_SCALAR(name) name##_f64_scalar
#define FORM_AVX2(name) name##_f64_avx2
#define FORM_AVX512(name) name##_f64_avx512
#if defined(__x86_64__)
typedef double vec_f64 __attribute__((ext_vector_type(8)));
typedef int64_t ivec_f64 __attribute__((ext_vector_type(8)));
typedef uint16_t uvec_f64 __attribute__((ext_vector_type(8)));
typedef vec_f64 vec_at_f64 __attribute__((aligned(8), may_alias));
typedef ivec_f64 ivec_at_f64 __attribute__((aligned(8), may_alias));
typedef uvec_f64 uvec_at_f64 __attribute__((aligned(2), may_alias));
#define VEC vec_f64
#define IVEC ivec_f64
#define UVEC uvec_f64
#define VEC_AT vec_at_f64
#define IVEC_AT ivec_at_f64
#define UVEC_AT uvec_at_f64
#define BITS_AVX2(mask)                                                                            \
  ((uint32_t)_mm256_movemask_pd((__m256d)__builtin_shufflevector(mask, mask, 0, 1, 2, 3)) |        \
   (uint32_t)_mm256_movemask_pd((__m256d)__builtin_shufflevector(mask, mask, 4, 5, 6, 7)) << 4)
#define BITS_AVX512(mask) ((uint32_t)_mm512_movepi64_mask((__m512i)(mask)))
#endif
#include "kmeans_bounds_levels.h"
