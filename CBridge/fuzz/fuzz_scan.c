// libFuzzer target: the scan agrees with its scalar machine on any bytes, at every level and cut.
//
// The first two bytes choose the dialect and the cut; the rest is the text.

#include "../include/cb_cpu.h"
#include "../include/cb_scan.h"

#include <stdlib.h>
#include <string.h>

enum { SLACK = 64 };

typedef struct scanned {
  cb_status status;
  cb_scan_state state;
  uint32_t *positions;
} scanned;

typedef cb_status scan(const uint8_t *, size_t, size_t, const cb_dialect *, size_t, cb_scan_state *,
                       uint32_t *);

static scanned run(scan *form, const uint8_t *text, size_t count, size_t cut,
                   const cb_dialect *dialect) {
  scanned result = {CB_OK, {0}, malloc((count + SLACK) * sizeof(uint32_t))};
  size_t capacity = count + SLACK;
  result.status = form(text, 0, cut, dialect, capacity, &result.state, result.positions);
  if (result.status == CB_OK) {
    result.status = form(text, cut, count, dialect, capacity, &result.state, result.positions);
  }
  return result;
}

static void require_same(const scanned *left, const scanned *right) {
  const cb_scan_state *a = &left->state, *b = &right->state;
  if (a->position_count != b->position_count || a->record_count != b->record_count ||
      a->line_count != b->line_count || cb_scan_is_open(a) != cb_scan_is_open(b) ||
      memcmp(left->positions, right->positions, a->position_count * sizeof(uint32_t)) != 0) {
    abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) {
    return 0;
  }
  size_t count = size - 2;
  size_t cut = count * data[1] / 255;
  cb_dialect dialect = {.separator = data[0] & 8 ? ';' : ',',
                        .quote = '"',
                        .comment = '#',
                        .has_quote = data[0] & 1,
                        .has_comment = data[0] & 2,
                        .blanks = data[0] & 4};
  uint8_t *text = malloc(count + SLACK);
  memcpy(text, data + 2, count);
  memset(text + count, 0, SLACK);
  scanned machine = run(cb_scan_scalar, text, count, cut, &dialect);
  for (int level = CB_LEVEL_SCALAR; level <= (int)cb_level_detect(); level++) {
    cb_level_force((cb_level)level);
    scanned form = run(cb_scan, text, count, cut, &dialect);
    if (form.status == CB_OK) {
      require_same(&machine, &form);
    } else if (form.status != CB_BAD_DATA) {
      abort();
    }
    free(form.positions);
  }
  free(machine.positions);
  free(text);
  return 0;
}
