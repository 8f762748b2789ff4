// What the blending weight of all-in-focus video is decided by, as paper 1's AWnet is given (section 6.2.3): both pictures,
// the deviation matrices (as the blur they predict) and the warping error, as planes of one value per cell, of the order
// of 1. The planes and their order are those of FEATURE_PLANES in src/algorithms/fusion/streaming/features.ts; the
// network is trained for just these numbers.
#pragma once

#include "kernels/image_view.h"
#include "kernels/video/dense_flow.h"

namespace autofocus {

// A picture at a small size, and how much detail it has, finest of all and at the small size.
struct ShownDetail {
  // Means over the cells.
  ConstImageF32 luma;
  ConstImageF32 fine;
  ConstImageF32 coarse;
};

// One channel each, a value for each cell.
struct FusionEvidence {
  ShownDetail frame;
  // The fused picture, moved to where the frame has things.
  ShownDetail picture;
  // How it was moved, px of the small pictures, how far it is still apart, and by how much it was blurred to compare.
  ConstFlow flow;
  ConstImageF32 mismatch;
  ConstImageF32 blur;
  // Blur that is predicted, px.
  ConstImageF32 frame_radius;
  ConstImageF32 picture_radius;
  // 1 where the in-focus position was read in this frame, else 0.
  ConstImageF32 known;
};

constexpr int kFusionPlanes = 14;

// `planes` has room for kFusionPlanes maps.
void fusion_features(const FusionEvidence& evidence, float* planes);

}  // namespace autofocus
