// Width of edges: P. Marziliano et al., A no-reference perceptual blur metric, ICIP 2002. An edge is a place where the
// squared Sobel derivative across it is largest among its neighbours and at least four times its mean; its width is
// the distance between the nearest extrema of the values on either side. The blur metric is the mean width, of vertical
// edges in the paper, here of horizontal ones too. Since smaller is sharper there, the measure is the reciprocal: at
// most 1 per px, 0 without edges.
#include <vector>

#include "kernels/focus/measures.h"

namespace autofocus::focus {
namespace {

struct Widths {
  double sum = 0.0;
  double count = 0.0;
};

// Steps from `at` in the direction `step`, at most `most`, while values go on changing by the sign of `slope`.
int run(const float* at, std::ptrdiff_t step, int most, float slope) {
  int steps = 0;
  while (steps < most && (at[(steps + 1) * step] - at[steps * step]) * slope > 0.0f) ++steps;
  return steps;
}

// Widths of edges across the axis whose pixels lie `along` apart and number `length`; `lines` lie `across` apart.
Widths widths(const float* data, std::ptrdiff_t along, int length, std::ptrdiff_t across, int lines) {
  Widths widths;
  if (length < 3 || lines < 3) return widths;
  const std::size_t inner = static_cast<std::size_t>(length) - 2;
  // Derivatives at positions 1 .. length - 2 of lines 1 .. lines - 2.
  std::vector<float> derivatives(inner * (static_cast<std::size_t>(lines) - 2));
  double energy = 0.0;
  auto to = derivatives.begin();
  for (int line = 1; line < lines - 1; ++line) {
    for (int x = 1; x < length - 1; ++x) {
      const float* p = data + line * across + x * along;
      const auto difference = [&](const float* q) { return q[along] - q[-along]; };
      const float derivative = difference(p - across) + 2.0f * difference(p) + difference(p + across);
      energy += static_cast<double>(derivative) * derivative;
      *to++ = derivative;
    }
  }
  const double least = 4.0 * energy / static_cast<double>(derivatives.size());
  for (int line = 1; line < lines - 1; ++line) {
    const float* row = derivatives.data() + inner * (static_cast<std::size_t>(line) - 1);
    const auto strength = [&](int x) {
      return x < 1 || x > length - 2 ? 0.0 : static_cast<double>(row[x - 1]) * row[x - 1];
    };
    for (int x = 1; x < length - 1; ++x) {
      const double here = strength(x);
      if (here <= 0.0 || here < least || here < strength(x - 1) || here <= strength(x + 1)) continue;
      const float* p = data + line * across + x * along;
      const float slope = row[x - 1];
      widths.sum += run(p, along, length - 1 - x, slope) + run(p, -along, x, -slope);
      widths.count += 1.0;
    }
  }
  return widths;
}

}  // namespace

double edge_width(ConstImageF32 window) {
  const Widths vertical = widths(window.data, 1, window.width, window.stride(), window.height);
  const Widths horizontal = widths(window.data, window.stride(), window.height, 1, window.width);
  const double sum = vertical.sum + horizontal.sum;
  return sum > 0.0 ? (vertical.count + horizontal.count) / sum : 0.0;
}

}  // namespace autofocus::focus
