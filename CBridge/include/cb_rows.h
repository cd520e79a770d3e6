#ifndef CB_ROWS_H
#define CB_ROWS_H

#include "cb_scan.h"

/// Rows of a scanned text. Field `f` of row `r` lies between positions[firsts[r] + f] and
/// positions[firsts[r] + f + 1]; positions[0] stands before the first record (one below its first
/// byte). All of them, and all fields written anew behind the text, lie below 2^31, since kernels
/// gather by signed offsets of 32 bits.
typedef struct cb_rows {
  const uint8_t *bytes;      // the text, 64 readable bytes around it
  const uint32_t *positions; // as cb_scan wrote them, behind the one in front
  const uint32_t *firsts;    // for each row an index into positions
  size_t count;              // rows
  uint8_t quote;             // unused without `any_quote`
  bool any_quote;            // some field may be quoted
  bool any_return;           // some line may end in CR LF
  bool blanks;               // blanks around fields mean nothing
} cb_rows;

/// Tells rows that have the expected number of fields from blank and ragged records.
///   bytes         in   the scanned text
///   positions     in   `count` positions; the first stands before the first record
///   records       in   line ends among them
///   columns       in   fields that a record should have, at least 1
///   dialect       in
///   firsts        out  for each good row the index of the position before its first field;
///                      room for `records` entries
///   odd           out  the same for blank, comment and ragged records; room for `records` entries
///   odd_fields    out  fields of each odd record; 0 for blank lines and comments
///   row_count     out  good rows
///   odd_count     out  odd records
/// Both lists are ascending. What stands behind the last line end belongs to no record.
void cb_index_rows(const uint8_t *bytes, const uint32_t *positions, size_t count, size_t records,
                   uint32_t columns, const cb_dialect *dialect, uint32_t *firsts, uint32_t *odd,
                   uint32_t *odd_fields, size_t *row_count, size_t *odd_count);

/// Cuts one column out: where each field begins and how long it is, quotes around it taken off.
///   rows       in
///   column     in   from 0
///   begins     out  offsets into the text
///   lengths    out  bytes
///   knotty     out  rows whose field needs cb_unquote: a quote stands inside; room for rows->count
/// Returns how many knotty rows there are.
size_t cb_cut_column(const cb_rows *rows, uint32_t column, uint32_t *begins, uint32_t *lengths,
                     uint32_t *knotty);

/// Writes a field as it reads: quotes that enclose taken off, doubled ones single.
///   rows, row, column  in
///   output             out  at most as many bytes as the field has in the text
/// Returns the bytes written.
size_t cb_unquote(const cb_rows *rows, size_t row, uint32_t column, uint8_t *output);

/// Writes text of ISO-8859-1 (or Windows-1252) as UTF-8.
///   text, length  in
///   windows       in   whether 0x80 to 0x9F are those of Windows-1252
///   output        out  at most 3 × length bytes
/// Returns the bytes written, or SIZE_MAX when a byte has no character in Windows-1252.
size_t cb_transcode(const uint8_t *text, size_t length, bool windows, uint8_t *output);

#endif
