#include "kernels/gaussian_blur.h"

#include <cmath>
#include <vector>

#include "kernels/mirror.h"
#include "kernels/stencil.h"

namespace autofocus {
namespace {

// The weights at distance 0 .. reach.
std::vector<float> half_gaussian(double sigma) {
  const int reach = static_cast<int>(std::ceil(4.0 * sigma));
  std::vector<double> weights;
  double sum = 0.0;
  for (int d = 0; d <= reach; ++d) {
    weights.push_back(d == 0 ? 1.0 : std::exp(-0.5 * d * d / (sigma * sigma)));
    sum += weights.back() * (d == 0 ? 1.0 : 2.0);
  }
  std::vector<float> normalised;
  for (const double weight : weights) normalised.push_back(static_cast<float>(weight / sum));
  return normalised;
}

std::vector<Tap> taps(const std::vector<float>& half, std::ptrdiff_t step) {
  const int reach = static_cast<int>(half.size()) - 1;
  std::vector<Tap> all;
  for (int d = -reach; d <= reach; ++d) all.push_back({d * step, half[static_cast<std::size_t>(std::abs(d))]});
  return all;
}

}  // namespace

void gaussian_blur(ConstImageF32 in, Roi roi, double sigma, ImageF32 out) {
  const std::vector<float> half = half_gaussian(sigma);
  const int reach = static_cast<int>(half.size()) - 1;
  const MirroredPatch patch(in, roi, reach, reach);
  const std::vector<Tap> vertical = taps(half, patch.stride());
  const std::vector<Tap> horizontal = taps(half, in.channels);
  std::vector<float> row(static_cast<std::size_t>(patch.stride()));
  const float* centre = row.data() + static_cast<std::ptrdiff_t>(reach) * in.channels;
  for (int y = 0; y < roi.height; ++y) {
    stencil(patch.at(-reach, y), vertical, row.data(), patch.stride());
    stencil(centre, horizontal, out.row(y), out.stride());
  }
}

}  // namespace autofocus
