#include "kernels/registration/refine.h"

#include <algorithm>
#include <cmath>

#include "kernels/registration/normal_equations.h"

namespace autofocus {
namespace {

constexpr std::size_t kUnknowns = 4, kTurn = 1;
using Vector = std::array<double, kUnknowns>;
using Matrix = std::array<double, kUnknowns * kUnknowns>;

// Neighbouring pixels of the features say the same: as many count as one.
constexpr double kCorrelated = 12.0;
// A step below this ends the iteration, px of the level: the next one would be several times smaller.
constexpr double kStill = 0.02;
// Largest step, px of the level; beyond it the gradients say nothing.
constexpr double kStride = 1.5;
// Share of the largest diagonal value below which a direction counts as unknown.
constexpr double kSingular = 1e-9;

// All in px of the frame: how far the corners move by magnification and by turn, and the shifts.
Vector unknowns(const Similarity& map, double radius) {
  return {(map.along - 1.0) * radius, map.across * radius, map.dx, map.dy};
}

Similarity map_of(const Vector& unknowns, double radius) {
  return {1.0 + unknowns[0] / radius, unknowns[1] / radius, unknowns[2], unknowns[3]};
}

double dot(const double* a, const Vector& b) {
  double sum = 0.0;
  for (std::size_t k = 0; k < kUnknowns; ++k) sum += a[k] * b[k];
  return sum;
}

// Solves `matrix x = right` by elimination without pivoting, for a symmetric and positive semidefinite matrix. The turn
// where it is not free, and directions that the matrix does not determine, stay 0.
Vector solve(Matrix matrix, Vector right, bool rotation) {
  const auto at = [&](std::size_t row, std::size_t column) -> double& { return matrix[kUnknowns * row + column]; };
  const auto is_free = [&](std::size_t unknown) { return rotation || unknown != kTurn; };
  double least = 0.0;
  for (std::size_t k = 0; k < kUnknowns; ++k) {
    if (is_free(k)) least = std::max(least, kSingular * at(k, k));
  }
  std::array<bool, kUnknowns> is_known{};
  for (std::size_t pivot = 0; pivot < kUnknowns; ++pivot) {
    is_known[pivot] = is_free(pivot) && at(pivot, pivot) > least;
    if (!is_known[pivot]) continue;
    for (std::size_t row = 0; row < kUnknowns; ++row) {
      if (row == pivot) continue;
      const double factor = at(row, pivot) / at(pivot, pivot);
      for (std::size_t column = 0; column < kUnknowns; ++column) at(row, column) -= factor * at(pivot, column);
      right[row] -= factor * right[pivot];
    }
  }
  Vector solution{};
  for (std::size_t k = 0; k < kUnknowns; ++k) {
    if (is_known[k]) solution[k] = right[k] / at(k, k);
  }
  return solution;
}

}  // namespace

Estimate refine(const LevelPair& level, FrameSize frame, const Estimate& prior, bool rotation, int iterations) {
  const double radius = reach(frame), reduction = level.reduction;
  const Vector expected = unknowns(prior.map, radius);
  Estimate found = prior;
  for (int iteration = 0; iteration < iterations; ++iteration) {
    const Affine matrix = to_affine(found.map, frame, level.reduction);
    const NormalEquations equations = normal_equations(level.ours, level.theirs, matrix, radius / reduction);
    found.correlation = equations.correlation;
    // The level's pixels are `reduction` pixels of the frame.
    Vector now = unknowns(found.map, radius), away{};
    for (std::size_t k = 0; k < kUnknowns; ++k) away[k] = expected[k] - now[k];
    Vector pull{};
    for (std::size_t k = 0; k < kUnknowns; ++k) {
      pull[k] = dot(&prior.information[kUnknowns * k], away) + equations.gradient[k] / (kCorrelated * reduction);
    }
    for (std::size_t k = 0; k < equations.hessian.size(); ++k) {
      found.information[k] = prior.information[k] + equations.hessian[k] / (kCorrelated * reduction * reduction);
    }
    const Vector step = solve(found.information, pull, rotation);
    const double length = std::sqrt(dot(step.data(), step)) / reduction;
    if (!std::isfinite(length)) break;
    const double damping = length > kStride ? kStride / length : 1.0;
    for (std::size_t k = 0; k < kUnknowns; ++k) now[k] += damping * step[k];
    found.map = map_of(now, radius);
    if (length < kStill) break;
  }
  return found;
}

}  // namespace autofocus
