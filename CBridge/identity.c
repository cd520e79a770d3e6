// XXH3 is the same function however it is computed. Debian's header is compiled here for AVX2 and,
// in identity_baseline.c, for the baseline, because its library knows the baseline alone.

#include "include/cb_identity.h"

#include "identity.h"
#include "include/cb_cpu.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define XXH_INLINE_ALL
#define XXH_VECTOR 2 // XXH_AVX2, which the header names after it has looked
#include <xxhash.h>

static void block_avx2(const uint8_t *bytes, size_t size, uint8_t *digest) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, size));
  memcpy(digest, canonical.digest, CB_IDENTITY_SIZE);
}
#pragma clang attribute pop

#endif

void cb_identity_block(const uint8_t *bytes, size_t size, uint8_t *digest) {
#if defined(__x86_64__)
  if (cb_level_current() >= CB_LEVEL_AVX2) {
    block_avx2(bytes, size, digest);
    return;
  }
#endif
  identity_block_baseline(bytes, size, digest);
}
