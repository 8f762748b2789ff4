#include "kernels/registration/align.h"

#include <algorithm>

namespace autofocus {
namespace {

// Starting points that are refined, and how many of them go on to the next level.
constexpr int kCandidates = 4;
constexpr std::size_t kFinalists = 2;
// Most iterations at the coarsest and at each finer level.
constexpr int kCoarsest = 10, kFiner = 5;
// Correlation at the coarsest level of a likely map, refined, from which on no other is looked for.
constexpr double kSure = 0.9;

// Those with the best correlation that lie at least `apart` px from each other at the corners of the frame.
std::vector<Estimate> best(std::vector<Estimate> candidates, FrameSize frame, double apart, std::size_t count) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Estimate& a, const Estimate& b) { return a.correlation > b.correlation; });
  std::vector<Estimate> chosen;
  for (const Estimate& candidate : candidates) {
    const bool is_apart = std::all_of(chosen.begin(), chosen.end(), [&](const Estimate& other) {
      return corner_distance(other.map, candidate.map, frame) >= apart;
    });
    if (chosen.size() < count && is_apart) chosen.push_back(candidate);
  }
  return chosen;
}

}  // namespace

Similarity align(const std::vector<LevelPair>& levels, FrameSize frame, const std::vector<Similarity>& likely,
                 const SearchLimits& limits, bool rotation) {
  const LevelPair& coarsest = levels.front();
  std::vector<Estimate> candidates;
  const auto add_from = [&](const std::vector<Similarity>& starts) {
    for (const Similarity& start : starts) {
      candidates.push_back(refine(coarsest, frame, {start, {}, 0.0}, rotation, kCoarsest));
    }
  };
  const auto is_sure = [](const Estimate& candidate) { return candidate.correlation >= kSure; };
  add_from(likely);
  if (std::none_of(candidates.begin(), candidates.end(), is_sure)) {
    add_from(coarse_search(coarsest, frame, limits, kCandidates));
  }
  candidates = best(candidates, frame, coarsest.reduction, kFinalists);
  for (auto level = levels.begin() + 1; level != levels.end(); ++level) {
    for (Estimate& candidate : candidates) candidate = refine(*level, frame, candidate, rotation, kFiner);
    candidates = best(candidates, frame, 0.0, 1);
  }
  return candidates.front().map;
}

}  // namespace autofocus
