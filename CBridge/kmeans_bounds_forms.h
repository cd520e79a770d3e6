// The engines with bounds for one type and one instruction set, made of the steps of
// kmeans_bounds_scalar.h or kmeans_bounds_simd.h; a template that kmeans_bounds_levels.h includes.

/// The canonical distance of one row to one centroid.
TARGET static inline REAL FORM(distance)(const REAL *row, size_t stride, size_t d,
                                         const REAL *centroid) {
  REAL sum = 0;
  for (size_t j = 0; j < d; j++) {
    REAL gap = row[j * stride] - centroid[j];
    sum = FMA(gap, gap, sum);
  }
  return sum;
}

#include "kmeans_bounds_centroids.h"

#include "kmeans_hamerly.h"

#include "kmeans_exponion.h"

#include "kmeans_elkan.h"

#include "kmeans_yinyang.h"

TARGET static void FORM(begin)(const cb_bounds_shape *shape, const uint16_t *group_of, int is_first,
                               const REAL *centroids, const KERNEL(parts) * parts) {
  FORM(move)(shape, is_first, centroids, parts);
  FORM(lay_out)(shape, group_of, parts);
  switch (shape->kind) {
  case CB_BOUNDS_HAMERLY:
    FORM(relate)(shape, parts, NULL);
    break;
  case CB_BOUNDS_EXPONION:
    FORM(relate)(shape, parts, FORM(exponion_line));
    break;
  case CB_BOUNDS_ELKAN:
    FORM(relate)(shape, parts, FORM(elkan_line));
    break;
  default:
    FORM(drift)(shape, parts);
  }
}

TARGET static void FORM(label)(const cb_bounds_shape *shape, const KERNEL(parts) * parts,
                               const KERNEL(work) * work) {
  switch (shape->kind) {
  case CB_BOUNDS_HAMERLY:
    FORM(hamerly)(shape, parts, work);
    break;
  case CB_BOUNDS_EXPONION:
    FORM(exponion)(shape, parts, work);
    break;
  case CB_BOUNDS_ELKAN:
    FORM(elkan)(shape, parts, work);
    break;
  case CB_BOUNDS_YINYANG:
    FORM(yinyang)(shape, parts, work, 1);
    break;
  default:
    FORM(yinyang)(shape, parts, work, 0);
  }
}
