// The plain form of the steps of k-means over one tile of rows; a template that kmeans.c includes
// once for float and once for double. It is what tests compare the other forms with.
//
// Expects REAL, INT (a signed integer of REAL's size), LANES, FMA(a, b, c) and SCALAR(name).
// Labels below 0 belong to no centroid.

/// Squared distance of one row to one centroid: the canonical chain.
static REAL SCALAR(distance)(const REAL *row, size_t stride, size_t d, const REAL *centroid) {
  REAL sum = 0;
  for (size_t j = 0; j < d; j++) {
    REAL gap = row[j * stride] - centroid[j];
    sum = FMA(gap, gap, sum);
  }
  return sum;
}

/// The nearest centroid of one row, ties to the lowest.
static INT SCALAR(nearest_row)(const REAL *row, size_t stride, size_t d, const REAL *centroids,
                               size_t k, REAL *gap) {
  INT label = 0;
  REAL best = (REAL)INFINITY;
  for (size_t i = 0; i < k; i++) {
    REAL distance = SCALAR(distance)(row, stride, d, centroids + i * d);
    if (distance < best) {
      best = distance;
      label = (INT)i;
    }
  }
  *gap = best;
  return label;
}

static void SCALAR(nearest)(const REAL *rows, size_t stride, size_t count, size_t d,
                            const REAL *centroids, size_t k, INT *labels, REAL *gaps) {
  for (size_t r = 0; r < count; r++) {
    labels[r] = SCALAR(nearest_row)(rows + r, stride, d, centroids, k, gaps + r);
  }
}

/// Adds rows to the lanes of their labels; `counts` may be NULL.
static void SCALAR(gather)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                           const INT *labels, REAL *lanes, INT *counts) {
  (void)k;
  for (size_t r = 0; r < count; r++) {
    if (labels[r] < 0) {
      continue;
    }
    size_t cluster = (size_t)labels[r], lane = r % LANES;
    if (counts) {
      counts[cluster * LANES + lane] += 1;
    }
    for (size_t j = 0; j < d; j++) {
      lanes[(cluster * d + j) * LANES + lane] += rows[j * stride + r];
    }
  }
}

static void SCALAR(add)(const REAL *values, size_t count, REAL *lanes) {
  for (size_t r = 0; r < count; r++) {
    lanes[r % LANES] += values[r];
  }
}

/// The smaller of each gap and the distance to a centroid.
static void SCALAR(lower)(const REAL *rows, size_t stride, size_t count, size_t d,
                          const REAL *centroid, const REAL *gaps, REAL *lowered) {
  for (size_t r = 0; r < count; r++) {
    REAL distance = SCALAR(distance)(rows + r, stride, d, centroid);
    lowered[r] = distance < gaps[r] ? distance : gaps[r];
  }
}

/// Distance to the labelled centroid, and the silhouette against the nearest other.
static void SCALAR(judge)(const REAL *rows, size_t stride, size_t count, size_t d,
                          const REAL *centroids, size_t k, const INT *labels, REAL *own,
                          REAL *silhouettes) {
  for (size_t r = 0; r < count; r++) {
    REAL a = 0, b = (REAL)INFINITY;
    for (size_t i = 0; i < k; i++) {
      REAL distance = SCALAR(distance)(rows + r, stride, d, centroids + i * d);
      if (labels[r] == (INT)i) {
        a = distance;
      } else if (distance < b) {
        b = distance;
      }
    }
    a = SQRT(a);
    b = SQRT(b);
    REAL larger = a < b ? b : a;
    own[r] = a;
    silhouettes[r] = larger > 0 && larger < (REAL)INFINITY ? (b - a) / larger : 0;
  }
}

/// Goes on with the two lowest scores (product + squared centroid length) of each row.
///   products  in      count × k, column-major, `pitch` apart, of centroids `first` to `first` + k
static void SCALAR(narrow)(const REAL *products, size_t pitch, size_t count, const REAL *lengths,
                           size_t first, size_t k, INT *labels, REAL *lowest, REAL *second) {
  for (size_t r = 0; r < count; r++) {
    for (size_t i = 0; i < k; i++) {
      REAL score = products[i * pitch + r] + lengths[first + i];
      REAL worse = score < lowest[r] ? lowest[r] : score;
      second[r] = worse < second[r] ? worse : second[r];
      labels[r] = score < lowest[r] ? (INT)(first + i) : labels[r];
      lowest[r] = score < lowest[r] ? score : lowest[r];
    }
  }
}

/// Distance of each row to its labelled centroid.
static void SCALAR(measure)(const REAL *rows, size_t stride, size_t count, size_t d,
                            const REAL *centroids, const INT *labels, REAL *gaps) {
  for (size_t r = 0; r < count; r++) {
    gaps[r] = labels[r] < 0
                  ? 0
                  : SCALAR(distance)(rows + r, stride, d, centroids + (size_t)labels[r] * d);
  }
}

/// Adds rows to the lanes of their labels; see kmeans_spread.h for the layout and for why.
static void SCALAR(spread)(const REAL *rows, size_t stride, size_t count, size_t d, size_t k,
                           const INT *labels, REAL *lanes, INT *counts) {
  for (size_t r = 0; r < count; r++) {
    size_t cluster = (size_t)labels[r], lane = r % LANES;
    counts[cluster * LANES + lane] += 1;
    for (size_t j = 0; j < d; j++) {
      lanes[(lane * k + cluster) * PITCH(d) + j] += rows[j * stride + r];
    }
  }
}

/// Adds the lanes that `spread` filled to k × d totals, lanes in ascending order.
static void SCALAR(collect)(const REAL *lanes, size_t d, size_t k, double *totals) {
  for (size_t i = 0; i < k; i++) {
    for (size_t j = 0; j < d; j++) {
      double sum = 0;
      for (size_t lane = 0; lane < LANES; lane++) {
        sum += (double)lanes[(lane * k + i) * PITCH(d) + j];
      }
      totals[i * d + j] += sum;
    }
  }
}

/// Centroids in the order in which `select` reads them: in groups, each column by column. The same
/// order at every level, since the level may be changed between two calls.
static void SCALAR(pack)(const REAL *centroids, size_t d, size_t k, REAL *packed) {
  for (size_t i = 0; i < k; i += TILE_GROUP(k - i)) {
    const size_t c = TILE_GROUP(k - i);
    for (size_t j = 0; j < d; j++) {
      for (size_t member = 0; member < c; member++) {
        packed[i * d + j * c + member] = centroids[(i + member) * d + j];
      }
    }
  }
}

/// The scores of one row.
static void SCALAR(score_row)(const REAL *row, size_t stride, size_t d, const REAL *packed,
                              const REAL *halves, size_t k, REAL *scores) {
  for (size_t i = 0; i < k; i += TILE_GROUP(k - i)) {
    const size_t c = TILE_GROUP(k - i);
    for (size_t member = 0; member < c; member++) {
      scores[i + member] = halves[i + member];
      for (size_t j = 0; j < d; j++) {
        const REAL value = packed[i * d + j * c + member];
        scores[i + member] = FMA(-row[j * stride], value, scores[i + member]);
      }
    }
  }
}

/// Labels rows by their lowest scores, half the squared length of a centroid less its product with
/// the row, and lists the rows with further scores at most factor · (norm + longest) above.
///   packed  in      k × d as `pack` leaves them
///   halves  in      k: half of the squared lengths
///   strip   -       STRIP × d values
///   scores  -       STRIP × k values
///   doubts  out     indices of rows whose label is open
static void SCALAR(select)(const REAL *rows, size_t stride, size_t count, size_t d,
                           const REAL *packed, const REAL *halves, size_t k, const REAL *norms,
                           REAL factor, REAL longest, REAL *strip, REAL *scores, INT *labels,
                           size_t *doubts, size_t *doubt_count) {
  (void)strip;
  for (size_t r = 0; r < count; r++) {
    size_t label = 0, found = 0;
    SCALAR(score_row)(rows + r, stride, d, packed, halves, k, scores);
    for (size_t i = 0; i < k; i++) {
      label = scores[i] < scores[label] ? i : label;
    }
    const REAL limit = scores[label] + factor * (norms[r] + longest);
    for (size_t i = 0; i < k; i++) {
      found += scores[i] <= limit;
    }
    labels[r] = (INT)label;
    doubts[*doubt_count] = r;
    *doubt_count += found != 1;
  }
}
