// What the ring spectrum needs to know of a patch's side: the window, the transform, and where each coefficient counts.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/fft.h"
#include "kernels/ring_spectrum.h"

namespace autofocus::rings {

constexpr int kSectors = 4;
constexpr int kBins = kRings * kSectors;
constexpr int kRingsPerOctave = 12;
constexpr double kPi = 3.14159265358979323846;

inline int ring_of(double fx, double fy) {
  const double f = std::hypot(fx, fy);
  if (f >= 0.5 - 1e-9) return kRings - 1;
  // Patches of 1024 px hold frequencies below the first ring, which takes them in.
  return std::max(0, static_cast<int>(std::floor(kRingsPerOctave * (std::log2(f) + 9.0) + 1e-6)));
}

inline int sector_of(double fx, double fy) {
  const int eighth = static_cast<int>(std::floor((std::atan2(fy, fx) + kPi / 8) / (kPi / 4) + 1e-9));
  return (eighth + 8) % kSectors;
}

// The line a coefficient counts for, `kLines` or more where none; (0, 0) counts for none.
inline int line_of(int u, int v) {
  const int line = static_cast<int>(std::sqrt(static_cast<float>(u * u + v * v)) + 0.5f) - 1;
  return line < 0 ? kLines : line;
}

// What depends on the side of the patch alone.
struct Tables {
  explicit Tables(int side) : fft(side, side), window(static_cast<std::size_t>(side)), bins(fft.gain_size(), kBins) {
    double energy = 0;
    for (int k = 0; k < side; ++k) {
      const double w = 0.5 - 0.5 * std::cos(2 * kPi * k / side);
      window[static_cast<std::size_t>(k)] = static_cast<float>(w);
      energy += w * w;
      window_sum += w;
    }
    power_scale = static_cast<float>(1 / (energy * energy));
    for (int u = 0; u < fft.columns(); ++u) {
      for (int v = 0; v < side; ++v) {
        if ((u == 0 && v == 0) || u == side / 2 || v == side / 2) continue;
        const double fx = static_cast<double>(u) / side;
        const double fy = static_cast<double>(v <= side / 2 ? v : v - side) / side;
        const int bin = ring_of(fx, fy) * kSectors + sector_of(fx, fy);
        bins[fft.gain_index(u, v)] = static_cast<std::uint16_t>(bin);
        counts[static_cast<std::size_t>(bin)] += column_weight(u);
        const int line = line_of(u, v <= side / 2 ? v : v - side);
        if (line < kLines) line_counts[static_cast<std::size_t>(line)] += column_weight(u);
      }
    }
  }

  // Columns of the half spectrum stand for their mirror images too.
  static float column_weight(int u) { return u == 0 ? 1.0f : 2.0f; }

  RealFft2d fft;
  std::vector<float> window;
  double window_sum = 0;
  float power_scale = 0;
  // Ring and sector of each coefficient, in the order of a gain; kBins for those that do not count.
  std::vector<std::uint16_t> bins;
  std::array<float, kBins + 1> counts{};
  std::array<float, kLines> line_counts{};
};

}  // namespace autofocus::rings
