#include "kernels/video/warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstddef>
#include <cstring>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/parallel_rows.h"
#include "kernels/video/enlarge.h"

namespace autofocus {
namespace {

// Sub-pixel positions told apart.
constexpr int kPhases = 64;
constexpr int kTaps = 4;

using Taps = std::array<float, kTaps>;

// Keys' weights for each phase.
std::array<Taps, kPhases> cubic_taps() {
  std::array<Taps, kPhases> table;
  for (int phase = 0; phase < kPhases; ++phase) {
    const float t = static_cast<float>(phase) / kPhases, t2 = t * t, t3 = t2 * t;
    table[static_cast<std::size_t>(phase)] = {-0.5f * t + t2 - 0.5f * t3, 1.0f - 2.5f * t2 + 1.5f * t3,
                                              0.5f * t + 2.0f * t2 - 1.5f * t3, -0.5f * t2 + 0.5f * t3};
  }
  return table;
}

// How far outside the picture positions are told apart; there nothing but its edge is seen.
constexpr int kFar = 8;

// Positions in units of 1/kPhases px, counted from -kFar: start + k * step + scale * offsets[k], -kFar for what is no number.
inline __attribute__((always_inline)) void fine_positions(const float* __restrict offsets, float scale, int count,
                                                          float start, float step, int side,
                                                          std::int32_t* __restrict out) {
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

inline std::uint8_t to_byte(float value) { return static_cast<std::uint8_t>(std::min(std::max(value, 0.0f), 255.0f) + 0.5f); }

// Bytes of a row of the window that are touched: vectors of a whole size are quicker than exact ones.
template <int channels>
constexpr int kTouched = channels == 1 ? 4 : 16;

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

// `stride` is the distance between the rows of the window.
template <int channels>
inline __attribute__((always_inline)) void interpolate(const std::uint8_t* __restrict window, std::ptrdiff_t stride,
                                                       const Taps& across, const Taps& along,
                                                       std::uint8_t* __restrict to) {
  const float a = along[0], b = along[1], c = along[2], d = along[3];
  float line[kTouched<channels>];
  for (int k = 0; k < kTouched<channels>; ++k) {
    line[k] = a * static_cast<float>(window[k]) + b * static_cast<float>(window[k + stride]) +
              c * static_cast<float>(window[k + 2 * stride]) + d * static_cast<float>(window[k + 3 * stride]);
  }
  for (int k = 0; k < channels; ++k) {
    to[k] = to_byte(across[0] * line[k] + across[1] * line[channels + k] + across[2] * line[2 * channels + k] +
                    across[3] * line[3 * channels + k]);
  }
}

template <int channels>
inline __attribute__((always_inline)) void warp_channels(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale,
                                                         ImageU8 out, int first, int last) {
  static const std::array<Taps, kPhases> table = cubic_taps();
  Enlarged dx_map(dx, in.width, in.height), dy_map(dy, in.width, in.height);
  std::vector<float> right, down;
  std::vector<std::int32_t> columns(static_cast<std::size_t>(in.width)), rows(columns.size());
  std::uint8_t border[(kTaps - 1) * kTaps * channels + kTouched<channels>] = {};
  for (int y = first; y < last; ++y) {
    dx_map.row(y, right);
    dy_map.row(y, down);
    fine_positions(right.data(), scale, in.width, 0.0f, 1.0f, in.width, columns.data());
    fine_positions(down.data(), scale, in.width, static_cast<float>(y), 0.0f, in.height, rows.data());
    const std::int32_t *column = columns.data(), *row = rows.data();
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < in.width; ++x, ++column, ++row, to += channels) {
      const int left = pixel_of(*column) - 1, top = pixel_of(*row) - 1;
      const std::size_t across = phase_of(*column), along = phase_of(*row);
      const bool has_all = left >= 0 && top >= 0 && left * channels + kTouched<channels> <= in.stride() &&
                           top + kTaps <= in.height;
      if (has_all && (across | along) == 0) {
        std::memcpy(to, in.row(top + 1) + (left + 1) * channels, channels);
      } else if (has_all) {
        interpolate<channels>(in.row(top) + left * channels, in.stride(), table[across], table[along], to);
      } else {
        copy_window<channels>(in, left, top, border);
        interpolate<channels>(border, kTaps * channels, table[across], table[along], to);
      }
    }
  }
}

AUTOFOCUS_MULTIVERSION void warp_gray(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale, ImageU8 out,
                                      int first, int last) {
  warp_channels<1>(in, dx, dy, scale, out, first, last);
}

AUTOFOCUS_MULTIVERSION void warp_colour(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale, ImageU8 out,
                                        int first, int last) {
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
