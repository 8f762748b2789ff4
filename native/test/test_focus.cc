#include "kernels/focus/focus_measure.h"
#include "test/check.h"

namespace autofocus::test {

void test_focus() {
  for (const char* name :
       {"absolute-gradient", "squared-gradient", "laplacian-energy", "tenengrad", "brenner", "variance",
        "normalised-variance", "entropy", "histogram-range", "autocorrelation", "dct-energy-ratio", "edge-width"}) {
    const FocusMeasure measure = find_focus_measure(name);
    check(measure != nullptr, std::string("there is a measure ") + name);
    for (const auto& [width, height] : kSizes) {
      const Roi whole{0, 0, width, height};
      const Picture<std::uint8_t> bytes = noise<std::uint8_t>(width, height, 1);
      Picture<float> floats(width, height, 1);
      for (std::size_t k = 0; k < floats.values().size(); ++k) {
        floats.values()[k] = static_cast<float>(bytes.values()[k]) / 255.0f;
      }
      const Picture<float>& fixed = floats;
      const double of_bytes = focus_measure(measure, bytes.view(), whole);
      const double of_floats = focus_measure(measure, fixed.view(), whole);
      check(std::fabs(of_bytes - of_floats) <= 1e-5 * (1.0 + of_bytes), std::string(name) + " of bytes and floats");
      const int x = below(width), y = below(height);
      focus_measure(measure, bytes.view(), {x, y, 1 + below(width - x), 1 + below(height - y)});
      // Values that are no light must not lead outside tables.
      floats.values()[0] = NAN;
      floats.values().back() = -1e30f;
      focus_measure(measure, fixed.view(), whole);
    }
  }
  check(find_focus_measure("none") == nullptr, "there is no other measure");
}

}  // namespace autofocus::test
