// Means over a window in single precision arithmetic that does not lose small terms.
#pragma once

#include <algorithm>

#include "kernels/image_view.h"

namespace autofocus::focus {

// The sum of term(0) .. term(n - 1): kept in several sums, which the compiler may make a vector, joined in double.
template <typename Term>
inline __attribute__((always_inline)) double lane_sum(int n, Term term) {
  constexpr int kLanes = 16;
  float lanes[kLanes] = {};
  int x = 0;
  for (; x + kLanes <= n; x += kLanes) {
    for (int k = 0; k < kLanes; ++k) lanes[k] += term(x + k);
  }
  double sum = 0.0;
  for (; x < n; ++x) sum += term(x);
  for (const float lane : lanes) sum += lane;
  return sum;
}

// The mean of a term over the places where a stencil of `span_x` x `span_y` pixels fits; 0 where it fits nowhere. The term
// gets a pointer to the stencil's top-left pixel.
template <typename Term>
inline __attribute__((always_inline)) double stencil_mean(ConstImageF32 window, int span_x, int span_y, Term term) {
  const int columns = window.width - span_x + 1;
  const int rows = window.height - span_y + 1;
  if (columns <= 0 || rows <= 0) return 0.0;
  double sum = 0.0;
  for (int y = 0; y < rows; ++y) {
    const float* row = window.row(y);
    sum += lane_sum(columns, [&](int x) __attribute__((always_inline)) { return term(row + x); });
  }
  return sum / (static_cast<double>(columns) * rows);
}

}  // namespace autofocus::focus
