#include "include/cb_filters.h"

#include <string.h>

// One loop a comparison, so that each vectorises.
#define FILTER_LOOP(operator)                                                                      \
  for (size_t i = 0; i < count; i++) {                                                             \
    verdicts[i] = verdicts[i] == 0 && values[i] operator constant ? rule : verdicts[i];            \
  }

void cb_filter_numbers(const int64_t *values, size_t count, cb_comparison comparison,
                       int64_t constant, uint8_t rule, uint8_t *verdicts) {
  switch (comparison) {
  case CB_AT_MOST:
    FILTER_LOOP(<=)
    break;
  case CB_BELOW:
    FILTER_LOOP(<)
    break;
  case CB_AT_LEAST:
    FILTER_LOOP(>=)
    break;
  case CB_ABOVE:
    FILTER_LOOP(>)
    break;
  case CB_EQUAL:
    FILTER_LOOP(==)
    break;
  }
}

static bool matches(const uint8_t *text, size_t length, bool prefix, const uint8_t *words,
                    size_t words_size) {
  uint32_t size;
  for (size_t at = 0; at + 4 <= words_size; at += 4 + (size_t)size) {
    memcpy(&size, words + at, 4);
    bool fits = prefix ? size <= length : size == length;
    if (fits && memcmp(text, words + at + 4, size) == 0) {
      return true;
    }
  }
  return false;
}

// The commonest rule, an empty text, without looking at any text.
static void filter_empty(const uint32_t *lengths, size_t count, uint8_t rule, uint8_t *verdicts) {
  for (size_t i = 0; i < count; i++) {
    verdicts[i] = verdicts[i] == 0 && lengths[i] == 0 ? rule : verdicts[i];
  }
}

// Prefixes of one byte, such as the C of a cancelled order.
static void filter_first_byte(const uint8_t *bytes, const uint32_t *begins, const uint32_t *lengths,
                              size_t count, uint8_t first, uint8_t rule, uint8_t *verdicts) {
  for (size_t i = 0; i < count; i++) {
    bool begins_so = (lengths[i] != 0) & (bytes[begins[i]] == first);
    verdicts[i] = verdicts[i] == 0 && begins_so ? rule : verdicts[i];
  }
}

void cb_filter_texts(const uint8_t *bytes, const uint32_t *begins, const uint32_t *lengths,
                     size_t count, cb_text_test test, const uint8_t *words, size_t words_size,
                     uint8_t rule, uint8_t *verdicts) {
  uint32_t size = 0;
  if (words_size >= 4) {
    memcpy(&size, words, 4);
  }
  if (test == CB_IS_ONE_OF && words_size == 4 && size == 0) {
    filter_empty(lengths, count, rule, verdicts);
    return;
  }
  if (test == CB_HAS_PREFIX && words_size == 5 && size == 1) {
    filter_first_byte(bytes, begins, lengths, count, words[4], rule, verdicts);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    if (verdicts[i] != 0) {
      continue;
    }
    bool found = matches(bytes + begins[i], lengths[i], test == CB_HAS_PREFIX, words, words_size);
    if (found != (test == CB_IS_NONE_OF)) {
      verdicts[i] = rule;
    }
  }
}

static void add_money(cb_tally *tally, __int128 money) {
  unsigned __int128 sum = (unsigned __int128)tally->money_high << 64 | tally->money_low;
  sum += (unsigned __int128)money;
  tally->money_low = (uint64_t)sum;
  tally->money_high = (int64_t)(sum >> 64);
}

#define MICROSECONDS_PER_DAY 86400000000ll

static void advance_newest(cb_newest *newest, int64_t instant, size_t row) {
  int64_t day = instant / MICROSECONDS_PER_DAY - (instant % MICROSECONDS_PER_DAY < 0);
  int64_t begin = day * MICROSECONDS_PER_DAY;
  if (begin > newest->day_begin) {
    newest->runner_up = newest->latest;
    newest->day_begin = begin;
    newest->row = row;
    newest->advanced = true;
  }
  newest->latest = instant;
}

size_t cb_select(const uint8_t *verdicts, const int64_t *amounts, const int64_t *instants,
                 size_t count, cb_tally *tallies, cb_newest *newest, uint32_t *kept) {
  size_t kept_count = 0;
  __int128 money = 0;
  cb_newest found = *newest;
  found.advanced = false;
  for (size_t i = 0; i < count; i++) {
    kept[kept_count] = (uint32_t)i;
    if (verdicts[i] == 0) {
      kept_count++;
      money += amounts[i];
      if (__builtin_expect(instants[i] > found.latest, 0)) {
        advance_newest(&found, instants[i], i);
      }
      int64_t earlier = instants[i] < found.day_begin ? instants[i] : INT64_MIN;
      found.runner_up = earlier > found.runner_up ? earlier : found.runner_up;
    } else {
      tallies[verdicts[i]].rows++;
      add_money(&tallies[verdicts[i]], amounts[i]);
    }
  }
  tallies[0].rows += kept_count;
  add_money(&tallies[0], money);
  *newest = found;
  return kept_count;
}
