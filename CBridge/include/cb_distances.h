#ifndef CB_DISTANCES_H
#define CB_DISTANCES_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

// Kernels for the silhouette: rows sorted by the labels that several clusterings give them, and
// sums of the distances from some points to all rows of a cluster.

/// Moves an order of rows into that of their labels, rows of equal labels in the order they had.
///   order   in      count row numbers
///   labels  in      one label a row
///   places  in/out  for each label where its next row goes; is moved on
///   sorted  out     count row numbers
void cb_distances_sort(const uint32_t *order, size_t count, const uint16_t *labels, size_t *places,
                       uint32_t *sorted);

/// Marks the rows whose label differs from that of the row before them in an order.
///   borders  in/out  count marks; set to 1 there, and for the first row
void cb_distances_mark(const uint32_t *order, size_t count, const uint16_t *labels,
                       uint8_t *borders);

/// Values of one column in an order, as doubles.
///   order     in   count row numbers
///   gathered  out  count values
void cb_distances_gather_f32(const float *column, const uint32_t *order, size_t count,
                             double *gathered);
void cb_distances_gather_f64(const double *column, const uint32_t *order, size_t count,
                             double *gathered);

/// Sums of the distances (not squared) from points to the rows of groups.
///   rows    in      d columns, `stride` apart; readable to 7 rows behind the last
///   starts  in      cells + 1 row numbers, ascending: cell c is the rows from starts[c] to
///                   starts[c + 1]
///   groups  in      cells × levels: the groups that a cell's rows belong to
///   points  in      m × d, row-major
///   scratch -       m doubles
///   totals  in/out  groups × m, row-major: the distances are added
/// A distance is the root of one chain of fused multiply-adds over the columns in ascending order;
/// the row with index i in its cell is added to lane i mod 8, the lanes are added in ascending
/// order, and the cells in order: the same bits at every SIMD level.
/// Returns CB_OK, or CB_BAD_SHAPE when d or m is 0. Reentrant; never allocates.
cb_status cb_distances_sum(const double *rows, size_t stride, size_t d, const uint32_t *starts,
                           size_t cells, const uint32_t *groups, size_t levels,
                           const double *points, size_t m, double *scratch, double *totals);

#endif
