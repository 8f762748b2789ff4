// How one frame lies over another, from coarse to fine: at the coarsest level likely maps are refined (refine.h);
// unless one makes the frames agree, all magnifications and shifts within limits are tried (coarse_search.h) and the
// best few refined. The one with the best correlation goes on to the finer levels.
#pragma once

#include <vector>

#include "kernels/registration/coarse_search.h"
#include "kernels/registration/refine.h"

namespace autofocus {

// `levels`: at least one, the coarsest first. `likely`: at least one.
Similarity align(const std::vector<LevelPair>& levels, FrameSize frame, const std::vector<Similarity>& likely,
                 const SearchLimits& limits, bool rotation);

}  // namespace autofocus
