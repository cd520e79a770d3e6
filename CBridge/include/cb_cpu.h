#ifndef CB_CPU_H
#define CB_CPU_H

#include <stddef.h>

/// Instruction sets that kernels have a form for. A higher level includes the lower ones.
typedef enum cb_level {
  CB_LEVEL_SCALAR = 0, // plain C
  CB_LEVEL_AVX2 = 1,   // AVX2, FMA, BMI1, BMI2, PCLMULQDQ
  CB_LEVEL_AVX512 = 2, // AVX-512 F, BW, DQ, VL, VBMI2 besides
} cb_level;

/// The highest level that this processor has.
cb_level cb_level_detect(void);

/// The level that kernels use: the detected one, or a lower one that was forced.
cb_level cb_level_current(void);

/// Makes kernels use `level`, or the detected one where the processor lacks it. For tests and for
/// comparing levels; not to be called while a kernel runs.
void cb_level_force(cb_level level);

/// How many processors this process may run on, at least 1; heeds its affinity mask.
size_t cb_processor_count(void);

#endif
