// Reads a small map of one channel at the pixels of a larger picture, bilinearly; the corners of both cover the same area, and beyond
// the outermost pixel centres of the map its edge goes on.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels/image_view.h"

namespace autofocus {

// Where the pixels along one side of the picture fall in the map.
struct EnlargedAxis {
  std::vector<int> first;
  std::vector<int> second;
  std::vector<float> share;  // of `second`

  EnlargedAxis(int small, int large) {
    for (int k = 0; k < large; ++k) {
      const float at = (static_cast<float>(k) + 0.5f) * static_cast<float>(small) / static_cast<float>(large) - 0.5f;
      const float inside = std::clamp(at, 0.0f, static_cast<float>(small - 1));
      const int i = std::min(static_cast<int>(inside), std::max(0, small - 2));
      first.push_back(i);
      second.push_back(std::min(i + 1, small - 1));
      share.push_back(inside - static_cast<float>(i));
    }
  }
};

class Enlarged {
 public:
  Enlarged(ConstImageF32 map, int width, int height)
      : map_(map), columns_(map.width, width), rows_(map.height, height) {}

  // Row `y` of the enlarged map.
  void row(int y, std::vector<float>& out) {
    const std::size_t at = static_cast<std::size_t>(y);
    const float* upper = map_.row(rows_.first[at]);
    const float* lower = map_.row(rows_.second[at]);
    const float down = rows_.share[at];
    line_.resize(static_cast<std::size_t>(map_.stride()));
    for (std::size_t k = 0; k < line_.size(); ++k) line_[k] = upper[k] + down * (lower[k] - upper[k]);
    out.resize(columns_.first.size());
    for (std::size_t x = 0; x < out.size(); ++x) {
      const float a = line_[static_cast<std::size_t>(columns_.first[x])];
      const float b = line_[static_cast<std::size_t>(columns_.second[x])];
      out[x] = a + columns_.share[x] * (b - a);
    }
  }

 private:
  ConstImageF32 map_;
  EnlargedAxis columns_;
  EnlargedAxis rows_;
  std::vector<float> line_;
};

}  // namespace autofocus
