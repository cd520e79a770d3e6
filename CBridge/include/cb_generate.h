#ifndef CB_GENERATE_H
#define CB_GENERATE_H

#include "cb_status.h"

#include <stddef.h>
#include <stdint.h>

enum {
  CB_GENERATE_PRODUCT_WIDTH = 96, // stock code and description
  CB_GENERATE_SMALL_WIDTH = 16,   // quantity; price; date with the blank before the time
  CB_GENERATE_COUNTRY_WIDTH = 32, // country with the line end
  CB_GENERATE_KEY_BYTES = 64,     // most bytes of a customer's key
  CB_GENERATE_LINE_BYTES = 288,   // no line is longer
  CB_GENERATE_SLACK = 128,        // bytes that may be overwritten after the last line
};

/// What a generated ledger consists of.
///
/// Texts carry their separators and stand in slots of the widths above, whose bytes beyond the text
/// have no meaning. They come in this order: the products (`85123A,WHITE LANTERN,`), the price of
/// each
/// (`2.55,`), 256 quantities sold (`6,`), 256 quantities returned (`-1,`), 256 countries (`France`
/// and the line end), and the date of each day (`2010-12-01 `).
typedef struct cb_ledger {
  uint64_t seed;
  uint64_t rows;         // rows of the whole ledger
  uint64_t block_rows;   // rows of each block but the last
  uint64_t block_orders; // order numbers set aside for each block, at least 1
  uint64_t customers;    // customers that orders are drawn from, 1 to 2^32 - 1
  uint64_t multiplier;  // at most customers, coprime to it: spreads busy customers over the numbers
  uint64_t first_order; // number of the first order
  uint64_t first_customer;
  uint64_t opening;     // minute of the day at which the first order may come
  uint64_t day_minutes; // minutes from opening to closing
  size_t key_bytes;     // 0: keys are customer numbers; else as many hexadecimal digits, at most 64
  int quote_all;        // whether every field stands in quotes
  size_t product_count; // a power of two
  size_t day_count;
  const uint8_t *slots;
  size_t slot_bytes;
  const uint8_t *lengths; // bytes of each text
  size_t length_count;
  const uint8_t *sizes; // 256 numbers of lines of an order
} cb_ledger;

/// Writes the lines of one block; a block depends on the ledger and its own number alone.
///   ledger     in   see above
///   block      in   number of the block
///   capacity   in   bytes of `out`, at least rows of the block × CB_GENERATE_LINE_BYTES + slack
///   out        out  the lines
///   ends       out  for each row of the block, where its line ends in `out`
///   length     out  bytes of all lines
/// Returns CB_OK, CB_BAD_SHAPE for a ledger that contradicts itself or a block beyond it,
/// CB_NO_SPACE.
cb_status cb_generate_block(const cb_ledger *ledger, uint64_t block, size_t capacity, uint8_t *out,
                            uint32_t *ends, size_t *length);

#endif
