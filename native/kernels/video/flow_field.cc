#include "kernels/video/flow_field.h"

namespace autofocus {
namespace {

// Precision with which a patch moves as its neighbour, px^-2.
constexpr float kAlike = 150.0f;
// Difference of motion from which neighbours are hardly of one thing, px.
constexpr float kBreak = 0.5f;
constexpr int kSweeps = 12;

// Precision with which two neighbours that move like this tell each other's motion.
float bond(const Belief& a, const Belief& b) {
  const Vector apart = a.mean - b.mean;
  return kAlike / (1.0f + dot(apart, apart) / (kBreak * kBreak));
}

}  // namespace

template <typename Use>
void FlowField::each_neighbour(int column, int row, Use use) const {
  if (column > 0) use(index(column - 1, row));
  if (column + 1 < columns_) use(index(column + 1, row));
  if (row > 0) use(index(column, row - 1));
  if (row + 1 < rows_) use(index(column, row + 1));
}

void FlowField::smooth() {
  const std::vector<Belief> own = patches_;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (int row = 0; row < rows_; ++row) {
      for (int column = 0; column < columns_; ++column) {
        const Belief& alone = own[index(column, row)];
        Belief& patch = at(column, row);
        SymmetricMatrix sum = alone.precision;
        Vector pull = alone.precision * alone.mean;
        each_neighbour(column, row, [&](std::size_t other) {
          const float k = bond(patches_[other], patch);
          sum = sum + identity_times(k);
          pull = pull + k * patches_[other].mean;
        });
        patch.mean = inverse(sum) * pull;
      }
    }
  }
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      Belief& patch = at(column, row);
      each_neighbour(column, row, [&](std::size_t other) {
        patch.precision = patch.precision + loosened(own[other].precision, 1.0f / bond(patches_[other], patch));
      });
    }
  }
}

}  // namespace autofocus
