// Which pixels of a frame another one shows too, seen through an affine map.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace autofocus {

using Affine = std::array<double, 6>;

// Pixels at the borders where the features of a frame know only half of what is around them.
constexpr int kFeatureBorder = 3;

// Columns first..last; none where last < first.
struct Span {
  int first;
  int last;
};

// The columns of row y that lie within both frames of this size, less their borders. `m` maps a pixel of the reference
// to one of the moving frame.
inline Span overlap_row(const Affine& m, int y, int width, int height) {
  double first = kFeatureBorder, last = width - 1 - kFeatureBorder;
  // kFeatureBorder <= slope x + offset <= side - 1 - kFeatureBorder
  const auto clip = [&](double slope, double offset, int side) {
    const double low = kFeatureBorder - offset, high = side - 1 - kFeatureBorder - offset;
    if (slope == 0.0) {
      if (low > 0.0 || high < 0.0) last = -1.0;
      return;
    }
    first = std::max(first, std::ceil(std::min(low / slope, high / slope)));
    last = std::min(last, std::floor(std::max(low / slope, high / slope)));
  };
  clip(m[0], m[1] * y + m[2], width);
  clip(m[3], m[4] * y + m[5], height);
  const bool is_inside = y >= kFeatureBorder && y < height - kFeatureBorder && first <= last;
  return is_inside ? Span{static_cast<int>(first), static_cast<int>(last)} : Span{0, -1};
}

}  // namespace autofocus
