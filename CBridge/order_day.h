// What an order-day holds, in either of its forms: nobody else looks at its layout.
//
//   usual     32 bytes, keys             rows of one instant, amounts of one sign
//   extended  32 bytes, keys, 16 bytes   any rows
//
// Keys of 255 bytes or more have their lengths before them, in 8 bytes. The extension stands behind
// the keys, so that keys are found without asking for it.

#ifndef ORDER_DAY_H
#define ORDER_DAY_H

#include "include/cb_order_days.h"

#include "key_bytes.h"

_Static_assert(sizeof(cb_order_day) == 32, "the record's layout is fixed");
_Static_assert(sizeof(cb_order_day_extension) == 16, "the extension's layout is fixed");

// The most rows of a record without an extension.
#define USUAL_ROWS (CB_EXTENDED - 1)

// What the rows of an order-day add up to.
typedef struct day_sums {
  int64_t first;
  int64_t last;
  int64_t gross;
  int64_t returns;
  uint64_t rows;
  uint64_t place;
} day_sums;

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

static inline size_t size_with_keys(key_lengths lengths, bool extended) {
  return sizeof(cb_order_day) + (are_long_keys(lengths) ? sizeof lengths : 0) +
         padded((size_t)lengths.customer + lengths.order) +
         (extended ? sizeof(cb_order_day_extension) : 0);
}

static inline bool is_extended(const cb_order_day *record) { return record->rows == CB_EXTENDED; }

static inline size_t order_day_size(const cb_order_day *record) {
  return size_with_keys(order_day_lengths(record), is_extended(record));
}

// Of an extended record.
static inline cb_order_day_extension *order_day_extension(const cb_order_day *record) {
  size_t offset = size_with_keys(order_day_lengths(record), false);
  return (cb_order_day_extension *)((uintptr_t)record + offset);
}

// Everything at once, for readers of several sums.
static inline day_sums order_day_sums(const cb_order_day *record) {
  day_sums sums = {.first = record->first,
                   .last = record->first,
                   .gross = record->amount > 0 ? record->amount : 0,
                   .returns = record->amount < 0 ? record->amount : 0,
                   .rows = record->rows,
                   .place = record->place};
  if (__builtin_expect(is_extended(record), 0)) {
    const cb_order_day_extension *extension = order_day_extension(record);
    uint64_t span = extension->rows_and_span & ((UINT64_C(1) << CB_SPAN_BITS) - 1);
    sums.last += (int64_t)span;
    sums.returns = extension->returns;
    sums.rows = extension->rows_and_span >> CB_SPAN_BITS;
  }
  return sums;
}

static inline __int128 order_day_net(const cb_order_day *record) {
  __int128 returns = is_extended(record) ? order_day_extension(record)->returns : 0;
  return record->amount + returns;
}

// Whether sums take an extension.
static inline bool want_extension(const day_sums *sums) {
  return sums->rows > USUAL_ROWS || sums->first != sums->last ||
         (sums->gross != 0 && sums->returns != 0);
}

static inline void put_extension(cb_order_day *record, const day_sums *sums) {
  *order_day_extension(record) = (cb_order_day_extension){
      .returns = sums->returns,
      .rows_and_span = sums->rows << CB_SPAN_BITS | (uint64_t)(sums->last - sums->first),
  };
}

// Puts other sums into a record that is extended, or that needs no extension for them.
static inline void put_sums(cb_order_day *record, const day_sums *sums) {
  record->first = sums->first;
  record->place = sums->place;
  record->amount = sums->gross;
  if (is_extended(record)) {
    put_extension(record, sums);
  } else {
    record->amount += sums->returns;
    record->rows = (uint16_t)sums->rows;
  }
}

static inline bool same_customer(const cb_order_day *left, const cb_order_day *right) {
  uint32_t length = order_day_lengths(left).customer;
  return left->hash == right->hash && length == order_day_lengths(right).customer &&
         equal_words(order_day_customer(left), order_day_customer(right), length);
}

#endif
