#include "kernels/video/blend.h"

#include <algorithm>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/parallel_rows.h"
#include "kernels/video/enlarge.h"

namespace autofocus {
namespace {

// 0 for what is no number.
inline float inside(float weight) { return weight > 0.0f ? std::min(weight, 1.0f) : 0.0f; }

// Weights in units of 1/kUnit.
constexpr int kUnit = 1 << 8;
inline int share_of(float weight) { return static_cast<int>(inside(weight) * kUnit + 0.5f); }

template <int channels>
inline __attribute__((always_inline)) void mix(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b,
                                               const float* __restrict weights, int width,
                                               std::uint8_t* __restrict to) {
  for (int x = 0; x < width; ++x) {
    const int share = share_of(weights[x]);
    for (int c = channels * x; c < channels * (x + 1); ++c) {
      to[c] = static_cast<std::uint8_t>((kUnit * b[c] + share * (a[c] - b[c]) + kUnit / 2) >> 8);
    }
  }
}

AUTOFOCUS_MULTIVERSION void blend_rows(ConstImageU8 a, ConstImageU8 b, ConstImageF32 weight, ImageU8 out, int first,
                                       int last) {
  Enlarged enlarged(weight, a.width, a.height);
  std::vector<float> line;
  for (int y = first; y < last; ++y) {
    enlarged.row(y, line);
    if (a.channels == 3) {
      mix<3>(a.row(y), b.row(y), line.data(), a.width, out.row(y));
    } else {
      mix<1>(a.row(y), b.row(y), line.data(), a.width, out.row(y));
    }
  }
}

}  // namespace

void blend_u8(ConstImageU8 a, ConstImageU8 b, ConstImageF32 weight, ImageU8 out) {
  parallel_rows(a.height, [=](int first, int last) { blend_rows(a, b, weight, out, first, last); });
}

AUTOFOCUS_MULTIVERSION void blend_f32(ConstImageF32 a, ConstImageF32 b, ConstImageF32 weight, ImageF32 out) {
  Enlarged enlarged(weight, a.width, a.height);
  std::vector<float> line;
  for (int y = 0; y < a.height; ++y) {
    enlarged.row(y, line);
    const float *from_a = a.row(y), *from_b = b.row(y);
    float* to = out.row(y);
    for (int x = 0; x < a.width; ++x) {
      const float share = inside(line[static_cast<std::size_t>(x)]);
      for (int c = a.channels * x; c < a.channels * (x + 1); ++c) to[c] = from_b[c] + share * (from_a[c] - from_b[c]);
    }
  }
}

}  // namespace autofocus
