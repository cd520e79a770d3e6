#ifndef CB_FORMAT_H
#define CB_FORMAT_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

/// What the values of a column are, and how they are written.
typedef enum cb_column_kind {
  CB_COLUMN_TEXT = 0,      // any bytes; quoted as RFC 4180 says, and where blanks begin or end them
  CB_COLUMN_INSTANT = 1,   // int64_t, microseconds since 1970: 2011-12-09T12:50:00[.ffffff]
  CB_COLUMN_INTEGER = 2,   // int64_t
  CB_COLUMN_SCORE = 3,     // uint8_t
  CB_COLUMN_MONEY = 4,     // __int128, 16-byte aligned: a decimal number with `scale` decimals
  CB_COLUMN_MONEY_SUM = 5, // the same, the sum of `values` and `others`
  CB_COLUMN_DECIMAL = 6,   // double, six decimals; nothing where it is not finite
  CB_COLUMN_NAME = 7,      // uint16_t, index of a text that is written as it is
} cb_column_kind;

/// One column of a table whose rows are to be written.
typedef struct cb_column {
  cb_column_kind kind;
  uint32_t scale;       // MONEY: decimals, at most 38
  uint32_t is_plain;    // TEXT: no byte needs a look, as cb_text_is_plain says
  uint32_t is_defused;  // TEXT: an apostrophe goes before what a spreadsheet takes for a formula
  const void *values;   // one a row; unused for TEXT
  const void *others;   // MONEY_SUM: one a row
  const uint8_t *bytes; // TEXT: all rows' bytes; NAME: all names' bytes
  const int64_t *ends;  // TEXT: the end of each row's bytes; NAME: of each name's
  size_t name_count;    // NAME: how many names there are
} cb_column;

/// Whether none of `count` bytes is a comma, a quote, a line end or a blank.
int cb_text_is_plain(const uint8_t *bytes, size_t count);

/// How many bytes cb_format_rows may need for `row_count` different rows of these columns.
///   columns     in   `column_count` columns
///   text_bytes  in   bytes of those rows in all TEXT columns together, or more
///   bound       out  bytes
/// Returns CB_OK, CB_OVERFLOW when that does not fit, CB_BAD_SHAPE for an unknown kind or scale.
cb_status cb_format_bound(const cb_column *columns, size_t column_count, size_t row_count,
                          size_t text_bytes, size_t *bound);

/// Writes rows as CSV: commas between the columns, a line feed after each row.
///   columns   in   `column_count` columns
///   rows      in   `row_count` indices of rows; NULL for the rows from `first_row` on
///   out       out  `capacity` bytes, at least what cb_format_bound says
///   length    out  bytes written
/// Returns CB_OK; CB_NO_SPACE when `capacity` is too small; CB_OVERFLOW for a DECIMAL of 2^127 or
/// more, or a MONEY_SUM that does not fit; CB_BAD_DATA for the index of no name. Bytes behind
/// `length` are undefined. Reentrant; never allocates.
cb_status cb_format_rows(const cb_column *columns, size_t column_count, const uint32_t *rows,
                         size_t first_row, size_t row_count, uint8_t *out, size_t capacity,
                         size_t *length);

#endif
