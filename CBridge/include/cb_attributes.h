#ifndef CB_ATTRIBUTES_H
#define CB_ATTRIBUTES_H

#include "cb_customers.h"

/// Version of `cb_attribute`; it changes whenever the meaning of one byte of it does.
#define CB_ATTRIBUTE_VERSION 1

/// A value of one of a customer's attributes that is not empty. Of two, the one with the later
/// instant counts, and at one instant the one whose row stands further back.
///
/// The customer's and then the value's bytes follow, padded to a multiple of 8.
typedef struct cb_attribute {
  uint64_t hash; // of the customer's bytes, all of it
  int64_t instant;
  uint64_t place;     // as in `cb_order_day`
  uint32_t attribute; // which one, from 0; CB_NO_ATTRIBUTE once a later value is known
  uint32_t customer_length;
  uint32_t value_length;
  uint32_t reserved; // 0
} cb_attribute;

/// Marks a value that no longer counts.
#define CB_NO_ATTRIBUTE UINT32_MAX

/// Folds the values that neighbouring rows of one customer have in one attribute and appends the
/// latest of each fold to its partition.
///   rows       in      its order columns hold the attribute's fields
///   attribute  in      which one
/// Otherwise as cb_fold_rows.
cb_status cb_fold_attribute(const cb_ledger_rows *rows, uint32_t attribute, uint64_t hash_seed,
                            cb_cursor *cursors, cb_fold_progress *progress);

/// Drops all but the latest value of each customer's attributes. As cb_fold_order_days.
cb_status cb_fold_attributes(cb_block *list, cb_block *spare, uint64_t *table, size_t slots,
                             cb_block **folded, cb_block **released);

/// Points customer records to the values of their attributes.
///   list        in      attributes of the partition; customers that have no record are passed over
///   grouping    in      as it was for cb_reduce_customers
///   sorted      in      from cb_reduce_customers, unchanged
///   attributes  in      how many are declared
/// Returns CB_OK, or CB_BAD_SHAPE for an attribute that is not declared.
cb_status cb_attach_attributes(const cb_block *list, const cb_grouping *grouping,
                               const cb_sort_item *sorted, uint32_t attributes);

/// How many bytes the values of one attribute of some customers have together.
size_t cb_attribute_bytes(const cb_sort_item *items, size_t count, uint32_t attribute);

/// Copies the values of one attribute to a column.
///   items   in   `count` from cb_sort_customers
///   ends    out  `count` offsets behind the values
///   values  out  cb_attribute_bytes(items, count, attribute) bytes
void cb_gather_attribute(const cb_sort_item *items, size_t count, uint32_t attribute, size_t *ends,
                         uint8_t *values);

#endif
