#include "kernels/video/blend.h"

#include <algorithm>
#include <vector>

#include "kernels/video/enlarge.h"

namespace autofocus {

void blend_u8(ConstImageU8 a, ConstImageU8 b, ConstImageF32 weight, ImageU8 out) {
  constexpr int kUnit = 256;
  Enlarged enlarged(weight, a.width, a.height);
  std::vector<float> line;
  for (int y = 0; y < a.height; ++y) {
    enlarged.row(y, line);
    const std::uint8_t *first = a.row(y), *second = b.row(y);
    std::uint8_t* to = out.row(y);
    for (const float each : line) {
      const int share = each > 0.0f ? static_cast<int>(std::min(each, 1.0f) * kUnit + 0.5f) : 0;
      for (int c = 0; c < a.channels; ++c) {
        *to++ = static_cast<std::uint8_t>((share * *first++ + (kUnit - share) * *second++ + kUnit / 2) / kUnit);
      }
    }
  }
}

}  // namespace autofocus
