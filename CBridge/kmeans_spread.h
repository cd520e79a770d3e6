// The SIMD forms of `spread` and `collect`: sums by label for many clusters; a template that
// kmeans.c includes as it includes kmeans_simd.h, whose macros it shares.
//
// `gather` visits every cluster for every row, which few clusters make up for with whole vectors of
// rows. Here each row visits its own cluster alone: LANES rows at a time are transposed in
// registers, and each row's columns, now next to each other, are added to its lane of its cluster
// as vectors. LANES rows that follow each other have different lanes, so no addition waits for the
// one before. Lanes are therefore outermost: LANES × k × `pitch` values, pitch being d rounded up
// to 16 bytes. Each sum is made of the same values in the same order as in `gather`.

/// `w` columns of LANES rows, w a power of two that the compiler knows, turned into rows of w
/// values by perfect shuffles.
INLINE void SIMD(transpose)(VEC *columns, const size_t w) {
  for (size_t width = w; width > 1; width /= 2) {
    VEC shuffled[LANES];
    for (size_t i = 0; i < w / 2; i++) {
      shuffled[2 * i] = INTERLEAVE_LOW(columns[i], columns[i + w / 2]);
      shuffled[2 * i + 1] = INTERLEAVE_HIGH(columns[i], columns[i + w / 2]);
    }
    for (size_t i = 0; i < w; i++) {
      columns[i] = shuffled[i];
    }
  }
}

/// Adds LANES values of each of LANES rows.
INLINE void SIMD(spread_wide)(const REAL *rows, size_t stride, const INT *labels, size_t pitch,
                              size_t step, REAL *lanes) {
  VEC row[LANES];
  for (size_t j = 0; j < LANES; j++) {
    row[j] = LOAD(rows + j * stride);
  }
  SIMD(transpose)(row, LANES);
#pragma clang loop unroll(full)
  for (size_t lane = 0; lane < LANES; lane++) {
    REAL *to = lanes + lane * step + (size_t)labels[lane] * pitch;
    STORE(to, LOAD(to) + row[lane]);
  }
}

/// Adds up to QUARTER values of each of LANES rows; the rest of the quarter stays 0.
INLINE void SIMD(spread_narrow)(const REAL *rows, size_t stride, size_t width, const INT *labels,
                                size_t pitch, size_t step, REAL *lanes) {
  VEC four[LANES];
  for (size_t j = 0; j < QUARTER; j++) {
    four[j] = j < width ? LOAD(rows + j * stride) : (VEC)(REAL)0;
  }
  SIMD(transpose)(four, QUARTER);
  REAL row[LANES * QUARTER];
  for (size_t j = 0; j < QUARTER; j++) {
    STORE(row + j * LANES, four[j]);
  }
#pragma clang loop unroll(full)
  for (size_t lane = 0; lane < LANES; lane++) {
    REAL *to = lanes + lane * step + (size_t)labels[lane] * pitch;
    LOAD_QUARTER(to) += LOAD_QUARTER(row + lane * QUARTER);
  }
}

TARGET static void SIMD(spread)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                                const INT *labels, REAL *lanes, INT *counts) {
  const size_t pitch = PITCH(d), step = k * pitch;
  size_t r = 0;
  for (; r + LANES <= count; r += LANES) {
    size_t j = 0;
    for (; j + LANES <= d; j += LANES) {
      SIMD(spread_wide)(rows + j * stride + r, stride, labels + r, pitch, step, lanes + j);
    }
    for (; j < d; j += QUARTER) {
      size_t width = d - j < QUARTER ? d - j : QUARTER;
      SIMD(spread_narrow)(rows + j * stride + r, stride, width, labels + r, pitch, step, lanes + j);
    }
    for (size_t lane = 0; lane < LANES; lane++) {
      counts[(size_t)labels[r + lane] * LANES + lane] += 1;
    }
  }
  SCALAR(spread)(rows + r, stride, count - r, d, k, labels + r, lanes, counts);
}

TARGET static void SIMD(collect)(const REAL *lanes, size_t d, size_t k, double *totals) {
  const size_t pitch = PITCH(d), step = k * pitch;
  double sums[COLLECTED];
  for (size_t begin = 0; begin < step; begin += COLLECTED) {
    const size_t count = step - begin < COLLECTED ? step - begin : COLLECTED;
    memset(sums, 0, sizeof sums);
    for (size_t lane = 0; lane < LANES; lane++) {
      // Reads beyond the lane, but not beyond the scratch; what comes of that is left out.
      for (size_t i = 0; i < count; i += LANES) {
        VEC values = LOAD(lanes + lane * step + begin + i);
        DOUBLES_AT(sums + i) += __builtin_convertvector(values, VEC_DOUBLE);
      }
    }
    for (size_t i = 0; i < count; i++) {
      const size_t column = (begin + i) % pitch;
      if (column < d) {
        totals[(begin + i) / pitch * d + column] += sums[i];
      }
    }
  }
}
