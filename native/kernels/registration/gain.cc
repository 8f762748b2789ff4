#include "kernels/registration/gain.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/registration/agreement.h"

namespace autofocus {
namespace {

// Side of a block, cells.
constexpr int kBlock = 8;
// Standard errors the mean gain must exceed.
constexpr double kErrors = 3.0;
// Fewer blocks than this with something in them say nothing.
constexpr std::size_t kLeastBlocks = 4;

// Sums over a block, each place by its strength.
struct Block {
  double before = 0.0;
  double after = 0.0;
  double strength = 0.0;
};

void add_cells(const Agreement& before, const Agreement& after, std::vector<Block>& blocks) {
  for (int x = 0; x < before.columns(); ++x) {
    const auto at = static_cast<std::size_t>(x);
    const double strength = std::min(before.strength()[at], after.strength()[at]);
    Block& block = blocks[at / kBlock];
    block.before += strength * std::sqrt(std::min(1.0f, before.cells().share[at]));
    block.after += strength * std::sqrt(std::min(1.0f, after.cells().share[at]));
    block.strength += strength;
  }
}

bool beyond_chance(const std::vector<double>& gains) {
  if (gains.size() < kLeastBlocks) return false;
  const double count = static_cast<double>(gains.size());
  double mean = 0.0, squares = 0.0;
  for (const double gain : gains) mean += gain / count;
  for (const double gain : gains) squares += (gain - mean) * (gain - mean);
  return mean > kErrors * std::sqrt(squares / (count - 1.0) / count);
}

}  // namespace

Gain gain_of(const LevelPair& level, FrameSize frame, const Similarity& map) {
  const Affine none = to_affine({}, frame, level.reduction), matrix = to_affine(map, frame, level.reduction);
  Agreement before(level.ours, level.theirs, none), after(level.ours, level.theirs, matrix);
  const auto across = static_cast<std::size_t>((before.columns() + kBlock - 1) / kBlock);
  std::vector<Block> blocks(across);
  std::vector<double> gains;
  Block all;
  for (int row = 0; row < before.rows(); ++row) {
    before.next();
    after.next();
    add_cells(before, after, blocks);
    if ((row + 1) % kBlock != 0 && row + 1 < before.rows()) continue;
    for (Block& block : blocks) {
      if (block.strength > 0.0) gains.push_back((block.after - block.before) / block.strength);
      all.before += block.before;
      all.after += block.after;
      all.strength += block.strength;
      block = {};
    }
  }
  if (all.strength == 0.0) return {};
  const double left = all.strength - all.before;
  return {all.before / all.strength, all.after / all.strength, left > 0.0 ? (all.after - all.before) / left : 0.0,
          beyond_chance(gains)};
}

}  // namespace autofocus
