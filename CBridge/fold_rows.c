// Rows to order-days. A ledger lists the lines of an order one behind the other, so equal
// neighbours are added up in registers, and only what is left is hashed and written, to one of the
// partitions of its worker. A fold never spans two calls: equal folds meet again when their
// partition is reduced.

#define XXH_INLINE_ALL

#include "include/cb_order_days.h"

#include "key_bytes.h"

#include <xxhash.h>

// Bytes behind a field that make whole-word loads safe. Rows whose fields lie nearer to the end of
// the bytes are folded alone.
#define LOOKAHEAD 64

// A field that the rows of a run share.
typedef struct run_key {
  const uint8_t *field;
  uint32_t length;
  uint64_t word; // the first eight bytes, masked
  uint64_t mask;
  int64_t latest; // the last offset where such a field has bytes to look ahead; negative without
} run_key;

// What rows next to one another add up to.
typedef struct run_sums {
  int64_t first;
  int64_t last;
  int64_t gross;
  int64_t returns;
  uint32_t place;
  uint32_t rows;
} run_sums;

static inline cb_status begin_key(const cb_ledger_rows *rows, uint32_t begin, uint32_t length,
                                  run_key *key) {
  key->latest = (int64_t)rows->byte_count - LOOKAHEAD - length;
  if ((uint64_t)begin + length > rows->byte_count) {
    return CB_BAD_SHAPE;
  }
  key->field = rows->bytes + begin;
  key->length = length;
  key->mask = word_mask(length);
  key->word = begin <= key->latest ? load_word(key->field) & key->mask : 0;
  key->latest = begin <= key->latest ? key->latest : -1;
  return CB_OK;
}

static inline bool same_key(const cb_ledger_rows *rows, uint32_t begin, uint32_t length,
                            const run_key *key) {
  if (length != key->length || begin > key->latest) {
    return false;
  }
  const uint8_t *field = rows->bytes + begin;
  if ((load_word(field) & key->mask) != key->word) {
    return false;
  }
  return length <= 8 || equal_bytes(field, key->field, length);
}

// Where the run of rows with the keys and the day of the row at `begin` ends, among the kept.
static inline size_t end_of_run(const cb_ledger_rows *rows, bool columns, size_t begin,
                                const run_key *customer, const run_key *order) {
  // Unsigned, since the first day that 64 bits reach into begins before them.
  uint64_t day = (uint64_t)(int64_t)day_number(rows->instants[rows->kept[begin]]) *
                 (uint64_t)CB_DAY_MICROSECONDS;
  size_t end = begin + 1;
  for (; end < rows->kept_count; end++) {
    size_t row = rows->kept[end];
    if (row >= rows->row_count ||
        (uint64_t)rows->instants[row] - day >= (uint64_t)CB_DAY_MICROSECONDS ||
        (columns && !same_key(rows, rows->order_begins[row], rows->order_lengths[row], order)) ||
        !same_key(rows, rows->customer_begins[row], rows->customer_lengths[row], customer)) {
      break;
    }
  }
  return end;
}

// Adds up kept rows; false when a sum does not fit.
__attribute__((always_inline)) static inline bool sum_rows(const cb_ledger_rows *rows, size_t begin,
                                                           size_t end, run_sums *sums) {
  size_t row = rows->kept[begin];
  int64_t first = rows->instants[row];
  int64_t last = first;
  int64_t gross = 0;
  int64_t returns = 0;
  uint32_t place = rows->row_begins[row];
  bool overflow = end - begin > CB_MAX_ROWS;
  for (size_t i = begin; i < end; i++) {
    row = rows->kept[i];
    int64_t instant = rows->instants[row];
    int64_t amount = rows->amounts[row];
    first = instant < first ? instant : first;
    last = instant > last ? instant : last;
    place = rows->row_begins[row] < place ? rows->row_begins[row] : place;
    overflow |= __builtin_add_overflow(gross, amount > 0 ? amount : 0, &gross);
    overflow |= __builtin_add_overflow(returns, amount < 0 ? amount : 0, &returns);
  }
  *sums = (run_sums){first, last, gross, returns, place, (uint32_t)(end - begin)};
  return !overflow;
}

// Adds up the beginning of a run whose sums do not fit; returns where it ends.
__attribute__((noinline)) static size_t sum_beginning(const cb_ledger_rows *rows, size_t begin,
                                                      size_t end, run_sums *sums) {
  do {
    end = begin + (end - begin) / 2;
  } while (!sum_rows(rows, begin, end, sums));
  return end;
}

static inline uint8_t *put_u32(uint8_t *to, uint32_t value) {
  value = __builtin_bswap32(value);
  memcpy(to, &value, sizeof value);
  return to + sizeof value;
}

static inline size_t order_key_length(const cb_order_rule *rule, cb_order_identity identity,
                                      const run_key *order) {
  size_t prefix = rule->per_file ? 4 : 0;
  switch (identity) {
  case CB_ORDER_DAY:
    return prefix + 4;
  case CB_ORDER_ROW:
    return prefix + 12;
  default:
    return prefix + order->length;
  }
}

// Copies a field; up to 16 bytes at once, with what stands behind them.
static inline void put_field(const run_key *key, uint8_t *to) {
  if (key->length <= 16 && key->latest >= 0) {
    memcpy(to, key->field, 16);
  } else {
    memcpy(to, key->field, key->length);
  }
}

static inline void put_order_key(const cb_ledger_rows *rows, const cb_order_rule *rule,
                                 cb_order_identity identity, const run_key *order,
                                 const run_sums *sums, uint8_t *to) {
  if (rule->per_file) {
    to = put_u32(to, rows->file);
  }
  if (identity == CB_ORDER_DAY) {
    put_u32(to, (uint32_t)day_number(sums->first) ^ UINT32_C(0x80000000));
  } else if (identity == CB_ORDER_ROW) {
    uint64_t offset = rows->origin + sums->place;
    to = put_u32(put_u32(to, rows->file), (uint32_t)(offset >> 32));
    put_u32(to, (uint32_t)offset);
  } else {
    put_field(order, to);
  }
}

// Appends a run to its partition, or says what that lacks. Inlined, so that the sums come in
// registers: loaded in pairs from where they were just stored apart, they would wait for every
// earlier store.
__attribute__((always_inline)) static inline cb_status
append_run(const cb_ledger_rows *rows, const cb_order_rule *rule, cb_order_identity identity,
           const run_key *customer, const run_key *order, const run_sums *sums, cb_cursor *cursors,
           cb_fold_progress *progress) {
  uint64_t hash = XXH3_64bits_withSeed(customer->field, customer->length, rule->hash_seed);
  size_t partition = hash_partition(hash);
  size_t order_length = order_key_length(rule, identity, order);
  if (order_length > INT32_MAX || customer->length > INT32_MAX) {
    return CB_OVERFLOW;
  }
  key_lengths lengths = {customer->length, (uint32_t)order_length};
  size_t size = size_with_keys(lengths);
  cb_cursor *cursor = &cursors[partition];
  if ((size_t)(cursor->end - cursor->at) < size) {
    progress->partition = partition;
    progress->bytes = size;
    return CB_NO_SPACE;
  }
  cb_order_day *record = (cb_order_day *)cursor->at;
  bool is_long = are_long_keys(lengths);
  *record = (cb_order_day){
      .hash = hash_tag(hash),
      .customer_length = is_long ? CB_LONG_KEYS : (uint16_t)lengths.customer,
      .order_length = is_long ? CB_LONG_KEYS : (uint16_t)lengths.order,
      .first = sums->first,
      .gross = sums->gross,
      .returns = sums->returns,
      .rows_and_span = rows_and_span(sums->rows, sums->first, sums->last),
      .place = (uint64_t)rows->file << CB_OFFSET_BITS | (rows->origin + sums->place),
  };
  uint8_t *to = (uint8_t *)(record + 1);
  if (is_long) {
    memcpy(to, &lengths, sizeof lengths);
    to += sizeof lengths;
  }
  put_field(customer, to);
  put_order_key(rows, rule, identity, order, sums, to + customer->length);
  cursor->at += size;
  cursor->records++;
  __builtin_prefetch(cursor->at, 1); // where the partition's next record will stand
  __builtin_prefetch(cursor->at + 63, 1);
  return CB_OK;
}

// The loop over the rows, made once for each identity of orders.
__attribute__((always_inline)) static inline cb_status
fold_all(const cb_ledger_rows *rows, const cb_order_rule *rule, cb_order_identity identity,
         cb_cursor *cursors, cb_fold_progress *progress) {
  bool columns = identity == CB_ORDER_COLUMN;
  if (rows->file >> (64 - CB_OFFSET_BITS) != 0 ||
      rows->origin > (UINT64_C(1) << CB_OFFSET_BITS) - 1 - UINT32_MAX) {
    return CB_OVERFLOW;
  }
  cb_ledger_rows local = *rows; // not to be read again after each record
  for (size_t begin = progress->position, end; begin < local.kept_count; begin = end) {
    size_t row = local.kept[begin];
    if (row >= local.row_count) {
      return CB_BAD_SHAPE;
    }
    run_key customer;
    run_key order = {.field = local.bytes};
    cb_status status =
        begin_key(&local, local.customer_begins[row], local.customer_lengths[row], &customer);
    if (status == CB_OK && columns) {
      status = begin_key(&local, local.order_begins[row], local.order_lengths[row], &order);
    }
    if (status != CB_OK) {
      return status;
    }
    end = identity == CB_ORDER_ROW ? begin + 1
                                   : end_of_run(&local, columns, begin, &customer, &order);
    run_sums sums;
    if (!sum_rows(&local, begin, end, &sums)) {
      run_sums beginning; // `sums` itself stays in registers, having no address
      end = sum_beginning(&local, begin, end, &beginning);
      sums = beginning;
    }
    status = append_run(&local, rule, identity, &customer, &order, &sums, cursors, progress);
    if (status != CB_OK) {
      progress->position = begin;
      return status;
    }
  }
  progress->position = local.kept_count;
  return CB_OK;
}

cb_status cb_fold_rows(const cb_ledger_rows *rows, const cb_order_rule *rule, cb_cursor *cursors,
                       cb_fold_progress *progress) {
  switch (rule->identity) {
  case CB_ORDER_COLUMN:
    return fold_all(rows, rule, CB_ORDER_COLUMN, cursors, progress);
  case CB_ORDER_DAY:
    return fold_all(rows, rule, CB_ORDER_DAY, cursors, progress);
  case CB_ORDER_ROW:
    return fold_all(rows, rule, CB_ORDER_ROW, cursors, progress);
  }
  return CB_BAD_SHAPE;
}
