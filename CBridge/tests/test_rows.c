// Columns are cut from scanned text; what is cut and unquoted must be what was written.

#include "check.h"

#include "../include/cb_rows.h"

#include <stdlib.h>
#include <string.h>

enum { SLACK = 64, COLUMNS = 3, MOST_RECORDS = 40, MOST_FIELD = 12 };

typedef struct table {
  uint8_t *memory; // 64 readable bytes, the text, 64 readable bytes
  size_t count;
  uint8_t values[MOST_RECORDS][COLUMNS][MOST_FIELD];
  size_t lengths[MOST_RECORDS][COLUMNS];
  size_t records;
} table;

static uint8_t *put_line_end(uint64_t *state, uint8_t *out, bool returns) {
  if (returns && draw(state) % 8 != 0) {
    *out++ = '\r';
  }
  *out++ = '\n';
  return out;
}

static uint8_t *put_quoted(uint8_t *out, const uint8_t *value, size_t length) {
  *out++ = '"';
  for (size_t i = 0; i < length; i++) {
    if (value[i] == '"') {
      *out++ = '"';
    }
    *out++ = value[i];
  }
  *out++ = '"';
  return out;
}

static void draw_table(uint64_t *state, table *table) {
  uint8_t text[MOST_RECORDS * COLUMNS * (2 * MOST_FIELD + 4)];
  uint8_t *out = text;
  table->records = 1 + draw(state) % MOST_RECORDS;
  bool returns = draw(state) % 2;
  for (size_t record = 0; record < table->records; record++) {
    for (size_t column = 0; column < COLUMNS; column++) {
      size_t length = draw(state) % MOST_FIELD;
      bool plain = draw(state) % 2;
      uint8_t *value = table->values[record][column];
      draw_text(state, plain ? "abc" : "abc,\"\r\n", value, length);
      table->lengths[record][column] = length;
      if (plain) {
        memcpy(out, value, length);
        out += length;
      } else {
        out = put_quoted(out, value, length);
      }
      if (column + 1 < COLUMNS) {
        *out++ = ',';
      }
    }
    out = put_line_end(state, out, returns);
  }
  table->count = (size_t)(out - text);
  table->memory = malloc(table->count + 2 * SLACK);
  memset(table->memory, 0, SLACK);
  memcpy(table->memory + SLACK, text, table->count);
  memset(table->memory + SLACK + table->count, 0, SLACK);
}

static void check_column(const table *table, const cb_rows *rows, uint32_t column, uint64_t seed) {
  uint32_t begins[MOST_RECORDS], lengths[MOST_RECORDS], knotty[MOST_RECORDS];
  size_t knots = cb_cut_column(rows, column, begins, lengths, knotty);
  size_t knot = 0;
  for (size_t row = 0; row < rows->count; row++) {
    const uint8_t *value = table->values[row][column];
    size_t length = table->lengths[row][column];
    bool has_quote = memchr(value, '"', length) != NULL;
    bool is_knotty = knot < knots && knotty[knot] == row;
    CHECK(is_knotty == has_quote, seed);
    knot += is_knotty;
    if (!has_quote) {
      CHECK(lengths[row] == length, seed);
      CHECK(memcmp(rows->bytes + begins[row], value, length) == 0, seed);
    }
    uint8_t *output = malloc(2 * length + 2);
    size_t unquoted = cb_unquote(rows, row, column, output);
    CHECK(unquoted == length && memcmp(output, value, length) == 0, seed);
    free(output);
  }
}

static void check_table(uint64_t seed) {
  uint64_t state = seed;
  table table;
  draw_table(&state, &table);
  cb_dialect dialect = {.separator = ',', .quote = '"', .has_quote = true};
  cb_scan_state scan = {0};
  size_t capacity = table.count + SLACK;
  uint32_t *positions = malloc((capacity + 1) * sizeof *positions);
  positions[0] = UINT32_MAX;
  const uint8_t *bytes = table.memory + SLACK;
  cb_status status = cb_scan(bytes, 0, table.count, &dialect, capacity, &scan, positions + 1);
  CHECK(status == CB_OK && scan.record_count == table.records, seed);
  uint32_t firsts[MOST_RECORDS], odd[MOST_RECORDS], odd_fields[MOST_RECORDS];
  size_t row_count = 0, odd_count = 0;
  cb_index_rows(bytes, positions, scan.position_count + 1, scan.record_count, COLUMNS, &dialect,
                firsts, odd, odd_fields, &row_count, &odd_count);
  CHECK(row_count == table.records && odd_count == 0, seed);
  cb_rows rows = {.bytes = bytes,
                  .positions = positions,
                  .firsts = firsts,
                  .count = row_count,
                  .quote = '"',
                  .any_quote = scan.any_quote,
                  .any_return = scan.any_return};
  for (uint32_t column = 0; column < COLUMNS; column++) {
    check_column(&table, &rows, column, seed);
  }
  free(positions);
  free(table.memory);
}

void test_rows(void) {
  for (uint64_t seed = 1; seed <= 2000; seed++) {
    check_table(seed);
  }
}
