#include "kernels/video/warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstddef>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/parallel_rows.h"
#include "kernels/video/enlarge.h"

namespace autofocus {
namespace {

// Sub-pixel positions told apart.
constexpr int kPhases = 64;
constexpr int kTaps = 4;

// Bytes, counted from the middle of their range, are weighed as whole numbers of 16 bits: every product by a weight loses
// one of the eight binary digits below a byte's.
constexpr int kOne = 1 << 14;
constexpr int kMiddle = 128;
constexpr int kDigits = 8;
constexpr int kDigitsLeft = 6;
AUTOFOCUS_INLINE std::int16_t product(std::int16_t a, std::int16_t b) {
  // Written as the instruction that does all of it is defined.
  return static_cast<std::int16_t>((((static_cast<std::int32_t>(a) * b) >> 14) + 1) >> 1);
}

// Values of a row of the window that are touched: vectors of a whole size are quicker than exact ones.
template <int channels>
constexpr int kTouched = channels == 1 ? 4 : 16;

// Keys' weights for each phase, for each value of a row of the window; 0 for the values beyond it.
template <int channels>
struct Taps {
  std::int16_t weight[kTouched<channels>];
};

template <int channels>
std::array<Taps<channels>, kPhases> cubic_taps() {
  std::array<Taps<channels>, kPhases> table{};
  for (int phase = 0; phase < kPhases; ++phase) {
    const double t = static_cast<double>(phase) / kPhases, t2 = t * t, t3 = t2 * t;
    const double weights[kTaps] = {-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3,
                                   -0.5 * t2 + 0.5 * t3};
    for (int k = 0; k < kTaps * channels; ++k) {
      table[static_cast<std::size_t>(phase)].weight[k] = static_cast<std::int16_t>(std::lround(kOne * weights[k / channels]));
    }
  }
  return table;
}

// How far outside the picture positions are told apart; there nothing but its edge is seen.
constexpr int kFar = 8;

// Positions in units of 1/kPhases px, counted from -kFar: start + k * step + scale * offsets[k], -kFar for what is no number.
AUTOFOCUS_INLINE void fine_positions(const float* __restrict offsets, float scale, int count, float start, float step,
                                     int side, std::int32_t* __restrict out) {
  const float most = static_cast<float>(side + 2 * kFar);
  for (int k = 0; k < count; ++k) {
    const float at = start + step * static_cast<float>(k) + scale * offsets[k] + kFar;
    const float inside = at > 0.0f ? at : 0.0f;
    out[k] = static_cast<std::int32_t>((inside < most ? inside : most) * kPhases + 0.5f);
  }
}

// The whole pixel and the phase of such a position.
inline int pixel_of(std::int32_t fine) { return static_cast<int>(static_cast<std::uint32_t>(fine) / kPhases) - kFar; }
inline std::size_t phase_of(std::int32_t fine) { return static_cast<std::uint32_t>(fine) % kPhases; }

// The window as far as the picture reaches, its edge beyond.
template <int channels>
void copy_window(ConstImageU8 in, int left, int top, std::uint8_t* window) {
  for (int j = 0; j < kTaps; ++j) {
    const std::uint8_t* from = in.row(std::clamp(top + j, 0, in.height - 1));
    for (int i = 0; i < kTaps; ++i, window += channels) {
      std::copy_n(from + std::clamp(left + i, 0, in.width - 1) * channels, channels, window);
    }
  }
}

// The weighed sum of the window, to be shifted down; writes one value more than there are channels where there are three.
// `stride` is the distance between the rows of the window.
template <int channels>
AUTOFOCUS_INLINE void interpolate(const std::uint8_t* __restrict window, std::ptrdiff_t stride,
                                  const Taps<channels>& across, const Taps<channels>& along,
                                  std::int16_t* __restrict to) {
  const std::int16_t a = along.weight[0], b = along.weight[channels], c = along.weight[2 * channels],
                     d = along.weight[3 * channels];
  const auto value = [=](std::ptrdiff_t k) { return static_cast<std::int16_t>((window[k] - kMiddle) * (1 << kDigits)); };
  std::int16_t line[kTouched<channels>];
  for (int k = 0; k < kTouched<channels>; ++k) {
    const int upper = product(value(k), a) + product(value(k + stride), b);
    const int lower = product(value(k + 2 * stride), c) + product(value(k + 3 * stride), d);
    line[k] = product(static_cast<std::int16_t>(upper + lower), across.weight[k]);
  }
  for (int k = 0; k < (channels == 3 ? 4 : 1); ++k) {
    to[k] = static_cast<std::int16_t>(line[k] + line[channels + k] + line[2 * channels + k] + line[3 * channels + k]);
  }
}

AUTOFOCUS_INLINE void to_bytes(const std::int16_t* __restrict sums, int count, std::uint8_t* __restrict to) {
  for (int k = 0; k < count; ++k) {
    const int value = kMiddle + ((sums[k] + (1 << (kDigitsLeft - 1))) >> kDigitsLeft);
    to[k] = static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
  }
}

template <int channels>
AUTOFOCUS_INLINE void warp_channels(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale, ImageU8 out,
                                    int first, int last) {
  static const std::array<Taps<channels>, kPhases> table = cubic_taps<channels>();
  Enlarged dx_map(dx, in.width, in.height), dy_map(dy, in.width, in.height);
  std::vector<float> right, down;
  std::vector<std::int32_t> columns(static_cast<std::size_t>(in.width)), rows(columns.size());
  std::vector<std::int16_t> sums(static_cast<std::size_t>(in.stride()) + 1);
  std::uint8_t border[(kTaps - 1) * kTaps * channels + kTouched<channels>] = {};
  for (int y = first; y < last; ++y) {
    dx_map.row(y, right);
    dy_map.row(y, down);
    fine_positions(right.data(), scale, in.width, 0.0f, 1.0f, in.width, columns.data());
    fine_positions(down.data(), scale, in.width, static_cast<float>(y), 0.0f, in.height, rows.data());
    const std::int32_t *column = columns.data(), *row = rows.data();
    std::int16_t* to = sums.data();
    for (int x = 0; x < in.width; ++x, ++column, ++row, to += channels) {
      const int left = pixel_of(*column) - 1, top = pixel_of(*row) - 1;
      const Taps<channels>&across = table[phase_of(*column)], &along = table[phase_of(*row)];
      const bool has_all = left >= 0 && top >= 0 && left * channels + kTouched<channels> <= in.stride() &&
                           top + kTaps <= in.height;
      if (has_all) {
        interpolate<channels>(in.row(top) + left * channels, in.stride(), across, along, to);
      } else {
        copy_window<channels>(in, left, top, border);
        interpolate<channels>(border, kTaps * channels, across, along, to);
      }
    }
    to_bytes(sums.data(), static_cast<int>(in.stride()), out.row(y));
  }
}

AUTOFOCUS_MULTIVERSION void warp_gray(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale,
                                            ImageU8 out, int first, int last) {
  warp_channels<1>(in, dx, dy, scale, out, first, last);
}

AUTOFOCUS_MULTIVERSION void warp_colour(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale,
                                              ImageU8 out, int first, int last) {
  warp_channels<3>(in, dx, dy, scale, out, first, last);
}

// The coordinate within 0..side - 1; 0 for what is no number.
float inside(float coordinate, int side) {
  return coordinate > 0.0f ? std::min(coordinate, static_cast<float>(side - 1)) : 0.0f;
}

}  // namespace

void warp_u8(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale, ImageU8 out) {
  const auto kernel = in.channels == 3 ? warp_colour : warp_gray;
  parallel_rows(in.height, [=](int first, int last) { kernel(in, dx, dy, scale, out, first, last); });
}

void warp_f32(ConstImageF32 in, ConstImageF32 dx, ConstImageF32 dy, float scale, ImageF32 out) {
  Enlarged dx_map(dx, in.width, in.height), dy_map(dy, in.width, in.height);
  std::vector<float> right, down;
  for (int y = 0; y < in.height; ++y) {
    dx_map.row(y, right);
    dy_map.row(y, down);
    float* to = out.row(y);
    for (int x = 0; x < in.width; ++x, to += in.channels) {
      const std::size_t at = static_cast<std::size_t>(x);
      const float px = inside(static_cast<float>(x) + scale * right[at], in.width);
      const float py = inside(static_cast<float>(y) + scale * down[at], in.height);
      const int x0 = static_cast<int>(px), y0 = static_cast<int>(py);
      const int x1 = std::min(x0 + 1, in.width - 1), y1 = std::min(y0 + 1, in.height - 1);
      const float tx = px - static_cast<float>(x0), ty = py - static_cast<float>(y0);
      for (int c = 0; c < in.channels; ++c) {
        const auto value = [&](int column, int row) { return in.row(row)[column * in.channels + c]; };
        const float upper = value(x0, y0) + tx * (value(x1, y0) - value(x0, y0));
        const float lower = value(x0, y1) + tx * (value(x1, y1) - value(x0, y1));
        to[c] = upper + ty * (lower - upper);
      }
    }
  }
}

}  // namespace autofocus
