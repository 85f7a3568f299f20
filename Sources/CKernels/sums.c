#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// 8-byte units of a block for each indicator: two sums, and two counts of half the size.
enum { units_per_indicator = 3 };

// MARK: - Portable: a table of 0 and 1

// By eight bits: each as a number. w * 1 and w * 0 are exact, so every instruction set has the same sums.
#define BIT(value, index) (((value) >> (index)) & 1)
#define ROW(v) {BIT(v, 0), BIT(v, 1), BIT(v, 2), BIT(v, 3), BIT(v, 4), BIT(v, 5), BIT(v, 6), BIT(v, 7)}
#define ROWS4(v) ROW(v), ROW((v) + 1), ROW((v) + 2), ROW((v) + 3)
#define ROWS16(v) ROWS4(v), ROWS4((v) + 4), ROWS4((v) + 8), ROWS4((v) + 12)
#define ROWS64(v) ROWS16(v), ROWS16((v) + 16), ROWS16((v) + 32), ROWS16((v) + 48)
#define ROWS256 ROWS64(0), ROWS64(64), ROWS64(128), ROWS64(192)

static const double numbers_of_bits[256][8] = {ROWS256};
static const uint8_t counts_of_bits[256][8] = {ROWS256};

static inline void add_weight_portable(void *block, const uint64_t *bits, size_t stride, double weight) {
  double *to = block;
  for (size_t first = 0; first < stride; first += 8, to += 8) {
    const double *factors = numbers_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    for (int i = 0; i < 8; i++) to[i] += weight * factors[i];
  }
}

static inline void add_count_portable(void *block, const uint64_t *bits, size_t stride) {
  uint32_t *to = block;
  for (size_t first = 0; first < stride; first += 8, to += 8) {
    const uint8_t *factors = counts_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    for (int i = 0; i < 8; i++) to[i] += factors[i];
  }
}

// MARK: - All sets: row by row

// The blocks of rows that come soon are fetched meanwhile: rows come in no order of PSUs.
enum { rows_ahead = 4 };

#define ADD_WEIGHTS(NAME, TARGET, ADD_WEIGHT, ADD_COUNT)                                                     \
  TARGET static void NAME(                                                                                   \
    size_t count, const uint32_t *blocks, const double *weights, const uint64_t *denominator,                \
    const uint64_t *numerator, size_t words, size_t stride, uint64_t *sums                                   \
  ) {                                                                                                        \
    const size_t units = stride * units_per_indicator;                                                       \
    for (size_t row = 0; row < count; row++) {                                                               \
      if (row + rows_ahead < count) {                                                                        \
        const uint64_t *next = sums + (size_t)blocks[row + rows_ahead] * units;                              \
        for (size_t unit = 0; unit < units; unit += 8) __builtin_prefetch(next + unit, 1);                   \
      }                                                                                                      \
      uint64_t *block = sums + (size_t)blocks[row] * units;                                                  \
      const uint64_t *in = denominator + row * words;                                                        \
      const uint64_t *yes = numerator + row * words;                                                         \
      ADD_WEIGHT(block, in, stride, weights[row]);                                                           \
      ADD_WEIGHT(block + stride, yes, stride, weights[row]);                                                 \
      ADD_COUNT(block + 2 * stride, in, stride);                                                             \
      ADD_COUNT((uint32_t *)(block + 2 * stride) + stride, yes, stride);                                     \
    }                                                                                                        \
  }

ADD_WEIGHTS(add_weights_portable, , add_weight_portable, add_count_portable)

#if defined(__x86_64__)

// MARK: - AVX2: the same table, four numbers at once

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline void add_weight_avx2(void *block, const uint64_t *bits, size_t stride, double weight) {
  const __m256d factor = _mm256_set1_pd(weight);
  double *to = block;
  for (size_t first = 0; first < stride; first += 8, to += 8) {
    const double *factors = numbers_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    _mm256_storeu_pd(to, _mm256_add_pd(_mm256_loadu_pd(to), _mm256_mul_pd(factor, _mm256_loadu_pd(factors))));
    _mm256_storeu_pd(
      to + 4, _mm256_add_pd(_mm256_loadu_pd(to + 4), _mm256_mul_pd(factor, _mm256_loadu_pd(factors + 4))));
  }
}

AVX2 static inline void add_count_avx2(void *block, const uint64_t *bits, size_t stride) {
  uint32_t *to = block;
  for (size_t first = 0; first < stride; first += 8, to += 8) {
    const uint8_t *factors = counts_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    const __m256i counts = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)factors));
    _mm256_storeu_si256((__m256i *)to, _mm256_add_epi32(_mm256_loadu_si256((const __m256i *)to), counts));
  }
}

ADD_WEIGHTS(add_weights_avx2, AVX2, add_weight_avx2, add_count_avx2)

// MARK: - AVX-512: the bits themselves are the mask

#define AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))

AVX512 static inline void add_weight_avx512(void *block, const uint64_t *bits, size_t stride, double weight) {
  const __m512d factor = _mm512_set1_pd(weight);
  double *to = block;
  for (size_t first = 0; first < stride; first += 8, to += 8) {
    const __mmask8 mask = (__mmask8)(bits[first >> 6] >> (first & 63));
    const __m512d before = _mm512_loadu_pd(to);
    _mm512_storeu_pd(to, _mm512_mask_add_pd(before, mask, before, factor));
  }
}

AVX512 static inline void add_count_avx512(void *block, const uint64_t *bits, size_t stride) {
  const __m256i one = _mm256_set1_epi32(1);
  uint32_t *to = block;
  for (size_t first = 0; first < stride; first += 8, to += 8) {
    const __mmask8 mask = (__mmask8)(bits[first >> 6] >> (first & 63));
    const __m256i before = _mm256_loadu_si256((const __m256i *)to);
    _mm256_storeu_si256((__m256i *)to, _mm256_mask_add_epi32(before, mask, before, one));
  }
}

ADD_WEIGHTS(add_weights_avx512, AVX512, add_weight_avx512, add_count_avx512)

#endif

// MARK: - Rows of numbers

// A few sums at a time stay in registers while the rows pass by.
#define ADD_ROWS(NAME, TARGET, VECTOR, WIDTH, LOAD, STORE, ADD)                                               \
  TARGET static void NAME(                                                                                   \
    size_t count, const double *values, const uint32_t *rows, size_t row_count, double *sums                 \
  ) {                                                                                                        \
    size_t i = 0;                                                                                            \
    for (; i + 4 * WIDTH <= count; i += 4 * WIDTH) {                                                         \
      VECTOR a = LOAD(sums + i), b = LOAD(sums + i + WIDTH);                                                 \
      VECTOR c = LOAD(sums + i + 2 * WIDTH), d = LOAD(sums + i + 3 * WIDTH);                                 \
      for (size_t row = 0; row < row_count; row++) {                                                         \
        const double *from = values + rows[row] + i;                                                         \
        a = ADD(a, LOAD(from));                                                                              \
        b = ADD(b, LOAD(from + WIDTH));                                                                      \
        c = ADD(c, LOAD(from + 2 * WIDTH));                                                                  \
        d = ADD(d, LOAD(from + 3 * WIDTH));                                                                  \
      }                                                                                                      \
      STORE(sums + i, a);                                                                                    \
      STORE(sums + i + WIDTH, b);                                                                            \
      STORE(sums + i + 2 * WIDTH, c);                                                                        \
      STORE(sums + i + 3 * WIDTH, d);                                                                        \
    }                                                                                                        \
    for (; i + WIDTH <= count; i += WIDTH) {                                                                 \
      VECTOR a = LOAD(sums + i);                                                                             \
      for (size_t row = 0; row < row_count; row++) a = ADD(a, LOAD(values + rows[row] + i));                 \
      STORE(sums + i, a);                                                                                    \
    }                                                                                                        \
    for (; i < count; i++) {                                                                                 \
      double sum = sums[i];                                                                                  \
      for (size_t row = 0; row < row_count; row++) sum += values[rows[row] + i];                             \
      sums[i] = sum;                                                                                         \
    }                                                                                                        \
  }

#define LOAD_ONE(from) (*(from))
#define STORE_ONE(to, value) (*(to) = (value))
#define ADD_ONE(a, b) ((a) + (b))
ADD_ROWS(add_rows_portable, , double, 1, LOAD_ONE, STORE_ONE, ADD_ONE)

#if defined(__x86_64__)
ADD_ROWS(add_rows_sse2, , __m128d, 2, _mm_loadu_pd, _mm_storeu_pd, _mm_add_pd)
ADD_ROWS(add_rows_avx2, AVX2, __m256d, 4, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_add_pd)
ADD_ROWS(add_rows_avx512, AVX512, __m512d, 8, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_add_pd)
#endif

// MARK: - Which one

void kernel_add_weights(
  kernel_set set, size_t count, const uint32_t *blocks, const double *weights, const uint64_t *denominator,
  const uint64_t *numerator, size_t words, size_t stride, uint64_t *sums
) {
  switch (set) {
#if defined(__x86_64__)
  case kernel_avx512:
    add_weights_avx512(count, blocks, weights, denominator, numerator, words, stride, sums);
    return;
  case kernel_avx2:
    add_weights_avx2(count, blocks, weights, denominator, numerator, words, stride, sums);
    return;
#endif
  default: add_weights_portable(count, blocks, weights, denominator, numerator, words, stride, sums);
  }
}

void kernel_add_rows(
  kernel_set set, size_t count, const double *values, const uint32_t *rows, size_t row_count, double *sums
) {
  switch (set) {
#if defined(__x86_64__)
  case kernel_avx512: add_rows_avx512(count, values, rows, row_count, sums); return;
  case kernel_avx2: add_rows_avx2(count, values, rows, row_count, sums); return;
  case kernel_sse2: add_rows_sse2(count, values, rows, row_count, sums); return;
#endif
  default: add_rows_portable(count, values, rows, row_count, sums);
  }
}

// After Hacker's Delight (Warren 2012), section 7-3.
void kernel_transpose(uint64_t words[64]) {
  uint64_t mask = UINT64_C(0x00000000FFFFFFFF);
  for (unsigned width = 32; width != 0; width >>= 1, mask ^= mask << width) {
    for (unsigned k = 0; k < 64; k = ((k | width) + 1) & ~width) {
      const uint64_t swapped = ((words[k] >> width) ^ words[k | width]) & mask;
      words[k] ^= swapped << width;
      words[k | width] ^= swapped;
    }
  }
}
