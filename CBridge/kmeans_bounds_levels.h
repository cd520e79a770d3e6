// Includes the engines with bounds once for each instruction set, and the entry points behind them;
// a template that kmeans_bounds.c includes once for float and once for double.

#include "kmeans_bounds_parts.h"

#define FORM(name) FORM_SCALAR(name)
#define TARGET
#include "kmeans_bounds_scalar.h"

#include "kmeans_bounds_forms.h"
#undef FORM
#undef TARGET

#if defined(__x86_64__)
#define FORM(name) FORM_AVX2(name)
#define TARGET AVX2
#define BITS(mask) BITS_AVX2(mask)
#include "kmeans_bounds_simd.h"

#include "kmeans_bounds_forms.h"
#undef FORM
#undef TARGET
#undef BITS

#define FORM(name) FORM_AVX512(name)
#define TARGET AVX512
#define BITS(mask) BITS_AVX512(mask)
#include "kmeans_bounds_simd.h"

#include "kmeans_bounds_forms.h"
#undef FORM
#undef TARGET
#undef BITS
#endif

cb_status KERNEL(cb_bounds_begin)(const cb_bounds_shape *shape, const uint16_t *group_of,
                                  int is_first, const REAL *centroids, REAL *geometry) {
  if (!shape_fits(shape) || (has_groups(shape) && !group_of)) {
    return CB_BAD_SHAPE;
  }
  const KERNEL(parts) parts = KERNEL(split_geometry)(shape, geometry);
#if defined(__x86_64__)
  switch (cb_level_current()) {
  case CB_LEVEL_AVX512:
    FORM_AVX512(begin)(shape, group_of, is_first, centroids, &parts);
    return CB_OK;
  case CB_LEVEL_AVX2:
    FORM_AVX2(begin)(shape, group_of, is_first, centroids, &parts);
    return CB_OK;
  default:
    break;
  }
#endif
  FORM_SCALAR(begin)(shape, group_of, is_first, centroids, &parts);
  return CB_OK;
}

cb_status KERNEL(cb_bounds_label)(const cb_bounds_shape *shape, const REAL *rows, size_t stride,
                                  size_t count, const REAL *geometry, size_t pitch, REAL *scratch,
                                  uint16_t *labels, REAL *upper, REAL *lower, uint8_t *changed,
                                  uint64_t *computed) {
  const size_t padded = (count + CB_KMEANS_PAD - 1) / CB_KMEANS_PAD * CB_KMEANS_PAD;
  if (!shape_fits(shape) || count == 0 || count > CB_KMEANS_BLOCK_ROWS || padded > stride) {
    return CB_BAD_SHAPE;
  }
  const KERNEL(parts) parts = KERNEL(split_geometry)(shape, (REAL *)geometry);
  const KERNEL(work) work = {rows,   stride, count, pitch,   KERNEL(split_scratch)(shape, scratch),
                             labels, upper,  lower, changed, computed};
#if defined(__x86_64__)
  switch (cb_level_current()) {
  case CB_LEVEL_AVX512:
    FORM_AVX512(label)(shape, &parts, &work);
    return CB_OK;
  case CB_LEVEL_AVX2:
    FORM_AVX2(label)(shape, &parts, &work);
    return CB_OK;
  default:
    break;
  }
#endif
  FORM_SCALAR(label)(shape, &parts, &work);
  return CB_OK;
}
