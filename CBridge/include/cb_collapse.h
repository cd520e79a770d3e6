#ifndef CB_COLLAPSE_H
#define CB_COLLAPSE_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

/// Numbers the distinct rows in the order in which they first appear; 0 and −0 are equal.
///   rows        in   n × d, column-major, `stride` apart, no NaN; n below 2^32 − 1
///   slot_count  in   a power of two above n, better above 2 n
///   slots       -    slot_count entries
///   members     out  n: the number of each row's value, in [0, distinct)
///   firsts      out  n, of which `distinct` count: where each value appears first
///   distinct    out  how many there are
/// Returns CB_OK, or CB_BAD_SHAPE for sizes out of bounds. Reentrant; never allocates. O(n d) on
/// average.
cb_status cb_kmeans_collapse_f32(const float *rows, size_t stride, size_t n, size_t d,
                                 size_t slot_count, uint32_t *slots, uint32_t *members,
                                 uint32_t *firsts, size_t *distinct);
cb_status cb_kmeans_collapse_f64(const double *rows, size_t stride, size_t n, size_t d,
                                 size_t slot_count, uint32_t *slots, uint32_t *members,
                                 uint32_t *firsts, size_t *distinct);

#endif
