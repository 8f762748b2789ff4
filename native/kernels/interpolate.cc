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

AUTOFOCUS_INLINE float cubic(float a, float b, float c, float d, float t) {
  return b + 0.5f * t * (c - a + t * (2.0f * a - 5.0f * b + 4.0f * c - d + t * (3.0f * (b - c) + d - a)));
}

AUTOFOCUS_INLINE float linear(float a, float b, float t) { return a + t * (b - a); }

// The same as a weighted sum, for weights that are used more than once.
struct Weights {
  float a, b, c, d;
};
AUTOFOCUS_INLINE Weights cubic_weights(float t) {
  return {t * (t * (1.0f - 0.5f * t) - 0.5f), t * t * (1.5f * t - 2.5f) + 1.0f, t * (t * (2.0f - 1.5f * t) + 0.5f),
          t * t * (0.5f * t - 0.5f)};
}

// Where each pixel of a block lies, counted from the block's first one, and the values of the block: whole vectors of them.
AUTOFOCUS_INLINE const float* pixels_of(int channels) { return channels == 1 ? kPixel1.data() : kPixel3.data(); }
AUTOFOCUS_INLINE int values_of(int begin, int count, int channels) {
  const int pixels = count - begin < kBlock ? count - begin : kBlock;
  return (pixels * channels + kSpare - 1) / kSpare * kSpare;
}
AUTOFOCUS_INLINE Between further(Between at, int pixels) { return {at.start + at.slope * static_cast<float>(pixels), at.slope}; }

}  // namespace

AUTOFOCUS_MULTIVERSION void cubic_along(const float* from, int channels, Between along, int count, float* out) {
  const float* pixel = pixels_of(channels);
  for (int begin = 0; begin < count; begin += kBlock) {
    const float *a = from + begin * channels, *b = a + channels, *c = b + channels, *d = c + channels;
    const Between at = further(along, begin);
    float* __restrict to = out + begin * channels;
    const int values = values_of(begin, count, channels);
    for (int i = 0; i < values; ++i) to[i] = cubic(a[i], b[i], c[i], d[i], at.start + at.slope * pixel[i]);
  }
}

AUTOFOCUS_MULTIVERSION void linear_along(const float* from, int channels, Between along, int count, float* out) {
  const float* pixel = pixels_of(channels);
  for (int begin = 0; begin < count; begin += kBlock) {
    const float *a = from + begin * channels, *b = a + channels;
    const Between at = further(along, begin);
    float* __restrict to = out + begin * channels;
    const int values = values_of(begin, count, channels);
    for (int i = 0; i < values; ++i) to[i] = linear(a[i], b[i], at.start + at.slope * pixel[i]);
  }
}

AUTOFOCUS_MULTIVERSION void cubic_within(const SourceRows& rows, int channels, Between along, Between across, int count,
                                         float* out) {
  const float* pixel = pixels_of(channels);
  for (int begin = 0; begin < count; begin += kBlock) {
    const int first = begin * channels, values = values_of(begin, count, channels);
    const float *p = rows.row[0] + first, *q = rows.row[1] + first, *r = rows.row[2] + first, *s = rows.row[3] + first;
    const Between x = further(along, begin), y = further(across, begin);
    float to[3 * kBlock];
    for (int i = 0; i < values; ++i) {
      const Weights w = cubic_weights(x.start + x.slope * pixel[i]), v = cubic_weights(y.start + y.slope * pixel[i]);
      const int b = i + channels, c = b + channels, d = c + channels;
      to[i] = v.a * (w.a * p[i] + w.b * p[b] + w.c * p[c] + w.d * p[d]) +
              v.b * (w.a * q[i] + w.b * q[b] + w.c * q[c] + w.d * q[d]) +
              v.c * (w.a * r[i] + w.b * r[b] + w.c * r[c] + w.d * r[d]) +
              v.d * (w.a * s[i] + w.b * s[b] + w.c * s[c] + w.d * s[d]);
    }
    for (int i = 0; i < values; ++i) out[first + i] = to[i];
  }
}

AUTOFOCUS_MULTIVERSION void linear_within(const SourceRows& rows, int channels, Between along, Between across, int count,
                                          float* out) {
  const float* pixel = pixels_of(channels);
  for (int begin = 0; begin < count; begin += kBlock) {
    const int first = begin * channels, values = values_of(begin, count, channels);
    const float *p = rows.row[0] + first, *q = rows.row[1] + first;
    const Between x = further(along, begin), y = further(across, begin);
    float* __restrict to = out + first;
    for (int i = 0; i < values; ++i) {
      const float t = x.start + x.slope * pixel[i];
      const int b = i + channels;
      to[i] = linear(linear(p[i], p[b], t), linear(q[i], q[b], t), y.start + y.slope * pixel[i]);
    }
  }
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
