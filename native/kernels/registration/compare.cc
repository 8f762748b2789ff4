#include "kernels/registration/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/resample.h"

namespace autofocus {
namespace {

// The differences in defocus that are made up for: which blur of ours is held against which of theirs.
struct Match {
  std::size_t ours;
  std::size_t theirs;
};
constexpr std::array<Match, 5> kMatches = {{{0, 0}, {1, 0}, {2, 0}, {0, 1}, {0, 2}}};
// Half the side of the window in which agreement is judged, cells.
constexpr int kReach = 3;
// Least share of the variance that two pictures are taken to differ by.
constexpr float kLeastUnshared = 0.05f;

// One value for every cell.
using Plane = std::vector<float>;

struct Grid {
  int columns;
  int rows;

  std::size_t at(int row) const { return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns); }
  std::size_t cells() const { return at(rows); }
};

AUTOFOCUS_MULTIVERSION void add_products(const float* a, const float* b, int columns, float* cells) {
  for (int x = 0; x < columns; ++x) cells[x] += a[2 * x] * b[2 * x] + a[2 * x + 1] * b[2 * x + 1];
}

// The products of two pictures, summed over every cell.
Plane products(ConstImageF32 a, ConstImageF32 b, const Grid& grid) {
  Plane out(grid.cells(), 0.0f);
  for (int y = 0; y < kCompareCell * grid.rows; ++y) {
    add_products(a.row(y), b.row(y), grid.columns, out.data() + grid.at(y / kCompareCell));
  }
  return out;
}

AUTOFOCUS_MULTIVERSION void add_row(const float* from, int count, float* sum) {
  for (int x = 0; x < count; ++x) sum[x] += from[x];
}

// The sum of the 2 kReach + 1 values from in[x] on, scaled.
AUTOFOCUS_MULTIVERSION void row_means(const float* in, const float* scale, int count, float* out) {
  for (int x = 0; x < count; ++x) {
    float sum = in[x];
    for (int k = 1; k <= 2 * kReach; ++k) sum += in[x + k];
    out[x] = sum * scale[x];
  }
}

// The mean over the pixels of the window around every cell, which shrinks at the borders.
Plane windowed(const Plane& in, const Grid& grid) {
  const auto extent = [](int i, int side) { return std::min(i + kReach, side - 1) - std::max(i - kReach, 0) + 1; };
  Plane out(grid.cells());
  std::vector<float> sums(static_cast<std::size_t>(grid.columns + 2 * kReach)), scale(static_cast<std::size_t>(grid.columns));
  for (int y = 0; y < grid.rows; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (int row = std::max(y - kReach, 0); row <= std::min(y + kReach, grid.rows - 1); ++row) {
      add_row(in.data() + grid.at(row), grid.columns, sums.data() + kReach);
    }
    for (int x = 0; x < grid.columns; ++x) {
      const int pixels = kCompareCell * kCompareCell * extent(x, grid.columns) * extent(y, grid.rows);
      scale[static_cast<std::size_t>(x)] = 1.0f / static_cast<float>(pixels);
    }
    row_means(sums.data(), scale.data(), grid.columns, out.data() + grid.at(y));
  }
  return out;
}

// A copy that is 0 where one frame ends.
std::vector<float> masked(ConstImageF32 in, const std::vector<Span>& spans) {
  std::vector<float> out(in.size(), 0.0f);
  for (int y = 0; y < in.height; ++y) {
    const Span span = spans[static_cast<std::size_t>(y)];
    std::copy(in.row(y) + span.first, in.row(y) + span.last + 1, out.data() + y * in.stride() + span.first);
  }
  return out;
}

// Which pair of blurs matches best around every cell, and what the cell says about a shift, per product of the two
// pictures: c^2 / (1 - c^2), with c the correlation, over the strength of the two (C. H. Knapp and G. C. Carter, "The
// Generalized Correlation Method for Estimation of Time Delay", TASSP 24 (1976)); 0 where c is negative.
struct Choice {
  std::vector<std::uint8_t> match;
  Plane weight;
};

Choice choose(const std::array<Plane, kBlurs>& aa, const std::array<Plane, kBlurs>& bb,
              const std::array<Plane, kMatches.size()>& ab, float* agreement, float* strength) {
  const std::size_t cells = aa[0].size();
  Choice choice{std::vector<std::uint8_t>(cells, 0), Plane(cells, 0.0f)};
  for (std::size_t k = 0; k < cells; ++k) {
    float shared = 0.0f, product = 0.0f;
    for (std::size_t m = 0; m < kMatches.size(); ++m) {
      const float common = ab[m][k], both = aa[kMatches[m].ours][k] * bb[kMatches[m].theirs][k];
      if (!(common > 0.0f && both > 0.0f && common * common > shared * both)) continue;
      shared = common * common / both;
      product = both;
      choice.match[k] = static_cast<std::uint8_t>(m);
    }
    agreement[k] = std::sqrt(std::min(1.0f, shared));
    strength[k] = std::sqrt(aa[0][k] * bb[0][k]);
    if (shared > 0.0f) choice.weight[k] = shared / std::max(kLeastUnshared, 1.0f - shared) / std::sqrt(product);
  }
  return choice;
}

// Sums over one row: of the products of gradients and of what drives the shift, times powers of the place along it.
struct RowSums {
  double xx0 = 0, xx1 = 0, xx2 = 0, xy0 = 0, xy1 = 0, xy2 = 0, yy0 = 0, yy1 = 0, yy2 = 0;
  double push_x0 = 0, push_x1 = 0, push_y0 = 0, push_y1 = 0;
};

// At the right map the product of either picture with the other's gradient is the same on average, A B' = A' B, when both
// differ by a symmetric blur. Their difference is what drives the map; unlike the gradient of a squared difference it has
// no term of a picture with its own gradient, which uneven detail of the sharper picture would bias.
RowSums sum_row(const Blurs& ours, const Blurs& theirs, int y, Span span, const std::uint8_t* match, const float* weight,
                double radius) {
  RowSums sums;
  const int width = ours[0].width;
  const double middle = 0.5 * width - 0.5;
  for (int x = span.first; x <= span.last; ++x) {
    const int cell = x / kCompareCell;
    if (weight[cell] == 0.0f) continue;
    const Match pair = kMatches[match[cell]];
    const float* a = ours[pair.ours].row(y) + x;
    const float* b = theirs[pair.theirs].row(y) + x;
    const float w = weight[cell];
    const float ax = 0.5f * (a[1] - a[-1]), ay = 0.5f * (a[width] - a[-width]);
    const float bx = 0.5f * w * (b[1] - b[-1]), by = 0.5f * w * (b[width] - b[-width]);
    const double along = (x - middle) / radius;
    const double xx = ax * bx, xy = 0.5f * (ax * by + ay * bx), yy = ay * by;
    const double push_x = 0.5f * (*a * bx - w * *b * ax), push_y = 0.5f * (*a * by - w * *b * ay);
    sums.xx0 += xx, sums.xx1 += xx * along, sums.xx2 += xx * along * along;
    sums.xy0 += xy, sums.xy1 += xy * along, sums.xy2 += xy * along * along;
    sums.yy0 += yy, sums.yy1 += yy * along, sums.yy2 += yy * along * along;
    sums.push_x0 += push_x, sums.push_x1 += push_x * along;
    sums.push_y0 += push_y, sums.push_y1 += push_y * along;
  }
  return sums;
}

// Adds the row `down` radii below the middle. A point (X, Y) moves by (X, Y) under a stretch and by (-Y, X) under a turn.
void add_row_sums(const RowSums& s, double down, NormalEquations& to) {
  const double Y = down;
  const auto add = [&](int row, int column, double value) {
    to.hessian[static_cast<std::size_t>(4 * row + column)] += value;
    if (row != column) to.hessian[static_cast<std::size_t>(4 * column + row)] += value;
  };
  add(0, 0, s.xx2 + 2 * s.xy1 * Y + s.yy0 * Y * Y);
  add(0, 1, s.xy2 + (s.yy1 - s.xx1) * Y - s.xy0 * Y * Y);
  add(0, 2, s.xx1 + s.xy0 * Y);
  add(0, 3, s.xy1 + s.yy0 * Y);
  add(1, 1, s.yy2 - 2 * s.xy1 * Y + s.xx0 * Y * Y);
  add(1, 2, s.xy1 - s.xx0 * Y);
  add(1, 3, s.yy1 - s.xy0 * Y);
  add(2, 2, s.xx0);
  add(2, 3, s.xy0);
  add(3, 3, s.yy0);
  to.gradient[0] += s.push_x1 + s.push_y0 * Y;
  to.gradient[1] += s.push_y1 - s.push_x0 * Y;
  to.gradient[2] += s.push_x0;
  to.gradient[3] += s.push_y0;
}

}  // namespace

NormalEquations compare(const Blurs& ours, const Blurs& theirs, const Affine& matrix, double radius, ImageF32 agreement,
                        ImageF32 strength) {
  const int width = ours[0].width, height = ours[0].height;
  const Grid grid{width / kCompareCell, height / kCompareCell};
  std::vector<Span> spans;
  for (int y = 0; y < height; ++y) spans.push_back(overlap_row(matrix, y, width, height));

  std::array<std::vector<float>, kBlurs> warped, kept;
  Blurs seen, shown;
  std::array<Plane, kBlurs> aa, bb;
  for (std::size_t k = 0; k < kBlurs; ++k) {
    warped[k].resize(ours[k].size());
    resample(theirs[k], matrix, Filter::bicubic, Border::mirror, {warped[k].data(), width, height, 1});
    seen[k] = {warped[k].data(), width, height, 1};
    // One factor of 0 leaves a product out.
    kept[k] = masked(ours[k], spans);
    shown[k] = {kept[k].data(), width, height, 1};
    aa[k] = windowed(products(shown[k], ours[k], grid), grid);
    const std::vector<float> theirs_kept = masked(seen[k], spans);
    bb[k] = windowed(products({theirs_kept.data(), width, height, 1}, seen[k], grid), grid);
  }
  std::array<Plane, kMatches.size()> ab;
  for (std::size_t m = 0; m < kMatches.size(); ++m) {
    ab[m] = windowed(products(shown[kMatches[m].ours], seen[kMatches[m].theirs], grid), grid);
  }
  const Choice choice = choose(aa, bb, ab, agreement.data, strength.data);

  NormalEquations equations;
  for (int y = 0; y < height; ++y) {
    const Span span = spans[static_cast<std::size_t>(y)];
    if (span.last < span.first) continue;
    const std::size_t at = grid.at(y / kCompareCell);
    const RowSums sums =
        sum_row(ours, seen, y, span, choice.match.data() + at, choice.weight.data() + at, radius);
    add_row_sums(sums, (y + 0.5 - 0.5 * height) / radius, equations);
  }
  return equations;
}

}  // namespace autofocus
