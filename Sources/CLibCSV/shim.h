// The C library libcsv (Debian: libcsv-dev), which has no pkg-config file.
#pragma once
#include <csv.h>
