// Short byte strings, compared and loaded by words. Little-endian machines only, as the records
// are.

#ifndef KEY_BYTES_H
#define KEY_BYTES_H

#include "include/cb_order_days.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are loaded as little-endian");
_Static_assert(sizeof(cb_order_day) == 48, "the record's layout is fixed");

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

// Both lengths of an order-day.
typedef struct key_lengths {
  uint32_t customer;
  uint32_t order;
} key_lengths;

static inline bool are_long_keys(key_lengths lengths) {
  return lengths.customer >= CB_LONG_KEYS || lengths.order >= CB_LONG_KEYS;
}

static inline key_lengths order_day_lengths(const cb_order_day *record) {
  if (__builtin_expect(record->customer_length != CB_LONG_KEYS, 1)) {
    return (key_lengths){record->customer_length, record->order_length};
  }
  key_lengths lengths;
  memcpy(&lengths, record + 1, sizeof lengths);
  return lengths;
}

static inline const uint8_t *order_day_customer(const cb_order_day *record) {
  return (const uint8_t *)(record + 1) +
         (record->customer_length == CB_LONG_KEYS ? sizeof(key_lengths) : 0);
}

static inline const uint8_t *order_day_order(const cb_order_day *record) {
  return order_day_customer(record) + order_day_lengths(record).customer;
}

static inline size_t size_with_keys(key_lengths lengths) {
  return sizeof(cb_order_day) + (are_long_keys(lengths) ? sizeof lengths : 0) +
         padded((size_t)lengths.customer + lengths.order);
}

static inline size_t order_day_size(const cb_order_day *record) {
  return size_with_keys(order_day_lengths(record));
}

static inline uint64_t order_day_rows(const cb_order_day *record) {
  return record->rows_and_span >> CB_SPAN_BITS;
}

static inline int64_t order_day_last(const cb_order_day *record) {
  return record->first + (int64_t)(record->rows_and_span & ((UINT64_C(1) << CB_SPAN_BITS) - 1));
}

static inline uint64_t rows_and_span(uint64_t rows, int64_t first, int64_t last) {
  return rows << CB_SPAN_BITS | (uint64_t)(last - first);
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

static inline bool same_customer(const cb_order_day *left, const cb_order_day *right) {
  uint32_t length = order_day_lengths(left).customer;
  return left->hash == right->hash && length == order_day_lengths(right).customer &&
         equal_words(order_day_customer(left), order_day_customer(right), length);
}

#endif
