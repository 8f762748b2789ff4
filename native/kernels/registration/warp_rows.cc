#include "kernels/registration/warp_rows.h"

#include <algorithm>
#include <cmath>

#include "kernels/multiversion.h"
#include "kernels/vector8.h"

namespace autofocus {
namespace {

constexpr int kTaps = 4;

// Where the pixels of a stretch lie past the second of their four taps, and by how much more each next one.
struct Stretch {
  float across, across_slope;
  float down, down_slope;
};

// The weights of the four taps around a place `t` past the second; `V`: one float, or several.
template <typename V>
AUTOFOCUS_INLINE void weigh(const V& t, V (&weights)[kTaps]) {
  weights[0] = t * (t * (1.0f - 0.5f * t) - 0.5f);
  weights[1] = 1.0f + t * t * (1.5f * t - 2.5f);
  weights[2] = t * (0.5f + t * (2.0f - 1.5f * t));
  weights[3] = t * t * (0.5f * t - 0.5f);
}

// `from[k]`: the first tap of the first row of picture k.
template <typename V>
AUTOFOCUS_INLINE void warp_at(const std::array<const float*, kBlurs>& from, std::ptrdiff_t stride,
                              int at, const V& across, const V& down,
                              const std::array<float*, kBlurs>& out) {
  V x[kTaps], y[kTaps];
  weigh(across, x);
  weigh(down, y);
  for (std::size_t k = 0; k < kBlurs; ++k) {
    const float* row = from[k] + at;
    V sum = {};
    for (int j = 0; j < kTaps; ++j, row += stride) {
      V tap[kTaps];
      for (int i = 0; i < kTaps; ++i) load(row + i, tap[i]);
      sum += y[j] * (x[0] * tap[0] + x[1] * tap[1] + x[2] * tap[2] + x[3] * tap[3]);
    }
    store(sum, out[k] + at);
  }
}

AUTOFOCUS_MULTIVERSION void warp_stretch(const std::array<const float*, kBlurs>& from, std::ptrdiff_t stride,
                                         const Stretch& stretch, int count, const std::array<float*, kBlurs>& out) {
  int i = 0;
  for (; i + kFloat8 <= count; i += kFloat8) {
    const Float8 place = kCount8 + static_cast<float>(i);
    warp_at<Float8>(from, stride, i, stretch.across + stretch.across_slope * place,
                                  stretch.down + stretch.down_slope * place, out);
  }
  for (; i < count; ++i) {
    const float place = static_cast<float>(i);
    warp_at<float>(from, stride, i, stretch.across + stretch.across_slope * place,
                          stretch.down + stretch.down_slope * place, out);
  }
}

// For how many pixels a position that lies `rest` past a whole one goes on by whole pixels, when each step exceeds one
// pixel (or none) by `slope`.
int steady(double rest, double slope, int most) {
  if (slope == 0.0) return most;
  const double steps = slope > 0.0 ? std::ceil((1.0 - rest) / slope) : std::floor(rest / -slope) + 1.0;
  return static_cast<int>(std::clamp(steps, 1.0, static_cast<double>(most)));
}

}  // namespace

void warp_row(const Blurs& pictures, const Affine& m, int y, const std::array<float*, kBlurs>& out) {
  const int width = pictures[0].width, height = pictures[0].height;
  // A place on the last but one pixel is seen as one at the end of the stretch between it and the one before.
  const Span span = std::min(width, height) < kTaps ? Span{0, -1} : inside_row(m, y, width, height, 1);
  for (float* row : out) {
    std::fill(row, row + span.first, 0.0f);
    std::fill(row + span.last + 1, row + width, 0.0f);
  }
  for (int x = span.first; x <= span.last;) {
    const double across = m[0] * x + m[1] * y + m[2], down = m[3] * x + m[4] * y + m[5];
    const int column = std::clamp(static_cast<int>(std::floor(across)), 1, width - 3);
    const int row = std::clamp(static_cast<int>(std::floor(down)), 1, height - 3);
    const double right = across - column, below = down - row;
    const int most = span.last - x + 1;
    const int count = std::min({steady(right, m[0] - 1.0, most), steady(below, m[3], most), width - 2 - column});
    std::array<const float*, kBlurs> from;
    std::array<float*, kBlurs> to;
    for (std::size_t k = 0; k < kBlurs; ++k) {
      from[k] = pictures[k].row(row - 1) + column - 1;
      to[k] = out[k] + x;
    }
    const Stretch stretch{static_cast<float>(right), static_cast<float>(m[0] - 1.0), static_cast<float>(below),
                          static_cast<float>(m[3])};
    warp_stretch(from, pictures[0].stride(), stretch, count, to);
    x += count;
  }
}

}  // namespace autofocus
