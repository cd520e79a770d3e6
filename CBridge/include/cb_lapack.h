#ifndef CB_LAPACK_H
#define CB_LAPACK_H

#include "cb_status.h"

#include <stddef.h>

/// Eigenvalues and eigenvectors of a symmetric matrix.
///   matrix  in/out  d × d, column-major, lower triangle; out: column i is the i-th unit
///   eigenvector values  out     d eigenvalues, ascending
/// Returns CB_OK, CB_BAD_SHAPE when d is 0 or above 2^31 − 1, or CB_NUMERIC when LAPACK did not
/// converge. LAPACKE allocates its workspace.
cb_status cb_lapack_symmetric_eigen(double *matrix, size_t d, double *values);

#endif
