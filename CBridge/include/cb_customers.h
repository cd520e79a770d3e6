#ifndef CB_CUSTOMERS_H
#define CB_CUSTOMERS_H

#include "cb_order_days.h"

/// One customer, as reduced from all its order-days.
///
/// Behind it: with `wide` the upper halves of the four amounts in their order here; then the key's
/// bytes, padded to a multiple of 8; then one address for each attribute, of the `cb_attribute`
/// that holds its latest value, or 0.
typedef struct cb_customer {
  int64_t first; // earliest and
  int64_t last;  // latest instant, microseconds
  uint64_t rows;
  uint32_t orders;     // distinct
  uint32_t days;       // distinct
  uint64_t amounts[4]; // low halves of: gross, returns, largest order, first order
  double gap_mean;     // of the days between the beginnings of successive orders; NaN without
  double gap_variance; // of the population, days²
  uint64_t place;      // of the first row, as in `cb_order_day`
  uint32_t key_length; // bytes
  uint32_t wide;       // 1 when an amount takes more than 64 bits
} cb_customer;

/// A number to sort by and what it stands for.
typedef struct cb_sort_item {
  uint64_t key;
  uint64_t ref;
} cb_sort_item;

/// The order-days of a partition, gathered by customer.
///
/// Customer c has `grouped[ends[c - 1]]` (from 0 for the first) up to `grouped[ends[c]]`,
/// exclusive.
typedef struct cb_grouping {
  size_t records;        // in: order-days in the partition
  size_t slots;          // in: cb_table_slots(records)
  uint64_t *table;       // `slots`; afterwards customers by hash
  uint64_t *walked;      // `records` addresses
  uint32_t *customer_of; // `records`
  uint64_t *grouped;     // `records` addresses of order-days
  uint32_t *ends;        // `records` + 1
  size_t customers;      // out
  size_t largest;        // out: order-days of the customer that has most
} cb_grouping;

/// Gathers the order-days of a list of blocks by customer.
/// Returns CB_OK; CB_BAD_SHAPE when the list does not hold `records`; CB_OVERFLOW from 2^32 of
/// them.
cb_status cb_group_customers(const cb_block *list, cb_grouping *grouping);

/// What a reduction needs and yields.
typedef struct cb_reduction {
  cb_sort_item *items; // scratch: 2 × the largest group
  void *nets;          // scratch: 16 bytes × the largest group, aligned to 16
  uint32_t attributes; // in: addresses to leave room for
  size_t position;     // in out: customers that are done; begin with 0
  uint64_t orders;     // in out: distinct orders of all customers
  uint64_t order_days; // in out: distinct order-days
  size_t bytes;        // out, CB_NO_SPACE: what the next customer takes
} cb_reduction;

/// Reduces customers to records.
///   grouping   in      from cb_group_customers
///   reduction  in out
///   block      in out  takes the records
///   sorted     out     for each customer its sort word (first 8 bytes, big-endian) and address
/// Per customer O(n log n) in its order-days. Returns CB_OK at the end, or CB_NO_SPACE when `block`
/// is full: call again with another.
cb_status cb_reduce_customers(const cb_grouping *grouping, cb_reduction *reduction, cb_block *block,
                              cb_sort_item *sorted);

/// Sorts customers by their keys' bytes, a prefix before what continues it.
///   items    in out  `count`, as cb_reduce_customers leaves them; the keys differ
///   scratch          `count`
void cb_sort_customers(cb_sort_item *items, size_t count, cb_sort_item *scratch);

/// How many bytes the keys of some customers have together.
size_t cb_customer_key_bytes(const cb_sort_item *items, size_t count);

/// Copies instants and counts of `count` customers from cb_sort_customers to columns.
void cb_gather_counts(const cb_sort_item *items, size_t count, int64_t *first, int64_t *last,
                      int64_t *orders, int64_t *rows, int64_t *days);

/// Copies amounts, 16 bytes each, and gaps of `count` customers to columns.
void cb_gather_amounts(const cb_sort_item *items, size_t count, void *gross, void *returns,
                       void *largest, void *first_order, double *gap_mean, double *gap_variance);

/// Copies places and keys of `count` customers to columns.
///   ends  out  offsets behind the keys
///   keys  out  cb_customer_key_bytes(items, count) bytes
void cb_gather_keys(const cb_sort_item *items, size_t count, uint32_t *place_file,
                    uint64_t *place_offset, size_t *ends, uint8_t *keys);

#endif
