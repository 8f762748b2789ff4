// One patch of dense flow: how well it fits elsewhere, and the search for where it fits best by inverse-compositional steps
// (T. Kroeger, R. Timofte, D. Dai, L. Van Gool, Fast Optical Flow using Dense Inverse Search, ECCV 2016, section 2.1), here
// with what is believed of its motion beforehand, and with an account of how sure the outcome is.
#pragma once

#include <array>
#include <algorithm>
#include <vector>

#include "kernels/image_view.h"
#include "kernels/video/plane_vector.h"

namespace autofocus {

// One level of a pyramid; beyond the borders the edge pixels go on.
struct FlowPicture {
  int width;
  int height;
  std::vector<float> values;

  FlowPicture(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float* row(int y) { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
  const float* row(int y) const { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
  float at(int x, int y) const { return row(std::clamp(y, 0, height - 1))[std::clamp(x, 0, width - 1)]; }
};

constexpr int kFlowPatch = 8;
constexpr int kFlowPatchPixels = kFlowPatch * kFlowPatch;
using PatchValues = std::array<float, kFlowPatchPixels>;

// The patch of `in` whose first pixel lies at (x, y), bilinearly.
void sample_patch(const FlowPicture& in, float x, float y, PatchValues& out);

class FlowPatch {
 public:
  // The patch of `to` whose first pixel is (x, y), which is to be found in `from`. Both must outlive it, and be equally out of
  // focus: by `radius`, px.
  FlowPatch(const FlowPicture& from, const FlowPicture& to, int x, int y, float radius);

  // What speaks against the patch coming from `motion` away: minus twice the logarithm of its likelihood.
  float misfit(Vector motion) const;

  // The motion that is most likely by the patch and by `prior`, and how precisely the patch alone tells it.
  Belief search(const Belief& prior, Vector start) const;

 private:
  float difference(Vector motion, PatchValues& out) const;

  const FlowPicture& from_;
  float x_;
  float y_;
  // Values and gradients without their means, and the sum of the products of the gradients.
  PatchValues values_;
  PatchValues dx_;
  PatchValues dy_;
  SymmetricMatrix tensor_;
  // 1 / variance of a pixel's difference.
  float weight_;
};

}  // namespace autofocus
