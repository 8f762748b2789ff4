// Real 2-D Fourier transform, single precision, both sides powers of two.
//
// Every 1-D transform runs on kLanes columns (or kLanes pairs of rows) at a time: an element of a batch is kLanes
// real parts followed by kLanes imaginary parts, so that each step of the transform is the same arithmetic on
// whole vectors and the compiler needs no shuffles. Stockham's autosort form needs no bit reversal. Two real rows
// travel as one complex row.
//
// The spectrum is kept in the order the column transforms want: blocks of kLanes columns, each block holding all
// its rows one after the other. `index` says where a coefficient lies.
#pragma once

#include <cstddef>
#include <vector>

namespace autofocus {

class RealFft2d {
 public:
  static constexpr int kLanes = 8;

  // Both sides must be powers of two, width >= 2 and height >= 1. Holds only tables: one object may serve many
  // threads at once.
  RealFft2d(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }

  // Columns of the half spectrum, u = 0 .. width / 2.
  int columns() const { return width_ / 2 + 1; }
  // Floats in a spectrum.
  std::size_t spectrum_size() const;
  // Where the real part of coefficient (u, v) lies, 0 <= u < columns(), 0 <= v < height(); its imaginary part lies
  // kLanes floats further on. The other half is the conjugate: F(width - u, height - v) = conj F(u, v).
  std::size_t index(int u, int v) const {
    return (static_cast<std::size_t>(u / kLanes) * static_cast<std::size_t>(height_) + static_cast<std::size_t>(v)) *
               (2 * kLanes) +
           static_cast<std::size_t>(u % kLanes);
  }
  // Floats in a real gain for `inverse`, and where the gain of coefficient (u, v) lies in it.
  std::size_t gain_size() const { return spectrum_size() / 2; }
  std::size_t gain_index(int u, int v) const {
    return (static_cast<std::size_t>(u / kLanes) * static_cast<std::size_t>(height_) + static_cast<std::size_t>(v)) *
               kLanes +
           static_cast<std::size_t>(u % kLanes);
  }

  // F(u, v) = sum f(x, y) exp(-2 pi i (u x / width + v y / height)). `in` has `rows` <= height rows of `cols` <= width
  // values, `in_stride` floats apart; what is missing counts as zero.
  void forward(const float* in, std::ptrdiff_t in_stride, int cols, int rows, float* spectrum) const;

  // The two halves of `forward` in parts, for those who make the rows or use the columns while they are in the cache.
  // `scratch` has scratch_size() floats.
  std::size_t scratch_size() const;
  // Transforms `count` <= 2 * kLanes rows from row y on, a multiple of 2 * kLanes; `in` begins with row y.
  void forward_rows(const float* in, std::ptrdiff_t in_stride, int cols, int y, int count, float* scratch,
                    float* spectrum) const;
  // Then the columns of one block, columns u .. u + kLanes - 1, u a multiple of kLanes; rows from `rows` on are zero.
  void forward_columns(int u, int rows, float* scratch, float* spectrum) const;

  // The transform of a filter that is even in x and in y, which is real: `quadrant` holds the weight at (x, y),
  // 0 <= x, y <= reach, at [x * (reach + 1) + y]; the filter's centre is the origin. 2 * reach < width, height.
  void even_gain(const float* quadrant, int reach, float* gain) const;

  // The rectangle [x0, x0 + cols) x [y0, y0 + rows) of the inverse transform of spectrum times gain, scaled so that it
  // undoes `forward`. `gain` may be null (1 everywhere). `scratch` has spectrum_size() floats and may be the
  // spectrum itself, which is then destroyed.
  void inverse(const float* spectrum, const float* gain, float* scratch, int x0, int y0, int cols, int rows, float* out,
               std::ptrdiff_t out_stride) const;

 private:
  int width_;
  int height_;
  std::vector<float> row_twiddles_;
  std::vector<float> column_twiddles_;
};

// The smallest power of two that is >= n.
int power_of_two_at_least(int n);

}  // namespace autofocus
