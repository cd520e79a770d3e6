// Relatives of k-means over blocks of rows. See cb_families.h for the contract, cb_kmeans.h for the
// layout and for why all levels give the same bits.
//
// The templates: families_scalar.h has the plain steps, families_simd.h the same steps over vectors
// of rows, families_block.h the kernels made of them.

#include "include/cb_families.h"

#include "include/cb_cpu.h"
#include "include/cb_kmeans.h"

#include <math.h>
#include <string.h>

/// Rows of a tile, whose labels and gaps stay in the first-level cache.
#define TILE 512
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

size_t cb_family_scratch(size_t d, size_t k) {
  return values_fit(d, k) ? k * (d + 1) * 16 + 2 * TILE : 0;
}

/// The bits of a double, so that their unsigned order is the order of the values.
static uint64_t key_of(double value) {
  const uint64_t sign = UINT64_C(1) << 63;
  uint64_t bits;
  value += 0; // −0 becomes 0
  memcpy(&bits, &value, sizeof bits);
  return bits & sign ? ~bits : bits | sign;
}

/// Number `index` of SplitMix64's stream, in [0, 1) with 53 random bits.
///
/// Source: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014, with the constants of S. Vigna's reference code.
static double unit_at(uint64_t seed, uint64_t index) {
  uint64_t bits = seed + (index + 1) * UINT64_C(0x9E3779B97F4A7C15);
  bits = (bits ^ (bits >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  bits = (bits ^ (bits >> 27)) * UINT64_C(0x94D049BB133111EB);
  bits ^= bits >> 31;
  return (double)(bits >> 11) * 0x1p-53;
}

/// Length of a row of values up to `largest`, which is above 0: scaled, so that squares neither
/// overflow nor vanish.
static double length_of(const double *row, size_t stride, size_t d, double largest) {
  double sum = 0;
  for (size_t j = 0; j < d; j++) {
    double share = row[j * stride] / largest;
    sum += share * share;
  }
  return sqrt(sum);
}

size_t cb_family_unit_rows(const double *values, size_t stride, size_t count, size_t d,
                           double *units) {
  size_t zero = count;
  for (size_t r = count; r-- > 0;) {
    double largest = 0;
    for (size_t j = 0; j < d; j++) {
      double size = fabs(values[j * stride + r]);
      largest = size > largest ? size : largest;
    }
    double length = largest > 0 ? length_of(values + r, stride, d, largest) : 0;
    zero = largest > 0 ? zero : r;
    for (size_t j = 0; j < d; j++) {
      units[j * stride + r] = largest > 0 ? values[j * stride + r] / largest / length : 0;
    }
  }
  return zero;
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
#define ABS(a) __builtin_fabsf(a)
#define SCALAR(name) name##_f32
#define KERNEL(name) name##_f32
#define FORM_AVX2(name) name##_f32_avx2
#define FORM_AVX512(name) name##_f32_avx512
#include "families_scalar.h"
#if defined(__x86_64__)
typedef float vec_f32 __attribute__((ext_vector_type(16)));
typedef int32_t ivec_f32 __attribute__((ext_vector_type(16)));
typedef vec_f32 vec_at_f32 __attribute__((aligned(4), may_alias));
typedef ivec_f32 ivec_at_f32 __attribute__((aligned(4), may_alias));
#define VEC vec_f32
#define IVEC ivec_f32
#define VEC_AT vec_at_f32
#define IVEC_AT ivec_at_f32
#include "families_levels.h"
#undef VEC
#undef IVEC
#undef VEC_AT
#undef IVEC_AT
#endif
#include "families_block.h"
#undef REAL
#undef INT
#undef LANES
#undef FMA
#undef ABS
#undef SCALAR
#undef KERNEL
#undef FORM_AVX2
#undef FORM_AVX512

// double

#define REAL double
#define INT int64_t
#define LANES 8
#define FMA(a, b, c) __builtin_fma(a, b, c)
#define ABS(a) __builtin_fabs(a)
#define SCALAR(name) name##_f64
#define KERNEL(name) name##_f64
#define FORM_AVX2(name) name##_f64_avx2
#define FORM_AVX512(name) name##_f64_avx512
#include "families_scalar.h"
#if defined(__x86_64__)
typedef double vec_f64 __attribute__((ext_vector_type(8)));
typedef int64_t ivec_f64 __attribute__((ext_vector_type(8)));
typedef vec_f64 vec_at_f64 __attribute__((aligned(8), may_alias));
typedef ivec_f64 ivec_at_f64 __attribute__((aligned(8), may_alias));
#define VEC vec_f64
#define IVEC ivec_f64
#define VEC_AT vec_at_f64
#define IVEC_AT ivec_at_f64
#include "families_levels.h"
#endif
#include "families_block.h"
