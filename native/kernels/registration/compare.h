// What two frames of one scene have in common, with the difference in defocus made up for, and where that pulls the map
// between them.
#pragma once

#include "kernels/image_view.h"
#include "kernels/registration/normal_equations.h"

namespace autofocus {

// The side of a cell, px: one value each for agreement and strength.
constexpr int kCompareCell = 2;

// `matrix` takes a pixel of `ours` to one of `theirs`; all pictures have one size. Per cell, of which there are
// (width / 2) x (height / 2): the correlation around it of the pair of blurs that matches best, 0..1, and how much there
// is to compare; both 0 where one frame ends. `radius`: what stretch and turn are told by.
NormalEquations compare(const Blurs& ours, const Blurs& theirs, const Affine& matrix, double radius, ImageF32 agreement,
                        ImageF32 strength);

}  // namespace autofocus
