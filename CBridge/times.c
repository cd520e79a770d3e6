// Times: microseconds from text by a small program of steps.
//
// A ledger's lines come by order, and the lines of one order carry one time: so a field that equals
// the field before is answered from the last row, and the reading itself may be plain.

#include "include/cb_times.h"

#include "include/cb_cpu.h"
#include "include/cb_numbers.h"
#include "rows.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define SECOND 1000000ll
#define DAY (86400 * SECOND)

// What the steps have found so far.
typedef struct reading {
  const uint8_t *at;
  const uint8_t *end;
  int year, month, day, hour, minute, second, half_day;
  int64_t fraction;
  int64_t zone;
  bool zoned;
} reading;

static bool read_digits(reading *r, size_t fewest, size_t most, int *value) {
  size_t count = 0;
  int number = 0;
  while (count < most && r->at < r->end && (uint8_t)(*r->at - '0') <= 9) {
    number = number * 10 + (*r->at++ - '0');
    count++;
  }
  *value = number;
  return count >= fewest;
}

static bool read_literal(reading *r, uint8_t byte) {
  if (r->at == r->end || *r->at != byte) {
    return false;
  }
  r->at++;
  return true;
}

static bool read_fraction(reading *r) {
  int64_t unit = SECOND / 10;
  size_t count = 0;
  for (; r->at < r->end && (uint8_t)(*r->at - '0') <= 9 && count < 9; r->at++, count++) {
    if (unit == 0 && *r->at != '0') {
      return false;
    }
    r->fraction += (*r->at - '0') * unit;
    unit /= 10;
  }
  return count > 0;
}

static bool read_zone(reading *r) {
  r->zoned = true;
  if (read_literal(r, 'Z') || read_literal(r, 'z')) {
    return true;
  }
  bool west = read_literal(r, '-');
  int hours = 0;
  int minutes = 0;
  if ((!west && !read_literal(r, '+')) || !read_digits(r, 2, 2, &hours)) {
    return false;
  }
  bool colon = read_literal(r, ':');
  bool has_minutes = r->at < r->end;
  if ((colon || has_minutes) && !read_digits(r, 2, 2, &minutes)) {
    return false;
  }
  int64_t offset = (hours * 3600 + minutes * 60) * SECOND;
  r->zone = west ? -offset : offset;
  return hours < 24 && minutes < 60;
}

static uint8_t lower(uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte; }

static size_t letters_ahead(const reading *r) {
  size_t count = 0;
  while (r->at + count < r->end && (uint8_t)(lower(r->at[count]) - 'a') < 26) {
    count++;
  }
  return count;
}

static bool read_month_name(reading *r) {
  static const char *const names[12] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
  size_t length = letters_ahead(r);
  for (int month = 0; month < 12; month++) {
    size_t full = strlen(names[month]);
    size_t same = 0;
    while (same < length && same < full && lower(r->at[same]) == (uint8_t)names[month][same]) {
      same++;
    }
    if (same == length && (length == 3 || length == full)) {
      r->at += length;
      r->month = month + 1;
      return true;
    }
  }
  return false;
}

static bool read_half_day(reading *r) {
  if (letters_ahead(r) != 2 || lower(r->at[1]) != 'm') {
    return false;
  }
  uint8_t first = lower(r->at[0]);
  r->at += 2;
  r->half_day = first == 'a' ? 1 : 2;
  return first == 'a' || first == 'p';
}

static bool skip_blanks(reading *r) {
  const uint8_t *begin = r->at;
  while (r->at < r->end && rows_is_blank(*r->at)) {
    r->at++;
  }
  return r->at > begin;
}

static bool read_short_year(reading *r) {
  bool read = read_digits(r, 2, 2, &r->year);
  r->year += r->year >= 69 ? 1900 : 2000;
  return read;
}

// Whether a step reads or is digits.
static bool is_numeric(uint8_t step, uint8_t operand) {
  return (step >= CB_TIME_YEAR && step <= CB_TIME_FRACTION) ||
         (step == CB_TIME_LITERAL && (uint8_t)(operand - '0') <= 9);
}

// The fewest digits of the number at `at`: where another one adjoins it, only its full width tells
// where it ends.
static size_t fewest_digits(const cb_time_format *format, size_t at) {
  const uint8_t *step = format->program + at;
  bool adjoins = (at >= 2 && is_numeric(step[-2], step[-1])) ||
                 (at + 3 < format->program_size && is_numeric(step[2], step[3]));
  return adjoins ? 2 : 1;
}

static bool read_step(reading *r, const cb_time_format *format, size_t at) {
  uint8_t step = format->program[at];
  uint8_t operand = format->program[at + 1];
  size_t fewest = fewest_digits(format, at);
  switch (step) {
  case CB_TIME_LITERAL:
    return read_literal(r, operand);
  case CB_TIME_YEAR:
    return read_digits(r, 4, 4, &r->year);
  case CB_TIME_SHORT_YEAR:
    return read_short_year(r);
  case CB_TIME_MONTH:
    return read_digits(r, fewest, 2, &r->month);
  case CB_TIME_DAY:
    return read_digits(r, fewest, 2, &r->day);
  case CB_TIME_HOUR:
    return read_digits(r, fewest, 2, &r->hour);
  case CB_TIME_HOUR_12:
    return read_digits(r, fewest, 2, &r->hour) && r->hour >= 1 && r->hour <= 12;
  case CB_TIME_MINUTE:
    return read_digits(r, fewest, 2, &r->minute);
  case CB_TIME_SECOND:
    return read_digits(r, fewest, 2, &r->second);
  case CB_TIME_FRACTION:
    return read_fraction(r);
  case CB_TIME_HALF_DAY:
    return read_half_day(r);
  case CB_TIME_MONTH_NAME:
    return read_month_name(r);
  case CB_TIME_ZONE:
    return read_zone(r);
  case CB_TIME_BLANKS:
    return skip_blanks(r);
  case CB_TIME_WEEKDAY_NAME:
    r->at += letters_ahead(r);
    return true;
  default:
    return false;
  }
}

static bool read_iso(reading *r) {
  if (!read_digits(r, 4, 4, &r->year) || !read_literal(r, '-') ||
      !read_digits(r, 2, 2, &r->month) || !read_literal(r, '-') || !read_digits(r, 2, 2, &r->day)) {
    return false;
  }
  if (r->at == r->end) {
    return true;
  }
  if ((!read_literal(r, 'T') && !read_literal(r, ' ') && !read_literal(r, 't')) ||
      !read_digits(r, 2, 2, &r->hour) || !read_literal(r, ':') ||
      !read_digits(r, 2, 2, &r->minute)) {
    return false;
  }
  if (read_literal(r, ':')) {
    if (!read_digits(r, 2, 2, &r->second)) {
      return false;
    }
    if ((read_literal(r, '.') || read_literal(r, ',')) && !read_fraction(r)) {
      return false;
    }
  }
  return r->at == r->end || read_zone(r);
}

// Digits at the places of `mask` of a word, and `signs` elsewhere?
static inline bool has_form(uint64_t text, uint64_t mask, uint64_t signs) {
  uint64_t digits = (text ^ 0x3030303030303030ull) & mask;
  bool are_digits =
      (((digits + 0x7676767676767676ull) | digits) & 0x8080808080808080ull & mask) == 0;
  return are_digits && (text & ~mask) == signs;
}

static int month_length(int year, int month) {
  static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return lengths[month - 1] + (month == 2 && leap);
}

static bool is_day(int year, int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= month_length(year, month);
}

// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
static int64_t days_from_civil(int year, int month, int day) {
  year -= month <= 2;
  int era = (year >= 0 ? year : year - 399) / 400;
  int year_of_era = year - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return (int64_t)era * 146097 + day_of_era - 719468;
}

// Puts the fields together where calendar and clock have them.
static bool join(const reading *r, const cb_time_format *format, int64_t *instant) {
  if (!is_day(r->year, r->month, r->day) || r->hour > 23 || r->minute > 59 || r->second > 59) {
    return false;
  }
  int hour = r->hour;
  if (r->half_day != 0) {
    hour = hour % 12 + (r->half_day == 2 ? 12 : 0);
  }
  int64_t seconds = hour * 3600 + r->minute * 60 + r->second;
  *instant = days_from_civil(r->year, r->month, r->day) * DAY + seconds * SECOND + r->fraction;
  if (r->zoned) {
    *instant += format->zone_offset - r->zone;
  }
  return true;
}

static inline uint64_t load_word(const uint8_t *text) {
  uint64_t value;
  memcpy(&value, text, 8);
  return value;
}

static inline int two_digits(const uint8_t *text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

// A day as it is written, `2011-12-09`, and its first instant.
typedef struct written_day {
  uint64_t head;
  uint16_t tail;
  int64_t begin;
} written_day;

static bool parse_day(const uint8_t *text, written_day *day) {
  written_day read = {.head = load_word(text)};
  memcpy(&read.tail, text + 8, 2);
  if (!has_form(read.head, 0x00FFFF00FFFFFFFFull, 0x2D00002D00000000ull) ||
      (uint8_t)(text[8] - '0') > 9 || (uint8_t)(text[9] - '0') > 9) {
    return false;
  }
  int year = two_digits(text) * 100 + two_digits(text + 2);
  int month = two_digits(text + 5);
  int of_month = two_digits(text + 8);
  if (!is_day(year, month, of_month)) {
    return false;
  }
  read.begin = days_from_civil(year, month, of_month) * DAY;
  *day = read;
  return true;
}

// A day to begin with: zeros would stand for bytes that are no day.
static written_day epoch_day(void) {
  written_day day = {0};
  parse_day((const uint8_t *)"1970-01-01", &day);
  return day;
}

// Reads `12:50:00` at once: two digits, a colon, and again.
static bool parse_clock(const uint8_t *text, int64_t *instant) {
  uint64_t digits = load_word(text) ^ 0x30303A30303A3030ull;
  const uint64_t high = 0x8080808080808080ull;
  if (((((digits & ~high) + 0x76767F76767F7676ull) | digits) & high) != 0) {
    return false;
  }
  uint64_t pairs = digits * 10 + (digits >> 8);
  int64_t hour = pairs & 0xFF;
  int64_t minute = pairs >> 24 & 0xFF;
  int64_t second = pairs >> 48 & 0xFF;
  *instant = (hour * 3600 + minute * 60 + second) * SECOND;
  return hour <= 23 && minute <= 59 && second <= 59;
}

// Reads `2011-12-09 12:50:00`, also with a T; false for any other form. `day` is the last day that
// was read, which the next time is mostly on.
static bool parse_usual_iso(field f, written_day *day, int64_t *instant) {
  int64_t clock;
  if (f.length != 19 || (f.text[10] != ' ' && f.text[10] != 'T') ||
      !parse_clock(f.text + 11, &clock)) {
    return false;
  }
  uint16_t tail;
  memcpy(&tail, f.text + 8, 2);
  if ((load_word(f.text) != day->head || tail != day->tail) && !parse_day(f.text, day)) {
    return false;
  }
  *instant = day->begin + clock;
  return true;
}

static bool parse_epoch(field f, uint8_t decimals, const cb_time_format *format, int64_t *instant) {
  cb_number_format number = {.decimals = decimals, .decimal_mark = '.'};
  int64_t value = 0;
  if (cb_parse_number(f.text, f.length, &number, &value) != CB_FAULT_NONE) {
    return false;
  }
  int64_t unit = decimals == 0 ? SECOND / 1000 : 1;
  int64_t latest = 253402300800 * SECOND; // the year 10000
  if (value > latest / unit || value < -latest / unit) {
    return false;
  }
  *instant = value * unit + format->zone_offset;
  return true;
}

static bool parse_program(field f, const cb_time_format *format, int64_t *instant) {
  reading r = {.at = f.text, .end = f.text + f.length, .month = 1, .day = 1};
  for (size_t i = 0; i + 1 < format->program_size; i += 2) {
    if (!read_step(&r, format, i)) {
      return false;
    }
  }
  return r.at == r.end && join(&r, format, instant);
}

static int parse_time(field f, const cb_time_format *format, written_day *day, int64_t *instant) {
  uint8_t step = format->program_size > 0 ? format->program[0] : 0;
  *instant = 0;
  bool good;
  if (step == CB_TIME_ISO) {
    reading r = {.at = f.text, .end = f.text + f.length};
    good = parse_usual_iso(f, day, instant) ||
           (read_iso(&r) && r.at == r.end && join(&r, format, instant));
  } else if (step == CB_TIME_EPOCH_SECONDS) {
    good = parse_epoch(f, 6, format, instant);
  } else if (step == CB_TIME_EPOCH_MILLISECONDS) {
    good = parse_epoch(f, 0, format, instant);
  } else {
    good = parse_program(f, format, instant);
  }
  return good ? CB_FAULT_NONE : CB_FAULT_TIME;
}

int cb_parse_time(const uint8_t *text, size_t length, const cb_time_format *format,
                  int64_t *instant) {
  written_day day = epoch_day();
  return parse_time((field){text, length}, format, &day, instant);
}

// Whether two fields of equal length are equal; overlapping words spare the loop for usual lengths.
static inline bool is_same(field left, field right) {
  if (left.length != right.length) {
    return false;
  }
  size_t length = left.length;
  if (length < 8 || length > 32) {
    return memcmp(left.text, right.text, length) == 0;
  }
  size_t last = length - 8;
  size_t second = last < 8 ? last : 8;
  size_t third = last < 16 ? last : 16;
  return ((load_word(left.text) ^ load_word(right.text)) |
          (load_word(left.text + second) ^ load_word(right.text + second)) |
          (load_word(left.text + third) ^ load_word(right.text + third)) |
          (load_word(left.text + last) ^ load_word(right.text + last))) == 0;
}

// Rows that the vector forms read at once.
#define TIMES 8

#if defined(__x86_64__)

typedef uint64_t words_of_times __attribute__((ext_vector_type(TIMES)));
#define WORDS words_of_times

#define SIMD(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define GATHER(bytes, begins) (WORDS) _mm512_i32gather_epi64(begins, bytes, 1)
#include "times_simd.h"
#undef SIMD
#undef TARGET
#undef GATHER

#define SIMD(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#define FOUR(bytes, begins)                                                                        \
  _mm256_i32gather_epi64((const long long *)(const void *)(bytes), begins, 1)
#define GATHER(bytes, begins)                                                                      \
  (WORDS) __builtin_shufflevector(FOUR(bytes, _mm256_castsi256_si128(begins)),                     \
                                  FOUR(bytes, _mm256_extracti128_si256(begins, 1)), 0, 1, 2, 3, 4, \
                                  5, 6, 7)
#include "times_simd.h"

static bool parse_usual(const cb_rows *rows, size_t row, uint32_t column, written_day *known,
                        int64_t *instants) {
  switch (cb_level_current()) {
  case CB_LEVEL_AVX512:
    return parse_usual_avx512(rows, row, column, known, instants);
  case CB_LEVEL_AVX2:
    return parse_usual_avx2(rows, row, column, known, instants);
  default:
    return false;
  }
}

#else

static bool parse_usual(const cb_rows *rows, size_t row, uint32_t column, written_day *known,
                        int64_t *instants) {
  (void)rows, (void)row, (void)column, (void)known, (void)instants;
  return false;
}

#endif

size_t cb_parse_times(const cb_rows *rows, uint32_t column, const cb_time_format *format,
                      int64_t *instants, uint8_t *faults) {
  const cb_rows table = *rows;
  const bool is_iso = format->program_size > 0 && format->program[0] == CB_TIME_ISO;
  size_t faulty = 0;
  field previous = {NULL, SIZE_MAX};
  written_day day = epoch_day();
  int64_t instant = 0;
  int fault = CB_FAULT_NONE;
  for (size_t begin = 0, end; begin < table.count; begin = end) {
    end = table.count - begin < TIMES ? table.count : begin + TIMES;
    if (is_iso && end - begin == TIMES &&
        parse_usual(&table, begin, column, &day, instants + begin)) {
      continue;
    }
    for (size_t row = begin; row < end; row++) {
      field f = bare_field(&table, row, column);
      if (!is_same(f, previous)) {
        fault = parse_time(f, format, &day, &instant);
        previous = f;
      }
      instants[row] = instant;
      if (__builtin_expect(fault != CB_FAULT_NONE, 0) && faults[row] == CB_FAULT_NONE) {
        faults[row] = (uint8_t)fault;
        faulty++;
      }
    }
  }
  return faulty;
}
