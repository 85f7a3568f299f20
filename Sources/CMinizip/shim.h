// The C library minizip (Debian: libminizip-dev), with which libxlsxwriter writes its zip files.
#pragma once
#include <minizip/unzip.h>
