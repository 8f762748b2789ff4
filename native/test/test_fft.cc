#include "kernels/fft.h"
#include "test/check.h"

namespace autofocus::test {

void test_fft() {
  for (int width = 2; width <= 256; width *= 2) {
    for (int height = 1; height <= 256; height *= 4) {
      const RealFft2d fft(width, height);
      const int cols = 1 + below(width), rows = 1 + below(height);
      const Picture<float> in = noise_f32(cols, rows, 1);
      std::vector<float> spectrum(fft.spectrum_size()), scratch(fft.spectrum_size());
      fft.forward(in.values().data(), cols, cols, rows, spectrum.data());

      double sum = 0.0;
      for (const float value : in.values()) sum += value;
      check(std::fabs(spectrum[fft.index(0, 0)] - sum) <= 1e-5 * (1.0 + sum), "the first coefficient is the sum");

      Picture<float> back(cols, rows, 1);
      fft.inverse(spectrum.data(), nullptr, scratch.data(), 0, 0, cols, rows, back.values().data(), cols);
      check_close(in.values(), back.values(), 2e-6, "transform there and back");

      const int x0 = below(cols), y0 = below(rows);
      Picture<float> part(cols - x0, rows - y0, 1);
      fft.inverse(spectrum.data(), nullptr, spectrum.data(), x0, y0, cols - x0, rows - y0, part.values().data(),
                  cols - x0);
      for (int y = y0; y < rows; ++y) {
        for (int x = x0; x < cols; ++x) {
          const float difference = part.view().row(y - y0)[x - x0] - in.view().row(y)[x];
          check(std::fabs(difference) <= 2e-6f, "a part of the inverse, in place");
        }
      }
    }
  }
}

}  // namespace autofocus::test
