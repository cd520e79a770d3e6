#ifndef CB_LAPACK_H
#define CB_LAPACK_H

#include "cb_status.h"

#include <stddef.h>

/// Eigenvalues and eigenvectors of Q · T · Qᵀ, T symmetric and tridiagonal; the same bits whatever
/// kernels OpenBLAS took.
///   diagonal      in/out  d entries of T; out: the eigenvalues, ascending
///   off_diagonal  in/out  d entries of T beside the diagonal, the last ignored; out: undefined
///   basis         in/out  d × d, column-major: Q; out: column i is the i-th unit eigenvector
/// Returns CB_OK, CB_BAD_SHAPE when d is 0 or above 2^31 − 1, or CB_NUMERIC when LAPACK did not
/// converge. LAPACKE allocates its workspace.
cb_status cb_lapack_tridiagonal_eigen(double *diagonal, double *off_diagonal, size_t d,
                                      double *basis);

/// The inverse of the Cholesky factor of a symmetric matrix; the same bits whatever kernels
/// OpenBLAS took.
///   matrix  in/out  d × d, row-major, of which the lower triangle is used; out: the lower
///                   triangular inverse of L where matrix = L · Lᵀ, the rest undefined
/// Returns CB_OK, CB_BAD_SHAPE when d is 0 or above 2^31 − 1, or CB_NUMERIC when the matrix is not
/// positive definite.
cb_status cb_lapack_inverse_factor(double *matrix, size_t d);

#endif
