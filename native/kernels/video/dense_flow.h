// Dense optical flow between pictures that are out of focus, as much the one as the other (equal_blur.h).
//
// As in dense inverse search (T. Kroeger, R. Timofte, D. Dai, L. Van Gool, Fast Optical Flow using Dense Inverse Search,
// ECCV 2016) overlapping patches look from coarse to fine for where they come from. But what is out of focus has nothing
// to hold on to at the finer levels, and a patch there fits best wherever the noise is alike. So every patch has a belief,
// a motion and its precision, which follows from its gradients, from what is left unexplained, and from the blur; the
// next finer level begins with it, and neighbours share it (flow_field.h). What the motion was a frame ago enters likewise: of
// what goes out of focus it is known better than can be seen.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Offsets across and down, px, and 1 / their variance, px^-2; one channel each.
struct Flow {
  ImageF32 dx;
  ImageF32 dy;
  ImageF32 certainty;
};

struct ConstFlow {
  ConstImageF32 dx;
  ConstImageF32 dy;
  ConstImageF32 certainty;
};

// Shortest side of a picture it accepts, px.
constexpr int kFlowMinSide = 16;

// Size of the flow of a picture with `side` px: half of it, rounded up.
inline int flow_side(int side) { return (side + 1) / 2; }

// Both pictures have one channel, values around 0..1 and the same size. `radius` says by how much both are out of focus, px;
// it and `expected`, whose certainty is 0 where nothing is expected, may be of any size. `flow` has sides of flow_side():
// for each 2x2 px of `to`, where it comes from in `from`, as offsets in px of these pictures. Motion that is too small to be
// told from noise becomes none, so that nothing is worn down by being moved for nothing.
void dense_flow(ConstImageF32 from, ConstImageF32 to, ConstImageF32 radius, ConstFlow expected, Flow flow);

}  // namespace autofocus
