#include "kernels/video/cell_means.h"

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

template <typename T>
constexpr float kScale = std::is_same_v<T, std::uint8_t> ? 1.0f / 255.0f : 1.0f;

// Adds up `rows` of values per cell and divides by the size of the cell; `line(y)` gives row y of the values.
template <typename Line>
inline __attribute__((always_inline)) void average(int width, int height, int cell, ImageF32 out, Line line) {
  std::vector<float> sums(static_cast<std::size_t>(width));
  for (int row = 0; row < out.height; ++row) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    const int top = row * cell, bottom = std::min(height, top + cell);
    for (int y = top; y < bottom; ++y) {
      const float* values = line(y);
      for (int x = 0; x < width; ++x) sums[static_cast<std::size_t>(x)] += values[x];
    }
    for (int column = 0; column < out.width; ++column) {
      const int left = column * cell, right = std::min(width, left + cell);
      float sum = 0.0f;
      for (int x = left; x < right; ++x) sum += sums[static_cast<std::size_t>(x)];
      out.row(row)[column] = sum / static_cast<float>((right - left) * (bottom - top));
    }
  }
}

template <typename T>
inline __attribute__((always_inline)) void means(ImageView<const T> gray, int cell, ImageF32 out) {
  std::vector<float> values(static_cast<std::size_t>(gray.width));
  average(gray.width, gray.height, cell, out, [&](int y) {
    const T* from = gray.row(y);
    for (int x = 0; x < gray.width; ++x) values[static_cast<std::size_t>(x)] = kScale<T> * static_cast<float>(from[x]);
    return values.data();
  });
}

template <typename T>
inline __attribute__((always_inline)) void energy(ImageView<const T> gray, int cell, ImageF32 out) {
  const int width = gray.width;
  // Sums of three rows, with one pixel more at both ends.
  std::vector<float> columns(static_cast<std::size_t>(width) + 2), values(static_cast<std::size_t>(width));
  average(width, gray.height, cell, out, [&](int y) {
    const T* above = gray.row(std::max(0, y - 1));
    const T* here = gray.row(y);
    const T* below = gray.row(std::min(gray.height - 1, y + 1));
    float* sums = columns.data() + 1;
    for (int x = 0; x < width; ++x) {
      sums[x] = static_cast<float>(above[x]) + static_cast<float>(here[x]) + static_cast<float>(below[x]);
    }
    sums[-1] = sums[0];
    sums[width] = sums[width - 1];
    for (int x = 0; x < width; ++x) {
      const float mean = (sums[x - 1] + sums[x] + sums[x + 1]) * (1.0f / 9.0f);
      const float difference = kScale<T> * (static_cast<float>(here[x]) - mean);
      values[static_cast<std::size_t>(x)] = difference * difference;
    }
    return values.data();
  });
}

}  // namespace

AUTOFOCUS_MULTIVERSION void cell_means(ConstImageU8 gray, int cell, ImageF32 out) { means(gray, cell, out); }
AUTOFOCUS_MULTIVERSION void cell_means(ConstImageF32 gray, int cell, ImageF32 out) { means(gray, cell, out); }
AUTOFOCUS_MULTIVERSION void detail_energy(ConstImageU8 gray, int cell, ImageF32 out) { energy(gray, cell, out); }
AUTOFOCUS_MULTIVERSION void detail_energy(ConstImageF32 gray, int cell, ImageF32 out) { energy(gray, cell, out); }

}  // namespace autofocus
