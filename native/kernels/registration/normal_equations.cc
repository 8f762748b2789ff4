#include "kernels/registration/normal_equations.h"

#include <algorithm>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/vector8.h"

namespace autofocus {
namespace {

// Least share of the variance that two pictures are taken to differ by.
constexpr float kLeastUnshared = 0.05f;

// The same of every pixel of a row as of its cell.
struct Pixels {
  explicit Pixels(int count) : ours(static_cast<std::size_t>(count)), theirs(ours), weight(ours) {}

  std::vector<float> ours, theirs;
  std::vector<float> weight;
};

AUTOFOCUS_MULTIVERSION void spread(const float* cells, int count, float* __restrict pixels) {
  for (int x = 0; x < count; ++x) pixels[2 * x] = pixels[2 * x + 1] = cells[x];
}

AUTOFOCUS_MULTIVERSION void weigh(const float* share, const float* product, int count, float* __restrict pixels) {
  for (int x = 0; x < count; ++x) {
    pixels[2 * x] = pixels[2 * x + 1] = share[x] / (std::max(kLeastUnshared, 1.0f - share[x]) * product[x]);
  }
}

// A row of each blur of a picture, and those above and below it.
struct Surroundings {
  Rows above, here, below;
};

// Where a row lies, in radii from the middle of the picture.
struct RowPlace {
  float first, step;  // along it
  double down;
};

// Sums over one row: of the products of gradients and of what drives the shift, times powers of the place along it.
template <typename V>
struct RowSums {
  V xx0 = {}, xx1 = {}, xx2 = {}, xy0 = {}, xy1 = {}, xy2 = {}, yy0 = {}, yy1 = {}, yy2 = {};
  V push_x0 = {}, push_x1 = {}, push_y0 = {}, push_y1 = {};
};

template <typename V>
struct Slope {
  V value, along, down;
};

// Of the blur that `which` says, 0..2.
template <typename V>
AUTOFOCUS_INLINE void slope_at(const Surroundings& rows, int x, const V& which, Slope<V>& out) {
  const auto is_second = which == 1.0f;
  const auto is_third = which == 2.0f;
  const auto pick = [&](const V& a, const V& b, const V& c, V& picked) { picked = is_third ? c : is_second ? b : a; };
  V value[kBlurs], along[kBlurs], down[kBlurs];
  for (std::size_t k = 0; k < kBlurs; ++k) {
    V left, right, above, below;
    load(rows.here[k] + x, value[k]);
    load(rows.here[k] + x - 1, left);
    load(rows.here[k] + x + 1, right);
    load(rows.above[k] + x, above);
    load(rows.below[k] + x, below);
    along[k] = right - left;
    down[k] = below - above;
  }
  pick(value[0], value[1], value[2], out.value);
  pick(along[0], along[1], along[2], out.along);
  pick(down[0], down[1], down[2], out.down);
}

// At the right map the product of either picture with the other's gradient is the same on average, A B' = A' B, when
// both differ by a symmetric blur. Their difference is what drives the map; unlike the gradient of a squared difference
// it has no term of a picture with its own gradient, which uneven detail of the sharper picture would bias.
template <typename V>
AUTOFOCUS_INLINE void add_pixels(const Surroundings& ours, const Surroundings& theirs,
                                 const Pixels& pixels, int x, const V& along, RowSums<V>& sums) {
  V our_blur, their_blur, weight;
  load(pixels.ours.data() + x, our_blur);
  load(pixels.theirs.data() + x, their_blur);
  load(pixels.weight.data() + x, weight);
  Slope<V> a, b;
  slope_at(ours, x, our_blur, a);
  slope_at(theirs, x, their_blur, b);
  // Differences over two pixels, and means of two products.
  const V w = 0.25f * weight;
  const V ax = a.along * w, ay = a.down * w;
  const V xx = ax * b.along, xy = 0.5f * (ax * b.down + ay * b.along), yy = ay * b.down;
  const V push_x = w * a.value * b.along - b.value * ax, push_y = w * a.value * b.down - b.value * ay;
  const V xx1 = xx * along, xy1 = xy * along, yy1 = yy * along;
  sums.xx0 += xx, sums.xx1 += xx1, sums.xx2 += xx1 * along;
  sums.xy0 += xy, sums.xy1 += xy1, sums.xy2 += xy1 * along;
  sums.yy0 += yy, sums.yy1 += yy1, sums.yy2 += yy1 * along;
  sums.push_x0 += push_x, sums.push_x1 += push_x * along;
  sums.push_y0 += push_y, sums.push_y1 += push_y * along;
}

inline double total(float value) { return value; }
inline double total(const Float8& values) {
  double sum = 0.0;
  for (int k = 0; k < kFloat8; ++k) sum += values[k];
  return sum;
}

// Adds the row `down` radii below the middle. A point (X, Y) moves by (X, Y) under a stretch and by (-Y, X) under a
// turn.
template <typename V>
AUTOFOCUS_INLINE void add_row_sums(const RowSums<V>& sums, double down, NormalEquations& to) {
  const double Y = down;
  const double xx0 = total(sums.xx0), xx1 = total(sums.xx1), xx2 = total(sums.xx2);
  const double xy0 = total(sums.xy0), xy1 = total(sums.xy1), xy2 = total(sums.xy2);
  const double yy0 = total(sums.yy0), yy1 = total(sums.yy1), yy2 = total(sums.yy2);
  const double push_x0 = total(sums.push_x0), push_y0 = total(sums.push_y0);
  const auto add = [&](int row, int column, double value) {
    to.hessian[static_cast<std::size_t>(4 * row + column)] += value;
    if (row != column) to.hessian[static_cast<std::size_t>(4 * column + row)] += value;
  };
  add(0, 0, xx2 + 2 * xy1 * Y + yy0 * Y * Y);
  add(0, 1, xy2 + (yy1 - xx1) * Y - xy0 * Y * Y);
  add(0, 2, xx1 + xy0 * Y);
  add(0, 3, xy1 + yy0 * Y);
  add(1, 1, yy2 - 2 * xy1 * Y + xx0 * Y * Y);
  add(1, 2, xy1 - xx0 * Y);
  add(1, 3, yy1 - xy0 * Y);
  add(2, 2, xx0);
  add(2, 3, xy0);
  add(3, 3, yy0);
  to.gradient[0] += total(sums.push_x1) + push_y0 * Y;
  to.gradient[1] += total(sums.push_y1) - push_x0 * Y;
  to.gradient[2] += push_x0;
  to.gradient[3] += push_y0;
}

AUTOFOCUS_MULTIVERSION void sum_row(const Surroundings& ours, const Surroundings& theirs, const Pixels& pixels,
                                    Span span, const RowPlace& place, NormalEquations& to) {
  RowSums<Float8> many;
  RowSums<float> few;
  int x = span.first;
  for (; x + kFloat8 <= span.last + 1; x += kFloat8) {
    const Float8 along = place.first + place.step * (static_cast<float>(x) + kCount8);
    add_pixels(ours, theirs, pixels, x, along, many);
  }
  for (; x <= span.last; ++x) {
    add_pixels(ours, theirs, pixels, x, place.first + place.step * static_cast<float>(x), few);
  }
  add_row_sums(many, place.down, to);
  add_row_sums(few, place.down, to);
}

}  // namespace

NormalEquations normal_equations(const Blurs& ours, const Blurs& theirs, const Affine& matrix, double radius) {
  const int width = ours[0].width, height = ours[0].height;
  const float step = static_cast<float>(1.0 / radius), first = step * (0.5f - 0.5f * static_cast<float>(width));
  Agreement agreement(ours, theirs, matrix);
  Pixels pixels(width);
  NormalEquations equations;
  for (int row = 0; row < agreement.rows(); ++row) {
    agreement.next();
    const AgreementRow& cells = agreement.cells();
    spread(cells.ours.data(), agreement.columns(), pixels.ours.data());
    spread(cells.theirs.data(), agreement.columns(), pixels.theirs.data());
    weigh(cells.share.data(), cells.product.data(), agreement.columns(), pixels.weight.data());
    for (int y = kCell * row; y < kCell * (row + 1); ++y) {
      const Span span = overlap_row(matrix, y, width, height);
      if (span.last < span.first) continue;
      const Surroundings a{agreement.our_rows(y - 1), agreement.our_rows(y), agreement.our_rows(y + 1)};
      const Surroundings b{agreement.seen_rows(y - 1), agreement.seen_rows(y), agreement.seen_rows(y + 1)};
      sum_row(a, b, pixels, span, {first, step, (y + 0.5 - 0.5 * height) / radius}, equations);
    }
  }
  equations.correlation = agreement.correlation();
  return equations;
}

}  // namespace autofocus
