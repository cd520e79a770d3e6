// Includes kmeans_simd.h once for each instruction set. How many lane sums a form keeps in
// registers at once follows from their number: AVX2 has 16 of 32 bytes, AVX-512 has 32 of 64.

#define SIMD(name) FORM_AVX2(name)
#define TARGET AVX2
#define GATHER_CLUSTERS 1
#define GATHER_COLUMNS 4
#include "kmeans_simd.h"
#undef SIMD
#undef TARGET
#undef GATHER_CLUSTERS
#undef GATHER_COLUMNS

#define SIMD(name) FORM_AVX512(name)
#define TARGET AVX512
#define GATHER_CLUSTERS 4
#define GATHER_COLUMNS 4
#include "kmeans_simd.h"
#undef SIMD
#undef TARGET
#undef GATHER_CLUSTERS
#undef GATHER_COLUMNS
