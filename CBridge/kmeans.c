// k-means over blocks of rows: labels, sums by label, seeding and quality. See cb_kmeans.h for the
// contract and for why all levels and engines give the same bits.
//
// The templates: kmeans_scalar.h has the plain steps, kmeans_simd.h the same steps over vectors of
// rows, kmeans_block.h the kernels made of them.

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
/// Above so many clusters rows are added one by one, below it in masked vectors.
#define SCATTER_CLUSTERS 32

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
  // At most 2^20 · 16 + 2^16 · 17 + a few tiles: no overflow.
  return values_fit(d, k) ? k * (d + 1) * 16 + k + TILE * (4 + PRODUCT_CLUSTERS) : 0;
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
#define VEC vec_f32
#define IVEC ivec_f32
#define VEC_AT vec_at_f32
#define IVEC_AT ivec_at_f32
#include "kmeans_levels.h"
#undef VEC
#undef IVEC
#undef VEC_AT
#undef IVEC_AT
#endif
#include "kmeans_block.h"
#undef REAL
#undef INT
#undef LANES
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
#define VEC vec_f64
#define IVEC ivec_f64
#define VEC_AT vec_at_f64
#define IVEC_AT ivec_at_f64
#include "kmeans_levels.h"
#endif
#include "kmeans_block.h"
