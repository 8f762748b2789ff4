#include "kernels/guided_filter.h"

#include <algorithm>
#include <vector>

#include "kernels/window_means.h"

namespace autofocus {

void guided_filter(ConstImageF32 guide, ConstImageF32 in, int radius, double eps, ImageF32 out) {
  const int width = in.width;
  // The linear coefficients a and b of every window, interleaved.
  std::vector<float> lines(2 * in.size());
  const auto line_row = [&](int y) { return lines.data() + 2 * static_cast<std::ptrdiff_t>(y) * width; };

  window_means<4>(
      width, in.height, radius, WindowBorder::shrink,
      [&](int y, double* row) {
        const float* i = guide.row(y);
        const float* p = in.row(y);
        for (int x = 0; x < width; ++x, row += 4) {
          const double I = i[x], P = p[x];
          row[0] = I;
          row[1] = P;
          row[2] = I * I;
          row[3] = I * P;
        }
      },
      [&](int y, const double* mean) {
        float* line = line_row(y);
        for (int x = 0; x < width; ++x, mean += 4, line += 2) {
          const double variance = std::max(0.0, mean[2] - mean[0] * mean[0]);
          const double covariance = mean[3] - mean[0] * mean[1];
          const double a = variance + eps > 0.0 ? covariance / (variance + eps) : 0.0;
          line[0] = static_cast<float>(a);
          line[1] = static_cast<float>(mean[1] - a * mean[0]);
        }
      });

  window_means<2>(
      width, in.height, radius, WindowBorder::shrink,
      [&](int y, double* row) { std::copy_n(line_row(y), 2 * static_cast<std::ptrdiff_t>(width), row); },
      [&](int y, const double* mean) {
        const float* i = guide.row(y);
        float* q = out.row(y);
        for (int x = 0; x < width; ++x) q[x] = static_cast<float>(mean[2 * x] * i[x] + mean[2 * x + 1]);
      });
}

}  // namespace autofocus
