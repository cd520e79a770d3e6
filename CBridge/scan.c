// The scan: bytes to the positions of separators and line ends.
//
// The scalar machine below is the definition. It knows where a quote may open (at the first byte of
// a field), what closes it, that text behind a closing quote belongs to the field, comments, and
// blanks.
//
// The vector forms look at 64 bytes at once. Whether a byte stands inside quotes is the parity of
// the quotes before it: a carry-less multiplication by all ones turns the mask of quotes into the
// mask of quoted bytes. Parity agrees with the machine exactly while every opening quote follows a
// separator, a line end or a closing quote (a doubled quote closes and opens again), and every
// closing quote is followed by one of these. The forms check just that, with two shifts a chunk,
// and report anything else as irregular, upon which the caller starts again with the machine.
//
// For whoever edits this: masks are little-endian (bit i is byte i); what crosses a chunk is
// carried in the state; a CR is a line end only when no LF follows, so one byte behind the range is
// looked at.

#include "include/cb_scan.h"

#include "include/cb_cpu.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum machine { AT_RECORD, AT_FIELD, IN_TEXT, IN_QUOTES, AFTER_QUOTE, IN_COMMENT };

static inline bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

static inline bool is_line_end(const uint8_t *bytes, size_t at) {
  return bytes[at] == '\n' || (bytes[at] == '\r' && bytes[at + 1] != '\n');
}

static inline bool is_separator(const uint8_t *bytes, size_t at, const cb_dialect *dialect,
                                uint8_t machine) {
  if (!dialect->blanks) {
    return bytes[at] == dialect->separator;
  }
  // Of a run of blanks the last separates, unless the run begins or ends the line.
  uint8_t next = bytes[at + 1];
  return machine != AT_RECORD && is_blank(bytes[at]) && !is_blank(next) && next != '\n' &&
         next != '\r';
}

static inline uint8_t next_state(uint8_t machine, uint8_t byte, const cb_dialect *dialect) {
  bool is_quote = dialect->has_quote && byte == dialect->quote;
  switch (machine) {
  case AT_RECORD:
    if (dialect->has_comment && byte == dialect->comment) {
      return IN_COMMENT;
    }
    if (dialect->blanks && is_blank(byte)) {
      return AT_RECORD;
    }
    return is_quote ? IN_QUOTES : IN_TEXT;
  case AT_FIELD:
    return is_quote ? IN_QUOTES : IN_TEXT;
  case IN_QUOTES:
    return is_quote ? AFTER_QUOTE : IN_QUOTES;
  case AFTER_QUOTE:
    return is_quote ? IN_QUOTES : IN_TEXT;
  default:
    return machine;
  }
}

cb_status cb_scan_scalar(const uint8_t *bytes, size_t begin, size_t end, const cb_dialect *dialect,
                         size_t capacity, cb_scan_state *state, uint32_t *positions) {
  cb_scan_state carried = *state;
  for (size_t at = begin; at < end; at++) {
    uint8_t byte = bytes[at];
    uint8_t machine = carried.machine;
    bool line_end = is_line_end(bytes, at);
    carried.line_count += line_end;
    carried.any_high |= byte > 0x7F;
    carried.any_quote |= dialect->has_quote && byte == dialect->quote;
    carried.any_return |= byte == '\r';
    bool ends_record = line_end && machine != IN_QUOTES;
    bool ends_field =
        machine != IN_QUOTES && machine != IN_COMMENT && is_separator(bytes, at, dialect, machine);
    if (ends_record || ends_field) {
      if (carried.position_count == capacity) {
        return CB_NO_SPACE;
      }
      positions[carried.position_count++] = (uint32_t)at;
      carried.record_count += ends_record;
      carried.machine = ends_record ? AT_RECORD : AT_FIELD;
    } else if (byte != '\r' || bytes[at + 1] != '\n' || machine == IN_QUOTES) {
      carried.machine = next_state(machine, byte, dialect);
    }
  }
  *state = carried;
  return CB_OK;
}

bool cb_scan_is_open(const cb_scan_state *state) {
  return state->inside_quotes || state->machine == IN_QUOTES;
}

size_t cb_count_lines(const uint8_t *bytes, size_t begin, size_t end) {
  size_t count = 0;
  for (size_t at = begin; at < end;) {
    // Counts of a byte each, for as long as none can overflow, so that the loop vectorises.
    size_t stop = end - at < 255 ? end : at + 255;
    uint8_t some = 0;
    for (; at < stop; at++) {
      some += (bytes[at] == '\n') | ((bytes[at] == '\r') & (bytes[at + 1] != '\n'));
    }
    count += some;
  }
  return count;
}

#if defined(__x86_64__)

// The masks of one chunk of 64 bytes.
typedef struct chunk {
  uint64_t separators, feeds, returns, quotes;
} chunk;

// What the quotes of a chunk leave outside of them: the structural positions.
static inline uint64_t outside_quotes(chunk c, uint64_t ends, uint64_t quoted, uint64_t valid,
                                      cb_scan_state *state) {
  uint64_t opening = c.quotes & quoted;
  uint64_t closing = c.quotes & ~quoted;
  uint64_t structural = (c.separators | ends) & ~quoted;
  uint64_t may_precede = structural | closing;
  uint64_t may_open = may_precede << 1 | !state->after_text;
  uint64_t may_follow = c.separators | ends | c.returns | c.quotes;
  uint64_t behind_close = (closing << 1 | state->after_close) & valid;
  state->irregular |= (opening & ~may_open) != 0 || (behind_close & ~may_follow) != 0;
  state->any_quote |= c.quotes != 0;
  return structural;
}

__attribute__((target("avx2,bmi,bmi2,pclmul"))) static inline uint64_t
prefix_parity(uint64_t quotes) {
  __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes), _mm_set1_epi8(-1), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

// Turns a chunk's masks into its structural mask and carries the state over; `size` bytes are
// valid.
__attribute__((target("avx2,bmi,bmi2,pclmul,popcnt"))) static inline uint64_t
structural_mask(chunk c, size_t size, uint8_t next, cb_scan_state *state) {
  uint64_t valid = size == 64 ? ~0ull : (1ull << size) - 1;
  c.separators &= valid;
  c.feeds &= valid;
  c.returns &= valid;
  c.quotes &= valid;
  uint64_t ends = c.feeds;
  if (c.returns) {
    uint64_t fed = c.feeds >> 1 | (uint64_t)(next == '\n') << (size - 1);
    ends |= c.returns & ~fed;
    state->any_return = true;
  }
  state->line_count += (size_t)__builtin_popcountll(ends);
  uint64_t structural;
  uint64_t last = 1ull << (size - 1);
  if (c.quotes | (uint64_t)state->inside_quotes | (uint64_t)state->after_close) {
    uint64_t quoted = prefix_parity(c.quotes) ^ (state->inside_quotes ? ~0ull : 0);
    structural = outside_quotes(c, ends, quoted, valid, state);
    uint64_t closing = c.quotes & ~quoted;
    state->after_close = (closing & last) != 0;
    state->after_text = ((structural | closing) & last) == 0;
    state->inside_quotes = (quoted & last) != 0;
    ends &= ~quoted;
  } else {
    structural = c.separators | ends;
    state->after_text = (structural & last) == 0;
  }
  state->record_count += (size_t)__builtin_popcountll(ends);
  return structural;
}

#define SCAN_AVX512 "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi,bmi2,pclmul,popcnt"

__attribute__((target(SCAN_AVX512))) static inline size_t emit_avx512(uint64_t mask, uint32_t base,
                                                                      uint32_t *positions) {
  static const uint8_t iota[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  __m512i packed = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(iota));
  __m512i offset = _mm512_set1_epi32((int)base);
  size_t count = (size_t)__builtin_popcountll(mask);
  __m512i first = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed));
  _mm512_storeu_si512(positions, _mm512_add_epi32(first, offset));
  if (__builtin_expect(count > 16, 0)) {
    __m512i second = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1));
    __m512i third = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2));
    __m512i fourth = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3));
    _mm512_storeu_si512(positions + 16, _mm512_add_epi32(second, offset));
    _mm512_storeu_si512(positions + 32, _mm512_add_epi32(third, offset));
    _mm512_storeu_si512(positions + 48, _mm512_add_epi32(fourth, offset));
  }
  return count;
}

__attribute__((target(SCAN_AVX512))) static cb_status
scan_avx512(const uint8_t *bytes, size_t begin, size_t end, const cb_dialect *dialect,
            size_t capacity, cb_scan_state *state, uint32_t *positions) {
  const __m512i separator = _mm512_set1_epi8((char)dialect->separator);
  const __m512i quote = _mm512_set1_epi8((char)dialect->quote);
  const __m512i feed = _mm512_set1_epi8('\n');
  const __m512i carriage = _mm512_set1_epi8('\r');
  const uint64_t quotes_count = dialect->has_quote ? ~0ull : 0;
  __m512i seen = _mm512_setzero_si512();
  cb_scan_state carried = *state;
  size_t at = begin;
  for (; at + 64 <= end; at += 64) {
    if (carried.position_count + 64 > capacity) {
      return CB_NO_SPACE;
    }
    __m512i text = _mm512_loadu_si512(bytes + at);
    seen = _mm512_or_si512(seen, text);
    chunk c = {_mm512_cmpeq_epi8_mask(text, separator), _mm512_cmpeq_epi8_mask(text, feed),
               _mm512_cmpeq_epi8_mask(text, carriage),
               _mm512_cmpeq_epi8_mask(text, quote) & quotes_count};
    uint64_t mask = structural_mask(c, 64, bytes[at + 64], &carried);
    carried.position_count += emit_avx512(mask, (uint32_t)at, positions + carried.position_count);
  }
  if (at < end) {
    if (carried.position_count + 64 > capacity) {
      return CB_NO_SPACE;
    }
    size_t size = end - at;
    __m512i text = _mm512_maskz_loadu_epi8((1ull << size) - 1, bytes + at);
    seen = _mm512_or_si512(seen, text);
    chunk c = {_mm512_cmpeq_epi8_mask(text, separator), _mm512_cmpeq_epi8_mask(text, feed),
               _mm512_cmpeq_epi8_mask(text, carriage),
               _mm512_cmpeq_epi8_mask(text, quote) & quotes_count};
    uint64_t mask = structural_mask(c, size, bytes[end], &carried);
    carried.position_count += emit_avx512(mask, (uint32_t)at, positions + carried.position_count);
  }
  carried.any_high |= _mm512_movepi8_mask(seen) != 0;
  *state = carried;
  return carried.irregular ? CB_BAD_DATA : CB_OK;
}

#define SCAN_AVX2 "avx2,bmi,bmi2,pclmul,popcnt"

__attribute__((target(SCAN_AVX2))) static inline uint64_t equal_avx2(__m256i low, __m256i high,
                                                                     __m256i byte) {
  uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte));
  uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte));
  return (uint64_t)second << 32 | first;
}

__attribute__((target(SCAN_AVX2))) static inline size_t emit_avx2(uint64_t mask, uint32_t base,
                                                                  uint32_t *positions) {
  size_t count = (size_t)__builtin_popcountll(mask);
  for (size_t done = 0; done < count; done += 8) {
    // Eight at a time without a branch; what is written beyond the count is overwritten later.
    for (size_t i = 0; i < 8; i++) {
      positions[done + i] = base + (uint32_t)_tzcnt_u64(mask);
      mask = _blsr_u64(mask);
    }
  }
  return count;
}

__attribute__((target(SCAN_AVX2))) static cb_status scan_avx2(const uint8_t *bytes, size_t begin,
                                                              size_t end, const cb_dialect *dialect,
                                                              size_t capacity, cb_scan_state *state,
                                                              uint32_t *positions) {
  const __m256i separator = _mm256_set1_epi8((char)dialect->separator);
  const __m256i quote = _mm256_set1_epi8((char)dialect->quote);
  const __m256i feed = _mm256_set1_epi8('\n');
  const __m256i carriage = _mm256_set1_epi8('\r');
  const uint64_t quotes_count = dialect->has_quote ? ~0ull : 0;
  cb_scan_state carried = *state;
  uint64_t seen = 0;
  for (size_t at = begin; at < end; at += 64) {
    if (carried.position_count + 64 > capacity) {
      return CB_NO_SPACE;
    }
    size_t size = end - at < 64 ? end - at : 64;
    uint64_t valid = size == 64 ? ~0ull : (1ull << size) - 1;
    __m256i low = _mm256_loadu_si256((const __m256i *)(bytes + at));
    __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + at + 32));
    uint64_t high_bits =
        (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
    seen |= high_bits & valid;
    chunk c = {equal_avx2(low, high, separator), equal_avx2(low, high, feed),
               equal_avx2(low, high, carriage), equal_avx2(low, high, quote) & quotes_count};
    uint64_t mask = structural_mask(c, size, bytes[at + size], &carried);
    carried.position_count += emit_avx2(mask, (uint32_t)at, positions + carried.position_count);
  }
  carried.any_high |= seen != 0;
  *state = carried;
  return carried.irregular ? CB_BAD_DATA : CB_OK;
}

#endif

cb_status cb_scan(const uint8_t *bytes, size_t begin, size_t end, const cb_dialect *dialect,
                  size_t capacity, cb_scan_state *state, uint32_t *positions) {
  if (state->form == 0) {
    // What the forms carry differs, so the first range's choice holds for all.
    bool plain = !dialect->blanks && !dialect->has_comment;
    state->form = 1 + (plain ? (uint8_t)cb_level_current() : CB_LEVEL_SCALAR);
  }
#if defined(__x86_64__)
  if (state->form == 1 + CB_LEVEL_AVX512) {
    return scan_avx512(bytes, begin, end, dialect, capacity, state, positions);
  }
  if (state->form == 1 + CB_LEVEL_AVX2) {
    return scan_avx2(bytes, begin, end, dialect, capacity, state, positions);
  }
#endif
  return cb_scan_scalar(bytes, begin, end, dialect, capacity, state, positions);
}

// Length of the valid sequence at bytes[at], or 0.
static size_t utf8_sequence(const uint8_t *bytes, size_t at, size_t count) {
  uint8_t lead = bytes[at];
  if (lead < 0x80) {
    return 1;
  }
  size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || count - at < length) {
    return 0;
  }
  uint8_t lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  uint8_t highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (bytes[at + 1] < lowest || bytes[at + 1] > highest) {
    return 0;
  }
  for (size_t i = 2; i < length; i++) {
    if ((bytes[at + i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  return length;
}

size_t cb_invalid_utf8(const uint8_t *bytes, size_t count) {
  size_t at = 0;
  while (at < count) {
    uint64_t word;
    if (count - at >= 8 && (memcpy(&word, bytes + at, 8), (word & 0x8080808080808080ull) == 0)) {
      at += 8;
      continue;
    }
    size_t length = utf8_sequence(bytes, at, count);
    if (length == 0) {
      return at;
    }
    at += length;
  }
  return count;
}
