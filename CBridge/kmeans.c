// k-means over blocks of rows: labels, sums by label, seeding and quality. See cb_kmeans.h for the
// contract and for why all levels and engines give the same bits.
//
// The templates: kmeans_scalar.h has the plain steps; kmeans_simd.h, kmeans_spread.h and
// kmeans_tile.h the same steps over vectors of rows; kmeans_block.h the kernels made of them,
// kmeans_update.h those for labels that are there.

#include "include/cb_kmeans.h"

#include "include/cb_blas.h"
#include "include/cb_cpu.h"

#include <float.h>
#include <math.h>
#include <string.h>

/// Rows of a tile: with RFM's three columns and the scratch it fills half of a 32 KiB cache.
#define TILE 512
/// Centroids of one matrix product: TILE × 64 doubles are a quarter of a 1 MiB second-level cache.
#define PRODUCT_CLUSTERS 64
/// The most rows of a strip, which is what the engine `tile` scores at once.
#define STRIP 64
/// Centroids that a strip meets at once, and fewer towards the end: groups of 6, then of 2, then 1.
#define TILE_CENTROIDS 6
#define TILE_GROUP(rest) ((rest) >= TILE_CENTROIDS ? TILE_CENTROIDS : (rest) >= 2 ? 2 : 1)
/// Clusters beyond which `tile` leaves the work to `fused`: it counts in the upper half of an INT.
#define TILE_MAX_CLUSTERS 16384
/// Sums that are collected from all lanes at once: 4 KiB of them, which stay in the cache.
#define COLLECTED 512
/// Whether so many clusters are summed row by row (`spread`), not in masked vectors of rows
/// (`gather`). With AVX-512, gather against spread in ns a row, the assignment included: float,
/// 3 columns, k = 16: 2.3, 2.4 and 24: 3.4, 3.1; 8 columns, k = 8: 2.9, 3.6 and 16: 5.6, 5.3; 16
/// columns, k = 8: 6.0, 5.5 and 32: 22, 15.
#define BY_ROW(d, k) ((k) > ((d) < LANES / 2 ? LANES : LANES / 2))

/// From one label in so many on that have changed, all are added up anew: `spread` does all at
/// once. Any share from 2 to all came within 10 % with 16 and 32 columns.
#define RENEWED_SHARE 6

static size_t padded(size_t rows) {
  return (rows + CB_KMEANS_PAD - 1) / CB_KMEANS_PAD * CB_KMEANS_PAD;
}

static int values_fit(size_t d, size_t k) {
  return d > 0 && k > 0 && k <= UINT16_MAX && d <= CB_KMEANS_MAX_VALUES / k;
}

static int block_fits(size_t stride, size_t count, size_t d, size_t k) {
  return values_fit(d, k) && count > 0 && count <= CB_KMEANS_BLOCK_ROWS && padded(count) <= stride;
}

size_t cb_kmeans_scratch(size_t d, size_t k) {
  if (!values_fit(d, k)) {
    return 0;
  }
  // At most 2^20 · (17 + 64) + 2^16 · 129 + a few tiles: no overflow.
  const size_t by_label = k * (d + 4) * 16, by_tile = k * (d + 1) + STRIP * (k + d + 1);
  return by_label + by_tile + TILE * (4 + PRODUCT_CLUSTERS);
}

#define AVX2 __attribute__((target("avx2,fma,bmi,bmi2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2")))

#if defined(__x86_64__)
#define STEP(name, ...)                                                                            \
  do {                                                                                             \
    switch (cb_level_current()) {                                                                  \
    case CB_LEVEL_AVX512:                                                                          \
      FORM_AVX512(name)(__VA_ARGS__);                                                              \
      break;                                                                                       \
    case CB_LEVEL_AVX2:                                                                            \
      FORM_AVX2(name)(__VA_ARGS__);                                                                \
      break;                                                                                       \
    default:                                                                                       \
      SCALAR(name)(__VA_ARGS__);                                                                   \
    }                                                                                              \
  } while (0)
#else
#define STEP(name, ...) SCALAR(name)(__VA_ARGS__)
#endif

// float

#define REAL float
#define INT int32_t
#define LANES 16
#define FMA(a, b, c) __builtin_fmaf(a, b, c)
#define QUARTER 4
#define PITCH(d) (((d) + 3) / 4 * 4)
#define SQRT(a) __builtin_sqrtf(a)
#define EPSILON FLT_EPSILON
#define SMALLEST FLT_MIN
#define PRODUCTS cb_blas_products_f32
#define SCALAR(name) name##_f32
#define KERNEL(name) name##_f32
#define FORM_AVX2(name) name##_f32_avx2
#define FORM_AVX512(name) name##_f32_avx512
#include "kmeans_scalar.h"
#if defined(__x86_64__)
typedef float vec_f32 __attribute__((ext_vector_type(16)));
typedef int32_t ivec_f32 __attribute__((ext_vector_type(16)));
typedef vec_f32 vec_at_f32 __attribute__((aligned(4), may_alias));
typedef ivec_f32 ivec_at_f32 __attribute__((aligned(4), may_alias));
typedef float quarter_at_f32 __attribute__((ext_vector_type(4), aligned(4), may_alias));
typedef double vec_double_f32 __attribute__((ext_vector_type(16)));
typedef vec_double_f32 doubles_at_f32 __attribute__((aligned(8), may_alias));
#define VEC_DOUBLE vec_double_f32
#define DOUBLES_AT(to) (*(doubles_at_f32 *)(to))
#define LOAD_QUARTER(from) (*(quarter_at_f32 *)(from))
#define INTERLEAVE_LOW(a, b)                                                                       \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH(a, b)                                                                      \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define VEC vec_f32
#define IVEC ivec_f32
#define VEC_AT vec_at_f32
#define IVEC_AT ivec_at_f32
#include "kmeans_levels.h"
#undef VEC
#undef IVEC
#undef VEC_AT
#undef IVEC_AT
#undef VEC_DOUBLE
#undef DOUBLES_AT
#undef LOAD_QUARTER
#undef INTERLEAVE_LOW
#undef INTERLEAVE_HIGH
#endif
#include "kmeans_block.h"
#include "kmeans_update.h"
#undef REAL
#undef INT
#undef LANES
#undef QUARTER
#undef PITCH
#undef FMA
#undef SQRT
#undef EPSILON
#undef SMALLEST
#undef PRODUCTS
#undef SCALAR
#undef KERNEL
#undef FORM_AVX2
#undef FORM_AVX512

// double

#define REAL double
#define INT int64_t
#define LANES 8
#define FMA(a, b, c) __builtin_fma(a, b, c)
#define QUARTER 2
#define PITCH(d) (((d) + 1) / 2 * 2)
#define SQRT(a) __builtin_sqrt(a)
#define EPSILON DBL_EPSILON
#define SMALLEST DBL_MIN
#define PRODUCTS cb_blas_products_f64
#define SCALAR(name) name##_f64
#define KERNEL(name) name##_f64
#define FORM_AVX2(name) name##_f64_avx2
#define FORM_AVX512(name) name##_f64_avx512
#include "kmeans_scalar.h"
#if defined(__x86_64__)
typedef double vec_f64 __attribute__((ext_vector_type(8)));
typedef int64_t ivec_f64 __attribute__((ext_vector_type(8)));
typedef vec_f64 vec_at_f64 __attribute__((aligned(8), may_alias));
typedef ivec_f64 ivec_at_f64 __attribute__((aligned(8), may_alias));
typedef double quarter_at_f64 __attribute__((ext_vector_type(2), aligned(8), may_alias));
#define VEC_DOUBLE vec_f64
#define DOUBLES_AT(to) (*(vec_at_f64 *)(to))
#define LOAD_QUARTER(from) (*(quarter_at_f64 *)(from))
#define INTERLEAVE_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define VEC vec_f64
#define IVEC ivec_f64
#define VEC_AT vec_at_f64
#define IVEC_AT ivec_at_f64
#include "kmeans_levels.h"
#endif
#include "kmeans_block.h"
#include "kmeans_update.h"
