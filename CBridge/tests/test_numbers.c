// Numbers are read exactly or not at all.

#include "check.h"

#include "../include/cb_numbers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const cb_number_format two_decimals = {.decimals = 2, .decimal_mark = '.'};

static cb_fault parse(const char *text, size_t length, int64_t *value) {
  // 64 readable bytes on both sides, as around every field of a row.
  uint8_t *memory = malloc(length + 128);
  memset(memory, '7', length + 128);
  memcpy(memory + 64, text, length);
  cb_fault fault = cb_parse_number(memory + 64, length, &two_decimals, value);
  free(memory);
  return fault;
}

static void check(const char *text, cb_fault fault, int64_t value) {
  int64_t read = 1;
  CHECK(parse(text, strlen(text), &read) == fault, strlen(text));
  CHECK(read == value, value);
}

static void check_random(uint64_t seed) {
  uint64_t state = seed;
  int64_t units = (int64_t)(draw(&state) >> (1 + draw(&state) % 62));
  bool negative = draw(&state) % 2;
  char text[40];
  int length = snprintf(text, sizeof text, "%s%" PRId64 ".%02" PRId64, negative ? "-" : "",
                        units / 100, units % 100);
  int64_t read = 0;
  CHECK(parse(text, (size_t)length, &read) == CB_FAULT_NONE, seed);
  CHECK(read == (negative ? -units : units), seed);
}

// Any bytes: a fault or a value, and never a byte outside.
static void check_noise(uint64_t seed) {
  uint64_t state = seed;
  uint8_t text[24];
  size_t length = draw(&state) % sizeof text;
  draw_text(&state, "0123456789.,-+ ()e", text, length);
  int64_t read = 0;
  cb_fault fault = parse((const char *)text, length, &read);
  CHECK(fault == CB_FAULT_NONE || read == 0, seed);
}

enum { RECORDS = 40, COLUMNS = 2, MOST_FIELD = 12, MOST_BYTES = RECORDS * (2 * MOST_FIELD + 7) };

typedef struct column {
  uint8_t memory[64 + MOST_BYTES + 64]; // 64 readable bytes around the text
  uint32_t positions[1 + RECORDS * COLUMNS];
  uint32_t firsts[RECORDS];
  uint8_t texts[RECORDS][COLUMNS][MOST_FIELD];
  size_t lengths[RECORDS][COLUMNS];
} column;

// Two columns of things like numbers, in quotes or not, in lines that end in LF, CR LF or either.
static void draw_column(uint64_t *state, column *drawn) {
  uint32_t at = 0;
  uint32_t entry = 0;
  drawn->positions[entry++] = UINT32_MAX;
  memset(drawn->memory, '\r', sizeof drawn->memory);
  uint8_t *bytes = drawn->memory + 64;
  uint64_t returns = draw(state) % 3;
  uint64_t quotes = draw(state) % 3;
  for (size_t row = 0; row < RECORDS; row++) {
    drawn->firsts[row] = entry - 1;
    for (size_t field = 0; field < COLUMNS; field++) {
      size_t length = draw(state) % MOST_FIELD;
      bool noise = draw(state) % 4 == 0;
      draw_text(state, noise ? "01.-x\r" : "0123456789", drawn->texts[row][field], length);
      bool quoted = quotes == 1 || (quotes == 2 && draw(state) % 2);
      bytes[at] = '"';
      at += quoted;
      memcpy(bytes + at, drawn->texts[row][field], length);
      at += (uint32_t)length;
      bytes[at] = '"';
      at += quoted;
      if (field + 1 == COLUMNS && (returns == 1 || (returns == 2 && draw(state) % 2))) {
        bytes[at++] = '\r';
      } else if (field + 1 == COLUMNS && !quoted && length > 0 && bytes[at - 1] == '\r') {
        length--; // it belongs to the line end by now
      }
      drawn->lengths[row][field] = length;
      bytes[at] = field + 1 < COLUMNS ? ',' : '\n';
      drawn->positions[entry++] = at++;
    }
  }
}

static void check_column(uint64_t seed) {
  uint64_t state = seed;
  column drawn;
  draw_column(&state, &drawn);
  cb_rows rows = {.bytes = drawn.memory + 64,
                  .positions = drawn.positions,
                  .firsts = drawn.firsts,
                  .count = RECORDS,
                  .quote = '"',
                  .any_quote = true,
                  .any_return = true};
  for (uint32_t field = 0; field < COLUMNS; field++) {
    int64_t values[RECORDS];
    uint8_t faults[RECORDS];
    size_t faulty = cb_parse_numbers(&rows, field, &two_decimals, values, faults);
    for (size_t row = 0; row < RECORDS; row++) {
      int64_t value = 0;
      cb_fault fault =
          parse((const char *)drawn.texts[row][field], drawn.lengths[row][field], &value);
      CHECK(fault == faults[row] && value == values[row], seed);
      faulty -= fault != CB_FAULT_NONE;
    }
    CHECK(faulty == 0, seed);
  }
}

void test_numbers(void) {
  check("0", CB_FAULT_NONE, 0);
  check("2.55", CB_FAULT_NONE, 255);
  check("-12", CB_FAULT_NONE, -1200);
  check("7.5", CB_FAULT_NONE, 750);
  check("0.001", CB_FAULT_DECIMALS, 0);
  check("", CB_FAULT_NUMBER, 0);
  check("1e3", CB_FAULT_NUMBER, 0);
  check("--1", CB_FAULT_NUMBER, 0);
  check("99999999999999999999", CB_FAULT_OVERFLOW, 0);
  for (uint64_t seed = 1; seed <= 20000; seed++) {
    check_random(seed);
    check_noise(seed);
  }
  for (uint64_t seed = 1; seed <= 2000; seed++) {
    check_column(seed);
  }
}
