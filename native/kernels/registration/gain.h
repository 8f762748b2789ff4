// Whether a map makes two frames agree better than none, by enough to be worth another interpolation, and beyond what
// chance would do: the picture is divided into blocks, and the agreement must rise in the mean over the blocks by
// several standard errors of that mean. Frames that differ by their defocus alone agree a little better under a map
// that is slightly wrong, where blur spills over the borders of things; that is no gain.
#pragma once

#include "kernels/registration/refine.h"

namespace autofocus {

struct Gain {
  // Mean agreement without and with the map, each place by its strength, 0..1.
  double before = 0.0;
  double after = 0.0;
  // Share of the disagreement that the map explains; negative where it adds to it.
  double explained = 0.0;
  // Whether the agreement rises beyond chance.
  bool certain = false;
};

Gain gain_of(const LevelPair& level, FrameSize frame, const Similarity& map);

}  // namespace autofocus
