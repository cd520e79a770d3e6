// Rows to order-days. A ledger lists the lines of an order one behind the other, so equal
// neighbours are added up in registers, and only what is left is hashed and written, to one of the
// partitions of its worker. A fold never spans two calls: equal folds meet again when their
// partition is reduced.

#define XXH_INLINE_ALL

#include "include/cb_order_days.h"

#include "order_day.h"
#include "repeats.h"

#include <xxhash.h>

// Rows of a run that are added up before it is asked whether they are usual, so that one of many
// days is not walked to its end for each of them. Most orders have fewer.
#define SUM_ROWS 32

// A field that the rows of a run share.
typedef struct run_key {
  const uint8_t *field;
  uint32_t length;
  bool is_padded; // 16 bytes can be read
} run_key;

// Which rows have the keys of the row before them, for some rows next to one another.
typedef struct run_marks {
  size_t begin;
  size_t end;
  uint64_t bits;
} run_marks;

static inline uint64_t place_of(const cb_ledger_rows *rows, size_t row) {
  return (uint64_t)rows->file << CB_OFFSET_BITS | (rows->origin + rows->row_begins[row]);
}

static inline bool take_key(const cb_ledger_rows *rows, uint32_t begin, uint32_t length,
                            run_key *key) {
  *key = (run_key){rows->bytes + begin, length, (uint64_t)begin + 16 <= rows->byte_count};
  return (uint64_t)begin + length <= rows->byte_count;
}

// Marks the rows around `row`.
static void mark_runs(const cb_ledger_rows *rows, bool columns, size_t row, run_marks *marks) {
  size_t begin = row / REPEATS_FIELDS * REPEATS_FIELDS;
  size_t left = rows->row_count - begin;
  size_t count = left < REPEATS_FIELDS ? left : REPEATS_FIELDS;
  const field_column customers = {rows->bytes, rows->byte_count, rows->customer_begins,
                                  rows->customer_lengths};
  const field_column orders = {rows->bytes, rows->byte_count, rows->order_begins,
                               rows->order_lengths};
  *marks = (run_marks){begin, begin + count, mark_repeats(&customers, begin, count)};
  if (columns) {
    marks->bits &= mark_repeats(&orders, begin, count);
  }
}

// Where the rows end that stand one behind the other and have the keys of `row`, kept or not.
static inline size_t end_of_run(const cb_ledger_rows *rows, bool columns, size_t row,
                                run_marks *marks) {
  for (size_t end = row + 1; end < rows->row_count; end = marks->end) {
    if (end >= marks->end || end < marks->begin) {
      mark_runs(rows, columns, end, marks);
    }
    uint64_t breaks = ~marks->bits >> (end - marks->begin);
    size_t next = breaks == 0 ? marks->end : end + (size_t)__builtin_ctzll(breaks);
    if (next < marks->end) {
      return next;
    }
  }
  return rows->row_count;
}

// Adds up the kept rows from `begin` on that stand before the row `end`, as far as they are of one
// day and the sums fit; returns where that ends, among the kept.
static size_t sum_any(const cb_ledger_rows *rows, size_t begin, size_t end, day_sums *sums) {
  int64_t first = rows->instants[rows->kept[begin]];
  day_sums run = {.first = first, .last = first, .place = place_of(rows, rows->kept[begin])};
  // Unsigned, since the first day that 64 bits reach into begins before them.
  uint64_t day = (uint64_t)(int64_t)day_number(first) * (uint64_t)CB_DAY_MICROSECONDS;
  size_t at = begin;
  for (; at < rows->kept_count && rows->kept[at] < end && at - begin < CB_MAX_ROWS; at++) {
    int64_t instant = rows->instants[rows->kept[at]];
    int64_t amount = rows->amounts[rows->kept[at]];
    int64_t gross;
    int64_t returns;
    if ((uint64_t)instant - day >= (uint64_t)CB_DAY_MICROSECONDS ||
        __builtin_add_overflow(run.gross, amount > 0 ? amount : 0, &gross) ||
        __builtin_add_overflow(run.returns, amount < 0 ? amount : 0, &returns)) {
      break;
    }
    run.gross = gross;
    run.returns = returns;
    run.first = instant < run.first ? instant : run.first;
    run.last = instant > run.last ? instant : run.last;
  }
  run.rows = at - begin;
  *sums = run;
  return at;
}

// The same for most runs, without a branch a row: of one instant, with no amount below zero nor so
// many or so large that they could overflow. Others are left to `sum_any`.
__attribute__((always_inline)) static inline size_t
sum_rows(const cb_ledger_rows *rows, size_t begin, size_t end, day_sums *sums) {
  const uint32_t *kept = rows->kept;
  const int64_t first = rows->instants[kept[begin]];
  uint64_t gross = 0;
  uint64_t odd = 0;
  size_t at = begin;
  for (size_t stop = begin; odd == 0 && at == stop && at < rows->kept_count;) {
    stop = rows->kept_count - at < SUM_ROWS ? rows->kept_count : at + SUM_ROWS;
    for (; at < stop && kept[at] < end; at++) {
      uint64_t amount = (uint64_t)rows->amounts[kept[at]];
      odd |= amount >> 40 | (uint64_t)(rows->instants[kept[at]] ^ first);
      gross += amount;
    }
  }
  odd |= (at - begin) >> 20;
  if (__builtin_expect(odd != 0, 0)) {
    day_sums any; // `sums` itself stays in registers, having no address
    at = sum_any(rows, begin, end, &any);
    *sums = any;
    return at;
  }
  *sums = (day_sums){.first = first,
                     .last = first,
                     .gross = (int64_t)gross,
                     .rows = at - begin,
                     .place = place_of(rows, kept[begin])};
  return at;
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
  if (key->length <= 16 && key->is_padded) {
    memcpy(to, key->field, 16);
  } else {
    memcpy(to, key->field, key->length);
  }
}

static inline void put_order_key(const cb_ledger_rows *rows, const cb_order_rule *rule,
                                 cb_order_identity identity, const run_key *order,
                                 const day_sums *sums, uint8_t *to) {
  if (rule->per_file) {
    to = put_u32(to, rows->file);
  }
  if (identity == CB_ORDER_DAY) {
    put_u32(to, (uint32_t)day_number(sums->first) ^ UINT32_C(0x80000000));
  } else if (identity == CB_ORDER_ROW) {
    uint64_t offset = sums->place & ((UINT64_C(1) << CB_OFFSET_BITS) - 1);
    to = put_u32(put_u32(to, rows->file), (uint32_t)(offset >> 32));
    put_u32(to, (uint32_t)offset);
  } else {
    put_field(order, to);
  }
}

static inline cb_order_day order_day_head(uint64_t hash, key_lengths lengths, bool extended,
                                          const day_sums *sums) {
  bool is_long = are_long_keys(lengths);
  return (cb_order_day){
      .hash = hash_tag(hash),
      .customer_length = is_long ? CB_LONG_KEYS : (uint8_t)lengths.customer,
      .order_length = is_long ? CB_LONG_KEYS : (uint8_t)lengths.order,
      .rows = extended ? CB_EXTENDED : (uint16_t)sums->rows,
      .first = sums->first,
      .amount = sums->gross + (extended ? 0 : sums->returns),
      .place = sums->place,
  };
}

// Appends a run to its partition, or says what that lacks. Inlined, so that the sums come in
// registers: loaded in pairs from where they were just stored apart, they would wait for every
// earlier store.
__attribute__((always_inline)) static inline cb_status
append_run(const cb_ledger_rows *rows, const cb_order_rule *rule, cb_order_identity identity,
           const run_key *customer, const run_key *order, const day_sums *sums, cb_cursor *cursors,
           cb_fold_progress *progress) {
  uint64_t hash = XXH3_64bits_withSeed(customer->field, customer->length, rule->hash_seed);
  size_t partition = hash_partition(hash);
  size_t order_length = order_key_length(rule, identity, order);
  if (order_length > INT32_MAX || customer->length > INT32_MAX) {
    return CB_OVERFLOW;
  }
  key_lengths lengths = {customer->length, (uint32_t)order_length};
  bool extended = want_extension(sums);
  size_t size = size_with_keys(lengths, extended);
  cb_cursor *cursor = &cursors[partition];
  if ((size_t)(cursor->end - cursor->at) < size) {
    progress->partition = partition;
    progress->bytes = size;
    return CB_NO_SPACE;
  }
  cb_order_day *record = (cb_order_day *)cursor->at;
  *record = order_day_head(hash, lengths, extended, sums);
  uint8_t *to = (uint8_t *)(record + 1);
  if (are_long_keys(lengths)) {
    memcpy(to, &lengths, sizeof lengths);
    to += sizeof lengths;
  }
  put_field(customer, to);
  put_order_key(rows, rule, identity, order, sums, to + customer->length);
  if (extended) { // only now: keys are put down with what stands behind them
    put_extension(record, sums);
  }
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
  run_marks marks = {0};
  size_t run_end = 0;
  for (size_t begin = progress->position, end; begin < local.kept_count; begin = end) {
    size_t row = local.kept[begin];
    if (row >= local.row_count) {
      return CB_BAD_SHAPE;
    }
    run_key customer;
    run_key order = {0};
    bool is_inside =
        take_key(&local, local.customer_begins[row], local.customer_lengths[row], &customer) &&
        (!columns || take_key(&local, local.order_begins[row], local.order_lengths[row], &order));
    if (!is_inside) {
      return CB_BAD_SHAPE;
    }
    if (row >= run_end) { // else another day of the same run
      run_end = identity == CB_ORDER_ROW ? row + 1 : end_of_run(&local, columns, row, &marks);
    }
    day_sums sums;
    end = sum_rows(&local, begin, run_end, &sums);
    cb_status status =
        append_run(&local, rule, identity, &customer, &order, &sums, cursors, progress);
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
