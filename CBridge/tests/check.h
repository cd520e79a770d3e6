// What the tests of the C core share: checks that name their seed, and seeded random bytes.

#ifndef CHECK_H
#define CHECK_H

#include "../include/cb_cpu.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

extern size_t failures;

/// Reports a claim that does not hold, with the seed that shows it.
#define CHECK(claim, seed)                                                                         \
  do {                                                                                             \
    if (!(claim)) {                                                                                \
      failures++;                                                                                  \
      fprintf(stderr, "%s:%d: not so: %s (seed %llu, level %d)\n", __FILE__, __LINE__, #claim,     \
              (unsigned long long)(seed), (int)cb_level_current());                                \
    }                                                                                              \
  } while (0)

/// SplitMix64.
uint64_t draw(uint64_t *state);

/// A copy of `count` bytes with `slack` zeros behind it, in memory that ends there.
uint8_t *exact_copy(const uint8_t *bytes, size_t count, size_t slack);

/// Fills `bytes` with letters of `alphabet`.
void draw_text(uint64_t *state, const char *alphabet, uint8_t *bytes, size_t count);

/// Calls `body` at each level that this processor has.
void at_each_level(void (*body)(void));

void test_scan(void);
void test_utf8(void);
void test_rows(void);
void test_numbers(void);
void test_columns(void);
void test_repeats(void);
void test_times(void);
void test_generate(void);
void test_order_days(void);
void test_many_rows(void);

#endif
