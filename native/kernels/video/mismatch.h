// How far two pictures are still apart once the one has been moved.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Pictures of one channel and one size; `dx` and `dy` of any size, px of the pictures (warp.h). `out` becomes the mean absolute
// difference of `to` and the moved `from` over each cell of 2x2 px, the last column and row may cover less.
void flow_mismatch(ConstImageF32 from, ConstImageF32 to, ConstImageF32 dx, ConstImageF32 dy, ImageF32 out);

}  // namespace autofocus
