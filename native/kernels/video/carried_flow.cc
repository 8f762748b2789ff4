#include "kernels/video/carried_flow.h"

#include "kernels/multiversion.h"
#include "kernels/video/warp.h"

namespace autofocus {
namespace {

// From frame to frame motion changes by this much, px, and by this share of itself.
constexpr float kChange = 0.1f;
constexpr float kChangeShare = 1.0f;
// Offsets in px of the pictures are this much in px of the flow.
constexpr float kCells = 0.5f;

AUTOFOCUS_MULTIVERSION void loosen(Flow flow) {
  for (std::size_t k = 0; k < flow.dx.size(); ++k) {
    const float dx = flow.dx.data[k], dy = flow.dy.data[k], certainty = flow.certainty.data[k];
    const float variance = kChange * kChange + kChangeShare * kChangeShare * (dx * dx + dy * dy);
    flow.certainty.data[k] = certainty / (1.0f + certainty * variance);
  }
}

}  // namespace

void carried_flow(ConstFlow before, Flow flow) {
  warp_f32(before.dx, before.dx, before.dy, kCells, flow.dx);
  warp_f32(before.dy, before.dx, before.dy, kCells, flow.dy);
  warp_f32(before.certainty, before.dx, before.dy, kCells, flow.certainty);
  loosen(flow);
}

}  // namespace autofocus
