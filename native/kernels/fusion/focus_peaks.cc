#include "kernels/fusion/focus_peaks.h"

#include <algorithm>
#include <cmath>

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

void FocusPeaks::add(const float* energy) {
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    Cell& cell = cells_[k];
    const float value = energy[k];
    cell.sum += value;
    if (value > cell.best) {
      cell.best = value;
      cell.before = latest_[k];
      cell.after = 0.0f;
      cell.index = static_cast<std::uint16_t>(frames_);
    } else if (cell.index + 1 == frames_) {
      cell.after = value;
    }
    latest_[k] = value;
  }
  ++frames_;
}

void FocusPeaks::read(ImageU16 index, ImageF32 place, ImageF32 confidence) const {
  std::vector<std::uint16_t> sharpest(cells_.size());
  for (std::size_t k = 0; k < cells_.size(); ++k) sharpest[k] = cells_[k].index;
  median_filter({sharpest.data(), index.width, index.height, 1}, kMedianRadius, index);
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    const Cell& cell = cells_[k];
    const bool agrees = std::abs(cell.index - index.data[k]) <= 1;
    place.data[k] = agrees ? static_cast<float>(cell.index) + peak_of(cell.before, cell.best, cell.after)
                           : static_cast<float>(index.data[k]);
    confidence.data[k] = cell.best > 0.0f ? 1.0f - cell.sum / (static_cast<float>(frames_) * cell.best) : 0.0f;
  }
}

}  // namespace autofocus
