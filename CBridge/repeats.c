// The definition is `repeats`, field by field. Most fields are keys of up to eight bytes: the
// vector forms compare words of which only the field's own bytes count. They leave the whole range
// to the definition where a field is longer, or so near to the end that its word would reach
// beyond.

#include "repeats.h"

#include "include/cb_cpu.h"
#include "key_bytes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static bool lies_inside(const field_column *column, size_t field) {
  return (uint64_t)column->begins[field] + column->lengths[field] <= column->byte_count;
}

static bool repeats(const field_column *column, size_t field) {
  uint32_t length = column->lengths[field];
  return length == column->lengths[field - 1] && lies_inside(column, field) &&
         lies_inside(column, field - 1) &&
         equal_bytes(column->bytes + column->begins[field],
                     column->bytes + column->begins[field - 1], length);
}

static uint64_t mark_any(const field_column *column, size_t first, size_t count) {
  uint64_t marks = 0;
  for (size_t i = first == 0; i < count; i++) {
    marks |= (uint64_t)repeats(column, first + i) << i;
  }
  return marks;
}

// Whether a whole word can be loaded where the field begins, and holds all of it.
static bool is_short(const field_column *column, size_t field) {
  return column->lengths[field] <= 8 && column->begins[field] <= column->byte_count - 8;
}

#if defined(__x86_64__)

// The forms below mark fields that all have one before them, or say that some of these are not
// short.

#define REPEATS_AVX512 "avx512f,avx512bw,avx512dq,avx512vl"

__attribute__((target(REPEATS_AVX512))) static bool
mark_short_avx512(const field_column *column, size_t first, size_t count, uint64_t *marks) {
  const __m256i limit = _mm256_set1_epi32((int)(column->byte_count - 8));
  const __m256i eight = _mm256_set1_epi32(8);
  const uint32_t *begins = column->begins + first;
  const uint32_t *lengths = column->lengths + first;
  __m512i words = _mm512_set1_epi64((long long)load_word(column->bytes + begins[-1]));
  uint64_t found = 0;
  for (size_t i = 0; i < count; i += 8) {
    __mmask8 taken = count - i >= 8 ? 0xFF : (__mmask8)((1u << (count - i)) - 1);
    __m256i begin = _mm256_maskz_loadu_epi32(taken, begins + i);
    __m256i length = _mm256_maskz_loadu_epi32(taken, lengths + i);
    __m256i length_before = _mm256_maskz_loadu_epi32(taken, lengths + i - 1);
    if (_mm256_cmpgt_epu32_mask(begin, limit) | _mm256_cmpgt_epu32_mask(length, eight)) {
      return false;
    }
    __m512i next = _mm512_mask_i32gather_epi64(words, taken, begin, column->bytes, 1);
    __m512i before = _mm512_alignr_epi64(next, words, 7);
    __m512i unused_bits =
        _mm512_slli_epi64(_mm512_cvtepu32_epi64(_mm256_sub_epi32(eight, length)), 3);
    __m512i difference = _mm512_sllv_epi64(_mm512_xor_si512(next, before), unused_bits);
    __mmask8 same = _mm512_mask_testn_epi64_mask(taken, difference, difference) &
                    _mm256_cmpeq_epu32_mask(length, length_before);
    found |= (uint64_t)same << i;
    words = next;
  }
  *marks = found;
  return true;
}

__attribute__((target("avx2"))) static bool
mark_short_avx2(const field_column *column, size_t first, size_t count, uint64_t *marks) {
  const uint32_t *begins = column->begins + first;
  const uint32_t *lengths = column->lengths + first;
  const long long *text = (const long long *)(uintptr_t)column->bytes;
  const __m128i sign = _mm_set1_epi32(INT32_MIN);
  const __m128i limit = _mm_xor_si128(_mm_set1_epi32((int)(column->byte_count - 8)), sign);
  const __m128i eight = _mm_set1_epi32(8);
  uint64_t found = 0;
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    __m128i begin = _mm_loadu_si128((const __m128i *)(begins + i));
    __m128i length = _mm_loadu_si128((const __m128i *)(lengths + i));
    __m128i begin_before = _mm_loadu_si128((const __m128i *)(begins + i - 1));
    __m128i length_before = _mm_loadu_si128((const __m128i *)(lengths + i - 1));
    __m128i is_far = _mm_cmpgt_epi32(_mm_xor_si128(begin, sign), limit);
    __m128i is_long = _mm_cmpeq_epi32(_mm_max_epu32(length, eight), eight);
    if (_mm_movemask_epi8(is_far) != 0 || _mm_movemask_epi8(is_long) != 0xFFFF) {
      return false;
    }
    __m256i next = _mm256_i32gather_epi64(text, begin, 1);
    __m256i before = _mm256_i32gather_epi64(text, begin_before, 1);
    __m256i unused_bits = _mm256_slli_epi64(_mm256_cvtepu32_epi64(_mm_sub_epi32(eight, length)), 3);
    __m256i difference = _mm256_sllv_epi64(_mm256_xor_si256(next, before), unused_bits);
    __m256i equal = _mm256_cmpeq_epi64(difference, _mm256_setzero_si256());
    __m128i lengths_equal = _mm_cmpeq_epi32(length, length_before);
    int same = _mm256_movemask_pd(_mm256_castsi256_pd(equal)) &
               _mm_movemask_ps(_mm_castsi128_ps(lengths_equal));
    found |= (uint64_t)(unsigned)same << i;
  }
  *marks = i < count ? found | mark_any(column, first + i, count - i) << i : found;
  return true;
}

static bool mark_short(const field_column *column, size_t first, size_t count, uint64_t *marks) {
  // Gathers take signed offsets of 32 bits.
  if (first == 0 || column->byte_count < 8 || column->byte_count > UINT32_C(1) << 31 ||
      !is_short(column, first - 1)) {
    return false;
  }
  switch (cb_level_current()) {
  case CB_LEVEL_AVX512:
    return mark_short_avx512(column, first, count, marks);
  case CB_LEVEL_AVX2:
    return mark_short_avx2(column, first, count, marks);
  default:
    return false;
  }
}

#else

static bool mark_short(const field_column *column, size_t first, size_t count, uint64_t *marks) {
  (void)column, (void)first, (void)count, (void)marks;
  return false;
}

#endif

uint64_t mark_repeats(const field_column *column, size_t first, size_t count) {
  uint64_t marks;
  return mark_short(column, first, count, &marks) ? marks : mark_any(column, first, count);
}
