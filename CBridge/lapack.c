#include "include/cb_lapack.h"

#include <lapacke.h>
#include <limits.h>

// The only file that knows LAPACKE.

cb_status cb_lapack_tridiagonal_eigen(double *diagonal, double *off_diagonal, size_t d,
                                      double *basis) {
  if (d == 0 || d > INT_MAX) {
    return CB_BAD_SHAPE;
  }
  lapack_int size = (lapack_int)d;
  // Implicit QL in plain rotations: of BLAS it only swaps columns, so that no processor's kernels
  // can change a bit. dsyev and dsyevd take norms and products from them.
  lapack_int info =
      LAPACKE_dsteqr(LAPACK_COL_MAJOR, 'V', size, diagonal, off_diagonal, basis, size);
  return info == 0 ? CB_OK : CB_NUMERIC;
}
