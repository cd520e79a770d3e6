#ifndef CB_SCAN_H
#define CB_SCAN_H

#include "cb_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How bytes are cut into records and fields.
typedef struct cb_dialect {
  uint8_t separator; // between two fields; unused with `blanks`
  uint8_t quote;     // unused without `has_quote`
  uint8_t comment;   // unused without `has_comment`
  bool has_quote;    // quotes as in RFC 4180: they open at a field's first byte alone
  bool has_comment;  // records that begin with `comment` are one field long
  bool blanks; // any run of spaces and tabs separates; at either end of a line it means nothing
} cb_dialect;

/// Where a scan stands, and what it has seen. All zero at the beginning of a record.
typedef struct cb_scan_state {
  // carried from range to range
  uint8_t form;       // which form scans: 0 before the first range, then 1 + cb_level
  uint8_t machine;    // state of the scalar machine
  bool inside_quotes; // the next byte stands inside quotes
  bool after_text;    // the last byte was neither separator, line end nor closing quote
  bool after_close;   // the last byte closed a quote
  // seen so far
  bool any_quote;        // a quote
  bool any_return;       // a carriage return
  bool any_high;         // a byte above 0x7F
  bool irregular;        // quotes that only the scalar form understands; its results are void
  size_t position_count; // positions written
  size_t record_count;   // line ends outside quotes
  size_t line_count;     // line ends, inside quotes too; CR LF is one
} cb_scan_state;

/// Finds separators and line ends outside quotes.
///
/// Line ends are LF, CR LF (its position is the LF) and CR alone. 64 bytes behind `end` must be
/// readable; the byte at `end` must be the one that follows, or neither LF nor blank at the end of
/// the input.
///   bytes       in      the text
///   begin, end  in      the range to scan; begin is where the last call ended
///   dialect     in
///   capacity    in      entries of `positions`
///   state       in/out  zeroed for the first range
///   positions   out     ascending offsets into `bytes`, behind those already there
/// `end - begin + 64` entries behind state->position_count suffice. `end` lies below 2^31, since
/// kernels gather text by signed offsets of 32 bits.
/// Returns CB_OK; CB_NO_SPACE, with the state as it was; CB_BAD_DATA when `state->irregular` was
/// set, upon which the text has to be scanned again by cb_scan_scalar from a zeroed state.
cb_status cb_scan(const uint8_t *bytes, size_t begin, size_t end, const cb_dialect *dialect,
                  size_t capacity, cb_scan_state *state, uint32_t *positions);

/// The same by a machine with one step a byte, which every quote, blank and comment agrees with.
cb_status cb_scan_scalar(const uint8_t *bytes, size_t begin, size_t end, const cb_dialect *dialect,
                         size_t capacity, cb_scan_state *state, uint32_t *positions);

/// Whether a scan that has come this far stands inside quotes.
bool cb_scan_is_open(const cb_scan_state *state);

/// Counts line ends in bytes[begin, end): LF, CR LF and CR alone. bytes[end] must be readable.
size_t cb_count_lines(const uint8_t *bytes, size_t begin, size_t end);

/// Finds the first byte in bytes[0, count) that is not part of valid UTF-8.
/// Returns count when all of it is valid.
///
/// Source: Unicode 15, table 3-7, well-formed UTF-8 byte sequences.
size_t cb_invalid_utf8(const uint8_t *bytes, size_t count);

#endif
