// Two pictures mixed by a weight for each pixel.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// out = weight a + (1 - weight) b, bytes rounded. `weight`, 0..1, one channel, may be smaller than the pictures: it is
// interpolated.
void blend_u8(ConstImageU8 a, ConstImageU8 b, ConstImageF32 weight, ImageU8 out);
void blend_f32(ConstImageF32 a, ConstImageF32 b, ConstImageF32 weight, ImageF32 out);

}  // namespace autofocus
