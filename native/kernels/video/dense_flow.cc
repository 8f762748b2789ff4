#include "kernels/video/dense_flow.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/video/flow_field.h"
#include "kernels/video/flow_patch.h"

namespace autofocus {
namespace {

// Precision with which nothing moves, before anything has been looked at, px^-2 of the coarsest level.
constexpr float kStillness = 0.02f;
// Variance of the motion within what the coarser level saw as one, px^2.
constexpr float kDetail = 0.25f;
// What speaks against taking the motion of a patch of the coarser level, for each patch it is away.
constexpr float kAway = 2.0f;
// Motion that is further from what was expected, in standard deviations squared, has changed.
constexpr float kChanged = 9.0f;
// Motion below this is noise, px.
constexpr float kStill = 0.06f;
// Values beyond this are no picture's.
constexpr float kBrightest = 8.0f;
// Differences below this count alike in the mean over patches.
constexpr float kLeastDifference = 4e-3f;

// What is no number, or far from what pictures hold, is taken for black or for that.
FlowPicture copy(ConstImageF32 in) {
  FlowPicture out(in.width, in.height);
  std::transform(in.data, in.data + in.size(), out.values.data(),
                 [](float value) { return std::isfinite(value) ? std::clamp(value, -kBrightest, kBrightest) : 0.0f; });
  return out;
}

FlowPicture halve(const FlowPicture& in) {
  FlowPicture out(flow_side(in.width), flow_side(in.height));
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      out.row(y)[x] = 0.25f * (in.at(2 * x, 2 * y) + in.at(2 * x + 1, 2 * y) + in.at(2 * x, 2 * y + 1) +
                               in.at(2 * x + 1, 2 * y + 1));
    }
  }
  return out;
}

// One level of the pyramid.
struct Level {
  bool is_finest;
  const FlowPicture& from;
  const FlowPicture& to;
  ConstImageF32 radius;
  ConstFlow expected;
  // Pixels of this level to a pixel of the pictures.
  float scale;

  // The value of a map of any size at a pixel; 0 for what is no number.
  float look_up(ConstImageF32 map, int x, int y) const {
    const float value = map.row(y * map.height / to.height)[x * map.width / to.width];
    return std::isfinite(value) ? value : 0.0f;
  }

  Belief expected_at(int x, int y) const {
    const auto within = [](float motion, int side) {
      return std::clamp(motion, -static_cast<float>(side), static_cast<float>(side));
    };
    const Vector motion{within(scale * look_up(expected.dx, x, y), to.width), within(scale * look_up(expected.dy, x, y), to.height)};
    return {motion, identity_times(std::max(0.0f, look_up(expected.certainty, x, y)) / (scale * scale))};
  }
};

// What the patches of the coarser level say of a patch with its middle at (x, y): that of those around which fits best.
Belief from_coarser(const FlowField& coarse, const FlowPatch& patch, int x, int y) {
  const auto along = [](int at) { return (0.5f * static_cast<float>(at) - kFlowPatch / 2) / kFlowStride; };
  const float column = along(x), row = along(y);
  const int left = static_cast<int>(std::floor(column)), top = static_cast<int>(std::floor(row));
  Belief best;
  float least = std::numeric_limits<float>::infinity();
  for (int k = 0; k < 4; ++k) {
    const int i = left + k % 2, j = top + k / 2;
    const Belief& belief = coarse.nearest(i, j);
    const float away = std::hypot(column - static_cast<float>(i), row - static_cast<float>(j));
    const float cost = patch.misfit(2.0f * belief.mean) + kAway * away;
    if (cost < least || k == 0) {
      least = cost;
      best = {2.0f * belief.mean, loosened(0.25f * belief.precision, kDetail)};
    }
  }
  return best;
}

bool still_holds(const Belief& expected, const Belief& seen) {
  const Vector apart = expected.mean - seen.mean;
  return dot(apart, loosened(seen.precision, 1.0f / expected.precision.xx) * apart) < kChanged;
}

FlowField search_level(const Level& level, const FlowField* coarse) {
  FlowField field(level.to.width, level.to.height);
  for (int row = 0; row < field.rows(); ++row) {
    for (int column = 0; column < field.columns(); ++column) {
      const int left = field.left(column), top = field.top(row);
      const int x = std::min(left + kFlowPatch / 2, level.to.width - 1);
      const int y = std::min(top + kFlowPatch / 2, level.to.height - 1);
      const FlowPatch patch(level.from, level.to, left, top, level.scale * level.look_up(level.radius, x, y));
      Belief prior{{}, identity_times(kStillness)};
      if (coarse != nullptr) prior = from_coarser(*coarse, patch, x, y);
      const Belief expected = level.expected_at(x, y);
      const bool is_expected = expected.precision.xx > 0.0f;
      Vector start = prior.mean;
      float least = patch.misfit(start);
      const auto offer = [&](Vector candidate) {
        const float now = patch.misfit(candidate) + surprise(prior, candidate);
        if (now < least) {
          least = now;
          start = candidate;
        }
      };
      offer({});
      if (is_expected) offer(expected.mean);
      if (column > 0) offer(field.at(column - 1, row).mean);
      if (row > 0) offer(field.at(column, row - 1).mean);
      const Belief found = patch.search(prior, start);
      Belief& belief = field.at(column, row);
      belief = {found.mean, found.precision + prior.precision};
      // Once, or it would count again at every level.
      if (level.is_finest && is_expected && still_holds(expected, belief)) belief = both(belief, expected);
    }
  }
  field.smooth();
  return field;
}

// Each pixel: the mean over the patches that cover it, weighted by how well they fit there.
void densify(const FlowPicture& from, const FlowPicture& to, const FlowField& field, Flow flow) {
  FlowPicture weights(to.width, to.height);
  for (const ImageF32& map : {flow.dx, flow.dy, flow.certainty}) std::fill_n(map.data, map.size(), 0.0f);
  PatchValues moved;
  for (int row = 0; row < field.rows(); ++row) {
    for (int column = 0; column < field.columns(); ++column) {
      const int x = field.left(column), y = field.top(row);
      const Belief& belief = field.at(column, row);
      const float certainty = least_eigenvalue(belief.precision);
      sample_patch(from, static_cast<float>(x) + belief.mean.x, static_cast<float>(y) + belief.mean.y, moved);
      const int width = std::min(kFlowPatch, to.width - x), height = std::min(kFlowPatch, to.height - y);
      for (int j = 0; j < height; ++j) {
        for (int i = 0; i < width; ++i) {
          const float difference = std::abs(moved[static_cast<std::size_t>(j * kFlowPatch + i)] - to.row(y + j)[x + i]);
          const float weight = 1.0f / std::max(kLeastDifference, difference);
          flow.dx.row(y + j)[x + i] += weight * belief.mean.x;
          flow.dy.row(y + j)[x + i] += weight * belief.mean.y;
          flow.certainty.row(y + j)[x + i] += weight * certainty;
          weights.row(y + j)[x + i] += weight;
        }
      }
    }
  }
  // From px of the half-sized pictures to those of the pictures.
  for (std::size_t k = 0; k < weights.values.size(); ++k) {
    flow.dx.data[k] *= 2.0f / weights.values[k];
    flow.dy.data[k] *= 2.0f / weights.values[k];
    flow.certainty.data[k] *= 0.25f / weights.values[k];
    if (std::hypot(flow.dx.data[k], flow.dy.data[k]) < kStill) flow.dx.data[k] = flow.dy.data[k] = 0.0f;
  }
}

}  // namespace

void dense_flow(ConstImageF32 from, ConstImageF32 to, ConstImageF32 radius, ConstFlow expected, Flow flow) {
  std::vector<FlowPicture> before{halve(copy(from))}, after{halve(copy(to))};
  while (std::min(after.back().width, after.back().height) >= 2 * kFlowMinSide) {
    before.push_back(halve(before.back()));
    after.push_back(halve(after.back()));
  }
  FlowField field(1, 1);
  for (std::size_t level = after.size(); level-- > 0;) {
    const float scale = 1.0f / static_cast<float>(2 << level);
    const bool first = level + 1 == after.size();
    field = search_level({level == 0, before[level], after[level], radius, expected, scale}, first ? nullptr : &field);
  }
  densify(before[0], after[0], field, flow);
}

}  // namespace autofocus
