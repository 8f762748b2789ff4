// The two bands of a stack (cells.h) block by block and row by row: what a frame adds to their sums, and the picture that
// the sums make.
#pragma once

#include <cstdint>

#include "kernels/fusion/cells.h"
#include "kernels/image_view.h"

namespace autofocus {

// A block of the base of a frame in row `row` of its cells: one plane for each channel, `block.columns` apart.
void reduce(ConstImageU8 in, int row, Block block, float* out);
void reduce(ConstImageU16 in, int row, Block block, float* out);
void reduce(ConstImageF32 in, int row, Block block, float* out);

// Scales the sums of a block of the base and of its weights, and adds the weighted base of a frame.
void accumulate_base(const float* base, const float* weight, const float* scale, Block block, int channels, float* total,
                     float* sum);

// What a block of a row of pixels is made of besides the pixels: weights, sums and the base's planes, all at their first
// column; for each channel the planes of the sums follow each other.
struct FineRow {
  CellRows weight;
  CellRows scale;
  CellRows base;
  int width;
  float* total;
  float* sum;
};

// The same for a block of the fine band: what the pixels differ from the base by.
void add_detail(const std::uint8_t* pixels, int channels, const FineRow& row, Block block);
void add_detail(const std::uint16_t* pixels, int channels, const FineRow& row, Block block);
void add_detail(const float* pixels, int channels, const FineRow& row, Block block);

// out[k] = sum[k] / total[k].
void divide(const float* sum, const float* total, int count, float* out);

// The sums of a row of pixels, its total weights and its base, as in FineRow.
struct BlendedRow {
  const float* total;
  const float* sum;
  CellRows base;
};

// A row of the picture: float as it is, else clipped to 0..1 and rounded to stored values.
void blend_row(const BlendedRow& row, int columns, int width, int channels, std::uint8_t* out);
void blend_row(const BlendedRow& row, int columns, int width, int channels, std::uint16_t* out);
void blend_row(const BlendedRow& row, int columns, int width, int channels, float* out);

}  // namespace autofocus
