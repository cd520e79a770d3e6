// Rows of typed columns as CSV text.
//
// Numbers below 10^8, which are most, become eight digits in one word without a loop or a branch;
// longer ones are written from the last digit to the first, two at a time. The room of a row is
// checked once, and once for each text, so that the writers of single values may store a few bytes
// more than they keep.

#include "include/cb_format.h"

#include <string.h>

typedef __int128 i128;
typedef unsigned __int128 u128;

// Bytes behind a value that its writer may spoil.
enum { SLACK = 32 };

static const char digit_pairs[201] = "00010203040506070809"
                                     "10111213141516171819"
                                     "20212223242526272829"
                                     "30313233343536373839"
                                     "40414243444546474849"
                                     "50515253545556575859"
                                     "60616263646566676869"
                                     "70717273747576777879"
                                     "80818283848586878889"
                                     "90919293949596979899";

static const uint64_t powers_of_ten[20] = {1ull,
                                           10ull,
                                           100ull,
                                           1000ull,
                                           10000ull,
                                           100000ull,
                                           1000000ull,
                                           10000000ull,
                                           100000000ull,
                                           1000000000ull,
                                           10000000000ull,
                                           100000000000ull,
                                           1000000000000ull,
                                           10000000000000ull,
                                           100000000000000ull,
                                           1000000000000000ull,
                                           10000000000000000ull,
                                           100000000000000000ull,
                                           1000000000000000000ull,
                                           10000000000000000000ull};

static inline void put_pair(uint8_t *out, uint64_t value) {
  memcpy(out, digit_pairs + 2 * value, 2);
}

static inline unsigned digit_count(uint64_t value) {
  // 1233 / 4096 is just above log10(2).
  unsigned guess = (unsigned)(64 - __builtin_clzll(value | 1)) * 1233u >> 12;
  return guess + (value >= powers_of_ten[guess] || guess == 0);
}

/// Writes exactly `count` digits, with zeros in front.
static inline void put_digits(uint8_t *out, uint64_t value, unsigned count) {
  while (count >= 2) {
    count -= 2;
    put_pair(out + count, value % 100);
    value /= 100;
  }
  if (count == 1) {
    *out = (uint8_t)('0' + value % 10);
  }
}

/// The eight digits of a number below 10^8 as bytes 0 to 9, the first digit in the lowest byte.
///
/// Source: P. Khuong, "How to print integers really fast", pvk.ca, 2017.
static inline uint64_t eight_digits(uint32_t value) {
  uint64_t fours = (uint64_t)(value / 10000) | (uint64_t)(value % 10000) << 32;
  uint64_t hundreds = fours * 10486 >> 20 & 0x0000007F0000007Full;
  uint64_t pairs = hundreds | (fours - 100 * hundreds) << 16;
  uint64_t tens = pairs * 103 >> 10 & 0x000F000F000F000Full;
  return tens | (pairs - 10 * tens) << 8;
}

static const uint64_t zeros_text = 0x3030303030303030ull;

/// Stores digits from the one of the given position on; the first digit goes to `out`.
static inline void put_word(uint8_t *out, uint64_t digits, unsigned first) {
  uint64_t text = (digits + zeros_text) >> (8 * first);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  text = __builtin_bswap64(text);
#endif
  memcpy(out, &text, 8);
}

/// How many of eight digits are zeros in front, at most 7.
static inline unsigned leading_zeros(uint64_t digits) {
  return (unsigned)__builtin_ctzll(digits | 1ull << 56) / 8;
}

static inline uint8_t *put_unsigned(uint8_t *out, uint64_t value) {
  if (value < 100000000) {
    uint64_t digits = eight_digits((uint32_t)value);
    unsigned zeros = leading_zeros(digits);
    put_word(out, digits, zeros);
    return out + 8 - zeros;
  }
  unsigned count = digit_count(value);
  put_digits(out, value, count);
  return out + count;
}

static inline uint8_t *put_integer(uint8_t *out, int64_t value) {
  uint64_t magnitude = (uint64_t)value;
  if (value < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  return put_unsigned(out, magnitude);
}

static uint8_t *put_wide(uint8_t *out, u128 value, unsigned least) {
  const uint64_t chunk = 10000000000000000000ull; // 10^19
  if (value >> 64 == 0 && least <= 19) {
    unsigned count = digit_count((uint64_t)value);
    count = count < least ? least : count;
    put_digits(out, (uint64_t)value, count);
    return out + count;
  }
  out = put_wide(out, value / chunk, least > 19 ? least - 19 : 1);
  put_digits(out, (uint64_t)(value % chunk), 19);
  return out + 19;
}

static inline uint8_t *put_money(uint8_t *out, i128 units, unsigned scale) {
  u128 magnitude = (u128)units;
  if (units < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  if (scale == 0) {
    return put_wide(out, magnitude, 1);
  }
  if (magnitude < 100000000 && scale <= 7) {
    uint64_t digits = eight_digits((uint32_t)magnitude);
    unsigned zeros = leading_zeros(digits);
    unsigned first = zeros < 7 - scale ? zeros : 7 - scale;
    put_word(out, digits, first);
    out += 8 - first - scale;
    *out++ = '.';
    put_word(out, digits, 8 - scale);
    return out + scale;
  }
  if (magnitude >> 64 == 0 && scale <= 19) {
    uint64_t value = (uint64_t)magnitude;
    uint64_t whole = value / powers_of_ten[scale];
    out = put_unsigned(out, whole);
    *out++ = '.';
    put_digits(out, value - whole * powers_of_ten[scale], scale);
    return out + scale;
  }
  uint8_t *end = put_wide(out, magnitude, scale + 1);
  memmove(end - scale + 1, end - scale, scale);
  end[-(ptrdiff_t)scale] = '.';
  return end + 1;
}

/// Six decimals, rounded half to even from the nearest double to a million times the fraction.
static inline uint8_t *put_decimal(uint8_t *out, double value) {
  const double rounder = 4503599627370496.0; // 2^52: adding it leaves no fraction
  double magnitude = __builtin_fabs(value);
  if (magnitude >= 9007199254740992.0) { // 2^53: there are no fractions
    if (value < 0) {
      *out++ = '-';
    }
    out = put_wide(out, (u128)magnitude, 1);
    memcpy(out, ".000000", 7);
    return out + 7;
  }
  uint64_t whole = (uint64_t)magnitude;
  double scaled = (magnitude - (double)whole) * 1e6;
  uint64_t fraction = (uint64_t)((scaled + rounder) - rounder);
  whole += fraction == 1000000;
  fraction = fraction == 1000000 ? 0 : fraction;
  if (value < 0 && (whole | fraction) != 0) {
    *out++ = '-';
  }
  out = put_unsigned(out, whole);
  *out++ = '.';
  put_word(out, eight_digits((uint32_t)fraction), 2);
  return out + 6;
}

/// Writes a date of the years from 0 to 9999, given as days since 0000-03-01.
///
/// Source: C. Neri, L. Schneider, "Euclidean affine functions and their application to calendar
/// algorithms", Software: Practice and Experience 53(4), 2023.
static inline uint8_t *put_near_date(uint8_t *out, uint32_t days) {
  uint32_t n1 = 4 * days + 3;
  uint32_t century = n1 / 146097;
  uint32_t n2 = 4 * (n1 % 146097 / 4) + 3;
  uint64_t p2 = (uint64_t)2939745 * n2;
  uint32_t year_of_century = (uint32_t)(p2 >> 32);
  uint32_t day_of_year = (uint32_t)p2 / 2939745 / 4;
  uint32_t n3 = 2141 * day_of_year + 197913;
  uint32_t in_next_year = day_of_year >= 306;
  uint32_t year = 100 * century + year_of_century + in_next_year;
  uint32_t month = (n3 >> 16) - (in_next_year ? 12 : 0);
  uint32_t day = (n3 & 0xFFFF) / 2141 + 1;
  put_pair(out, year / 100);
  put_pair(out + 2, year % 100);
  out[4] = '-';
  put_pair(out + 5, month);
  out[7] = '-';
  put_pair(out + 8, day);
  return out + 10;
}

/// Writes a date of any year.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
static uint8_t *put_far_date(uint8_t *out, int64_t days) {
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  int64_t day_of_era = days - era * 146097;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t shifted_month = (5 * day_of_year + 2) / 153;
  int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  int64_t year = era * 400 + year_of_era + (month <= 2);
  if (year < 0) {
    *out++ = '-';
    year = -year;
  }
  out = put_wide(out, (u128)year, 4);
  *out++ = '-';
  put_pair(out, (uint64_t)month);
  out[2] = '-';
  put_pair(out + 3, (uint64_t)(day_of_year - (153 * shifted_month + 2) / 5 + 1));
  return out + 5;
}

static inline uint8_t *put_instant(uint8_t *out, int64_t microseconds) {
  const int64_t per_day = 86400000000;
  int64_t day = microseconds / per_day;
  int64_t rest = microseconds % per_day;
  if (rest < 0) {
    day -= 1;
    rest += per_day;
  }
  int64_t shifted = day + 719468;
  out = shifted >= 0 && shifted <= 3652364 ? put_near_date(out, (uint32_t)shifted)
                                           : put_far_date(out, shifted);
  uint64_t second_of_day = (uint64_t)rest / 1000000;
  uint32_t seconds = (uint32_t)second_of_day;
  uint32_t fraction = (uint32_t)((uint64_t)rest - second_of_day * 1000000);
  out[0] = 'T';
  put_pair(out + 1, seconds / 3600);
  out[3] = ':';
  put_pair(out + 4, seconds / 60 % 60);
  out[6] = ':';
  put_pair(out + 7, seconds % 60);
  out += 9;
  if (fraction != 0) {
    *out = '.';
    put_digits(out + 1, fraction, 6);
    out += 7;
  }
  return out;
}

/// Copies a short text without a call: two words that overlap in the middle.
static inline uint8_t *put_bytes(uint8_t *out, const uint8_t *bytes, size_t count) {
  if (count > 16) {
    memcpy(out, bytes, count);
  } else if (count >= 8) {
    memcpy(out, bytes, 8);
    memcpy(out + count - 8, bytes + count - 8, 8);
  } else if (count >= 4) {
    memcpy(out, bytes, 4);
    memcpy(out + count - 4, bytes + count - 4, 4);
  } else if (count > 0) {
    out[0] = bytes[0];
    out[count / 2] = bytes[count / 2];
    out[count - 1] = bytes[count - 1];
  }
  return out + count;
}

static inline int is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

static inline int starts_formula(uint8_t byte) {
  return byte == '=' || byte == '+' || byte == '-' || byte == '@' || byte == '\t' || byte == '\r';
}

static uint8_t *put_field(uint8_t *out, const uint8_t *bytes, size_t count, int is_defused) {
  int is_marked = is_defused && count > 0 && starts_formula(bytes[0]);
  int is_quoted = count > 0 && (is_blank(bytes[0]) || is_blank(bytes[count - 1]));
  for (size_t i = 0; i < count && !is_quoted; i++) {
    is_quoted = bytes[i] == ',' || bytes[i] == '"' || bytes[i] == '\n' || bytes[i] == '\r';
  }
  if (is_quoted) {
    *out++ = '"';
  }
  if (is_marked) {
    *out++ = '\'';
  }
  if (!is_quoted) {
    return put_bytes(out, bytes, count);
  }
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] == '"') {
      *out++ = '"';
    }
    *out++ = bytes[i];
  }
  *out++ = '"';
  return out;
}

int cb_text_is_plain(const uint8_t *bytes, size_t count) {
  uint8_t found = 0;
  for (size_t i = 0; i < count; i++) {
    uint8_t byte = bytes[i];
    found |= (uint8_t)(byte == ',') | (uint8_t)(byte == '"') | (uint8_t)(byte == '\n') |
             (uint8_t)(byte == '\r') | (uint8_t)(byte == ' ') | (uint8_t)(byte == '\t');
  }
  return found == 0;
}

static inline size_t text_begin(const int64_t *ends, size_t index) {
  return index == 0 ? 0 : (size_t)ends[index - 1];
}

/// Bytes that a value of this column takes at most, the comma behind it included, texts aside:
/// those take three bytes here (quotes, apostrophe) and up to two for each of their own.
static cb_status column_bound(const cb_column *column, size_t *bound) {
  switch (column->kind) {
  case CB_COLUMN_TEXT:
    *bound = 4;
    return CB_OK;
  case CB_COLUMN_INSTANT:
    *bound = 32;
    return CB_OK;
  case CB_COLUMN_INTEGER:
    *bound = 21;
    return CB_OK;
  case CB_COLUMN_SCORE:
    *bound = 4;
    return CB_OK;
  case CB_COLUMN_MONEY:
  case CB_COLUMN_MONEY_SUM:
    *bound = 44;
    return column->scale <= 38 ? CB_OK : CB_BAD_SHAPE;
  case CB_COLUMN_DECIMAL:
    *bound = 48;
    return CB_OK;
  case CB_COLUMN_NAME:
    *bound = 1;
    for (size_t i = 0; i < column->name_count; i++) {
      size_t length = (size_t)column->ends[i] - text_begin(column->ends, i);
      *bound = length + 1 > *bound ? length + 1 : *bound;
    }
    return CB_OK;
  }
  return CB_BAD_SHAPE;
}

/// Bytes that a row takes at most, texts' own bytes aside.
static cb_status row_bound(const cb_column *columns, size_t column_count, size_t *bound) {
  *bound = 1;
  for (size_t c = 0; c < column_count; c++) {
    size_t one = 0;
    cb_status status = column_bound(&columns[c], &one);
    if (status != CB_OK) {
      return status;
    }
    if (__builtin_add_overflow(*bound, one, bound)) {
      return CB_OVERFLOW;
    }
  }
  return CB_OK;
}

cb_status cb_format_bound(const cb_column *columns, size_t column_count, size_t row_count,
                          size_t text_bytes, size_t *bound) {
  size_t fixed = 0;
  cb_status status = row_bound(columns, column_count, &fixed);
  if (status != CB_OK) {
    return status;
  }
  // One row more than there are: the room of a row is asked for before each.
  size_t rows = 0;
  size_t texts = 0;
  if (__builtin_add_overflow(row_count, 1, &rows) || __builtin_mul_overflow(rows, fixed, &rows) ||
      __builtin_mul_overflow(text_bytes, 2, &texts) || __builtin_add_overflow(rows, texts, bound) ||
      __builtin_add_overflow(*bound, (size_t)SLACK, bound)) {
    return CB_OVERFLOW;
  }
  return CB_OK;
}

/// Writes one value that is no text; `*out` moves on.
static inline cb_status put_value(const cb_column *column, size_t row, uint8_t **out) {
  switch (column->kind) {
  case CB_COLUMN_INSTANT:
    *out = put_instant(*out, ((const int64_t *)column->values)[row]);
    return CB_OK;
  case CB_COLUMN_INTEGER:
    *out = put_integer(*out, ((const int64_t *)column->values)[row]);
    return CB_OK;
  case CB_COLUMN_SCORE:
    *out = put_unsigned(*out, ((const uint8_t *)column->values)[row]);
    return CB_OK;
  case CB_COLUMN_MONEY:
    *out = put_money(*out, ((const i128 *)column->values)[row], column->scale);
    return CB_OK;
  case CB_COLUMN_MONEY_SUM: {
    i128 sum = 0;
    if (__builtin_add_overflow(((const i128 *)column->values)[row],
                               ((const i128 *)column->others)[row], &sum)) {
      return CB_OVERFLOW;
    }
    *out = put_money(*out, sum, column->scale);
    return CB_OK;
  }
  case CB_COLUMN_DECIMAL: {
    double value = ((const double *)column->values)[row];
    double magnitude = __builtin_fabs(value);
    if (magnitude < 0x1p127) {
      *out = put_decimal(*out, value);
      return CB_OK;
    }
    return __builtin_isfinite(value) ? CB_OVERFLOW : CB_OK;
  }
  case CB_COLUMN_NAME: {
    size_t name = ((const uint16_t *)column->values)[row];
    if (name >= column->name_count) {
      return CB_BAD_DATA;
    }
    size_t begin = text_begin(column->ends, name);
    *out = put_bytes(*out, column->bytes + begin, (size_t)column->ends[name] - begin);
    return CB_OK;
  }
  default:
    return CB_BAD_SHAPE;
  }
}

cb_status cb_format_rows(const cb_column *columns, size_t column_count, const uint32_t *rows,
                         size_t first_row, size_t row_count, uint8_t *out, size_t capacity,
                         size_t *length) {
  size_t fixed = 0;
  cb_status status = row_bound(columns, column_count, &fixed);
  if (status != CB_OK || column_count == 0) {
    return status != CB_OK ? status : CB_BAD_SHAPE;
  }
  uint8_t *at = out;
  uint8_t *end = out + capacity;
  for (size_t i = 0; i < row_count; i++) {
    size_t row = rows ? rows[i] : first_row + i;
    if ((size_t)(end - at) < fixed + SLACK) {
      return CB_NO_SPACE;
    }
    for (size_t c = 0; c < column_count; c++) {
      const cb_column *column = &columns[c];
      if (column->kind == CB_COLUMN_TEXT) {
        size_t begin = text_begin(column->ends, row);
        size_t count = (size_t)column->ends[row] - begin;
        size_t room = (size_t)(end - at);
        if (room < fixed + SLACK || (room - fixed - SLACK) / 2 < count) {
          return CB_NO_SPACE;
        }
        at = column->is_plain ? put_bytes(at, column->bytes + begin, count)
                              : put_field(at, column->bytes + begin, count, column->is_defused);
      } else {
        status = put_value(column, row, &at);
        if (status != CB_OK) {
          return status;
        }
      }
      *at++ = ',';
    }
    at[-1] = '\n';
  }
  *length = (size_t)(at - out);
  return CB_OK;
}
