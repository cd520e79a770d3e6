// How a field is cut out of a row; inline because every kernel over rows calls it once a field.

#ifndef ROWS_H
#define ROWS_H

#include "include/cb_rows.h"

typedef struct field {
  const uint8_t *text;
  size_t length;
} field;

static inline bool rows_is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

// The field with everything around it that is not its text taken off, except quotes.
static inline field raw_field(const cb_rows *rows, size_t row, uint32_t column) {
  const uint32_t *position = rows->positions + rows->firsts[row] + column;
  const uint8_t *begin = rows->bytes + (uint32_t)(position[0] + 1);
  const uint8_t *end = rows->bytes + position[1];
  if (rows->any_return && end > begin && *end == '\n' && end[-1] == '\r') {
    end--;
  }
  if (rows->blanks) {
    while (end > begin && rows_is_blank(end[-1])) {
      end--;
    }
    while (begin < end && rows_is_blank(*begin)) {
      begin++;
    }
  }
  return (field){begin, (size_t)(end - begin)};
}

// The field without the quotes that enclose it; quotes inside it stay as they are.
static inline field bare_field(const cb_rows *rows, size_t row, uint32_t column) {
  field f = raw_field(rows, row, column);
  if (rows->any_quote && f.length >= 2 && f.text[0] == rows->quote &&
      f.text[f.length - 1] == rows->quote) {
    f.text++;
    f.length -= 2;
  }
  return f;
}

#endif
