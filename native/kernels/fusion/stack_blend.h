// The weighted sum over the frames of a stack, taken in one at a time: memory does not grow with their number.
//
// A frame counts in a cell by (energy / largest energy of any frame there)^16: alone where it is by far the sharpest,
// evenly with others where none shows anything, so that noise averages out. When a later frame turns out sharper, what was
// gathered before is scaled down. Two bands (cells.h) are summed apart, the base with energies smoothed once more, so that
// no seam is visible where frames meet that differ in brightness.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/fusion/cells.h"
#include "kernels/fusion/focus_peaks.h"
#include "kernels/fusion/frame_weights.h"
#include "kernels/image_view.h"

namespace autofocus {

class StackBlend {
 public:
  StackBlend(int width, int height, int channels);

  int width() const { return width_; }
  int height() const { return height_; }
  int channels() const { return channels_; }
  const FocusPeaks& peaks() const { return peaks_; }
  // Bytes held.
  std::size_t memory() const;

  // `energy` as focus_energy() makes it; outside of `valid`, a part of the frame, the frame counts for next to nothing.
  // `end` of the stack only matters to peaks().
  template <typename T>
  void add(ImageView<const T> frame, ConstImageF32 energy, Roi valid, End end);

  // The picture: 0..1 as float, else clipped and rounded to the range of T. Needs a frame.
  template <typename T>
  void blend(ImageView<T> out) const;

 private:
  const float* counted(ConstImageF32 energy, Roi valid);
  const float* smooth(const float* energy);
  template <typename T>
  void add_base(ImageView<const T> frame, int row);
  template <typename T>
  void add_fine(ImageView<const T> frame, int y);
  bool needs_base(int row, int block) const;

  // Where a row of cells begins in a plane, and the first of its planes where there is one for each channel.
  std::size_t cell_row(int row) const { return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_); }
  std::size_t base_row(int row) const { return cell_row(row) * static_cast<std::size_t>(channels_); }

  int width_;
  int height_;
  int channels_;
  int columns_;
  int rows_;
  FocusPeaks peaks_;
  FrameWeights fine_weights_;
  FrameWeights base_weights_;
  std::vector<float> base_total_;  // sum of weights
  std::vector<float> base_;        // weighted sum: planes for every row of cells
  std::vector<float> fine_total_;  // sum of weights: even, then odd columns for every row
  std::vector<float> fine_;        // weighted sum: the same for each channel of every row
  // Of the latest frame: its base, where it is needed, what counts of its energies, and the same smoothed.
  std::vector<float> frame_base_;
  std::vector<float> counted_;
  std::vector<float> smooth_;
};

}  // namespace autofocus
