#include "kernels/video/fusion_features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "kernels/box_filter.h"

namespace autofocus {
namespace {

// Half side of the surroundings of a cell.
constexpr int kAround = 3;
// Energy below which there is nothing but rounding.
constexpr float kRounding = 1e-6f;
// Motion of which nothing is known is off by so many px of the small pictures, one over the square.
constexpr float kLeastCertainty = 1e-2f;

float apart(float mismatch) { return std::min(2.0f, 10.0f * mismatch); }
float detail(float energy) { return 0.25f * (std::log(energy + kRounding) + 9.0f); }
// Of lengths, px.
float shortened(float length) { return 0.5f * std::log(1.0f + length); }

// How much a map changes from a cell to the next ones.
float change(ConstImageF32 map, std::size_t at, std::size_t right, std::size_t below) {
  return std::abs(map.data[right] - map.data[at]) + std::abs(map.data[below] - map.data[at]);
}

}  // namespace

void fusion_features(const FusionEvidence& evidence, float* planes) {
  const auto& [frame, picture, flow, mismatch, blur, frame_radius, picture_radius, known] = evidence;
  const std::size_t count = mismatch.size(), columns = static_cast<std::size_t>(mismatch.width);
  std::vector<float> around(count);
  box_filter(mismatch, kAround, WindowBorder::replicate, {around.data(), mismatch.width, mismatch.height, 1});
  for (std::size_t at = 0; at < count; ++at) {
    float* to = planes + at;
    const auto next = [&](float value) {
      *to = value;
      to += count;
    };
    const std::size_t right = at % columns + 1 < columns ? at + 1 : at, below = at + columns < count ? at + columns : at;
    next(4.0f * (frame.luma.data[at] - picture.luma.data[at]));
    next(apart(mismatch.data[at]));
    next(apart(around[at]));
    next(detail(frame.fine.data[at]));
    next(detail(picture.fine.data[at]));
    next(detail(frame.coarse.data[at]));
    next(detail(picture.coarse.data[at]));
    next(shortened(frame_radius.data[at]));
    next(shortened(picture_radius.data[at]));
    next(known.data[at]);
    const float dx = flow.dx.data[at], dy = flow.dy.data[at];
    next(shortened(std::sqrt(dx * dx + dy * dy)));
    // Large at the edges of what moves, and where the motion is wrong.
    next(shortened(change(flow.dx, at, right, below) + change(flow.dy, at, right, below)));
    next(std::log(1.0f + 1.0f / std::sqrt(flow.certainty.data[at] + kLeastCertainty)));
    next(std::copysign(shortened(std::abs(blur.data[at])), blur.data[at]));
  }
}

}  // namespace autofocus
