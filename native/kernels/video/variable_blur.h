// Camera values defocused by another radius at every pixel (paper 1, Eq. 1, 2 and 4): blurred by disks of some radii, and
// looked up between them. It is light that adds up, here with gamma 2, which costs a square root and stands for the 2.2 of
// most cameras. The blur does not stop at edges of the map: where occlusion matters, use render_defocus.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Largest radius that is told apart, px; more blurs like this.
constexpr float kMaxVariableRadius = 48.0f;

// `picture` has one channel, values 0..1. `radius`, px, may be smaller than the picture: it is interpolated. Mirrored
// borders.
void variable_blur(ConstImageF32 picture, ConstImageF32 radius, ImageF32 out);

}  // namespace autofocus
