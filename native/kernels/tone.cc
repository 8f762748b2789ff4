#include "kernels/tone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/random.h"

namespace autofocus {
namespace {

template <typename T>
void linearise_by_table(ImageView<const T> in, double gamma, ImageF32 out) {
  constexpr int most = std::numeric_limits<T>::max();
  std::vector<float> table;
  for (int value = 0; value <= most; ++value) {
    table.push_back(static_cast<float>(std::pow(static_cast<double>(value) / most, gamma)));
  }
  const std::size_t count = in.size();
  for (std::size_t k = 0; k < count; ++k) out.data[k] = table[in.data[k]];
}

// round(255 v^(1 / gamma)) without a power for every pixel: a table finds the value or the one below, and the light at
// which values change decides.
class ToneCurve {
 public:
  explicit ToneCurve(double gamma) {
    for (int value = 0; value < 256; ++value) {
      limit_[static_cast<std::size_t>(value)] = static_cast<float>(std::pow((value + 0.5) / 255.0, gamma));
    }
    limit_[255] = std::numeric_limits<float>::infinity();
    std::size_t value = 0;
    for (std::size_t k = 0; k < guess_.size(); ++k) {
      const float light = static_cast<float>(k) / static_cast<float>(guess_.size());
      while (light >= limit_[value]) ++value;
      guess_[k] = static_cast<std::uint8_t>(value);
    }
  }

  // `light` is within 0..1.
  std::uint8_t operator()(float light) const {
    const std::size_t k = static_cast<std::size_t>(light * static_cast<float>(guess_.size()));
    std::uint8_t value = guess_[std::min(k, guess_.size() - 1)];
    while (light >= limit_[value]) ++value;
    return value;
  }

 private:
  std::array<float, 256> limit_;
  std::array<std::uint8_t, 4096> guess_;
};

}  // namespace

void linearise(ConstImageU8 in, double gamma, ImageF32 out) { linearise_by_table(in, gamma, out); }

void linearise(ConstImageU16 in, double gamma, ImageF32 out) { linearise_by_table(in, gamma, out); }

void expose(ConstImageF32 in, const Exposure& exposure, ImageU8 out) {
  const ToneCurve tone(exposure.gamma);
  Random random(exposure.seed);
  const float gain = static_cast<float>(exposure.gain);
  const float shot = exposure.shot_noise > 0.0 ? static_cast<float>(1.0 / exposure.shot_noise) : 0.0f;
  const float read = static_cast<float>(exposure.read_noise * exposure.read_noise);
  const bool noisy = shot > 0.0f || read > 0.0f;
  const std::size_t count = in.size();
  for (std::size_t k = 0; k < count; ++k) {
    float light = gain * in.data[k];
    if (noisy) light += std::sqrt(shot * std::max(light, 0.0f) + read) * random.normal();
    // In this order NaN becomes black.
    out.data[k] = tone(std::min(std::max(0.0f, light), 1.0f));
  }
}

}  // namespace autofocus
