// Where everything stands that the engines with bounds work on, and their margins; a template that
// kmeans_bounds_levels.h includes once for float and once for double.

/// Factors and summands that round a bound to its safe side; kmeans_bounds.c derives them.
typedef struct KERNEL(margins) {
  REAL inflate; // 1 + 4 G
  REAL deflate; // 1 − 2 G
  REAL slack;   // 4 T
  REAL grow;    // after an upper bound's sum
  REAL shrink;  // after a lower bound's difference
} KERNEL(margins);

/// A geometry: what a round has to know of its centroids. A slab is LANES centroids side by side,
/// d × LANES values; lanes without a centroid are infinitely far away.
typedef struct KERNEL(parts) {
  REAL *centroids; // k × d, row-major
  REAL *slabs;     // slab_lanes × d
  INT *ids;        // slab_lanes: the centroid of each lane, or −1
  REAL *leeways;   // slab_lanes: by how much less than its group's the lane's centroid has moved
  INT *members;    // slab_lanes: the lanes with a centroid, one bit each, slab by slab
  INT *lane_of;    // wide(k): where each centroid stands in the slabs
  REAL *shifts;    // wide(k): how far the centroids have moved at most, times 1 + 2 G
  REAL *halves;    // wide(k): half the distance to the nearest other centroid at least
  REAL *reaches;   // wide(k): that distance at most
  INT *group_of;   // wide(k)
  REAL *drifts;    // groups: the largest shift of each
  INT *firsts;     // groups + 1: the slab that each begins with
  REAL *table;     // Elkan, k × wide(k): half of all distances at least; Exponion: see there
  REAL *extremes;  // largest and second-largest shift
  INT *farthest;   // the centroid with the largest shift
  KERNEL(margins) margins;
} KERNEL(parts);

/// Scratch of one thread.
typedef struct KERNEL(scratch) {
  REAL *packed;   // d × packed_rows
  REAL *lowest;   // packed_rows: squared distance to the nearest centroid
  REAL *second;   // packed_rows: to the second-nearest
  INT *nearest;   // packed_rows
  REAL *point;    // d: one row
  REAL *least;    // CB_KMEANS_BLOCK_ROWS: the least lower bound of each row
  uint16_t *list; // CB_KMEANS_BLOCK_ROWS: rows that are not settled yet
  INT *choice;    // wide(k): centroids that one row has to look at
  REAL *chosen;   // wide(k): their distances
  REAL *all;      // wide(k): the distances of all centroids
} KERNEL(scratch);

/// One block with everything that belongs to it.
typedef struct KERNEL(work) {
  const REAL *rows;
  size_t stride;
  size_t count;
  size_t pitch;
  KERNEL(scratch) scratch;
  uint16_t *labels;
  REAL *upper;
  REAL *lower;
  uint8_t *changed;
  uint64_t *computed;
} KERNEL(work);

static KERNEL(margins) KERNEL(margins_for)(size_t d) {
  const REAL widest = (REAL)(d + 4) * EPSILON;
  KERNEL(margins) margins;
  margins.inflate = 1 + 4 * widest;
  margins.deflate = 1 - 2 * widest;
  // SMALLEST · EPSILON is the smallest subnormal, 2 e.
  margins.slack = 8 * SQRT((REAL)d * (SMALLEST * EPSILON));
  margins.grow = 1 + 2 * EPSILON;
  margins.shrink = 1 - 2 * EPSILON;
  return margins;
}

static KERNEL(parts) KERNEL(split_geometry)(const cb_bounds_shape *shape, REAL *geometry) {
  const size_t k = wide(shape->k), lanes = slab_lanes(shape), groups = wide(shape->groups + 1);
  KERNEL(parts) parts;
  parts.centroids = geometry;
  parts.slabs = parts.centroids + wide(shape->k * shape->d);
  // Integers of the same size live in the same buffer, each part accessed as one type alone.
  parts.ids = (INT *)(parts.slabs + lanes * shape->d);
  parts.leeways = (REAL *)(parts.ids + lanes);
  parts.members = (INT *)(parts.leeways + lanes);
  parts.lane_of = parts.members + lanes;
  parts.shifts = (REAL *)(parts.lane_of + k);
  parts.halves = parts.shifts + k;
  parts.reaches = parts.halves + k;
  parts.group_of = (INT *)(parts.reaches + k);
  parts.drifts = (REAL *)(parts.group_of + k);
  parts.firsts = (INT *)(parts.drifts + groups);
  parts.table = (REAL *)(parts.firsts + groups);
  parts.extremes = parts.table + table_values(shape);
  parts.farthest = (INT *)(parts.extremes + 2);
  parts.margins = KERNEL(margins_for)(shape->d);
  return parts;
}

static KERNEL(scratch) KERNEL(split_scratch)(const cb_bounds_shape *shape, REAL *scratch) {
  const size_t rows = packed_rows(shape->d);
  KERNEL(scratch) parts;
  parts.packed = scratch;
  parts.lowest = parts.packed + rows * shape->d;
  parts.second = parts.lowest + rows;
  parts.nearest = (INT *)(parts.second + rows);
  parts.point = (REAL *)(parts.nearest + rows);
  parts.least = parts.point + wide(shape->d);
  parts.list = (uint16_t *)(parts.least + CB_KMEANS_BLOCK_ROWS);
  parts.choice = (INT *)(parts.least + 2 * CB_KMEANS_BLOCK_ROWS);
  parts.chosen = (REAL *)(parts.choice + wide(shape->k));
  parts.all = parts.chosen + wide(shape->k);
  return parts;
}

/// Upper bound of a distance from its canonical square.
static inline REAL KERNEL(upper_bound)(const KERNEL(margins) * margins, REAL squared) {
  return SQRT(squared) * margins->inflate + margins->slack;
}

/// Lower bound of a distance from its canonical square.
static inline REAL KERNEL(lower_bound)(const KERNEL(margins) * margins, REAL squared) {
  return SQRT(squared) * margins->deflate - margins->slack;
}

static inline void KERNEL(relabel)(const KERNEL(work) * work, size_t row, INT label) {
  const uint16_t old = work->labels[row];
  if (old != (uint16_t)label) {
    work->changed[old] = 1;
    work->changed[label] = 1;
    work->labels[row] = (uint16_t)label;
  }
}
