#include "kernels/fusion/focus_peaks.h"

#include <algorithm>
#include <cmath>

namespace autofocus {
namespace {

// Where the parabola through the logarithms of three energies at -1, 0 and 1 peaks, the middle one the largest. Blur by
// amounts that grow evenly lowers the energy like a Gaussian near its peak.
float peak_of(float before, float best, float after) {
  if (!(before > 0.0f && after > 0.0f)) return 0.0f;
  const float a = std::log(before / best), b = std::log(after / best);
  const float curvature = a + b;
  return curvature < 0.0f ? std::clamp(0.5f * (a - b) / curvature, -0.5f, 0.5f) : 0.0f;
}

}  // namespace

void FocusPeaks::add(const std::vector<float>& energy) {
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
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    const Cell& cell = cells_[k];
    index.data[k] = cell.index;
    place.data[k] = static_cast<float>(cell.index) + peak_of(cell.before, cell.best, cell.after);
    confidence.data[k] = cell.best > 0.0f ? 1.0f - cell.sum / (static_cast<float>(frames_) * cell.best) : 0.0f;
  }
}

}  // namespace autofocus
