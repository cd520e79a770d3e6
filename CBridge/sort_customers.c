// A radix sort of byte strings, eight bytes at a time.
//
// In a range whose keys agree in their first `depth` bytes, the next eight that are not the same in
// all keys are loaded as one number; only the bits that differ anywhere are kept (ids of digits
// differ in half of them), and what is left is sorted by counting, eleven bits a pass. Ranges that
// are still equal go round again eight bytes further on; where a key ends inside its eight bytes,
// it stands before those that go on, shorter ones first. The largest range is done last, in the
// same frame, so that the depth of recursion is at most the logarithm of the count.

#include "customer_record.h"
#include "sort_items.h"

// Below this, comparing takes less time than counting.
#define COUNTING_COUNT 128

// Bits of a pass over many items: 2^11 counters stay in the first cache.
#define DIGIT_BITS 11

// Items ahead whose keys are fetched.
#define AHEAD 16

static bool keys_swapped(const cb_sort_item *left, const cb_sort_item *right) {
  if (left->key != right->key) {
    return left->key > right->key;
  }
  cb_customer *left_record = item_customer(left);
  cb_customer *right_record = item_customer(right);
  return compare_bytes(customer_key(left_record), left_record->key_length,
                       customer_key(right_record), right_record->key_length) > 0;
}

static void load_words(cb_sort_item *items, size_t count, size_t depth) {
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) {
      __builtin_prefetch((const uint8_t *)item_customer(&items[i + AHEAD]) + sizeof(cb_customer) +
                         depth);
    }
    cb_customer *record = item_customer(&items[i]);
    items[i].key = sort_word(customer_key(record), record->key_length, depth);
  }
}

static uint64_t differing_bits(const cb_sort_item *items, size_t count) {
  uint64_t bits = 0;
  for (size_t i = 1; i < count; i++) {
    bits |= items[i].key ^ items[0].key;
  }
  return bits;
}

// Bytes from `depth` on that all keys have and agree in.
static size_t shared_bytes(const cb_sort_item *items, size_t count, size_t depth) {
  cb_customer *first = item_customer(&items[0]);
  const uint8_t *key = customer_key(first);
  size_t shared = first->key_length;
  for (size_t i = 1; i < count && shared > depth; i++) {
    if (i + AHEAD < count) {
      __builtin_prefetch((const uint8_t *)item_customer(&items[i + AHEAD]) + sizeof(cb_customer) +
                         depth);
    }
    cb_customer *record = item_customer(&items[i]);
    const uint8_t *other = customer_key(record);
    shared = record->key_length < shared ? record->key_length : shared;
    size_t at = depth;
    while (at + 8 <= shared && load_word(key + at) == load_word(other + at)) {
      at += 8;
    }
    while (at < shared && key[at] == other[at]) {
      at++;
    }
    shared = at;
  }
  return shared < depth ? 0 : shared - depth;
}

// Leaves in every key the bits of `mask` only, moved together at the low end.
static void compress_words(cb_sort_item *items, size_t count, uint64_t mask) {
  uint64_t runs[32]; // of set bits, from the lowest
  int shifts[32];    // how far each moves down
  int used = 0;
  int kept = 0;
  while (mask != 0) {
    int begin = __builtin_ctzll(mask);
    uint64_t carried = mask + (UINT64_C(1) << begin);
    runs[used] = mask & ~carried;
    shifts[used++] = begin - kept;
    kept += __builtin_popcountll(mask & ~carried);
    mask &= carried;
  }
  for (size_t i = 0; i < count; i++) {
    uint64_t word = 0;
    for (int run = 0; run < used; run++) {
      word |= (items[i].key & runs[run]) >> shifts[run];
    }
    items[i].key = word;
  }
}

// Sorts by the low `bits` bits of the keys; stable.
__attribute__((noinline)) static void count_sort(cb_sort_item *items, size_t count, int bits,
                                                 cb_sort_item *scratch) {
  uint32_t counters[1 << DIGIT_BITS];
  int widest = count < (size_t)1 << 14 ? 8 : DIGIT_BITS;
  int passes = (bits + widest - 1) / widest;
  int width = passes == 0 ? 0 : (bits + passes - 1) / passes;
  uint64_t mask = (UINT64_C(1) << width) - 1;
  cb_sort_item *from = items;
  cb_sort_item *to = scratch;
  for (int pass = 0; pass < passes; pass++) {
    int shift = pass * width;
    memset(counters, 0, ((size_t)mask + 1) * sizeof *counters);
    for (size_t i = 0; i < count; i++) {
      counters[from[i].key >> shift & mask]++;
    }
    uint32_t before = 0;
    for (size_t digit = 0; digit <= mask; digit++) {
      uint32_t own = counters[digit];
      counters[digit] = before;
      before += own;
    }
    for (size_t i = 0; i < count; i++) {
      to[counters[from[i].key >> shift & mask]++] = from[i];
    }
    cb_sort_item *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != items) {
    memcpy(items, from, count * sizeof *items);
  }
}

// Among keys equal up to `depth`, moves those that end there to the front, shorter ones first.
// Returns how many they are: at most nine, since keys differ.
static size_t ended_keys(cb_sort_item *items, size_t count, size_t depth) {
  size_t ended = 0;
  for (size_t i = 0; i < count; i++) {
    cb_sort_item item = items[i];
    size_t length = item_customer(&item)->key_length;
    if (length > depth) {
      continue;
    }
    items[i] = items[ended];
    size_t to = ended++;
    for (; to > 0 && item_customer(&items[to - 1])->key_length > length; to--) {
      items[to] = items[to - 1];
    }
    items[to] = item;
  }
  return ended;
}

// A part of the items that is still to be sorted.
typedef struct sort_range {
  cb_sort_item *items;
  size_t count;
} sort_range;

// Puts the range's items in order of their next differing bytes; returns the depth behind those.
static size_t sort_by_words(sort_range range, size_t depth, bool loaded, cb_sort_item *scratch) {
  if (!loaded) {
    load_words(range.items, range.count, depth);
  }
  uint64_t bits = differing_bits(range.items, range.count);
  size_t common =
      bits == 0 ? shared_bytes(range.items, range.count, depth) : (size_t)__builtin_clzll(bits) / 8;
  if (common > 0) {
    depth += common;
    load_words(range.items, range.count, depth);
    bits = differing_bits(range.items, range.count);
  }
  compress_words(range.items, range.count, bits);
  count_sort(range.items, range.count, __builtin_popcountll(bits), scratch);
  return depth + 8;
}

static void sort_keys(sort_range range, size_t depth, bool loaded, cb_sort_item *scratch) {
  while (range.count >= COUNTING_COUNT) {
    depth = sort_by_words(range, depth, loaded, scratch);
    loaded = false;
    sort_range largest = {.items = NULL, .count = 1};
    for (size_t begin = 0, end; begin < range.count; begin = end) {
      for (end = begin + 1; end < range.count && range.items[end].key == range.items[begin].key;) {
        end++;
      }
      if (end - begin == 1) {
        continue;
      }
      size_t ended = ended_keys(range.items + begin, end - begin, depth);
      sort_range equal = {.items = range.items + begin + ended, .count = end - begin - ended};
      sort_range smaller = equal;
      if (equal.count > largest.count) {
        smaller = largest;
        largest = equal;
      }
      sort_keys(smaller, depth, false, scratch);
    }
    range = largest;
  }
  if (range.count > 1) {
    if (!loaded) {
      load_words(range.items, range.count, depth);
    }
    sort_items(range.items, range.count, scratch, keys_swapped);
  }
}

void cb_sort_customers(cb_sort_item *items, size_t count, cb_sort_item *scratch) {
  sort_keys((sort_range){.items = items, .count = count}, 0, true, scratch);
}
