#include "kernels/mirror.h"

#include <algorithm>

namespace autofocus {

MirroredPatch::MirroredPatch(ConstImageF32 in, Roi roi, int border_x, int border_y)
    : channels_(in.channels),
      border_x_(border_x),
      border_y_(border_y),
      rows_(roi.height + 2 * border_y),
      stride_(static_cast<std::ptrdiff_t>(roi.width + 2 * border_x) * in.channels),
      values_(static_cast<std::size_t>(stride_) * static_cast<std::size_t>(rows_)) {
  const int left = roi.x - border_x;
  const int right = roi.x + roi.width + border_x;
  // Columns [inner_left, inner_right) lie within the picture and are copied in one go.
  const int inner_left = std::max(left, 0);
  const int inner_right = std::min(right, in.width);
  for (int y = 0; y < rows_; ++y) {
    const float* from = in.row(mirror(roi.y - border_y + y, in.height));
    float* to = values_.data() + y * stride_;
    const auto copy_mirrored = [&](int x) {
      const std::ptrdiff_t source = static_cast<std::ptrdiff_t>(mirror(x, in.width)) * channels_;
      std::copy_n(from + source, channels_, to + static_cast<std::ptrdiff_t>(x - left) * channels_);
    };
    for (int x = left; x < inner_left; ++x) copy_mirrored(x);
    std::copy(from + static_cast<std::ptrdiff_t>(inner_left) * channels_,
              from + static_cast<std::ptrdiff_t>(inner_right) * channels_,
              to + static_cast<std::ptrdiff_t>(inner_left - left) * channels_);
    for (int x = inner_right; x < right; ++x) copy_mirrored(x);
  }
}

}  // namespace autofocus
