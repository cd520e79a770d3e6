// The contract of the C core, in the order in which data flows.
//
// Every kernel is reentrant, allocates nothing, prints nothing and never exits: the caller owns all
// memory. Parameters: inputs with their sizes, then scratch, then outputs.

#ifndef CBRIDGE_H
#define CBRIDGE_H

#include "cb_status.h"

#include "cb_cpu.h"

#endif
