// A stable merge sort of key and reference pairs, with a comparison that the compiler can see
// through.

#ifndef SORT_ITEMS_H
#define SORT_ITEMS_H

#include "include/cb_customers.h"

#include <string.h>

// Items that insertion sorts faster than merging.
#define INSERTION_COUNT 12

// Whether `left` must stand behind `right`.
typedef bool (*items_swapped)(const cb_sort_item *left, const cb_sort_item *right);

__attribute__((always_inline)) static inline void insert_items(cb_sort_item *items, size_t count,
                                                               items_swapped swapped) {
  for (size_t i = 1; i < count; i++) {
    cb_sort_item item = items[i];
    size_t to = i;
    for (; to > 0 && swapped(&items[to - 1], &item); to--) {
      items[to] = items[to - 1];
    }
    items[to] = item;
  }
}

__attribute__((always_inline)) static inline void merge_items(const cb_sort_item *from,
                                                              size_t middle, size_t count,
                                                              items_swapped swapped,
                                                              cb_sort_item *to) {
  size_t left = 0;
  size_t right = middle;
  for (size_t i = 0; i < count; i++) {
    bool take_right = left == middle || (right < count && swapped(&from[left], &from[right]));
    to[i] = from[take_right ? right++ : left++];
  }
}

// Sorts `count` items with room for as many in `scratch`.
__attribute__((always_inline)) static inline void
sort_items(cb_sort_item *items, size_t count, cb_sort_item *scratch, items_swapped swapped) {
  for (size_t begin = 0; begin < count; begin += INSERTION_COUNT) {
    size_t run = count - begin < INSERTION_COUNT ? count - begin : INSERTION_COUNT;
    insert_items(items + begin, run, swapped);
  }
  cb_sort_item *from = items;
  cb_sort_item *to = scratch;
  for (size_t width = INSERTION_COUNT; width < count; width *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * width) {
      size_t run = count - begin < 2 * width ? count - begin : 2 * width;
      merge_items(from + begin, run < width ? run : width, run, swapped, to + begin);
    }
    cb_sort_item *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != items) {
    memcpy(items, from, count * sizeof *items);
  }
}

#endif
