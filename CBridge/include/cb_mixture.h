#ifndef CB_MIXTURE_H
#define CB_MIXTURE_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

// Kernels of a Gaussian mixture with full covariances over one block of rows, in double. n rows, d
// columns, k components; layout and limits as in cb_kmeans.h. A triangle is the lower half of a d ×
// d matrix with its diagonal, row by row: d (d + 1) / 2 values.
//
// The bits depend on the block's values alone: sums run in 8 virtual lanes, as in cb_kmeans.h, and
// exponentials and logarithms are plain arithmetic, the same at every SIMD level and on every
// machine.

/// The most values that the triangles of all components may have.
#define CB_MIXTURE_MAX_VALUES (1 << 21)

/// How many values of scratch the kernels need; 0 where the sizes are out of bounds.
size_t cb_mixture_scratch(size_t d, size_t k);

/// What a block adds to the next estimate of a mixture: E-step and sums in one pass.
///   means           in      k × d, row-major
///   factors         in      k triangles: the inverses of the covariances' Cholesky factors
///   offsets         in      k: log weight + Σ log diagonal of the factor − d / 2 · log 2π
///   scratch         -       cb_mixture_scratch(d, k) values
///   log_likelihood  in/out  the log-densities of the rows are added
///   masses          in/out  k: the responsibilities of each component are added
///   sums            in/out  k × d: responsibility × (row − mean) is added
///   moments         in/out  k triangles: responsibility × (row − mean) (row − mean)ᵀ is added
///   labels          out     count indices of the component of greatest density, ties to the lowest
///   shares          out     k columns, `pitch` apart, of count responsibilities; may be NULL
/// Returns CB_OK, or CB_BAD_SHAPE for sizes out of bounds. Reentrant; never allocates.
cb_status cb_mixture_expect(const double *rows, size_t stride, size_t count, size_t d,
                            const double *means, const double *factors, const double *offsets,
                            size_t k, double *scratch, double *log_likelihood, double *masses,
                            double *sums, double *moments, uint16_t *labels, double *shares,
                            size_t pitch);

/// The same sums where each row belongs to one component alone.
///   labels  in  count indices in [0, k)
cb_status cb_mixture_gather(const double *rows, size_t stride, size_t count, size_t d,
                            const double *means, size_t k, const uint16_t *labels, double *scratch,
                            double *masses, double *sums, double *moments);

/// Natural logarithm of a normal number above 0, within one unit in the last place; the same bits
/// on every machine.
double cb_mixture_log(double value);

#endif
