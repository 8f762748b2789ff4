// Where what two frames show pulls the map between them: the normal equations of a Gauss-Newton step.
#pragma once

#include <array>

#include "kernels/registration/agreement.h"

namespace autofocus {

// Unknowns: stretch and turn, as what they move a point a given radius away by, and the shift along x and y; px.
struct NormalEquations {
  std::array<double, 16> hessian{};  // row-major
  std::array<double, 4> gradient{};
  // Of all that both frames show, -1..1.
  double correlation = 0.0;
};

// `matrix` takes a pixel of `ours` to one of `theirs`; all pictures have one size. Every pixel counts by what it says
// about a shift, per product of the two pictures: c^2 / (1 - c^2), with c the correlation around it, over the strength
// of the two (C. H. Knapp and G. C. Carter, "The Generalized Correlation Method for Estimation of Time Delay", TASSP 24
// (1976)). `radius`: what stretch and turn are told by.
NormalEquations normal_equations(const Blurs& ours, const Blurs& theirs, const Affine& matrix, double radius);

}  // namespace autofocus
