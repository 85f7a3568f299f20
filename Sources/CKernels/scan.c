#include "kernels.h"
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Bit i tells of byte i of 64.
typedef struct {
  uint64_t delimiters;
  uint64_t quotes;
  uint64_t feeds;
  uint64_t returns;
} scan_masks;

static inline uint64_t prefix_parity(uint64_t word) {
  word ^= word << 1;
  word ^= word << 2;
  word ^= word << 4;
  word ^= word << 8;
  word ^= word << 16;
  word ^= word << 32;
  return word;
}

// Eight positions at once, needed or not, so that the number of set bits is no branch for the usual density.
#define FLATTEN_EIGHT(ends, position, bits)                       \
  do {                                                            \
    uint64_t flatten_rest = (bits);                               \
    uint32_t *flatten_to = (ends);                                \
    while (flatten_rest != 0) {                                   \
      for (int flatten_i = 0; flatten_i < 8; flatten_i++) {       \
        flatten_to[flatten_i] = (position) + (uint32_t)trailing_zeros(flatten_rest); \
        flatten_rest &= flatten_rest - 1;                         \
      }                                                           \
      flatten_to += 8;                                            \
    }                                                             \
  } while (0)

// Defined for 0 as well, without a branch.
static inline int trailing_zeros(uint64_t word) { return __builtin_ctzll(word | UINT64_C(1) << 63); }

// MARK: - Portable: plain loops, which any compiler turns into the vectors that the machine has

// The low bits of eight bytes, gathered.
static inline uint64_t gather_low_bits(uint64_t word) {
  return (word & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56;
}

static inline uint64_t byte_swapped_if_big(uint64_t word) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(word);
#else
  return word;
#endif
}

// One bit of each of 64 bytes.
static inline uint64_t gather_bit(const uint8_t *classes, unsigned bit) {
  uint64_t mask = 0;
  for (int lane = 0; lane < 8; lane++) {
    uint64_t word;
    memcpy(&word, classes + 8 * lane, 8);
    mask |= gather_low_bits(byte_swapped_if_big(word) >> bit) << (8 * lane);
  }
  return mask;
}

static inline void portable_masks(const uint8_t *bytes, uint8_t delimiter, uint8_t quote, scan_masks *masks) {
  uint8_t classes[64];
  uint8_t all = 0;
  for (int i = 0; i < 64; i++) {
    const uint8_t byte = bytes[i];
    classes[i] = (uint8_t)(
      (byte == delimiter ? 1 : 0) | (byte == quote ? 2 : 0) | (byte == '\n' ? 4 : 0) | (byte == '\r' ? 8 : 0));
    all |= classes[i];
  }
  // Most blocks have nothing but delimiters.
  masks->delimiters = gather_bit(classes, 0);
  masks->quotes = all & 2 ? gather_bit(classes, 1) : 0;
  masks->feeds = all & 4 ? gather_bit(classes, 2) : 0;
  masks->returns = all & 8 ? gather_bit(classes, 3) : 0;
}

#define SCAN_NAME scan_portable
#define SCAN_TARGET static
#define SCAN_MASKS(bytes, delimiter, quote, masks) portable_masks(bytes, delimiter, quote, &(masks))
#define SCAN_PREFIX prefix_parity
#define SCAN_FLATTEN FLATTEN_EIGHT
#include "scan_body.h"

#if defined(__x86_64__)

// MARK: - SSE2: sixteen bytes

static inline uint64_t equal_sse2(__m128i a, __m128i b, __m128i c, __m128i d, __m128i value) {
  const uint64_t m0 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, value));
  const uint64_t m1 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(b, value));
  const uint64_t m2 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(c, value));
  const uint64_t m3 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(d, value));
  return m0 | (m1 << 16) | (m2 << 32) | (m3 << 48);
}

static inline void masks_sse2(const uint8_t *bytes, uint8_t delimiter, uint8_t quote, scan_masks *masks) {
  const __m128i a = _mm_loadu_si128((const __m128i *)bytes);
  const __m128i b = _mm_loadu_si128((const __m128i *)(bytes + 16));
  const __m128i c = _mm_loadu_si128((const __m128i *)(bytes + 32));
  const __m128i d = _mm_loadu_si128((const __m128i *)(bytes + 48));
  masks->delimiters = equal_sse2(a, b, c, d, _mm_set1_epi8((char)delimiter));
  masks->quotes = equal_sse2(a, b, c, d, _mm_set1_epi8((char)quote));
  masks->feeds = equal_sse2(a, b, c, d, _mm_set1_epi8('\n'));
  masks->returns = equal_sse2(a, b, c, d, _mm_set1_epi8('\r'));
}

#define SCAN_NAME scan_sse2
#define SCAN_TARGET static
#define SCAN_MASKS(bytes, delimiter, quote, masks) masks_sse2(bytes, delimiter, quote, &(masks))
#define SCAN_PREFIX prefix_parity
#define SCAN_FLATTEN FLATTEN_EIGHT
#include "scan_body.h"

// MARK: - AVX2: thirty-two bytes, carry-less multiplication for the parity

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))

AVX2 static inline uint64_t equal_avx2(__m256i low, __m256i high, __m256i value) {
  const uint64_t m0 = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, value));
  const uint64_t m1 = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, value));
  return m0 | (m1 << 32);
}

AVX2 static inline void masks_avx2(const uint8_t *bytes, uint8_t delimiter, uint8_t quote, scan_masks *masks) {
  const __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
  const __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  masks->delimiters = equal_avx2(low, high, _mm256_set1_epi8((char)delimiter));
  masks->quotes = equal_avx2(low, high, _mm256_set1_epi8((char)quote));
  masks->feeds = equal_avx2(low, high, _mm256_set1_epi8('\n'));
  masks->returns = equal_avx2(low, high, _mm256_set1_epi8('\r'));
}

AVX2 static inline uint64_t prefix_clmul(uint64_t word) {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)word), _mm_set1_epi8((char)0xFF), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX2 static inline void flatten_avx2(uint32_t *ends, uint32_t position, uint64_t bits) {
  while (bits != 0) {
    for (int i = 0; i < 8; i++) {
      ends[i] = position + (uint32_t)_tzcnt_u64(bits);
      bits = _blsr_u64(bits);
    }
    ends += 8;
  }
}

#define SCAN_NAME scan_avx2
#define SCAN_TARGET AVX2 static
#define SCAN_MASKS(bytes, delimiter, quote, masks) masks_avx2(bytes, delimiter, quote, &(masks))
#define SCAN_PREFIX prefix_clmul
#define SCAN_FLATTEN flatten_avx2
#include "scan_body.h"

// MARK: - AVX-512: sixty-four bytes, compression of positions

#define AVX512                                                                                              \
  __attribute__((target(                                                                                    \
    "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))

AVX512 static inline void masks_avx512(const uint8_t *bytes, uint8_t delimiter, uint8_t quote, scan_masks *masks) {
  const __m512i block = _mm512_loadu_si512(bytes);
  masks->delimiters = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)delimiter));
  masks->quotes = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)quote));
  masks->feeds = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\n'));
  masks->returns = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\r'));
}

AVX512 static inline uint64_t prefix_avx512(uint64_t word) {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)word), _mm_set1_epi8((char)0xFF), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX512 static inline void flatten_avx512(uint32_t *ends, uint32_t position, uint64_t bits) {
  const __m512i numbers = _mm512_set_epi8(
    63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36,
    35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6,
    5, 4, 3, 2, 1, 0);
  const __m512i packed = _mm512_maskz_compress_epi8(bits, numbers);
  const __m512i base = _mm512_set1_epi32((int)position);
  const int count = __builtin_popcountll(bits);
  _mm512_storeu_si512(ends, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
  if (count > 16) {
    _mm512_storeu_si512(
      ends + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
    if (count > 32) {
      _mm512_storeu_si512(
        ends + 32, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
      _mm512_storeu_si512(
        ends + 48, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
    }
  }
}

#define SCAN_NAME scan_avx512
#define SCAN_TARGET AVX512 static
#define SCAN_MASKS(bytes, delimiter, quote, masks) masks_avx512(bytes, delimiter, quote, &(masks))
#define SCAN_PREFIX prefix_avx512
#define SCAN_FLATTEN flatten_avx512
#include "scan_body.h"

#elif defined(__aarch64__)

// MARK: - NEON: sixteen bytes, sums of bits in place of a mask instruction

static inline uint64_t equal_neon(const uint8x16_t block[4], uint8_t value) {
  static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bit = vld1q_u8(weights);
  const uint8x16_t wanted = vdupq_n_u8(value);
  const uint8x16_t a = vandq_u8(vceqq_u8(block[0], wanted), bit);
  const uint8x16_t b = vandq_u8(vceqq_u8(block[1], wanted), bit);
  const uint8x16_t c = vandq_u8(vceqq_u8(block[2], wanted), bit);
  const uint8x16_t d = vandq_u8(vceqq_u8(block[3], wanted), bit);
  const uint8x16_t pairs = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
}

static inline void masks_neon(const uint8_t *bytes, uint8_t delimiter, uint8_t quote, scan_masks *masks) {
  const uint8x16_t block[4] = {vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)};
  masks->delimiters = equal_neon(block, delimiter);
  masks->quotes = equal_neon(block, quote);
  masks->feeds = equal_neon(block, '\n');
  masks->returns = equal_neon(block, '\r');
}

#define SCAN_NAME scan_neon
#define SCAN_TARGET static
#define SCAN_MASKS(bytes, delimiter, quote, masks) masks_neon(bytes, delimiter, quote, &(masks))
#define SCAN_PREFIX prefix_parity
#define SCAN_FLATTEN FLATTEN_EIGHT
#include "scan_body.h"

#endif

// MARK: - Which one

int kernel_is_available(kernel_set set) {
  switch (set) {
  case kernel_portable: return 1;
#if defined(__x86_64__)
  case kernel_sse2: return 1;
  case kernel_avx2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")
      && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
  case kernel_avx512:
    __builtin_cpu_init();
    return kernel_is_available(kernel_avx2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
#elif defined(__aarch64__)
  case kernel_neon: return 1;
#endif
  default: return 0;
  }
}

kernel_set kernel_widest(void) {
  static const kernel_set sets[] = {kernel_avx512, kernel_avx2, kernel_neon, kernel_sse2};
  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
    if (kernel_is_available(sets[i])) return sets[i];
  }
  return kernel_portable;
}

void kernel_scan(kernel_set set, const uint8_t *bytes, size_t count, size_t limit, kernel_scan_state *state) {
  switch (set) {
#if defined(__x86_64__)
  case kernel_sse2: scan_sse2(bytes, count, limit, state); return;
  case kernel_avx2: scan_avx2(bytes, count, limit, state); return;
  case kernel_avx512: scan_avx512(bytes, count, limit, state); return;
#elif defined(__aarch64__)
  case kernel_neon: scan_neon(bytes, count, limit, state); return;
#endif
  default: scan_portable(bytes, count, limit, state); return;
  }
}
