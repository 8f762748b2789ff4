// Colour to gray: luma of ITU-R BT.601, Y = 0.299 R + 0.587 G + 0.114 B, as JPEG, OpenCV and ROS image tools compute it.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// 2^16 times the luma. The weights add up to 2^16, so white stays white.
template <typename T>
inline std::uint32_t scaled_luma(T red, T green, T blue) {
  return 19595u * red + 38470u * green + 7471u * blue;
}

// Rounded to the nearest; `out` has one channel and the size of `in`. One channel is copied.
void gray_u8(ConstImageU8 in, ImageU8 out);
void gray_u16(ConstImageU16 in, ImageU16 out);

// The same as float, 0..1 for camera values 0..255.
void gray_f32(ConstImageU8 in, ImageF32 out);

}  // namespace autofocus
