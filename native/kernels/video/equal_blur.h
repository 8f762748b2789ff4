// Two pictures of one scene that are unlike in focus, made alike (paper 1, Eq. 1): each is blurred where it shows more
// than the other, until it shows as little. What then still differs has moved.
//
// How much a picture shows is the mean square of its gradient around a cell. That falls steadily as the picture is
// blurred, and a small motion does not change it, so the radius can be read off before the motion is known. It is
// measured, not predicted from a lens and a map of depths: at the edges of things those are never right.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

// Largest radius that is told apart, px.
constexpr float kMostEqualBlur = 48.0f;

// Sides of the map of radii of a picture with `side` px: its cells are 2x2 px.
inline int blur_side(int side) { return (side + 1) / 2; }

// All pictures have one channel and one size, values 0..1. `radius` becomes by how much `from` was blurred, px, negative
// where `to` was; at most `most`.
void equal_blur(ConstImageF32 from, ConstImageF32 to, float most, ImageF32 from_out, ImageF32 to_out, ImageF32 radius);

}  // namespace autofocus
