// Affine resampling: imscale of paper 1, Eq. 1, and the alignment of frames.
#pragma once

#include <array>

#include "kernels/image_view.h"

namespace autofocus {

enum class Filter { bilinear, bicubic };
enum class Border { mirror, replicate };

// out(x, y) = in(m0 x + m1 y + m2, m3 x + m4 y + m5), interpolated; whole coordinates are pixel centres. Bicubic is
// Keys' convolution with a = -1/2; stored values are rounded and clipped to their range. Nothing is averaged: before
// reducing by much, blur.
template <typename T>
void resample(ImageView<const T> in, const std::array<double, 6>& matrix, Filter filter, Border border, ImageView<T> out);

}  // namespace autofocus
