// The C library libxlsxwriter (Debian: libxlsxwriter-dev).
#pragma once
#include <errno.h>
#include <stdio.h>
#include <xlsxwriter.h>

// Ends a workbook without what the library would write to standard error beside the code that it answers with: it prints
// through stdio, which is given another stream meanwhile. That one is never closed, so that nobody is left holding it.
//
// reason: errno where a call of the system is why it failed, else 0.
static inline lxw_error workbook_close_in_silence(lxw_workbook *workbook, int *reason) {
  static FILE *silence = NULL;
  static char swallowed[512];
  if (silence == NULL) silence = fmemopen(swallowed, sizeof swallowed, "w");
  FILE *usual = stderr;
  if (silence != NULL) stderr = silence;
  errno = 0;
  lxw_error error = workbook_close(workbook);
  int isOfSystem = error == LXW_ERROR_CREATING_XLSX_FILE || error == LXW_ERROR_CREATING_TMPFILE ||
                   error == LXW_ERROR_READING_TMPFILE || error == LXW_ERROR_ZIP_FILE_OPERATION ||
                   error == LXW_ERROR_ZIP_FILE_ADD || error == LXW_ERROR_ZIP_CLOSE;
  *reason = isOfSystem ? errno : 0;
  stderr = usual;
  return error;
}
