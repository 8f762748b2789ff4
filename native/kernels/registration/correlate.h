// Normalised cross-correlation of features of mean 0, over all pixels that both frames have.
#pragma once

#include "kernels/image_view.h"
#include "kernels/registration/overlap.h"

namespace autofocus {

// Of `a` and of `b` seen through the map, -1..1; 0 where nothing overlaps.
double correlate(ConstImageF32 a, ConstImageF32 b, const Affine& matrix);

// Of a(x, y) and b(x + dx, y + dy) for all whole dx, dy from -most to most: out(dx + most, dy + most).
void correlate_shifts(ConstImageF32 a, ConstImageF32 b, int most, ImageF32 out);

}  // namespace autofocus
