#ifndef CB_FILES_H
#define CB_FILES_H

#include <stdint.h>

/// Gives a file or folder a new name that nothing has, in one step.
///   source, target  in  paths
/// Returns 0, or errno: EEXIST where the name is taken, EINVAL where the file system cannot do it.
int cb_rename_new(const char *source, const char *target);

/// Exchanges what two names stand for, in one step.
///   one, other  in  paths, both of which exist
/// Returns 0, or errno: ENOENT where one is missing, EINVAL where the file system cannot do it.
int cb_rename_exchange(const char *one, const char *other);

/// Asks the system to begin with writing a part of an open file to the disk, without waiting for
/// it. A hint: nothing is reported.
void cb_start_writeback(int descriptor, uint64_t offset, uint64_t count);

#endif
