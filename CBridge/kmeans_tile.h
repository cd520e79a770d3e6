// The SIMD forms of the engine `tile`: a matrix product of our own that never writes the product;
// a template that kmeans.c includes as it includes kmeans_simd.h, whose macros it shares.
//
// A strip of TILE_ROWS vectors of rows meets TILE_CENTROIDS centroids at a time, and all their
// scores are registers: each step loads TILE_ROWS vectors and TILE_CENTROIDS values for TILE_ROWS ·
// TILE_CENTROIDS fused multiply-adds. The strip's scores go to a small buffer that stays in the
// first-level cache, and only the lowest is kept in registers; once it is known, a second walk over
// the buffer compares every score with the lowest plus the error bound. One score below that is the
// label, more than one are a row too close to call. So selection costs three operations a score
// (minimum, comparison, masked addition) where a running lowest, second-lowest and label cost five,
// beside d multiply-adds.

/// What a score within the bound adds to its row: 1 in the upper half, its index in the lower. A
/// row whose upper half is 1 has its label in the lower.
#define FOUND ((INT)1 << 16)

/// Scores of one strip against `c` centroids, c known to the compiler; lowers `low` to them.
///   strip   in   d × TILE_ROWS vectors
///   packed  in   d × c: column by column, each value of the c centroids
///   scores  out  c × TILE_ROWS vectors
INLINE void SIMD(score_strip)(const REAL *strip, size_t d, const size_t c, const REAL *packed,
                              const REAL *halves, REAL *scores, VEC *low) {
  VEC score[TILE_CENTROIDS][TILE_ROWS];
  for (size_t i = 0; i < c; i++) {
    for (size_t w = 0; w < TILE_ROWS; w++) {
      score[i][w] = (VEC)halves[i];
    }
  }
  for (size_t j = 0; j < d; j++) {
    VEC value[TILE_ROWS];
    for (size_t w = 0; w < TILE_ROWS; w++) {
      value[w] = -LOAD(strip + (j * TILE_ROWS + w) * LANES);
    }
    for (size_t i = 0; i < c; i++) {
      for (size_t w = 0; w < TILE_ROWS; w++) {
        score[i][w] = __builtin_elementwise_fma(value[w], (VEC)packed[j * c + i], score[i][w]);
      }
    }
  }
  for (size_t i = 0; i < c; i++) {
    for (size_t w = 0; w < TILE_ROWS; w++) {
      STORE(scores + (i * TILE_ROWS + w) * LANES, score[i][w]);
      low[w] = score[i][w] < low[w] ? score[i][w] : low[w];
    }
  }
}

/// Which centroids score within the bound of the lowest; returns whether any row has several.
INLINE int SIMD(select_strip)(const REAL *scores, size_t k, const VEC *limit, INT *labels) {
  IVEC several = 0;
  IVEC found[TILE_ROWS];
  for (size_t w = 0; w < TILE_ROWS; w++) {
    found[w] = 0;
  }
  for (size_t i = 0; i < k; i++) {
    for (size_t w = 0; w < TILE_ROWS; w++) {
      IVEC near = LOAD(scores + (i * TILE_ROWS + w) * LANES) <= limit[w];
      IVEC more = found[w] + (IVEC)(FOUND + (INT)i);
      found[w] = near ? more : found[w];
    }
  }
  for (size_t w = 0; w < TILE_ROWS; w++) {
    several |= (found[w] >> 16) != (IVEC)(INT)1;
    STORE_LABELS(labels + w * LANES, found[w]);
  }
  return __builtin_reduce_or(several) != 0;
}

/// Copies a strip's rows next to each other, and fetches those of the next.
INLINE void SIMD(copy_strip)(const REAL *rows, size_t stride, size_t d, REAL *strip) {
  for (size_t j = 0; j < d; j++) {
    for (size_t w = 0; w < TILE_ROWS; w++) {
      const REAL *from = rows + j * stride + w * LANES;
      STORE(strip + (j * TILE_ROWS + w) * LANES, LOAD(from));
      __builtin_prefetch(from + TILE_ROWS * LANES);
    }
  }
}

TARGET static void SIMD(select)(const REAL *rows, size_t stride, size_t count, size_t d,
                                const REAL *packed, const REAL *halves, size_t k, const REAL *norms,
                                REAL factor, REAL longest, REAL *strip, REAL *scores, INT *labels,
                                size_t *doubts, size_t *doubt_count) {
  const size_t height = TILE_ROWS * LANES;
  for (size_t r = 0; r < count; r += height) {
    VEC low[TILE_ROWS];
    for (size_t w = 0; w < TILE_ROWS; w++) {
      low[w] = (VEC)(REAL)INFINITY;
    }
    SIMD(copy_strip)(rows + r, stride, d, strip);
    size_t i = 0;
    for (; i + TILE_CENTROIDS <= k; i += TILE_CENTROIDS) {
      SIMD(score_strip)
      (strip, d, TILE_CENTROIDS, packed + i * d, halves + i, scores + i * height, low);
    }
    for (; i + 2 <= k; i += 2) {
      SIMD(score_strip)(strip, d, 2, packed + i * d, halves + i, scores + i * height, low);
    }
    if (i < k) {
      SIMD(score_strip)(strip, d, 1, packed + i * d, halves + i, scores + i * height, low);
    }
    for (size_t w = 0; w < TILE_ROWS; w++) {
      low[w] += (VEC)factor * (LOAD(norms + r + w * LANES) + (VEC)longest);
    }
    if (SIMD(select_strip)(scores, k, low, labels + r)) {
      for (size_t row = r; row < r + height; row++) {
        doubts[*doubt_count] = row;
        *doubt_count += labels[row] >> 16 != 1;
      }
    }
    for (size_t w = 0; w < TILE_ROWS; w++) {
      INT *to = labels + r + w * LANES;
      STORE_LABELS(to, LOAD_LABELS(to) & (IVEC)(FOUND - 1));
    }
  }
}

#undef FOUND
