// The C library minizip (Debian: libminizip-dev), with which that of libxlsxwriter writes files.
#pragma once
#include <minizip/unzip.h>
