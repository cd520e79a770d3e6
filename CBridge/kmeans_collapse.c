// Equal rows are found by open addressing over a hash of their values, and compared in full.

#include "include/cb_collapse.h"

#include <string.h>

/// 2^64 divided by the golden ratio, odd.
#define MULTIPLIER 0x9E3779B97F4A7C15u

#define REAL float
#define BITS uint32_t
#define KERNEL(name) name##_f32
#include "kmeans_collapse.h"
#undef REAL
#undef BITS
#undef KERNEL

#define REAL double
#define BITS uint64_t
#define KERNEL(name) name##_f64
#include "kmeans_collapse.h"
