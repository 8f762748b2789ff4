#include "kernels/registration/coarse_search.h"

#include <algorithm>
#include <cmath>

#include "kernels/multiversion.h"
#include "kernels/resample.h"

namespace autofocus {
namespace {

// Candidates nearer to each other than this, px of the level, are one.
constexpr double kApart = 2.5;

struct Scored {
  Similarity map;
  float correlation;
};

// Sums of products, added up side by side so that several are formed at a time.
constexpr int kLanes = 8;
struct Sums {
  double aa = 0, ab = 0, bb = 0;

  double correlation() const { return aa * bb > 0 ? ab / std::sqrt(aa * bb) : 0.0; }
};

AUTOFOCUS_MULTIVERSION void add_products(const float* a, const float* b, int count, Sums* sums) {
  float aa[kLanes] = {}, ab[kLanes] = {}, bb[kLanes] = {};
  int x = 0;
  for (; x + kLanes <= count; x += kLanes) {
    for (int k = 0; k < kLanes; ++k) {
      aa[k] += a[x + k] * a[x + k];
      ab[k] += a[x + k] * b[x + k];
      bb[k] += b[x + k] * b[x + k];
    }
  }
  for (int k = 0; x < count; ++x, ++k) {
    aa[k] += a[x] * a[x];
    ab[k] += a[x] * b[x];
    bb[k] += b[x] * b[x];
  }
  for (int k = 0; k < kLanes; ++k) sums->aa += aa[k], sums->ab += ab[k], sums->bb += bb[k];
}

std::vector<Similarity> well_apart(std::vector<Scored> scored, FrameSize frame, double apart, int count) {
  std::stable_sort(scored.begin(), scored.end(),
                   [](const Scored& a, const Scored& b) { return a.correlation > b.correlation; });
  std::vector<Similarity> chosen;
  for (const Scored& candidate : scored) {
    if (chosen.size() == static_cast<std::size_t>(count)) break;
    const auto is_near = [&](const Similarity& other) { return corner_distance(candidate.map, other, frame) < apart; };
    if (std::none_of(chosen.begin(), chosen.end(), is_near)) chosen.push_back(candidate.map);
  }
  return chosen;
}

}  // namespace

void correlate_shifts(ConstImageF32 a, ConstImageF32 b, int most, ImageF32 out) {
  for (int dy = -most; dy <= most; ++dy) {
    for (int dx = -most; dx <= most; ++dx) {
      const int left = std::max(0, -dx) + kFeatureBorder, right = a.width - std::max(0, dx) - kFeatureBorder;
      const int top = std::max(0, -dy) + kFeatureBorder, bottom = a.height - std::max(0, dy) - kFeatureBorder;
      Sums sums;
      for (int y = top; y < bottom; ++y) add_products(a.row(y) + left, b.row(y + dy) + left + dx, right - left, &sums);
      out.row(dy + most)[dx + most] = static_cast<float>(sums.correlation());
    }
  }
}

std::vector<Similarity> coarse_search(const LevelPair& coarsest, FrameSize frame, const SearchLimits& limits,
                                      int count) {
  const double reduction = coarsest.reduction;
  const ConstImageF32 ours = coarsest.ours[0];
  const int steps = static_cast<int>(std::ceil(limits.scale * reach(frame) / reduction));
  const int shortest = std::min(ours.width, ours.height);
  const int most = std::min(static_cast<int>(std::ceil(limits.shift / reduction)), shortest / 3);
  const int side = 2 * most + 1;
  std::vector<float> values(ours.size()), correlations(static_cast<std::size_t>(side * side));
  const ImageF32 scaled{values.data(), ours.width, ours.height, 1};
  std::vector<Scored> scored;
  for (int step = -steps; step <= steps; ++step) {
    const double along = 1.0 + (steps == 0 ? 0.0 : limits.scale * step / steps);
    const Affine matrix = to_affine({along, 0.0, 0.0, 0.0}, frame, coarsest.reduction);
    resample(coarsest.theirs[0], matrix, Filter::bilinear, Border::replicate, scaled);
    correlate_shifts(ours, scaled.as_const(), most, {correlations.data(), side, side, 1});
    // A shift of the scaled picture is one of the frame by as much again times the magnification.
    const double pixel = along * reduction;
    for (int k = 0; k < side * side; ++k) {
      const Similarity map{along, 0.0, (k % side - most) * pixel, (k / side - most) * pixel};
      scored.push_back({map, correlations[static_cast<std::size_t>(k)]});
    }
  }
  return well_apart(std::move(scored), frame, kApart * reduction, count);
}

}  // namespace autofocus
