// Dense optical flow by inverse search: T. Kroeger, R. Timofte, D. Dai, L. Van Gool, Fast Optical Flow using Dense
// Inverse Search, ECCV 2016, sections 2.1 to 2.3 (without the variational refinement of 2.4).
//
// From coarse to fine, overlapping patches of `to` look for where they come from in `from` by inverse-compositional
// steps on mean-free differences; each pixel then takes the mean of the patches that cover it, weighted by how well
// they fit. Patches without texture keep what the coarser level or a neighbour says.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Offsets across and down, one channel each.
struct Flow {
  ImageF32 dx;
  ImageF32 dy;
};

// Shortest side of a picture it accepts, px.
constexpr int kFlowMinSide = 16;

// Size of the flow of a picture with `side` px: half of it, rounded up.
inline int flow_side(int side) { return (side + 1) / 2; }

// Both pictures have one channel, values around 0..1 and the same size. `flow` has sides of flow_side(): for each 2x2 px
// of `to`, where it comes from in `from`, as offsets in px of these pictures.
void dense_flow(ConstImageF32 from, ConstImageF32 to, Flow flow);

}  // namespace autofocus
