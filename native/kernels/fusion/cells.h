// Fusion decides for cells of 2x2 pixels, and splits pictures into a fine band at full size and a base of one value a
// cell. reduce_block() and expand_block() go from one grid to the other with the weights 1 3 3 1 of a pyramid whose samples
// lie in the middle of their cells (Burt and Adelson 1983, "The Laplacian pyramid as a compact image code", with an even
// kernel).
//
// All is done for blocks of cells that follow each other in a row, small enough to stay in the nearest cache, and held as
// planes: for each channel the even columns, then the odd ones, so that all loops run over adjacent values. The functions
// are inlined into ones that are compiled for several processors (multiversion.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/image_view.h"
#include "kernels/multiversion.h"

namespace autofocus {

// Cells along a side; where it is odd, the last cell is half outside and its pixel counts twice.
inline int cell_count(int side) { return (side + 1) / 2; }

// The row of cells that the pixel row `y` lies beyond its own cell's middle towards, within [0, rows).
inline int far_cell_row(int y, int rows) {
  const int towards = y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
  return towards < 0 ? 0 : towards >= rows ? rows - 1 : towards;
}

// The most cells of a block.
constexpr int kBlock = 64;

// `count` cells from `begin` on, of a row of `columns`.
struct Block {
  int begin;
  int count;
  int columns;
};

// The block that begins at a multiple of kBlock.
inline Block block_at(int begin, int columns) {
  return {begin, columns - begin < kBlock ? columns - begin : kBlock, columns};
}

// What a stored value is multiplied by to be 0..1.
template <typename T>
constexpr float value_scale() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return 1.0f / 255.0f;
  if constexpr (std::is_same_v<T, std::uint16_t>) return 1.0f / 65535.0f;
  return 1.0f;
}

// `count` interleaved pixels as planes that lie `stride` values apart.
template <int Channels, typename T>
AUTOFOCUS_INLINE void separate(const T* pixels, int count, T* planes, std::ptrdiff_t stride) {
  static_assert(Channels == 1 || Channels == 3);
  if constexpr (Channels == 1) {
    for (int i = 0; i < count; ++i) planes[i] = pixels[i];
  } else {
    T *first = planes, *second = planes + stride, *third = planes + 2 * stride;
    for (int i = 0; i < count; ++i) {
      first[i] = pixels[3 * i];
      second[i] = pixels[3 * i + 1];
      third[i] = pixels[3 * i + 2];
    }
  }
}

// The other way round.
template <int Channels, typename T>
AUTOFOCUS_INLINE void join(const T* planes, std::ptrdiff_t stride, int count, T* pixels) {
  if constexpr (Channels == 1) {
    for (int i = 0; i < count; ++i) pixels[i] = planes[i];
  } else {
    const T *first = planes, *second = planes + stride, *third = planes + 2 * stride;
    for (int i = 0; i < count; ++i) {
      pixels[3 * i] = first[i];
      pixels[3 * i + 1] = second[i];
      pixels[3 * i + 2] = third[i];
    }
  }
}

// A block of a row of `width` pixels, 0..1.
template <int Channels, typename T>
AUTOFOCUS_INLINE void split_block(const T* row, int width, Block block, float (*planes)[kBlock]) {
  constexpr int kPixels = 2 * kBlock;
  T separated[Channels * kPixels];
  const int reach = width - 2 * block.begin, pixels = reach < 2 * block.count ? reach : 2 * block.count;
  const T* begin = row + 2 * block.begin * Channels;
  separate<Channels>(begin, pixels, separated, kPixels);
  for (int c = 0; c < Channels; ++c) {
    T* from = separated + c * kPixels;
    if (pixels % 2 != 0) from[pixels] = begin[(pixels - 1) * Channels + c];
    float *even = planes[2 * c], *odd = planes[2 * c + 1];
    for (int i = 0; i < block.count; ++i) {
      even[i] = value_scale<T>() * static_cast<float>(from[2 * i]);
      odd[i] = value_scale<T>() * static_cast<float>(from[2 * i + 1]);
    }
  }
}

// A block of the base of a picture in row `cell_row` of the cells, 0..1: for every channel one plane, `stride` apart.
template <int Channels, typename T>
AUTOFOCUS_INLINE void reduce_block(ImageView<const T> in, int cell_row, Block block, float* planes,
                                   std::ptrdiff_t stride) {
  // The cells' own pixels, and one more on either side: at first all channels together, down the columns.
  constexpr int kReached = 2 * kBlock + 2;
  float down[kReached * Channels], separated[Channels * kReached];
  const int before = 2 * block.begin - 1, after = 2 * (block.begin + block.count);
  const int first = before < 0 ? 0 : before, last = after < in.width ? after : in.width - 1;
  const T* rows[4];
  for (int k = 0; k < 4; ++k) {
    const int y = 2 * cell_row - 1 + k;
    rows[k] = in.row(y < 0 ? 0 : y < in.height ? y : in.height - 1) + static_cast<std::ptrdiff_t>(first) * Channels;
  }
  const T *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
  constexpr float outer = 0.125f * value_scale<T>(), inner = 0.375f * value_scale<T>();
  for (int i = 0; i < (last - first + 1) * Channels; ++i) {
    down[i] = outer * (static_cast<float>(a[i]) + static_cast<float>(d[i])) +
              inner * (static_cast<float>(b[i]) + static_cast<float>(c[i]));
  }
  separate<Channels>(down, last - first + 1, separated + (first - before), kReached);
  for (int k = 0; k < Channels; ++k) {
    // Beyond the borders the edge pixels go on.
    float* from = separated + k * kReached;
    if (first > before) from[0] = from[1];
    for (int x = last + 1; x <= after; ++x) from[x - before] = from[x - before - 1];
    float* to = planes + k * stride;
    for (int i = 0; i < block.count; ++i) {
      to[i] = 0.125f * (from[2 * i] + from[2 * i + 3]) + 0.375f * (from[2 * i + 1] + from[2 * i + 2]);
    }
  }
}

// Two rows of cells, of which a row of pixels lies in `near` (weight 3/4) and next to `far` (1/4).
struct CellRows {
  const float* near;
  const float* far;
};

// A block of that row of pixels: along it even[i] = (cell[i - 1] + 3 cell[i]) / 4 and odd[i] = (3 cell[i] + cell[i + 1]) / 4,
// the ends repeated.
AUTOFOCUS_INLINE void expand_block(CellRows rows, Block block, float* even, float* odd) {
  // The block with one cell more on either side.
  float row[kBlock + 2];
  const auto between = [&](int i) { return 0.75f * rows.near[i] + 0.25f * rows.far[i]; };
  for (int i = 0; i < block.count; ++i) row[i + 1] = between(block.begin + i);
  const int after = block.begin + block.count;
  row[0] = between(block.begin > 0 ? block.begin - 1 : 0);
  row[block.count + 1] = between(after < block.columns ? after : block.columns - 1);
  for (int i = 0; i < block.count; ++i) {
    even[i] = 0.25f * row[i] + 0.75f * row[i + 1];
    odd[i] = 0.75f * row[i + 1] + 0.25f * row[i + 2];
  }
}

}  // namespace autofocus
