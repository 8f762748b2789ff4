#include "kernels/luma_row.h"

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

template <typename T>
AUTOFOCUS_INLINE void scaled_luma_row(const T* row, int width, int channels, float scale, float* out) {
  if (channels == 1) {
    for (int x = 0; x < width; ++x) out[x] = scale * static_cast<float>(row[x]);
    return;
  }
  const float red = 0.299f * scale, green = 0.587f * scale, blue = 0.114f * scale;
  for (int x = 0; x < width; ++x) {
    out[x] = red * static_cast<float>(row[3 * x]) + green * static_cast<float>(row[3 * x + 1]) +
             blue * static_cast<float>(row[3 * x + 2]);
  }
}

}  // namespace

AUTOFOCUS_MULTIVERSION void luma_row(const std::uint8_t* row, int width, int channels, float scale, float* out) {
  scaled_luma_row(row, width, channels, scale, out);
}
AUTOFOCUS_MULTIVERSION void luma_row(const std::uint16_t* row, int width, int channels, float scale, float* out) {
  scaled_luma_row(row, width, channels, scale, out);
}
AUTOFOCUS_MULTIVERSION void luma_row(const float* row, int width, int channels, float scale, float* out) {
  scaled_luma_row(row, width, channels, scale, out);
}

}  // namespace autofocus
