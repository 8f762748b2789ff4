// Mirrored borders: the picture continues as its own reflection, edge pixels repeated (dcba|abcd|dcba), for as far as
// is asked. This keeps the energy of a blur inside the picture.
#pragma once

#include <vector>

#include "kernels/image_view.h"

namespace autofocus {

// The index within [0, n) that stands for `i`, any whole number.
inline int mirror(int i, int n) {
  const int period = 2 * n;
  int m = i % period;
  if (m < 0) m += period;
  return m < n ? m : period - 1 - m;
}

// The part `roi` of a picture with a border around it, mirrored where that leaves the picture.
class MirroredPatch {
 public:
  MirroredPatch(ConstImageF32 in, Roi roi, int border_x, int border_y);

  // Floats between rows.
  std::ptrdiff_t stride() const { return stride_; }
  int rows() const { return rows_; }
  // The pixel (x, y) of the roi; negative indices reach into the border.
  const float* at(int x, int y) const {
    return values_.data() + (y + border_y_) * stride_ + static_cast<std::ptrdiff_t>(x + border_x_) * channels_;
  }

 private:
  int channels_;
  int border_x_;
  int border_y_;
  int rows_;
  std::ptrdiff_t stride_;
  std::vector<float> values_;
};

}  // namespace autofocus
