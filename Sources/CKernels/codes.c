#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void select_codes_portable(
  size_t count, const uint8_t *codes, const uint8_t *table, uint64_t *words
) {
  size_t row = 0;
  for (; row + 64 <= count; row += 64) {
    uint64_t word = 0;
    for (unsigned i = 0; i < 64; i++) word |= (uint64_t)table[codes[row + i]] << i;
    words[row >> 6] = word;
  }
  if (row < count) {
    uint64_t word = 0;
    for (unsigned i = 0; row + i < count; i++) word |= (uint64_t)table[codes[row + i]] << i;
    words[row >> 6] = word;
  }
}

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2")))

// Codes below 16: one shuffle looks up thirty-two of them.
AVX2 static void select_codes_avx2(size_t count, const uint8_t *codes, const uint8_t *table, uint64_t *words) {
  const __m128i half = _mm_loadu_si128((const __m128i *)table);
  const __m256i answers = _mm256_broadcastsi128_si256(half);
  size_t row = 0;
  for (; row + 64 <= count; row += 64) {
    const __m256i low = _mm256_shuffle_epi8(answers, _mm256_loadu_si256((const __m256i *)(codes + row)));
    const __m256i high = _mm256_shuffle_epi8(answers, _mm256_loadu_si256((const __m256i *)(codes + row + 32)));
    const uint64_t m0 = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(low, 7));
    const uint64_t m1 = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(high, 7));
    words[row >> 6] = m0 | (m1 << 32);
  }
  if (row < count) select_codes_portable(count - row, codes + row, table, words + (row >> 6));
}

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))

// Codes below 64: one permutation looks up sixty-four of them.
AVX512 static void select_codes_avx512(size_t count, const uint8_t *codes, const uint8_t *table, uint64_t *words) {
  const __m512i answers = _mm512_loadu_si512(table);
  size_t row = 0;
  for (; row + 64 <= count; row += 64) {
    const __m512i found = _mm512_permutexvar_epi8(_mm512_loadu_si512(codes + row), answers);
    words[row >> 6] = _mm512_test_epi8_mask(found, found);
  }
  if (row < count) {
    const __mmask64 valid = (UINT64_C(1) << (count - row)) - 1;
    const __m512i found = _mm512_permutexvar_epi8(_mm512_maskz_loadu_epi8(valid, codes + row), answers);
    words[row >> 6] = _mm512_test_epi8_mask(found, found) & valid;
  }
}

#endif

void kernel_select_codes(
  kernel_set set, size_t count, const uint8_t *codes, const uint8_t table[256], size_t code_count, uint64_t *words
) {
#if defined(__x86_64__)
  if (set == kernel_avx512 && code_count <= 64) {
    select_codes_avx512(count, codes, table, words);
    return;
  }
  if (set >= kernel_avx2 && set != kernel_neon && code_count <= 16) {
    select_codes_avx2(count, codes, table, words);
    return;
  }
#endif
  (void)set;
  (void)code_count;
  select_codes_portable(count, codes, table, words);
}

// Whether some byte can begin a character that another joins or reorders: 0xCC (U+0300) or more, but none of those of
// U+0400 to U+047F, U+04C0 to U+057F, U+4000 to U+9FFF, U+B000 to U+CFFF. Compilers make SIMD instructions of it.
static uint8_t begins_unstable(const uint8_t *bytes, size_t count) {
  uint8_t found = 0;
  for (size_t i = 0; i < count; i++) {
    const uint8_t byte = bytes[i];
    const uint8_t stable = (uint8_t)((uint8_t)(byte - 0xD0) < 2) | (uint8_t)((uint8_t)(byte - 0xD3) < 3) |
                           (uint8_t)((uint8_t)(byte - 0xE4) < 6) | (uint8_t)((uint8_t)(byte - 0xEB) < 2);
    found |= (uint8_t)(byte >= 0xCC) & (uint8_t)!stable;
  }
  return found;
}

enum { block = 128 };

// Whether a block has a byte of 0xCC or more. Every byte of a file passes here, so it is a maximum and a comparison.
static int block_is_high(const uint8_t *bytes) {
#if defined(__SSE2__)
  const __m128i *at = (const __m128i *)bytes;
  __m128i a = _mm_max_epu8(_mm_loadu_si128(at), _mm_loadu_si128(at + 1));
  __m128i b = _mm_max_epu8(_mm_loadu_si128(at + 2), _mm_loadu_si128(at + 3));
  a = _mm_max_epu8(_mm_max_epu8(a, _mm_loadu_si128(at + 4)), _mm_loadu_si128(at + 5));
  b = _mm_max_epu8(_mm_max_epu8(b, _mm_loadu_si128(at + 6)), _mm_loadu_si128(at + 7));
  const __m128i largest = _mm_max_epu8(a, b);
  // Bytes up to 0xCB become 0, as the subtraction saturates.
  const __m128i above = _mm_subs_epu8(largest, _mm_set1_epi8((char)0xCB));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(above, _mm_setzero_si128())) != 0xFFFF;
#else
  uint8_t largest = 0;
  for (size_t i = 0; i < block; i++) largest = bytes[i] > largest ? bytes[i] : largest;
  return largest >= 0xCC;
#endif
}

int kernel_may_compose(const uint8_t *bytes, size_t count) {
  size_t start = 0;
  for (; start + block <= count; start += block) {
    if (block_is_high(bytes + start) && begins_unstable(bytes + start, block)) return 1;
  }
  return begins_unstable(bytes + start, count - start);
}
