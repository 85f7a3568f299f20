// The NEON scan against the portable one, on random texts: for machines that have no such processor, run under an
// emulator by `make test-neon`. The portable scan is tested byte by byte in KernelsTests.
#include "kernels.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { longest = 700, texts = 200000 };

static uint64_t state = 1;

// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t random_word(void) {
  uint64_t z = (state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static kernel_scan_state scan(
  kernel_set set, const uint8_t *bytes, size_t count, size_t limit, int inside, uint32_t *ends, uint32_t *records
) {
  kernel_scan_state found = {
    .delimiter = ',', .quote = '"', .starts_inside = (uint8_t)inside, .ends = ends, .records = records,
    .ends_capacity = longest + 64, .records_capacity = longest + 64};
  kernel_scan(set, bytes, count, limit, &found);
  return found;
}

int main(void) {
  if (!kernel_is_available(kernel_neon) || kernel_widest() != kernel_neon) {
    puts("1 passed, 1 failed");
    fputs("NEON is not available\n", stderr);
    return 1;
  }
  static uint8_t bytes[longest + kernel_padding];
  static uint32_t ends[2][longest + 128], records[2][longest + 128];
  const uint8_t special[] = {',', '"', '\n', '\r'};
  int failed = 0;
  for (int text = 0; text < texts; text++) {
    const size_t count = random_word() % longest;
    const uint64_t density = 2 + random_word() % 30;
    for (size_t i = 0; i < sizeof bytes; i++) {
      bytes[i] = random_word() % density == 0 ? special[random_word() % 4] : (uint8_t)random_word();
    }
    const size_t limit = 1 + random_word() % (longest + 70);
    const int inside = random_word() & 1;
    const kernel_scan_state a = scan(kernel_portable, bytes, count, limit, inside, ends[0], records[0]);
    const kernel_scan_state b = scan(kernel_neon, bytes, count, limit, inside, ends[1], records[1]);
    if (a.end_count != b.end_count || a.record_count != b.record_count || a.line_breaks != b.line_breaks
        || a.next != b.next || a.has_stopped != b.has_stopped || a.ends_inside != b.ends_inside
        || a.is_irregular != b.is_irregular || a.has_returns != b.has_returns
        || memcmp(ends[0], ends[1], a.end_count * sizeof ends[0][0]) != 0
        || memcmp(records[0], records[1], a.record_count * sizeof records[0][0]) != 0) {
      fprintf(stderr, "text %d differs\n", text);
      failed++;
    }
  }
  printf("%d passed, %d failed\n", texts - failed, failed);
  return failed != 0;
}
