#ifndef CB_FAMILIES_H
#define CB_FAMILIES_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

// Kernels of the relatives of k-means over one block of rows, in float and in double. n rows, d
// columns, k centroids; layout, lanes and limits as in cb_kmeans.h, whose word on bits holds here
// as well: they depend on the block's values alone, at every SIMD level.

/// The label of a row that is left out.
#define CB_FAMILY_LEFT_OUT UINT16_MAX

/// How many values of scratch cb_family_gather needs; 0 where the sizes are out of bounds.
size_t cb_family_scratch(size_t d, size_t k);

/// Copies rows by their index.
///   rows     in   the matrix: its first value, not a block's
///   indices  in   count indices of rows
///   picked   out  count × d, columns `pitch` apart
void cb_family_pick_f32(const float *rows, size_t stride, size_t d, const ptrdiff_t *indices,
                        size_t count, float *picked, size_t pitch);
void cb_family_pick_f64(const double *rows, size_t stride, size_t d, const ptrdiff_t *indices,
                        size_t count, double *picked, size_t pitch);

/// Whether all rows of a block equal one row of d values; returns 1 or 0.
int cb_family_equal_f32(const float *rows, size_t stride, size_t count, size_t d, const float *row);
int cb_family_equal_f64(const double *rows, size_t stride, size_t count, size_t d,
                        const double *row);

/// Adds the rows of a block up by given labels.
///   labels   in      count indices in [0, k), or CB_FAMILY_LEFT_OUT
///   scratch  -       cb_family_scratch(d, k) values
///   sums     in/out  k × d: the rows of each label are added
///   counts   in/out  k: the number of rows of each label is added
///   inertia  in/out  the squared distances to the labelled centroids are added
///   gaps     out     count squared distances, 0 for rows left out; may be NULL
/// Returns CB_OK, or CB_BAD_SHAPE for sizes out of bounds.
cb_status cb_family_gather_f32(const float *rows, size_t stride, size_t count, size_t d,
                               const float *centroids, size_t k, const uint16_t *labels,
                               float *scratch, double *sums, int64_t *counts, double *inertia,
                               float *gaps);
cb_status cb_family_gather_f64(const double *rows, size_t stride, size_t count, size_t d,
                               const double *centroids, size_t k, const uint16_t *labels,
                               double *scratch, double *sums, int64_t *counts, double *inertia,
                               double *gaps);

/// Labels the rows of a block with the centroid of least sum of absolute differences.
///   labels  out     count indices in [0, k)
///   gaps    out     count sums of absolute differences
///   total   in/out  the gaps are added
/// The sum runs over the columns in ascending order; ties go to the lowest centroid.
cb_status cb_family_nearest_l1_f32(const float *rows, size_t stride, size_t count, size_t d,
                                   const float *centroids, size_t k, uint16_t *labels, float *gaps,
                                   double *total);
cb_status cb_family_nearest_l1_f64(const double *rows, size_t stride, size_t count, size_t d,
                                   const double *centroids, size_t k, uint16_t *labels,
                                   double *gaps, double *total);

/// Counts the next `bits` bits of the keys of values whose higher bits are a given prefix.
///   values    in      count values, one column
///   labels    in      count indices in [0, k), or CB_FAMILY_LEFT_OUT; NULL for all 0
///   prefixes  in      one key a label: bits from shift + bits upwards have to agree
///   shift     in      the position of the lowest bit that is counted
///   counts    in/out  for each label 2^bits counts
/// The key of a value is a number of 64 bits whose unsigned order is the order of the values, that
/// of the value as a double; −0 has the key of 0.
void cb_family_histogram_f32(const float *values, size_t count, const uint16_t *labels,
                             const uint64_t *prefixes, unsigned shift, unsigned bits,
                             uint32_t *counts);
void cb_family_histogram_f64(const double *values, size_t count, const uint16_t *labels,
                             const uint64_t *prefixes, unsigned shift, unsigned bits,
                             uint32_t *counts);

/// Leaves out the rows whose gap is above a threshold, and the first `ties` of those on it.
///   labels  in/out  count labels
void cb_family_leave_out_f32(const float *gaps, size_t count, float threshold, size_t ties,
                             uint16_t *labels);
void cb_family_leave_out_f64(const double *gaps, size_t count, double threshold, size_t ties,
                             uint16_t *labels);

/// Draws each row of a block on its own, with the probability min(1, factor × gap).
///   gaps    in   count values, at least 0
///   seed    in   the row with index i in the block draws with number i of the stream of this seed
///   picked  out  the indices drawn, ascending; room for count
/// Returns how many were drawn.
size_t cb_family_sample_f32(const float *gaps, size_t count, double factor, uint64_t seed,
                            ptrdiff_t *picked);
size_t cb_family_sample_f64(const double *gaps, size_t count, double factor, uint64_t seed,
                            ptrdiff_t *picked);

/// Divides rows by their length.
///   values  in   count × d doubles, column-major, `stride` apart, all finite
///   units   out  count × d doubles, column-major, `stride` apart; a row of zeros stays
/// Returns the index of the first row of zeros, or count where there is none.
size_t cb_family_unit_rows(const double *values, size_t stride, size_t count, size_t d,
                           double *units);

#endif
