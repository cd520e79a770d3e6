// Columns read many rows at once: each row as the form for one field reads it, at every level.

#include "check.h"

#include "../include/cb_filters.h"
#include "../include/cb_numbers.h"
#include "../include/cb_times.h"

#include <stdlib.h>
#include <string.h>

#define ROWS 71
#define COLUMNS 3
#define PADDING 64
#define LONGEST 24
#define CAPACITY (PADDING * 2 + ROWS * COLUMNS * (LONGEST + 3))

typedef struct table {
  uint8_t *bytes;
  uint32_t positions[ROWS * COLUMNS + PADDING + 1];
  uint32_t firsts[ROWS], odd[ROWS], odd_fields[ROWS];
  cb_rows rows;
} table;

static size_t put_field(uint64_t *state, const char *alphabet, uint8_t *to) {
  size_t length = draw(state) % LONGEST;
  bool is_quoted = draw(state) % 4 == 0;
  draw_text(state, alphabet, to + is_quoted, length);
  if (is_quoted) {
    to[0] = '"';
    to[1 + length] = '"';
  }
  return length + 2 * is_quoted;
}

// A text of random fields, scanned, in memory that ends with its padding.
static table make(uint64_t seed, const char *alphabet) {
  uint8_t text[CAPACITY];
  uint64_t state = seed;
  memset(text, '7', PADDING);
  size_t end = PADDING;
  for (size_t field = 0; field < ROWS * COLUMNS; field++) {
    end += put_field(&state, alphabet, text + end);
    bool ends_row = field % COLUMNS == COLUMNS - 1;
    if (ends_row && seed % 2 == 0) {
      text[end++] = '\r';
    }
    text[end++] = ends_row ? '\n' : ';';
  }
  table t = {.bytes = exact_copy(text, end, PADDING)};
  cb_dialect dialect = {.separator = ';', .quote = '"', .has_quote = true};
  cb_scan_state scan = {.position_count = 1};
  t.positions[0] = PADDING - 1;
  size_t capacity = sizeof t.positions / sizeof t.positions[0];
  CHECK(cb_scan(t.bytes, PADDING, end, &dialect, capacity, &scan, t.positions) == CB_OK, seed);
  size_t rows = 0;
  size_t odd = 0;
  cb_index_rows(t.bytes, t.positions, scan.position_count, scan.record_count, COLUMNS, &dialect,
                t.firsts, t.odd, t.odd_fields, &rows, &odd);
  CHECK(rows == ROWS && odd == 0, seed);
  t.rows = (cb_rows){.bytes = t.bytes,
                     .count = rows,
                     .quote = '"',
                     .any_quote = scan.any_quote,
                     .any_return = scan.any_return};
  return t;
}

static void check_numbers(uint64_t seed) {
  table t = make(seed, seed % 3 == 0 ? "0123456789" : "0123456789.-");
  t.rows.positions = t.positions;
  t.rows.firsts = t.firsts;
  cb_number_format format = {.decimals = (uint8_t)(seed % 12), .decimal_mark = '.'};
  int64_t values[ROWS];
  uint8_t faults[ROWS];
  uint32_t begins[ROWS], lengths[ROWS], knotty[ROWS];
  for (uint32_t column = 0; column < COLUMNS; column++) {
    size_t faulty = cb_parse_numbers(&t.rows, column, &format, values, faults);
    CHECK(cb_cut_column(&t.rows, column, begins, lengths, knotty) == 0, seed);
    for (size_t row = 0; row < ROWS; row++) {
      int64_t value = 1;
      cb_fault fault = cb_parse_number(t.bytes + begins[row], lengths[row], &format, &value);
      CHECK(faults[row] == fault, seed);
      CHECK(fault != CB_FAULT_NONE || values[row] == value, seed);
      faulty -= fault != CB_FAULT_NONE;
    }
    CHECK(faulty == 0, seed);
  }
  free(t.bytes);
}

static void check_number_filters(uint64_t seed) {
  uint64_t state = seed;
  int64_t values[ROWS];
  uint8_t verdicts[ROWS], before[ROWS];
  int64_t constant = (int64_t)(draw(&state) % 5) - 2;
  for (size_t i = 0; i < ROWS; i++) {
    values[i] = (int64_t)(draw(&state) % 7) - 3;
    before[i] = draw(&state) % 3 == 0 ? 9 : 0;
  }
  for (int comparison = CB_AT_MOST; comparison <= CB_EQUAL; comparison++) {
    memcpy(verdicts, before, sizeof before);
    cb_filter_numbers(values, ROWS, (cb_comparison)comparison, constant, 4, verdicts);
    for (size_t i = 0; i < ROWS; i++) {
      int64_t difference = values[i] - constant;
      bool matches[] = {difference <= 0, difference<0, difference >= 0, difference> 0,
                        difference == 0};
      CHECK(verdicts[i] == (before[i] != 0 ? 9 : matches[comparison] ? 4 : 0), seed);
    }
  }
}

static void check_text_filters(uint64_t seed) {
  table t = make(seed, "Ca");
  t.rows.positions = t.positions;
  t.rows.firsts = t.firsts;
  static const uint8_t empty[4] = {0};
  static const uint8_t letter[5] = {1, 0, 0, 0, 'C'};
  uint32_t begins[ROWS], lengths[ROWS], knotty[ROWS];
  uint8_t verdicts[ROWS] = {0};
  cb_cut_column(&t.rows, 1, begins, lengths, knotty);
  cb_filter_texts(t.bytes, begins, lengths, ROWS, CB_IS_ONE_OF, empty, sizeof empty, 1, verdicts);
  cb_filter_texts(t.bytes, begins, lengths, ROWS, CB_HAS_PREFIX, letter, sizeof letter, 2,
                  verdicts);
  for (size_t row = 0; row < ROWS; row++) {
    uint8_t expected = lengths[row] == 0 ? 1 : t.bytes[begins[row]] == 'C' ? 2 : 0;
    CHECK(verdicts[row] == expected, seed);
  }
  free(t.bytes);
}

// A time that is read whole is read as its steps read it.
static void check_times(uint64_t seed) {
  static const uint8_t iso[2] = {CB_TIME_ISO, 0};
  static const uint8_t steps[] = {
      CB_TIME_YEAR,   0, CB_TIME_LITERAL, '-', CB_TIME_MONTH,  0, CB_TIME_LITERAL, '-',
      CB_TIME_DAY,    0, CB_TIME_LITERAL, ' ', CB_TIME_HOUR,   0, CB_TIME_LITERAL, ':',
      CB_TIME_MINUTE, 0, CB_TIME_LITERAL, ':', CB_TIME_SECOND, 0,
  };
  cb_time_format whole = {.program = iso, .program_size = sizeof iso};
  cb_time_format stepwise = {.program = steps, .program_size = sizeof steps};
  uint64_t state = seed;
  char text[32];
  snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", (int)(draw(&state) % 10000),
           (int)(draw(&state) % 14), (int)(draw(&state) % 33), (int)(draw(&state) % 25),
           (int)(draw(&state) % 61), (int)(draw(&state) % 61));
  if (draw(&state) % 4 == 0) {
    text[draw(&state) % 19] = "0:/ x"[draw(&state) % 5];
  }
  int64_t left = 1;
  int64_t right = 1;
  int fault = cb_parse_time((const uint8_t *)text, 19, &whole, &left);
  CHECK(fault == cb_parse_time((const uint8_t *)text, 19, &stepwise, &right), seed);
  CHECK(fault != CB_FAULT_NONE || left == right, seed);
}

void test_columns(void) {
  for (uint64_t seed = 1; seed <= 300; seed++) {
    check_numbers(seed);
    check_number_filters(seed);
    check_text_filters(seed);
  }
  for (uint64_t seed = 1; seed <= 20000; seed++) {
    check_times(seed);
  }
}
