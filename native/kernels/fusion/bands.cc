#include "kernels/fusion/bands.h"

#include <type_traits>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

AUTOFOCUS_INLINE void accumulate_weight(const float* weight, const float* scale, int count, float* __restrict sum) {
  for (int k = 0; k < count; ++k) sum[k] = sum[k] * scale[k] + weight[k];
}

AUTOFOCUS_INLINE void accumulate(const float* value, const float* weight, const float* scale, int count,
                                 float* __restrict sum) {
  for (int k = 0; k < count; ++k) sum[k] = sum[k] * scale[k] + value[k] * weight[k];
}

template <typename T>
AUTOFOCUS_INLINE void reduce_any(ImageView<const T> in, int row, Block block, float* out) {
  float* to = out + block.begin;
  if (in.channels == 1) {
    reduce_block<1>(in, row, block, to, block.columns);
  } else {
    reduce_block<3>(in, row, block, to, block.columns);
  }
}

template <int Channels, typename T>
AUTOFOCUS_INLINE void add_fine_block(const T* pixels, const FineRow& row, Block block) {
  const int count = block.count, columns = block.columns;
  float weight[2][kBlock], scale[2][kBlock], smooth[2][kBlock], planes[2 * Channels][kBlock];
  expand_block(row.weight, block, weight[0], weight[1]);
  expand_block(row.scale, block, scale[0], scale[1]);
  split_block<Channels>(pixels, row.width, block, planes);
  for (int phase = 0; phase < 2; ++phase) {
    accumulate_weight(weight[phase], scale[phase], count, row.total + phase * columns + block.begin);
  }
  for (int c = 0; c < Channels; ++c) {
    expand_block({row.base.near + c * columns, row.base.far + c * columns}, block, smooth[0], smooth[1]);
    for (int phase = 0; phase < 2; ++phase) {
      float* detail = planes[2 * c + phase];
      for (int i = 0; i < count; ++i) detail[i] -= smooth[phase][i];
      accumulate(detail, weight[phase], scale[phase], count, row.sum + (2 * c + phase) * columns + block.begin);
    }
  }
}

template <typename T>
AUTOFOCUS_INLINE void add_fine_any(const T* pixels, int channels, const FineRow& row, Block block) {
  if (channels == 1) {
    add_fine_block<1>(pixels, row, block);
  } else {
    add_fine_block<3>(pixels, row, block);
  }
}

template <typename T>
AUTOFOCUS_INLINE T stored(float value) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else {
    constexpr float white = 1.0f / value_scale<T>();
    const float clipped = value < 0.0f ? 0.0f : value > 1.0f ? 1.0f : value;
    return static_cast<T>(static_cast<int>(clipped * white + 0.5f));
  }
}

template <int Channels, typename T>
AUTOFOCUS_INLINE void blend_block(const BlendedRow& row, int width, Block block, T* out) {
  constexpr int kPixels = 2 * kBlock;
  const int columns = block.columns, count = block.count;
  float values[2][kBlock];
  T planes[Channels * kPixels];
  for (int c = 0; c < Channels; ++c) {
    expand_block({row.base.near + c * columns, row.base.far + c * columns}, block, values[0], values[1]);
    for (int phase = 0; phase < 2; ++phase) {
      const float* sum = row.sum + (2 * c + phase) * columns + block.begin;
      const float* total = row.total + phase * columns + block.begin;
      float* value = values[phase];
      for (int i = 0; i < count; ++i) value[i] += sum[i] / total[i];
    }
    T* plane = planes + c * kPixels;
    for (int i = 0; i < count; ++i) {
      plane[2 * i] = stored<T>(values[0][i]);
      plane[2 * i + 1] = stored<T>(values[1][i]);
    }
  }
  const int reach = width - 2 * block.begin;
  join<Channels>(planes, kPixels, reach < 2 * count ? reach : 2 * count, out + 2 * block.begin * Channels);
}

template <typename T>
AUTOFOCUS_INLINE void blend_row_any(const BlendedRow& row, int columns, int width, int channels, T* out) {
  for (int begin = 0; begin < columns; begin += kBlock) {
    const Block block = block_at(begin, columns);
    if (channels == 1) {
      blend_block<1>(row, width, block, out);
    } else {
      blend_block<3>(row, width, block, out);
    }
  }
}

}  // namespace

AUTOFOCUS_MULTIVERSION void accumulate_base(const float* base, const float* weight, const float* scale, Block block,
                                            int channels, float* total, float* sum) {
  const int begin = block.begin;
  accumulate_weight(weight + begin, scale + begin, block.count, total + begin);
  for (int c = 0; c < channels; ++c) {
    const int at = c * block.columns + begin;
    accumulate(base + at, weight + begin, scale + begin, block.count, sum + at);
  }
}

AUTOFOCUS_MULTIVERSION void reduce(ConstImageU8 in, int row, Block block, float* out) { reduce_any(in, row, block, out); }

AUTOFOCUS_MULTIVERSION void reduce(ConstImageU16 in, int row, Block block, float* out) { reduce_any(in, row, block, out); }

AUTOFOCUS_MULTIVERSION void reduce(ConstImageF32 in, int row, Block block, float* out) { reduce_any(in, row, block, out); }

AUTOFOCUS_MULTIVERSION void add_detail(const std::uint8_t* pixels, int channels, const FineRow& row, Block block) {
  add_fine_any(pixels, channels, row, block);
}

AUTOFOCUS_MULTIVERSION void add_detail(const std::uint16_t* pixels, int channels, const FineRow& row, Block block) {
  add_fine_any(pixels, channels, row, block);
}

AUTOFOCUS_MULTIVERSION void add_detail(const float* pixels, int channels, const FineRow& row, Block block) {
  add_fine_any(pixels, channels, row, block);
}

AUTOFOCUS_MULTIVERSION void divide(const float* sum, const float* total, int count, float* out) {
  for (int k = 0; k < count; ++k) out[k] = sum[k] / total[k];
}

AUTOFOCUS_MULTIVERSION void blend_row(const BlendedRow& row, int columns, int width, int channels, std::uint8_t* out) {
  blend_row_any(row, columns, width, channels, out);
}

AUTOFOCUS_MULTIVERSION void blend_row(const BlendedRow& row, int columns, int width, int channels, std::uint16_t* out) {
  blend_row_any(row, columns, width, channels, out);
}

AUTOFOCUS_MULTIVERSION void blend_row(const BlendedRow& row, int columns, int width, int channels, float* out) {
  blend_row_any(row, columns, width, channels, out);
}

}  // namespace autofocus
