#include "kernels/fusion/stack_blend.h"

#include <algorithm>

#include "kernels/fusion/bands.h"
#include "kernels/multiversion.h"
#include "kernels/parallel_rows.h"

namespace autofocus {
namespace {

// Instead of an energy where a frame does not show the scene: less than any, but not 0.
constexpr float kNothing = 1e-12f;

// 1 2 1 across three rows, then along them, the ends repeated; `across` is scratch of as many values.
AUTOFOCUS_MULTIVERSION void smooth_row(const float* above, const float* here, const float* below, int count, float* across,
                                       float* out) {
  for (int x = 0; x < count; ++x) across[x] = 0.25f * (above[x] + below[x]) + 0.5f * here[x];
  for (int x = 1; x + 1 < count; ++x) out[x] = 0.25f * (across[x - 1] + across[x + 1]) + 0.5f * across[x];
  for (const int x : {0, count - 1}) {
    out[x] = 0.25f * (across[std::max(x - 1, 0)] + across[std::min(x + 1, count - 1)]) + 0.5f * across[x];
  }
}

}  // namespace

StackBlend::StackBlend(int width, int height, int channels)
    : width_(width),
      height_(height),
      channels_(channels),
      columns_(cell_count(width)),
      rows_(cell_count(height)),
      peaks_(cell_row(rows_)),
      fine_weights_(columns_, rows_),
      base_weights_(columns_, rows_) {
  for (auto* plane : {&base_total_, &counted_, &smooth_}) plane->resize(cell_row(rows_), 0.0f);
  for (auto* planes : {&base_, &frame_base_}) planes->resize(base_row(rows_), 0.0f);
  fine_total_.resize(2 * cell_row(height), 0.0f);
  fine_.resize(2 * base_row(height), 0.0f);
}

std::size_t StackBlend::memory() const {
  std::size_t floats = 0;
  for (const auto* each : {&base_total_, &base_, &fine_total_, &fine_, &frame_base_, &counted_, &smooth_}) {
    floats += each->size();
  }
  return floats * sizeof(float) + peaks_.memory() + fine_weights_.memory() + base_weights_.memory();
}

template <typename T>
void StackBlend::add(ImageView<const T> frame, ConstImageF32 energy, Roi valid, End end) {
  const float* energies = counted(energy, valid);
  peaks_.add(energies, end);
  fine_weights_.add(energies);
  base_weights_.add(smooth(energies));
  // The detail of a row of cells needs the base of the next one.
  for (int row = 0; row < rows_; ++row) {
    add_base(frame, row);
    for (int y = std::max(0, 2 * row - 2); y < 2 * row; ++y) add_fine(frame, y);
  }
  for (int y = 2 * rows_ - 2; y < height_; ++y) add_fine(frame, y);
}

// The energies, next to nothing in cells that are not wholly inside.
const float* StackBlend::counted(ConstImageF32 energy, Roi valid) {
  if (valid.width == width_ && valid.height == height_) return energy.data;
  std::fill(counted_.begin(), counted_.end(), kNothing);
  const auto end_of = [](int end, int side) { return end == side ? cell_count(side) : end / 2; };
  const int left = cell_count(valid.x), right = end_of(valid.x + valid.width, width_);
  for (int y = cell_count(valid.y); y < end_of(valid.y + valid.height, height_); ++y) {
    for (int x = left; x < right; ++x) counted_[cell_row(y) + static_cast<std::size_t>(x)] = energy.row(y)[x];
  }
  return counted_.data();
}

const float* StackBlend::smooth(const float* energy) {
  std::vector<float> across(static_cast<std::size_t>(columns_));
  for (int y = 0; y < rows_; ++y) {
    const auto at = [&](int row) { return energy + cell_row(std::clamp(row, 0, rows_ - 1)); };
    smooth_row(at(y - 1), at(y), at(y + 1), columns_, across.data(), smooth_.data() + cell_row(y));
  }
  return smooth_.data();
}

// Whether the base of a block of cells is asked for, by its own band or the fine one around it.
bool StackBlend::needs_base(int row, int block) const {
  if (base_weights_.is_busy(row, block)) return true;
  for (int y = std::max(row - 1, 0); y <= std::min(row + 1, rows_ - 1); ++y) {
    for (int x = std::max(block - 1, 0); x <= std::min(block + 1, fine_weights_.blocks() - 1); ++x) {
      if (fine_weights_.is_busy(y, x)) return true;
    }
  }
  return false;
}

template <typename T>
void StackBlend::add_base(ImageView<const T> frame, int row) {
  float* base = frame_base_.data() + base_row(row);
  for (int number = 0; number < fine_weights_.blocks(); ++number) {
    const Block block = block_at(number * kBlock, columns_);
    if (needs_base(row, number)) reduce(frame, row, block, base);
    if (!base_weights_.is_busy(row, number)) continue;
    accumulate_base(base, base_weights_.weight(row), base_weights_.scale(row), block, channels_,
                    base_total_.data() + cell_row(row), base_.data() + base_row(row));
  }
}

template <typename T>
void StackBlend::add_fine(ImageView<const T> frame, int y) {
  const int near = y / 2, far = far_cell_row(y, rows_);
  const FineRow row{fine_weights_.weights(near, far),
                    fine_weights_.scales(near, far),
                    {frame_base_.data() + base_row(near), frame_base_.data() + base_row(far)},
                    width_,
                    fine_total_.data() + 2 * cell_row(y),
                    fine_.data() + 2 * base_row(y)};
  for (int number = 0; number < fine_weights_.blocks(); ++number) {
    if (fine_weights_.is_busy(near, number) || fine_weights_.is_busy(far, number)) {
      add_detail(frame.row(y), channels_, row, block_at(number * kBlock, columns_));
    }
  }
}

template <typename T>
void StackBlend::blend(ImageView<T> out) const {
  std::vector<float> base(base_.size());
  for (int y = 0; y < rows_; ++y) {
    for (int c = 0; c < channels_; ++c) {
      const std::size_t at = base_row(y) + static_cast<std::size_t>(c * columns_);
      divide(base_.data() + at, base_total_.data() + cell_row(y), columns_, base.data() + at);
    }
  }
  parallel_rows(height_, [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const BlendedRow row{fine_total_.data() + 2 * cell_row(y), fine_.data() + 2 * base_row(y),
                           {base.data() + base_row(y / 2), base.data() + base_row(far_cell_row(y, rows_))}};
      blend_row(row, columns_, width_, channels_, out.row(y));
    }
  });
}

template void StackBlend::add(ConstImageU8, ConstImageF32, Roi, End);
template void StackBlend::add(ConstImageU16, ConstImageF32, Roi, End);
template void StackBlend::add(ConstImageF32, ConstImageF32, Roi, End);
template void StackBlend::blend(ImageU8) const;
template void StackBlend::blend(ImageU16) const;
template void StackBlend::blend(ImageF32) const;

}  // namespace autofocus
