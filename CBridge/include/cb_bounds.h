#ifndef CB_BOUNDS_H
#define CB_BOUNDS_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

// Kernels of k-means that carry bounds from round to round, so that most distances are never
// computed. n rows, d columns, k centroids; rows, centroids and blocks are laid out as in
// cb_kmeans.h, whose labels they give in every round, ties included: kmeans_bounds.c says why.
//
// A start carries for each row its label, an upper bound of the distance to that label's centroid
// and lower bounds of distances to others; they are this start's own and nobody else writes them.
// Before the first round labels are 0, upper bounds infinite and lower bounds −infinite, padding
// included. Each round: cb_bounds_begin once with the centroids of the round, then cb_bounds_label
// for every block, in any order, by several threads at once.

/// The engine, and so what a row's lower bounds are about.
typedef enum cb_bounds_kind {
  CB_BOUNDS_HAMERLY = 0,            // one: all other centroids
  CB_BOUNDS_EXPONION = 1,           // one: all other centroids
  CB_BOUNDS_ELKAN = 2,              // one for each centroid
  CB_BOUNDS_YINYANG = 3,            // one for each group of centroids
  CB_BOUNDS_SIMPLIFIED_YINYANG = 4, // one for each group of centroids
} cb_bounds_kind;

/// What a start is made for.
typedef struct cb_bounds_shape {
  cb_bounds_kind kind;
  size_t d;
  size_t k;
  size_t groups; // groups of centroids; 1 where the kind has none
} cb_bounds_shape;

/// Lower bounds of one row. Those of Elkan stand row by row, all others column by column as the
/// rows themselves. 0 where the sizes are out of bounds, as in the two that follow.
size_t cb_bounds_width(const cb_bounds_shape *shape);
/// Values of a geometry: what a round has to know of its centroids.
size_t cb_bounds_geometry(const cb_bounds_shape *shape);
/// Values of scratch of one thread.
size_t cb_bounds_scratch(const cb_bounds_shape *shape);

/// Begins a round: how far the centroids have moved, and how they lie to each other.
///   group_of   in      k indices in [0, groups), the same in every round; NULL where there are
///   none is_first   in      whether it is the first round of the start centroids  in      k × d,
///   row-major, all finite geometry   in/out  cb_bounds_geometry values, aligned to 64 bytes
/// Returns CB_OK, or CB_BAD_SHAPE for sizes out of bounds. Reentrant; never allocates.
cb_status cb_bounds_begin_f32(const cb_bounds_shape *shape, const uint16_t *group_of, int is_first,
                              const float *centroids, float *geometry);
cb_status cb_bounds_begin_f64(const cb_bounds_shape *shape, const uint16_t *group_of, int is_first,
                              const double *centroids, double *geometry);

/// Labels the rows of a block with their nearest centroids.
///   geometry  in      what cb_bounds_begin left
///   pitch     in      from one column of lower bounds to the next; ignored for Elkan
///   scratch   -       cb_bounds_scratch values, aligned to 64 bytes
///   labels    in/out  count labels, readable as the rows
///   upper     in/out  count bounds, readable and writable as the rows
///   lower     in/out  the block's first lower bound
///   changed   in/out  k flags: 1 is written for each centroid that has won or lost a row
///   computed  in/out  pairs of row and centroid whose distance was computed are added, each once
/// Returns CB_OK, or CB_BAD_SHAPE for sizes out of bounds. Reentrant; never allocates.
cb_status cb_bounds_label_f32(const cb_bounds_shape *shape, const float *rows, size_t stride,
                              size_t count, const float *geometry, size_t pitch, float *scratch,
                              uint16_t *labels, float *upper, float *lower, uint8_t *changed,
                              uint64_t *computed);
cb_status cb_bounds_label_f64(const cb_bounds_shape *shape, const double *rows, size_t stride,
                              size_t count, const double *geometry, size_t pitch, double *scratch,
                              uint16_t *labels, double *upper, double *lower, uint8_t *changed,
                              uint64_t *computed);

#endif
