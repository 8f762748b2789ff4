// Statistics of the values, wherever they are.
//
// variance             <(I - m)^2>, m = <I>                              (F. C. A. Groen et al. 1985)
// normalised variance  <(I - m)^2> / m: less dependent on the light      (the same)
// entropy              -sum p log2 p over a histogram of 256 values      (L. Firestone et al. 1991)
// histogram range      largest value - smallest, as histogram bins       (the same)
#include <array>
#include <cmath>

#include "kernels/focus/measures.h"
#include "kernels/focus/sums.h"
#include "kernels/multiversion.h"

namespace autofocus::focus {
namespace {

struct Moments {
  double mean;
  double variance;
};

AUTOFOCUS_MULTIVERSION Moments moments(ConstImageF32 window) {
  const double mean = stencil_mean(window, 1, 1, [](const float* p) { return p[0]; });
  const float m = static_cast<float>(mean);
  const double variance = stencil_mean(window, 1, 1, [=](const float* p) { return (p[0] - m) * (p[0] - m); });
  return {mean, variance};
}

// Counts of the values 0..1 rounded to 256 levels; what lies outside counts for the end it lies at.
std::array<std::size_t, 256> histogram(ConstImageF32 window) {
  std::array<std::size_t, 256> counts{};
  const std::size_t size = window.size();
  for (std::size_t k = 0; k < size; ++k) {
    // In this order NaN counts as 0.
    const float value = std::min(std::max(0.0f, window.data[k]), 1.0f);
    ++counts[static_cast<std::size_t>(value * 255.0f + 0.5f)];
  }
  return counts;
}

}  // namespace

double variance(ConstImageF32 window) { return moments(window).variance; }

double normalised_variance(ConstImageF32 window) {
  const auto [mean, variance] = moments(window);
  return mean > 0.0 ? variance / mean : 0.0;
}

double entropy(ConstImageF32 window) {
  double sum = 0.0;
  for (const std::size_t count : histogram(window)) {
    if (count == 0) continue;
    const double p = static_cast<double>(count) / static_cast<double>(window.size());
    sum -= p * std::log2(p);
  }
  return sum;
}

double histogram_range(ConstImageF32 window) {
  const auto counts = histogram(window);
  std::size_t low = 0, high = counts.size() - 1;
  while (counts[low] == 0) ++low;
  while (counts[high] == 0) --high;
  return static_cast<double>(high - low) / 255.0;
}

}  // namespace autofocus::focus
