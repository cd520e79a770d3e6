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

/// Rows and columns of the blocks that dpotrf gets. With 2 it rounds in one way alone: a root, a
/// quotient, a product, a difference. From 3 on OpenBLAS adds products up, in the order and with
/// the fused operations of each processor's kernels, and last digits differ.
#define BLOCK 2

/// Turns the lower triangle of a block into its Cholesky factor.
static lapack_int factor_block(double *matrix, size_t d, size_t begin, size_t size) {
  double block[BLOCK * BLOCK];
  for (size_t i = 0; i < size; i++) {
    for (size_t j = 0; j <= i; j++) {
      block[j * size + i] = matrix[(begin + i) * d + begin + j];
    }
  }
  lapack_int info =
      LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', (lapack_int)size, block, (lapack_int)size);
  for (size_t i = 0; i < size; i++) {
    for (size_t j = 0; j <= i; j++) {
      matrix[(begin + i) * d + begin + j] = block[j * size + i];
    }
  }
  return info;
}

/// Blocked, left to right: the block on the diagonal through LAPACKE, the rows below it solved
/// against it, and what they make up of the rest taken off, in plain sums.
///
/// Source: G. Golub and C. Van Loan, "Matrix Computations", 4th ed., section 4.2.6.
static lapack_int factor(double *matrix, size_t d) {
  for (size_t begin = 0; begin < d; begin += BLOCK) {
    const size_t size = d - begin < BLOCK ? d - begin : BLOCK, end = begin + size;
    lapack_int info = factor_block(matrix, d, begin, size);
    if (info != 0) {
      return info;
    }
    for (size_t i = end; i < d; i++) {
      double *row = matrix + i * d;
      for (size_t j = begin; j < end; j++) {
        for (size_t l = begin; l < j; l++) {
          row[j] -= row[l] * matrix[j * d + l];
        }
        row[j] /= matrix[j * d + j];
      }
      for (size_t j = end; j <= i; j++) {
        for (size_t l = begin; l < end; l++) {
          row[j] -= row[l] * matrix[j * d + l];
        }
      }
    }
  }
  return 0;
}

cb_status cb_lapack_inverse_factor(double *matrix, size_t d) {
  if (d == 0 || d > INT_MAX) {
    return CB_BAD_SHAPE;
  }
  if (factor(matrix, d) != 0) {
    return CB_NUMERIC;
  }
  // Row i of the inverse from the rows above it: L · X = 1, solved in place from the top.
  for (size_t i = 0; i < d; i++) {
    double *row = matrix + i * d;
    for (size_t j = 0; j < i; j++) {
      double sum = 0;
      for (size_t l = j; l < i; l++) {
        sum += row[l] * matrix[l * d + j];
      }
      // Entries left of j are already of the inverse, those from j on still of the factor.
      row[j] = -sum / row[i];
    }
    row[i] = 1 / row[i];
  }
  return CB_OK;
}
