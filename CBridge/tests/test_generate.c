// Blocks of generated lines stay inside their buffer, and settings that contradict themselves are
// refused.

#include "check.h"

#include "../include/cb_generate.h"

#include <stdlib.h>
#include <string.h>

enum { PRODUCTS = 4, DAYS = 3 };

// Every text is as long as its slot lets it be, and ends in a comma.
static size_t fill(uint8_t *slots, uint8_t *lengths) {
  static const struct {
    size_t count, width;
  } kinds[] = {{PRODUCTS, CB_GENERATE_PRODUCT_WIDTH}, {PRODUCTS, CB_GENERATE_SMALL_WIDTH},
               {256, CB_GENERATE_SMALL_WIDTH},        {256, CB_GENERATE_SMALL_WIDTH},
               {256, CB_GENERATE_COUNTRY_WIDTH},      {DAYS, CB_GENERATE_SMALL_WIDTH - 4}};
  size_t bytes = 0, texts = 0;
  for (size_t kind = 0; kind < 6; kind++) {
    size_t width = kind == 5 ? CB_GENERATE_SMALL_WIDTH : kinds[kind].width;
    for (size_t i = 0; i < kinds[kind].count; i++) {
      memset(slots + bytes, 'x', width);
      slots[bytes + kinds[kind].width - 1] = kind == 4 ? '\n' : ',';
      lengths[texts++] = (uint8_t)kinds[kind].width;
      bytes += width;
    }
  }
  return bytes;
}

static cb_ledger example(const uint8_t *slots, size_t bytes, const uint8_t *lengths,
                         const uint8_t *sizes) {
  return (cb_ledger){.seed = 1,
                     .rows = 1000,
                     .block_rows = 300,
                     .block_orders = 40,
                     .customers = 17,
                     .multiplier = 5,
                     .first_order = UINT64_MAX / 2,
                     .first_customer = 1,
                     .opening = 360,
                     .day_minutes = 840,
                     .key_bytes = CB_GENERATE_KEY_BYTES,
                     .quote_all = 1,
                     .product_count = PRODUCTS,
                     .day_count = DAYS,
                     .slots = slots,
                     .slot_bytes = bytes,
                     .lengths = lengths,
                     .length_count = 2 * PRODUCTS + 3 * 256 + DAYS,
                     .sizes = sizes};
}

static void check_block(const cb_ledger *ledger, uint64_t block, size_t rows) {
  size_t capacity = rows * CB_GENERATE_LINE_BYTES + CB_GENERATE_SLACK;
  uint8_t *out = malloc(capacity);
  uint32_t *ends = malloc(rows * sizeof *ends);
  size_t length = 0;
  CHECK(cb_generate_block(ledger, block, capacity, out, ends, &length) == CB_OK, block);
  CHECK(length == ends[rows - 1], block);
  for (size_t row = 0; row < rows; row++) {
    CHECK(out[ends[row] - 1] == '\n', block);
    CHECK(ends[row] - (row == 0 ? 0 : ends[row - 1]) <= CB_GENERATE_LINE_BYTES, block);
  }
  CHECK(cb_generate_block(ledger, block, capacity - 1, out, ends, &length) == CB_NO_SPACE, block);
  free(out);
  free(ends);
}

void test_generate(void) {
  static uint8_t scratch[2 * PRODUCTS * CB_GENERATE_PRODUCT_WIDTH + 1024 * 32];
  uint8_t lengths[2 * PRODUCTS + 3 * 256 + DAYS], sizes[256];
  size_t bytes = fill(scratch, lengths);
  memset(sizes, 9, sizeof sizes);
  uint8_t *slots = exact_copy(scratch, bytes, 0);
  cb_ledger ledger = example(slots, bytes, lengths, sizes);
  check_block(&ledger, 0, 300);
  check_block(&ledger, 3, 100);
  size_t length = 0;
  CHECK(cb_generate_block(&ledger, 4, 0, NULL, NULL, &length) == CB_BAD_SHAPE, 4);
  ledger.slot_bytes--;
  CHECK(cb_generate_block(&ledger, 0, 0, NULL, NULL, &length) == CB_BAD_SHAPE, 0);
  ledger.slot_bytes++;
  lengths[0] = CB_GENERATE_PRODUCT_WIDTH + 1;
  CHECK(cb_generate_block(&ledger, 0, 0, NULL, NULL, &length) == CB_BAD_SHAPE, 0);
  free(slots);
}
