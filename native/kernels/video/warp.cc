#include "kernels/video/warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/video/enlarge.h"

namespace autofocus {
namespace {

// Sub-pixel positions told apart, and the unit of the weights.
constexpr int kPhases = 64;
constexpr int kUnit = 1 << 7;

using Taps = std::array<int, 4>;

// Keys' weights for each phase, in units of 1/kUnit, adding up to kUnit.
std::array<Taps, kPhases> cubic_taps() {
  std::array<Taps, kPhases> table;
  for (int phase = 0; phase < kPhases; ++phase) {
    const double t = static_cast<double>(phase) / kPhases, t2 = t * t, t3 = t2 * t;
    Taps taps{static_cast<int>(std::lround(kUnit * (-0.5 * t + t2 - 0.5 * t3))),
              static_cast<int>(std::lround(kUnit * (1.0 - 2.5 * t2 + 1.5 * t3))),
              static_cast<int>(std::lround(kUnit * (0.5 * t + 2.0 * t2 - 1.5 * t3))),
              static_cast<int>(std::lround(kUnit * (-0.5 * t2 + 0.5 * t3)))};
    taps[phase < kPhases / 2 ? 1 : 2] += kUnit - (taps[0] + taps[1] + taps[2] + taps[3]);
    table[static_cast<std::size_t>(phase)] = taps;
  }
  return table;
}

// The coordinate within 0..side - 1; 0 for what is no number.
float inside(float coordinate, int side) {
  return coordinate > 0.0f ? std::min(coordinate, static_cast<float>(side - 1)) : 0.0f;
}

// A coordinate as a whole pixel and a phase. Far outside it only needs to stay representable.
struct Position {
  int pixel;
  int phase;
};

Position position(float coordinate) {
  const float near = std::isfinite(coordinate) ? std::clamp(coordinate, -1e6f, 1e6f) : 0.0f;
  const int fine = static_cast<int>(std::lround(near * kPhases));
  const int pixel = fine >= 0 ? fine / kPhases : -((-fine + kPhases - 1) / kPhases);
  return {pixel, fine - pixel * kPhases};
}

template <int channels>
void warp_channels(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, ImageU8 out) {
  static const std::array<Taps, kPhases> table = cubic_taps();
  Enlarged dx_map(dx, in.width, in.height), dy_map(dy, in.width, in.height);
  std::vector<float> right, down;
  for (int y = 0; y < in.height; ++y) {
    dx_map.row(y, right);
    dy_map.row(y, down);
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < in.width; ++x, to += channels) {
      const std::size_t at = static_cast<std::size_t>(x);
      const Position column = position(static_cast<float>(x) + right[at]);
      const Position row = position(static_cast<float>(y) + down[at]);
      if (column.phase == 0 && row.phase == 0) {
        const std::uint8_t* from = in.row(std::clamp(row.pixel, 0, in.height - 1)) +
                                   std::clamp(column.pixel, 0, in.width - 1) * channels;
        std::copy_n(from, channels, to);
        continue;
      }
      const Taps& across = table[static_cast<std::size_t>(column.phase)];
      const Taps& along = table[static_cast<std::size_t>(row.phase)];
      int index[4];
      for (int i = 0; i < 4; ++i) index[i] = std::clamp(column.pixel - 1 + i, 0, in.width - 1) * channels;
      int sum[channels] = {};
      for (int j = 0; j < 4; ++j) {
        const std::uint8_t* from = in.row(std::clamp(row.pixel - 1 + j, 0, in.height - 1));
        const int weight = along[static_cast<std::size_t>(j)];
        for (int c = 0; c < channels; ++c) {
          sum[c] += weight * (across[0] * from[index[0] + c] + across[1] * from[index[1] + c] +
                              across[2] * from[index[2] + c] + across[3] * from[index[3] + c]);
        }
      }
      constexpr int half = kUnit * kUnit / 2;
      for (int c = 0; c < channels; ++c) {
        to[c] = static_cast<std::uint8_t>(std::clamp((sum[c] + half) / (kUnit * kUnit), 0, 255));
      }
    }
  }
}

}  // namespace

void warp_u8(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, ImageU8 out) {
  if (in.channels == 3) {
    warp_channels<3>(in, dx, dy, out);
  } else {
    warp_channels<1>(in, dx, dy, out);
  }
}

void warp_f32(ConstImageF32 in, ConstImageF32 dx, ConstImageF32 dy, ImageF32 out) {
  Enlarged dx_map(dx, in.width, in.height), dy_map(dy, in.width, in.height);
  std::vector<float> right, down;
  for (int y = 0; y < in.height; ++y) {
    dx_map.row(y, right);
    dy_map.row(y, down);
    float* to = out.row(y);
    for (int x = 0; x < in.width; ++x, to += in.channels) {
      const std::size_t at = static_cast<std::size_t>(x);
      const float px = inside(static_cast<float>(x) + right[at], in.width);
      const float py = inside(static_cast<float>(y) + down[at], in.height);
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
