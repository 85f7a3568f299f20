// For fopencookie.
#define _GNU_SOURCE
#include "CXLSXWriter.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static _Thread_local int isClosing;

// Writes to standard error what threads print that do not close a workbook.
static ssize_t writeOfOthers(const char *bytes, size_t count) {
  size_t written = 0;
  while (!isClosing && written < count) {
    ssize_t result = write(STDERR_FILENO, bytes + written, count - written);
    if (result >= 0) written += (size_t)result;
    else if (errno != EINTR) return 0;
  }
  return (ssize_t)count;
}

#ifdef __APPLE__
static int print(void *cookie, const char *bytes, int count) { return (int)writeOfOthers(bytes, (size_t)count); }
static FILE *makeStream(void) { return fwopen(NULL, print); }
#else
static ssize_t print(void *cookie, const char *bytes, size_t count) { return writeOfOthers(bytes, count); }
static FILE *makeStream(void) { return fopencookie(NULL, "w", (cookie_io_functions_t){.write = print}); }
#endif

// libxlsxwriter prints through stdio, whose stream all threads share: it is exchanged once, and for good.
static void exchangeStream(void) {
  FILE *stream = makeStream();
  if (stream == NULL) return;
  setvbuf(stream, NULL, _IONBF, 0);
  stderr = stream;
}

lxw_error workbook_close_in_silence(lxw_workbook *workbook, int *reason) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, exchangeStream);
  isClosing = 1;
  errno = 0;
  lxw_error error = workbook_close(workbook);
  int isOfSystem = error == LXW_ERROR_CREATING_XLSX_FILE || error == LXW_ERROR_CREATING_TMPFILE ||
                   error == LXW_ERROR_READING_TMPFILE || error == LXW_ERROR_ZIP_FILE_OPERATION ||
                   error == LXW_ERROR_ZIP_FILE_ADD || error == LXW_ERROR_ZIP_CLOSE;
  *reason = isOfSystem ? errno : 0;
  isClosing = 0;
  return error;
}
