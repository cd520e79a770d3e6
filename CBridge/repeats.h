// Which fields of a column repeat the one before: what stands one behind the other in a ledger
// mostly belongs together.

#ifndef REPEATS_H
#define REPEATS_H

#include <stddef.h>
#include <stdint.h>

/// Fields that are looked at together.
#define REPEATS_FIELDS 64

/// A column of fields in a text.
typedef struct field_column {
  const uint8_t *bytes;
  size_t byte_count;
  const uint32_t *begins;
  const uint32_t *lengths;
} field_column;

/// Marks the fields that have the bytes of the field before them.
///   first, count  in  from which field on, and how many, up to REPEATS_FIELDS
/// Returns a mask of `count` bits. Field 0 repeats nothing; nor does a field that lies outside of
/// the bytes, and nothing repeats it.
uint64_t mark_repeats(const field_column *column, size_t first, size_t count);

#endif
