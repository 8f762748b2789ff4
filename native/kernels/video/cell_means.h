// Means over square cells of a one-channel picture: the picture at a smaller size, and how much detail each cell holds.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Cells along a side of `side` px; the last may be smaller than `cell`.
inline int cell_count(int side, int cell) { return (side + cell - 1) / cell; }

// Mean of each cell of `cell` x `cell` px, 0..1. `out` has cell_count() columns and rows.
void cell_means(ConstImageU8 gray, int cell, ImageF32 out);
void cell_means(ConstImageF32 gray, int cell, ImageF32 out);

// Mean square over each cell of the difference between a pixel and the mean of its 3x3 neighbourhood, of values 0..1.
void detail_energy(ConstImageU8 gray, int cell, ImageF32 out);
void detail_energy(ConstImageF32 gray, int cell, ImageF32 out);

}  // namespace autofocus
