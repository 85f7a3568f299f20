// The C library libxlsxwriter (Debian: libxlsxwriter-dev).
#pragma once
#include <xlsxwriter.h>
