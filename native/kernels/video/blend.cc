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
inline std::uint16_t share_of(float weight) { return static_cast<std::uint16_t>(inside(weight) * kUnit + 0.5f); }

AUTOFOCUS_MULTIVERSION void mix(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b,
                                      const std::uint16_t* __restrict shares, std::size_t count,
                                      std::uint8_t* __restrict to) {
  for (std::size_t k = 0; k < count; ++k) {
    // Sixteen bits hold the sum, though not each of its parts.
    const auto sum = static_cast<std::uint16_t>(kUnit * b[k] + shares[k] * (a[k] - b[k]) + kUnit / 2);
    to[k] = static_cast<std::uint8_t>(sum >> 8);
  }
}

void blend_rows(ConstImageU8 a, ConstImageU8 b, ConstImageF32 weight, ImageU8 out, int first, int last) {
  Enlarged enlarged(weight, a.width, a.height);
  std::vector<float> line;
  std::vector<std::uint16_t> shares(static_cast<std::size_t>(a.stride()));
  for (int y = first; y < last; ++y) {
    enlarged.row(y, line);
    std::uint16_t* to = shares.data();
    for (const float each : line) {
      const std::uint16_t share = share_of(each);
      for (int c = 0; c < a.channels; ++c) *to++ = share;
    }
    mix(a.row(y), b.row(y), shares.data(), shares.size(), out.row(y));
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
