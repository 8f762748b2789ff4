#include "kernels/fusion/focus_peaks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/median_filter.h"

namespace autofocus {
namespace {

// Half the side of the median over the sharpest frames, cells.
constexpr int kMedianRadius = 4;

// Where the parabola through the logarithms of three energies at -1, 0 and 1 peaks, the middle one the largest. Blur by
// amounts that grow evenly lowers the energy like a Gaussian near its peak.
float peak_of(float before, float best, float after) {
  if (!(before > 0.0f && after > 0.0f)) return 0.0f;
  const float a = std::log(before / best), b = std::log(after / best);
  const float curvature = a + b;
  return curvature < 0.0f ? std::clamp(0.5f * (a - b) / curvature, -0.5f, 0.5f) : 0.0f;
}

}  // namespace

void FocusPeaks::add(const float* energy, End end) {
  const bool is_last = end == End::last || last_ < first_;
  const int index = is_last ? ++last_ : --first_;
  float* neighbours = ends_[is_last ? 1 : 0].data();
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    Cell& cell = cells_[k];
    const float value = energy[k];
    // What lies further in is known, what lies further out comes later.
    float& inner = is_last ? cell.before : cell.after;
    float& outer = is_last ? cell.after : cell.before;
    cell.sum += value;
    // Of frames that are equally sharp the first one counts.
    if (value > cell.best || (!is_last && value == cell.best)) {
      cell.best = value;
      inner = neighbours[k];
      outer = 0.0f;
      cell.index = index;
    } else if (cell.index == (is_last ? index - 1 : index + 1)) {
      outer = value;
    }
    neighbours[k] = value;
  }
  if (first_ == last_) ends_[0] = ends_[1];
}

void FocusPeaks::read(ImageU16 index, ImageF32 place, ImageF32 confidence) const {
  std::vector<std::uint16_t> sharpest(cells_.size());
  for (std::size_t k = 0; k < cells_.size(); ++k) sharpest[k] = static_cast<std::uint16_t>(cells_[k].index - first_);
  median_filter({sharpest.data(), index.width, index.height, 1}, kMedianRadius, index);
  const float frames = static_cast<float>(last_ - first_ + 1);
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    const Cell& cell = cells_[k];
    const bool agrees = std::abs(sharpest[k] - index.data[k]) <= 1;
    place.data[k] = agrees ? static_cast<float>(sharpest[k]) + peak_of(cell.before, cell.best, cell.after)
                           : static_cast<float>(index.data[k]);
    confidence.data[k] = cell.best > 0.0f ? 1.0f - cell.sum / (frames * cell.best) : 0.0f;
  }
}

}  // namespace autofocus
