// Mean over a square window around every pixel, at a cost independent of its size.
#pragma once

#include "kernels/image_view.h"
#include "kernels/window_means.h"

namespace autofocus {

// Largest radius of a window accepted, px.
constexpr int kMaxWindowRadius = 4096;

void box_filter(ConstImageF32 in, int radius, WindowBorder border, ImageF32 out);

}  // namespace autofocus
