#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

static inline void add_weight(double *sums, const uint64_t *bits, size_t stride, double weight) {
  for (size_t first = 0; first < stride; first += 8) {
    const double *factors = numbers_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    double *to = sums + first;
    for (int i = 0; i < 8; i++) to[i] += weight * factors[i];
  }
}

static inline void add_count(uint32_t *sums, const uint64_t *bits, size_t stride) {
  for (size_t first = 0; first < stride; first += 8) {
    const uint8_t *factors = counts_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    uint32_t *to = sums + first;
    for (int i = 0; i < 8; i++) to[i] += factors[i];
  }
}

static void add_weights_portable(
  size_t count, const uint32_t *slots, const double *weights, const uint64_t *denominator, const uint64_t *numerator,
  size_t words, size_t stride, double *sum, double *sum_yes, uint32_t *rows, uint32_t *rows_yes
) {
  for (size_t row = 0; row < count; row++) {
    const size_t place = (size_t)slots[row] * stride;
    const uint64_t *in = denominator + row * words;
    const uint64_t *yes = numerator + row * words;
    add_weight(sum + place, in, stride, weights[row]);
    add_weight(sum_yes + place, yes, stride, weights[row]);
    if (rows) {
      add_count(rows + place, in, stride);
      add_count(rows_yes + place, yes, stride);
    }
  }
}

static void add_vector_portable(size_t count, const double *values, double *sums) {
  for (size_t i = 0; i < count; i++) sums[i] += values[i];
}

#if defined(__x86_64__)

// MARK: - AVX2: the same table, four numbers at once

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline void add_weight_avx2(double *sums, const uint64_t *bits, size_t stride, double weight) {
  const __m256d factor = _mm256_set1_pd(weight);
  for (size_t first = 0; first < stride; first += 8) {
    const double *factors = numbers_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    double *to = sums + first;
    _mm256_storeu_pd(to, _mm256_add_pd(_mm256_loadu_pd(to), _mm256_mul_pd(factor, _mm256_loadu_pd(factors))));
    _mm256_storeu_pd(
      to + 4, _mm256_add_pd(_mm256_loadu_pd(to + 4), _mm256_mul_pd(factor, _mm256_loadu_pd(factors + 4))));
  }
}

AVX2 static inline void add_count_avx2(uint32_t *sums, const uint64_t *bits, size_t stride) {
  for (size_t first = 0; first < stride; first += 8) {
    const uint8_t *factors = counts_of_bits[(bits[first >> 6] >> (first & 63)) & 0xFF];
    __m256i *to = (__m256i *)(sums + first);
    const __m256i counts = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)factors));
    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), counts));
  }
}

AVX2 static void add_weights_avx2(
  size_t count, const uint32_t *slots, const double *weights, const uint64_t *denominator, const uint64_t *numerator,
  size_t words, size_t stride, double *sum, double *sum_yes, uint32_t *rows, uint32_t *rows_yes
) {
  for (size_t row = 0; row < count; row++) {
    const size_t place = (size_t)slots[row] * stride;
    const uint64_t *in = denominator + row * words;
    const uint64_t *yes = numerator + row * words;
    add_weight_avx2(sum + place, in, stride, weights[row]);
    add_weight_avx2(sum_yes + place, yes, stride, weights[row]);
    if (rows) {
      add_count_avx2(rows + place, in, stride);
      add_count_avx2(rows_yes + place, yes, stride);
    }
  }
}

AVX2 static void add_vector_avx2(size_t count, const double *values, double *sums) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    _mm256_storeu_pd(sums + i, _mm256_add_pd(_mm256_loadu_pd(sums + i), _mm256_loadu_pd(values + i)));
  }
  for (; i < count; i++) sums[i] += values[i];
}

// MARK: - AVX-512: the bits themselves are the mask

#define AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))

AVX512 static inline void add_weight_avx512(double *sums, const uint64_t *bits, size_t stride, double weight) {
  const __m512d factor = _mm512_set1_pd(weight);
  for (size_t first = 0; first < stride; first += 8) {
    const __mmask8 mask = (__mmask8)(bits[first >> 6] >> (first & 63));
    double *to = sums + first;
    const __m512d before = _mm512_loadu_pd(to);
    _mm512_storeu_pd(to, _mm512_mask_add_pd(before, mask, before, factor));
  }
}

AVX512 static inline void add_count_avx512(uint32_t *sums, const uint64_t *bits, size_t stride) {
  const __m256i one = _mm256_set1_epi32(1);
  for (size_t first = 0; first < stride; first += 8) {
    const __mmask8 mask = (__mmask8)(bits[first >> 6] >> (first & 63));
    __m256i *to = (__m256i *)(sums + first);
    const __m256i before = _mm256_loadu_si256(to);
    _mm256_storeu_si256(to, _mm256_mask_add_epi32(before, mask, before, one));
  }
}

AVX512 static void add_weights_avx512(
  size_t count, const uint32_t *slots, const double *weights, const uint64_t *denominator, const uint64_t *numerator,
  size_t words, size_t stride, double *sum, double *sum_yes, uint32_t *rows, uint32_t *rows_yes
) {
  for (size_t row = 0; row < count; row++) {
    // The slots of rows that come soon are fetched meanwhile: rows come in no order of PSUs.
    if (row + 4 < count) {
      const size_t next = (size_t)slots[row + 4] * stride;
      for (size_t first = 0; first < stride; first += 8) {
        __builtin_prefetch(sum + next + first, 1);
        __builtin_prefetch(sum_yes + next + first, 1);
      }
    }
    const size_t place = (size_t)slots[row] * stride;
    const uint64_t *in = denominator + row * words;
    const uint64_t *yes = numerator + row * words;
    add_weight_avx512(sum + place, in, stride, weights[row]);
    add_weight_avx512(sum_yes + place, yes, stride, weights[row]);
    if (rows) {
      add_count_avx512(rows + place, in, stride);
      add_count_avx512(rows_yes + place, yes, stride);
    }
  }
}

AVX512 static void add_vector_avx512(size_t count, const double *values, double *sums) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    _mm512_storeu_pd(sums + i, _mm512_add_pd(_mm512_loadu_pd(sums + i), _mm512_loadu_pd(values + i)));
  }
  for (; i < count; i++) sums[i] += values[i];
}

#endif

// MARK: - Which one

void kernel_add_weights(
  kernel_set set, size_t count, const uint32_t *slots, const double *weights, const uint64_t *denominator,
  const uint64_t *numerator, size_t words, size_t stride, double *sum, double *sum_yes, uint32_t *rows,
  uint32_t *rows_yes
) {
  switch (set) {
#if defined(__x86_64__)
  case kernel_avx512:
    add_weights_avx512(
      count, slots, weights, denominator, numerator, words, stride, sum, sum_yes, rows, rows_yes);
    return;
  case kernel_avx2:
    add_weights_avx2(count, slots, weights, denominator, numerator, words, stride, sum, sum_yes, rows, rows_yes);
    return;
#endif
  default:
    add_weights_portable(
      count, slots, weights, denominator, numerator, words, stride, sum, sum_yes, rows, rows_yes);
  }
}

void kernel_add_vector(kernel_set set, size_t count, const double *values, double *sums) {
  switch (set) {
#if defined(__x86_64__)
  case kernel_avx512: add_vector_avx512(count, values, sums); return;
  case kernel_avx2: add_vector_avx2(count, values, sums); return;
#endif
  default: add_vector_portable(count, values, sums);
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
