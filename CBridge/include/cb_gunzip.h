#ifndef CB_GUNZIP_H
#define CB_GUNZIP_H

#include "cb_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes that a decompressor needs, aligned to 64.
size_t cb_gunzip_size(void);

/// Makes a decompressor in `memory`, which holds cb_gunzip_size() bytes.
void cb_gunzip_init(void *memory);

/// Decompresses gzip (RFC 1952), member after member; CRC and length of each are verified.
///   memory           in/out  as cb_gunzip_init left it, or the last call
///   input, size      in      what follows the input consumed so far
///   consumed         out     bytes taken from `input`
///   output, capacity out
///   produced         out     bytes written to `output`
///   at_end           out     whether the input may end here: a member is complete, none has begun
/// Returns CB_OK; CB_BAD_DATA when the stream is damaged near `consumed`, or, with `at_end`, when a
/// complete member is followed there by something else than a member or zeros.
cb_status cb_gunzip(void *memory, const uint8_t *input, size_t size, size_t *consumed,
                    uint8_t *output, size_t capacity, size_t *produced, bool *at_end);

#endif
