// The C library libxlsxwriter (Debian: libxlsxwriter-dev).
#pragma once
#include <xlsxwriter.h>

// Ends a workbook without what the library would print to standard error beside the code that it answers with.
//
// reason: errno where a call of the system is why it failed, else 0.
lxw_error workbook_close_in_silence(lxw_workbook *workbook, int *reason);
