// Usual ISO times, `2011-12-09 12:50:00` or with a T, eight at once; a template that times.c
// includes for each instruction set.
//
// Expects WORDS (eight uint64_t), SIMD(name), TARGET (the instruction set as a function attribute)
// and GATHER(bytes, begins) for the words that begin at eight offsets. Text is read as words of
// eight bytes, of which two digits that stand side by side become a number in the byte of the
// first.

/// Numbers of two digits; bits remain in `odd` where a byte is no digit, or not the sign that
/// `form` has in its place. `form` has '0' for digits; `carry` what makes any other byte exceed
/// 0x7F.
TARGET static inline __attribute__((always_inline)) void
SIMD(read_pairs)(const WORDS *text, uint64_t form, uint64_t carry, WORDS *pairs, WORDS *odd) {
  WORDS digits = *text ^ form;
  *odd |= (((digits & 0x7F7F7F7F7F7F7F7Full) + carry) | digits) & 0x8080808080808080ull;
  *pairs = (digits << 3) + (digits << 1) + (digits >> 8);
}

/// Days since 1970-01-01 of dates from the year 0 on.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil, without its
/// eras: 400 years more make all of it positive.
TARGET static inline __attribute__((always_inline)) void
SIMD(count_days)(const WORDS *year, const WORDS *month, const WORDS *day, WORDS *days) {
  WORDS early = (WORDS)(*month < 3) & 1;
  WORDS years = *year - early + 400;
  WORDS centuries = years * 5243 >> 19; // / 100 up to 43,698
  WORDS months = *month + early * 12 - 3;
  WORDS of_year = (months * 153 + 2) * 52429 >> 18; // / 5 up to 81,919
  *days = years * 365 + (years >> 2) - centuries + (centuries >> 2) + of_year + *day - 1 - 719468 -
          146097;
}

/// Bits remain in `odd` where the calendar has no such day.
TARGET static inline __attribute__((always_inline)) void
SIMD(check_day)(const WORDS *year, const WORDS *month, const WORDS *day, WORDS *odd) {
  WORDS centuries = *year * 5243 >> 19;
  WORDS leaps = (WORDS)((*year & 3) == 0) &
                ((WORDS)(*year != centuries * 100) | (WORDS)((centuries & 3) == 0));
  WORDS is_february = (WORDS)(*month == 2);
  WORDS usual = 30 + ((*month + (*month >> 3)) & 1);
  WORDS length = (is_february & (28 + (leaps & 1))) | (~is_february & usual);
  *odd |= (WORDS)(*month - 1 > 11) | (WORDS)(*day - 1 >= length);
}

/// Days since 1970-01-01 of `2011-12-` in `head` and `09` in `tail`; not where bits remain in
/// `odd`.
TARGET static inline __attribute__((always_inline)) void
SIMD(parse_days)(const WORDS *head, const WORDS *tail, WORDS *days, WORDS *odd) {
  WORDS months, day;
  SIMD(read_pairs)(head, 0x2D30302D30303030ull, 0x7F76767F76767676ull, &months, odd);
  SIMD(read_pairs)(tail, 0x3030ull, 0x7F7F7F7F7F7F7676ull, &day, odd);
  WORDS year = (months & 0xFF) * 100 + (months >> 16 & 0xFF);
  WORDS month = months >> 40 & 0xFF;
  day &= 0xFF;
  SIMD(check_day)(&year, &month, &day, odd);
  SIMD(count_days)(&year, &month, &day, days);
}

/// Whether eight fields are as long as usual times in quotes, and stand in such.
TARGET static inline bool SIMD(are_quoted)(const cb_rows *rows, __m256i before, __m256i size) {
  const int *bytes = (const int *)(const void *)(rows->bytes + 1);
  const __m256i low = _mm256_set1_epi32(0xFF);
  const __m256i quote = _mm256_set1_epi32(rows->quote);
  __m256i head = _mm256_and_si256(_mm256_i32gather_epi32(bytes, before, 1), low);
  __m256i last = _mm256_i32gather_epi32((const int *)(const void *)(rows->bytes + 21), before, 1);
  last = _mm256_and_si256(last, low);
  __m256i quoted =
      _mm256_and_si256(_mm256_cmpeq_epi32(head, quote), _mm256_cmpeq_epi32(last, quote));
  quoted = _mm256_and_si256(quoted, _mm256_cmpeq_epi32(size, _mm256_set1_epi32(22)));
  return _mm256_movemask_epi8(quoted) == -1;
}

/// Reads eight rows of a column; false, and nothing written, when one of them has another form.
/// Mostly all are on the day that was read last, which is in `known`.
TARGET static bool SIMD(parse_usual)(const cb_rows *rows, size_t row, uint32_t column,
                                     written_day *known, int64_t *instants) {
  const int *positions = (const int *)(rows->positions + column);
  __m256i first = _mm256_loadu_si256((const __m256i *)(rows->firsts + row));
  __m256i before = _mm256_i32gather_epi32(positions, first, 4);
  __m256i end = _mm256_i32gather_epi32(positions + 1, first, 4);
  __m256i size = _mm256_sub_epi32(end, before);
  if (_mm256_movemask_epi8(_mm256_cmpeq_epi32(size, _mm256_set1_epi32(20))) != -1) {
    if (!rows->any_quote || !SIMD(are_quoted)(rows, before, size)) {
      return false;
    }
    before = _mm256_add_epi32(before, _mm256_set1_epi32(1));
  }
  WORDS head = GATHER(rows->bytes + 1, before);
  WORDS middle = GATHER(rows->bytes + 9, before);
  WORDS text = GATHER(rows->bytes + 12, before);
  WORDS tail = middle & 0xFFFF, gap = middle >> 16 & 0xFF;
  WORDS odd = (WORDS)(gap != ' ') & (WORDS)(gap != 'T');
  WORDS clocks;
  SIMD(read_pairs)(&text, 0x30303A30303A3030ull, 0x76767F76767F7676ull, &clocks, &odd);
  WORDS hour = clocks & 0xFF, minute = clocks >> 24 & 0xFF, second = clocks >> 48 & 0xFF;
  odd |= (WORDS)(hour > 23) | (WORDS)(minute > 59) | (WORDS)(second > 59);
  WORDS begin = (WORDS)0 + (uint64_t)known->begin;
  bool is_known = __builtin_reduce_or((head ^ known->head) | (tail ^ known->tail)) == 0;
  if (!is_known) {
    SIMD(parse_days)(&head, &tail, &begin, &odd);
    begin *= (uint64_t)DAY;
  }
  if (__builtin_reduce_or(odd) != 0) {
    return false;
  }
  *known = (written_day){head[0], (uint16_t)tail[0], (int64_t)begin[0]};
  WORDS instant = begin + (hour * 3600 + minute * 60 + second) * (uint64_t)SECOND;
  memcpy(instants, &instant, sizeof instant);
  return true;
}
