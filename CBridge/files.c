// Calls of Linux that the C library does not declare for Swift.
#define _GNU_SOURCE

#include "include/cb_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

static int rename_with(const char *source, const char *target, unsigned flags) {
  return syscall(SYS_renameat2, AT_FDCWD, source, AT_FDCWD, target, flags) == 0 ? 0 : errno;
}

int cb_rename_new(const char *source, const char *target) {
  return rename_with(source, target, RENAME_NOREPLACE);
}

int cb_rename_exchange(const char *one, const char *other) {
  return rename_with(one, other, RENAME_EXCHANGE);
}

void cb_start_writeback(int descriptor, uint64_t offset, uint64_t count) {
  (void)sync_file_range(descriptor, (off_t)offset, (off_t)count, SYNC_FILE_RANGE_WRITE);
}
