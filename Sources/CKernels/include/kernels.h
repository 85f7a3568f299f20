// The inner loops that SIMD instructions make fast: where fields end, and sums of weights. Every kernel exists for
// several instruction sets with the same results to the last bit; the widest that the processor has is taken at run
// time, so that the package needs no compiler flag.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Instruction sets, from the one that every machine has to the widest.
typedef enum {
  kernel_portable = 0,
  kernel_sse2 = 1,
  kernel_avx2 = 2,
  kernel_avx512 = 3,
  kernel_neon = 4,
} kernel_set;

// Whether this processor, and this build, has the instruction set.
int kernel_is_available(kernel_set set);

// The widest instruction set that is available.
kernel_set kernel_widest(void);

// Bytes that must be readable (with any contents) after the bytes of a scan and after every field.
enum { kernel_padding = 64 };

// What a scan is told and what it found.
typedef struct {
  // Told: the grammar.
  uint8_t delimiter;
  uint8_t quote;
  // Told: quotes are not allowed at all (`quote` is then a byte that must not occur).
  uint8_t refuses_quotes;
  // Told: the first byte stands inside a quoted field.
  uint8_t starts_inside;
  // Told: where to write; `ends` needs room for 64 more than its capacity.
  uint32_t *ends;
  uint32_t *records;
  size_t ends_capacity;
  size_t records_capacity;

  // Found: the position of the byte that ends each field, ascending.
  size_t end_count;
  // Found: for each record, how many of `ends` belong to it and those before it.
  size_t record_count;
  // Found: line breaks (LF, CRLF or a lone CR), inside quoted fields or not.
  size_t line_breaks;
  // Found: the position after the last record that was taken, its CRLF included.
  size_t next;
  // Found: such a record end was there; otherwise everything was taken.
  uint8_t has_stopped;
  // Found: the bytes end inside a quoted field.
  uint8_t ends_inside;
  // Found: a quote stands where RFC 4180 has none.
  uint8_t is_irregular;
  // Found: a CR stands outside quotes.
  uint8_t has_returns;
  // Found: `ends` or `records` is full; nothing else that was found counts.
  uint8_t is_full;
} kernel_scan_state;

// Finds field and record ends from the first byte up to the first record end after which the next record starts at
// `limit` or later, or up to `count`. Reads up to `kernel_padding` bytes more.
void kernel_scan(kernel_set set, const uint8_t *bytes, size_t count, size_t limit, kernel_scan_state *state);

// Sums of weights. By row: the block to add to, the weight, and the bits of the denominator and the numerator
// (`words` words a row, one bit an indicator). A block has `stride` sums of w d, as many of w y (8 bytes each), as many
// counts of rows in the denominator, and of those in the numerator (4 bytes each), all side by side so that a row
// touches one place of the memory; `stride` is a multiple of 8, no fewer than there are indicators.
void kernel_add_weights(
  kernel_set set, size_t count, const uint32_t *blocks, const double *weights, const uint64_t *denominator,
  const uint64_t *numerator, size_t words, size_t stride, uint64_t *sums);

// 64 rows a word: whether the table has a 1 for the code of the row. `code_count`: the codes are below it. Bits past
// the last row are 0.
void kernel_select_codes(
  kernel_set set, size_t count, const uint8_t *codes, const uint8_t table[256], size_t code_count, uint64_t *words);

// Whether some byte of UTF-8 begins a character that another may join or reorder in normalization form C. Those of
// Cyrillic, Armenian, Chinese characters and most Korean syllables do not.
int kernel_may_compose(const uint8_t *bytes, size_t count);

// sums[i] += the i-th value of each row, one row after the other; `rows` tells where each begins in `values`.
void kernel_add_rows(
  kernel_set set, size_t count, const double *values, const uint32_t *rows, size_t row_count, double *sums);

// Turns a square of 64 x 64 bits over: bit c of word r becomes bit r of word c.
void kernel_transpose(uint64_t words[64]);
