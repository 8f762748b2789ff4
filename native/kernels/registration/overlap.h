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

// The columns of row y that `m`, from a pixel of the reference to one of the moving frame, takes to pixels of a frame
// of this size less its `border`.
inline Span inside_row(const Affine& m, int y, int width, int height, int border) {
  double first = 0, last = width - 1;
  // border <= slope x + offset <= side - 1 - border
  const auto clip = [&](double slope, double offset, int side) {
    const double low = border - offset, high = side - 1 - border - offset;
    if (high < low || (slope == 0.0 && (low > 0.0 || high < 0.0))) last = -1.0;
    if (slope == 0.0) return;
    first = std::max(first, std::ceil(std::min(low / slope, high / slope)));
    last = std::min(last, std::floor(std::max(low / slope, high / slope)));
  };
  clip(m[0], m[1] * y + m[2], width);
  clip(m[3], m[4] * y + m[5], height);
  return first <= last ? Span{static_cast<int>(first), static_cast<int>(last)} : Span{0, -1};
}

// The columns of row y that lie within both frames, less their borders.
inline Span overlap_row(const Affine& m, int y, int width, int height) {
  if (y < kFeatureBorder || y >= height - kFeatureBorder) return {0, -1};
  const Span inside = inside_row(m, y, width, height, kFeatureBorder);
  const Span overlap{std::max(inside.first, kFeatureBorder), std::min(inside.last, width - 1 - kFeatureBorder)};
  return overlap.first <= overlap.last ? overlap : Span{0, -1};
}

}  // namespace autofocus
