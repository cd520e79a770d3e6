// The contract of the C core, in the order in which data flows.
//
// Every kernel is reentrant, allocates nothing, prints nothing and never exits: the caller owns all
// memory. Parameters: inputs with their sizes, then scratch, then outputs.

#ifndef CBRIDGE_H
#define CBRIDGE_H

#include "cb_status.h"

#include "cb_cpu.h"

#include "cb_gunzip.h"

#include "cb_identity.h"

#include "cb_scan.h"

#include "cb_rows.h"

#include "cb_numbers.h"

#include "cb_times.h"

#include "cb_filters.h"

#include "cb_block.h"

#include "cb_order_days.h"

#include "cb_customers.h"

#include "cb_attributes.h"

#include "cb_format.h"

#include "cb_columns.h"

#include "cb_lapack.h"
#include "cb_memory.h"

#include "cb_blas.h"

#include "cb_kmeans.h"

#include "cb_bounds.h"

#include "cb_collapse.h"

#include "cb_families.h"

#include "cb_mixture.h"

#include "cb_distances.h"

#include "cb_sha256.h"

#include "cb_files.h"

#include "cb_generate.h"

#endif
