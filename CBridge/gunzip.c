#include "include/cb_gunzip.h"

#include <isa-l/igzip_lib.h>

typedef struct gunzip {
  struct inflate_state state;
  bool between_members; // before the first, or behind a complete one
  bool any_member;
  bool in_padding; // zeros behind the last member
  bool half_magic; // the last input ended behind the first byte of a further member
} gunzip;

size_t cb_gunzip_size(void) { return sizeof(gunzip); }

static void begin_member(gunzip *g) {
  isal_inflate_reset(&g->state);
  g->state.crc_flag = ISAL_GZIP;
}

void cb_gunzip_init(void *memory) {
  gunzip *g = memory;
  isal_inflate_init(&g->state);
  g->between_members = true;
  g->any_member = false;
  g->in_padding = false;
  g->half_magic = false;
  begin_member(g);
}

// Skips the zeros that tapes and block devices leave behind the last member, and tells a further
// member by its first two bytes, which may come one by one.
static cb_status pass_gap(gunzip *g, const uint8_t *input, size_t size, size_t *consumed) {
  while (*consumed < size && input[*consumed] == 0) {
    (*consumed)++;
    g->in_padding = true;
  }
  if (*consumed == size) {
    return CB_OK;
  }
  if (g->in_padding || input[*consumed] != 0x1F) {
    return CB_BAD_DATA;
  }
  g->half_magic = *consumed + 1 == size;
  return g->half_magic || input[*consumed + 1] == 0x8B ? CB_OK : CB_BAD_DATA;
}

cb_status cb_gunzip(void *memory, const uint8_t *input, size_t size, size_t *consumed,
                    uint8_t *output, size_t capacity, size_t *produced, bool *at_end) {
  gunzip *g = memory;
  *consumed = 0;
  *produced = 0;
  *at_end = false;
  if (size > UINT32_MAX || capacity > UINT32_MAX) {
    return CB_OVERFLOW;
  }
  if (g->half_magic && size > 0) {
    g->half_magic = false;
    if (input[0] != 0x8B) {
      *at_end = true;
      return CB_BAD_DATA;
    }
  }
  while (*produced < capacity) {
    if (g->between_members && g->any_member && pass_gap(g, input, size, consumed) != CB_OK) {
      *at_end = true;
      return CB_BAD_DATA;
    }
    if (g->between_members && *consumed == size) {
      break;
    }
    g->between_members = false;
    g->state.next_in = (uint8_t *)input + *consumed;
    g->state.avail_in = (uint32_t)(size - *consumed);
    g->state.next_out = output + *produced;
    g->state.avail_out = (uint32_t)(capacity - *produced);
    int result = isal_inflate(&g->state);
    size_t taken = size - *consumed - g->state.avail_in;
    size_t given = capacity - *produced - g->state.avail_out;
    *consumed += taken;
    *produced += given;
    if (result != ISAL_DECOMP_OK && result != ISAL_END_INPUT) {
      return CB_BAD_DATA;
    }
    if (g->state.block_state == ISAL_BLOCK_FINISH) {
      g->between_members = true;
      g->any_member = true;
      begin_member(g);
    } else if (taken == 0 && given == 0) {
      break;
    }
  }
  *at_end = g->between_members && g->any_member;
  return CB_OK;
}
