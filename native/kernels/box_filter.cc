#include "kernels/box_filter.h"

namespace autofocus {
namespace {

template <int Channels>
void box(ConstImageF32 in, int radius, WindowBorder border, ImageF32 out) {
  window_means<Channels>(
      in.width, in.height, radius, border,
      [&](int y, double* row) { std::copy_n(in.row(y), in.stride(), row); },
      [&](int y, const double* means) {
        float* to = out.row(y);
        for (std::ptrdiff_t x = 0; x < out.stride(); ++x) to[x] = static_cast<float>(means[x]);
      });
}

}  // namespace

void box_filter(ConstImageF32 in, int radius, WindowBorder border, ImageF32 out) {
  if (in.channels == 1) {
    box<1>(in, radius, border, out);
  } else {
    box<3>(in, radius, border, out);
  }
}

}  // namespace autofocus
