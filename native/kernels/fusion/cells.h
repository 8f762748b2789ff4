// Fusion decides for cells of 2x2 pixels, and splits pictures into a fine band at full size and a base of one value a
// cell. `reduce` and `expand` go from one grid to the other with the weights 1 3 3 1 of a pyramid whose samples lie in the
// middle of their cells (Burt and Adelson 1983, "The Laplacian pyramid as a compact image code", with an even kernel).
//
// Rows are held as planes: for each channel first its even, then its odd columns, so that all loops run over adjacent
// values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/image_view.h"

namespace autofocus {

// Cells along a side; where it is odd, the last cell is half outside and its pixel counts twice.
inline int cell_count(int side) { return (side + 1) / 2; }

// What a stored value is multiplied by to be 0..1.
template <typename T>
constexpr float value_scale() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return 1.0f / 255.0f;
  if constexpr (std::is_same_v<T, std::uint16_t>) return 1.0f / 65535.0f;
  return 1.0f;
}

// One row of a picture as planes, 0..1. `planes` has 2 * channels * cell_count(width) values.
template <typename T>
void split_row(const T* row, int width, int channels, float* planes);

// The base of a picture: planes of one value a cell, `channels` rows of cells after each other for every row of cells.
template <typename T>
std::vector<float> reduce(ImageView<const T> in);

// The most cells that expand_block() takes.
constexpr int kBlock = 64;

// `count` cells from `begin` on, at full size: the pixel row between the rows of cells `near` (weight 3/4) and `far` (1/4),
// of `columns` cells each. Along it even[i] = (cell[i - 1] + 3 cell[i]) / 4 and odd[i] = (3 cell[i] + cell[i + 1]) / 4,
// the ends repeated.
void expand_block(const float* near, const float* far, int columns, int begin, int count, float* even, float* odd);

// The row of cells that the pixel row `y` lies beyond its own cell's middle towards, within [0, rows).
inline int far_cell_row(int y, int rows) {
  const int towards = y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
  return towards < 0 ? 0 : towards >= rows ? rows - 1 : towards;
}

}  // namespace autofocus
