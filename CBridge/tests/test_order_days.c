// Rows that were folded, in whatever pieces and order, add up to the same customers as a plain
// table of sums.

#include "check.h"

#include "../include/cb_customers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CUSTOMERS = 6, MOST_ORDERS = 5, DAYS = 4, KEYS = MOST_CUSTOMERS + MOST_ORDERS };

typedef struct day_model {
  uint64_t rows;
  int64_t first, last;
  __int128 gross, returns;
  uint64_t place;
} day_model;

typedef struct customer_model {
  day_model all;
  uint32_t orders, days;
  __int128 largest, first_order;
  int64_t begin, end; // of the first and the last order
} customer_model;

// A ledger to fold, its rows as columns and as sums.
typedef struct trial {
  uint64_t state;
  uint8_t *bytes;
  size_t byte_count;
  uint32_t begins[KEYS],
      lengths[KEYS];  // of the customers' keys, then of the orders'
  size_t names[KEYS]; // the first of the equal keys
  size_t customers, orders;
  size_t run_rows; // rows until neighbours differ, on average
  size_t least_pieces;
  bool by_day;   // the day is the order
  bool timed;    // rows of a day have many instants
  bool returned; // some amounts are below zero
  bool vast;     // sums go beyond 64 bits
  size_t row_count;
  uint32_t *columns; // kept, customer begins, customer lengths, order begins,
                     // order lengths, begins
  int64_t *instants, *amounts;
  day_model days[MOST_CUSTOMERS][MOST_ORDERS][DAYS];
  size_t distinct;
} trial;

// The blocks of a fold.
typedef struct store {
  size_t capacity;
  cb_cursor cursors[CB_PARTITIONS];
  cb_block *list;
} store;

static const char *key_bytes(const trial *trial, size_t key) {
  return (const char *)trial->bytes + trial->begins[key];
}

static uint32_t draw_length(uint64_t *state, size_t longest) {
  static const uint32_t limits[] = {0,   7,   8,   9,   15,  16,    17,    223,
                                    253, 254, 255, 256, 300, 65534, 65535, 65536};
  size_t choices = longest > UINT16_MAX ? 16 : longest > UINT8_MAX ? 13 : 7;
  return draw(state) % 3 == 0 ? limits[draw(state) % choices] : (uint32_t)(draw(state) % 7);
}

static void draw_keys(trial *trial) {
  uint64_t kind = draw(&trial->state) % 32;
  size_t longest = kind == 0 ? 70000 : kind < 8 ? 300 : 20;
  uint8_t *text = malloc(KEYS * (size_t)65536);
  for (size_t key = 0; key < KEYS; key++) {
    trial->begins[key] = (uint32_t)trial->byte_count;
    trial->lengths[key] = draw_length(&trial->state, longest);
    draw_text(&trial->state, "ab", text + trial->byte_count, trial->lengths[key]);
    trial->byte_count += trial->lengths[key];
  }
  trial->bytes = exact_copy(text, trial->byte_count, 0);
  free(text);
  for (size_t key = 0; key < KEYS; key++) {
    size_t name = key < MOST_CUSTOMERS ? 0 : MOST_CUSTOMERS;
    while (trial->lengths[name] != trial->lengths[key] ||
           memcmp(key_bytes(trial, name), key_bytes(trial, key), trial->lengths[key]) != 0) {
      name++;
    }
    trial->names[key] = name;
  }
}

static int64_t draw_amount(trial *trial) {
  uint64_t bits = draw(&trial->state);
  int64_t amount = (int64_t)(bits >> (trial->vast && bits % 4 == 0 ? 2 : 52));
  return trial->returned && draw(&trial->state) % 3 == 0 ? -amount : amount;
}

static void count_row(trial *trial, size_t customer, size_t order, size_t row, uint64_t place) {
  int64_t instant = trial->instants[row];
  int64_t amount = trial->amounts[row];
  size_t day = (size_t)((instant + 2 * CB_DAY_MICROSECONDS) / CB_DAY_MICROSECONDS);
  day_model *model = &trial->days[customer][trial->by_day ? 0 : order][day];
  if (model->rows++ == 0) {
    trial->distinct++;
    *model = (day_model){1, instant, instant, 0, 0, place};
  }
  model->first = instant < model->first ? instant : model->first;
  model->last = instant > model->last ? instant : model->last;
  model->gross += amount > 0 ? amount : 0;
  model->returns += amount < 0 ? amount : 0;
  model->place = place < model->place ? place : model->place;
}

static void draw_rows(trial *trial, uint64_t origin) {
  size_t rows = trial->row_count;
  trial->columns = malloc((6 * rows + 1) * sizeof *trial->columns);
  trial->instants = malloc((rows + 1) * sizeof *trial->instants);
  trial->amounts = malloc((rows + 1) * sizeof *trial->amounts);
  size_t customer = 0, order = 0;
  int64_t day = 0;
  for (size_t row = 0; row < rows; row++) {
    if (draw(&trial->state) % trial->run_rows == 0) {
      customer = draw(&trial->state) % trial->customers;
      order = draw(&trial->state) % trial->orders;
      day = (int64_t)(draw(&trial->state) % DAYS) - 2;
    }
    size_t keys[2] = {customer, MOST_CUSTOMERS + order};
    int64_t clock = (int64_t)(draw(&trial->state) % (uint64_t)CB_DAY_MICROSECONDS);
    trial->instants[row] = day * CB_DAY_MICROSECONDS + (trial->timed ? clock : 5);
    trial->amounts[row] = draw_amount(trial);
    uint32_t values[6] = {(uint32_t)row,          trial->begins[keys[0]],  trial->lengths[keys[0]],
                          trial->begins[keys[1]], trial->lengths[keys[1]], (uint32_t)(7 * row)};
    for (size_t column = 0; column < 6; column++) {
      trial->columns[column * rows + row] = values[column];
    }
    count_row(trial, trial->names[keys[0]], trial->names[keys[1]] - MOST_CUSTOMERS, row,
              origin + 7 * row);
  }
}

static cb_block *make_block(size_t capacity) {
  cb_block *block = malloc(CB_BLOCK_HEADER + capacity + CB_BLOCK_SLACK);
  *block = (cb_block){.capacity = capacity};
  return block;
}

static void free_blocks(cb_block *list) {
  while (list != NULL) {
    cb_block *next = list->next;
    free(list);
    list = next;
  }
}

static size_t count_blocks(const cb_block *list, size_t *records, size_t *bytes) {
  size_t blocks = 0;
  for (*records = *bytes = 0; list != NULL; list = list->next, blocks++) {
    *records += list->records;
    *bytes += list->used;
  }
  return blocks;
}

// Moves what a partition's cursor wrote to the list.
static void hand_over(store *store, size_t partition) {
  cb_cursor *cursor = &store->cursors[partition];
  if (cursor->block != NULL) {
    cursor->block->used = (uint64_t)(cursor->at - cb_block_bytes(cursor->block));
    cursor->block->records = cursor->records;
    cursor->block->next = store->list;
    store->list = cursor->block;
  }
  *cursor = (cb_cursor){0};
}

static void fold_some(trial *trial, store *store, size_t begin, size_t end, uint64_t origin) {
  size_t rows = trial->row_count;
  const uint32_t *columns = trial->columns;
  const cb_ledger_rows ledger = {trial->bytes,
                                 trial->byte_count,
                                 columns + begin,
                                 end - begin,
                                 end,
                                 columns + rows,
                                 columns + 2 * rows,
                                 columns + 3 * rows,
                                 columns + 4 * rows,
                                 trial->instants,
                                 trial->amounts,
                                 columns + 5 * rows,
                                 origin,
                                 0};
  const cb_order_rule rule = {trial->by_day ? CB_ORDER_DAY : CB_ORDER_COLUMN, rows % 2 == 0, rows};
  cb_fold_progress progress = {0};
  cb_status status;
  while ((status = cb_fold_rows(&ledger, &rule, store->cursors, &progress)) == CB_NO_SPACE) {
    size_t bytes = progress.bytes > store->capacity ? progress.bytes : store->capacity;
    hand_over(store, progress.partition);
    cb_block *block = make_block(bytes);
    uint8_t *at = cb_block_bytes(block);
    store->cursors[progress.partition] = (cb_cursor){block, at, at + bytes, 0};
  }
  CHECK(status == CB_OK, rows);
}

static void merge_list(const trial *trial, store *store, uint64_t seed) {
  for (size_t partition = 0; partition < CB_PARTITIONS; partition++) {
    hand_over(store, partition);
  }
  size_t records, bytes, left, left_bytes, spared, spared_bytes;
  size_t blocks = count_blocks(store->list, &records, &bytes);
  size_t slots = cb_table_slots(records);
  uint64_t *table = malloc(slots * sizeof *table);
  cb_block *folded = NULL, *released = NULL;
  cb_status status = cb_fold_order_days(store->list, make_block(store->capacity), table, slots,
                                        &folded, &released);
  CHECK(status == CB_OK, seed);
  size_t kept = count_blocks(folded, &left, &left_bytes);
  CHECK(kept + count_blocks(released, &spared, &spared_bytes) == blocks + 1, seed);
  CHECK(left_bytes <= bytes && spared == 0, seed);
  CHECK(trial->vast || left <= trial->distinct * 2 + 2 * (trial->row_count / 65534), seed);
  free(table);
  free_blocks(released);
  store->list = folded;
}

static bool precedes(const trial *trial, size_t order, int64_t begin, size_t other,
                     int64_t other_begin) {
  if (begin != other_begin) {
    return begin < other_begin;
  }
  size_t left = MOST_CUSTOMERS + order, right = MOST_CUSTOMERS + other;
  uint32_t left_length = trial->lengths[left], right_length = trial->lengths[right];
  uint32_t shared = left_length < right_length ? left_length : right_length;
  int bytes = memcmp(key_bytes(trial, left), key_bytes(trial, right), shared);
  return bytes != 0 ? bytes < 0 : left_length < right_length;
}

static void add_day(day_model *into, const day_model *day) {
  if (day->rows == 0) {
    return;
  }
  day_model before = *into;
  *into = *day;
  if (before.rows > 0) {
    into->rows += before.rows;
    into->gross += before.gross;
    into->returns += before.returns;
    into->first = before.first < day->first ? before.first : day->first;
    into->last = before.last > day->last ? before.last : day->last;
    into->place = before.place < day->place ? before.place : day->place;
  }
}

// Adds an order that comes behind those with a lower number.
static void add_order(const trial *trial, customer_model *model, const day_model *order,
                      size_t number, size_t *earliest) {
  __int128 net = order->gross + order->returns;
  if (order->rows == 0) {
    return;
  }
  if (model->orders == 0 || precedes(trial, number, order->first, *earliest, model->begin)) {
    *earliest = number;
    model->begin = order->first;
    model->first_order = net;
  }
  model->largest = model->orders == 0 || net > model->largest ? net : model->largest;
  model->end = model->orders == 0 || order->first > model->end ? order->first : model->end;
  model->orders++;
  add_day(&model->all, order);
}

static customer_model sum_customer(const trial *trial, size_t customer) {
  customer_model model = {0};
  size_t earliest = 0;
  bool days[DAYS] = {false};
  for (size_t number = 0; number < MOST_ORDERS; number++) {
    day_model order = {0};
    for (size_t day = 0; day < DAYS; day++) {
      const day_model *sums = &trial->days[customer][number][day];
      days[day] |= sums->rows > 0;
      if (trial->by_day) {
        add_order(trial, &model, sums, number, &earliest);
      } else {
        add_day(&order, sums);
      }
    }
    add_order(trial, &model, &order, number, &earliest);
  }
  for (size_t day = 0; day < DAYS; day++) {
    model.days += days[day];
  }
  return model;
}

static void check_amounts(const cb_sort_item *item, const customer_model *model, uint64_t seed) {
  __int128 amounts[4];
  double mean, variance;
  cb_gather_amounts(item, 1, &amounts[0], &amounts[1], &amounts[2], &amounts[3], &mean, &variance);
  CHECK(amounts[0] == model->all.gross, seed);
  CHECK(amounts[1] == model->all.returns, seed);
  CHECK(amounts[2] == model->largest, seed);
  CHECK(amounts[3] == model->first_order, seed);
  double days = (double)(model->end - model->begin) / (double)(model->orders - 1) / 86400e6;
  CHECK(model->orders == 1 ? isnan(mean) : mean == days, seed);
}

static void check_customer(const trial *trial, const cb_sort_item *item, uint64_t seed) {
  size_t length = cb_customer_key_bytes(item, 1), end;
  uint8_t *key = malloc(length + 1);
  uint32_t file;
  uint64_t place;
  cb_gather_keys(item, 1, &file, &place, &end, key);
  size_t name = 0;
  while (name < MOST_CUSTOMERS &&
         (trial->lengths[name] != length || memcmp(key_bytes(trial, name), key, length) != 0)) {
    name++;
  }
  free(key);
  CHECK(name < MOST_CUSTOMERS, seed);
  customer_model model = sum_customer(trial, name % MOST_CUSTOMERS);
  int64_t first, last, orders, rows, days;
  cb_gather_counts(item, 1, &first, &last, &orders, &rows, &days);
  CHECK(first == model.all.first && last == model.all.last, seed);
  CHECK(orders == (int64_t)model.orders && days == (int64_t)model.days, seed);
  CHECK(rows == (int64_t)model.all.rows, seed);
  CHECK(file == 0 && place == model.all.place, seed);
  check_amounts(item, &model, seed);
}

static void check_reduced(const trial *trial, cb_grouping *grouping, uint64_t seed) {
  cb_sort_item *items = malloc((2 * grouping->largest + 1) * sizeof *items);
  void *nets = malloc((grouping->largest + 1) * sizeof(__int128));
  cb_sort_item *sorted = malloc((grouping->customers + 1) * sizeof *sorted);
  cb_block *block = make_block(MOST_CUSTOMERS * (256 + (size_t)65536));
  cb_reduction reduction = {.items = items, .nets = nets};
  CHECK(cb_reduce_customers(grouping, &reduction, block, sorted) == CB_OK, seed);
  CHECK(reduction.order_days == trial->distinct, seed);
  size_t expected = 0;
  for (size_t customer = 0; customer < MOST_CUSTOMERS; customer++) {
    expected += sum_customer(trial, customer).orders > 0;
  }
  CHECK(grouping->customers == expected, seed);
  for (size_t i = 0; i < grouping->customers; i++) {
    check_customer(trial, &sorted[i], seed);
  }
  free(items);
  free(nets);
  free(sorted);
  free(block);
}

static void check_list(const trial *trial, const store *store, uint64_t seed) {
  size_t records, bytes;
  count_blocks(store->list, &records, &bytes);
  size_t slots = cb_table_slots(records);
  cb_grouping grouping = {.records = records,
                          .slots = slots,
                          .table = malloc(slots * sizeof(uint64_t)),
                          .walked = malloc((records + 1) * sizeof(uint64_t)),
                          .customer_of = malloc((records + 1) * sizeof(uint32_t)),
                          .grouped = malloc((records + 1) * sizeof(uint64_t)),
                          .ends = malloc((records + 1) * sizeof(uint32_t))};
  CHECK(cb_group_customers(store->list, &grouping) == CB_OK, seed);
  check_reduced(trial, &grouping, seed);
  free(grouping.table);
  free(grouping.walked);
  free(grouping.customer_of);
  free(grouping.grouped);
  free(grouping.ends);
}

// Folds the rows of a trial in pieces, merging now and then, and checks the customers.
static void check_trial(trial *trial, uint64_t seed) {
  uint64_t origin = draw(&trial->state) >> 24;
  draw_keys(trial);
  draw_rows(trial, origin);
  store store = {.capacity = 192 + 8 * (draw(&trial->state) % 400 + trial->row_count / 128)};
  size_t piece = 1 + trial->row_count / (trial->least_pieces + draw(&trial->state) % 6);
  for (size_t begin = 0, end; begin < trial->row_count; begin = end) {
    end = begin + piece < trial->row_count ? begin + piece : trial->row_count;
    fold_some(trial, &store, begin, end, origin);
    if (draw(&trial->state) % 2 == 0) {
      merge_list(trial, &store, seed);
    }
  }
  for (size_t partition = 0; partition < CB_PARTITIONS; partition++) {
    hand_over(&store, partition);
  }
  check_list(trial, &store, seed);
  free_blocks(store.list);
  free(trial->bytes);
  free(trial->columns);
  free(trial->instants);
  free(trial->amounts);
}

static void check_random(uint64_t seed) {
  trial trial = {.state = seed};
  uint64_t bits = draw(&trial.state);
  trial.by_day = bits % 4 == 0;
  trial.run_rows = (bits >> 2 & 1) == 0 ? 1 : 8;
  trial.least_pieces = 1;
  trial.timed = bits >> 3 & 1;
  trial.returned = bits >> 4 & 1;
  trial.vast = (bits >> 5 & 3) == 0;
  trial.customers = 1 + draw(&trial.state) % MOST_CUSTOMERS;
  trial.orders = 1 + draw(&trial.state) % MOST_ORDERS;
  trial.row_count = 1 + draw(&trial.state) % 300;
  check_trial(&trial, seed);
}

// More rows of an order-day than the usual record counts, in few runs or each in its own.
static void check_many_rows(uint64_t seed) {
  trial trial = {.state = seed, .customers = 1, .orders = 1 + seed % 2, .row_count = 700000};
  trial.timed = seed / 2 % 2;
  trial.run_rows = seed > 4 ? 200000 : 1;
  trial.least_pieces = seed > 4 ? 1 : 50;
  check_trial(&trial, seed);
}

void test_order_days(void) {
  for (uint64_t seed = 1; seed <= 1000; seed++) {
    check_random(seed);
  }
}

void test_many_rows(void) {
  for (uint64_t seed = 1; seed <= 6; seed++) {
    check_many_rows(seed);
  }
}
