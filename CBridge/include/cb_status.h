#ifndef CB_STATUS_H
#define CB_STATUS_H

/// What a kernel that can fail returns.
typedef enum cb_status {
  CB_OK = 0,
  CB_BAD_SHAPE = 1,   // a size is zero or contradicts another
  CB_OVERFLOW = 2,    // a size or a sum does not fit its type
  CB_NO_SPACE = 3,    // an output buffer is too small
  CB_BAD_DATA = 4,    // the input's bytes are not what they should be
  CB_NUMERIC = 5,     // LAPACK did not converge, or a matrix is singular
  CB_SERIAL_BLAS = 6, // BLAS was built without threads and is not safe to call from several
} cb_status;

#endif
