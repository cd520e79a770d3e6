// Sorted customers to columns. The records lie where their partitions put them, so each is fetched
// some items ahead.

#include "customer_record.h"

// Items ahead whose records are fetched.
#define AHEAD 24

size_t cb_customer_key_bytes(const cb_sort_item *items, size_t count) {
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) {
      const uint8_t *ahead = (const uint8_t *)item_customer(&items[i + AHEAD]);
      __builtin_prefetch(ahead);
      __builtin_prefetch(ahead + sizeof(cb_customer));
    }
    bytes += item_customer(&items[i])->key_length;
  }
  return bytes;
}

static __int128 amount(const cb_customer *record, size_t index) {
  if (!record->wide) {
    return (int64_t)record->amounts[index];
  }
  const uint64_t *halves = (const uint64_t *)(record + 1);
  return (__int128)((unsigned __int128)halves[index] << 64 | record->amounts[index]);
}

void cb_gather_counts(const cb_sort_item *items, size_t count, int64_t *first, int64_t *last,
                      int64_t *orders, int64_t *rows, int64_t *days) {
  for (size_t i = 0; i < count; i++) {
    const cb_customer *record = item_customer(&items[i]);
    first[i] = record->first;
    last[i] = record->last;
    orders[i] = record->orders;
    rows[i] = (int64_t)record->rows;
    days[i] = record->days;
  }
}

void cb_gather_amounts(const cb_sort_item *items, size_t count, void *gross, void *returns,
                       void *largest, void *first_order, double *gap_mean, double *gap_variance) {
  for (size_t i = 0; i < count; i++) {
    const cb_customer *record = item_customer(&items[i]);
    ((__int128 *)gross)[i] = amount(record, 0);
    ((__int128 *)returns)[i] = amount(record, 1);
    ((__int128 *)largest)[i] = amount(record, 2);
    ((__int128 *)first_order)[i] = amount(record, 3);
    gap_mean[i] = record->gap_mean;
    gap_variance[i] = record->gap_variance;
  }
}

void cb_gather_keys(const cb_sort_item *items, size_t count, uint32_t *place_file,
                    uint64_t *place_offset, size_t *ends, uint8_t *keys) {
  size_t end = 0;
  for (size_t i = 0; i < count; i++) {
    cb_customer *record = item_customer(&items[i]);
    place_file[i] = (uint32_t)(record->place >> CB_OFFSET_BITS);
    place_offset[i] = record->place & ((UINT64_C(1) << CB_OFFSET_BITS) - 1);
    memcpy(keys + end, customer_key(record), record->key_length);
    end += record->key_length;
    ends[i] = end;
  }
}
