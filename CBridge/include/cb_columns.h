#ifndef CB_COLUMNS_H
#define CB_COLUMNS_H

#include <stddef.h>

/// Smallest and largest of some values.
///   lowest, highest  in/out  widened to the values that are finite
/// Returns the index of the first value that is NaN or infinite, or `count` where there is none.
size_t cb_column_range(const double *values, size_t count, double *lowest, double *highest);

/// Sum of (value × scale − centre), or of its squares.
///
/// The value with index i goes to lane i mod 8, the lanes are added in ascending order: the bits
/// depend on the values alone.
double cb_column_sum(const double *values, size_t count, double scale, double centre);
double cb_column_sum_of_squares(const double *values, size_t count, double scale, double centre);

/// sign(x) · log(1 + |x|) of each value, within one unit in the last place.
///
/// Plain arithmetic throughout, so the bits are the same on every machine, which those of the C
/// library are not: it takes other forms where there is a fused multiply-add.
void cb_column_log1p(const double *values, size_t count, double *logarithms);

#endif
