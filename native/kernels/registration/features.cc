#include "kernels/registration/features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include "kernels/box_filter.h"
#include "kernels/gaussian_blur.h"
#include "kernels/multiversion.h"

namespace autofocus {
namespace {

// Standard deviations of the two Gaussians whose difference is the band, px of the level.
constexpr double kFine = 1.0;
constexpr double kCoarse = 2.2;
// Half the side of the window over which contrast is evened, px of the level.
constexpr int kWindow = 8;
// Contrast, relative to that of the picture (root mean square), below which it is not raised to the same height.
constexpr double kFloor = 0.5;
// Standard deviations of what is offered to make up for a difference in defocus, px of the level.
constexpr std::array<double, kBlurs> kOffered = {0.0, 1.2, 3.0};

// A picture of one channel.
struct Gray {
  int width;
  int height;
  std::vector<float> values;

  ConstImageF32 view() const { return {values.data(), width, height, 1}; }
};

// Luma of ITU-R BT.601, in the range of the values.
template <typename T>
inline __attribute__((always_inline)) void add_luma(const T* row, int width, int channels, float* out) {
  if (channels == 1) {
    for (int x = 0; x < width; ++x) out[x] += static_cast<float>(row[x]);
    return;
  }
  for (int x = 0; x < width; ++x) {
    out[x] += 0.299f * static_cast<float>(row[3 * x]) + 0.587f * static_cast<float>(row[3 * x + 1]) +
              0.114f * static_cast<float>(row[3 * x + 2]);
  }
}
AUTOFOCUS_MULTIVERSION void add_luma_of(const std::uint8_t* row, int width, int channels, float* out) {
  add_luma(row, width, channels, out);
}
AUTOFOCUS_MULTIVERSION void add_luma_of(const std::uint16_t* row, int width, int channels, float* out) {
  add_luma(row, width, channels, out);
}
AUTOFOCUS_MULTIVERSION void add_luma_of(const float* row, int width, int channels, float* out) {
  add_luma(row, width, channels, out);
}

// Means of `reduction` x `reduction` pixels; what does not fill one is left out, unless there is no more.
template <typename T>
Gray reduced(ImageView<const T> frame, int reduction, int columns, int rows) {
  Gray out{columns, rows, std::vector<float>(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows))};
  const int across = std::min(reduction, frame.width), down = std::min(reduction, frame.height);
  std::vector<float> sums(static_cast<std::size_t>(frame.width));
  for (int y = 0; y < rows; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (int k = 0; k < down; ++k) add_luma_of(frame.row(y * down + k), frame.width, frame.channels, sums.data());
    float* to = out.values.data() + static_cast<std::ptrdiff_t>(y) * columns;
    const float scale = 1.0f / static_cast<float>(across * down);
    for (int x = 0; x < columns; ++x) {
      const float* from = sums.data() + static_cast<std::ptrdiff_t>(x) * across;
      float sum = 0.0f;
      for (int k = 0; k < across; ++k) sum += from[k];
      to[x] = sum * scale;
    }
  }
  return out;
}

std::vector<float> blurred(ConstImageF32 in, double sigma) {
  std::vector<float> out(in.size());
  gaussian_blur(in, {0, 0, in.width, in.height}, sigma, {out.data(), in.width, in.height, 1});
  return out;
}

// A difference of Gaussians over its own contrast around each place. Returns the energy it has before.
double band(const Gray& picture, std::vector<float>& out) {
  out = blurred(picture.view(), kFine);
  const std::vector<float> coarse = blurred(picture.view(), kCoarse);
  std::vector<float> squares(out.size()), contrast(out.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] -= coarse[k];
    squares[k] = out[k] * out[k];
  }
  box_filter({squares.data(), picture.width, picture.height, 1}, kWindow, WindowBorder::shrink,
             {contrast.data(), picture.width, picture.height, 1});
  double sum = 0.0;
  for (const float value : contrast) sum += value;
  const double energy = sum / static_cast<double>(contrast.size());
  // A picture without any contrast has no features.
  if (energy == 0.0) {
    std::fill(out.begin(), out.end(), 0.0f);
  } else if (std::isfinite(energy)) {
    const float floor = static_cast<float>(kFloor * kFloor * energy);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] /= std::sqrt(std::max(0.0f, contrast[k]) + floor);
  }
  return energy;
}

FeatureLevel level_of(const Gray& picture, int reduction) {
  FeatureLevel level{reduction, picture.width, picture.height, {}, 0.0};
  level.energy = band(picture, level.blurred[0]);
  for (std::size_t k = 1; k < kBlurs; ++k) {
    level.blurred[k] = blurred({level.blurred[0].data(), picture.width, picture.height, 1}, kOffered[k]);
  }
  return level;
}

struct LevelSize {
  int reduction;
  int width;
  int height;
};

// The coarsest first.
std::vector<LevelSize> level_sizes(int width, int height, int finest, int coarsest) {
  std::vector<LevelSize> sizes;
  for (int reduction = 1;; reduction *= 2) {
    const int side = std::max(width, height);
    if (side <= finest) sizes.insert(sizes.begin(), {reduction, width, height});
    if (side <= coarsest) return sizes;
    width = std::max(1, width / 2);
    height = std::max(1, height / 2);
  }
}

}  // namespace

template <typename T>
std::vector<FeatureLevel> feature_levels(ImageView<const T> frame, int finest, int coarsest) {
  std::vector<FeatureLevel> levels;
  Gray picture{};
  const std::vector<LevelSize> sizes = level_sizes(frame.width, frame.height, finest, coarsest);
  for (auto size = sizes.rbegin(); size != sizes.rend(); ++size) {
    picture = levels.empty() ? reduced(frame, size->reduction, size->width, size->height)
                             : reduced(picture.view(), 2, size->width, size->height);
    levels.insert(levels.begin(), level_of(picture, size->reduction));
  }
  return levels;
}

template std::vector<FeatureLevel> feature_levels(ConstImageU8, int, int);
template std::vector<FeatureLevel> feature_levels(ConstImageU16, int, int);
template std::vector<FeatureLevel> feature_levels(ConstImageF32, int, int);

}  // namespace autofocus
