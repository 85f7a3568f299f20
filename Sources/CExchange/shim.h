// What two names in a file system stand for, exchanged in one step: no C library says it alike everywhere.
#pragma once
#if defined(__linux__)
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// 0, or -1 with errno: EINVAL or ENOSYS where the file system or the kernel cannot.
static inline int exchange_names(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u /* RENAME_EXCHANGE */);
}
#elif defined(__APPLE__)
#include <stdio.h>

static inline int exchange_names(const char *one, const char *other) { return renamex_np(one, other, RENAME_SWAP); }
#endif
