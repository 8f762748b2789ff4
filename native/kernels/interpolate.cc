#include "kernels/interpolate.h"

#include <algorithm>
#include <array>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

// Pixels that are worked on at a time.
constexpr int kBlock = 64;

// The pixel that each value of a block belongs to.
template <int Channels>
constexpr std::array<float, kBlock * Channels> pixel_of_value() {
  std::array<float, kBlock * Channels> pixels{};
  for (int i = 0; i < kBlock * Channels; ++i) pixels[static_cast<std::size_t>(i)] = static_cast<float>(i / Channels);
  return pixels;
}
constexpr auto kPixel1 = pixel_of_value<1>();
constexpr auto kPixel3 = pixel_of_value<3>();

inline __attribute__((always_inline)) float cubic(float a, float b, float c, float d, float t) {
  return b + 0.5f * t * (c - a + t * (2.0f * a - 5.0f * b + 4.0f * c - d + t * (3.0f * (b - c) + d - a)));
}

inline __attribute__((always_inline)) float linear(float a, float b, float t) { return a + t * (b - a); }

// Calls work(first value, values, where each pixel of the block lies past its start, pixels before it) block by block.
template <typename Work>
inline __attribute__((always_inline)) void in_blocks(int channels, int count, Work work) {
  const float* pixel = channels == 1 ? kPixel1.data() : kPixel3.data();
  for (int begin = 0; begin < count; begin += kBlock) {
    const int pixels = std::min(kBlock, count - begin);
    work(begin * channels, pixels * channels, pixel, static_cast<float>(begin));
  }
}

// Across the rows, between what lies on each of them.
AUTOFOCUS_MULTIVERSION void cubic_across(const float (*on)[3 * kBlock], const float* pixel, Between across, int values,
                                         float* __restrict out) {
  for (int i = 0; i < values; ++i) {
    out[i] = cubic(on[0][i], on[1][i], on[2][i], on[3][i], across.start + across.slope * pixel[i]);
  }
}

AUTOFOCUS_MULTIVERSION void linear_across(const float (*on)[3 * kBlock], const float* pixel, Between across, int values,
                                          float* __restrict out) {
  for (int i = 0; i < values; ++i) out[i] = linear(on[0][i], on[1][i], across.start + across.slope * pixel[i]);
}

}  // namespace

AUTOFOCUS_MULTIVERSION void cubic_along(const float* from, int channels, Between along, int count, float* out) {
  in_blocks(channels, count, [&](int first, int values, const float* pixel, float before) {
    const float *a = from + first, *b = a + channels, *c = b + channels, *d = c + channels;
    const float start = along.start + along.slope * before;
    float* __restrict to = out + first;
    for (int i = 0; i < values; ++i) to[i] = cubic(a[i], b[i], c[i], d[i], start + along.slope * pixel[i]);
  });
}

AUTOFOCUS_MULTIVERSION void linear_along(const float* from, int channels, Between along, int count, float* out) {
  in_blocks(channels, count, [&](int first, int values, const float* pixel, float before) {
    const float *a = from + first, *b = a + channels;
    const float start = along.start + along.slope * before;
    float* __restrict to = out + first;
    for (int i = 0; i < values; ++i) to[i] = linear(a[i], b[i], start + along.slope * pixel[i]);
  });
}

void cubic_within(const SourceRows& rows, int channels, Between along, Between across, int count, float* out) {
  in_blocks(channels, count, [&](int first, int values, const float* pixel, float before) {
    float on[4][3 * kBlock];
    for (int k = 0; k < 4; ++k) {
      cubic_along(rows.row[k] + first, channels, {along.start + along.slope * before, along.slope}, values / channels, on[k]);
    }
    cubic_across(on, pixel, {across.start + across.slope * before, across.slope}, values, out + first);
  });
}

void linear_within(const SourceRows& rows, int channels, Between along, Between across, int count, float* out) {
  in_blocks(channels, count, [&](int first, int values, const float* pixel, float before) {
    float on[2][3 * kBlock];
    for (int k = 0; k < 2; ++k) {
      linear_along(rows.row[k] + first, channels, {along.start + along.slope * before, along.slope}, values / channels, on[k]);
    }
    linear_across(on, pixel, {across.start + across.slope * before, across.slope}, values, out + first);
  });
}

AUTOFOCUS_MULTIVERSION void cubic_rows(const SourceRows& rows, float across, std::ptrdiff_t count, float* __restrict out) {
  const float *a = rows.row[0], *b = rows.row[1], *c = rows.row[2], *d = rows.row[3];
  for (std::ptrdiff_t i = 0; i < count; ++i) out[i] = cubic(a[i], b[i], c[i], d[i], across);
}

AUTOFOCUS_MULTIVERSION void linear_rows(const SourceRows& rows, float across, std::ptrdiff_t count, float* __restrict out) {
  const float *a = rows.row[0], *b = rows.row[1];
  for (std::ptrdiff_t i = 0; i < count; ++i) out[i] = linear(a[i], b[i], across);
}

}  // namespace autofocus
