#include "rows.h"

#include "include/cb_cpu.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

// Cuts one field with whatever stands around it; says whether quotes stand inside.
static bool cut_field(const cb_rows *rows, size_t row, uint32_t column, uint32_t *begins,
                      uint32_t *lengths) {
  field bare = bare_field(rows, row, column);
  begins[row] = (uint32_t)(bare.text - rows->bytes);
  lengths[row] = (uint32_t)bare.length;
  field raw = raw_field(rows, row, column);
  if (!rows->any_quote || raw.length == 0 || raw.text[0] != rows->quote) {
    return false;
  }
  return bare.length + 2 != raw.length || memchr(bare.text, rows->quote, bare.length) != NULL;
}

static size_t cut_scalar(const cb_rows *rows, uint32_t column, size_t first, uint32_t *begins,
                         uint32_t *lengths, size_t knotty_count, uint32_t *knotty) {
  for (size_t row = first; row < rows->count; row++) {
    knotty[knotty_count] = (uint32_t)row;
    knotty_count += cut_field(rows, row, column, begins, lengths);
  }
  return knotty_count;
}

#if defined(__x86_64__)

#define CUT_AVX512 "avx512f,avx512bw,avx512dq,avx512vl"

// Sixteen fields at once; those with a quote in front are cut once more on their own.
__attribute__((target(CUT_AVX512))) static size_t cut_avx512(const cb_rows *rows, uint32_t column,
                                                             uint32_t *begins, uint32_t *lengths,
                                                             uint32_t *knotty) {
  const __m512i one = _mm512_set1_epi32(1);
  const __m512i low = _mm512_set1_epi32(0xFF);
  const __m512i quote = _mm512_set1_epi32(rows->quote);
  const __m512i line_end = _mm512_set1_epi32('\r' | '\n' << 8);
  const cb_rows table = *rows;
  const uint32_t *positions = table.positions + column;
  size_t knotty_count = 0;
  size_t row = 0;
  for (; row + 16 <= table.count; row += 16) {
    __m512i first = _mm512_loadu_si512(table.firsts + row);
    __m512i begin = _mm512_add_epi32(_mm512_i32gather_epi32(first, positions, 4), one);
    __m512i end = _mm512_i32gather_epi32(first, positions + 1, 4);
    uint32_t odd = 0;
    if (table.any_quote) {
      __m512i head = _mm512_and_si512(_mm512_i32gather_epi32(begin, table.bytes, 1), low);
      odd |= _mm512_cmpeq_epi32_mask(head, quote);
    }
    if (table.any_return) {
      __m512i tail = _mm512_i32gather_epi32(end, table.bytes - 1, 1);
      __mmask16 returned =
          _mm512_cmpeq_epi32_mask(_mm512_and_si512(tail, _mm512_set1_epi32(0xFFFF)), line_end) &
          _mm512_cmpgt_epi32_mask(end, begin);
      end = _mm512_mask_sub_epi32(end, returned, end, one);
    }
    _mm512_storeu_si512(begins + row, begin);
    _mm512_storeu_si512(lengths + row, _mm512_sub_epi32(end, begin));
    for (; odd != 0; odd &= odd - 1) {
      size_t again = row + (size_t)__builtin_ctz(odd);
      knotty[knotty_count] = (uint32_t)again;
      knotty_count += cut_field(&table, again, column, begins, lengths);
    }
  }
  return cut_scalar(rows, column, row, begins, lengths, knotty_count, knotty);
}

#endif

size_t cb_cut_column(const cb_rows *rows, uint32_t column, uint32_t *begins, uint32_t *lengths,
                     uint32_t *knotty) {
#if defined(__x86_64__)
  if (!rows->blanks && cb_level_current() >= CB_LEVEL_AVX512) {
    return cut_avx512(rows, column, begins, lengths, knotty);
  }
#endif
  return cut_scalar(rows, column, 0, begins, lengths, 0, knotty);
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
