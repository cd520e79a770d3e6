// The SIMD forms of families_scalar.h, LANES rows at once; a template that families.c includes for
// float and double and for each instruction set.
//
// Expects REAL, INT, LANES, FMA, VEC and IVEC (vectors of LANES REAL and INT), VEC_AT and IVEC_AT
// (the same at any address), SIMD(name) and TARGET (the instruction set as a function attribute).
// Vectors are always 64 bytes: AVX2 does each in two halves, so lanes are the same everywhere.
// `count` is a multiple of CB_KMEANS_PAD in all of them.

#define LOAD(from) (*(const VEC_AT *)(from))
#define STORE(to, vector) (*(VEC_AT *)(to) = (vector))
#define LOAD_LABELS(from) (*(const IVEC_AT *)(from))
#define STORE_LABELS(to, vector) (*(IVEC_AT *)(to) = (vector))
/// Vectors of rows that share one load of a centroid, to hide the latency of the chain.
#define WIDE 2
/// Columns whose lanes stay in registers together.
#define COLUMNS 4

TARGET static void SIMD(nearest_l1)(const REAL *rows, size_t stride, size_t count, size_t d,
                                    const REAL *centroids, size_t k, INT *labels, REAL *gaps) {
  for (size_t r = 0; r < count; r += WIDE * LANES) {
    VEC best[WIDE];
    IVEC label[WIDE];
    for (size_t w = 0; w < WIDE; w++) {
      best[w] = (VEC)(REAL)INFINITY;
      label[w] = 0;
    }
    for (size_t i = 0; i < k; i++) {
      VEC sum[WIDE];
      for (size_t j = 0; j < d; j++) {
        VEC value = (VEC)centroids[i * d + j];
        for (size_t w = 0; w < WIDE; w++) {
          VEC gap = __builtin_elementwise_abs(LOAD(rows + j * stride + r + w * LANES) - value);
          sum[w] = j == 0 ? gap : sum[w] + gap;
        }
      }
      for (size_t w = 0; w < WIDE; w++) {
        IVEC nearer = sum[w] < best[w];
        best[w] = nearer ? sum[w] : best[w];
        label[w] = nearer ? (IVEC)(INT)i : label[w];
      }
    }
    for (size_t w = 0; w < WIDE; w++) {
      STORE(gaps + r + w * LANES, best[w]);
      STORE_LABELS(labels + r + w * LANES, label[w]);
    }
  }
}

/// `gather` for one cluster and up to COLUMNS columns; `w` is known to the compiler.
TARGET static inline __attribute__((always_inline)) void
SIMD(gather_of)(const REAL *rows, size_t stride, size_t count, INT cluster, const size_t w,
                const INT *labels, REAL *lanes) {
  VEC sum[COLUMNS];
  for (size_t j = 0; j < w; j++) {
    sum[j] = LOAD(lanes + j * LANES);
  }
  for (size_t r = 0; r < count; r += LANES) {
    IVEC member = LOAD_LABELS(labels + r) == (IVEC)cluster;
    for (size_t j = 0; j < w; j++) {
      VEC added = sum[j] + LOAD(rows + j * stride + r);
      sum[j] = member ? added : sum[j];
    }
  }
  for (size_t j = 0; j < w; j++) {
    STORE(lanes + j * LANES, sum[j]);
  }
}

TARGET static void SIMD(gather)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                                const INT *labels, REAL *lanes, INT *counts) {
  for (size_t i = 0; i < k; i++) {
    IVEC number = LOAD_LABELS(counts + i * LANES);
    for (size_t r = 0; r < count; r += LANES) {
      number -= LOAD_LABELS(labels + r) == (IVEC)(INT)i;
    }
    STORE_LABELS(counts + i * LANES, number);
    size_t j = 0;
    for (; j + COLUMNS <= d; j += COLUMNS) {
      SIMD(gather_of)
      (rows + j * stride, stride, count, (INT)i, COLUMNS, labels, lanes + (i * d + j) * LANES);
    }
    for (; j < d; j++) {
      SIMD(gather_of)
      (rows + j * stride, stride, count, (INT)i, 1, labels, lanes + (i * d + j) * LANES);
    }
  }
}

TARGET static void SIMD(measure)(const REAL *rows, size_t stride, size_t count, size_t d,
                                 const REAL *centroids, const INT *labels, REAL *gaps) {
  for (size_t r = 0; r < count; r++) {
    REAL sum = 0;
    for (size_t j = 0; labels[r] >= 0 && j < d; j++) {
      REAL gap = rows[j * stride + r] - centroids[(size_t)labels[r] * d + j];
      sum = FMA(gap, gap, sum);
    }
    gaps[r] = sum;
  }
}

TARGET static void SIMD(add)(const REAL *values, size_t count, REAL *lanes) {
  VEC sum = LOAD(lanes);
  for (size_t r = 0; r < count; r += LANES) {
    sum += LOAD(values + r);
  }
  STORE(lanes, sum);
}

#undef LOAD
#undef STORE
#undef LOAD_LABELS
#undef STORE_LABELS
#undef WIDE
#undef COLUMNS
