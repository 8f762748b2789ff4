#include "kernels/fusion/focus_energy.h"

#include <algorithm>
#include <array>
#include <vector>

#include "kernels/fusion/cells.h"
#include "kernels/multiversion.h"
#include "kernels/window_means.h"

namespace autofocus {
namespace {

// Half the side of the mean that detail is told from, px.
constexpr int kReach = 2;
constexpr int kRows = 2 * kReach + 1;
// Half sides of the windows, cells, and how much less each counts than the one before.
constexpr std::array<int, 4> kRadii = {1, 2, 5, 14};
constexpr float kFalloff = 0.3f;
// Squared: detail of 0.4 of 255 gray values counts as none.
constexpr float kFloor = (0.4f / 255.0f) * (0.4f / 255.0f);

// Luma of ITU-R BT.601.
template <typename T>
inline __attribute__((always_inline)) void luma_row(const T* row, int width, int channels, float* out) {
  const float scale = value_scale<T>();
  if (channels == 1) {
    for (int x = 0; x < width; ++x) out[x] = scale * static_cast<float>(row[x]);
    return;
  }
  const float red = 0.299f * scale, green = 0.587f * scale, blue = 0.114f * scale;
  for (int x = 0; x < width; ++x) {
    out[x] = red * static_cast<float>(row[3 * x]) + green * static_cast<float>(row[3 * x + 1]) +
             blue * static_cast<float>(row[3 * x + 2]);
  }
}

AUTOFOCUS_MULTIVERSION void luma_u8(const std::uint8_t* row, int width, int channels, float* out) {
  luma_row(row, width, channels, out);
}
AUTOFOCUS_MULTIVERSION void luma_u16(const std::uint16_t* row, int width, int channels, float* out) {
  luma_row(row, width, channels, out);
}
AUTOFOCUS_MULTIVERSION void luma_f32(const float* row, int width, int channels, float* out) {
  luma_row(row, width, channels, out);
}

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
    if constexpr (std::is_same_v<T, std::uint8_t>) luma_u8(from, in_.width, in_.channels, out);
    if constexpr (std::is_same_v<T, std::uint16_t>) luma_u16(from, in_.width, in_.channels, out);
    if constexpr (std::is_same_v<T, float>) luma_f32(from, in_.width, in_.channels, out);
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

// The mean squared detail of every cell.
template <typename T>
std::vector<float> detail(ImageView<const T> in) {
  const int columns = cell_count(in.width);
  std::vector<float> cells(static_cast<std::size_t>(columns) * static_cast<std::size_t>(cell_count(in.height)), 0.0f);
  std::vector<float> row(static_cast<std::size_t>(in.width)), sums(static_cast<std::size_t>(in.width + 2 * kReach));
  LumaRows<T> luma(in);
  for (int y = 0; y < in.height; ++y) {
    luma.advance(y);
    std::array<const float*, kRows> rows;
    for (int k = 0; k < kRows; ++k) rows[static_cast<std::size_t>(k)] = luma.row(y - kReach + k);
    detail_row(rows, in.width, sums.data(), row.data());
    const bool alone = y % 2 == 0 && y == in.height - 1;
    add_pairs(row.data(), in.width, alone ? 1.0f : 0.5f, cells.data() + static_cast<std::ptrdiff_t>(y / 2) * columns);
  }
  return cells;
}

}  // namespace

template <typename T>
void focus_energy(ImageView<const T> in, ImageF32 out) {
  const std::vector<float> cells = detail(in);
  std::fill_n(out.data, out.size(), kFloor);
  float weight = 1.0f;
  for (const int radius : kRadii) {
    window_means<1>(
        out.width, out.height, radius, WindowBorder::shrink,
        [&](int y, double* row) { std::copy_n(cells.data() + static_cast<std::ptrdiff_t>(y) * out.width, out.width, row); },
        [&](int y, const double* means) {
          float* to = out.row(y);
          for (int x = 0; x < out.width; ++x) to[x] += weight * static_cast<float>(std::max(0.0, means[x]));
        });
    weight *= kFalloff;
  }
}

template void focus_energy(ConstImageU8, ImageF32);
template void focus_energy(ConstImageU16, ImageF32);
template void focus_energy(ConstImageF32, ImageF32);

}  // namespace autofocus
