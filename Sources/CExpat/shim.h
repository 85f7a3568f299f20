// The C library Expat (Debian: libexpat1-dev).
#pragma once
#include <expat.h>
