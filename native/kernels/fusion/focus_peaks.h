// For every cell of a stack, the frame in which it is sharpest, and where between the frames the sharpness peaks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/image_view.h"

namespace autofocus {

class FocusPeaks {
 public:
  explicit FocusPeaks(std::size_t cells) : cells_(cells), latest_(cells, 0.0f) {}

  // Takes in the energies of the next frame, none of them 0.
  void add(const float* energy);

  // For every cell: the sharpest frame, counted from 0, outliers replaced by the median around them; where the sharpness
  // peaks near that frame, in frames; and how clear the peak is: the share by which the best energy exceeds the mean, 0..1.
  void read(ImageU16 index, ImageF32 place, ImageF32 confidence) const;

  std::size_t memory() const { return cells_.size() * (sizeof(Cell) + sizeof(float)); }

 private:
  struct Cell {
    float best = 0.0f;
    float before = 0.0f;  // energy of the frame before the best one, 0 where there is none
    float after = 0.0f;   // of the one after it
    float sum = 0.0f;     // over all frames
    std::uint16_t index = 0;
  };

  std::vector<Cell> cells_;
  std::vector<float> latest_;
  int frames_ = 0;
};

}  // namespace autofocus
