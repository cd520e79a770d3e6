#include "rows.h"

#include "include/cb_cpu.h"

#include <string.h>

static inline bool ends_line(uint8_t byte) { return byte == '\n' || byte == '\r'; }

// Whether every record has `columns` fields: then the line ends are exactly every columns-th
// position.
static bool is_regular(const uint8_t *bytes, const uint32_t *positions, size_t records,
                       uint32_t columns) {
  uint32_t strays = 0;
  for (size_t record = 1; record <= records; record++) {
    strays |= !ends_line(bytes[positions[record * columns]]);
  }
  return strays == 0;
}

static bool is_nothing(const uint8_t *bytes, size_t begin, size_t end, const cb_dialect *dialect) {
  if (dialect->has_comment && begin < end && bytes[begin] == dialect->comment) {
    return true;
  }
  while (begin < end &&
         (bytes[begin] == '\r' || (dialect->blanks && rows_is_blank(bytes[begin])))) {
    begin++;
  }
  return begin == end;
}

void cb_index_rows(const uint8_t *bytes, const uint32_t *positions, size_t count, size_t records,
                   uint32_t columns, const cb_dialect *dialect, uint32_t *firsts, uint32_t *odd,
                   uint32_t *odd_fields, size_t *row_count, size_t *odd_count) {
  *row_count = 0;
  *odd_count = 0;
  bool uniform = columns > 1 && !dialect->has_comment && count - 1 == records * columns;
  if (uniform && is_regular(bytes, positions, records, columns)) {
    for (size_t record = 0; record < records; record++) {
      firsts[record] = (uint32_t)(record * columns);
    }
    *row_count = records;
    return;
  }
  size_t first = 0;
  for (size_t i = 1; i < count; i++) {
    if (!ends_line(bytes[positions[i]])) {
      continue;
    }
    bool nothing = i == first + 1 &&
                   is_nothing(bytes, (uint32_t)(positions[first] + 1), positions[i], dialect);
    if (i - first == columns && !nothing) {
      firsts[(*row_count)++] = (uint32_t)first;
    } else {
      odd[*odd_count] = (uint32_t)first;
      odd_fields[(*odd_count)++] = nothing ? 0 : (uint32_t)(i - first);
    }
    first = i;
  }
}

size_t cb_cut_column(const cb_rows *rows, uint32_t column, uint32_t *begins, uint32_t *lengths,
                     uint32_t *knotty) {
  size_t knotty_count = 0;
  if (!rows->any_quote && !rows->any_return && !rows->blanks) {
    for (size_t row = 0; row < rows->count; row++) {
      const uint32_t *position = rows->positions + rows->firsts[row] + column;
      begins[row] = position[0] + 1;
      lengths[row] = position[1] - position[0] - 1;
    }
    return 0;
  }
  for (size_t row = 0; row < rows->count; row++) {
    field bare = bare_field(rows, row, column);
    begins[row] = (uint32_t)(bare.text - rows->bytes);
    lengths[row] = (uint32_t)bare.length;
    if (!rows->any_quote) {
      continue;
    }
    field raw = raw_field(rows, row, column);
    bool opens = raw.length > 0 && raw.text[0] == rows->quote;
    bool plain = !opens || (bare.length + 2 == raw.length &&
                            memchr(bare.text, rows->quote, bare.length) == NULL);
    knotty[knotty_count] = (uint32_t)row;
    knotty_count += !plain;
  }
  return knotty_count;
}

size_t cb_unquote(const cb_rows *rows, size_t row, uint32_t column, uint8_t *output) {
  field raw = raw_field(rows, row, column);
  if (!rows->any_quote || raw.length == 0 || raw.text[0] != rows->quote) {
    memcpy(output, raw.text, raw.length);
    return raw.length;
  }
  size_t written = 0;
  bool inside = true;
  for (size_t i = 1; i < raw.length; i++) {
    bool closes = inside && raw.text[i] == rows->quote;
    if (!closes) {
      output[written++] = raw.text[i];
    } else if (i + 1 < raw.length && raw.text[i + 1] == rows->quote) {
      output[written++] = raw.text[++i];
    } else {
      inside = false;
    }
  }
  return written;
}

// Characters of Windows-1252 from 0x80 to 0x9F; 0 where it has none.
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

size_t cb_transcode(const uint8_t *text, size_t length, bool windows, uint8_t *output) {
  size_t written = 0;
  for (size_t i = 0; i < length; i++) {
    uint16_t character = text[i];
    if (windows && character >= 0x80 && character < 0xA0) {
      character = windows_1252[character - 0x80];
      if (character == 0) {
        return SIZE_MAX;
      }
    }
    if (character < 0x80) {
      output[written++] = (uint8_t)character;
    } else if (character < 0x800) {
      output[written++] = (uint8_t)(0xC0 | character >> 6);
      output[written++] = (uint8_t)(0x80 | (character & 0x3F));
    } else {
      output[written++] = (uint8_t)(0xE0 | character >> 12);
      output[written++] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
      output[written++] = (uint8_t)(0x80 | (character & 0x3F));
    }
  }
  return written;
}
