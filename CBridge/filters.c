#include "include/cb_filters.h"

#include "include/cb_cpu.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define FILTERS_AVX512 "avx512f,avx512bw,avx512dq,avx512vl"

// Gives the rule to those of sixteen undecided rows that match.
__attribute__((target(FILTERS_AVX512))) static inline void
decide_sixteen(__mmask16 matches, uint8_t rule, uint8_t *verdicts) {
  __m128i known = _mm_loadu_si128((const __m128i *)verdicts);
  __mmask16 undecided = _mm_testn_epi8_mask(known, known);
  __m128i decided = _mm_mask_mov_epi8(known, matches & undecided, _mm_set1_epi8((char)rule));
  _mm_storeu_si128((__m128i *)verdicts, decided);
}

// Decides whole sixteens of rows; returns how many rows are done.
__attribute__((target(FILTERS_AVX512))) static size_t
filter_numbers_avx512(const int64_t *values, size_t count, cb_comparison comparison,
                      int64_t constant, uint8_t rule, uint8_t *verdicts) {
  const __m512i limit = _mm512_set1_epi64(constant);
  size_t row = 0;
  for (; row + 16 <= count; row += 16) {
    __m512i low = _mm512_loadu_si512(values + row);
    __m512i high = _mm512_loadu_si512(values + row + 8);
    unsigned below =
        _mm512_cmplt_epi64_mask(low, limit) | (unsigned)_mm512_cmplt_epi64_mask(high, limit) << 8;
    unsigned equal =
        _mm512_cmpeq_epi64_mask(low, limit) | (unsigned)_mm512_cmpeq_epi64_mask(high, limit) << 8;
    unsigned matches[] = {
        [CB_AT_MOST] = below | equal,  [CB_BELOW] = below, [CB_AT_LEAST] = ~below,
        [CB_ABOVE] = ~(below | equal), [CB_EQUAL] = equal,
    };
    decide_sixteen((__mmask16)matches[comparison], rule, verdicts + row);
  }
  return row;
}

__attribute__((target(FILTERS_AVX512))) static size_t
filter_empty_avx512(const uint32_t *lengths, size_t count, uint8_t rule, uint8_t *verdicts) {
  size_t row = 0;
  for (; row + 16 <= count; row += 16) {
    __m512i length = _mm512_loadu_si512(lengths + row);
    decide_sixteen(_mm512_testn_epi32_mask(length, length), rule, verdicts + row);
  }
  return row;
}

__attribute__((target(FILTERS_AVX512))) static size_t
filter_first_byte_avx512(const uint8_t *bytes, const uint32_t *begins, const uint32_t *lengths,
                         size_t count, uint8_t first, uint8_t rule, uint8_t *verdicts) {
  const __m512i low = _mm512_set1_epi32(0xFF);
  const __m512i wanted = _mm512_set1_epi32(first);
  size_t row = 0;
  for (; row + 16 <= count; row += 16) {
    __m512i length = _mm512_loadu_si512(lengths + row);
    __m512i text = _mm512_i32gather_epi32(_mm512_loadu_si512(begins + row), bytes, 1);
    __mmask16 matches = _mm512_cmpeq_epi32_mask(_mm512_and_si512(text, low), wanted);
    decide_sixteen(matches & _mm512_test_epi32_mask(length, length), rule, verdicts + row);
  }
  return row;
}

#endif

// One loop a comparison, so that each vectorises.
#define FILTER_LOOP(operator)                                                                      \
  for (size_t i = first; i < count; i++) {                                                         \
    verdicts[i] = verdicts[i] == 0 && values[i] operator constant ? rule : verdicts[i];            \
  }

void cb_filter_numbers(const int64_t *values, size_t count, cb_comparison comparison,
                       int64_t constant, uint8_t rule, uint8_t *verdicts) {
  size_t first = 0;
#if defined(__x86_64__)
  if (cb_level_current() >= CB_LEVEL_AVX512) {
    first = filter_numbers_avx512(values, count, comparison, constant, rule, verdicts);
  }
#endif
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
  size_t row = 0;
#if defined(__x86_64__)
  if (cb_level_current() >= CB_LEVEL_AVX512) {
    row = filter_empty_avx512(lengths, count, rule, verdicts);
  }
#endif
  for (; row < count; row++) {
    verdicts[row] = verdicts[row] == 0 && lengths[row] == 0 ? rule : verdicts[row];
  }
}

// Prefixes of one byte, such as the C of a cancelled order.
static void filter_first_byte(const uint8_t *bytes, const uint32_t *begins, const uint32_t *lengths,
                              size_t count, uint8_t first, uint8_t rule, uint8_t *verdicts) {
  size_t row = 0;
#if defined(__x86_64__)
  if (cb_level_current() >= CB_LEVEL_AVX512) {
    row = filter_first_byte_avx512(bytes, begins, lengths, count, first, rule, verdicts);
  }
#endif
  for (; row < count; row++) {
    bool begins_so = (lengths[row] != 0) & (bytes[begins[row]] == first);
    verdicts[row] = verdicts[row] == 0 && begins_so ? rule : verdicts[row];
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
