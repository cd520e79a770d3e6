#ifndef CB_MEMORY_H
#define CB_MEMORY_H

/// Gives memory that was freed back to the system, as far as the C library can: only then is what
/// is resident what is in use. Reentrant.
void cb_release_freed_memory(void);

#endif
