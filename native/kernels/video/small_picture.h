// What all-in-focus video compares of a picture: its luma at a small size, and how much detail there is in each cell of two by
// two pixels of that.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

struct SmallPicture {
  // Means over squares of `small` px, 0..1; cell_count() columns and rows (cell_means.h).
  ImageF32 luma;
  // The mean of each cell, and the mean squares of the finest detail of the picture itself and of `luma`; flow_side() of the
  // sides of `luma` (dense_flow.h).
  ImageF32 cells;
  ImageF32 fine;
  ImageF32 coarse;
};

void small_picture(ConstImageU8 picture, int small, SmallPicture out);

}  // namespace autofocus
