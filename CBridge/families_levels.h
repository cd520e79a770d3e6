// Includes families_simd.h once for each instruction set.

#define SIMD(name) FORM_AVX2(name)
#define TARGET AVX2
#include "families_simd.h"
#undef SIMD
#undef TARGET

#define SIMD(name) FORM_AVX512(name)
#define TARGET AVX512
#include "families_simd.h"
#undef SIMD
#undef TARGET
