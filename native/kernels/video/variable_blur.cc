#include "kernels/video/variable_blur.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "kernels/gaussian_blur.h"
#include "kernels/video/enlarge.h"

namespace autofocus {
namespace {

constexpr std::array<float, 7> kSigmas{0.0f, 0.75f, 1.5f, 3.0f, 6.0f, 12.0f, kMaxVariableSigma};

}  // namespace

void variable_blur(ConstImageF32 picture, ConstImageF32 sigma, ImageF32 out) {
  const Roi whole{0, 0, picture.width, picture.height};
  const float most = *std::max_element(sigma.data, sigma.data + sigma.size());
  std::vector<std::vector<float>> levels;
  for (std::size_t k = 0; k < kSigmas.size() && (k == 0 || kSigmas[k - 1] < most); ++k) {
    levels.emplace_back(picture.size());
    const ImageF32 level{levels.back().data(), picture.width, picture.height, 1};
    if (k == 0) {
      std::copy_n(picture.data, picture.size(), level.data);
      continue;
    }
    // Variances of Gaussian blurs add up.
    const ConstImageF32 finer{levels[k - 1].data(), picture.width, picture.height, 1};
    gaussian_blur(finer, whole, std::sqrt(kSigmas[k] * kSigmas[k] - kSigmas[k - 1] * kSigmas[k - 1]), level);
  }
  Enlarged map(sigma, picture.width, picture.height);
  std::vector<float> line;
  std::size_t at = 0;
  for (int y = 0; y < picture.height; ++y) {
    map.row(y, line);
    for (const float wanted : line) {
      const float value = std::clamp(wanted, 0.0f, kMaxVariableSigma);
      std::size_t k = 0;
      while (k + 2 < levels.size() && kSigmas[k + 1] < value) ++k;
      if (k + 1 < levels.size()) {
        // Between two levels the variance, not the deviation, is what mixes.
        const float low = kSigmas[k] * kSigmas[k], high = kSigmas[k + 1] * kSigmas[k + 1];
        const float share = std::clamp((value * value - low) / (high - low), 0.0f, 1.0f);
        out.data[at] = levels[k][at] + share * (levels[k + 1][at] - levels[k][at]);
      } else {
        out.data[at] = levels[k][at];
      }
      ++at;
    }
  }
}

}  // namespace autofocus
