// For every cell of a stack, the frame in which it is sharpest, and where between the frames the sharpness peaks.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/image_view.h"

namespace autofocus {

// The end of a stack that a frame is put at.
enum class End { first, last };

class FocusPeaks {
 public:
  explicit FocusPeaks(std::size_t cells) : cells_(cells), ends_{std::vector<float>(cells), std::vector<float>(cells)} {}

  // Takes in the energies of a frame before the first or after the last one, none of them 0.
  void add(const float* energy, End end);

  // For every cell: the sharpest frame, counted from 0 at the first one, outliers replaced by the median around them; where the sharpness
  // peaks near that frame, in frames; and how clear the peak is: the share by which the best energy exceeds the mean, 0..1.
  void read(ImageU16 index, ImageF32 place, ImageF32 confidence) const;

  std::size_t memory() const { return cells_.size() * (sizeof(Cell) + 2 * sizeof(float)); }

 private:
  struct Cell {
    float best = 0.0f;
    float before = 0.0f;  // energy of the frame before the best one, 0 where there is none
    float after = 0.0f;   // of the one after it
    float sum = 0.0f;     // over all frames
    int index = 0;        // of the best one, counted from the frame that was taken in first
  };

  std::vector<Cell> cells_;
  std::vector<float> ends_[2];  // energies of the first and of the last frame
  int first_ = 0;               // their numbers
  int last_ = -1;
};

}  // namespace autofocus
