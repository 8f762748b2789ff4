// Moves a picture along a flow, out(p) = in(p + flow(p)): pictures by Keys' cubic convolution with a = -1/2
// (resample.h), which hardly wears down what is warped again and again, maps bilinearly. Beyond the borders the edge
// pixels go on.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// `dx` and `dy` times `scale`, px of the picture, have one channel and may be smaller than it: they are interpolated. Bytes
// are told apart to 1/64 px, and those that move by less are copied.
void warp_u8(ConstImageU8 in, ConstImageF32 dx, ConstImageF32 dy, float scale, ImageU8 out);
void warp_f32(ConstImageF32 in, ConstImageF32 dx, ConstImageF32 dy, float scale, ImageF32 out);

}  // namespace autofocus
