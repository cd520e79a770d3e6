// Times are read as declared or not at all.

#include "check.h"

#include "../include/cb_numbers.h"
#include "../include/cb_times.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint8_t iso_program[] = {CB_TIME_ISO, 0};
static const cb_time_format iso = {.program = iso_program, .program_size = 2};

static int parse_as(const cb_time_format *format, const char *text, size_t length,
                    int64_t *instant) {
  uint8_t *memory = malloc(length + 128);
  memset(memory, '7', length + 128);
  memcpy(memory + 64, text, length);
  int fault = cb_parse_time(memory + 64, length, format, instant);
  free(memory);
  return fault;
}

static int parse(const char *text, size_t length, int64_t *instant) {
  return parse_as(&iso, text, length, instant);
}

// A number that adjoins another has its full width: no digit goes to the wrong one.
static void check_adjoining(void) {
  static const uint8_t dense[] = {CB_TIME_YEAR, 0, CB_TIME_MONTH, 0, CB_TIME_DAY, 0};
  static const uint8_t loose[] = {CB_TIME_DAY,     0,   CB_TIME_LITERAL, '.', CB_TIME_MONTH, 0,
                                  CB_TIME_LITERAL, '.', CB_TIME_YEAR,    0};
  const cb_time_format joined = {.program = dense, .program_size = sizeof dense};
  const cb_time_format apart = {.program = loose, .program_size = sizeof loose};
  int64_t instant = 0;
  CHECK(parse_as(&joined, "20201101", 8, &instant) == CB_FAULT_NONE, 0);
  CHECK(instant == 1604188800000000, 0);
  CHECK(parse_as(&joined, "2020111", 7, &instant) == CB_FAULT_TIME, 0);
  CHECK(parse_as(&apart, "1.11.2020", 9, &instant) == CB_FAULT_NONE, 0);
  CHECK(instant == 1604188800000000, 0);
}

// What was written by the C library must be read as the moment it was written for.
static void check_random(uint64_t seed) {
  uint64_t state = seed;
  time_t moment = (time_t)(draw(&state) % 4102444800u); // up to the year 2100
  struct tm fields;
  char text[32];
  size_t length =
      strftime(text, sizeof text, draw(&state) % 2 ? "%F %T" : "%FT%T", gmtime_r(&moment, &fields));
  int64_t instant = 0;
  CHECK(parse(text, length, &instant) == CB_FAULT_NONE, seed);
  CHECK(instant == (int64_t)moment * 1000000, seed);
}

static void check_noise(uint64_t seed) {
  uint64_t state = seed;
  uint8_t text[32] = "2010-12-01 08:26:00";
  size_t length = draw(&state) % 24;
  for (uint64_t damage = draw(&state) % 4; damage > 0; damage--) {
    draw_text(&state, "0123456789-: TZ.+", text + draw(&state) % 20, 1);
  }
  int64_t instant = 1;
  int fault = parse((const char *)text, length, &instant);
  CHECK(fault == CB_FAULT_NONE || instant == 0, seed);
}

enum { ROWS = 40, WIDTH = 28 };

// A column gives what its fields give one by one, faults included.
static void check_column(uint64_t seed) {
  uint64_t state = seed;
  uint8_t memory[64 + ROWS * WIDTH + 64];
  uint32_t positions[2 * ROWS + 1], firsts[ROWS];
  int64_t instants[ROWS];
  uint8_t faults[ROWS] = {0};
  size_t at = 64;
  bool days_differ = draw(&state) % 2;
  bool quoted = draw(&state) % 3 == 0;
  memset(memory, '7', sizeof memory);
  for (size_t row = 0; row < ROWS; row++) {
    char text[WIDTH] = "2010-12-01 08:26:00";
    size_t length = 19;
    if (days_differ) {
      unsigned latest = draw(&state) % 40 == 0 ? 32 : 28;
      snprintf(text, sizeof text, "%04u-%02u-%02u 08:26:00", (unsigned)(draw(&state) % 10000),
               (unsigned)(1 + draw(&state) % 12), (unsigned)(1 + draw(&state) % latest));
    }
    text[18] = (char)('0' + draw(&state) % 10);
    text[10] = draw(&state) % 4 == 0 ? 'T' : ' ';
    for (uint64_t damage = draw(&state) % 32 == 0; damage > 0; damage--) {
      draw_text(&state, "0123456789-: TZ.+/;\xB0", (uint8_t *)text + draw(&state) % 19, 1);
      length -= draw(&state) % 8 == 0;
    }
    firsts[row] = (uint32_t)(2 * row);
    positions[2 * row] = (uint32_t)(at - 1);
    if (quoted) {
      memory[at++] = '"';
      memory[at + length] = draw(&state) % 50 == 0 ? '7' : '"';
    }
    memcpy(memory + at, text, length);
    at += length + 1 + quoted;
    positions[2 * row + 1] = (uint32_t)(at - 1);
  }
  const cb_rows rows = {.bytes = memory,
                        .positions = positions,
                        .firsts = firsts,
                        .count = ROWS - draw(&state) % 9,
                        .quote = '"',
                        .any_quote = quoted};
  size_t found = cb_parse_times(&rows, 0, &iso, instants, faults);
  size_t expected = 0;
  for (size_t row = 0; row < rows.count; row++) {
    uint32_t begin = positions[2 * row] + 1;
    int64_t instant;
    size_t length = positions[2 * row + 1] - begin;
    bool is_bare = quoted && length >= 2 && memory[begin + length - 1] == '"';
    int fault = cb_parse_time(memory + begin + is_bare, length - 2 * is_bare, &iso, &instant);
    CHECK(instants[row] == instant && faults[row] == fault, seed);
    expected += fault != CB_FAULT_NONE;
  }
  CHECK(found == expected, seed);
}

void test_times(void) {
  int64_t instant = 0;
  CHECK(parse("2010-12-01", 10, &instant) == CB_FAULT_NONE && instant == 1291161600000000, 0);
  CHECK(parse("2011-02-29 00:00:00", 19, &instant) == CB_FAULT_TIME && instant == 0, 0);
  CHECK(parse("2010-12-01 24:26:00", 19, &instant) == CB_FAULT_TIME, 0);
  CHECK(parse("", 0, &instant) == CB_FAULT_TIME, 0);
  check_adjoining();
  CHECK(parse("2020-01-01 08:26.5", 18, &instant) == CB_FAULT_TIME, 0);
  CHECK(parse("2020-01-01 08:26:00.5", 21, &instant) == CB_FAULT_NONE, 0);
  CHECK(instant == 1577867160500000, 0);
  for (uint64_t seed = 1; seed <= 20000; seed++) {
    check_random(seed);
    check_column(seed);
    check_noise(seed);
  }
}
