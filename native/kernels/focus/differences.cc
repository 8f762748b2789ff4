// Differences of neighbouring pixels. With I the window and <> the mean over its pixels:
//
// absolute gradient   <|I(x+1,y) - I(x,y)|> + <|I(x,y+1) - I(x,y)|>              (Santos 1997, threshold 0)
// squared gradient    <(I(x+1,y) - I(x,y))^2> + <(I(x,y+1) - I(x,y))^2>          (Santos 1997, threshold 0)
// Brenner             <(I(x+2,y) - I(x,y))^2> + <(I(x,y+2) - I(x,y))^2>          (Brenner et al. 1976)
// autocorrelation     <I(x,y) (I(x+1,y) - I(x+2,y))> and the same along columns  (Vollath 1987, F4, both sums over the
//                     same pixels)
#include <cmath>

#include "kernels/focus/measures.h"
#include "kernels/focus/sums.h"
#include "kernels/multiversion.h"

namespace autofocus::focus {

AUTOFOCUS_MULTIVERSION double absolute_gradient(ConstImageF32 window) {
  const std::ptrdiff_t below = window.stride();
  return stencil_mean(window, 2, 1, [](const float* p) { return std::fabs(p[1] - p[0]); }) +
         stencil_mean(window, 1, 2, [=](const float* p) { return std::fabs(p[below] - p[0]); });
}

AUTOFOCUS_MULTIVERSION double squared_gradient(ConstImageF32 window) {
  const std::ptrdiff_t below = window.stride();
  return stencil_mean(window, 2, 1, [](const float* p) { return (p[1] - p[0]) * (p[1] - p[0]); }) +
         stencil_mean(window, 1, 2, [=](const float* p) { return (p[below] - p[0]) * (p[below] - p[0]); });
}

AUTOFOCUS_MULTIVERSION double brenner(ConstImageF32 window) {
  const std::ptrdiff_t below = 2 * window.stride();
  return stencil_mean(window, 3, 1, [](const float* p) { return (p[2] - p[0]) * (p[2] - p[0]); }) +
         stencil_mean(window, 1, 3, [=](const float* p) { return (p[below] - p[0]) * (p[below] - p[0]); });
}

AUTOFOCUS_MULTIVERSION double autocorrelation(ConstImageF32 window) {
  const std::ptrdiff_t below = window.stride();
  return stencil_mean(window, 3, 1, [](const float* p) { return p[0] * (p[1] - p[2]); }) +
         stencil_mean(window, 1, 3, [=](const float* p) { return p[0] * (p[below] - p[2 * below]); });
}

}  // namespace autofocus::focus
