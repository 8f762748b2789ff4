// Between linear light and camera values: paper 1, Eq. 2 (Gamma^-1(I) = I^gamma), and a sensor's exposure.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// (I / largest value)^gamma.
void linearise(ConstImageU8 in, double gamma, ImageF32 out);
void linearise(ConstImageU16 in, double gamma, ImageF32 out);

struct Exposure {
  // Multiplies the light; 1 is white afterwards.
  double gain;
  // Camera value = light^(1 / gamma).
  double gamma;
  // Electrons at white; 0 = no shot noise. The Poisson distribution is taken as the normal one of the same variance.
  double shot_noise;
  // Standard deviation, in units of white.
  double read_noise;
  std::uint64_t seed;
};

// What a sensor makes of linear light: gain, noise, clipping, gamma, 8 bits (rounded to the nearest).
void expose(ConstImageF32 in, const Exposure& exposure, ImageU8 out);

}  // namespace autofocus
