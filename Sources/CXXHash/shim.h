// The C library xxHash (Debian: libxxhash-dev).
#pragma once
#include <xxhash.h>
