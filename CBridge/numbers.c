// Numbers: exact decimal integers from text.
//
// Nearly every field is at most eight bytes of digits with one decimal mark: that form reads the
// field as one 64-bit word, tells digits by arithmetic on all bytes at once, takes the mark out
// with a bit extraction and multiplies the digits together pairwise. Everything else is read by the
// scalar form.

#include "include/cb_numbers.h"

#include "include/cb_cpu.h"
#include "rows.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const int64_t powers_of_ten[19] = {1,
                                          10,
                                          100,
                                          1000,
                                          10000,
                                          100000,
                                          1000000,
                                          10000000,
                                          100000000,
                                          1000000000,
                                          10000000000,
                                          100000000000,
                                          1000000000000,
                                          10000000000000,
                                          100000000000000,
                                          1000000000000000,
                                          10000000000000000,
                                          100000000000000000,
                                          1000000000000000000};

static bool is_listed(field f, const uint8_t *words, size_t size) {
  for (size_t at = 0; at < size; at += 1 + (size_t)words[at]) {
    if (words[at] == f.length && memcmp(words + at + 1, f.text, f.length) == 0) {
      return true;
    }
  }
  return false;
}

static field without_blanks(field f) {
  while (f.length > 0 && rows_is_blank(f.text[0])) {
    f.text++;
    f.length--;
  }
  while (f.length > 0 && rows_is_blank(f.text[f.length - 1])) {
    f.length--;
  }
  return f;
}

// Takes one currency sign off either end.
static field without_sign(field f, const cb_number_format *format) {
  for (size_t at = 0; at < format->signs_size; at += 1 + (size_t)format->signs[at]) {
    const uint8_t *sign = format->signs + at + 1;
    size_t size = format->signs[at];
    if (size == 0 || size > f.length) {
      continue;
    }
    if (memcmp(f.text, sign, size) == 0) {
      return without_blanks((field){f.text + size, f.length - size});
    }
    if (memcmp(f.text + f.length - size, sign, size) == 0) {
      return without_blanks((field){f.text, f.length - size});
    }
  }
  return f;
}

// Takes what makes the number negative off: a minus in front, and what accounting allows.
static field without_minus(field f, const cb_number_format *format, bool *negative) {
  if (f.length == 0) {
    return f;
  }
  uint8_t last = f.text[f.length - 1];
  if (f.text[0] == '-' || f.text[0] == '+') {
    *negative = f.text[0] == '-';
    return without_blanks((field){f.text + 1, f.length - 1});
  }
  if (format->accounting && f.text[0] == '(' && last == ')') {
    *negative = true;
    return without_blanks((field){f.text + 1, f.length - 2});
  }
  if (format->accounting && last == '-') {
    *negative = true;
    return without_blanks((field){f.text, f.length - 1});
  }
  return f;
}

// Appends one digit to a magnitude below 2^63.
static bool append_digit(uint64_t *magnitude, uint8_t digit) {
  return !__builtin_mul_overflow(*magnitude, 10u, magnitude) &&
         !__builtin_add_overflow(*magnitude, (uint64_t)digit, magnitude) &&
         *magnitude <= (uint64_t)INT64_MAX;
}

// Whether a thousands mark may stand at `at`: behind one to three digits or a group, before a group
// of three.
static bool groups_thousands(field f, size_t at, size_t last_mark, bool any_mark, uint8_t mark,
                             uint8_t decimal_mark) {
  size_t before = any_mark ? at - last_mark - 1 : at;
  if (any_mark ? before != 3 : before < 1 || before > 3) {
    return false;
  }
  size_t digits = 0;
  while (at + 1 + digits < f.length && (uint8_t)(f.text[at + 1 + digits] - '0') <= 9) {
    digits++;
  }
  if (digits != 3) {
    return false;
  }
  return at + 4 == f.length || f.text[at + 4] == mark || f.text[at + 4] == decimal_mark;
}

static cb_fault parse_magnitude(field f, const cb_number_format *format, uint64_t *magnitude) {
  size_t digits = 0;
  size_t decimals = 0;
  size_t last_mark = 0;
  bool any_mark = false;
  bool fraction = false;
  for (size_t i = 0; i < f.length; i++) {
    uint8_t digit = (uint8_t)(f.text[i] - '0');
    if (digit <= 9) {
      digits++;
      decimals += fraction;
      if (decimals > format->decimals) {
        continue; // told apart from what is no number at the end
      }
      if (!append_digit(magnitude, digit)) {
        return CB_FAULT_OVERFLOW;
      }
    } else if (f.text[i] == format->decimal_mark && !fraction) {
      fraction = true;
    } else if (format->thousands_mark != 0 && f.text[i] == format->thousands_mark && !fraction &&
               groups_thousands(f, i, last_mark, any_mark, format->thousands_mark,
                                format->decimal_mark)) {
      any_mark = true;
      last_mark = i;
    } else {
      return CB_FAULT_NUMBER;
    }
  }
  if (digits == 0) {
    return CB_FAULT_NUMBER;
  }
  if (decimals > format->decimals) {
    return CB_FAULT_DECIMALS;
  }
  for (size_t i = decimals; i < format->decimals; i++) {
    if (!append_digit(magnitude, 0)) {
      return CB_FAULT_OVERFLOW;
    }
  }
  return CB_FAULT_NONE;
}

cb_fault cb_parse_number(const uint8_t *text, size_t length, const cb_number_format *format,
                         int64_t *value) {
  *value = 0;
  field whole = {text, length};
  if (is_listed(whole, format->zero_words, format->zero_words_size)) {
    return CB_FAULT_NONE;
  }
  bool negative = false;
  field f = without_sign(without_blanks(whole), format);
  f = without_sign(without_minus(f, format, &negative), format);
  uint64_t magnitude = 0;
  cb_fault fault = parse_magnitude(f, format, &magnitude);
  if (fault == CB_FAULT_NONE) {
    *value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
  }
  return fault;
}

static size_t parse_numbers_scalar(const cb_rows *rows, uint32_t column,
                                   const cb_number_format *format, int64_t *values,
                                   uint8_t *faults) {
  size_t faulty = 0;
  for (size_t row = 0; row < rows->count; row++) {
    field f = bare_field(rows, row, column);
    faults[row] = (uint8_t)cb_parse_number(f.text, f.length, format, values + row);
    faulty += faults[row] != CB_FAULT_NONE;
  }
  return faulty;
}

#if defined(__x86_64__)

#define EACH(byte) (0x0101010101010101ull * (byte))

// The high bit of each byte that is zero.
static inline uint64_t zero_bytes(uint64_t word) {
  return ~(((word & EACH(0x7F)) + EACH(0x7F)) | word) & EACH(0x80);
}

// The number that eight digit values make, the first in the lowest byte.
static inline uint64_t join_digits(uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  uint64_t low = (digits & 0x000000FF000000FFull) * (100 + (1000000ull << 32));
  uint64_t high = (digits >> 16 & 0x000000FF000000FFull) * (1 + (10000ull << 32));
  return (low + high) >> 32;
}

// Reads a field of one to eight bytes: digits, one decimal mark at most, a minus in front.
__attribute__((target("bmi,bmi2,popcnt"))) static inline bool
parse_short(field f, const cb_number_format *format, uint64_t mark_bytes, int64_t *value) {
  if (f.length - 1 > 7) {
    return false;
  }
  uint64_t text;
  memcpy(&text, f.text, 8);
  uint64_t inside = _bzhi_u64(EACH(0x80), (uint32_t)(f.length * 8));
  uint64_t digits = text ^ EACH('0');
  uint64_t others = (((digits & EACH(0x7F)) + EACH(0x76)) | digits) & inside;
  uint64_t mark = zero_bytes(text ^ mark_bytes) & inside;
  uint64_t minus = (uint64_t)((uint8_t)text == '-') << 7;
  uint64_t digit_bits = inside ^ others;
  if (others != (mark | minus) || (mark & (mark - 1)) != 0 || digit_bits == 0) {
    return false;
  }
  // The mark's high bit stands 8 × place + 7 from below; without one there are no decimals.
  uint64_t decimals = mark ? f.length - 1 - (size_t)(_tzcnt_u64(mark) >> 3) : 0;
  if (decimals > format->decimals) {
    return false;
  }
  uint64_t packed = _pext_u64(digits, (digit_bits >> 7) * 0xFF);
  uint64_t count = (uint64_t)__builtin_popcountll(digit_bits);
  int64_t magnitude = (int64_t)join_digits(packed << (64 - 8 * count));
  if (__builtin_mul_overflow(magnitude, powers_of_ten[format->decimals - decimals], &magnitude)) {
    return false;
  }
  int64_t sign = -(int64_t)(minus >> 7);
  *value = (magnitude ^ sign) - sign;
  return true;
}

// Reads one row whatever its form, the short one first.
__attribute__((target("bmi,bmi2,popcnt"))) static inline size_t
parse_row(const cb_rows *rows, size_t row, uint32_t column, const cb_number_format *format,
          uint64_t mark_bytes, int64_t *values, uint8_t *faults) {
  field f = bare_field(rows, row, column);
  faults[row] = CB_FAULT_NONE;
  if (__builtin_expect(!parse_short(f, format, mark_bytes, values + row), 0)) {
    faults[row] = (uint8_t)cb_parse_number(f.text, f.length, format, values + row);
  }
  return faults[row] != CB_FAULT_NONE;
}

__attribute__((target("bmi,bmi2,popcnt"))) static size_t
parse_numbers_words(const cb_rows *rows, uint32_t column, const cb_number_format *format,
                    size_t first, int64_t *values, uint8_t *faults) {
  size_t faulty = 0;
  const uint64_t mark_bytes = EACH((uint64_t)format->decimal_mark);
  const cb_rows table = *rows;
  for (size_t row = first; row < table.count; row++) {
    faulty += parse_row(&table, row, column, format, mark_bytes, values, faults);
  }
  return faulty;
}

#define NUMBERS_AVX512 "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,popcnt"

typedef struct eight_numbers {
  __m512i values;
  __mmask8 good; // which of them are read; the others need another form
} eight_numbers;

// The high bit of each byte that is zero.
__attribute__((target(NUMBERS_AVX512))) static inline __m512i zero_bytes_512(__m512i words) {
  const __m512i low = _mm512_set1_epi8(0x7F);
  __m512i sums = _mm512_add_epi64(_mm512_and_si512(words, low), low);
  return _mm512_andnot_si512(_mm512_or_si512(sums, words), _mm512_set1_epi8((char)0x80));
}

// The numbers that the digits of each word make, the first in the lowest byte.
__attribute__((target(NUMBERS_AVX512))) static inline __m512i join_digits_512(__m512i digits) {
  __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010A));
  __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
  __m512i high = _mm512_mul_epu32(fours, _mm512_set1_epi64(10000));
  return _mm512_add_epi64(high, _mm512_srli_epi64(fours, 32));
}

// The short form for eight fields at once. The text is moved up so that its last byte is the word's
// highest; what stands below the decimal mark is then moved up once more to close the gap.
__attribute__((target(NUMBERS_AVX512))) static inline eight_numbers
parse_eight(const uint8_t *bytes, __m256i before, __m256i end, const cb_number_format *format) {
  const __m512i top = _mm512_set1_epi8((char)0x80);
  __m256i begin = _mm256_add_epi32(before, _mm256_set1_epi32(1));
  __m512i length = _mm512_cvtepu32_epi64(_mm256_sub_epi32(end, begin));
  __mmask8 good =
      _mm512_cmple_epu64_mask(_mm512_sub_epi64(length, _mm512_set1_epi64(1)), _mm512_set1_epi64(7));
  __m512i text = _mm512_i32gather_epi64(begin, bytes, 1);
  __m512i shift = _mm512_sub_epi64(_mm512_set1_epi64(64), _mm512_slli_epi64(length, 3));
  __m512i inside = _mm512_sllv_epi64(top, shift);
  __m512i word = _mm512_sllv_epi64(text, shift);
  __mmask8 negative = _mm512_cmpeq_epi64_mask(_mm512_and_si512(text, _mm512_set1_epi64(0xFF)),
                                              _mm512_set1_epi64('-'));
  __m512i minus = _mm512_maskz_sllv_epi64(negative, _mm512_set1_epi64(0x80), shift);
  __m512i digits = _mm512_xor_si512(word, _mm512_set1_epi8('0'));
  __m512i above =
      _mm512_add_epi64(_mm512_and_si512(digits, _mm512_set1_epi8(0x7F)), _mm512_set1_epi8(0x76));
  __m512i others = _mm512_and_si512(_mm512_or_si512(above, digits), inside);
  __m512i mark = _mm512_and_si512(
      zero_bytes_512(_mm512_xor_si512(word, _mm512_set1_epi8((char)format->decimal_mark))), inside);
  // One mark at most, nothing else but digits, and one of these at least.
  good &= _mm512_cmpeq_epi64_mask(others, _mm512_or_si512(mark, minus));
  good &= _mm512_testn_epi64_mask(mark, _mm512_sub_epi64(mark, _mm512_set1_epi64(1)));
  good &= _mm512_cmpneq_epi64_mask(inside, others);
  // The mark is one bit, 2^(8 × place + 7); its exponent as a double tells the place.
  __mmask8 marked = _mm512_test_epi64_mask(mark, mark);
  __m512i exponent = _mm512_srli_epi64(_mm512_castpd_si512(_mm512_cvtepu64_pd(mark)), 52);
  __m512i place = _mm512_srli_epi64(_mm512_sub_epi64(exponent, _mm512_set1_epi64(1023)), 3);
  __m512i decimals = _mm512_maskz_sub_epi64(marked, _mm512_set1_epi64(7), place);
  __m512i missing = _mm512_sub_epi64(_mm512_set1_epi64(format->decimals), decimals);
  good &= _mm512_cmple_epu64_mask(missing, _mm512_set1_epi64(format->decimals));
  __m512i is_digit = _mm512_andnot_si512(others, inside);
  __m512i kept = _mm512_maskz_mov_epi8(_mm512_movepi8_mask(is_digit), digits);
  __m512i below = _mm512_maskz_sub_epi64(marked, _mm512_srli_epi64(mark, 7), _mm512_set1_epi64(1));
  __m512i closed = _mm512_or_si512(_mm512_slli_epi64(_mm512_and_si512(kept, below), 8),
                                   _mm512_andnot_si512(below, kept));
  __m512i value = join_digits_512(closed);
  if (_mm512_test_epi64_mask(missing, missing) != 0) {
    __m512i powers =
        _mm512_i64gather_epi64(_mm512_and_si512(missing, _mm512_set1_epi64(15)), powers_of_ten, 8);
    value = _mm512_mullo_epi64(value, powers);
  }
  value = _mm512_mask_sub_epi64(value, negative, _mm512_setzero_si512(), value);
  return (eight_numbers){value, good};
}

// The ends of eight fields, the CR of a CR LF taken off.
__attribute__((target(NUMBERS_AVX512))) static inline __m256i
without_returns(const uint8_t *bytes, __m256i before, __m256i end) {
  const __m256i one = _mm256_set1_epi32(1);
  __m256i tail = _mm256_i32gather_epi32((const int *)(bytes - 1), end, 1);
  __m256i last_two = _mm256_and_si256(tail, _mm256_set1_epi32(0xFFFF));
  __mmask8 returned = _mm256_cmpeq_epi32_mask(last_two, _mm256_set1_epi32('\r' | '\n' << 8)) &
                      _mm256_cmpgt_epi32_mask(end, _mm256_add_epi32(before, one));
  return _mm256_mask_sub_epi32(end, returned, end, one);
}

// Which of eight fields stand in quotes.
__attribute__((target(NUMBERS_AVX512))) static inline __mmask8
are_quoted(const uint8_t *bytes, uint8_t quote, __m256i before, __m256i end) {
  const __m256i low = _mm256_set1_epi32(0xFF);
  const __m256i quotes = _mm256_set1_epi32(quote);
  __m256i head = _mm256_i32gather_epi32((const int *)(bytes + 1), before, 1);
  __m256i last = _mm256_i32gather_epi32((const int *)(bytes - 1), end, 1);
  return _mm256_cmpeq_epi32_mask(_mm256_and_si256(head, low), quotes) &
         _mm256_cmpeq_epi32_mask(_mm256_and_si256(last, low), quotes) &
         _mm256_cmpgt_epi32_mask(_mm256_sub_epi32(end, before), _mm256_set1_epi32(2));
}

__attribute__((target(NUMBERS_AVX512))) static size_t
parse_numbers_avx512(const cb_rows *rows, uint32_t column, const cb_number_format *format,
                     int64_t *values, uint8_t *faults) {
  size_t faulty = 0;
  const uint64_t mark_bytes = EACH((uint64_t)format->decimal_mark);
  const cb_rows table = *rows;
  const int *positions = (const int *)(table.positions + column);
  const __m256i one = _mm256_set1_epi32(1);
  size_t row = 0;
  for (; row + 8 <= table.count; row += 8) {
    __m256i first = _mm256_loadu_si256((const __m256i *)(table.firsts + row));
    __m256i before = _mm256_i32gather_epi32(positions, first, 4);
    __m256i end = _mm256_i32gather_epi32(positions + 1, first, 4);
    if (table.any_return) {
      end = without_returns(table.bytes, before, end);
    }
    eight_numbers numbers = parse_eight(table.bytes, before, end, format);
    if (table.any_quote && numbers.good != 0xFF) {
      __mmask8 quoted = are_quoted(table.bytes, table.quote, before, end);
      before = _mm256_mask_add_epi32(before, quoted, before, one);
      end = _mm256_mask_sub_epi32(end, quoted, end, one);
      numbers = parse_eight(table.bytes, before, end, format);
    }
    _mm512_storeu_si512(values + row, numbers.values);
    memset(faults + row, CB_FAULT_NONE, 8);
    for (uint32_t rest = (uint8_t)~numbers.good; rest != 0; rest &= rest - 1) {
      size_t odd = row + (size_t)__builtin_ctz(rest);
      faulty += parse_row(&table, odd, column, format, mark_bytes, values, faults);
    }
  }
  return faulty + parse_numbers_words(rows, column, format, row, values, faults);
}

#endif

size_t cb_parse_numbers(const cb_rows *rows, uint32_t column, const cb_number_format *format,
                        int64_t *values, uint8_t *faults) {
#if defined(__x86_64__)
  // A word that is listed as zero could be a number; only the scalar form looks at the list first.
  bool plain = format->zero_words_size == 0;
  // Up to nine decimals the short form cannot overflow; signed 32-bit gathers reach 2 GiB.
  if (plain && !rows->blanks && format->decimals <= 9 && cb_level_current() >= CB_LEVEL_AVX512) {
    return parse_numbers_avx512(rows, column, format, values, faults);
  }
  if (plain && cb_level_current() >= CB_LEVEL_AVX2) {
    return parse_numbers_words(rows, column, format, 0, values, faults);
  }
#endif
  return parse_numbers_scalar(rows, column, format, values, faults);
}

size_t cb_multiply(const int64_t *left, const int64_t *right, const int64_t *less,
                   int64_t less_factor, size_t count, int64_t *values, uint8_t *faults) {
  size_t faulty = 0;
  for (size_t i = 0; i < count; i++) {
    int64_t subtrahend = 0;
    bool overflow = __builtin_mul_overflow(left[i], right[i], values + i);
    if (less != NULL) {
      overflow |= __builtin_mul_overflow(less[i], less_factor, &subtrahend);
      overflow |= __builtin_sub_overflow(values[i], subtrahend, values + i);
    }
    bool fresh = overflow && faults[i] == CB_FAULT_NONE;
    faults[i] = fresh ? CB_FAULT_OVERFLOW : faults[i];
    faulty += fresh;
  }
  return faulty;
}
