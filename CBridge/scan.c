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

// The masks of one chunk. A chunk of fewer than 64 bytes, the last, stands in their upper bits.
typedef struct chunk {
  uint64_t separators, feeds, returns, quotes;
} chunk;

// What crosses from chunk to chunk, as masks want it.
typedef struct carry {
  uint64_t quoted;      // all ones inside quotes
  uint64_t after_close; // 1 behind a closing quote
  uint64_t may_open;    // 1 where a quote may open
  uint64_t irregular;   // not 0 once a quote stood where it must not
  uint64_t quotes;      // not 0 once there was a quote
  bool any_return;
  size_t records;
  size_t lines;
} carry;

static inline carry carry_in(const cb_scan_state *state) {
  return (carry){.quoted = state->inside_quotes ? ~0ull : 0,
                 .after_close = state->after_close,
                 .may_open = !state->after_text,
                 .irregular = state->irregular,
                 .quotes = state->any_quote,
                 .any_return = state->any_return,
                 .records = state->record_count,
                 .lines = state->line_count};
}

static inline cb_status carry_out(const carry *last, bool any_high, size_t position_count,
                                  cb_scan_state *state) {
  state->inside_quotes = last->quoted != 0;
  state->after_close = last->after_close != 0;
  state->after_text = last->may_open == 0;
  state->irregular = last->irregular != 0;
  state->any_quote = last->quotes != 0;
  state->any_return = last->any_return;
  state->any_high |= any_high;
  state->record_count = last->records;
  state->line_count = last->lines;
  state->position_count = position_count;
  return state->irregular ? CB_BAD_DATA : CB_OK;
}

__attribute__((target("avx2,bmi,bmi2,pclmul"))) static inline uint64_t
prefix_parity(uint64_t quotes) {
  __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes), _mm_set1_epi8(-1), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

// Turns a chunk's masks into its structural mask and carries over what the next has to know. No
// branch depends on quotes: which chunks have any is hard to foresee.
//   empty  lower bits of the masks that stand for no byte
//   next   the byte behind the chunk
__attribute__((target("avx2,bmi,bmi2,pclmul,popcnt"), always_inline)) static inline uint64_t
structural_mask(chunk c, unsigned empty, uint8_t next, carry *carry) {
  uint64_t ends = c.feeds;
  if (c.returns) {
    uint64_t fed = c.feeds >> 1 | (uint64_t)(next == '\n') << 63;
    ends |= c.returns & ~fed;
    carry->any_return = true;
  }
  uint64_t marks = c.separators | ends;
  uint64_t quoted = prefix_parity(c.quotes) ^ carry->quoted;
  uint64_t structural = marks & ~quoted;
  uint64_t opening = c.quotes & quoted;
  uint64_t closing = c.quotes & ~quoted;
  uint64_t may_precede = structural | closing;
  uint64_t may_open = may_precede << 1 | carry->may_open << empty;
  uint64_t behind_close = closing << 1 | carry->after_close << empty;
  carry->irregular |= opening & ~may_open;
  carry->irregular |= behind_close & ~(marks | c.returns | c.quotes);
  carry->quoted = (uint64_t)((int64_t)quoted >> 63);
  carry->after_close = closing >> 63;
  carry->may_open = may_precede >> 63;
  carry->quotes |= c.quotes;
  carry->lines += (size_t)__builtin_popcountll(ends);
  carry->records += (size_t)__builtin_popcountll(ends & ~quoted);
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

__attribute__((target(SCAN_AVX512), always_inline)) static inline uint64_t
mask_avx512(const uint8_t *bytes, size_t size, const cb_dialect *dialect, carry *carry,
            __m512i *seen) {
  unsigned empty = (unsigned)(64 - size);
  __mmask64 valid = ~0ull >> empty;
  __m512i text = size == 64 ? _mm512_loadu_si512(bytes) : _mm512_maskz_loadu_epi8(valid, bytes);
  *seen = _mm512_or_si512(*seen, text);
  __m512i quote = _mm512_set1_epi8((char)dialect->quote);
  __mmask64 quotes_count = dialect->has_quote ? valid : 0;
  chunk c = {
      .separators =
          _mm512_mask_cmpeq_epi8_mask(valid, text, _mm512_set1_epi8((char)dialect->separator))
          << empty,
      .feeds = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\n')) << empty,
      .returns = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\r')) << empty,
      .quotes = _mm512_mask_cmpeq_epi8_mask(quotes_count, text, quote) << empty,
  };
  return structural_mask(c, empty, bytes[size], carry) >> empty;
}

__attribute__((target(SCAN_AVX512))) static cb_status
scan_avx512(const uint8_t *bytes, size_t begin, size_t end, const cb_dialect *dialect,
            size_t capacity, cb_scan_state *state, uint32_t *positions) {
  const cb_dialect fixed = *dialect;
  carry carry = carry_in(state);
  size_t count = state->position_count;
  __m512i seen = _mm512_setzero_si512();
  size_t at = begin;
  for (; at + 64 <= end && count + 64 <= capacity; at += 64) {
    uint64_t mask = mask_avx512(bytes + at, 64, &fixed, &carry, &seen);
    count += emit_avx512(mask, (uint32_t)at, positions + count);
  }
  if (at < end && count + 64 > capacity) {
    return CB_NO_SPACE;
  }
  if (at < end) {
    uint64_t mask = mask_avx512(bytes + at, end - at, &fixed, &carry, &seen);
    count += emit_avx512(mask, (uint32_t)at, positions + count);
  }
  return carry_out(&carry, _mm512_movepi8_mask(seen) != 0, count, state);
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

__attribute__((target(SCAN_AVX2), always_inline)) static inline uint64_t
mask_avx2(const uint8_t *bytes, size_t size, const cb_dialect *dialect, carry *carry,
          uint64_t *seen) {
  unsigned empty = (unsigned)(64 - size);
  __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
  __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  uint64_t high_bits =
      (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
  uint64_t quotes = equal_avx2(low, high, _mm256_set1_epi8((char)dialect->quote));
  chunk c = {
      .separators = equal_avx2(low, high, _mm256_set1_epi8((char)dialect->separator)) << empty,
      .feeds = equal_avx2(low, high, _mm256_set1_epi8('\n')) << empty,
      .returns = equal_avx2(low, high, _mm256_set1_epi8('\r')) << empty,
      .quotes = dialect->has_quote ? quotes << empty : 0,
  };
  *seen |= high_bits << empty;
  return structural_mask(c, empty, bytes[size], carry) >> empty;
}

__attribute__((target(SCAN_AVX2))) static cb_status scan_avx2(const uint8_t *bytes, size_t begin,
                                                              size_t end, const cb_dialect *dialect,
                                                              size_t capacity, cb_scan_state *state,
                                                              uint32_t *positions) {
  const cb_dialect fixed = *dialect;
  carry carry = carry_in(state);
  size_t count = state->position_count;
  uint64_t seen = 0;
  size_t at = begin;
  for (; at + 64 <= end && count + 64 <= capacity; at += 64) {
    uint64_t mask = mask_avx2(bytes + at, 64, &fixed, &carry, &seen);
    count += emit_avx2(mask, (uint32_t)at, positions + count);
  }
  if (at < end && count + 64 > capacity) {
    return CB_NO_SPACE;
  }
  if (at < end) {
    uint64_t mask = mask_avx2(bytes + at, end - at, &fixed, &carry, &seen);
    count += emit_avx2(mask, (uint32_t)at, positions + count);
  }
  return carry_out(&carry, seen != 0, count, state);
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
