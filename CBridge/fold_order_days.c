// A partition grows by every order-day that its workers hand over; where the ledger scatters the
// lines of an order, most of them repeat. This merges the equal ones: a table of record addresses,
// each with a tag of its hash in the upper bits, decides who is who; what is left moves to the
// block in reserve and then to the blocks that were read to their end, so a fold needs no more
// memory than one block.
//
// No record ever changes its size: what is left is some of the records that came, in their order,
// and filling blocks one after the other with fewer of them takes no more blocks. So where two
// records without an extension meet whose sum wants one, both stay, and share what further rows
// bring: the first keeps the earliest instant, the sum above zero and the place, the second the
// latest instant and the sum below zero. An order-day takes two records then, 96 bytes with usual
// keys where one extended record takes 64; making that one would want memory before the second of
// the two was read and its own can be used again. Two full ones (131,068 rows, or a sum beyond 64
// bits) are left behind, and the next record begins another two.

#define XXH_INLINE_ALL

#include "include/cb_order_days.h"

#include "order_day.h"

#include <xxhash.h>

// Records looked up together, so that their slots are on their way to the cache.
#define GROUP 16

// An address takes the lower 48 bits of a slot.
#define ADDRESS_MASK UINT64_C(0x0000FFFFFFFFFFFF)

typedef struct fold_state {
  uint64_t *table;
  uint64_t slot_mask;
  cb_block *first;  // what is left,
  cb_block *last;   // of which this block is being written
  cb_block *unused; // blocks to write next
} fold_state;

size_t cb_table_slots(size_t count) {
  size_t slots = 16;
  while (slots < 2 * count) {
    slots *= 2;
  }
  return slots;
}

static uint64_t order_day_hash(const cb_order_day *record) {
  uint64_t day = (uint64_t)(int64_t)day_number(record->first);
  return XXH3_64bits_withSeed(order_day_order(record), order_day_lengths(record).order,
                              record->hash ^ (day * UINT64_C(0x9E3779B97F4A7C15)));
}

static bool same_order_day(const cb_order_day *left, const cb_order_day *right) {
  key_lengths lengths = order_day_lengths(left);
  key_lengths others = order_day_lengths(right);
  return left->hash == right->hash && lengths.customer == others.customer &&
         lengths.order == others.order &&
         equal_words(order_day_customer(left), order_day_customer(right),
                     (size_t)lengths.customer + lengths.order) &&
         day_number(left->first) == day_number(right->first);
}

// Adds to sums, or leaves them alone where one would not fit.
static bool add_sums(day_sums *into, const cb_order_day *record) {
  day_sums from = order_day_sums(record);
  day_sums sum;
  sum.rows = into->rows + from.rows;
  if (__builtin_add_overflow(into->gross, from.gross, &sum.gross) ||
      __builtin_add_overflow(into->returns, from.returns, &sum.returns) || sum.rows > CB_MAX_ROWS) {
    return false;
  }
  sum.first = from.first < into->first ? from.first : into->first;
  sum.last = from.last > into->last ? from.last : into->last;
  sum.place = from.place < into->place ? from.place : into->place;
  *into = sum;
  return true;
}

// Adds `from` to `into`, or leaves both alone where the sums would not fit.
static bool merge(cb_order_day *into, const cb_order_day *from) {
  day_sums sums = order_day_sums(into);
  if (!add_sums(&sums, from) || (want_extension(&sums) && !is_extended(into))) {
    return false;
  }
  put_sums(into, &sums);
  return true;
}

// Adds `from` to two records without an extension, or leaves all alone where that would not fit.
static bool share(cb_order_day *first, cb_order_day *second, const cb_order_day *from) {
  day_sums sums = order_day_sums(first);
  if (is_extended(first) || is_extended(second) || !add_sums(&sums, second) ||
      !add_sums(&sums, from) || sums.rows > 2 * USUAL_ROWS) {
    return false;
  }
  uint64_t rows = sums.rows - 1 < USUAL_ROWS ? sums.rows - 1 : USUAL_ROWS;
  first->rows = (uint16_t)rows;
  first->first = sums.first;
  first->amount = sums.gross;
  first->place = sums.place;
  second->rows = (uint16_t)(sums.rows - rows);
  second->first = sums.last;
  second->amount = sums.returns;
  return true;
}

static void push_unused(fold_state *state, cb_block *block) {
  block->used = 0;
  block->records = 0;
  block->next = state->unused;
  state->unused = block;
}

static void push_folded(fold_state *state, cb_block *block) {
  block->next = NULL;
  if (state->last == NULL) {
    state->first = block;
  } else {
    state->last->next = block;
  }
  state->last = block;
}

// Copies a record behind what is left; NULL when no block has room.
static cb_order_day *append(fold_state *state, const cb_order_day *record) {
  size_t size = order_day_size(record);
  cb_block *block = state->last;
  if (block == NULL || block->capacity - block->used < size) {
    block = state->unused;
    if (block == NULL || block->capacity < size) {
      return NULL;
    }
    state->unused = block->next;
    push_folded(state, block);
  }
  cb_order_day *copy = (cb_order_day *)(cb_block_bytes(block) + block->used);
  memcpy(copy, record, size);
  block->used += size;
  block->records++;
  return copy;
}

static cb_order_day *slot_record(uint64_t entry) {
  return (cb_order_day *)(uintptr_t)(entry & ADDRESS_MASK);
}

static void fill_slot(uint64_t *slot, uint64_t hash, const cb_order_day *record) {
  *slot = (hash & ~ADDRESS_MASK) | (uint64_t)(uintptr_t)record;
}

// The slot that holds an equal order-day, or the empty one where it belongs.
static uint64_t *find(const fold_state *state, const cb_order_day *record, uint64_t hash) {
  for (uint64_t i = hash & state->slot_mask;; i = (i + 1) & state->slot_mask) {
    uint64_t entry = state->table[i];
    if (entry == 0) {
      return &state->table[i];
    }
    if (((entry ^ hash) & ~ADDRESS_MASK) == 0 && same_order_day(slot_record(entry), record)) {
      return &state->table[i];
    }
  }
}

// Keeps a record; `home` is its own block where it may stay there, NULL where it must be copied.
static cb_order_day *keep(fold_state *state, cb_order_day *record, cb_block *home) {
  if (home == NULL) {
    return append(state, record);
  }
  push_folded(state, home);
  return record;
}

// Folds one record; `home` as for `keep`.
//
// The second record of an order-day is found by the complement of its hash, so by another tag. One
// that follows two full ones stands in both slots until it has a second itself.
static cb_status fold_record(fold_state *state, cb_order_day *record, uint64_t hash,
                             cb_block *home) {
  uint64_t *slots[2] = {find(state, record, hash), NULL};
  cb_order_day *first = slot_record(*slots[0]);
  cb_order_day *second = NULL;
  bool is_merged = first != NULL && merge(first, record);
  if (first != NULL && !is_merged) {
    slots[1] = find(state, record, ~hash);
    second = slot_record(*slots[1]);
    second = second == first ? NULL : second;
    is_merged = second != NULL && (merge(second, record) || share(first, second, record));
  }
  if (is_merged) {
    if (home != NULL) {
      push_unused(state, home);
    }
    return CB_OK;
  }
  cb_order_day *kept = keep(state, record, home);
  if (kept == NULL) {
    return CB_BAD_SHAPE;
  }
  if (first == NULL || second != NULL) {
    fill_slot(slots[0], hash, kept);
  }
  if (first != NULL) {
    fill_slot(slots[1], ~hash, kept);
  }
  return CB_OK;
}

static cb_status fold_block(fold_state *state, cb_block *block) {
  uint8_t *at = cb_block_bytes(block);
  for (uint64_t left = block->records; left > 0;) {
    cb_order_day *records[GROUP];
    uint64_t hashes[GROUP];
    uint64_t count = left < GROUP ? left : GROUP;
    for (uint64_t i = 0; i < count; i++) {
      records[i] = (cb_order_day *)at;
      at += order_day_size(records[i]);
      hashes[i] = order_day_hash(records[i]);
      __builtin_prefetch(&state->table[hashes[i] & state->slot_mask]);
    }
    for (uint64_t i = 0; i < count; i++) {
      __builtin_prefetch(
          (const void *)(uintptr_t)(state->table[hashes[i] & state->slot_mask] & ADDRESS_MASK));
    }
    for (uint64_t i = 0; i < count; i++) {
      cb_status status = fold_record(state, records[i], hashes[i], NULL);
      if (status != CB_OK) {
        return status;
      }
    }
    left -= count;
  }
  push_unused(state, block);
  return CB_OK;
}

cb_status cb_fold_order_days(cb_block *list, cb_block *spare, uint64_t *table, size_t slots,
                             cb_block **folded, cb_block **released) {
  fold_state state = {.table = table, .slot_mask = slots - 1};
  cb_block *alone = NULL; // blocks of one record keep it: they may be larger than all others
  memset(table, 0, slots * sizeof *table);
  push_unused(&state, spare);
  for (cb_block *block = list, *next; block != NULL; block = next) {
    next = block->next;
    if (block->records == 1) {
      block->next = alone;
      alone = block;
      continue;
    }
    cb_status status = fold_block(&state, block);
    if (status != CB_OK) {
      return status;
    }
  }
  for (cb_block *block = alone, *next; block != NULL; block = next) {
    next = block->next;
    cb_order_day *record = (cb_order_day *)cb_block_bytes(block);
    cb_status status = fold_record(&state, record, order_day_hash(record), block);
    if (status != CB_OK) {
      return status;
    }
  }
  *folded = state.first;
  *released = state.unused;
  return CB_OK;
}
