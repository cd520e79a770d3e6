#include "check.h"

#include <stdlib.h>
#include <string.h>

size_t failures = 0;

uint64_t draw(uint64_t *state) {
  *state += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t z = *state;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

uint8_t *exact_copy(const uint8_t *bytes, size_t count, size_t slack) {
  uint8_t *copy = malloc(count + slack + (count + slack == 0));
  if (copy == NULL) {
    abort();
  }
  memcpy(copy, bytes, count);
  memset(copy + count, 0, slack);
  return copy;
}

void draw_text(uint64_t *state, const char *alphabet, uint8_t *bytes, size_t count) {
  size_t letters = strlen(alphabet);
  for (size_t i = 0; i < count; i++) {
    bytes[i] = (uint8_t)alphabet[draw(state) % letters];
  }
}

void at_each_level(void (*body)(void)) {
  for (int level = CB_LEVEL_SCALAR; level <= (int)cb_level_detect(); level++) {
    cb_level_force((cb_level)level);
    body();
  }
  cb_level_force(cb_level_detect());
}

int main(void) {
  at_each_level(test_scan);
  test_utf8();
  at_each_level(test_rows);
  at_each_level(test_numbers);
  at_each_level(test_columns);
  at_each_level(test_times);
  at_each_level(test_repeats);
  test_generate();
  at_each_level(test_order_days);
  test_many_rows();
  printf("C core, levels 0 to %d: %zu failures\n", (int)cb_level_detect(), failures);
  return failures == 0 ? 0 : 1;
}
