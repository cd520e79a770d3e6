// Short byte strings, compared and loaded by words. Little-endian machines only, as the records
// are.

#ifndef KEY_BYTES_H
#define KEY_BYTES_H

#include "include/cb_order_days.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are loaded as little-endian");

static inline uint64_t load_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

// The low `count` bytes of a word, all of them from 8 on.
static inline uint64_t word_mask(size_t count) {
  return count >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << (8 * count)) - 1;
}

static inline size_t padded(size_t count) { return (count + 7) & ~(size_t)7; }

// Whether two strings are equal; reads nothing behind either.
static inline bool equal_bytes(const uint8_t *left, const uint8_t *right, size_t count) {
  if (count < 8) {
    for (size_t i = 0; i < count; i++) {
      if (left[i] != right[i]) {
        return false;
      }
    }
    return true;
  }
  for (size_t i = 0; i + 8 < count; i += 8) {
    if (load_word(left + i) != load_word(right + i)) {
      return false;
    }
  }
  return load_word(left + count - 8) == load_word(right + count - 8);
}

// Whether two strings are equal, both with 7 readable bytes behind them.
static inline bool equal_words(const uint8_t *left, const uint8_t *right, size_t count) {
  size_t i = 0;
  for (; i + 8 < count; i += 8) {
    if (load_word(left + i) != load_word(right + i)) {
      return false;
    }
  }
  return ((load_word(left + i) ^ load_word(right + i)) & word_mask(count - i)) == 0;
}

// The first eight bytes from `depth` on as a number that sorts as they do, zeros behind the end.
// Reads up to 8 bytes from `depth` on.
static inline uint64_t sort_word(const uint8_t *key, size_t length, size_t depth) {
  if (depth >= length) {
    return 0;
  }
  return __builtin_bswap64(load_word(key + depth) & word_mask(length - depth));
}

// Orders by bytes, a prefix before what continues it.
static inline int compare_bytes(const uint8_t *left, size_t left_length, const uint8_t *right,
                                size_t right_length) {
  size_t shared = left_length < right_length ? left_length : right_length;
  int order = shared == 0 ? 0 : memcmp(left, right, shared);
  if (order != 0) {
    return order;
  }
  return (left_length > right_length) - (left_length < right_length);
}

// Which partition a customer's hash belongs to.
static inline size_t hash_partition(uint64_t hash) {
  return hash / (UINT64_MAX / CB_PARTITIONS + 1);
}

// What an order-day keeps of its customer's hash.
static inline uint32_t hash_tag(uint64_t hash) { return (uint32_t)(hash >> 24); }

// Days since 1970-01-01, rounded down.
static inline int32_t day_number(int64_t instant) {
  int64_t day = instant / CB_DAY_MICROSECONDS;
  return (int32_t)(day - (instant % CB_DAY_MICROSECONDS < 0));
}

#endif
