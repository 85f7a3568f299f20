/* Valgrind 3.19, that of Debian 12, writes to the mask that sigsuspend is given, and libdispatch gives it one in memory
 * that nobody may write to: the main thread of every Swift program that waits for its tasks. Preloaded, this hands over
 * a copy. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
  sigset_t copy = *mask;
  return (int)syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
