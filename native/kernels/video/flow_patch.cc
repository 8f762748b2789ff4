#include "kernels/video/flow_patch.h"

#include <cmath>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

constexpr int kIterations = 12;
// Steps shorter than this end the search, px.
constexpr float kStill = 0.01f;
// A patch that leaves its start by more has lost its way, px.
constexpr float kFarthest = kFlowPatch;
// Variance of a pixel by noise, and by pictures that are never quite equally out of focus, as a share of the contrast.
constexpr float kNoise = 1e-5f;
constexpr float kUnlike = 0.2f;
// What is out of focus by r has about 1 / (1 + k r^2) times as many pixels that tell something of their own.
constexpr float kShared = 0.2f;
// No patch tells its motion more precisely, px^-2.
constexpr float kMostPrecise = 400.0f;

void remove_mean(PatchValues& values) {
  float sum = 0.0f;
  for (const float value : values) sum += value;
  for (float& value : values) value -= sum / kFlowPatchPixels;
}

}  // namespace

AUTOFOCUS_MULTIVERSION void sample_patch(const FlowPicture& in, float x, float y, PatchValues& out) {
  const float fx = std::floor(x), fy = std::floor(y);
  const int x0 = static_cast<int>(fx), y0 = static_cast<int>(fy);
  const float tx = x - fx, ty = y - fy;
  const float a = (1 - tx) * (1 - ty), b = tx * (1 - ty), c = (1 - tx) * ty, d = tx * ty;
  if (x0 >= 0 && y0 >= 0 && x0 + kFlowPatch < in.width && y0 + kFlowPatch < in.height) {
    for (int j = 0; j < kFlowPatch; ++j) {
      const float* upper = in.row(y0 + j) + x0;
      const float* lower = in.row(y0 + j + 1) + x0;
      float* to = out.data() + j * kFlowPatch;
      for (int i = 0; i < kFlowPatch; ++i) to[i] = a * upper[i] + b * upper[i + 1] + c * lower[i] + d * lower[i + 1];
    }
    return;
  }
  for (int j = 0; j < kFlowPatch; ++j) {
    for (int i = 0; i < kFlowPatch; ++i) {
      out[static_cast<std::size_t>(j * kFlowPatch + i)] =
          a * in.at(x0 + i, y0 + j) + b * in.at(x0 + i + 1, y0 + j) + c * in.at(x0 + i, y0 + j + 1) +
          d * in.at(x0 + i + 1, y0 + j + 1);
    }
  }
}

FlowPatch::FlowPatch(const FlowPicture& from, const FlowPicture& to, int x, int y, float radius)
    : from_(from), x_(static_cast<float>(x)), y_(static_cast<float>(y)) {
  for (int j = 0; j < kFlowPatch; ++j) {
    for (int i = 0; i < kFlowPatch; ++i) {
      const std::size_t k = static_cast<std::size_t>(j * kFlowPatch + i);
      values_[k] = to.at(x + i, y + j);
      dx_[k] = 0.5f * (to.at(x + i + 1, y + j) - to.at(x + i - 1, y + j));
      dy_[k] = 0.5f * (to.at(x + i, y + j + 1) - to.at(x + i, y + j - 1));
    }
  }
  remove_mean(values_);
  remove_mean(dx_);
  remove_mean(dy_);
  float contrast = 0.0f;
  for (std::size_t k = 0; k < kFlowPatchPixels; ++k) {
    tensor_.xx += dx_[k] * dx_[k];
    tensor_.xy += dx_[k] * dy_[k];
    tensor_.yy += dy_[k] * dy_[k];
    contrast += values_[k] * values_[k] / kFlowPatchPixels;
  }
  weight_ = 1.0f / ((kNoise + kUnlike * contrast) * (1.0f + kShared * radius * radius));
}

// The sum of the squares of what is left in `out`: how the patch there differs, apart from its mean.
float FlowPatch::difference(Vector motion, PatchValues& out) const {
  sample_patch(from_, x_ + motion.x, y_ + motion.y, out);
  remove_mean(out);
  float sum = 0.0f;
  for (std::size_t k = 0; k < kFlowPatchPixels; ++k) {
    out[k] -= values_[k];
    sum += out[k] * out[k];
  }
  return sum;
}

float FlowPatch::misfit(Vector motion) const {
  PatchValues left;
  return weight_ * difference(motion, left);
}

Belief FlowPatch::search(const Belief& prior, Vector start) const {
  PatchValues left;
  Vector best = start, at = start;
  float squares = difference(at, left), least_squares = squares;
  float least = weight_ * squares + surprise(prior, at);
  const SymmetricMatrix step_of = inverse(weight_ * tensor_ + prior.precision);
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    Vector slope;
    for (std::size_t k = 0; k < kFlowPatchPixels; ++k) {
      slope.x += dx_[k] * left[k];
      slope.y += dy_[k] * left[k];
    }
    const Vector step = step_of * (weight_ * slope + prior.precision * (at - prior.mean));
    at = at - step;
    // Written so that pixels that are no numbers end it too.
    if (!(std::hypot(at.x - start.x, at.y - start.y) <= kFarthest)) break;
    squares = difference(at, left);
    const float now = weight_ * squares + surprise(prior, at);
    if (!(now < least)) break;
    least = now;
    least_squares = squares;
    best = at;
    if (std::hypot(step.x, step.y) < kStill) break;
  }
  // What could not be explained counts as noise.
  const SymmetricMatrix precision = (1.0f / (1.0f / weight_ + least_squares / kFlowPatchPixels)) * tensor_;
  const float total = precision.xx + precision.yy;
  return {best, total > kMostPrecise ? (kMostPrecise / total) * precision : precision};
}

}  // namespace autofocus
