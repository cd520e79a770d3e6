#ifndef CB_SHA256_H
#define CB_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// The state of one SHA-256 over bytes that come in pieces. Owned by the caller; may be copied.
typedef struct cb_sha256 {
  uint64_t words[16]; // libcrypto's SHA256_CTX
} cb_sha256;

/// Begins a hash over no bytes.
///   state   out  ready for cb_sha256_update
void cb_sha256_begin(cb_sha256 *state);

/// Appends bytes.
///   state   inout
///   bytes   in   `count` bytes; may be NULL when `count` is 0
void cb_sha256_update(cb_sha256 *state, const uint8_t *bytes, size_t count);

/// Ends the hash; the state must begin anew afterwards.
///   state   inout
///   digest  out  32 bytes
void cb_sha256_finish(cb_sha256 *state, uint8_t *digest);

#endif
