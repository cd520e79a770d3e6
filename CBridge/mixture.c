// Gaussian mixtures over blocks of rows. See cb_mixture.h for the contract.
//
// mixture_scalar.h has the plain steps over one tile of rows, mixture_simd.h the same steps over
// vectors of rows.

#include "include/cb_mixture.h"

#include "include/cb_cpu.h"
#include "include/cb_kmeans.h"

#include <math.h>
#include <string.h>

/// Rows of a tile: with 3 columns and 8 components, what it needs is 12 KiB of a 32 KiB cache.
#define TILE 128
/// Virtual lanes of all sums.
#define LANES 8
/// Where squared distances end, so that no density is 0/0 in the logarithm.
#define FARTHEST 1e300

/// Constants of exp: log2 e, log 2 in two parts, and a number whose last bit counts ones.
#define LOG2_E 1.44269504088896338700e+00
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define ROUNDER 0x1.8p52
/// Below this, e^x is not a normal number, and 0 will do.
#define EXP_LOWEST (-708.0)
/// 1/13!, 1/12! ... 1/2!: with |x| ≤ log 2 / 2 what is left out is below 4e-18 of the result.
#define EXP_TERMS 12
static const double exp_terms[EXP_TERMS] = {
    1.6059043836821613e-10, 2.08767569878681e-09,   2.505210838544172e-08,  2.755731922398589e-07,
    2.7557319223985893e-06, 2.48015873015873e-05,   1.984126984126984e-04,  1.388888888888889e-03,
    8.333333333333333e-03,  4.1666666666666664e-02, 1.6666666666666666e-01, 0.5,
};

/// Constants of log, as in columns.c: the upper half of √½, and a minimax polynomial.
#define ROOT_HALF UINT64_C(0x3fe6a09e)
#define LOG_1 6.666666666666735130e-01
#define LOG_2 3.999999999940941908e-01
#define LOG_3 2.857142874366239149e-01
#define LOG_4 2.222219843214978396e-01
#define LOG_5 1.818357216161805012e-01
#define LOG_6 1.531383769920937332e-01
#define LOG_7 1.479819860511658591e-01

static size_t padded(size_t rows) {
  return (rows + CB_KMEANS_PAD - 1) / CB_KMEANS_PAD * CB_KMEANS_PAD;
}

static size_t triangle(size_t d) { return d * (d + 1) / 2; }

static int values_fit(size_t d, size_t k) {
  return d > 0 && k > 0 && k <= UINT16_MAX && d <= CB_KMEANS_MAX_VALUES / k &&
         triangle(d) <= CB_MIXTURE_MAX_VALUES / k;
}

static int block_fits(size_t stride, size_t count, size_t d, size_t k) {
  return values_fit(d, k) && count > 0 && count <= CB_KMEANS_BLOCK_ROWS && padded(count) <= stride;
}

/// Where the parts of a scratch buffer begin.
typedef struct scratch_parts {
  double *masses;  // k × LANES
  double *sums;    // k × d × LANES
  double *moments; // k × triangle × LANES
  double *shares;  // k × TILE: log-densities, then responsibilities
  double *offsets; // d × TILE: rows less a mean
  double *weighed; // TILE: a column of those times the responsibility
  double *logs;    // TILE: log-densities of the rows
} scratch_parts;

static size_t sum_values(size_t d, size_t k) { return k * (1 + d + triangle(d)) * LANES; }

size_t cb_mixture_scratch(size_t d, size_t k) {
  return values_fit(d, k) ? sum_values(d, k) + (k + d + 2) * TILE : 0;
}

static scratch_parts split_scratch(double *scratch, size_t d, size_t k) {
  scratch_parts parts;
  parts.masses = scratch;
  parts.sums = parts.masses + k * LANES;
  parts.moments = parts.sums + k * d * LANES;
  parts.shares = parts.moments + k * triangle(d) * LANES;
  parts.offsets = parts.shares + k * TILE;
  parts.weighed = parts.offsets + d * TILE;
  parts.logs = parts.weighed + TILE;
  memset(scratch, 0, sum_values(d, k) * sizeof(double));
  return parts;
}

#include "mixture_scalar.h"

#define AVX2 __attribute__((target("avx2,fma,bmi,bmi2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2")))

#if defined(__x86_64__)
typedef double vec __attribute__((ext_vector_type(LANES)));
typedef int64_t ivec __attribute__((ext_vector_type(LANES)));
typedef uint64_t uvec __attribute__((ext_vector_type(LANES)));
typedef vec vec_at __attribute__((aligned(8), may_alias));

#define SIMD(name) name##_avx2
#define TARGET AVX2
#include "mixture_simd.h"
#undef SIMD
#undef TARGET

#define SIMD(name) name##_avx512
#define TARGET AVX512
#include "mixture_simd.h"
#undef SIMD
#undef TARGET

#define STEP(name, ...)                                                                            \
  do {                                                                                             \
    switch (cb_level_current()) {                                                                  \
    case CB_LEVEL_AVX512:                                                                          \
      name##_avx512(__VA_ARGS__);                                                                  \
      break;                                                                                       \
    case CB_LEVEL_AVX2:                                                                            \
      name##_avx2(__VA_ARGS__);                                                                    \
      break;                                                                                       \
    default:                                                                                       \
      name##_scalar(__VA_ARGS__);                                                                  \
    }                                                                                              \
  } while (0)
#else
#define STEP(name, ...) name##_scalar(__VA_ARGS__)
#endif

/// Adds `groups` × LANES lanes to `groups` totals, lanes in ascending order.
static void drain(const double *lanes, size_t groups, double *totals) {
  for (size_t i = 0; i < groups; i++) {
    double sum = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
      sum += lanes[i * LANES + lane];
    }
    totals[i] += sum;
  }
}

/// Makes the padding behind `size` rows belong to nobody.
static void mask_padding(size_t size, size_t k, const scratch_parts *parts) {
  const size_t bytes = (padded(size) - size) * sizeof(double);
  for (size_t i = 0; i < k; i++) {
    memset(parts->shares + i * TILE + size, 0, bytes);
  }
  memset(parts->logs + size, 0, bytes);
}

/// Adds a tile to the lanes of all components.
static void add_tile(const double *tile, size_t stride, size_t size, size_t d, const double *means,
                     size_t k, const scratch_parts *parts) {
  for (size_t i = 0; i < k; i++) {
    STEP(accumulate, tile, stride, padded(size), d, means + i * d, parts->shares + i * TILE,
         parts->offsets, parts->weighed, parts->masses + i * LANES, parts->sums + i * d * LANES,
         parts->moments + i * triangle(d) * LANES);
  }
}

static void drain_all(const scratch_parts *parts, size_t d, size_t k, double *masses, double *sums,
                      double *moments) {
  drain(parts->masses, k, masses);
  drain(parts->sums, k * d, sums);
  drain(parts->moments, k * triangle(d), moments);
}

cb_status cb_mixture_expect(const double *rows, size_t stride, size_t count, size_t d,
                            const double *means, const double *factors, const double *offsets,
                            size_t k, double *scratch, double *log_likelihood, double *masses,
                            double *sums, double *moments, uint16_t *labels, double *shares,
                            size_t pitch) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  const scratch_parts parts = split_scratch(scratch, d, k);
  double likelihood_lanes[LANES] = {0};
  for (size_t begin = 0; begin < count; begin += TILE) {
    const double *tile = rows + begin;
    const size_t size = count - begin < TILE ? count - begin : TILE;
    int64_t tile_labels[TILE];
    for (size_t i = 0; i < k; i++) {
      STEP(log_density, tile, stride, padded(size), d, means + i * d, factors + i * triangle(d),
           offsets[i], parts.offsets, parts.shares + i * TILE);
    }
    STEP(soften, padded(size), k, parts.shares, parts.logs, tile_labels);
    mask_padding(size, k, &parts);
    STEP(add, parts.logs, padded(size), likelihood_lanes);
    add_tile(tile, stride, size, d, means, k, &parts);
    for (size_t r = 0; r < size; r++) {
      labels[begin + r] = (uint16_t)tile_labels[r];
    }
    for (size_t i = 0; shares && i < k; i++) {
      memcpy(shares + i * pitch + begin, parts.shares + i * TILE, size * sizeof(double));
    }
  }
  drain(likelihood_lanes, 1, log_likelihood);
  drain_all(&parts, d, k, masses, sums, moments);
  return CB_OK;
}

cb_status cb_mixture_gather(const double *rows, size_t stride, size_t count, size_t d,
                            const double *means, size_t k, const uint16_t *labels, double *scratch,
                            double *masses, double *sums, double *moments) {
  if (!block_fits(stride, count, d, k)) {
    return CB_BAD_SHAPE;
  }
  const scratch_parts parts = split_scratch(scratch, d, k);
  for (size_t begin = 0; begin < count; begin += TILE) {
    const size_t size = count - begin < TILE ? count - begin : TILE;
    memset(parts.shares, 0, k * TILE * sizeof(double));
    for (size_t r = 0; r < size; r++) {
      parts.shares[labels[begin + r] * TILE + r] = 1;
    }
    add_tile(rows + begin, stride, size, d, means, k, &parts);
  }
  drain_all(&parts, d, k, masses, sums, moments);
  return CB_OK;
}

double cb_mixture_log(double value) { return log_of(value); }
