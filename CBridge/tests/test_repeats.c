// What repeats the field before it is marked, and nothing else, wherever fields lie.

#include "check.h"

#include "../repeats.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS = 200, MOST_BYTES = 400 };

static bool repeats(const field_column *column, size_t field) {
  uint64_t begin = column->begins[field], before = column->begins[field - 1];
  uint32_t length = column->lengths[field];
  return length == column->lengths[field - 1] && begin + length <= column->byte_count &&
         before + length <= column->byte_count &&
         memcmp(column->bytes + begin, column->bytes + before, length) == 0;
}

static void check_random(uint64_t seed) {
  uint64_t state = seed;
  uint8_t text[MOST_BYTES];
  uint32_t begins[MOST_FIELDS], lengths[MOST_FIELDS];
  size_t byte_count = 1 + draw(&state) % MOST_BYTES;
  size_t fields = 1 + draw(&state) % MOST_FIELDS;
  uint32_t longest = draw(&state) % 4 == 0 ? 20 : 9;
  draw_text(&state, "ab", text, byte_count);
  for (size_t i = 0; i < fields; i++) {
    bool again = i > 0 && draw(&state) % 3 != 0;
    lengths[i] = again ? lengths[i - 1] : (uint32_t)(draw(&state) % longest);
    begins[i] = again && draw(&state) % 2 ? begins[i - 1] : (uint32_t)(draw(&state) % byte_count);
    if (draw(&state) % 200 == 0) {
      begins[i] = UINT32_MAX - (uint32_t)(draw(&state) % 16); // lies outside
    }
  }
  uint8_t *bytes = exact_copy(text, byte_count, 0);
  const field_column column = {bytes, byte_count, begins, lengths};
  for (size_t first = 0; first < fields; first += REPEATS_FIELDS) {
    size_t count = fields - first < REPEATS_FIELDS ? fields - first : REPEATS_FIELDS;
    uint64_t marks = mark_repeats(&column, first, count);
    for (size_t i = 0; i < count; i++) {
      bool expected = first + i > 0 && repeats(&column, first + i);
      CHECK((marks >> i & 1) == expected, seed);
    }
    CHECK(count == 64 || marks >> count == 0, seed);
  }
  free(bytes);
}

void test_repeats(void) {
  for (uint64_t seed = 1; seed <= 4000; seed++) {
    check_random(seed);
  }
}
