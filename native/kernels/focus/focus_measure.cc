#include "kernels/focus/focus_measure.h"

#include <algorithm>
#include <vector>

#include "kernels/focus/measures.h"

namespace autofocus {
namespace {

struct Entry {
  const char* name;
  FocusMeasure measure;
};

constexpr Entry kMeasures[] = {
    {"absolute-gradient", focus::absolute_gradient},
    {"squared-gradient", focus::squared_gradient},
    {"laplacian-energy", focus::laplacian_energy},
    {"tenengrad", focus::tenengrad},
    {"brenner", focus::brenner},
    {"variance", focus::variance},
    {"normalised-variance", focus::normalised_variance},
    {"entropy", focus::entropy},
    {"histogram-range", focus::histogram_range},
    {"autocorrelation", focus::autocorrelation},
    {"dct-energy-ratio", focus::dct_energy_ratio},
    {"edge-width", focus::edge_width},
};

template <typename T>
double measure_window(FocusMeasure measure, ImageView<const T> gray, Roi roi, float scale) {
  std::vector<float> window(static_cast<std::size_t>(roi.width) * static_cast<std::size_t>(roi.height));
  float* to = window.data();
  for (int y = roi.y; y < roi.y + roi.height; ++y, to += roi.width) {
    const T* from = gray.row(y) + roi.x;
    for (int x = 0; x < roi.width; ++x) to[x] = static_cast<float>(from[x]) * scale;
  }
  return measure({window.data(), roi.width, roi.height, 1});
}

}  // namespace

FocusMeasure find_focus_measure(const std::string& name) {
  const auto found = std::find_if(std::begin(kMeasures), std::end(kMeasures),
                                  [&](const Entry& entry) { return name == entry.name; });
  return found == std::end(kMeasures) ? nullptr : found->measure;
}

double focus_measure(FocusMeasure measure, ConstImageU8 gray, Roi roi) {
  return measure_window(measure, gray, roi, 1.0f / 255.0f);
}

double focus_measure(FocusMeasure measure, ConstImageF32 gray, Roi roi) {
  return measure_window(measure, gray, roi, 1.0f);
}

}  // namespace autofocus
