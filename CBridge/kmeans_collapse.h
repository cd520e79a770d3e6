// Finds equal rows; a template that kmeans_collapse.c includes once for float and once for double.

static int KERNEL(rows_equal)(const REAL *rows, size_t stride, size_t d, size_t a, size_t b) {
  for (size_t j = 0; j < d; j++) {
    if (rows[j * stride + a] != rows[j * stride + b]) {
      return 0;
    }
  }
  return 1;
}

cb_status KERNEL(cb_kmeans_collapse)(const REAL *rows, size_t stride, size_t n, size_t d,
                                     size_t slot_count, uint32_t *slots, uint32_t *members,
                                     uint32_t *firsts, size_t *distinct) {
  if (d == 0 || n > stride || n >= UINT32_MAX || slot_count <= n ||
      (slot_count & (slot_count - 1)) != 0) {
    return CB_BAD_SHAPE;
  }
  memset(slots, 0, slot_count * sizeof *slots);
  *distinct = 0;
  for (size_t r = 0; r < n; r++) {
    uint64_t hash = 0;
    for (size_t j = 0; j < d; j++) {
      // A sum with 0 makes −0 positive, as they are equal.
      const REAL value = rows[j * stride + r] + 0;
      BITS bits;
      memcpy(&bits, &value, sizeof bits);
      hash = (hash ^ bits) * MULTIPLIER;
      hash ^= hash >> 29;
    }
    size_t slot = (hash * MULTIPLIER >> 20) & (slot_count - 1);
    while (slots[slot] && !KERNEL(rows_equal)(rows, stride, d, firsts[slots[slot] - 1], r)) {
      slot = (slot + 1) & (slot_count - 1);
    }
    if (!slots[slot]) {
      firsts[*distinct] = (uint32_t)r;
      *distinct += 1;
      slots[slot] = (uint32_t)*distinct;
    }
    members[r] = slots[slot] - 1;
  }
  return CB_OK;
}
