#ifndef CB_IDENTITY_H
#define CB_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

/// Bytes of an xxHash value in canonical (big-endian) form.
#define CB_IDENTITY_SIZE 16

/// XXH3-128 of one block, in canonical form.
///   bytes, size  in
///   digest       out  CB_IDENTITY_SIZE bytes
/// Source: Y. Collet, xxHash, https://xxhash.com.
void cb_identity_block(const uint8_t *bytes, size_t size, uint8_t *digest);

/// XXH3-64 of a byte string.
uint64_t cb_identity_hash(const uint8_t *bytes, size_t size);

#endif
