// Rows of several pictures of one size seen through one affine map.
#pragma once

#include <array>
#include <cstddef>

#include "kernels/image_view.h"
#include "kernels/registration/overlap.h"

namespace autofocus {

// The features of one frame, then the same blurred more and more, as if out of focus.
constexpr std::size_t kBlurs = 3;
using Blurs = std::array<ConstImageF32, kBlurs>;

// A row of each of them.
using Rows = std::array<const float*, kBlurs>;

// Row y of all pictures under the map, by Keys' bicubic convolution (interpolate.h), its weights formed once for all of
// them; 0 where one of the 16 pixels around a place lies outside.
void warp_row(const Blurs& pictures, const Affine& matrix, int y, const std::array<float*, kBlurs>& out);

}  // namespace autofocus
