#include "kernels/gray.h"

#include <algorithm>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

template <typename T>
inline __attribute__((always_inline)) std::uint32_t luma(const T* rgb) {
  return scaled_luma(rgb[0], rgb[1], rgb[2]);
}

template <typename T>
inline __attribute__((always_inline)) void gray(ImageView<const T> in, ImageView<T> out) {
  if (in.channels == 1) {
    std::copy_n(in.data, in.size(), out.data);
    return;
  }
  const std::size_t count = out.size();
  for (std::size_t k = 0; k < count; ++k) out.data[k] = static_cast<T>((luma(in.data + 3 * k) + 32768u) >> 16);
}

}  // namespace

AUTOFOCUS_MULTIVERSION void gray_u8(ConstImageU8 in, ImageU8 out) { gray(in, out); }

AUTOFOCUS_MULTIVERSION void gray_u16(ConstImageU16 in, ImageU16 out) { gray(in, out); }

AUTOFOCUS_MULTIVERSION void gray_f32(ConstImageU8 in, ImageF32 out) {
  const std::size_t count = out.size();
  if (in.channels == 1) {
    for (std::size_t k = 0; k < count; ++k) out.data[k] = static_cast<float>(in.data[k]) * (1.0f / 255.0f);
    return;
  }
  constexpr float scale = 1.0f / (255.0f * 65536.0f);
  for (std::size_t k = 0; k < count; ++k) {
    out.data[k] = static_cast<float>(static_cast<std::int32_t>(luma(in.data + 3 * k))) * scale;
  }
}

}  // namespace autofocus
