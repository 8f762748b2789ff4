// Gaussian blur (paper 1, Eq. 3), mirrored borders.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Largest standard deviation accepted, px.
constexpr double kMaxSigma = 250.0;

// Separable, sampled at pixel centres out to 4 sigma, weights adding up to one; sigma = 0 copies. `out` has the size of
// `roi`, which lies within the picture.
void gaussian_blur(ConstImageF32 in, Roi roi, double sigma, ImageF32 out);

}  // namespace autofocus
