// SHA-256 by libcrypto, which picks the processor's SHA instructions itself. The functions below
// are those with the caller's own state: the newer EVP interface allocates, and reads the machine's
// OpenSSL configuration on first use. OpenSSL 3 marks them as deprecated and keeps them.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "include/cb_sha256.h"

#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(cb_sha256), "the state has room for libcrypto's");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(cb_sha256), "the state is aligned for libcrypto's");

void cb_sha256_begin(cb_sha256 *state) { (void)SHA256_Init((SHA256_CTX *)(void *)state); }

void cb_sha256_update(cb_sha256 *state, const uint8_t *bytes, size_t count) {
  if (count > 0) {
    (void)SHA256_Update((SHA256_CTX *)(void *)state, bytes, count);
  }
}

void cb_sha256_finish(cb_sha256 *state, uint8_t *digest) {
  (void)SHA256_Final(digest, (SHA256_CTX *)(void *)state);
}
