#include "kernels/fusion/frame_weights.h"

#include <algorithm>

namespace autofocus {
namespace {

// Weights below this are left out.
constexpr float kNegligible = 1e-4f;

AUTOFOCUS_INLINE float sixteenth_power(float x) {
  const float x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
  return x8 * x8;
}

AUTOFOCUS_MULTIVERSION void weigh(const float* energy, int count, float* best, float* weight, float* scale) {
  for (int k = 0; k < count; ++k) {
    const float most = best[k] < energy[k] ? energy[k] : best[k];
    weight[k] = sixteenth_power(energy[k] / most);
    scale[k] = sixteenth_power(best[k] / most);
    best[k] = most;
  }
}

// Whether a frame counts in any of these cells, or lowers what is there.
AUTOFOCUS_MULTIVERSION bool changes(const float* weight, const float* scale, int count) {
  int any = 0;
  for (int k = 0; k < count; ++k) any |= static_cast<int>(weight[k] >= kNegligible) | static_cast<int>(scale[k] < 1.0f);
  return any != 0;
}

}  // namespace

FrameWeights::FrameWeights(int columns, int rows) : columns_(columns), rows_(rows), blocks_((columns + kBlock - 1) / kBlock) {
  for (auto* plane : {&best_, &weight_, &scale_}) plane->resize(cell(rows), 0.0f);
  busy_.resize(static_cast<std::size_t>(blocks_) * static_cast<std::size_t>(rows));
}

void FrameWeights::add(const float* energy) {
  std::uint8_t* busy = busy_.data();
  for (int y = 0; y < rows_; ++y) {
    const std::size_t at = cell(y);
    weigh(energy + at, columns_, best_.data() + at, weight_.data() + at, scale_.data() + at);
    for (int begin = 0; begin < columns_; begin += kBlock) {
      const int first = std::max(begin - 1, 0), end = std::min(begin + kBlock + 1, columns_);
      *busy++ = changes(weight(y) + first, scale(y) + first, end - first) ? 1 : 0;
    }
  }
}

}  // namespace autofocus
