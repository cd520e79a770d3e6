#ifndef CB_FILTERS_H
#define CB_FILTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How a number is compared with a constant.
typedef enum cb_comparison {
  CB_AT_MOST = 0,
  CB_BELOW = 1,
  CB_AT_LEAST = 2,
  CB_ABOVE = 3,
  CB_EQUAL = 4,
} cb_comparison;

/// How a text is compared with words.
typedef enum cb_text_test {
  CB_IS_ONE_OF = 0,
  CB_IS_NONE_OF = 1,
  CB_HAS_PREFIX = 2,
} cb_text_test;

/// Gives `rule` as the verdict of rows that have none (0) and whose number compares so.
///   values, count, comparison, constant, rule  in
///   verdicts                                   in/out  one a row
void cb_filter_numbers(const int64_t *values, size_t count, cb_comparison comparison,
                       int64_t constant, uint8_t rule, uint8_t *verdicts);

/// The same for texts.
///   bytes, begins, lengths, count  in  one text a row
///   test                           in
///   words, words_size              in  each behind four bytes with its length, little-endian
///   rule                           in
///   verdicts                       in/out  one a row
void cb_filter_texts(const uint8_t *bytes, const uint32_t *begins, const uint32_t *lengths,
                     size_t count, cb_text_test test, const uint8_t *words, size_t words_size,
                     uint8_t rule, uint8_t *verdicts);

/// What became of the rows with one verdict.
typedef struct cb_tally {
  uint64_t rows;
  uint64_t money_low; // the sum of the amounts, 128 bits in two's complement
  int64_t money_high;
} cb_tally;

/// The newest kept rows so far; all INT64_MIN before the first.
typedef struct cb_newest {
  int64_t latest;    // the largest instant
  int64_t day_begin; // midnight of its day
  int64_t runner_up; // the largest instant of an earlier day
  size_t row;        // the first row that brought the latest day, where one did
  bool advanced;     // whether a row of this batch brought a later day
} cb_newest;

/// Lists the rows whose verdict is 0, and adds every row to its verdict's tally.
///   verdicts, amounts, instants, count  in
///   tallies                             in/out  256, one a verdict
///   newest                              in/out
///   kept                                out     ascending rows with verdict 0; room for count
/// Returns how many were kept.
size_t cb_select(const uint8_t *verdicts, const int64_t *amounts, const int64_t *instants,
                 size_t count, cb_tally *tallies, cb_newest *newest, uint32_t *kept);

#endif
