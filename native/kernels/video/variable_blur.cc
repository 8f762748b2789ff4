#include "kernels/video/variable_blur.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/disk_blur.h"
#include "kernels/video/enlarge.h"

namespace autofocus {
namespace {

// Radii that are rendered: 0, then from kFinest on by this factor.
constexpr float kFinest = 0.7f;
constexpr float kFactor = 1.4142135f;

// 0 for what is no number.
float within(float radius) { return radius > 0.0f ? std::min(radius, kMaxVariableRadius) : 0.0f; }

// The radii that values between `least` and `most` are looked up between, ascending.
std::vector<float> radii_for(float least, float most) {
  std::vector<float> radii{0.0f};
  for (float radius = kFinest; radii.back() < most; radius = std::min(radius * kFactor, kMaxVariableRadius)) {
    radii.push_back(radius);
  }
  // Levels below the last one that is not larger than the least are not needed.
  const auto first = std::upper_bound(radii.begin(), radii.end(), least);
  radii.erase(radii.begin(), first - 1);
  return radii;
}

}  // namespace

void variable_blur(ConstImageF32 picture, ConstImageF32 radius, ImageF32 out) {
  float least = kMaxVariableRadius, most = 0.0f;
  for (std::size_t k = 0; k < radius.size(); ++k) {
    least = std::min(least, within(radius.data[k]));
    most = std::max(most, within(radius.data[k]));
  }
  const std::vector<float> radii = radii_for(least, most);
  std::vector<float> light(picture.size());
  std::transform(picture.data, picture.data + picture.size(), light.begin(), [](float value) { return value * value; });
  const DiskBlurrer blurrer({light.data(), picture.width, picture.height, 1}, {0, 0, picture.width, picture.height},
                            radii.back());
  std::vector<std::vector<float>> levels;
  for (const float each : radii) {
    levels.emplace_back(picture.size());
    blurrer.blur(each, {levels.back().data(), picture.width, picture.height, 1});
  }
  Enlarged map(radius, picture.width, picture.height);
  std::vector<float> line;
  std::size_t at = 0;
  for (int y = 0; y < picture.height; ++y) {
    map.row(y, line);
    for (const float wanted : line) {
      const float value = within(wanted);
      std::size_t k = 0;
      while (k + 2 < levels.size() && radii[k + 1] < value) ++k;
      float mixed = levels[k][at];
      if (k + 1 < levels.size()) {
        // Between two disks the variance, a quarter of the squared radius, is what mixes.
        const float low = radii[k] * radii[k], high = radii[k + 1] * radii[k + 1];
        const float share = std::clamp((value * value - low) / (high - low), 0.0f, 1.0f);
        mixed += share * (levels[k + 1][at] - mixed);
      }
      out.data[at] = std::sqrt(std::max(mixed, 0.0f));
      ++at;
    }
  }
}

}  // namespace autofocus
