#ifndef CB_BLAS_H
#define CB_BLAS_H

#include "cb_status.h"

#include <stddef.h>

/// Makes BLAS run one thread in each worker; to be called once, before any other function here.
/// Returns CB_OK, or CB_SERIAL_BLAS when the library was built without threads: such a build
/// shares buffers between callers and gives wrong products when two workers call it at once.
cb_status cb_blas_prepare(void);

/// The kernels that the library took for this processor, such as `SkylakeX`. Static storage.
const char *cb_blas_core_name(void);

/// The library's version and how it was built, such as `OpenBLAS 0.3.21 DYNAMIC_ARCH`. Static
/// storage.
const char *cb_blas_build(void);

/// Products of rows with centroids, −2 · X · Cᵀ: all of a squared distance that depends on both.
///   rows       in   m × d, column-major, `stride` apart
///   centroids  in   k × d, row-major
///   products   out  m × k, column-major, `m` apart
/// Returns CB_OK, or CB_BAD_SHAPE when a size is 0 or above 2^31 − 1. Reentrant after prepare.
cb_status cb_blas_products_f32(const float *rows, size_t stride, size_t m, size_t d,
                               const float *centroids, size_t k, float *products);
cb_status cb_blas_products_f64(const double *rows, size_t stride, size_t m, size_t d,
                               const double *centroids, size_t k, double *products);

/// Adds Xᵀ · X to `moments`, of which only the lower triangle is used.
///   rows     in      m × d, column-major, `stride` apart
///   moments  in/out  d × d, column-major
/// Returns CB_OK, or CB_BAD_SHAPE as above.
cb_status cb_blas_add_moments(const double *rows, size_t stride, size_t m, size_t d,
                              double *moments);

#endif
