// Squared output of 3x3 derivative filters, where they fit.
//
// Tenengrad           <Sx^2 + Sy^2>, Sobel operators (J. M. Tenenbaum 1970; E. Krotkov 1987)
// Laplacian energy    <L^2>, L = (-1 -4 -1; -4 20 -4; -1 -4 -1) (Subbarao, Choi and Nikzad 1993; Sun 2004)
#include "kernels/focus/measures.h"
#include "kernels/focus/sums.h"
#include "kernels/multiversion.h"

namespace autofocus::focus {

AUTOFOCUS_MULTIVERSION double tenengrad(ConstImageF32 window) {
  const std::ptrdiff_t stride = window.stride();
  return stencil_mean(window, 3, 3, [=](const float* a) {
    const float* b = a + stride;
    const float* c = b + stride;
    const float falling = c[2] - a[0];
    const float rising = a[2] - c[0];
    const float sx = falling + rising + 2.0f * (b[2] - b[0]);
    const float sy = falling - rising + 2.0f * (c[1] - a[1]);
    return sx * sx + sy * sy;
  });
}

AUTOFOCUS_MULTIVERSION double laplacian_energy(ConstImageF32 window) {
  const std::ptrdiff_t stride = window.stride();
  return stencil_mean(window, 3, 3, [=](const float* a) {
    const float* b = a + stride;
    const float* c = b + stride;
    const float corners = a[0] + a[2] + c[0] + c[2];
    const float sides = a[1] + b[0] + b[2] + c[1];
    const float laplacian = 20.0f * b[1] - 4.0f * sides - corners;
    return laplacian * laplacian;
  });
}

}  // namespace autofocus::focus
