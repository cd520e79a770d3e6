// libFuzzer target: whatever the bytes, cutting them into rows, fields, numbers and times stays
// inside the buffers that the contracts name.
//
// The first byte chooses the dialect, the second the number of columns; the rest is the text.

#include "../include/cb_cpu.h"
#include "../include/cb_numbers.h"
#include "../include/cb_rows.h"
#include "../include/cb_times.h"

#include <stdlib.h>
#include <string.h>

enum { SLACK = 64 };

static const uint8_t signs[] = {1, '$', 3, 0xE2, 0x82, 0xAC};
static const uint8_t zero_words[] = {4, 'N', 'U', 'L', 'L', 0};
static const uint8_t programs[][24] = {
    {CB_TIME_ISO, 0},
    {CB_TIME_MONTH, 0, CB_TIME_LITERAL, '/', CB_TIME_DAY, 0, CB_TIME_LITERAL, '/', CB_TIME_YEAR, 0,
     CB_TIME_BLANKS, 0, CB_TIME_HOUR, 0, CB_TIME_LITERAL, ':', CB_TIME_MINUTE, 0},
    {CB_TIME_DAY, 0, CB_TIME_BLANKS, 0, CB_TIME_MONTH_NAME, 0, CB_TIME_BLANKS, 0,
     CB_TIME_SHORT_YEAR, 0, CB_TIME_HOUR_12, 0, CB_TIME_HALF_DAY, 0, CB_TIME_ZONE, 0},
    {CB_TIME_EPOCH_SECONDS, 0},
    {CB_TIME_EPOCH_MILLISECONDS, 0}};
static const uint8_t program_sizes[] = {2, 18, 16, 2, 2};

static void *take(size_t count, size_t size) {
  void *memory = malloc(count * size + (count == 0));
  if (memory == NULL) {
    abort();
  }
  return memory;
}

static void parse_numbers(const cb_rows *rows, uint32_t column, uint8_t choice) {
  cb_number_format format = {.decimals = choice % 4,
                             .decimal_mark = choice & 4 ? ',' : '.',
                             .thousands_mark = choice & 8 ? (choice & 4 ? '.' : ',') : 0,
                             .accounting = choice & 16,
                             .signs = signs,
                             .signs_size = choice & 32 ? sizeof signs : 0,
                             .zero_words = zero_words,
                             .zero_words_size = choice & 64 ? sizeof zero_words : 0};
  int64_t *values = take(rows->count, sizeof *values);
  uint8_t *faults = take(rows->count, 1);
  size_t count = cb_parse_numbers(rows, column, &format, values, faults);
  size_t counted = 0;
  for (size_t row = 0; row < rows->count; row++) {
    counted += faults[row] != CB_FAULT_NONE;
    if (faults[row] != CB_FAULT_NONE && values[row] != 0) {
      abort();
    }
  }
  if (counted != count) {
    abort();
  }
  free(values);
  free(faults);
}

static void parse_times(const cb_rows *rows, uint32_t column, uint8_t choice) {
  size_t program = choice % 5;
  cb_time_format format = {.program = programs[program], .program_size = program_sizes[program]};
  int64_t *instants = take(rows->count, sizeof *instants);
  uint8_t *faults = take(rows->count, 1);
  memset(faults, 0, rows->count);
  cb_parse_times(rows, column, &format, instants, faults);
  free(instants);
  free(faults);
}

static void unquote(const cb_rows *rows, uint32_t column) {
  uint32_t *begins = take(rows->count, sizeof *begins);
  uint32_t *lengths = take(rows->count, sizeof *lengths);
  uint32_t *knotty = take(rows->count, sizeof *knotty);
  size_t knots = cb_cut_column(rows, column, begins, lengths, knotty);
  for (size_t knot = 0; knot < knots; knot++) {
    const uint32_t *position = rows->positions + rows->firsts[knotty[knot]] + column;
    size_t room = (uint32_t)(position[1] - position[0] - 1);
    uint8_t *output = take(room, 1);
    if (cb_unquote(rows, knotty[knot], column, output) > room) {
      abort();
    }
    free(output);
  }
  free(begins);
  free(lengths);
  free(knotty);
}

static void read_rows(const uint8_t *text, size_t count, const cb_dialect *dialect,
                      uint32_t columns, uint8_t choice) {
  size_t capacity = count + SLACK;
  uint32_t *positions = take(capacity + 1, sizeof *positions);
  positions[0] = UINT32_MAX;
  cb_scan_state scan = {0};
  if (cb_scan(text, 0, count, dialect, capacity, &scan, positions + 1) == CB_BAD_DATA) {
    scan = (cb_scan_state){0};
    cb_scan_scalar(text, 0, count, dialect, capacity, &scan, positions + 1);
  }
  size_t records = scan.record_count, row_count = 0, odd_count = 0;
  uint32_t *firsts = take(records, sizeof *firsts);
  uint32_t *odd = take(records, sizeof *odd);
  uint32_t *odd_fields = take(records, sizeof *odd_fields);
  cb_index_rows(text, positions, scan.position_count + 1, records, columns, dialect, firsts, odd,
                odd_fields, &row_count, &odd_count);
  if (row_count + odd_count != records) {
    abort();
  }
  cb_rows rows = {.bytes = text,
                  .positions = positions,
                  .firsts = firsts,
                  .count = row_count,
                  .quote = dialect->quote,
                  .any_quote = scan.any_quote,
                  .any_return = scan.any_return,
                  .blanks = dialect->blanks};
  for (uint32_t column = 0; column < columns; column++) {
    unquote(&rows, column);
    parse_numbers(&rows, column, choice);
    parse_times(&rows, column, choice);
  }
  free(positions);
  free(firsts);
  free(odd);
  free(odd_fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3) {
    return 0;
  }
  size_t count = size - 3;
  cb_dialect dialect = {.separator = data[0] & 8 ? ';' : ',',
                        .quote = '"',
                        .comment = '#',
                        .has_quote = data[0] & 1,
                        .has_comment = data[0] & 2,
                        .blanks = data[0] & 4};
  // 64 readable bytes on both sides.
  uint8_t *memory = take(count + 2 * SLACK, 1);
  memset(memory, 0, count + 2 * SLACK);
  memcpy(memory + SLACK, data + 3, count);
  for (int level = CB_LEVEL_SCALAR; level <= (int)cb_level_detect(); level++) {
    cb_level_force((cb_level)level);
    read_rows(memory + SLACK, count, &dialect, 1 + data[1] % 5, data[2]);
  }
  free(memory);
  return 0;
}
