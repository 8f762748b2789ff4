#include "kernels/defocus/hidden_fill.h"

#include <algorithm>

namespace autofocus {

HiddenFill::HiddenFill(ConstImageF32 picture, ConstImageU8 layers, int layer, Roi domain, int levels)
    : planes_(picture.channels + 1) {
  pull_first(picture, layers, layer, domain);
  while (static_cast<int>(levels_.size()) < levels) pull();
  for (std::size_t fine = levels_.size() - 1; fine-- > 0;) push(levels_[fine], levels_[fine + 1]);
}

HiddenFill::Level HiddenFill::new_level(int fine_width, int fine_height) const {
  const int width = (fine_width + 1) / 2, height = (fine_height + 1) / 2;
  return {width, height,
          std::vector<float>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                             static_cast<std::size_t>(planes_ + 1))};
}

// Nodes of the first level: means over the known pixels among 2x2.
void HiddenFill::pull_first(ConstImageF32 picture, ConstImageU8 layers, int layer, Roi domain) {
  Level level = new_level(domain.width, domain.height);
  float* to = level.nodes.data();
  for (int y = 0; y < level.height; ++y) {
    for (int x = 0; x < level.width; ++x, to += planes_ + 1) {
      int known = 0;
      for (int j = 2 * y; j < std::min(2 * y + 2, domain.height); ++j) {
        for (int i = 2 * x; i < std::min(2 * x + 2, domain.width); ++i) {
          const int index = layers.row(domain.y + j)[domain.x + i];
          if (index > layer) continue;
          ++known;
          if (index < layer) continue;
          const float* colour =
              picture.row(domain.y + j) + static_cast<std::ptrdiff_t>(domain.x + i) * picture.channels;
          for (int k = 0; k < planes_ - 1; ++k) to[k] += colour[k];
          to[planes_ - 1] += 1.0f;
        }
      }
      if (known == 0) continue;
      const float scale = 1.0f / static_cast<float>(known);
      for (int k = 0; k < planes_; ++k) to[k] *= scale;
      to[planes_] = 1.0f;
    }
  }
  levels_.push_back(std::move(level));
}

// The next coarser level: means over the known nodes among 2x2.
void HiddenFill::pull() {
  const Level& fine = levels_.back();
  Level level = new_level(fine.width, fine.height);
  float* to = level.nodes.data();
  for (int y = 0; y < level.height; ++y) {
    for (int x = 0; x < level.width; ++x, to += planes_ + 1) {
      for (int j = 2 * y; j < std::min(2 * y + 2, fine.height); ++j) {
        for (int i = 2 * x; i < std::min(2 * x + 2, fine.width); ++i) {
          const float* from = node(fine, i, j);
          if (from[planes_] == 0.0f) continue;
          for (int k = 0; k <= planes_; ++k) to[k] += from[k];
        }
      }
      if (to[planes_] == 0.0f) continue;
      const float scale = 1.0f / to[planes_];
      for (int k = 0; k < planes_; ++k) to[k] *= scale;
      to[planes_] = 1.0f;
    }
  }
  levels_.push_back(std::move(level));
}

// Fills the unknown nodes of a level from the next coarser one.
void HiddenFill::push(Level& fine, const Level& coarse) const {
  float* to = fine.nodes.data();
  for (int y = 0; y < fine.height; ++y) {
    for (int x = 0; x < fine.width; ++x, to += planes_ + 1) {
      if (to[planes_] == 0.0f) interpolate(coarse, x, y, to);
    }
  }
}

void HiddenFill::interpolate(const Level& level, int x, int y, float* values) const {
  // A pixel's centre lies a quarter of a node towards the even or the odd side.
  const int x0 = x / 2, y0 = y / 2;
  const int x1 = std::clamp(x % 2 == 0 ? x0 - 1 : x0 + 1, 0, level.width - 1);
  const int y1 = std::clamp(y % 2 == 0 ? y0 - 1 : y0 + 1, 0, level.height - 1);
  const float *a = node(level, x0, y0), *b = node(level, x1, y0), *c = node(level, x0, y1), *d = node(level, x1, y1);
  for (int k = 0; k < planes_; ++k) {
    values[k] = 0.5625f * a[k] + 0.1875f * (b[k] + c[k]) + 0.0625f * d[k];
  }
}

}  // namespace autofocus
