#include "include/cb_blas.h"

#include <cblas.h>
#include <limits.h>

// The only file that knows BLAS.

// Not in cblas.h, and absent from builds without threads.
extern int blas_thread_shutdown_(void) __attribute__((weak));

/// Ends the threads that OpenBLAS starts when it is loaded, and that nobody here will use: they
/// spin for up to 0.1 s of processor time in every process, even one that only prints its version.
__attribute__((constructor)) static void stop_threads(void) {
  openblas_set_num_threads(1);
  if (blas_thread_shutdown_) {
    blas_thread_shutdown_();
  }
}

cb_status cb_blas_prepare(void) {
  // One thread was set at the start; to set it again would start the threads again.
  return openblas_get_parallel() == 0 ? CB_SERIAL_BLAS : CB_OK;
}

const char *cb_blas_core_name(void) { return openblas_get_corename(); }

const char *cb_blas_build(void) { return openblas_get_config(); }

static int fits(size_t size) { return size > 0 && size <= INT_MAX; }

cb_status cb_blas_products_f32(const float *rows, size_t stride, size_t m, size_t d,
                               const float *centroids, size_t k, float *products) {
  if (!fits(stride) || !fits(m) || !fits(d) || !fits(k)) {
    return CB_BAD_SHAPE;
  }
  cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)k, (int)d, -2.0f, rows,
              (int)stride, centroids, (int)d, 0.0f, products, (int)m);
  return CB_OK;
}

cb_status cb_blas_products_f64(const double *rows, size_t stride, size_t m, size_t d,
                               const double *centroids, size_t k, double *products) {
  if (!fits(stride) || !fits(m) || !fits(d) || !fits(k)) {
    return CB_BAD_SHAPE;
  }
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)k, (int)d, -2.0, rows,
              (int)stride, centroids, (int)d, 0.0, products, (int)m);
  return CB_OK;
}

cb_status cb_blas_add_moments(const double *rows, size_t stride, size_t m, size_t d,
                              double *moments) {
  if (!fits(stride) || !fits(m) || !fits(d)) {
    return CB_BAD_SHAPE;
  }
  cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, (int)d, (int)m, 1.0, rows, (int)stride, 1.0,
              moments, (int)d);
  return CB_OK;
}
