// The disk filter of paper 1, Eq. 4, for any real radius: the weight of a pixel is the part of it that the disk covers,
// exactly, so that the filter changes smoothly with the radius and its weights add up to one.
#pragma once

#include <vector>

namespace autofocus {

// Largest radius accepted, px.
constexpr double kMaxDiskRadius = 1000.0;

class DiskKernel {
 public:
  // 0 <= radius <= kMaxDiskRadius. Below 0.5 the disk lies within one pixel and the filter changes nothing.
  explicit DiskKernel(double radius);

  // The filter spans 2 * reach() + 1 pixels either way.
  int reach() const { return reach_; }
  // The weight at (dx, dy), 0 <= dx, dy <= reach(); the other quadrants are alike.
  float weight(int dx, int dy) const {
    return quadrant_[static_cast<std::size_t>(dx) * side() + static_cast<std::size_t>(dy)];
  }
  // All weights of that quadrant, at [dx * (reach() + 1) + dy].
  const float* quadrant() const { return quadrant_.data(); }
  // The weight of a pixel that is covered wholly.
  float full_weight() const { return full_weight_; }
  // In column dx the pixels |dy| <= solid(dx) are covered wholly; -1 where none is.
  int solid(int dx) const { return solid_[static_cast<std::size_t>(dx)]; }

 private:
  std::size_t side() const { return static_cast<std::size_t>(reach_) + 1; }

  int reach_;
  float full_weight_;
  std::vector<float> quadrant_;
  std::vector<int> solid_;
};

}  // namespace autofocus
