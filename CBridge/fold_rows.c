// Rows to order-days. A ledger lists the lines of an order one behind the other, so equal
// neighbours are added up in registers, and only what is left is hashed and written, to one of the
// partitions of its worker. A fold never spans two calls: equal folds meet again when their
// partition is reduced.

#define XXH_INLINE_ALL

#include "include/cb_order_days.h"

#include "key_bytes.h"

#include <xxhash.h>

// Bytes behind a field that make whole-word loads safe.
#define LOOKAHEAD 64

// The rows that are being added up.
typedef struct row_fold {
  const uint8_t *customer;
  const uint8_t *order;
  uint32_t customer_length;
  uint32_t order_length;
  uint64_t customer_word; // the first eight bytes, masked
  uint64_t customer_mask;
  uint64_t order_word;
  uint64_t order_mask;
  int64_t day_begin; // first and
  int64_t day_end;   // last instant of the day
  int64_t first;
  int64_t last;
  int64_t gross;
  int64_t returns;
  uint32_t place;
  uint32_t rows;
} row_fold;

static inline bool holds_field(const cb_ledger_rows *rows, uint32_t begin, uint32_t length,
                               size_t beyond) {
  return (uint64_t)begin + length + beyond <= rows->byte_count;
}

// The day's bounds; days at the ends of time are cut off there.
static inline void set_day(row_fold *fold, int64_t instant) {
  int64_t since = instant % CB_DAY_MICROSECONDS;
  since += since < 0 ? CB_DAY_MICROSECONDS : 0;
  if (__builtin_sub_overflow(instant, since, &fold->day_begin)) {
    fold->day_begin = INT64_MIN;
  }
  if (__builtin_add_overflow(instant, CB_DAY_MICROSECONDS - 1 - since, &fold->day_end)) {
    fold->day_end = INT64_MAX;
  }
}

static inline cb_status begin_fold(const cb_ledger_rows *rows, bool columns, size_t row,
                                   row_fold *fold) {
  uint32_t begin = rows->customer_begins[row];
  uint32_t length = rows->customer_lengths[row];
  if (!holds_field(rows, begin, length, 0)) {
    return CB_BAD_SHAPE;
  }
  if (length > INT32_MAX) {
    return CB_OVERFLOW;
  }
  bool ahead = holds_field(rows, begin, length, LOOKAHEAD);
  fold->customer = rows->bytes + begin;
  fold->customer_length = length;
  fold->order = NULL;
  fold->order_length = 0;
  fold->order_word = 0;
  fold->order_mask = 0;
  if (columns) {
    begin = rows->order_begins[row];
    length = rows->order_lengths[row];
    if (!holds_field(rows, begin, length, 0)) {
      return CB_BAD_SHAPE;
    }
    ahead = ahead && holds_field(rows, begin, length, LOOKAHEAD);
    fold->order = rows->bytes + begin;
    fold->order_length = length;
    fold->order_mask = ahead ? word_mask(length) : 0;
    fold->order_word = ahead ? load_word(fold->order) & fold->order_mask : 0;
  }
  fold->customer_mask = ahead ? word_mask(fold->customer_length) : 0;
  fold->customer_word = ahead ? load_word(fold->customer) & fold->customer_mask : 0;
  set_day(fold, rows->instants[row]);
  int64_t amount = rows->amounts[row];
  fold->first = rows->instants[row];
  fold->last = rows->instants[row];
  fold->gross = amount > 0 ? amount : 0;
  fold->returns = amount < 0 ? amount : 0;
  fold->place = rows->row_begins[row];
  fold->rows = 1;
  return CB_OK;
}

// Whether a field of the fold's length equals the fold's. A fold without a mask lies near the end
// of the bytes, and is compared in full.
static inline bool same_field(const cb_ledger_rows *rows, uint32_t begin, const uint8_t *field,
                              uint32_t length, uint64_t word, uint64_t mask) {
  if (__builtin_expect(!holds_field(rows, begin, length, LOOKAHEAD) || (mask == 0 && length > 0),
                       0)) {
    return holds_field(rows, begin, length, 0) && equal_bytes(rows->bytes + begin, field, length);
  }
  if ((load_word(rows->bytes + begin) & mask) != word) {
    return false;
  }
  return length <= 8 || equal_bytes(rows->bytes + begin, field, length);
}

static inline bool same_keys(const cb_ledger_rows *rows, bool columns, size_t row,
                             const row_fold *fold) {
  if (rows->customer_lengths[row] != fold->customer_length) {
    return false;
  }
  if (columns) {
    if (rows->order_lengths[row] != fold->order_length ||
        !same_field(rows, rows->order_begins[row], fold->order, fold->order_length,
                    fold->order_word, fold->order_mask)) {
      return false;
    }
  }
  return same_field(rows, rows->customer_begins[row], fold->customer, fold->customer_length,
                    fold->customer_word, fold->customer_mask);
}

// Adds a row of the same customer and order, unless its day is another or a sum would not fit.
static inline bool add_row(const cb_ledger_rows *rows, size_t row, row_fold *fold) {
  int64_t instant = rows->instants[row];
  int64_t amount = rows->amounts[row];
  int64_t gross;
  int64_t returns;
  if (instant < fold->day_begin || instant > fold->day_end || fold->rows == UINT32_MAX) {
    return false;
  }
  if (__builtin_add_overflow(fold->gross, amount > 0 ? amount : 0, &gross) ||
      __builtin_add_overflow(fold->returns, amount < 0 ? amount : 0, &returns)) {
    return false;
  }
  fold->gross = gross;
  fold->returns = returns;
  fold->first = instant < fold->first ? instant : fold->first;
  fold->last = instant > fold->last ? instant : fold->last;
  fold->place = rows->row_begins[row] < fold->place ? rows->row_begins[row] : fold->place;
  fold->rows++;
  return true;
}

static inline uint8_t *put_u32(uint8_t *to, uint32_t value) {
  value = __builtin_bswap32(value);
  memcpy(to, &value, sizeof value);
  return to + sizeof value;
}

static inline size_t order_key_length(const cb_order_rule *rule, cb_order_identity identity,
                                      const row_fold *fold) {
  size_t prefix = rule->per_file ? 4 : 0;
  switch (identity) {
  case CB_ORDER_DAY:
    return prefix + 4;
  case CB_ORDER_ROW:
    return prefix + 12;
  default:
    return prefix + fold->order_length;
  }
}

static inline void put_order_key(const cb_ledger_rows *rows, const cb_order_rule *rule,
                                 cb_order_identity identity, const row_fold *fold, bool ahead,
                                 uint8_t *to) {
  if (rule->per_file) {
    to = put_u32(to, rows->file);
  }
  if (identity == CB_ORDER_DAY) {
    put_u32(to, (uint32_t)day_number(fold->first) ^ UINT32_C(0x80000000));
  } else if (identity == CB_ORDER_ROW) {
    uint64_t offset = rows->origin + fold->place;
    to = put_u32(put_u32(to, rows->file), (uint32_t)(offset >> 32));
    put_u32(to, (uint32_t)offset);
  } else if (ahead && fold->order_length <= 16) {
    memcpy(to, fold->order, 16);
  } else {
    memcpy(to, fold->order, fold->order_length);
  }
}

// Appends the fold to its partition, or says what that lacks.
static inline cb_status append_fold(const cb_ledger_rows *rows, const cb_order_rule *rule,
                                    cb_order_identity identity, const row_fold *fold,
                                    cb_block **blocks, cb_fold_progress *progress) {
  uint64_t hash = XXH3_64bits_withSeed(fold->customer, fold->customer_length, rule->hash_seed);
  size_t partition = hash_partition(hash);
  size_t order_length = order_key_length(rule, identity, fold);
  if (order_length > UINT32_MAX) {
    return CB_OVERFLOW;
  }
  size_t size = order_day_size(fold->customer_length, order_length);
  cb_block *block = blocks[partition];
  if (block == NULL || block->capacity - block->used < size) {
    progress->partition = partition;
    progress->bytes = size;
    return CB_NO_SPACE;
  }
  cb_order_day *record = (cb_order_day *)(cb_block_bytes(block) + block->used);
  *record = (cb_order_day){
      .hash = hash,
      .first = fold->first,
      .last = fold->last,
      .gross = fold->gross,
      .returns = fold->returns,
      .place_offset = rows->origin + fold->place,
      .place_file = rows->file,
      .rows = fold->rows,
      .customer_length = fold->customer_length,
      .order_length = (uint32_t)order_length,
  };
  bool ahead = fold->customer_mask != 0;
  uint8_t *to = (uint8_t *)(record + 1);
  if (ahead && fold->customer_length <= 16) {
    memcpy(to, fold->customer, 16);
  } else {
    memcpy(to, fold->customer, fold->customer_length);
  }
  put_order_key(rows, rule, identity, fold, ahead, to + fold->customer_length);
  block->used += size;
  block->records++;
  return CB_OK;
}

// The loop over the rows, made once for each identity of orders.
__attribute__((always_inline)) static inline cb_status
fold_all(const cb_ledger_rows *rows, const cb_order_rule *rule, cb_order_identity identity,
         cb_block **blocks, cb_fold_progress *progress) {
  bool columns = identity == CB_ORDER_COLUMN;
  size_t next = progress->position;
  while (next < rows->kept_count) {
    size_t row = rows->kept[next];
    if (row >= rows->row_count) {
      return CB_BAD_SHAPE;
    }
    row_fold fold;
    cb_status status = begin_fold(rows, columns, row, &fold);
    if (status != CB_OK) {
      return status;
    }
    for (next++; identity != CB_ORDER_ROW && next < rows->kept_count; next++) {
      row = rows->kept[next];
      if (row >= rows->row_count || !same_keys(rows, columns, row, &fold) ||
          !add_row(rows, row, &fold)) {
        break;
      }
    }
    status = append_fold(rows, rule, identity, &fold, blocks, progress);
    if (status != CB_OK) {
      return status;
    }
    progress->position = next;
  }
  return CB_OK;
}

cb_status cb_fold_rows(const cb_ledger_rows *rows, const cb_order_rule *rule, cb_block **blocks,
                       cb_fold_progress *progress) {
  switch (rule->identity) {
  case CB_ORDER_COLUMN:
    return fold_all(rows, rule, CB_ORDER_COLUMN, blocks, progress);
  case CB_ORDER_DAY:
    return fold_all(rows, rule, CB_ORDER_DAY, blocks, progress);
  case CB_ORDER_ROW:
    return fold_all(rows, rule, CB_ORDER_ROW, blocks, progress);
  }
  return CB_BAD_SHAPE;
}
