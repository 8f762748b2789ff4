#include "kernels/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/interpolate.h"
#include "kernels/mirror.h"
#include "kernels/multiversion.h"

namespace autofocus {
namespace {

int within(int i, int n, Border border) { return border == Border::mirror ? mirror(i, n) : std::clamp(i, 0, n - 1); }

// A position along one axis: past the source pixel `whole` by `rest`, 0..1.
struct Position {
  int whole;
  double rest;
};

Position position_at(double position) {
  // Far outside, positions only need to stay representable.
  constexpr double kFar = 1e8;
  position = std::clamp(position, -kFar, kFar);
  const int truncated = static_cast<int>(position);
  const int whole = truncated - (static_cast<double>(truncated) > position ? 1 : 0);
  return {whole, position - whole};
}

// For how many pixels positions go on by whole pixels, when each step exceeds one pixel (or none) by a slope.
class Steadiness {
 public:
  explicit Steadiness(double slope) : slope_(slope), steps_per_pixel_(slope == 0.0 ? 0.0 : 1.0 / slope) {}

  int from(double rest) const {
    if (slope_ == 0.0) return kLongest;
    const double steps = slope_ > 0.0 ? (1.0 - rest) * steps_per_pixel_ : -rest * steps_per_pixel_;
    return steps < kLongest ? static_cast<int>(steps) + 1 : kLongest;
  }

 private:
  static constexpr int kLongest = 1 << 30;
  double slope_;
  double steps_per_pixel_;
};

template <typename T>
AUTOFOCUS_INLINE void convert(const T* from, std::ptrdiff_t count, float* to) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = static_cast<float>(from[i]);
}
AUTOFOCUS_MULTIVERSION void load(const std::uint8_t* from, std::ptrdiff_t count, float* to) { convert(from, count, to); }
AUTOFOCUS_MULTIVERSION void load(const std::uint16_t* from, std::ptrdiff_t count, float* to) { convert(from, count, to); }
void load(const float* from, std::ptrdiff_t count, float* to) { std::copy_n(from, count, to); }

template <typename T>
AUTOFOCUS_INLINE void rounded(const float* from, std::ptrdiff_t count, T* to) {
  constexpr float most = static_cast<float>(std::numeric_limits<T>::max());
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const float value = from[i] + 0.5f;
    to[i] = static_cast<T>(static_cast<int>(value < 0.0f ? 0.0f : value > most ? most : value));
  }
}
AUTOFOCUS_MULTIVERSION void store(const float* from, std::ptrdiff_t count, std::uint8_t* to) { rounded(from, count, to); }
AUTOFOCUS_MULTIVERSION void store(const float* from, std::ptrdiff_t count, std::uint16_t* to) { rounded(from, count, to); }
void store(const float* from, std::ptrdiff_t count, float* to) { std::copy_n(from, count, to); }

// The rows of a picture as float with kSpare values after each, the latest of them kept.
template <typename T>
class FloatRows {
 public:
  // `kept`: how many rows that follow each other are in use at a time.
  FloatRows(ImageView<const T> in, int kept) : in_(in), rows_(static_cast<std::size_t>(std::max(4, std::min(kept, in.height)))) {}

  const float* row(int y) {
    Row& kept = rows_[static_cast<std::size_t>(y) % rows_.size()];
    if (kept.y != y) {
      kept.values.resize(static_cast<std::size_t>(in_.stride() + kSpare));
      load(in_.row(y), in_.stride(), kept.values.data());
      kept.y = y;
    }
    return kept.values.data();
  }

 private:
  struct Row {
    int y = -1;
    std::vector<float> values;
  };
  ImageView<const T> in_;
  std::vector<Row> rows_;
};

// One row of the result at a time, as float.
template <typename T>
class Resampler {
 public:
  Resampler(ImageView<const T> in, const std::array<double, 6>& matrix, Filter filter, Border border, int width)
      : m_(matrix),
        is_cubic_(filter == Filter::bicubic),
        border_(border),
        columns_(in.width),
        height_(in.height),
        channels_(in.channels),
        width_(width),
        before_(is_cubic_ ? 1 : 0),
        taps_(is_cubic_ ? 4 : 2),
        along_(matrix[0] - 1.0),
        across_(matrix[3]),
        blend_(static_cast<std::size_t>(in.stride() + kSpare)),
        // Along one row of the result, and 4 that make up a value.
        rows_(in, static_cast<int>(std::min(1e5, std::fabs(matrix[3]) * width)) + 6) {}

  // `out` has room for kSpare values more.
  void row(int y, float* out) {
    if (m_[1] == 0.0 && m_[3] == 0.0) {
      upright_row(y, out);
    } else {
      turned_row(y, out);
    }
  }

 private:
  SourceRows rows_at(int whole) {
    SourceRows rows{};
    for (int k = 0; k < taps_; ++k) rows.row[k] = rows_.row(within(whole - before_ + k, height_, border_));
    return rows;
  }

  // Pixels from `at` on of which all samples lie inside, at most `most`; 0 where those of the first do not.
  int inside(const Position& at, int most) const {
    if (at.whole < before_) return 0;
    return std::clamp(columns_ - taps_ + before_ - at.whole + 1, 0, most);
  }

  std::ptrdiff_t offset_of(int column) const { return static_cast<std::ptrdiff_t>(column) * channels_; }

  // Without turn or shear, rows are blended first, and once for all columns.
  void upright_row(int y, float* out) {
    const Position down = position_at(m_[4] * y + m_[5]);
    const SourceRows rows = rows_at(down.whole);
    (is_cubic_ ? cubic_rows : linear_rows)(rows, static_cast<float>(down.rest), offset_of(columns_), blend_.data());
    const float slope = static_cast<float>(m_[0] - 1.0);
    const auto interpolate = is_cubic_ ? cubic_along : linear_along;
    for (int x = 0; x < width_;) {
      const Position at = position_at(m_[0] * x + m_[2]);
      const Between along{static_cast<float>(at.rest), slope};
      const int count = inside(at, std::min(width_ - x, along_.from(at.rest)));
      float* to = out + offset_of(x);
      if (count > 0) {
        interpolate(blend_.data() + offset_of(at.whole - before_), channels_, along, count, to);
      } else {
        float around[3 * 4 + kSpare];
        gather(blend_.data(), at.whole, around);
        interpolate(around, channels_, along, 1, to);
      }
      x += std::max(1, count);
    }
  }

  void turned_row(int y, float* out) {
    const float slope_along = static_cast<float>(m_[0] - 1.0), slope_across = static_cast<float>(m_[3]);
    const auto interpolate = is_cubic_ ? cubic_within : linear_within;
    Position down = position_at(m_[4] * y + m_[5]);
    SourceRows rows = rows_at(down.whole);
    for (int x = 0; x < width_;) {
      const Position at = position_at(m_[0] * x + m_[1] * y + m_[2]);
      const int row_before = down.whole;
      down = position_at(m_[3] * x + m_[4] * y + m_[5]);
      if (down.whole != row_before) rows = rows_at(down.whole);
      const Between along{static_cast<float>(at.rest), slope_along}, across{static_cast<float>(down.rest), slope_across};
      const int most = std::min(along_.from(at.rest), across_.from(down.rest));
      const int count = inside(at, std::min(width_ - x, most));
      float* to = out + offset_of(x);
      SourceRows here{};
      if (count > 0) {
        for (int k = 0; k < taps_; ++k) here.row[k] = rows.row[k] + offset_of(at.whole - before_);
        interpolate(here, channels_, along, across, count, to);
      } else {
        float around[4][3 * 4 + kSpare];
        for (int k = 0; k < taps_; ++k) {
          gather(rows.row[k], at.whole, around[k]);
          here.row[k] = around[k];
        }
        interpolate(here, channels_, along, across, 1, to);
      }
      x += std::max(1, count);
    }
  }

  // The pixels around a position side by side, with what stands for those beyond the borders.
  void gather(const float* row, int whole, float* around) const {
    for (int k = 0; k < taps_; ++k) {
      const float* from = row + offset_of(within(whole - before_ + k, columns_, border_));
      std::copy_n(from, channels_, around + k * channels_);
    }
    std::fill_n(around + taps_ * channels_, kSpare, 0.0f);
  }

  std::array<double, 6> m_;
  bool is_cubic_;
  Border border_;
  int columns_;
  int height_;
  int channels_;
  int width_;
  int before_;
  int taps_;
  Steadiness along_;
  Steadiness across_;
  std::vector<float> blend_;
  FloatRows<T> rows_;
};

}  // namespace

template <typename T>
void resample(ImageView<const T> in, const std::array<double, 6>& matrix, Filter filter, Border border, ImageView<T> out) {
  Resampler<T> resampler(in, matrix, filter, border, out.width);
  std::vector<float> row(static_cast<std::size_t>(out.stride() + kSpare));
  for (int y = 0; y < out.height; ++y) {
    resampler.row(y, row.data());
    store(row.data(), out.stride(), out.row(y));
  }
}

template void resample(ConstImageU8, const std::array<double, 6>&, Filter, Border, ImageU8);
template void resample(ConstImageU16, const std::array<double, 6>&, Filter, Border, ImageU16);
template void resample(ConstImageF32, const std::array<double, 6>&, Filter, Border, ImageF32);

}  // namespace autofocus
