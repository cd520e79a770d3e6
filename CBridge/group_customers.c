// Order-days of one partition by customer. The table's slots hold the customer's number plus one
// and its hash; the customer's first order-day is what keys are compared with in
// full. Two counting passes then put each customer's order-days side by side.

#include "include/cb_customers.h"

#include "order_day.h"

// Records whose slots are fetched together.
#define GROUP 16

// The number of the record's customer; `firsts` holds the first order-day of each.
static inline uint32_t find_customer(cb_grouping *grouping, const cb_order_day *record,
                                     uint64_t *firsts) {
  uint64_t mask = grouping->slots - 1;
  uint64_t tag = (uint64_t)record->hash << 32;
  for (uint64_t i = record->hash & mask;; i = (i + 1) & mask) {
    uint64_t entry = grouping->table[i];
    if (entry == 0) {
      firsts[grouping->customers] = (uint64_t)(uintptr_t)record;
      grouping->table[i] = tag | ++grouping->customers;
      return (uint32_t)(grouping->customers - 1);
    }
    uint32_t customer = (uint32_t)entry - 1;
    if (((entry ^ tag) >> 32) == 0 &&
        same_customer((const cb_order_day *)(uintptr_t)firsts[customer], record)) {
      return customer;
    }
  }
}

static void number_customers(const cb_block *block, cb_grouping *grouping, size_t *walked) {
  const uint8_t *at = cb_block_bytes(block);
  uint64_t *firsts = grouping->grouped; // free until the records are placed
  size_t next = *walked;
  for (uint64_t left = block->records; left > 0;) {
    uint64_t count = left < GROUP ? left : GROUP;
    for (uint64_t i = 0; i < count; i++) {
      const cb_order_day *record = (const cb_order_day *)at;
      grouping->walked[next + i] = (uint64_t)(uintptr_t)record;
      at += order_day_size(record);
      __builtin_prefetch(&grouping->table[record->hash & (grouping->slots - 1)]);
    }
    for (uint64_t i = 0; i < count; i++, next++) {
      const cb_order_day *record = (const cb_order_day *)(uintptr_t)grouping->walked[next];
      grouping->customer_of[next] = find_customer(grouping, record, firsts);
    }
    left -= count;
  }
  *walked = next;
}

// Puts the records where their customers' begin; leaves behind `ends` what its name says.
static void place_records(cb_grouping *grouping) {
  uint32_t *begins = grouping->ends; // begins of customers, until each has moved to its end
  memset(begins, 0, (grouping->customers + 1) * sizeof *begins);
  for (size_t i = 0; i < grouping->records; i++) {
    begins[grouping->customer_of[i]]++;
  }
  uint32_t before = 0;
  grouping->largest = 0;
  for (size_t i = 0; i < grouping->customers; i++) {
    uint32_t count = begins[i];
    grouping->largest = count > grouping->largest ? count : grouping->largest;
    begins[i] = before;
    before += count;
  }
  for (size_t i = 0; i < grouping->records; i++) {
    grouping->grouped[begins[grouping->customer_of[i]]++] = grouping->walked[i];
  }
}

cb_status cb_group_customers(const cb_block *list, cb_grouping *grouping) {
  size_t walked = 0;
  size_t records = 0;
  for (const cb_block *block = list; block != NULL; block = block->next) {
    records += block->records;
  }
  if (records != grouping->records) {
    return CB_BAD_SHAPE;
  }
  if (records > UINT32_MAX - 1) {
    return CB_OVERFLOW;
  }
  grouping->customers = 0;
  memset(grouping->table, 0, grouping->slots * sizeof *grouping->table);
  for (const cb_block *block = list; block != NULL; block = block->next) {
    number_customers(block, grouping, &walked);
  }
  place_records(grouping);
  return CB_OK;
}
