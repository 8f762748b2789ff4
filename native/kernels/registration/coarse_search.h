// Where to start: every magnification and shift within limits, in steps of about a pixel of the coarsest level,
// compared by normalised cross-correlation where the frames overlap.
#pragma once

#include <vector>

#include "kernels/registration/refine.h"

namespace autofocus {

struct SearchLimits {
  double scale;  // largest difference of the magnification from 1
  double shift;  // largest shift along either axis, px of the frame
};

// The best few maps that are well apart, the best first.
std::vector<Similarity> coarse_search(const LevelPair& coarsest, FrameSize frame, const SearchLimits& limits,
                                      int count);

// Normalised cross-correlation of a(x, y) and b(x + dx, y + dy), of mean 0, over all pixels less the borders that both
// have, for all whole dx, dy from -most to most: out(dx + most, dy + most).
void correlate_shifts(ConstImageF32 a, ConstImageF32 b, int most, ImageF32 out);

}  // namespace autofocus
