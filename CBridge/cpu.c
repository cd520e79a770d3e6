#define _GNU_SOURCE

#include "include/cb_cpu.h"

#include <sched.h>
#include <stdatomic.h>

// The one mutable global of the C core: the level chosen, -1 before the first question.
static _Atomic int chosen_level = -1;

cb_level cb_level_detect(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
             __builtin_cpu_supports("pclmul");
  int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512vbmi2");
  if (avx2 && avx512) {
    return CB_LEVEL_AVX512;
  }
  if (avx2) {
    return CB_LEVEL_AVX2;
  }
#endif
  return CB_LEVEL_SCALAR;
}

cb_level cb_level_current(void) {
  int level = atomic_load_explicit(&chosen_level, memory_order_relaxed);
  if (level < 0) {
    level = (int)cb_level_detect();
    atomic_store_explicit(&chosen_level, level, memory_order_relaxed);
  }
  return (cb_level)level;
}

void cb_level_force(cb_level level) {
  cb_level detected = cb_level_detect();
  cb_level used = level < detected ? level : detected;
  atomic_store_explicit(&chosen_level, (int)used, memory_order_relaxed);
}

size_t cb_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) {
    return 1;
  }
  int count = CPU_COUNT(&set);
  return count > 0 ? (size_t)count : 1;
}
