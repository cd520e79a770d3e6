#include "include/cb_memory.h"

#include <stddef.h>

// The C library's own; other libraries than GNU's lack it.
extern int malloc_trim(size_t kept) __attribute__((weak));

void cb_release_freed_memory(void) {
  if (malloc_trim) {
    malloc_trim(0);
  }
}
