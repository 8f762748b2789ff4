#include "kernels/fusion/cells.h"

#include <algorithm>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

template <int Channels, typename T>
inline __attribute__((always_inline)) void split(const T* row, int width, float* planes) {
  const int count = cell_count(width);
  const float scale = value_scale<T>();
  for (int c = 0; c < Channels; ++c) {
    float* even = planes + 2 * c * static_cast<std::ptrdiff_t>(count);
    float* odd = even + count;
    const T* from = row + c;
    for (int i = 0; i < width / 2; ++i) {
      even[i] = scale * static_cast<float>(from[2 * i * Channels]);
      odd[i] = scale * static_cast<float>(from[(2 * i + 1) * Channels]);
    }
    if (width % 2 != 0) even[count - 1] = odd[count - 1] = scale * static_cast<float>(from[(width - 1) * Channels]);
  }
}

template <typename T>
inline __attribute__((always_inline)) void split_any(const T* row, int width, int channels, float* planes) {
  if (channels == 1) {
    split<1>(row, width, planes);
  } else {
    split<3>(row, width, planes);
  }
}

AUTOFOCUS_MULTIVERSION void split_u8(const std::uint8_t* row, int width, int channels, float* planes) {
  split_any(row, width, channels, planes);
}
AUTOFOCUS_MULTIVERSION void split_u16(const std::uint16_t* row, int width, int channels, float* planes) {
  split_any(row, width, channels, planes);
}
AUTOFOCUS_MULTIVERSION void split_f32(const float* row, int width, int channels, float* planes) {
  split_any(row, width, channels, planes);
}

// (odd[i - 1] + 3 even[i] + 3 odd[i] + even[i + 1]) / 8, added to `out` times `weight`.
AUTOFOCUS_MULTIVERSION void reduce_row(const float* even, const float* odd, int count, float weight, float* out) {
  const float outer = 0.125f * weight, inner = 0.375f * weight;
  const int last = count - 1;
  if (last == 0) {
    out[0] += 0.5f * weight * (even[0] + odd[0]);
    return;
  }
  out[0] += outer * (even[0] + even[1]) + inner * (even[0] + odd[0]);
  for (int i = 1; i < last; ++i) out[i] += outer * (odd[i - 1] + even[i + 1]) + inner * (even[i] + odd[i]);
  out[last] += outer * (odd[last - 1] + odd[last]) + inner * (even[last] + odd[last]);
}

}  // namespace

template <typename T>
void split_row(const T* row, int width, int channels, float* planes) {
  if constexpr (std::is_same_v<T, std::uint8_t>) split_u8(row, width, channels, planes);
  if constexpr (std::is_same_v<T, std::uint16_t>) split_u16(row, width, channels, planes);
  if constexpr (std::is_same_v<T, float>) split_f32(row, width, channels, planes);
}

template <typename T>
std::vector<float> reduce(ImageView<const T> in) {
  const int columns = cell_count(in.width), rows = cell_count(in.height);
  const std::size_t plane = static_cast<std::size_t>(columns);
  const std::size_t row_size = plane * static_cast<std::size_t>(in.channels);
  std::vector<float> out(row_size * static_cast<std::size_t>(rows), 0.0f);
  std::vector<float> planes(2 * row_size), along(row_size);
  // A pixel row counts in the row of cells it lies in (3/8), and in the one it lies next to (1/8).
  const auto add = [&](int cell_row, float weight) {
    float* to = out.data() + static_cast<std::size_t>(cell_row) * row_size;
    for (std::size_t k = 0; k < row_size; ++k) to[k] += weight * along[k];
  };
  for (int y = 0; y < 2 * rows; ++y) {
    split_row(in.row(std::min(y, in.height - 1)), in.width, in.channels, planes.data());
    std::fill(along.begin(), along.end(), 0.0f);
    for (int c = 0; c < in.channels; ++c) {
      const float* even = planes.data() + 2 * static_cast<std::size_t>(c) * plane;
      reduce_row(even, even + plane, columns, 1.0f, along.data() + static_cast<std::size_t>(c) * plane);
    }
    add(y / 2, 0.375f);
    add(far_cell_row(y, rows), 0.125f);
  }
  return out;
}

AUTOFOCUS_MULTIVERSION void expand_block(const float* near, const float* far, int columns, int begin, int count,
                                         float* even, float* odd) {
  // The block with one cell more on either side.
  float row[kBlock + 2];
  const auto between = [&](int i) { return 0.75f * near[i] + 0.25f * far[i]; };
  for (int i = 0; i < count; ++i) row[i + 1] = 0.75f * near[begin + i] + 0.25f * far[begin + i];
  row[0] = between(std::max(begin - 1, 0));
  row[count + 1] = between(std::min(begin + count, columns - 1));
  for (int i = 0; i < count; ++i) {
    even[i] = 0.25f * row[i] + 0.75f * row[i + 1];
    odd[i] = 0.75f * row[i + 1] + 0.25f * row[i + 2];
  }
}

template void split_row(const std::uint8_t*, int, int, float*);
template void split_row(const std::uint16_t*, int, int, float*);
template void split_row(const float*, int, int, float*);
template std::vector<float> reduce(ConstImageU8);
template std::vector<float> reduce(ConstImageU16);
template std::vector<float> reduce(ConstImageF32);

}  // namespace autofocus
