#include "kernels/resample.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/mirror.h"

namespace autofocus {
namespace {

// The pixels along one axis that make up a value, and their weights; bilinear uses the first two.
struct Samples {
  int index[4];
  float weight[4];
};

int within(int i, int n, Border border) { return border == Border::mirror ? mirror(i, n) : std::clamp(i, 0, n - 1); }

// Far outside, positions only need to stay representable.
constexpr double kFar = 1e8;

Samples samples(double position, int n, Filter filter, Border border) {
  position = std::clamp(position, -kFar, kFar);
  const double whole = std::floor(position);
  const int i = static_cast<int>(whole);
  const float t = static_cast<float>(position - whole);
  if (filter == Filter::bilinear) {
    return {{within(i, n, border), within(i + 1, n, border), 0, 0}, {1.0f - t, t, 0.0f, 0.0f}};
  }
  // R. G. Keys, Cubic Convolution Interpolation for Digital Image Processing, IEEE Trans. ASSP 29 (1981), Eq. 15.
  const float t2 = t * t, t3 = t2 * t;
  return {{within(i - 1, n, border), within(i, n, border), within(i + 1, n, border), within(i + 2, n, border)},
          {-0.5f * t + t2 - 0.5f * t3, 1.0f - 2.5f * t2 + 1.5f * t3, 0.5f * t + 2.0f * t2 - 1.5f * t3,
           -0.5f * t2 + 0.5f * t3}};
}

// Without rotation or shear the samples of a column and of a row are the same all along it.
void resample_axes(ConstImageF32 in, const std::array<double, 6>& m, Filter filter, Border border, ImageF32 out) {
  const int taps = filter == Filter::bilinear ? 2 : 4;
  std::vector<Samples> columns;
  int first = in.width, last = -1;
  for (int x = 0; x < out.width; ++x) {
    columns.push_back(samples(m[0] * x + m[2], in.width, filter, border));
    for (int k = 0; k < taps; ++k) {
      int& index = columns.back().index[k];
      first = std::min(first, index);
      last = std::max(last, index);
      index *= in.channels;
    }
  }
  const std::ptrdiff_t begin = static_cast<std::ptrdiff_t>(first) * in.channels;
  const std::ptrdiff_t end = static_cast<std::ptrdiff_t>(last + 1) * in.channels;
  std::vector<float> blend(static_cast<std::size_t>(in.stride()));
  for (int y = 0; y < out.height; ++y) {
    const Samples rows = samples(m[4] * y + m[5], in.height, filter, border);
    const float* a = in.row(rows.index[0]);
    const float* b = in.row(rows.index[1]);
    if (filter == Filter::bilinear) {
      for (std::ptrdiff_t x = begin; x < end; ++x) {
        blend[static_cast<std::size_t>(x)] = rows.weight[0] * a[x] + rows.weight[1] * b[x];
      }
    } else {
      const float* c = in.row(rows.index[2]);
      const float* d = in.row(rows.index[3]);
      for (std::ptrdiff_t x = begin; x < end; ++x) {
        blend[static_cast<std::size_t>(x)] = rows.weight[0] * a[x] + rows.weight[1] * b[x] + rows.weight[2] * c[x] +
                                             rows.weight[3] * d[x];
      }
    }
    float* to = out.row(y);
    for (const Samples& column : columns) {
      for (int channel = 0; channel < in.channels; ++channel) {
        const float* from = blend.data() + channel;
        float sum = column.weight[0] * from[column.index[0]] + column.weight[1] * from[column.index[1]];
        if (taps == 4) sum += column.weight[2] * from[column.index[2]] + column.weight[3] * from[column.index[3]];
        *to++ = sum;
      }
    }
  }
}

void resample_affine(ConstImageF32 in, const std::array<double, 6>& m, Filter filter, Border border, ImageF32 out) {
  const int taps = filter == Filter::bilinear ? 2 : 4;
  for (int y = 0; y < out.height; ++y) {
    float* to = out.row(y);
    for (int x = 0; x < out.width; ++x, to += in.channels) {
      const Samples columns = samples(m[0] * x + m[1] * y + m[2], in.width, filter, border);
      const Samples rows = samples(m[3] * x + m[4] * y + m[5], in.height, filter, border);
      for (int channel = 0; channel < in.channels; ++channel) {
        float sum = 0.0f;
        for (int j = 0; j < taps; ++j) {
          const float* from = in.row(rows.index[j]) + channel;
          float line = 0.0f;
          for (int i = 0; i < taps; ++i) {
            line += columns.weight[i] * from[static_cast<std::ptrdiff_t>(columns.index[i]) * in.channels];
          }
          sum += rows.weight[j] * line;
        }
        to[channel] = sum;
      }
    }
  }
}

}  // namespace

void resample(ConstImageF32 in, const std::array<double, 6>& matrix, Filter filter, Border border, ImageF32 out) {
  if (matrix[1] == 0.0 && matrix[3] == 0.0) {
    resample_axes(in, matrix, filter, border, out);
  } else {
    resample_affine(in, matrix, filter, border, out);
  }
}

}  // namespace autofocus
