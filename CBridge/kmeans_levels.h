// Includes the SIMD templates once for each instruction set. How much a form keeps in registers at
// once follows from their number: AVX2 has 16 of 32 bytes, AVX-512 has 32 of 64. WIDE is the
// vectors of rows that share one load of a centroid, to hide the latency of the chain: with 3
// columns and 8 clusters of float, AVX2 takes 2.2 ns a row with 4 and 1.5 with 2, AVX-512 0.6 with
// 4 and 0.7 with 2. TILE_ROWS × TILE_CENTROIDS vectors hold scores: with 32 columns and 128
// clusters of float, AVX-512 takes 76 ns a row with 4 × 6, 78 with 4 × 4, 82 with 2 × 8 and 168
// with 2 × 12, which no longer fits.

#define INLINE TARGET static inline __attribute__((always_inline))

/// Vectors in memory, at any value's address; macros, because a function that returns a vector
/// would have a calling convention that depends on the instruction set.
#define LOAD(from) (*(const VEC_AT *)(from))
#define STORE(to, vector) (*(VEC_AT *)(to) = (vector))
#define LOAD_LABELS(from) (*(const IVEC_AT *)(from))
#define STORE_LABELS(to, vector) (*(IVEC_AT *)(to) = (vector))

#define SIMD(name) FORM_AVX2(name)
#define TARGET AVX2
#define WIDE 2
#define GATHER_CLUSTERS 1
#define GATHER_COLUMNS 4
#define TILE_ROWS 1
#include "kmeans_simd.h"
#include "kmeans_spread.h"
#include "kmeans_tile.h"
#undef SIMD
#undef TARGET
#undef WIDE
#undef GATHER_CLUSTERS
#undef GATHER_COLUMNS
#undef TILE_ROWS

#define SIMD(name) FORM_AVX512(name)
#define TARGET AVX512
#define WIDE 4
#define GATHER_CLUSTERS 4
#define GATHER_COLUMNS 4
#define TILE_ROWS 4
#include "kmeans_simd.h"
#include "kmeans_spread.h"
#include "kmeans_tile.h"
#undef SIMD
#undef TARGET
#undef WIDE
#undef GATHER_CLUSTERS
#undef GATHER_COLUMNS
#undef TILE_ROWS

#undef INLINE
#undef LOAD
#undef STORE
#undef LOAD_LABELS
#undef STORE_LABELS
