#ifndef CB_BLOCK_H
#define CB_BLOCK_H

#include <stddef.h>
#include <stdint.h>

/// Bytes behind a block's capacity that may be read and written: keys are moved 16 bytes at a time.
#define CB_BLOCK_SLACK 64

/// Bytes from a block's address to its first record: a cache line, so that records begin on one.
#define CB_BLOCK_HEADER 64

/// A piece of memory that holds whole records, one behind the other, each a multiple of 8 bytes.
///
/// `capacity` usable bytes begin CB_BLOCK_HEADER bytes behind the block's address, and
/// CB_BLOCK_SLACK more follow them. Blocks form lists; a list never holds a record that spans two
/// blocks. The caller owns every block and lends it to a kernel.
typedef struct cb_block {
  struct cb_block *next;
  uint64_t capacity; // usable bytes
  uint64_t used;     // bytes taken by records
  uint64_t records;  // how many there are
} cb_block;

/// Where a worker's next record of a partition goes.
///
/// Apart from the blocks, so that a worker's 256 of them stay in the first cache.
typedef struct cb_cursor {
  cb_block *block; // NULL, and the two addresses equal, where there is none yet
  uint8_t *at;
  uint8_t *end;     // behind the block's capacity
  uint64_t records; // in the block; written to its header only when it is handed over
} cb_cursor;

/// The block's first record.
static inline uint8_t *cb_block_bytes(const cb_block *block) {
  return (uint8_t *)(uintptr_t)block + CB_BLOCK_HEADER;
}

#endif
