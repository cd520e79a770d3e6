#ifndef CB_ORDER_DAYS_H
#define CB_ORDER_DAYS_H

#include "cb_block.h"
#include "cb_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Version of `cb_order_day`; it changes whenever the meaning of one byte of it does.
#define CB_ORDER_DAY_VERSION 2

/// Partitions that order-days are spread over: with 4.4 million order-days one has 17,000 of them,
/// 0.8 MB, about what a core's second cache holds, and a worker's cursors fit its first.
#define CB_PARTITIONS 256

/// Microseconds of a day.
#define CB_DAY_MICROSECONDS INT64_C(86400000000)

/// Bits that count the microseconds from an order-day's first to its last instant: enough for a
/// day.
#define CB_SPAN_BITS 37

/// Rows that one extended order-day can hold.
#define CB_MAX_ROWS ((UINT64_C(1) << (64 - CB_SPAN_BITS)) - 1)

/// Bits of the byte offset in a place: files of up to 4 TiB; the other 22 number 4 million files.
#define CB_OFFSET_BITS 42

/// In both lengths of an order-day: they stand behind it as two u32, since one does not fit.
#define CB_LONG_KEYS UINT8_MAX

/// In the rows of an order-day: it has a `cb_order_day_extension`.
#define CB_EXTENDED UINT16_MAX

/// What one customer did under one order on one day: the partial that merges in any order.
///
/// Behind it the customer's and then the order's bytes, padded to a multiple of 8, then the
/// extension, if any: rows of one instant whose amounts have one sign do without, which is 48 bytes
/// instead of 64 for usual keys. Several records may have the same customer, order and day: their
/// sums add up exactly. An order's key is what the rule for orders makes of it (`cb_order_rule`),
/// not always the id in the ledger.
typedef struct cb_order_day {
  uint32_t hash;           // of the customer: the 32 bits below those that choose the partition
  uint8_t customer_length; // bytes, or CB_LONG_KEYS
  uint8_t order_length;    // bytes, or CB_LONG_KEYS
  uint16_t rows;           // or CB_EXTENDED
  int64_t first;           // earliest instant, microseconds; without an extension the only one
  int64_t amount;          // sum of the amounts; of those above zero, with an extension
  uint64_t place;          // file << CB_OFFSET_BITS | byte offset of the first row
} cb_order_day;

/// What the sums of an order-day do not always take.
typedef struct cb_order_day_extension {
  int64_t returns;        // sum of the amounts below zero
  uint64_t rows_and_span; // rows << CB_SPAN_BITS | microseconds to the latest instant
} cb_order_day_extension;

/// What makes rows one order.
typedef enum cb_order_identity {
  CB_ORDER_COLUMN = 0, // the order column's bytes
  CB_ORDER_DAY = 1,    // the day: 4 bytes, big-endian, biased by 2^31 so that bytes sort as days do
  CB_ORDER_ROW = 2,    // the row: 12 bytes, big-endian file and offset
} cb_order_identity;

/// How order keys are made.
typedef struct cb_order_rule {
  cb_order_identity identity;
  bool per_file;      // put the file's 4 bytes, big-endian, before the key
  uint64_t hash_seed; // of every customer hash
} cb_order_rule;

/// Rows as columns; `kept` are ascending indices below `row_count` of the rows that count.
typedef struct cb_ledger_rows {
  const uint8_t *bytes;
  size_t byte_count;
  const uint32_t *kept;
  size_t kept_count;
  size_t row_count;
  const uint32_t *customer_begins;
  const uint32_t *customer_lengths;
  const uint32_t *order_begins; // both unused unless the order is a column
  const uint32_t *order_lengths;
  const int64_t *instants;
  const int64_t *amounts;
  const uint32_t *row_begins; // counted from `origin`
  uint64_t origin;
  uint32_t file;
} cb_ledger_rows;

/// How far a call got.
typedef struct cb_fold_progress {
  size_t position;  // in out: rows of `kept` that are done
  size_t partition; // out, CB_NO_SPACE: whose block lacks
  size_t bytes;     // out, CB_NO_SPACE: this many bytes
} cb_fold_progress;

/// Folds consecutive rows of one customer, order and day and appends each fold to its partition.
///   rows      in      fields may begin anywhere; 64 bytes behind them make it faster
///   rule      in
///   cursors   in out  CB_PARTITIONS
///   progress  in out  begin with position 0
/// Returns CB_OK at the end; CB_NO_SPACE when a partition wants another block: give it one and call
/// again; CB_BAD_SHAPE when a field or a row lies outside; CB_OVERFLOW for a key of 2^31 bytes
/// or a place that CB_OFFSET_BITS and the rest of 64 bits do not hold.
cb_status cb_fold_rows(const cb_ledger_rows *rows, const cb_order_rule *rule, cb_cursor *cursors,
                       cb_fold_progress *progress);

/// Slots that a table over `count` entries wants: a power of two, at least twice as many.
size_t cb_table_slots(size_t count);

/// Merges the order-days of a list that have the same customer, order and day.
///   list      in   a list of blocks; the kernel takes them over
///   spare     in   an empty block of at least the capacity of any in `list` with several records
///   table     scratch  `slots` = cb_table_slots(records in `list`), contents ignored
///   folded    out  the list with what is left, in blocks of `list` and `spare`
///   released  out  the list of the other blocks
/// At most two records are left of an order-day, and another two for every 131,068 rows and every
/// sum beyond 64 bits. Returns CB_OK, or CB_BAD_SHAPE when `spare` is too small.
cb_status cb_fold_order_days(cb_block *list, cb_block *spare, uint64_t *table, size_t slots,
                             cb_block **folded, cb_block **released);

#endif
