// What two frames of one scene have in common, with the difference in defocus made up for, and where that pulls the map
// between them.
#pragma once

#include <array>

#include "kernels/image_view.h"
#include "kernels/registration/overlap.h"

namespace autofocus {

// The features of one frame, then the same blurred more and more, as if out of focus.
constexpr std::size_t kBlurs = 3;
using Blurs = std::array<ConstImageF32, kBlurs>;

// The side of a cell, px: one value each for agreement and strength.
constexpr int kCompareCell = 2;

// Unknowns: stretch and turn, as what they move a point `radius` away by, and the shift along x and y; px.
struct NormalEquations {
  std::array<double, 16> hessian{};  // row-major
  std::array<double, 4> gradient{};
};

// `matrix` takes a pixel of `ours` to one of `theirs`; all pictures have one size. Per cell, of which there are
// (width / 2) x (height / 2): the correlation around it of the pair of blurs that matches best, 0..1, and how much there
// is to compare; both 0 where one frame ends.
NormalEquations compare(const Blurs& ours, const Blurs& theirs, const Affine& matrix, double radius, ImageF32 agreement,
                        ImageF32 strength);

}  // namespace autofocus
