#include "kernels/fusion/stack_blend.h"

#include <algorithm>
#include <type_traits>

#include "kernels/fusion/cells.h"
#include "kernels/multiversion.h"

namespace autofocus {
namespace {

// Instead of an energy where a frame does not show the scene: less than any, but not 0.
constexpr float kNothing = 1e-12f;
// Weights below this are left out.
constexpr float kNegligible = 1e-4f;

inline float sixteenth_power(float x) {
  const float x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
  return x8 * x8;
}

// Weight of energies among those whose largest was `best`, and what the sums before are scaled by.
AUTOFOCUS_MULTIVERSION void weigh(const float* energy, std::size_t count, float* best, float* weight, float* scale) {
  for (std::size_t k = 0; k < count; ++k) {
    const float most = best[k] < energy[k] ? energy[k] : best[k];
    weight[k] = sixteenth_power(energy[k] / most);
    scale[k] = sixteenth_power(best[k] / most);
    best[k] = most;
  }
}

// 1 2 1 along both axes, the ends repeated.
std::vector<float> smooth(const std::vector<float>& in, int columns, int rows) {
  std::vector<float> out(in.size()), row(static_cast<std::size_t>(columns));
  for (int y = 0; y < rows; ++y) {
    const auto at = [&](int r) { return in.data() + static_cast<std::ptrdiff_t>(std::clamp(r, 0, rows - 1)) * columns; };
    const float *above = at(y - 1), *here = at(y), *below = at(y + 1);
    float* from = row.data();
    for (int x = 0; x < columns; ++x) from[x] = 0.25f * (above[x] + below[x]) + 0.5f * here[x];
    float* to = out.data() + static_cast<std::ptrdiff_t>(y) * columns;
    for (int x = 1; x + 1 < columns; ++x) to[x] = 0.25f * (from[x - 1] + from[x + 1]) + 0.5f * from[x];
    for (const int x : {0, columns - 1}) {
      to[x] = 0.25f * (from[std::max(x - 1, 0)] + from[std::min(x + 1, columns - 1)]) + 0.5f * from[x];
    }
  }
  return out;
}

AUTOFOCUS_MULTIVERSION void accumulate(const float* value, const float* weight, const float* scale, std::ptrdiff_t count,
                                       float* sum) {
  for (std::ptrdiff_t k = 0; k < count; ++k) sum[k] = sum[k] * scale[k] + value[k] * weight[k];
}

AUTOFOCUS_MULTIVERSION void accumulate_weight(const float* weight, const float* scale, std::ptrdiff_t count, float* sum) {
  for (std::ptrdiff_t k = 0; k < count; ++k) sum[k] = sum[k] * scale[k] + weight[k];
}

AUTOFOCUS_MULTIVERSION void accumulate_detail(const float* value, const float* base, const float* weight,
                                              const float* scale, std::ptrdiff_t count, float* sum) {
  for (std::ptrdiff_t k = 0; k < count; ++k) sum[k] = sum[k] * scale[k] + (value[k] - base[k]) * weight[k];
}

// Whether these pixels take nothing of a frame, and keep what they have.
bool is_idle(const float* weight, const float* scale, int count) {
  float most = 0.0f, least = 1.0f;
  for (int i = 0; i < count; ++i) {
    most = most < weight[i] ? weight[i] : most;
    least = scale[i] < least ? scale[i] : least;
  }
  return most < kNegligible && least == 1.0f;
}

template <typename T>
T stored(float value) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else {
    constexpr float white = 1.0f / value_scale<T>();
    return static_cast<T>(std::clamp(value, 0.0f, 1.0f) * white + 0.5f);
  }
}

}  // namespace

void StackBlend::Selection::resize(std::size_t cells) {
  for (auto* each : {&best, &weight, &scale}) each->resize(cells, 0.0f);
}

void StackBlend::Selection::add(const std::vector<float>& energy) {
  weigh(energy.data(), energy.size(), best.data(), weight.data(), scale.data());
}

StackBlend::StackBlend(int width, int height, int channels)
    : width_(width),
      height_(height),
      channels_(channels),
      columns_(cell_count(width)),
      rows_(cell_count(height)),
      peaks_(cell_row(rows_)) {
  const std::size_t cells = cell_row(rows_), depth = static_cast<std::size_t>(channels);
  fine_selection_.resize(cells);
  base_selection_.resize(cells);
  base_total_.resize(cells, 0.0f);
  base_.resize(cells * depth, 0.0f);
  fine_total_.resize(2 * cell_row(height), 0.0f);
  fine_.resize(2 * cell_row(height) * depth, 0.0f);
}

std::size_t StackBlend::memory() const {
  std::size_t floats = 6 * fine_selection_.best.size();
  for (const auto* each : {&base_total_, &base_, &fine_total_, &fine_}) floats += each->size();
  return floats * sizeof(float) + peaks_.memory();
}

// The energies, next to nothing in cells that are not wholly inside.
std::vector<float> StackBlend::counted(ConstImageF32 energy, Roi valid) const {
  std::vector<float> out(cell_row(rows_), kNothing);
  const auto end_of = [](int end, int side) { return end == side ? cell_count(side) : end / 2; };
  const int left = cell_count(valid.x), right = end_of(valid.x + valid.width, width_);
  for (int y = cell_count(valid.y); y < end_of(valid.y + valid.height, height_); ++y) {
    for (int x = left; x < right; ++x) out[cell_row(y) + static_cast<std::size_t>(x)] = energy.row(y)[x];
  }
  return out;
}

template <typename T>
void StackBlend::add(ImageView<const T> frame, ConstImageF32 energy, Roi valid) {
  const std::vector<float> energies = counted(energy, valid);
  const std::vector<float> base = reduce(frame);
  peaks_.add(energies);
  fine_selection_.add(energies);
  base_selection_.add(smooth(energies, columns_, rows_));
  add_base(base);
  add_fine(frame, base);
}

void StackBlend::add_base(const std::vector<float>& base) {
  for (int y = 0; y < rows_; ++y) {
    const float* weight = base_selection_.weight.data() + cell_row(y);
    const float* scale = base_selection_.scale.data() + cell_row(y);
    accumulate_weight(weight, scale, columns_, base_total_.data() + cell_row(y));
    for (int c = 0; c < channels_; ++c) {
      const std::size_t at = cell_row(y * channels_ + c);
      accumulate(base.data() + at, weight, scale, columns_, base_.data() + at);
    }
  }
}

template <typename T>
void StackBlend::add_fine(ImageView<const T> frame, const std::vector<float>& base) {
  float weight[2 * kBlock], scale[2 * kBlock], smooth_row[2 * kBlock], planes[2 * 3 * kBlock];
  for (int y = 0; y < height_; ++y) {
    const int near = y / 2, far = far_cell_row(y, rows_);
    for (int begin = 0; begin < columns_; begin += kBlock) {
      const int count = std::min(kBlock, columns_ - begin);
      // Even columns first, then odd ones, as in the sums.
      const auto expand = [&](const float* near_row, const float* far_row, float* out) {
        expand_block(near_row, far_row, columns_, begin, count, out, out + count);
      };
      expand(fine_selection_.weight.data() + cell_row(near), fine_selection_.weight.data() + cell_row(far), weight);
      expand(fine_selection_.scale.data() + cell_row(near), fine_selection_.scale.data() + cell_row(far), scale);
      if (is_idle(weight, scale, 2 * count)) continue;
      split_row(frame.row(y) + 2 * begin * channels_, std::min(2 * count, width_ - 2 * begin), channels_, planes);
      for (int phase = 0; phase < 2; ++phase) {
        accumulate_weight(weight + phase * count, scale + phase * count, count,
                          fine_total_.data() + cell_row(2 * y + phase) + begin);
      }
      for (int c = 0; c < channels_; ++c) {
        expand(base.data() + cell_row(near * channels_ + c), base.data() + cell_row(far * channels_ + c), smooth_row);
        for (int phase = 0; phase < 2; ++phase) {
          accumulate_detail(planes + (2 * c + phase) * count, smooth_row + phase * count, weight + phase * count,
                            scale + phase * count, count,
                            fine_.data() + cell_row(2 * (y * channels_ + c) + phase) + begin);
        }
      }
    }
  }
}

template <typename T>
void StackBlend::blend(ImageView<T> out) const {
  std::vector<float> base(base_.size());
  for (int y = 0; y < rows_; ++y) {
    for (int c = 0; c < channels_; ++c) {
      for (int x = 0; x < columns_; ++x) {
        const std::size_t at = cell_row(y * channels_ + c) + static_cast<std::size_t>(x);
        base[at] = base_[at] / base_total_[cell_row(y) + static_cast<std::size_t>(x)];
      }
    }
  }
  float smooth_row[2 * kBlock];
  for (int y = 0; y < height_; ++y) {
    const int near = y / 2, far = far_cell_row(y, rows_);
    for (int begin = 0; begin < columns_; begin += kBlock) {
      const int count = std::min(kBlock, columns_ - begin);
      for (int c = 0; c < channels_; ++c) {
        expand_block(base.data() + cell_row(near * channels_ + c), base.data() + cell_row(far * channels_ + c), columns_,
                     begin, count, smooth_row, smooth_row + count);
        for (int phase = 0; phase < 2; ++phase) {
          const float* sum = fine_.data() + cell_row(2 * (y * channels_ + c) + phase) + begin;
          const float* total = fine_total_.data() + cell_row(2 * y + phase) + begin;
          T* to = out.row(y) + (2 * begin + phase) * channels_ + c;
          const int inside = std::min(count, (width_ - 2 * begin - phase + 1) / 2);
          for (int i = 0; i < inside; ++i) {
            to[2 * i * channels_] = stored<T>(sum[i] / total[i] + smooth_row[phase * count + i]);
          }
        }
      }
    }
  }
}

template void StackBlend::add(ConstImageU8, ConstImageF32, Roi);
template void StackBlend::add(ConstImageU16, ConstImageF32, Roi);
template void StackBlend::add(ConstImageF32, ConstImageF32, Roi);
template void StackBlend::blend(ImageU8) const;
template void StackBlend::blend(ImageU16) const;
template void StackBlend::blend(ImageF32) const;

}  // namespace autofocus
