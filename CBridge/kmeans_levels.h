// Includes kmeans_simd.h once for each instruction set. How much a form keeps in registers at once
// follows from their number: AVX2 has 16 of 32 bytes, AVX-512 has 32 of 64. WIDE is the vectors of
// rows that share one load of a centroid, to hide the latency of the chain: with 3 columns and 8
// clusters of float, AVX2 takes 2.2 ns a row with 4 and 1.5 with 2, AVX-512 0.6 with 4 and 0.7
// with 2.

#define SIMD(name) FORM_AVX2(name)
#define TARGET AVX2
#define WIDE 2
#define GATHER_CLUSTERS 1
#define GATHER_COLUMNS 4
#include "kmeans_simd.h"
#undef SIMD
#undef TARGET
#undef WIDE
#undef GATHER_CLUSTERS
#undef GATHER_COLUMNS

#define SIMD(name) FORM_AVX512(name)
#define TARGET AVX512
#define WIDE 4
#define GATHER_CLUSTERS 4
#define GATHER_COLUMNS 4
#include "kmeans_simd.h"
#undef SIMD
#undef TARGET
#undef WIDE
#undef GATHER_CLUSTERS
#undef GATHER_COLUMNS
