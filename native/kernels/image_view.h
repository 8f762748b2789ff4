// A picture as the kernels see it: somebody else's memory, row-major, interleaved, no padding.
#pragma once

#include <cstddef>
#include <cstdint>

namespace autofocus {

template <typename T>
struct ImageView {
  T* data;
  int width;
  int height;
  int channels;

  std::ptrdiff_t stride() const { return static_cast<std::ptrdiff_t>(width) * channels; }
  T* row(int y) const { return data + y * stride(); }
  std::size_t size() const { return static_cast<std::size_t>(stride()) * static_cast<std::size_t>(height); }
  ImageView<const T> as_const() const { return {data, width, height, channels}; }
};

using ImageU8 = ImageView<std::uint8_t>;
using ImageU16 = ImageView<std::uint16_t>;
using ImageF32 = ImageView<float>;
using ConstImageU8 = ImageView<const std::uint8_t>;
using ConstImageU16 = ImageView<const std::uint16_t>;
using ConstImageF32 = ImageView<const float>;

struct Roi {
  int x;
  int y;
  int width;
  int height;
};

}  // namespace autofocus
