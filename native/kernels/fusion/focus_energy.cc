#include "kernels/fusion/focus_energy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "kernels/fusion/cells.h"
#include "kernels/luma_row.h"
#include "kernels/multiversion.h"

namespace autofocus {
namespace {

// Half the side of the mean that detail is told from, px.
constexpr int kReach = 2;
constexpr int kRows = 2 * kReach + 1;
// Windows over the finest scale, which reach 1 and 2 cells to every side.
constexpr float kFineWeights[2] = {1.0f, 0.3f};
// Windows over coarser scales reach 3 of their cells; that of every further one weighs less by the factor.
constexpr float kCoarser = 0.6f;
// There are as many scales as leave the smaller side this many pixels, and at most so many.
constexpr int kLeastSide = 40;
constexpr std::size_t kMostScales = 6;
// Squared: detail of 0.4 of 255 gray values counts as none.
constexpr float kFloor = (0.4f / 255.0f) * (0.4f / 255.0f);

// The last rows of luma, each with its ends repeated by kReach.
template <typename T>
class LumaRows {
 public:
  explicit LumaRows(ImageView<const T> in) : in_(in) {
    for (auto& row : rows_) row.resize(static_cast<std::size_t>(in.width + 2 * kReach));
    for (int y = -kReach; y < kReach; ++y) load(y);
  }

  // Makes rows y - kReach .. y + kReach present, y counting up from 0.
  void advance(int y) { load(y + kReach); }
  const float* row(int y) const { return slot(y).data(); }

 private:
  const std::vector<float>& slot(int y) const { return rows_[static_cast<std::size_t>(y + kRows) % kRows]; }

  void load(int y) {
    std::vector<float>& to = rows_[static_cast<std::size_t>(y + kRows) % kRows];
    const T* from = in_.row(std::clamp(y, 0, in_.height - 1));
    float* out = to.data() + kReach;
    luma_row(from, in_.width, in_.channels, value_scale<T>(), out);
    std::fill_n(to.begin(), kReach, out[0]);
    std::fill_n(to.end() - kReach, kReach, out[in_.width - 1]);
  }

  ImageView<const T> in_;
  std::array<std::vector<float>, kRows> rows_;
};

// The squared detail of the row in the middle of five; `sums` is scratch of width + 2 kReach.
AUTOFOCUS_MULTIVERSION void detail_row(const std::array<const float*, kRows>& rows, int width, float* sums, float* out) {
  const float *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3], *e = rows[4];
  for (int x = 0; x < width + 2 * kReach; ++x) sums[x] = a[x] + b[x] + c[x] + d[x] + e[x];
  constexpr float scale = 1.0f / (kRows * kRows);
  for (int x = 0; x < width; ++x) {
    const float detail =
        c[x + kReach] - scale * (sums[x] + sums[x + 1] + sums[x + 2] + sums[x + 3] + sums[x + 4]);
    out[x] = detail * detail;
  }
}

// Adds the weighted means over pairs of `row` to the cells.
AUTOFOCUS_MULTIVERSION void add_pairs(const float* row, int width, float weight, float* cells) {
  for (int i = 0; i < width / 2; ++i) cells[i] += 0.5f * weight * (row[2 * i] + row[2 * i + 1]);
  if (width % 2 != 0) cells[width / 2] += weight * row[width - 1];
}

// What every cell of a picture holds: the mean of its squared detail, and of its luma, which is the next coarser picture.
struct Scale {
  int columns;
  int rows;
  std::vector<float> energy;
  std::vector<float> luma;

  ConstImageF32 reduced() const { return {luma.data(), columns, rows, 1}; }
};

template <typename T>
Scale scale_of(ImageView<const T> in) {
  Scale scale{cell_count(in.width), cell_count(in.height), {}, {}};
  const std::size_t cells = static_cast<std::size_t>(scale.columns) * static_cast<std::size_t>(scale.rows);
  scale.energy.resize(cells, 0.0f);
  scale.luma.resize(cells, 0.0f);
  std::vector<float> row(static_cast<std::size_t>(in.width)), sums(static_cast<std::size_t>(in.width + 2 * kReach));
  LumaRows<T> luma(in);
  for (int y = 0; y < in.height; ++y) {
    luma.advance(y);
    std::array<const float*, kRows> rows;
    for (int k = 0; k < kRows; ++k) rows[static_cast<std::size_t>(k)] = luma.row(y - kReach + k);
    detail_row(rows, in.width, sums.data(), row.data());
    const float weight = y % 2 == 0 && y == in.height - 1 ? 1.0f : 0.5f;
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y / 2) * scale.columns;
    add_pairs(row.data(), in.width, weight, scale.energy.data() + at);
    add_pairs(rows[kReach] + kReach, in.width, weight, scale.luma.data() + at);
  }
  return scale;
}

// Adds the weighted means over windows of the energy that reach `Reach` cells to every side, less at the borders.
template <int Reach>
AUTOFOCUS_INLINE void add_windows_of(const Scale& scale, float weight, float* sum) {
  constexpr int kSide = 2 * Reach + 1;
  const int columns = scale.columns, rows = scale.rows;
  const std::size_t width = static_cast<std::size_t>(columns);
  const std::vector<float> nothing(width, 0.0f);
  // The sum over the rows of the window, with nothing beyond the ends; and one over the number of columns.
  std::vector<float> down(width + 2 * Reach, 0.0f), share(width);
  const auto reached = [](int at, int side) { return std::min(at + Reach, side - 1) - std::max(at - Reach, 0) + 1; };
  for (int x = 0; x < columns; ++x) share[static_cast<std::size_t>(x)] = 1.0f / static_cast<float>(reached(x, columns));
  for (int y = 0; y < rows; ++y) {
    const float* around[kSide];
    for (int k = 0; k < kSide; ++k) {
      const int row = y - Reach + k;
      const bool is_inside = row >= 0 && row < rows;
      around[k] = is_inside ? scale.energy.data() + static_cast<std::ptrdiff_t>(row) * columns : nothing.data();
    }
    float* padded = down.data();
    for (int x = 0; x < columns; ++x) {
      float total = around[0][x];
      for (int k = 1; k < kSide; ++k) total += around[k][x];
      padded[Reach + x] = total;
    }
    const float scaled = weight / static_cast<float>(reached(y, rows));
    float* to = sum + static_cast<std::ptrdiff_t>(y) * columns;
    for (int x = 0; x < columns; ++x) {
      float total = padded[x];
      for (int k = 1; k < kSide; ++k) total += padded[x + k];
      to[x] += scaled * share[static_cast<std::size_t>(x)] * total;
    }
  }
}
AUTOFOCUS_MULTIVERSION void add_fine_windows(const Scale& scale, float* sum) {
  add_windows_of<1>(scale, kFineWeights[0], sum);
  add_windows_of<2>(scale, kFineWeights[1], sum);
}
AUTOFOCUS_MULTIVERSION void add_coarse_windows(const Scale& scale, float weight, float* sum) {
  add_windows_of<3>(scale, weight, sum);
}

// From the cells of one scale to those of the next finer one, which are its pixels.
AUTOFOCUS_MULTIVERSION void expand(const float* in, const Scale& from, const Scale& to, float* out) {
  float even[kBlock], odd[kBlock];
  for (int y = 0; y < to.rows; ++y) {
    const auto row_of = [&](int row) { return in + static_cast<std::ptrdiff_t>(row) * from.columns; };
    const CellRows rows{row_of(y / 2), row_of(far_cell_row(y, from.rows))};
    float* row = out + static_cast<std::ptrdiff_t>(y) * to.columns;
    for (int begin = 0; begin < from.columns; begin += kBlock) {
      const Block block = block_at(begin, from.columns);
      expand_block(rows, block, even, odd);
      float* pixels = row + 2 * begin;
      const int pairs = std::min(block.count, to.columns / 2 - begin);
      for (int i = 0; i < pairs; ++i) {
        pixels[2 * i] = even[i];
        pixels[2 * i + 1] = odd[i];
      }
      if (pairs < block.count) pixels[2 * pairs] = even[pairs];
    }
  }
}

}  // namespace

template <typename T>
void focus_energy(ImageView<const T> in, float coarse, ImageF32 out) {
  std::vector<Scale> scales = {scale_of(in)};
  while (scales.size() < kMostScales && std::min(scales.back().columns, scales.back().rows) >= kLeastSide) {
    scales.push_back(scale_of(scales.back().reduced()));
  }
  std::vector<float> sum(scales.back().energy.size(), kFloor);
  for (std::size_t k = scales.size() - 1; k > 0; --k) {
    add_coarse_windows(scales[k], coarse * std::pow(kCoarser, static_cast<float>(k - 1)), sum.data());
    std::vector<float> finer(scales[k - 1].energy.size());
    expand(sum.data(), scales[k], scales[k - 1], finer.data());
    sum = std::move(finer);
  }
  add_fine_windows(scales[0], sum.data());
  std::copy(sum.begin(), sum.end(), out.data);
}

template void focus_energy(ConstImageU8, float, ImageF32);
template void focus_energy(ConstImageU16, float, ImageF32);
template void focus_energy(ConstImageF32, float, ImageF32);

}  // namespace autofocus
