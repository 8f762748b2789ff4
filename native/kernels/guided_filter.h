// Guided filter: K. He, J. Sun, X. Tang, Guided Image Filtering, IEEE Trans. PAMI 35 (2013), Eq. 5, 6 and 8.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// All pictures have one channel and the same size. Windows of 2 * radius + 1 px shrink at the borders; eps >= 0 is in
// squared units of the guide.
void guided_filter(ConstImageF32 guide, ConstImageF32 in, int radius, double eps, ImageF32 out);

}  // namespace autofocus
