// How one frame lies over another: magnification, turn and shift about the middle of the frame, as in
// src/algorithms/calibration/registration/similarity.ts.
#pragma once

#include <array>
#include <cmath>

#include "kernels/registration/overlap.h"

namespace autofocus {

// A point (X, Y) from the middle of the reference lies at (along X - across Y + dx, across X + along Y + dy) from the
// middle of the moving frame, px of the frame.
struct Similarity {
  double along = 1.0;
  double across = 0.0;
  double dx = 0.0;
  double dy = 0.0;
};

struct FrameSize {
  int width;
  int height;
};

// Half the diagonal: what a change of `along` or `across` by 1 moves the corners by, px.
inline double reach(FrameSize frame) { return 0.5 * std::hypot(frame.width, frame.height); }

// From a pixel of the reference to one of the moving frame, both `reduction` times smaller than the frames.
inline Affine to_affine(const Similarity& map, FrameSize frame, int reduction) {
  // Pixel i covers [i, i + 1), so its centre lies at i + 0.5.
  const double x = 0.5 * frame.width / reduction - 0.5, y = 0.5 * frame.height / reduction - 0.5;
  return {map.along,  -map.across, x - map.along * x + map.across * y + map.dx / reduction,
          map.across, map.along,   y - map.across * x - map.along * y + map.dy / reduction};
}

// Root mean square, over the four corners of the frame, of the distance between where two maps take them, px.
inline double corner_distance(const Similarity& a, const Similarity& b, FrameSize frame) {
  const double stretch = reach(frame) * std::hypot(a.along - b.along, a.across - b.across);
  return std::hypot(stretch, a.dx - b.dx, a.dy - b.dy);
}

}  // namespace autofocus
