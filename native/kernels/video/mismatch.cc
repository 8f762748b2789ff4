#include "kernels/video/mismatch.h"

#include <cmath>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/video/cell_means.h"
#include "kernels/video/warp.h"

namespace autofocus {
namespace {

AUTOFOCUS_MULTIVERSION void subtract(ConstImageF32 from, ImageF32 to) {
  for (std::size_t k = 0; k < to.size(); ++k) to.data[k] = std::abs(to.data[k] - from.data[k]);
}

}  // namespace

void flow_mismatch(ConstImageF32 from, ConstImageF32 to, ConstImageF32 dx, ConstImageF32 dy, ImageF32 out) {
  std::vector<float> values(to.size());
  const ImageF32 moved{values.data(), to.width, to.height, 1};
  warp_f32(from, dx, dy, 1.0f, moved);
  subtract(to, moved);
  cell_means(moved.as_const(), 2, out);
}

}  // namespace autofocus
