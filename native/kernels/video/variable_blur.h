// A picture blurred by another amount at every pixel: looked up between levels of its Gaussian scale space (linear scale
// space, T. Lindeberg 1994, section 2). Blur does not stop at edges of the map, so this stands in for the defocus of a
// smooth depth map only; where occlusion matters, use render_defocus.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Largest standard deviation that is told apart, px; more blurs like this.
constexpr float kMaxVariableSigma = 24.0f;

// `picture` has one channel. `sigma`, the standard deviation for each pixel, px, may be smaller than the picture: it is
// interpolated. Mirrored borders.
void variable_blur(ConstImageF32 picture, ConstImageF32 sigma, ImageF32 out);

}  // namespace autofocus
