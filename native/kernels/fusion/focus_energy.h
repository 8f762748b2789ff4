// How sharp a frame is around every cell of 2x2 pixels.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// The energy of the luma's detail, its squared distance from the mean of its 5x5 neighbourhood, gathered over windows of
// growing size with falling weights: near detail decides where there is some, far detail where there is none. Never
// 0: a floor far below visible noise makes frames alike where none of them shows anything.
// `in` has 1 or 3 channels of values 0..1, or stored ones; `out` one channel and cell_count() of both sides.
template <typename T>
void focus_energy(ImageView<const T> in, ImageF32 out);

}  // namespace autofocus
