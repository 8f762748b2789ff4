// Gauss-Newton refinement of a map at one level: maximises the enhanced correlation of G. D. Evangelidis and
// E. Z. Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", TPAMI 30 (2008),
// with the gradients of both pictures averaged (S. Benhimane and E. Malis, IROS 2004), so that neither is favoured, and
// every pixel weighted by how well the frames agree around it. What coarser levels have found enters as a prior by its
// information, so that a level on which the frames hardly agree moves the map hardly at all.
#pragma once

#include <array>

#include "kernels/registration/similarity.h"
#include "kernels/registration/warp_rows.h"

namespace autofocus {

// The same level of both frames.
struct LevelPair {
  int reduction;  // frame pixels per pixel of the level
  Blurs ours;
  Blurs theirs;
};

struct Estimate {
  Similarity map;
  // Inverse covariance of stretch and turn, as what they move the corners by, and the shifts; px^-2 of the frame.
  std::array<double, 16> information{};
  // At the level, over all of the overlap, under the last map but one.
  double correlation = 0.0;
};

// `rotation`: whether the frames may be turned against each other.
Estimate refine(const LevelPair& level, FrameSize frame, const Estimate& prior, bool rotation, int iterations);

}  // namespace autofocus
