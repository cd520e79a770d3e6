// Every form of the scan must agree with the machine that steps byte by byte, for every text,
// offset and cut; and none may touch a byte that it was not promised.

#include "check.h"

#include "../include/cb_scan.h"

#include <stdlib.h>
#include <string.h>

enum { SLACK = 64 };

static const char *const alphabets[] = {"ab,\n",   "a,\"\n",  "a,\"\r\n",
                                        "ab \t\n", "#a,\"\n", ",\n\r\"\xC3\xA9"};

static cb_dialect draw_dialect(uint64_t *state) {
  uint64_t random = draw(state);
  return (cb_dialect){.separator = ',',
                      .quote = '"',
                      .comment = '#',
                      .has_quote = random % 4 != 0,
                      .has_comment = random >> 8 & 1 && random >> 9 & 1,
                      .blanks = (random >> 16) % 5 == 0};
}

typedef struct scanned {
  cb_status status;
  cb_scan_state state;
  uint32_t *positions;
} scanned;

typedef cb_status scan(const uint8_t *, size_t, size_t, const cb_dialect *, size_t, cb_scan_state *,
                       uint32_t *);

// Scans text[begin, end) in pieces that `cuts` draws, or in one where it is 0.
static scanned run(scan *form, const uint8_t *text, size_t begin, size_t end,
                   const cb_dialect *dialect, uint64_t cuts) {
  scanned result = {CB_OK, {0}, malloc((end - begin + SLACK) * sizeof(uint32_t))};
  size_t at = begin;
  while (at < end && result.status == CB_OK) {
    size_t piece = cuts == 0 ? end - at : 1 + draw(&cuts) % (end - at);
    result.status =
        form(text, at, at + piece, dialect, end - begin + SLACK, &result.state, result.positions);
    at += piece;
  }
  return result;
}

static bool is_same(const scanned *left, const scanned *right) {
  const cb_scan_state *a = &left->state, *b = &right->state;
  return a->position_count == b->position_count && a->record_count == b->record_count &&
         a->line_count == b->line_count && a->any_quote == b->any_quote &&
         a->any_return == b->any_return && a->any_high == b->any_high &&
         cb_scan_is_open(a) == cb_scan_is_open(b) &&
         memcmp(left->positions, right->positions, a->position_count * sizeof(uint32_t)) == 0;
}

static void compare(uint64_t seed) {
  uint64_t state = seed;
  uint8_t bytes[600];
  size_t count = draw(&state) % sizeof bytes;
  draw_text(&state, alphabets[draw(&state) % 6], bytes, count);
  cb_dialect dialect = draw_dialect(&state);
  uint8_t *text = exact_copy(bytes, count, SLACK);
  size_t begin = count == 0 ? 0 : draw(&state) % 65 % count;
  scanned machine = run(cb_scan_scalar, text, begin, count, &dialect, 0);
  scanned whole = run(cb_scan, text, begin, count, &dialect, 0);
  scanned cut = run(cb_scan, text, begin, count, &dialect, draw(&state) | 1);
  CHECK(machine.status == CB_OK, seed);
  CHECK(whole.status == cut.status, seed);
  CHECK(whole.status == CB_BAD_DATA || whole.status == CB_OK, seed);
  if (whole.status == CB_OK && cut.status == CB_OK) {
    CHECK(is_same(&machine, &whole), seed);
    CHECK(is_same(&machine, &cut), seed);
  }
  CHECK(cb_count_lines(text, begin, count) == machine.state.line_count, seed);
  free(machine.positions);
  free(whole.positions);
  free(cut.positions);
  free(text);
}

// Text as RFC 4180 has it must never need the machine: that is the form that is fast.
static void check_regular(uint64_t seed) {
  static const char *const fields[] = {"a", "", "\"b,c\"", "\"d\"\"e\"", "\"\"", "\"f\ng\"", "xyz"};
  static const char *const ends[] = {",", ",", ",", "\n", "\r\n"};
  uint64_t state = seed;
  char text[2048] = "";
  size_t count = 0;
  while (count < 1500) {
    const char *field = fields[draw(&state) % 7];
    const char *end = ends[draw(&state) % 5];
    memcpy(text + count, field, strlen(field));
    count += strlen(field);
    memcpy(text + count, end, strlen(end));
    count += strlen(end);
  }
  cb_dialect dialect = {.separator = ',', .quote = '"', .has_quote = true};
  uint8_t *copy = exact_copy((const uint8_t *)text, count, SLACK);
  scanned result = run(cb_scan, copy, 0, count, &dialect, draw(&state) % 2);
  CHECK(result.status == CB_OK, seed);
  free(result.positions);
  free(copy);
}

void test_scan(void) {
  for (uint64_t seed = 1; seed <= 20000; seed++) {
    compare(seed);
  }
  for (uint64_t seed = 1; seed <= 500; seed++) {
    check_regular(seed);
  }
}

static size_t first_invalid(const char *text, size_t count) {
  uint8_t *copy = exact_copy((const uint8_t *)text, count, 0);
  size_t place = cb_invalid_utf8(copy, count);
  free(copy);
  return place;
}

void test_utf8(void) {
  CHECK(first_invalid("", 0) == 0, 0);
  CHECK(first_invalid("plain text of more than eight", 29) == 29, 0);
  CHECK(first_invalid("12345678\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 17) == 17, 0);
  CHECK(first_invalid("1234567\xC3", 8) == 7, 0);
  CHECK(first_invalid("\xC0\x80", 2) == 0, 0);         // overlong
  CHECK(first_invalid("a\xED\xA0\x80", 4) == 1, 0);    // surrogate
  CHECK(first_invalid("\xF4\x90\x80\x80", 4) == 0, 0); // beyond U+10FFFF
  CHECK(first_invalid("ab\xFF", 3) == 2, 0);
}
