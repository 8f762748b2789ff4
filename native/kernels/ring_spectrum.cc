#include "kernels/ring_spectrum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "kernels/fft.h"
#include "kernels/multiversion.h"
#include "kernels/ring_tables.h"

namespace autofocus {
namespace {

using rings::kBins;
using rings::kSectors;
using rings::line_of;
using rings::Tables;

constexpr int kLanes = RealFft2d::kLanes;
// Rows that are windowed and transformed at a time.
constexpr int kRows = 2 * kLanes;
constexpr float kFloor = 0.001f;
constexpr double kGamma = 2.2;

// Camera value to nominal linear light, both 0..255.
const std::array<float, 256>& light_table() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> made{};
    for (std::size_t k = 0; k < made.size(); ++k) {
      made[k] = static_cast<float>(255 * std::pow(static_cast<double>(k) / 255, kGamma));
    }
    return made;
  }();
  return table;
}

const Tables& tables_for(int side) {
  static std::mutex mutex;
  static std::map<int, std::unique_ptr<const Tables>> made;
  const std::lock_guard<std::mutex> lock(mutex);
  auto& tables = made[side];
  if (!tables) tables = std::make_unique<const Tables>(side);
  return *tables;
}

// Sums over the patch: of the weighted light that is left, and of clipped values.
struct Levels {
  double left = 0;
  std::int64_t bright = 0;
  std::int64_t dark = 0;
};

// Rows [y, y + kRows) of the light of the patch less `mean`, times the window.
AUTOFOCUS_MULTIVERSION void window_rows(ConstImageU8 gray, const Roi& roi, const Tables& tables, float mean, int y,
                                        float* out, Levels& levels) {
  const int side = roi.width;
  const float* light = light_table().data();
  const float* w = tables.window.data();
  for (int k = 0; k < kRows; ++k) {
    const std::uint8_t* row = gray.row(roi.y + y + k) + roi.x;
    float* values = out + static_cast<std::ptrdiff_t>(k) * side;
    const float weight = w[y + k];
    float line[kLanes] = {};
    std::int32_t bright = 0, dark = 0;
    for (int x = 0; x < side; ++x) values[x] = light[row[x]];
    for (int x = 0; x < side; x += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) {
        values[x + lane] = (values[x + lane] - mean) * (w[x + lane] * weight);
        line[lane] += values[x + lane];
      }
    }
    for (int x = 0; x < side; ++x) {
      bright += row[x] >= 254;
      dark += row[x] <= 1;
    }
    for (const float each : line) levels.left += each;
    levels.bright += bright;
    levels.dark += dark;
  }
}

// The weighted mean of the light in some rows of the patch.
float rough_mean(ConstImageU8 gray, const Roi& roi, const Tables& tables) {
  const float* light = light_table().data();
  const float* w = tables.window.data();
  double sum = 0, weights = 0;
  for (int y = kRows / 2; y < roi.width; y += kRows) {
    const std::uint8_t* row = gray.row(roi.y + y) + roi.x;
    for (int x = 0; x < roi.width; x += 2) {
      sum += static_cast<double>(w[y]) * w[x] * light[row[x]];
      weights += static_cast<double>(w[y]) * w[x];
    }
  }
  return static_cast<float>(sum / weights);
}

// Takes `mean` times the transform of the window away, which is nothing but for the lowest frequencies: n / 2 at 0 and
// -n / 4 at 1 cycle a patch, either way.
void subtract_mean(const Tables& tables, float mean, float* spectrum) {
  const int side = tables.fft.height();
  for (int u = 0; u <= 1; ++u) {
    for (int v = -1; v <= 1; ++v) {
      const float across = u == 0 ? 0.5f : -0.25f, down = v == 0 ? 0.5f : -0.25f;
      const float n = static_cast<float>(side);
      spectrum[tables.fft.index(u, v < 0 ? side - 1 : v)] -= mean * n * n * across * down;
    }
  }
}

// Natural logarithm of a positive normal number, to 2e-6: exponent plus a polynomial in the mantissa, so that a loop of
// it becomes vector code.
inline float fast_log(float x) {
  std::int32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const std::int32_t exponent = (bits - 0x3f3504f3) >> 23;
  bits -= exponent * (1 << 23);
  float m;
  std::memcpy(&m, &bits, sizeof m);
  m -= 1.0f;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  return m + m * m * (p * m - 0.5f) + static_cast<float>(exponent) * 0.69314718056f;
}

// Sums over the bins, each lane by itself, so that no addition has to wait for the one before.
struct Sums {
  std::array<float, (kBins + 1) * kLanes> power{};
  std::array<float, (kBins + 1) * kLanes> log{};
};

// Adds the coefficients of one block of columns.
AUTOFOCUS_MULTIVERSION void tally(const Tables& tables, int u, const float* spectrum, Sums& sums) {
  const int side = tables.fft.height();
  const std::uint16_t* bin = tables.bins.data() + tables.fft.gain_index(u, 0);
  const float* value = spectrum + tables.fft.index(u, 0);
  float weight[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) weight[lane] = Tables::column_weight(u + lane);
  for (int v = 0; v < side; ++v, value += 2 * kLanes, bin += kLanes) {
    float power[kLanes], logarithm[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
      const float re = value[lane], im = value[lane + kLanes];
      const float p = (re * re + im * im) * tables.power_scale;
      power[lane] = weight[lane] * p;
      logarithm[lane] = weight[lane] * fast_log(p + kFloor);
    }
    for (int lane = 0; lane < kLanes; ++lane) {
      const std::size_t at = static_cast<std::size_t>(bin[lane]) * kLanes + static_cast<std::size_t>(lane);
      sums.power[at] += power[lane];
      sums.log[at] += logarithm[lane];
    }
  }
}

double over_lanes(const float* sums, std::size_t bin) {
  double sum = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum += sums[bin * kLanes + lane];
  return sum;
}

// Sums of the logarithm over the lines. Only the low corner of the spectrum holds any.
AUTOFOCUS_MULTIVERSION void tally_lines(const Tables& tables, const float* spectrum, double* sums) {
  const int side = tables.fft.height();
  const int reach = std::min(kLines, side / 2 - 1);
  for (int u = 0; u <= reach; ++u) {
    const double weight = Tables::column_weight(u);
    for (int v = -reach; v <= reach; ++v) {
      const int line = line_of(u, v);
      if (line >= kLines) continue;
      const float* at = spectrum + tables.fft.index(u, v < 0 ? v + side : v);
      const float power = (at[0] * at[0] + at[kLanes] * at[kLanes]) * tables.power_scale;
      sums[line] += weight * fast_log(power + kFloor);
    }
  }
}

// Gives rings without a coefficient (NaN) a value; see the header.
void fill_gaps(float* values) {
  int last = -1;
  for (int ring = 0; ring < kRings; ++ring) {
    if (std::isnan(values[ring])) continue;
    if (last < 0) {
      std::fill(values, values + ring, values[ring]);
    } else {
      const float step = (values[ring] - values[last]) / static_cast<float>(ring - last);
      for (int gap = last + 1; gap < ring; ++gap) values[gap] = values[last] + step * static_cast<float>(gap - last);
    }
    last = ring;
  }
}

float log_mean(double sum, float count) {
  return count > 0 ? static_cast<float>(std::log(sum / count + kFloor)) : std::nanf("");
}

void write_rings(const Tables& tables, const Sums& sums, float* features) {
  float* arithmetic = features;
  float* geometric = features + kRings;
  float* weakest = features + 2 * kRings;
  float* strongest = features + 3 * kRings;
  float sector[kSectors][kRings];
  for (int ring = 0; ring < kRings; ++ring) {
    double power = 0, log = 0;
    float count = 0;
    for (int s = 0; s < kSectors; ++s) {
      const auto bin = static_cast<std::size_t>(ring * kSectors + s);
      const double bin_power = over_lanes(sums.power.data(), bin);
      sector[s][ring] = log_mean(bin_power, tables.counts[bin]);
      power += bin_power;
      log += over_lanes(sums.log.data(), bin);
      count += tables.counts[bin];
    }
    arithmetic[ring] = log_mean(power, count);
    geometric[ring] = count > 0 ? static_cast<float>(log / count) : std::nanf("");
  }
  fill_gaps(arithmetic);
  fill_gaps(geometric);
  for (auto& each : sector) fill_gaps(each);
  for (int ring = 0; ring < kRings; ++ring) {
    const auto [low, high] =
        std::minmax({sector[0][ring], sector[1][ring], sector[2][ring], sector[3][ring]});
    weakest[ring] = low;
    strongest[ring] = high;
  }
}

void write_lines(const Tables& tables, const float* spectrum, float* lines) {
  std::array<double, kLines> sums{};
  tally_lines(tables, spectrum, sums.data());
  for (std::size_t line = 0; line < kLines; ++line) {
    const float count = tables.line_counts[line];
    lines[line] = count > 0 ? static_cast<float>(sums[line] / count) : lines[line - 1];
  }
}

}  // namespace

bool ring_spectrum_side(int side) { return side >= 32 && side <= 1024 && (side & (side - 1)) == 0; }

void ring_spectrum(ConstImageU8 gray, const Roi& roi, float* features) {
  const Tables& tables = tables_for(roi.width);
  // Kept by the thread: allocating and zeroing megabytes for each patch would cost as much as the arithmetic.
  thread_local std::vector<float> rows, scratch, spectrum;
  rows.resize(static_cast<std::size_t>(kRows) * static_cast<std::size_t>(roi.width));
  scratch.resize(tables.fft.scratch_size());
  spectrum.resize(tables.fft.spectrum_size());
  const float guess = rough_mean(gray, roi, tables);
  Levels levels;
  for (int y = 0; y < roi.width; y += kRows) {
    window_rows(gray, roi, tables, guess, y, rows.data(), levels);
    tables.fft.forward_rows(rows.data(), roi.width, roi.width, y, kRows, scratch.data(), spectrum.data());
  }
  const float left = static_cast<float>(levels.left / (tables.window_sum * tables.window_sum));
  Sums sums;
  for (int u = 0; u < tables.fft.columns(); u += kLanes) {
    tables.fft.forward_columns(u, roi.width, scratch.data(), spectrum.data());
    if (u == 0) subtract_mean(tables, left, spectrum.data());
    tally(tables, u, spectrum.data(), sums);
  }
  write_rings(tables, sums, features);
  const float area = static_cast<float>(roi.width) * static_cast<float>(roi.width);
  float* rest = features + 4 * kRings;
  rest[0] = std::log(guess + left + 1.0f);
  rest[1] = static_cast<float>(levels.bright) / area;
  rest[2] = static_cast<float>(levels.dark) / area;
  rest[3] = std::log2(static_cast<float>(roi.width));
  write_lines(tables, spectrum.data(), rest + 4);
}

}  // namespace autofocus
