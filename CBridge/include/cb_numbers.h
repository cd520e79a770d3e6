#ifndef CB_NUMBERS_H
#define CB_NUMBERS_H

#include "cb_rows.h"

/// How numbers are written.
typedef struct cb_number_format {
  uint8_t decimals;       // at most 18; the result counts units of 10^-decimals
  uint8_t decimal_mark;   // no digit, blank, plus, minus or parenthesis, like what follows
  uint8_t thousands_mark; // 0 for none; may be a space
  bool accounting;        // (12.50) and 12.50- are negative
  const uint8_t *signs;   // currency signs, each behind a byte with its length
  size_t signs_size;
  const uint8_t *zero_words; // fields that mean zero, each behind a byte with its length
  size_t zero_words_size;    // none of them is another number
} cb_number_format;

/// What became of a field.
typedef enum cb_fault {
  CB_FAULT_NONE = 0,
  CB_FAULT_NUMBER = 1,   // not a number as declared
  CB_FAULT_DECIMALS = 2, // more decimals than declared
  CB_FAULT_OVERFLOW = 3, // does not fit 64 bits
  CB_FAULT_TIME = 4,     // not a time as declared
} cb_fault;

/// Reads one number, exactly.
///   text, length  in
///   format        in
///   value         out  units of 10^-decimals; 0 after a fault
cb_fault cb_parse_number(const uint8_t *text, size_t length, const cb_number_format *format,
                         int64_t *value);

/// Reads a column of numbers.
///   rows, column, format  in
///   values                out  one a row; 0 after a fault
///   faults                out  one cb_fault a row
/// Returns how many rows have a fault.
size_t cb_parse_numbers(const cb_rows *rows, uint32_t column, const cb_number_format *format,
                        int64_t *values, uint8_t *faults);

/// values[i] = left[i] × right[i] - less[i] (0 where `less` is NULL), CB_FAULT_OVERFLOW where it
/// does not fit. `less` is multiplied by `less_factor` first. Rows with a fault already keep it.
/// Returns the new faults.
size_t cb_multiply(const int64_t *left, const int64_t *right, const int64_t *less,
                   int64_t less_factor, size_t count, int64_t *values, uint8_t *faults);

#endif
