#include "include/cb_lapack.h"

#include <lapacke.h>
#include <limits.h>

// The only file that knows LAPACKE.

cb_status cb_lapack_symmetric_eigen(double *matrix, size_t d, double *values) {
  if (d == 0 || d > INT_MAX) {
    return CB_BAD_SHAPE;
  }
  lapack_int size = (lapack_int)d;
  lapack_int info = LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', size, matrix, size, values);
  return info == 0 ? CB_OK : CB_NUMERIC;
}
