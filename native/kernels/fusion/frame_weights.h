// How much the latest frame of a stack counts in every cell, and what it leaves of the frames before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/fusion/cells.h"

namespace autofocus {

class FrameWeights {
 public:
  FrameWeights(int columns, int rows);

  // Takes in the energies of the next frame, none of them 0. It counts by (energy / largest energy of any frame)^16.
  void add(const float* energy);

  // One value a cell: of the latest frame, and what the sums over the frames before it are scaled by.
  const float* weight(int row) const { return weight_.data() + cell(row); }
  const float* scale(int row) const { return scale_.data() + cell(row); }
  CellRows weights(int near, int far) const { return {weight(near), weight(far)}; }
  CellRows scales(int near, int far) const { return {scale(near), scale(far)}; }

  // Whether the latest frame changes anything in a block of cells or those next to it in the row.
  bool is_busy(int row, int block) const {
    return busy_[static_cast<std::size_t>(row) * static_cast<std::size_t>(blocks_) + static_cast<std::size_t>(block)] != 0;
  }
  // In a row of cells.
  int blocks() const { return blocks_; }

  std::size_t memory() const { return 3 * best_.size() * sizeof(float) + busy_.size(); }

 private:
  std::size_t cell(int row) const { return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_); }

  int columns_;
  int rows_;
  int blocks_;
  std::vector<float> best_;  // largest energy so far
  std::vector<float> weight_;
  std::vector<float> scale_;
  std::vector<std::uint8_t> busy_;
};

}  // namespace autofocus
