// Lines of a made-up ledger, from texts that were put together beforehand.
//
// A line is six copies of constant width, each overwriting the slack of the one before it: invoice,
// product, quantity, time, price, customer with country. Only the first, the fourth and the last
// are formatted anew, once an order. Every draw comes from SplitMix64 at a state that the seed and
// the block's number fix, so blocks can be made in any order by any number of workers.

#include "include/cb_generate.h"

#include <string.h>

enum { HEAD_WIDTH = 32, TIME_WIDTH = 32, TAIL_WIDTH = 128 };

// Texts of one kind in slots of one width.
typedef struct texts {
  const uint8_t *slots;
  const uint8_t *lengths;
  size_t width;
} texts;

typedef struct tables {
  texts products, prices, sold, returned, countries, dates;
} tables;

typedef struct order {
  uint8_t head[HEAD_WIDTH]; // invoice
  uint8_t time[TIME_WIDTH];
  uint8_t tail[TAIL_WIDTH]; // customer, country, line end
  size_t head_length, time_length, tail_length;
  size_t lines;
  const texts *quantities;
} order;

static inline uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static inline uint64_t draw(uint64_t *state) {
  *state += UINT64_C(0x9E3779B97F4A7C15);
  return mix(*state);
}

static size_t put_number(uint8_t *out, uint64_t number) {
  uint8_t digits[20];
  size_t count = 0;
  do {
    digits[count++] = (uint8_t)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  for (size_t i = 0; i < count; i++) {
    out[i] = digits[count - 1 - i];
  }
  return count;
}

// A number that no other customer has, in hexadecimal digits: 16 digits of a bijection, then more.
static size_t put_long_key(uint8_t *out, uint64_t customer, size_t bytes) {
  uint64_t bits = customer;
  for (size_t i = 0; i < bytes; i++) {
    if (i % 16 == 0) {
      bits = mix(bits + UINT64_C(0x9E3779B97F4A7C15));
    }
    out[i] = (uint8_t) "0123456789abcdef"[bits >> (4 * (i % 16)) & 15];
  }
  return bytes;
}

static size_t put_quote(const cb_ledger *ledger, uint8_t *out) {
  *out = '"';
  return ledger->quote_all ? 1 : 0;
}

static size_t put_text(uint8_t *out, const texts *texts, size_t index) {
  memcpy(out, texts->slots + index * texts->width, texts->lengths[index]);
  return texts->lengths[index];
}

static void begin_invoice(const cb_ledger *ledger, uint64_t number, int cancelled, order *order) {
  uint8_t *out = order->head;
  out += put_quote(ledger, out);
  *out = 'C';
  out += cancelled ? 1 : 0;
  out += put_number(out, number);
  out += put_quote(ledger, out);
  *out++ = ',';
  order->head_length = (size_t)(out - order->head);
}

// The clock runs evenly with the rows, and each order lies up to half an hour beside it.
static void begin_time(const cb_ledger *ledger, const tables *tables, uint64_t row, uint64_t random,
                       order *order) {
  uint64_t minutes = ledger->day_count * ledger->day_minutes;
  uint64_t minute = (uint64_t)((double)row / (double)ledger->rows * (double)minutes) + random % 61;
  minute = minute < 30 ? 0 : minute - 30;
  minute = minute < minutes ? minute : minutes - 1;
  uint64_t of_day = ledger->opening + minute % ledger->day_minutes;
  uint8_t *out = order->time;
  out += put_text(out, &tables->dates, minute / ledger->day_minutes);
  memcpy(out, "00:00:00", 8);
  out[0] = (uint8_t)(out[0] + of_day / 600);
  out[1] = (uint8_t)(out[1] + of_day / 60 % 10);
  out[3] = (uint8_t)(out[3] + of_day % 60 / 10);
  out[4] = (uint8_t)(out[4] + of_day % 10);
  out += 8;
  out += put_quote(ledger, out);
  *out++ = ',';
  order->time_length = (size_t)(out - order->time);
}

// Customers are drawn with the square of an even number: the share of orders that the busiest x of
// all customers place is the root of x.
static void begin_customer(const cb_ledger *ledger, const tables *tables, uint64_t random,
                           int missing, order *order) {
  double even = (double)(random >> 11) * 0x1p-53;
  uint64_t rank = (uint64_t)(even * even * (double)ledger->customers);
  uint64_t place = rank * ledger->multiplier % ledger->customers;
  uint64_t customer = ledger->first_customer + place;
  uint8_t *out = order->tail;
  out += put_quote(ledger, out);
  if (!missing) {
    out += ledger->key_bytes > 0 ? put_long_key(out, customer, ledger->key_bytes)
                                 : put_number(out, customer);
  }
  out += put_quote(ledger, out);
  *out++ = ',';
  out += put_text(out, &tables->countries, mix(customer) & 255);
  order->tail_length = (size_t)(out - order->tail);
}

// 15 of 256 orders are cancelled and small, 13 of 256 name no customer.
static void begin_order(const cb_ledger *ledger, const tables *tables, uint64_t number,
                        uint64_t row, uint64_t *state, order *order) {
  uint64_t random = draw(state);
  unsigned kind = random & 255;
  int cancelled = kind < 15;
  order->lines = cancelled ? 1 + (random >> 8) % 3 : ledger->sizes[random >> 8 & 255];
  order->quantities = cancelled ? &tables->returned : &tables->sold;
  begin_invoice(ledger, number, cancelled, order);
  begin_time(ledger, tables, row, random >> 16 & 0xFFFF, order);
  begin_customer(ledger, tables, draw(state), kind >= 15 && kind < 28, order);
}

static inline uint8_t *put_product(const cb_ledger *ledger, const tables *tables,
                                   const order *order, uint64_t random, uint8_t *out) {
  size_t mask = ledger->product_count - 1;
  size_t one = random & mask;
  size_t other = random >> 20 & mask;
  size_t product = one < other ? one : other;
  size_t quantity = random >> 40 & 255;
  memcpy(out, tables->products.slots + product * CB_GENERATE_PRODUCT_WIDTH,
         CB_GENERATE_PRODUCT_WIDTH);
  out += tables->products.lengths[product];
  memcpy(out, order->quantities->slots + quantity * CB_GENERATE_SMALL_WIDTH,
         CB_GENERATE_SMALL_WIDTH);
  out += order->quantities->lengths[quantity];
  memcpy(out, order->time, TIME_WIDTH);
  out += order->time_length;
  memcpy(out, tables->prices.slots + product * CB_GENERATE_SMALL_WIDTH, CB_GENERATE_SMALL_WIDTH);
  return out + tables->prices.lengths[product];
}

static inline uint8_t *put_line(const cb_ledger *ledger, const tables *tables, const order *order,
                                uint64_t random, uint8_t *out) {
  memcpy(out, order->head, HEAD_WIDTH);
  out = put_product(ledger, tables, order, random, out + order->head_length);
  if (order->tail_length <= TAIL_WIDTH / 4) {
    memcpy(out, order->tail, TAIL_WIDTH / 4);
  } else {
    memcpy(out, order->tail, TAIL_WIDTH);
  }
  return out + order->tail_length;
}

// Takes the next `count` texts off the front of what is left.
static int take(cb_ledger *left, size_t count, size_t width, texts *texts) {
  if (left->length_count < count || left->slot_bytes / width < count) {
    return 0;
  }
  *texts = (struct texts){left->slots, left->lengths, width};
  for (size_t i = 0; i < count; i++) {
    if (left->lengths[i] > width) {
      return 0;
    }
  }
  left->slots += count * width;
  left->slot_bytes -= count * width;
  left->lengths += count;
  left->length_count -= count;
  return 1;
}

static int cut_tables(const cb_ledger *ledger, tables *tables) {
  cb_ledger left = *ledger;
  return take(&left, ledger->product_count, CB_GENERATE_PRODUCT_WIDTH, &tables->products) &&
         take(&left, ledger->product_count, CB_GENERATE_SMALL_WIDTH, &tables->prices) &&
         take(&left, 256, CB_GENERATE_SMALL_WIDTH, &tables->sold) &&
         take(&left, 256, CB_GENERATE_SMALL_WIDTH, &tables->returned) &&
         take(&left, 256, CB_GENERATE_COUNTRY_WIDTH, &tables->countries) &&
         take(&left, ledger->day_count, CB_GENERATE_SMALL_WIDTH, &tables->dates) &&
         left.slot_bytes == 0 && left.length_count == 0;
}

static int is_sound(const cb_ledger *ledger) {
  size_t products = ledger->product_count;
  return products > 0 && (products & (products - 1)) == 0 && ledger->day_count > 0 &&
         ledger->rows > 0 && ledger->block_rows > 0 &&
         ledger->block_rows <= UINT32_MAX / CB_GENERATE_LINE_BYTES && ledger->block_orders > 0 &&
         ledger->customers > 0 && ledger->customers <= UINT32_MAX &&
         ledger->multiplier <= ledger->customers && ledger->day_minutes > 0 &&
         ledger->opening <= 24 * 60 && ledger->day_minutes <= 24 * 60 - ledger->opening &&
         ledger->key_bytes <= CB_GENERATE_KEY_BYTES;
}

cb_status cb_generate_block(const cb_ledger *ledger, uint64_t block, size_t capacity, uint8_t *out,
                            uint32_t *ends, size_t *length) {
  tables tables;
  if (!is_sound(ledger) || !cut_tables(ledger, &tables) ||
      block > (ledger->rows - 1) / ledger->block_rows) {
    return CB_BAD_SHAPE;
  }
  uint64_t first = block * ledger->block_rows;
  uint64_t left = ledger->rows - first;
  size_t rows = (size_t)(left < ledger->block_rows ? left : ledger->block_rows);
  if (capacity < rows * CB_GENERATE_LINE_BYTES + CB_GENERATE_SLACK) {
    return CB_NO_SPACE;
  }
  uint64_t state = mix(mix(ledger->seed) + block);
  uint8_t *at = out;
  order order;
  uint64_t orders = 0;
  for (size_t row = 0; row < rows;) {
    begin_order(ledger, &tables, ledger->first_order + block * ledger->block_orders + orders,
                first + row, &state, &order);
    orders++;
    // The last number that is set aside takes all that is left.
    size_t lines =
        order.lines < rows - row && orders < ledger->block_orders ? order.lines : rows - row;
    for (size_t line = 0; line < lines; line++, row++) {
      at = put_line(ledger, &tables, &order, draw(&state), at);
      ends[row] = (uint32_t)(at - out);
    }
  }
  *length = (size_t)(at - out);
  return CB_OK;
}
