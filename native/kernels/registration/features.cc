#include "kernels/registration/features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "kernels/box_filter.h"
#include "kernels/gaussian_blur.h"
#include "kernels/luma_row.h"
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

AUTOFOCUS_MULTIVERSION void add_row(const float* row, int count, float* __restrict sum) {
  for (int x = 0; x < count; ++x) sum[x] += row[x];
}

// Means of `reduction` x `reduction` pixels; what does not fill one is left out, unless there is no more.
template <typename T>
Gray reduced(ImageView<const T> frame, int reduction, int columns, int rows) {
  Gray out{columns, rows, std::vector<float>(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows))};
  const int across = std::min(reduction, frame.width), down = std::min(reduction, frame.height);
  const float scale = 1.0f / static_cast<float>(across * down);
  std::vector<float> sums(static_cast<std::size_t>(frame.width)), luma(sums);
  for (int y = 0; y < rows; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (int k = 0; k < down; ++k) {
      luma_row(frame.row(y * down + k), frame.width, frame.channels, scale, luma.data());
      add_row(luma.data(), frame.width, sums.data());
    }
    float* to = out.values.data() + static_cast<std::ptrdiff_t>(y) * columns;
    for (int x = 0; x < columns; ++x) {
      const float* from = sums.data() + static_cast<std::ptrdiff_t>(x) * across;
      float sum = 0.0f;
      for (int k = 0; k < across; ++k) sum += from[k];
      to[x] = sum;
    }
  }
  return out;
}

// A difference of Gaussians over its own contrast around each place. Returns the energy it has before.
double band(const Gray& picture, ImageF32 out) {
  const Roi all{0, 0, picture.width, picture.height};
  std::vector<float> coarse(picture.values.size()), squares(coarse), contrast(coarse);
  gaussian_blur(picture.view(), all, kFine, out);
  gaussian_blur(picture.view(), all, kCoarse, {coarse.data(), picture.width, picture.height, 1});
  for (std::size_t k = 0; k < coarse.size(); ++k) {
    out.data[k] -= coarse[k];
    squares[k] = out.data[k] * out.data[k];
  }
  box_filter({squares.data(), picture.width, picture.height, 1}, kWindow, WindowBorder::shrink,
             {contrast.data(), picture.width, picture.height, 1});
  double sum = 0.0;
  for (const float value : contrast) sum += value;
  const double energy = sum / static_cast<double>(contrast.size());
  // A picture without any contrast has no features.
  if (energy == 0.0) {
    std::fill_n(out.data, out.size(), 0.0f);
  } else if (std::isfinite(energy)) {
    const float floor = static_cast<float>(kFloor * kFloor * energy);
    for (std::size_t k = 0; k < contrast.size(); ++k) out.data[k] /= std::sqrt(std::max(0.0f, contrast[k]) + floor);
  }
  return energy;
}

}  // namespace

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

template <typename T>
std::vector<double> feature_levels(ImageView<const T> frame, const std::vector<LevelSize>& sizes,
                                   const std::vector<BlursOut>& out) {
  std::vector<double> energies(sizes.size());
  Gray picture{};
  for (std::size_t level = sizes.size(); level-- > 0;) {
    const auto& [reduction, width, height] = sizes[level];
    picture = level + 1 == sizes.size() ? reduced(frame, reduction, width, height)
                                        : reduced(picture.view(), 2, width, height);
    const BlursOut& blurred = out[level];
    energies[level] = band(picture, blurred[0]);
    for (std::size_t k = 1; k < kBlurs; ++k) {
      gaussian_blur(blurred[0].as_const(), {0, 0, width, height}, kOffered[k], blurred[k]);
    }
  }
  return energies;
}

template std::vector<double> feature_levels(ConstImageU8, const std::vector<LevelSize>&, const std::vector<BlursOut>&);
template std::vector<double> feature_levels(ConstImageU16, const std::vector<LevelSize>&, const std::vector<BlursOut>&);
template std::vector<double> feature_levels(ConstImageF32, const std::vector<LevelSize>&, const std::vector<BlursOut>&);

}  // namespace autofocus
