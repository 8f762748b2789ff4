// Convolution with any filter: point spread functions that are no plain disk (polygonal and cat-eye apertures, rings).
// Borders mirrored as in disk_blur.h; one Fourier transform over the part wanted, whatever the filter's size.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Largest reach of a filter, px.
constexpr int kMaxFilterReach = 500;

// out(x, y) = sum filter(i, j) in(x + reach - i, y + reach - j) over 0 <= i, j <= 2 reach, for the part `roi` of a
// picture with one channel. `filter` has one channel and an odd side 2 reach + 1 <= 2 kMaxFilterReach + 1.
void convolve(ConstImageF32 in, Roi roi, ConstImageF32 filter, ImageF32 out);

}  // namespace autofocus
