// The SIMD forms of mixture_scalar.h, LANES rows at once; a template that mixture.c includes for
// each instruction set.
//
// Expects SIMD(name), TARGET (the instruction set as a function attribute), and vec, ivec, uvec and
// vec_at: vectors of 64 bytes, which AVX2 does in two halves, so lanes are the same everywhere.

#define LOAD(from) (*(const vec_at *)(from))
#define STORE(to, vector) (*(vec_at *)(to) = (vector))
/// The same bits as another type.
#define AS(type, vector) __builtin_bit_cast(type, vector)
#define INLINE TARGET static inline __attribute__((always_inline))

/// Results come back through a pointer, because a function that returns a vector would have a
/// calling convention that depends on the instruction set.
INLINE void SIMD(exp_of)(const vec *from, vec *to) {
  vec x = *from;
  vec turned = __builtin_elementwise_fma(x, (vec)LOG2_E, (vec)ROUNDER);
  vec n = turned - (vec)ROUNDER;
  vec r = __builtin_elementwise_fma(n, (vec)-LN2_HIGH, x);
  r = __builtin_elementwise_fma(n, (vec)-LN2_LOW, r);
  vec sum = (vec)exp_terms[0];
  for (size_t i = 1; i < EXP_TERMS; i++) {
    sum = __builtin_elementwise_fma(sum, r, (vec)exp_terms[i]);
  }
  sum = __builtin_elementwise_fma(sum, r, (vec)1.0);
  sum = __builtin_elementwise_fma(sum, r, (vec)1.0);
  uvec bits = AS(uvec, sum) + (AS(uvec, turned) << 52);
  ivec normal = x >= (vec)EXP_LOWEST;
  *to = normal ? AS(vec, bits) : (vec)0.0;
}

/// For x of at least 1, so that the exponent is not negative.
INLINE void SIMD(log_of)(const vec *from, vec *to) {
  uvec bits = AS(uvec, *from);
  uvec upper = (bits >> 32) + (UINT64_C(0x3ff00000) - ROOT_HALF);
  // A whole number below 2^52 as the last bits of 2^52 + it: AVX2 cannot convert 64 bits.
  uvec exponent = (upper >> 20) - 0x3ff;
  vec k = AS(vec, exponent | UINT64_C(0x4330000000000000)) - (vec)0x1p52;
  bits = ((upper & UINT64_C(0x000fffff)) + ROOT_HALF) << 32 | (bits & UINT64_C(0xffffffff));
  vec f = AS(vec, bits) - (vec)1.0;
  vec half = 0.5 * f * f;
  vec s = f / (2 + f);
  vec z = s * s, w = z * z;
  vec even = w * (LOG_2 + w * (LOG_4 + w * LOG_6));
  vec odd = z * (LOG_1 + w * (LOG_3 + w * (LOG_5 + w * LOG_7)));
  *to = s * (half + (odd + even)) + k * LN2_LOW - half + f + k * LN2_HIGH;
}

TARGET static void SIMD(log_density)(const double *rows, size_t stride, size_t count, size_t d,
                                     const double *mean, const double *factor, double offset,
                                     double *offsets, double *logs) {
  for (size_t r = 0; r < count; r += LANES) {
    vec squared = 0;
    const double *entry = factor;
    for (size_t a = 0; a < d; a++) {
      STORE(offsets + a * TILE + r, LOAD(rows + a * stride + r) - (vec)mean[a]);
      vec sum = 0;
      for (size_t b = 0; b <= a; b++) {
        sum = __builtin_elementwise_fma((vec)*entry++, LOAD(offsets + b * TILE + r), sum);
      }
      squared = __builtin_elementwise_fma(sum, sum, squared);
    }
    squared = squared < (vec)FARTHEST ? squared : (vec)FARTHEST;
    STORE(logs + r, __builtin_elementwise_fma((vec)-0.5, squared, (vec)offset));
  }
}

TARGET static void SIMD(soften)(size_t count, size_t k, double *shares, double *logs,
                                int64_t *labels) {
  for (size_t r = 0; r < count; r += LANES) {
    vec greatest = LOAD(shares + r);
    ivec label = 0;
    for (size_t i = 1; i < k; i++) {
      vec next = LOAD(shares + i * TILE + r);
      ivec greater = next > greatest;
      greatest = greater ? next : greatest;
      label = greater ? (ivec)(int64_t)i : label;
    }
    vec sum = 0;
    for (size_t i = 0; i < k; i++) {
      vec share = LOAD(shares + i * TILE + r) - greatest;
      SIMD(exp_of)(&share, &share);
      STORE(shares + i * TILE + r, share);
      sum += share;
    }
    for (size_t i = 0; i < k; i++) {
      STORE(shares + i * TILE + r, LOAD(shares + i * TILE + r) / sum);
    }
    SIMD(log_of)(&sum, &sum);
    STORE(logs + r, greatest + sum);
    for (size_t lane = 0; lane < LANES; lane++) {
      labels[r + lane] = label[lane];
    }
  }
}

TARGET static void SIMD(accumulate)(const double *rows, size_t stride, size_t count, size_t d,
                                    const double *mean, const double *shares, double *offsets,
                                    double *weighed, double *mass, double *sums, double *moments) {
  vec total = LOAD(mass);
  for (size_t r = 0; r < count; r += LANES) {
    total += LOAD(shares + r);
  }
  STORE(mass, total);
  for (size_t a = 0; a < d; a++) {
    vec sum = LOAD(sums + a * LANES);
    for (size_t r = 0; r < count; r += LANES) {
      vec gap = LOAD(rows + a * stride + r) - (vec)mean[a];
      vec heavy = LOAD(shares + r) * gap;
      STORE(offsets + a * TILE + r, gap);
      STORE(weighed + r, heavy);
      sum += heavy;
    }
    STORE(sums + a * LANES, sum);
    for (size_t b = 0; b <= a; b++) {
      double *lanes = moments + (triangle(a) + b) * LANES;
      vec moment = LOAD(lanes);
      for (size_t r = 0; r < count; r += LANES) {
        moment = __builtin_elementwise_fma(LOAD(weighed + r), LOAD(offsets + b * TILE + r), moment);
      }
      STORE(lanes, moment);
    }
  }
}

TARGET static void SIMD(add)(const double *values, size_t count, double *lanes) {
  vec sum = LOAD(lanes);
  for (size_t r = 0; r < count; r += LANES) {
    sum += LOAD(values + r);
  }
  STORE(lanes, sum);
}

#undef LOAD
#undef STORE
#undef AS
#undef INLINE
