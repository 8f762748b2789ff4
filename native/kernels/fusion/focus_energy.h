// How sharp a frame is around every cell of 2x2 pixels.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// The energy of the luma's detail, its squared distance from the mean of its 5x5 neighbourhood, at several scales: the
// picture itself read over small windows, with most weight, and the picture reduced 2, 4, 8 .. times over windows that grow
// with the scale. Fine detail decides where there is some; where there is none, the edge that is sharp nearby outweighs
// the one whose blur spreads to there, however wide, since at the scale of that blur it has the larger energy. Never 0: a
// floor far below visible noise makes frames alike where none of them shows anything.
// `in` has 1 or 3 channels of values 0..1, or stored ones; `coarse` is what the first reduced picture weighs beside the
// picture itself; `out` has one channel and cell_count() of both sides.
template <typename T>
void focus_energy(ImageView<const T> in, float coarse, ImageF32 out);

}  // namespace autofocus
