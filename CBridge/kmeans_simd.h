// The SIMD forms of kmeans_scalar.h, LANES rows at once; a template that kmeans.c includes for
// float and double and for each instruction set.
//
// Expects REAL, INT, LANES, FMA, VEC and IVEC (vectors of LANES REAL and INT), VEC_AT and IVEC_AT
// (the same at any address), SIMD(name), and from kmeans_levels.h TARGET (the instruction set as a
// function attribute), WIDE, GATHER_CLUSTERS and GATHER_COLUMNS. Vectors are always 64 bytes: AVX2
// does each in two halves, so lanes are the same everywhere. `count` is a multiple of LANES in all
// of them, of WIDE · LANES in nearest and judge.
//
// A clang vector comparison gives all ones or zeros per lane and `mask ? a : b` selects by it,
// which becomes a mask register with AVX-512 and a blend with AVX2.

/// Squared distances of LANES rows to one centroid.
INLINE void SIMD(distance)(const REAL *rows, size_t stride, size_t d, const REAL *centroid,
                           VEC *squared) {
  VEC sum = 0;
  for (size_t j = 0; j < d; j++) {
    VEC gap = LOAD(rows + j * stride) - (VEC)centroid[j];
    sum = j == 0 ? gap * gap : __builtin_elementwise_fma(gap, gap, sum);
  }
  *squared = sum;
}

/// `nearest` for a d that the compiler knows where it is small, so that the rows stay in registers.
INLINE void SIMD(nearest_of)(const REAL *rows, size_t stride, size_t count, const size_t d,
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
          VEC gap = LOAD(rows + j * stride + r + w * LANES) - value;
          sum[w] = j == 0 ? gap * gap : __builtin_elementwise_fma(gap, gap, sum[w]);
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

TARGET static void SIMD(nearest)(const REAL *rows, size_t stride, size_t count, size_t d,
                                 const REAL *centroids, size_t k, INT *labels, REAL *gaps) {
  switch (d) {
  case 1:
    return SIMD(nearest_of)(rows, stride, count, 1, centroids, k, labels, gaps);
  case 2:
    return SIMD(nearest_of)(rows, stride, count, 2, centroids, k, labels, gaps);
  case 3:
    return SIMD(nearest_of)(rows, stride, count, 3, centroids, k, labels, gaps);
  case 4:
    return SIMD(nearest_of)(rows, stride, count, 4, centroids, k, labels, gaps);
  default:
    return SIMD(nearest_of)(rows, stride, count, d, centroids, k, labels, gaps);
  }
}

/// `gather` for `c` clusters and `w` columns that the compiler knows: their lanes stay in
/// registers.
INLINE void SIMD(gather_of)(const REAL *rows, size_t stride, size_t count, size_t d, INT cluster,
                            const size_t c, const size_t w, const INT *labels, REAL *lanes,
                            INT *counts) {
  VEC sum[GATHER_CLUSTERS][GATHER_COLUMNS];
  IVEC number[GATHER_CLUSTERS];
  for (size_t i = 0; i < c; i++) {
    number[i] = 0;
    for (size_t j = 0; j < w; j++) {
      sum[i][j] = LOAD(lanes + (i * d + j) * LANES);
    }
  }
  for (size_t r = 0; r < count; r += LANES) {
    IVEC label = LOAD_LABELS(labels + r);
    VEC value[GATHER_COLUMNS];
    for (size_t j = 0; j < w; j++) {
      value[j] = LOAD(rows + j * stride + r);
    }
    for (size_t i = 0; i < c; i++) {
      IVEC member = label == (IVEC)(cluster + (INT)i);
      number[i] -= member;
      for (size_t j = 0; j < w; j++) {
        VEC added = sum[i][j] + value[j];
        sum[i][j] = member ? added : sum[i][j];
      }
    }
  }
  for (size_t i = 0; i < c; i++) {
    if (counts) {
      INT *to = counts + i * LANES;
      STORE_LABELS(to, LOAD_LABELS(to) + number[i]);
    }
    for (size_t j = 0; j < w; j++) {
      STORE(lanes + (i * d + j) * LANES, sum[i][j]);
    }
  }
}

/// One group of clusters, all columns; the count goes with the first group of columns.
INLINE void SIMD(gather_clusters)(const REAL *rows, size_t stride, size_t count, size_t d,
                                  size_t cluster, const size_t c, const INT *labels, REAL *lanes,
                                  INT *counts) {
  REAL *to = lanes + cluster * d * LANES;
  INT *number = counts ? counts + cluster * LANES : NULL;
  size_t j = 0;
  for (; j + GATHER_COLUMNS <= d; j += GATHER_COLUMNS) {
    SIMD(gather_of)
    (rows + j * stride, stride, count, d, (INT)cluster, c, GATHER_COLUMNS, labels, to + j * LANES,
     j == 0 ? number : NULL);
  }
  const REAL *rest = rows + j * stride;
  INT *rest_number = j == 0 ? number : NULL;
  switch (d - j) {
  case 3:
    return SIMD(gather_of)(rest, stride, count, d, (INT)cluster, c, 3, labels, to + j * LANES,
                           rest_number);
  case 2:
    return SIMD(gather_of)(rest, stride, count, d, (INT)cluster, c, 2, labels, to + j * LANES,
                           rest_number);
  case 1:
    return SIMD(gather_of)(rest, stride, count, d, (INT)cluster, c, 1, labels, to + j * LANES,
                           rest_number);
  default:
    return;
  }
}

TARGET static void SIMD(gather)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                                const INT *labels, REAL *lanes, INT *counts) {
  size_t i = 0;
  for (; i + GATHER_CLUSTERS <= k; i += GATHER_CLUSTERS) {
    SIMD(gather_clusters)(rows, stride, count, d, i, GATHER_CLUSTERS, labels, lanes, counts);
  }
  for (; i < k; i++) {
    SIMD(gather_clusters)(rows, stride, count, d, i, 1, labels, lanes, counts);
  }
}

TARGET static void SIMD(add)(const REAL *values, size_t count, REAL *lanes) {
  VEC sum = LOAD(lanes);
  for (size_t r = 0; r < count; r += LANES) {
    sum += LOAD(values + r);
  }
  STORE(lanes, sum);
}

TARGET static void SIMD(lower)(const REAL *rows, size_t stride, size_t count, size_t d,
                               const REAL *centroid, const REAL *gaps, REAL *lowered) {
  for (size_t r = 0; r < count; r += LANES) {
    VEC distance;
    SIMD(distance)(rows + r, stride, d, centroid, &distance);
    VEC gap = LOAD(gaps + r);
    STORE(lowered + r, distance < gap ? distance : gap);
  }
}

TARGET static void SIMD(judge)(const REAL *rows, size_t stride, size_t count, size_t d,
                               const REAL *centroids, size_t k, const INT *labels, REAL *own,
                               REAL *silhouettes) {
  for (size_t r = 0; r < count; r += WIDE * LANES) {
    IVEC label[WIDE];
    VEC a[WIDE], b[WIDE];
    for (size_t w = 0; w < WIDE; w++) {
      label[w] = LOAD_LABELS(labels + r + w * LANES);
      a[w] = 0;
      b[w] = (VEC)(REAL)INFINITY;
    }
    for (size_t i = 0; i < k; i++) {
      VEC sum[WIDE];
      for (size_t j = 0; j < d; j++) {
        for (size_t w = 0; w < WIDE; w++) {
          VEC gap = LOAD(rows + j * stride + r + w * LANES) - (VEC)centroids[i * d + j];
          sum[w] = j == 0 ? gap * gap : __builtin_elementwise_fma(gap, gap, sum[w]);
        }
      }
      for (size_t w = 0; w < WIDE; w++) {
        IVEC member = label[w] == (IVEC)(INT)i;
        a[w] = member ? sum[w] : a[w];
        b[w] = (~member & (sum[w] < b[w])) ? sum[w] : b[w];
      }
    }
    for (size_t w = 0; w < WIDE; w++) {
      VEC near = __builtin_elementwise_sqrt(a[w]), next = __builtin_elementwise_sqrt(b[w]);
      VEC larger = near < next ? next : near;
      IVEC defined = (larger > (VEC)(REAL)0) & (larger < (VEC)(REAL)INFINITY);
      STORE(own + r + w * LANES, near);
      STORE(silhouettes + r + w * LANES, defined ? (next - near) / larger : (VEC)(REAL)0);
    }
  }
}

TARGET static void SIMD(narrow)(const REAL *products, size_t pitch, size_t count,
                                const REAL *lengths, size_t first, size_t k, INT *labels,
                                REAL *lowest, REAL *second) {
  for (size_t r = 0; r < count; r += LANES) {
    VEC low = LOAD(lowest + r), next = LOAD(second + r);
    IVEC label = LOAD_LABELS(labels + r);
    for (size_t i = 0; i < k; i++) {
      VEC score = LOAD(products + i * pitch + r) + (VEC)lengths[first + i];
      IVEC lower = score < low;
      VEC worse = lower ? low : score;
      next = worse < next ? worse : next;
      label = lower ? (IVEC)(INT)(first + i) : label;
      low = lower ? score : low;
    }
    STORE(lowest + r, low);
    STORE(second + r, next);
    STORE_LABELS(labels + r, label);
  }
}

TARGET static void SIMD(measure)(const REAL *rows, size_t stride, size_t count, size_t d,
                                 const REAL *centroids, const INT *labels, REAL *gaps) {
  for (size_t r = 0; r < count; r++) {
    const REAL *centroid = labels[r] < 0 ? NULL : centroids + (size_t)labels[r] * d;
    REAL sum = 0;
    for (size_t j = 0; centroid && j < d; j++) {
      REAL gap = rows[j * stride + r] - centroid[j];
      sum = FMA(gap, gap, sum);
    }
    gaps[r] = sum;
  }
}
