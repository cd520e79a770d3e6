// Attributes travel beside the order-days, in partitions of their own that are cut by the same
// hash, so that ledgers without attributes pay nothing. A fold first finds the latest value of each
// customer and attribute and strikes out the others; a second walk moves what is left together.

#define XXH_INLINE_ALL

#include "include/cb_attributes.h"

#include "customer_record.h"
#include "key_bytes.h"

#include <xxhash.h>

_Static_assert(sizeof(cb_attribute) == 40, "the record's layout is fixed");

static const uint8_t *attribute_customer(const cb_attribute *record) {
  return (const uint8_t *)(record + 1);
}

static const uint8_t *attribute_value(const cb_attribute *record) {
  return attribute_customer(record) + record->customer_length;
}

static size_t attribute_size(const cb_attribute *record) {
  return sizeof *record + padded((size_t)record->customer_length + record->value_length);
}

static bool later(const cb_attribute *left, const cb_attribute *right) {
  if (left->instant != right->instant) {
    return left->instant > right->instant;
  }
  return left->place > right->place;
}

static bool holds_fields(const cb_ledger_rows *rows, size_t row) {
  return row < rows->row_count &&
         (uint64_t)rows->customer_begins[row] + rows->customer_lengths[row] <= rows->byte_count &&
         (uint64_t)rows->order_begins[row] + rows->order_lengths[row] <= rows->byte_count;
}

static bool same_row_customer(const cb_ledger_rows *rows, size_t left, size_t right) {
  return rows->customer_lengths[left] == rows->customer_lengths[right] &&
         equal_bytes(rows->bytes + rows->customer_begins[left],
                     rows->bytes + rows->customer_begins[right], rows->customer_lengths[left]);
}

static bool later_row(const cb_ledger_rows *rows, size_t left, size_t right) {
  if (rows->instants[left] != rows->instants[right]) {
    return rows->instants[left] > rows->instants[right];
  }
  return rows->row_begins[left] > rows->row_begins[right];
}

static cb_status append_attribute(const cb_ledger_rows *rows, size_t row, uint32_t attribute,
                                  uint64_t hash_seed, cb_cursor *cursors,
                                  cb_fold_progress *progress) {
  const uint8_t *customer = rows->bytes + rows->customer_begins[row];
  cb_attribute head = {
      .hash = XXH3_64bits_withSeed(customer, rows->customer_lengths[row], hash_seed),
      .instant = rows->instants[row],
      .place = (uint64_t)rows->file << CB_OFFSET_BITS | (rows->origin + rows->row_begins[row]),
      .attribute = attribute,
      .customer_length = rows->customer_lengths[row],
      .value_length = rows->order_lengths[row],
  };
  size_t partition = hash_partition(head.hash);
  size_t size = attribute_size(&head);
  cb_cursor *cursor = &cursors[partition];
  if ((size_t)(cursor->end - cursor->at) < size) {
    progress->partition = partition;
    progress->bytes = size;
    return CB_NO_SPACE;
  }
  uint8_t *to = cursor->at;
  memcpy(to, &head, sizeof head);
  memcpy(to + sizeof head, customer, head.customer_length);
  memcpy(to + sizeof head + head.customer_length, rows->bytes + rows->order_begins[row],
         head.value_length);
  cursor->at += size;
  cursor->records++;
  return CB_OK;
}

cb_status cb_fold_attribute(const cb_ledger_rows *rows, uint32_t attribute, uint64_t hash_seed,
                            cb_cursor *cursors, cb_fold_progress *progress) {
  while (progress->position < rows->kept_count) {
    size_t next = progress->position;
    size_t latest = rows->kept[next];
    if (!holds_fields(rows, latest)) {
      return CB_BAD_SHAPE;
    }
    for (next++; next < rows->kept_count; next++) {
      size_t row = rows->kept[next];
      if (!holds_fields(rows, row) || !same_row_customer(rows, row, latest)) {
        break;
      }
      if (rows->order_lengths[row] > 0 &&
          (rows->order_lengths[latest] == 0 || later_row(rows, row, latest))) {
        latest = row;
      }
    }
    if (rows->order_lengths[latest] > 0) {
      cb_status status = append_attribute(rows, latest, attribute, hash_seed, cursors, progress);
      if (status != CB_OK) {
        return status;
      }
    }
    progress->position = next;
  }
  return CB_OK;
}

static bool same_attribute(const cb_attribute *left, const cb_attribute *right) {
  return left->hash == right->hash && left->attribute == right->attribute &&
         left->customer_length == right->customer_length &&
         equal_words(attribute_customer(left), attribute_customer(right), left->customer_length);
}

// Strikes out the record, or the earlier one of the same customer and attribute.
static void strike_earlier(cb_attribute *record, uint64_t *table, uint64_t mask) {
  uint64_t hash = record->hash + record->attribute * UINT64_C(0x9E3779B97F4A7C15);
  for (uint64_t i = hash & mask;; i = (i + 1) & mask) {
    cb_attribute *other = (cb_attribute *)(uintptr_t)table[i];
    if (other == NULL) {
      table[i] = (uint64_t)(uintptr_t)record;
      return;
    }
    if (!same_attribute(other, record)) {
      continue;
    }
    if (later(other, record)) {
      record->attribute = CB_NO_ATTRIBUTE;
    } else {
      table[i] = (uint64_t)(uintptr_t)record;
      other->attribute = CB_NO_ATTRIBUTE;
    }
    return;
  }
}

static void push(cb_block **list, cb_block *block) {
  block->next = *list;
  *list = block;
}

static void release(cb_block **list, cb_block *block) {
  block->used = 0;
  block->records = 0;
  push(list, block);
}

// Moves what counts of a block behind what is left of the earlier ones.
static cb_status move_block(cb_block *block, cb_block **folded, cb_block **released) {
  uint8_t *at = cb_block_bytes(block);
  for (uint64_t i = 0; i < block->records; i++) {
    const cb_attribute *record = (const cb_attribute *)at;
    size_t size = attribute_size(record);
    at += size;
    if (record->attribute == CB_NO_ATTRIBUTE) {
      continue;
    }
    if (*folded == NULL || (*folded)->capacity - (*folded)->used < size) {
      cb_block *fresh = *released;
      if (fresh == NULL || fresh->capacity < size) {
        return CB_BAD_SHAPE;
      }
      *released = fresh->next;
      push(folded, fresh);
    }
    memcpy(cb_block_bytes(*folded) + (*folded)->used, record, size);
    (*folded)->used += size;
    (*folded)->records++;
  }
  release(released, block);
  return CB_OK;
}

static void strike_all(const cb_block *list, uint64_t *table, size_t slots) {
  memset(table, 0, slots * sizeof *table);
  for (const cb_block *block = list; block != NULL; block = block->next) {
    uint8_t *at = cb_block_bytes(block);
    for (uint64_t i = 0; i < block->records; i++) {
      cb_attribute *record = (cb_attribute *)at;
      at += attribute_size(record);
      strike_earlier(record, table, slots - 1);
    }
  }
}

cb_status cb_fold_attributes(cb_block *list, cb_block *spare, uint64_t *table, size_t slots,
                             cb_block **folded, cb_block **released) {
  cb_block *alone = NULL; // blocks of one record keep it: they may be larger than all others
  *folded = NULL;
  *released = NULL;
  release(released, spare);
  strike_all(list, table, slots);
  for (cb_block *block = list, *next; block != NULL; block = next) {
    next = block->next;
    if (block->records == 1) {
      push(&alone, block);
      continue;
    }
    cb_status status = move_block(block, folded, released);
    if (status != CB_OK) {
      return status;
    }
  }
  for (cb_block *block = alone, *next; block != NULL; block = next) {
    next = block->next;
    const cb_attribute *record = (const cb_attribute *)cb_block_bytes(block);
    if (record->attribute == CB_NO_ATTRIBUTE) {
      release(released, block);
    } else {
      push(folded, block);
    }
  }
  return CB_OK;
}

// The customer's number, or the count of customers when it has no record.
static size_t find_customer(const cb_attribute *record, const cb_grouping *grouping,
                            const cb_sort_item *sorted) {
  uint64_t mask = grouping->slots - 1;
  for (uint64_t i = hash_tag(record->hash) & mask; grouping->table[i] != 0; i = (i + 1) & mask) {
    uint64_t entry = grouping->table[i];
    size_t number = (uint32_t)entry - 1;
    cb_customer *customer = item_customer(&sorted[number]);
    if (entry >> 32 == hash_tag(record->hash) && customer->key_length == record->customer_length &&
        equal_words(customer_key(customer), attribute_customer(record), customer->key_length)) {
      return number;
    }
  }
  return grouping->customers;
}

cb_status cb_attach_attributes(const cb_block *list, const cb_grouping *grouping,
                               const cb_sort_item *sorted, uint32_t attributes) {
  for (const cb_block *block = list; block != NULL; block = block->next) {
    const uint8_t *at = cb_block_bytes(block);
    for (uint64_t i = 0; i < block->records; i++) {
      const cb_attribute *record = (const cb_attribute *)at;
      at += attribute_size(record);
      if (record->attribute >= attributes) {
        return CB_BAD_SHAPE;
      }
      size_t number = find_customer(record, grouping, sorted);
      if (number == grouping->customers) {
        continue;
      }
      uint64_t *slot = customer_attributes(item_customer(&sorted[number])) + record->attribute;
      const cb_attribute *known = (const cb_attribute *)(uintptr_t)*slot;
      if (known == NULL || later(record, known)) {
        *slot = (uint64_t)(uintptr_t)record;
      }
    }
  }
  return CB_OK;
}

static const cb_attribute *item_attribute(const cb_sort_item *item, uint32_t attribute) {
  return (const cb_attribute *)(uintptr_t)customer_attributes(item_customer(item))[attribute];
}

size_t cb_attribute_bytes(const cb_sort_item *items, size_t count, uint32_t attribute) {
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    const cb_attribute *record = item_attribute(&items[i], attribute);
    bytes += record == NULL ? 0 : record->value_length;
  }
  return bytes;
}

void cb_gather_attribute(const cb_sort_item *items, size_t count, uint32_t attribute, size_t *ends,
                         uint8_t *values) {
  size_t end = 0;
  for (size_t i = 0; i < count; i++) {
    const cb_attribute *record = item_attribute(&items[i], attribute);
    if (record != NULL) {
      memcpy(values + end, attribute_value(record), record->value_length);
      end += record->value_length;
    }
    ends[i] = end;
  }
}
