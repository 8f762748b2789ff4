#include "kernels/registration/correlate.h"

#include <cmath>
#include <cstdlib>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/resample.h"

namespace autofocus {
namespace {

// Sums of products, added up side by side so that several are formed at a time.
constexpr int kLanes = 8;
struct Sums {
  double aa = 0, ab = 0, bb = 0;

  double correlation() const { return aa * bb > 0 ? ab / std::sqrt(aa * bb) : 0.0; }
};

AUTOFOCUS_MULTIVERSION void add_products(const float* a, const float* b, int count, Sums* sums) {
  float aa[kLanes] = {}, ab[kLanes] = {}, bb[kLanes] = {};
  int x = 0;
  for (; x + kLanes <= count; x += kLanes) {
    for (int k = 0; k < kLanes; ++k) {
      aa[k] += a[x + k] * a[x + k];
      ab[k] += a[x + k] * b[x + k];
      bb[k] += b[x + k] * b[x + k];
    }
  }
  for (int k = 0; x < count; ++x, ++k) {
    aa[k] += a[x] * a[x];
    ab[k] += a[x] * b[x];
    bb[k] += b[x] * b[x];
  }
  for (int k = 0; k < kLanes; ++k) sums->aa += aa[k], sums->ab += ab[k], sums->bb += bb[k];
}

}  // namespace

double correlate(ConstImageF32 a, ConstImageF32 b, const Affine& matrix) {
  std::vector<float> warped(a.size());
  const ImageF32 seen{warped.data(), a.width, a.height, 1};
  resample(b, matrix, Filter::bicubic, Border::mirror, seen);
  Sums sums;
  for (int y = 0; y < a.height; ++y) {
    const Span span = overlap_row(matrix, y, a.width, a.height);
    add_products(a.row(y) + span.first, seen.row(y) + span.first, span.last - span.first + 1, &sums);
  }
  return sums.correlation();
}

void correlate_shifts(ConstImageF32 a, ConstImageF32 b, int most, ImageF32 out) {
  for (int dy = -most; dy <= most; ++dy) {
    for (int dx = -most; dx <= most; ++dx) {
      const int left = std::max(0, -dx) + kFeatureBorder, right = a.width - std::max(0, dx) - kFeatureBorder;
      const int top = std::max(0, -dy) + kFeatureBorder, bottom = a.height - std::max(0, dy) - kFeatureBorder;
      Sums sums;
      for (int y = top; y < bottom; ++y) add_products(a.row(y) + left, b.row(y + dy) + left + dx, right - left, &sums);
      out.row(dy + most)[dx + most] = static_cast<float>(sums.correlation());
    }
  }
}

}  // namespace autofocus
