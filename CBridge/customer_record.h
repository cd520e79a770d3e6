// Where the parts of a customer record stand.

#ifndef CUSTOMER_RECORD_H
#define CUSTOMER_RECORD_H

#include "include/cb_customers.h"

#include "key_bytes.h"

_Static_assert(sizeof(cb_customer) == 96, "the record's layout is fixed");

static inline cb_customer *item_customer(const cb_sort_item *item) {
  return (cb_customer *)(uintptr_t)item->ref;
}

static inline uint8_t *customer_key(cb_customer *record) {
  return (uint8_t *)(record + 1) + (record->wide ? 4 * sizeof(uint64_t) : 0);
}

// Addresses of the records that hold the customer's attributes.
static inline uint64_t *customer_attributes(cb_customer *record) {
  return (uint64_t *)(customer_key(record) + padded(record->key_length));
}

#endif
