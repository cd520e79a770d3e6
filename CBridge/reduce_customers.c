// All statistics of a customer from its order-days, exact and independent of the order they came
// in.
//
// The order-days are sorted by order key and instant, so that those of an order, and among them
// those of a day, stand side by side; then the orders are sorted by the instant of their first row,
// ties by order key. Gaps g between the beginnings of successive orders add up to the span S from
// the first to the last, and their squares to at most S², which 128 unsigned bits hold for any two
// instants. With n gaps the mean is S / n and the variance (n·Σg² − S²) / n², whose numerator is
// formed exactly in 192 bits and rounded once.

#include "include/cb_customers.h"

#include "customer_record.h"
#include "order_day.h"
#include "sort_items.h"

#include <math.h>

typedef unsigned __int128 u128;

// A customer while it is summed up.
typedef struct customer_sums {
  cb_customer head;
  __int128 amounts[4]; // as in the record
  uint64_t order_days;
} customer_sums;

static const cb_order_day *item_record(const cb_sort_item *item) {
  return (const cb_order_day *)(uintptr_t)item->ref;
}

// A number that sorts unsigned as the instant does signed.
static uint64_t biased(int64_t instant) { return (uint64_t)instant ^ (UINT64_C(1) << 63); }

static int compare_orders(const cb_order_day *left, const cb_order_day *right) {
  return compare_bytes(order_day_order(left), order_day_lengths(left).order, order_day_order(right),
                       order_day_lengths(right).order);
}

static bool order_days_swapped(const cb_sort_item *left, const cb_sort_item *right) {
  if (left->key != right->key) {
    return left->key > right->key;
  }
  const cb_order_day *left_record = item_record(left);
  const cb_order_day *right_record = item_record(right);
  int order = compare_orders(left_record, right_record);
  return order != 0 ? order > 0 : left_record->first > right_record->first;
}

static bool keys_swapped(const cb_sort_item *left, const cb_sort_item *right) {
  return left->key > right->key;
}

static bool same_order(const cb_sort_item *left, const cb_sort_item *right) {
  return left->key == right->key && compare_orders(item_record(left), item_record(right)) == 0;
}

// Sums that need no order: instants, rows, gross, returns and the first place.
static void add_record(customer_sums *sums, const cb_order_day *record) {
  cb_customer *head = &sums->head;
  day_sums day = order_day_sums(record);
  head->first = day.first < head->first ? day.first : head->first;
  head->last = day.last > head->last ? day.last : head->last;
  head->rows += day.rows;
  sums->amounts[0] += day.gross;
  sums->amounts[1] += day.returns;
  head->place = day.place < head->place ? day.place : head->place;
}

static void begin_sums(customer_sums *sums, const cb_order_day *record) {
  day_sums day = order_day_sums(record);
  __int128 net = order_day_net(record);
  *sums = (customer_sums){
      .head = {.first = day.first,
               .last = day.last,
               .rows = day.rows,
               .orders = 1,
               .days = 1,
               .gap_mean = NAN,
               .gap_variance = NAN,
               .place = day.place,
               .key_length = order_day_lengths(record).customer},
      .amounts = {day.gross, day.returns, net, net},
      .order_days = 1,
  };
}

// Turns sorted order-days into orders in place, each with its beginning and, in `nets`, its amount.
// An order's place in the sorted list becomes its reference. Returns how many orders there are.
static size_t collect_orders(cb_sort_item *items, size_t count, __int128 *nets,
                             uint64_t *order_days) {
  size_t orders = 0;
  for (size_t i = 0; i < count;) {
    const cb_order_day *first = item_record(&items[i]);
    int32_t day = day_number(first->first);
    __int128 net = order_day_net(first);
    size_t next = i + 1;
    *order_days += 1;
    for (; next < count && same_order(&items[i], &items[next]); next++) {
      const cb_order_day *record = item_record(&items[next]);
      int32_t next_day = day_number(record->first);
      *order_days += next_day != day;
      day = next_day;
      net += order_day_net(record);
    }
    nets[orders] = net;
    items[orders] = (cb_sort_item){.key = biased(first->first), .ref = orders};
    orders++;
    i = next;
  }
  return orders;
}

static __int128 largest_amount(const __int128 *nets, size_t count) {
  __int128 largest = nets[0];
  for (size_t i = 1; i < count; i++) {
    largest = nets[i] > largest ? nets[i] : largest;
  }
  return largest;
}

// Mean and variance of the gaps between sorted beginnings of `count` ≥ 2 orders.
static void measure_gaps(const cb_sort_item *orders, size_t count, cb_customer *head) {
  uint64_t gaps = count - 1;
  uint64_t span = orders[count - 1].key - orders[0].key;
  u128 squares = 0;
  for (size_t i = 1; i < count; i++) {
    uint64_t gap = orders[i].key - orders[i - 1].key;
    squares += (u128)gap * gap;
  }
  u128 low = (u128)(uint64_t)squares * gaps;
  u128 high = (squares >> 64) * gaps + (low >> 64); // in units of 2^64
  u128 span_square = (u128)span * span;
  uint64_t low_word = (uint64_t)low;
  high -= span_square >> 64;
  high -= low_word < (uint64_t)span_square;
  low_word -= (uint64_t)span_square;
  double numerator = (high >> 64) == 0 ? (double)(high << 64 | low_word)
                                       : (double)high * 0x1p64 + (double)low_word;
  double day = (double)CB_DAY_MICROSECONDS;
  head->gap_mean = (double)span / (double)gaps / day;
  head->gap_variance = numerator / ((double)gaps * (double)gaps) / (day * day);
}

// Distinct days among sorted instants, biased.
static uint32_t count_days(const cb_sort_item *items, size_t count) {
  uint32_t days = 1;
  int32_t day = day_number((int64_t)biased((int64_t)items[0].key));
  for (size_t i = 1; i < count; i++) {
    int32_t next = day_number((int64_t)biased((int64_t)items[i].key));
    days += next != day;
    day = next;
  }
  return days;
}

// Sums up a customer with several order-days.
static void reduce_records(const uint64_t *records, size_t count, cb_reduction *reduction,
                           size_t largest, customer_sums *sums) {
  cb_sort_item *items = reduction->items;
  cb_sort_item *scratch = items + largest;
  __int128 *nets = reduction->nets;
  begin_sums(sums, (const cb_order_day *)(uintptr_t)records[0]);
  for (size_t i = 0; i < count; i++) {
    const cb_order_day *record = (const cb_order_day *)(uintptr_t)records[i];
    if (i > 0) {
      add_record(sums, record);
    }
    items[i].key = sort_word(order_day_order(record), order_day_lengths(record).order, 0);
    items[i].ref = records[i];
  }
  sort_items(items, count, scratch, order_days_swapped);
  sums->order_days = 0;
  size_t orders = collect_orders(items, count, nets, &sums->order_days);
  sort_items(items, orders, scratch, keys_swapped);
  sums->head.orders = (uint32_t)orders;
  sums->amounts[2] = largest_amount(nets, orders);
  sums->amounts[3] = nets[items[0].ref];
  if (orders > 1) {
    measure_gaps(items, orders, &sums->head);
  }
  if (orders < count) { // an order of several days: its later days count too
    for (size_t i = 0; i < count; i++) {
      items[i].key = biased(((const cb_order_day *)(uintptr_t)records[i])->first);
    }
    sort_items(items, count, scratch, keys_swapped);
    orders = count;
  }
  sums->head.days = count_days(items, orders);
}

static bool is_wide(const customer_sums *sums) {
  for (size_t i = 0; i < 4; i++) {
    if (sums->amounts[i] != (int64_t)sums->amounts[i]) {
      return true;
    }
  }
  return false;
}

static size_t customer_size(const customer_sums *sums, bool wide, uint32_t attributes) {
  return sizeof(cb_customer) + (wide ? 4 * sizeof(uint64_t) : 0) + padded(sums->head.key_length) +
         attributes * sizeof(uint64_t);
}

static void write_customer(const customer_sums *sums, bool wide, const uint8_t *key,
                           uint32_t attributes, cb_customer *record) {
  *record = sums->head;
  record->wide = wide;
  uint64_t *halves = (uint64_t *)(record + 1);
  for (size_t i = 0; i < 4; i++) {
    record->amounts[i] = (uint64_t)sums->amounts[i];
    if (wide) {
      halves[i] = (uint64_t)(sums->amounts[i] >> 64);
    }
  }
  memcpy(customer_key(record), key, record->key_length <= 16 ? 16 : record->key_length);
  memset(customer_attributes(record), 0, attributes * sizeof(uint64_t));
}

cb_status cb_reduce_customers(const cb_grouping *grouping, cb_reduction *reduction, cb_block *block,
                              cb_sort_item *sorted) {
  for (size_t c = reduction->position; c < grouping->customers; c++) {
    const uint64_t *records = grouping->grouped + (c == 0 ? 0 : grouping->ends[c - 1]);
    size_t count = (size_t)(grouping->grouped + grouping->ends[c] - records);
    const cb_order_day *first = (const cb_order_day *)(uintptr_t)records[0];
    customer_sums sums;
    if (count == 1) {
      begin_sums(&sums, first);
    } else {
      reduce_records(records, count, reduction, grouping->largest, &sums);
    }
    bool wide = is_wide(&sums);
    size_t size = customer_size(&sums, wide, reduction->attributes);
    if (block->capacity - block->used < size) {
      reduction->bytes = size;
      return CB_NO_SPACE;
    }
    const uint8_t *key = order_day_customer(first);
    cb_customer *to = (cb_customer *)(cb_block_bytes(block) + block->used);
    write_customer(&sums, wide, key, reduction->attributes, to);
    sorted[c].key = sort_word(key, sums.head.key_length, 0);
    sorted[c].ref = (uint64_t)(uintptr_t)to;
    block->used += size;
    block->records++;
    reduction->orders += sums.head.orders;
    reduction->order_days += sums.order_days;
    reduction->position = c + 1;
  }
  return CB_OK;
}
