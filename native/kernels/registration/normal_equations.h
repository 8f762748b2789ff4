// Where what two frames show pulls the map between them: the normal equations of a Gauss-Newton step.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "kernels/registration/overlap.h"
#include "kernels/registration/warp_rows.h"

namespace autofocus {

// Unknowns: stretch and turn, as what they move a point a given radius away by, and the shift along x and y; px.
struct NormalEquations {
  std::array<double, 16> hessian{};  // row-major
  std::array<double, 4> gradient{};
};

// Per cell, or per pixel, of a row: which pair of blurs matches best around it, by their indices, and what it says about
// a shift, per product of the two pictures: c^2 / (1 - c^2), with c the correlation, over the strength of the two
// (C. H. Knapp and G. C. Carter, "The Generalized Correlation Method for Estimation of Time Delay", TASSP 24 (1976));
// 0 where c is negative.
struct Choice {
  explicit Choice(int count) : ours(size(count)), theirs(size(count)), weight(size(count)) {}
  static std::size_t size(int count) { return static_cast<std::size_t>(count); }

  std::vector<float> ours, theirs, weight;
};

// A row of each blur of a picture, and those above and below it.
struct Surroundings {
  Rows above, here, below;
};

// Where a row lies, in radii from the middle of the picture.
struct RowPlace {
  float first, step;  // along it
  double down;
};

// Adds what pixels span.first..last of a row say; `choice` is per pixel, at least one pixel lies beyond either end.
void sum_row(const Surroundings& ours, const Surroundings& theirs, const Choice& choice, Span span, const RowPlace& place,
             NormalEquations& to);

}  // namespace autofocus
