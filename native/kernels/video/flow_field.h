// The motion of overlapping patches of a picture, each drawn to that of its neighbours: where a patch tells little, as in
// what is out of focus, those around it do. Neighbours whose motion differs by much are taken for different things and
// hardly count.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "kernels/video/flow_patch.h"

namespace autofocus {

// Distance between neighbouring patches, px.
constexpr int kFlowStride = 4;

class FlowField {
 public:
  // Patches of a picture of that size.
  FlowField(int width, int height)
      : width_(width), height_(height), columns_(count(width)), rows_(count(height)),
        patches_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {}

  int columns() const { return columns_; }
  int rows() const { return rows_; }
  // First pixel of the patches of a column or row; the last patch ends at the border.
  int left(int column) const { return start(column, width_); }
  int top(int row) const { return start(row, height_); }
  Belief& at(int column, int row) { return patches_[index(column, row)]; }
  const Belief& at(int column, int row) const { return patches_[index(column, row)]; }
  // The patch nearest to where there may be none.
  const Belief& nearest(int column, int row) const {
    return at(std::clamp(column, 0, columns_ - 1), std::clamp(row, 0, rows_ - 1));
  }

  // Lets neighbours agree.
  void smooth();

 private:
  static int start(int k, int side) { return std::min(k * kFlowStride, std::max(0, side - kFlowPatch)); }
  static int count(int side) { return 1 + (std::max(0, side - kFlowPatch) + kFlowStride - 1) / kFlowStride; }
  std::size_t index(int column, int row) const { return static_cast<std::size_t>(row * columns_ + column); }
  template <typename Use>
  void each_neighbour(int column, int row, Use use) const;

  int width_;
  int height_;
  int columns_;
  int rows_;
  std::vector<Belief> patches_;
};

}  // namespace autofocus
