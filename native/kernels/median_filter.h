// The median over square windows, which removes outliers and keeps edges.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// The median of the window of 2 * radius + 1 around every value, windows shrinking at the borders; the upper one of two.
// One channel. The time grows with the radius and with how much neighbouring medians differ (T. Huang, G. Yang, G. Tang, "A
// fast two-dimensional median filtering algorithm", IEEE Trans. ASSP 27 (1979)).
void median_filter(ConstImageU16 in, int radius, ImageU16 out);

}  // namespace autofocus
