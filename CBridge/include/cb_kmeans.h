#ifndef CB_KMEANS_H
#define CB_KMEANS_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

// Kernels of k-means over one block of rows, in float and in double. n rows, d columns, k
// centroids.
//
// Layout of all of them: `rows` points at a block's first value in column 0, columns are `stride`
// values apart, and every column can be read up to the next multiple of CB_KMEANS_PAD rows (what
// stands there is ignored, but must be finite). Centroids are k × d, row-major, all finite.
//
// The bits of every result depend on the block's values alone: the same at every SIMD level and for
// all engines. The squared distance is one chain of fused multiply-adds over the columns in
// ascending order, ties go to the lowest centroid, and sums run in virtual lanes: the row with
// index i in its block is added to lane i mod 16 (float) or i mod 8 (double), and the lanes are
// then added in ascending order, in double.

/// The most rows of a block.
#define CB_KMEANS_BLOCK_ROWS 4096
/// Columns are readable to a multiple of this many rows.
#define CB_KMEANS_PAD 64
/// The most values of all centroids together, k · d; k itself is at most 65,535.
#define CB_KMEANS_MAX_VALUES (1 << 20)

/// What finds the nearest centroids; all give the same bits.
typedef enum cb_kmeans_engine {
  CB_KMEANS_FUSED = 0, // direct distances, SIMD over rows
  CB_KMEANS_BLAS = 1,  // tiles of a matrix product; rows too close to call are decided directly
  CB_KMEANS_TILE = 2,  // the same by a product of our own that stays in registers
} cb_kmeans_engine;

/// How many values of scratch a block needs, whatever the engine; 0 where the sizes are out of
/// bounds.
size_t cb_kmeans_scratch(size_t d, size_t k);

/// Values in the scale that is clustered in: (value × scale) − centre, rounded once.
///   values  in   count doubles
///   scaled  out  count values
void cb_kmeans_scale_f32(const double *values, size_t count, double scale, double centre,
                         float *scaled);
void cb_kmeans_scale_f64(const double *values, size_t count, double scale, double centre,
                         double *scaled);

/// Where the running sum of gaps passes a mark.
///   gaps  in  count values, at least 0
/// Returns the first index at which it does, or the last with a gap above 0 where it never does, or
/// 0 where there is none.
size_t cb_kmeans_locate_f32(const float *gaps, size_t count, double mark);
size_t cb_kmeans_locate_f64(const double *gaps, size_t count, double mark);

/// Squared length of each row, for the error bound of the engines `blas` and `tile`.
///   norms  out  count values
/// Returns CB_OK, or CB_BAD_SHAPE for a bad count, d or stride.
cb_status cb_kmeans_norms_f32(const float *rows, size_t stride, size_t count, size_t d,
                              float *norms);
cb_status cb_kmeans_norms_f64(const double *rows, size_t stride, size_t count, size_t d,
                              double *norms);

/// Labels the rows of a block with their nearest centroids and adds them up by label.
///   norms      in      count squared lengths, readable as the rows; needed by CB_KMEANS_BLAS and
///                      CB_KMEANS_TILE, else ignored
///   scratch    -       cb_kmeans_scratch(d, k) values
///   sums       in/out  k × d: the rows of each label are added; NULL for the labels alone
///   counts     in/out  k: the number of rows of each label is added; NULL where sums is
///   inertia    in/out  the squared distances to the nearest centroids are added; may be NULL
///   labels     out     count indices in [0, k); may be NULL
///   gaps       out     count squared distances, readable as the rows; may be NULL
/// Returns CB_OK, or CB_BAD_SHAPE for sizes out of bounds. Reentrant; never allocates, save that
/// BLAS keeps buffers of its own.
cb_status cb_kmeans_block_f32(const float *rows, size_t stride, size_t count, size_t d,
                              const float *centroids, size_t k, const float *norms,
                              cb_kmeans_engine engine, float *scratch, double *sums,
                              int64_t *counts, double *inertia, uint16_t *labels, float *gaps);
cb_status cb_kmeans_block_f64(const double *rows, size_t stride, size_t count, size_t d,
                              const double *centroids, size_t k, const double *norms,
                              cb_kmeans_engine engine, double *scratch, double *sums,
                              int64_t *counts, double *inertia, uint16_t *labels, double *gaps);

/// The update step for given labels: adds the rows of a block up by label, to the same bits as
/// cb_kmeans_block.
///   labels   in      count indices in [0, k)
///   weights  in      count weights, finite and at least 0; NULL where all are 1
///   gaps     in      count squared distances; NULL where the inertia is not wanted
///   scratch  -       cb_kmeans_scratch(d, k) values
///   sums     in/out  k × d: the rows of each label, times their weights, are added
///   counts   in/out  k: the number of rows of each label with a weight above 0 is added
///   masses   in/out  k: the weights of the rows of each label are added; unused without weights
///   inertia  in/out  the gaps, times the weights, are added; may be NULL
/// Weighted sums run in 8 lanes of doubles, the row with index i in its block in lane i mod 8.
cb_status cb_kmeans_update_f32(const float *rows, size_t stride, size_t count, size_t d, size_t k,
                               const uint16_t *labels, const double *weights, const float *gaps,
                               float *scratch, double *sums, int64_t *counts, double *masses,
                               double *inertia);
cb_status cb_kmeans_update_f64(const double *rows, size_t stride, size_t count, size_t d, size_t k,
                               const uint16_t *labels, const double *weights, const double *gaps,
                               double *scratch, double *sums, int64_t *counts, double *masses,
                               double *inertia);

/// The same without weights for some labels alone: those whose rows are others than before.
///   changed  in      k flags
///   sums     in/out  k × d: where flagged, replaced by the sums of this block
///   counts   in/out  k: where flagged, replaced by the number of rows in this block
cb_status cb_kmeans_renew_f32(const float *rows, size_t stride, size_t count, size_t d, size_t k,
                              const uint16_t *labels, const uint8_t *changed, float *scratch,
                              double *sums, int64_t *counts);
cb_status cb_kmeans_renew_f64(const double *rows, size_t stride, size_t count, size_t d, size_t k,
                              const uint16_t *labels, const uint8_t *changed, double *scratch,
                              double *sums, int64_t *counts);

/// Squared distances of the rows of a block to the centroids of their labels.
///   gaps  out  count squared distances
cb_status cb_kmeans_measure_f32(const float *rows, size_t stride, size_t count, size_t d,
                                const float *centroids, size_t k, const uint16_t *labels,
                                float *gaps);
cb_status cb_kmeans_measure_f64(const double *rows, size_t stride, size_t count, size_t d,
                                const double *centroids, size_t k, const uint16_t *labels,
                                double *gaps);

/// What the inertia of a block would be with one more centroid, for each of m candidates.
///   candidates  in      m × d, row-major
///   gaps        in      count squared distances to the nearest centroid so far
///   totals      in/out  m: the smaller of gap and distance, summed, is added
/// The gaps are readable as the rows are.
cb_status cb_kmeans_try_f32(const float *rows, size_t stride, size_t count, size_t d,
                            const float *candidates, size_t m, const float *gaps, double *totals);
cb_status cb_kmeans_try_f64(const double *rows, size_t stride, size_t count, size_t d,
                            const double *candidates, size_t m, const double *gaps, double *totals);

/// Takes one more centroid: lowers the gaps to it and adds them up.
///   gaps   in/out  count squared distances, readable and writable as the rows
///   total  in/out  the lowered gaps are added
cb_status cb_kmeans_take_f32(const float *rows, size_t stride, size_t count, size_t d,
                             const float *centroid, float *gaps, double *total);
cb_status cb_kmeans_take_f64(const double *rows, size_t stride, size_t count, size_t d,
                             const double *centroid, double *gaps, double *total);

/// Figures for the quality of a clustering with given labels.
///   labels      in      count indices in [0, k)
///   weights     in      count factors of what a row adds; NULL where all are 1
///   scratch     -       cb_kmeans_scratch(d, k) values
///   spreads     in/out  k: each label's distances (not squared) to its centroid are added
///   silhouette  in/out  (b − a) / max(a, b) of each row is added
/// Here a is a row's distance to its own centroid and b to the nearest other; the silhouette is 0
/// where both are 0 or k is 1.
cb_status cb_kmeans_quality_f32(const float *rows, size_t stride, size_t count, size_t d,
                                const float *centroids, size_t k, const uint16_t *labels,
                                const double *weights, float *scratch, double *spreads,
                                double *silhouette);
cb_status cb_kmeans_quality_f64(const double *rows, size_t stride, size_t count, size_t d,
                                const double *centroids, size_t k, const uint16_t *labels,
                                const double *weights, double *scratch, double *spreads,
                                double *silhouette);

#endif
