#include "kernels/registration/compare.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/multiversion.h"
#include "kernels/vector8.h"

namespace autofocus {
namespace {

// The differences in defocus that are made up for: which blur of ours is held against which of theirs.
struct Match {
  std::size_t ours;
  std::size_t theirs;
};
constexpr std::array<Match, 5> kMatches = {{{0, 0}, {1, 0}, {2, 0}, {0, 1}, {0, 2}}};
// Half the side of the window in which agreement is judged, and the side, cells.
constexpr int kReach = 3;
constexpr int kWindow = 2 * kReach + 1;
// Least share of the variance that two pictures are taken to differ by.
constexpr float kLeastUnshared = 0.05f;

// What is summed over every cell: the products of each blur of ours with itself, of theirs, and of those that are matched.
constexpr std::size_t kOurs = 0, kTheirs = kBlurs, kBoth = 2 * kBlurs, kProducts = kBoth + kMatches.size();

// The pixel rows of one row of cells.
using CellRows = std::array<Rows, kCompareCell>;

// Calls add(product, a, b) for every product, of the pictures of both frames.
template <typename V, typename Add>
inline __attribute__((always_inline)) void each_product(const V (&a)[kBlurs], const V (&b)[kBlurs], Add add) {
  for (std::size_t k = 0; k < kBlurs; ++k) {
    add(kOurs + k, a[k], a[k]);
    add(kTheirs + k, b[k], b[k]);
  }
  for (std::size_t m = 0; m < kMatches.size(); ++m) add(kBoth + m, a[kMatches[m].ours], b[kMatches[m].theirs]);
}

template <typename V>
inline __attribute__((always_inline)) void load_blurs(const Rows& rows, int x, V (&values)[kBlurs]) {
  for (std::size_t k = 0; k < kBlurs; ++k) load(rows[k] + x, values[k]);
}

// The products of pixels first..last of both rows, which is a multiple of kFloat8, each summed over both.
AUTOFOCUS_MULTIVERSION void multiply_rows(const CellRows& ours, const CellRows& theirs, int first, int count,
                                          std::ptrdiff_t stride, float* products) {
  for (int x = 0; x < count; x += kFloat8) {
    Float8 sums[kProducts] = {};
    for (std::size_t row = 0; row < kCompareCell; ++row) {
      Float8 a[kBlurs], b[kBlurs];
      load_blurs(ours[row], first + x, a);
      load_blurs(theirs[row], first + x, b);
      each_product(a, b, [&](std::size_t p, const Float8& left, const Float8& right) { sums[p] += left * right; });
    }
    for (std::size_t p = 0; p < kProducts; ++p) store(sums[p], products + static_cast<std::ptrdiff_t>(p) * stride + x);
  }
}

// Sums of neighbours.
AUTOFOCUS_MULTIVERSION void add_pairs(const float* pixels, int count, float* __restrict cells) {
  for (int x = 0; x < count; ++x) cells[x] += pixels[2 * x] + pixels[2 * x + 1];
}

// The sum of kWindow rows.
AUTOFOCUS_MULTIVERSION void add_rows(const std::array<const float*, kWindow>& rows, int count, float* __restrict sum) {
  for (int x = 0; x < count; ++x) {
    float all = rows[0][x];
    for (std::size_t k = 1; k < kWindow; ++k) all += rows[k][x];
    sum[x] = all;
  }
}

// The sums of the kWindow values from in[x] on.
AUTOFOCUS_MULTIVERSION void window_sums(const float* in, int count, float* out) {
  for (int x = 0; x < count; ++x) {
    float sum = in[x];
    for (int k = 1; k < kWindow; ++k) sum += in[x + k];
    out[x] = sum;
  }
}

// `sums[p]`: product p around each cell; `scale`: one over the pixels these are sums over.
AUTOFOCUS_MULTIVERSION void choose(const std::array<const float*, kProducts>& sums, const float* scale, int cells,
                                   float* __restrict ours, float* __restrict theirs, float* __restrict weight,
                                   float* __restrict agreement, float* __restrict strength) {
  for (int x = 0; x < cells; ++x) {
    float common = 0.0f, both = 1.0f, our = 0.0f, their = 0.0f;
    for (std::size_t m = 0; m < kMatches.size(); ++m) {
      const float product = sums[kOurs + kMatches[m].ours][x] * sums[kTheirs + kMatches[m].theirs][x];
      // The correlation where it is positive, and its square times the product.
      const float shared = std::max(0.0f, sums[kBoth + m][x]);
      const float squared = product > 0.0f ? shared * shared : 0.0f;
      const bool is_better = squared * both > common * product;
      common = is_better ? squared : common;
      both = is_better ? product : both;
      our = is_better ? static_cast<float>(kMatches[m].ours) : our;
      their = is_better ? static_cast<float>(kMatches[m].theirs) : their;
    }
    const float share = common / both;
    ours[x] = our;
    theirs[x] = their;
    weight[x] = share / (std::max(kLeastUnshared, 1.0f - share) * std::sqrt(both) * scale[x]);
    agreement[x] = std::sqrt(std::min(1.0f, share));
    strength[x] = std::sqrt(sums[kOurs][x] * sums[kTheirs][x]) * scale[x];
  }
}

AUTOFOCUS_MULTIVERSION void spread(const float* cells, int count, float* pixels) {
  for (int x = 0; x < count; ++x) pixels[2 * x] = pixels[2 * x + 1] = cells[x];
}

// Goes down both pictures once. Only as many rows as are looked at together are kept: they stay in the cache.
class Comparer {
 public:
  Comparer(const Blurs& ours, const Blurs& theirs, const Affine& matrix, double radius)
      : ours_(ours),
        theirs_(theirs),
        matrix_(matrix),
        radius_(radius),
        width_(ours[0].width),
        height_(ours[0].height),
        columns_(width_ / kCompareCell),
        rows_(height_ / kCompareCell),
        seen_(Choice::size(kSeen * static_cast<int>(kBlurs) * width_)),
        products_(Choice::size(kWindow * static_cast<int>(kProducts) * columns_)),
        pairs_(Choice::size(static_cast<int>(kProducts) * width_)),
        nothing_(Choice::size(columns_), 0.0f),
        padded_(Choice::size(columns_ + 2 * kReach), 0.0f),
        sums_(Choice::size(static_cast<int>(kProducts) * columns_)),
        scale_(Choice::size(columns_)),
        cells_(columns_),
        pixels_(width_) {}

  NormalEquations run(ImageF32 agreement, ImageF32 strength) {
    NormalEquations equations;
    for (int row = 0; row < rows_ + kReach; ++row) {
      if (row < rows_) multiply(row);
      const int judged = row - kReach;
      if (judged < 0) continue;
      judge(judged, agreement.row(judged), strength.row(judged));
      for (int y = kCompareCell * judged; y < kCompareCell * (judged + 1); ++y) pull(y, equations);
    }
    return equations;
  }

 private:
  // Rows of the moving frame in use: from the one above the judged cells to the latest.
  static constexpr int kSeen = kCompareCell * (kReach + 1) + 1;

  float* seen(int y, std::size_t blur) {
    return seen_.data() + (y % kSeen * static_cast<std::ptrdiff_t>(kBlurs) + static_cast<std::ptrdiff_t>(blur)) * width_;
  }
  float* products(int row, std::size_t product) {
    const std::ptrdiff_t at = row % kWindow * static_cast<std::ptrdiff_t>(kProducts) + static_cast<std::ptrdiff_t>(product);
    return products_.data() + at * columns_;
  }
  Rows seen_rows(int y) { return {seen(y, 0), seen(y, 1), seen(y, 2)}; }
  Rows our_rows(int y) const { return {ours_[0].row(y), ours_[1].row(y), ours_[2].row(y)}; }

  // Forms the products of one row of cells: eight pixels at a time where both rows have them, one by one at the ends.
  void multiply(int row) {
    std::fill_n(products(row, 0), static_cast<std::ptrdiff_t>(kProducts) * columns_, 0.0f);
    CellRows ours, theirs;
    std::array<Span, kCompareCell> spans;
    Span shared{0, width_ - 1};
    for (int k = 0; k < kCompareCell; ++k) {
      const int y = kCompareCell * row + k;
      const auto at = static_cast<std::size_t>(k);
      warp_row(theirs_, matrix_, y, {seen(y, 0), seen(y, 1), seen(y, 2)});
      ours[at] = our_rows(y);
      theirs[at] = seen_rows(y);
      spans[at] = overlap_row(matrix_, y, width_, height_);
      shared = {std::max(shared.first, spans[at].first), std::min(shared.last, spans[at].last)};
    }
    const int first = shared.first + shared.first % kCompareCell;
    const int count = std::max(0, (shared.last + 1 - first) / kFloat8 * kFloat8);
    multiply_rows(ours, theirs, first, count, width_, pairs_.data());
    for (std::size_t p = 0; p < kProducts; ++p) {
      add_pairs(pairs_.data() + static_cast<std::ptrdiff_t>(p) * width_, count / kCompareCell,
                products(row, p) + first / kCompareCell);
    }
    for (std::size_t k = 0; k < kCompareCell; ++k) {
      const auto [begin, end] = spans[k];
      multiply_each(ours[k], theirs[k], {begin, std::min(end, first - 1)}, row);
      multiply_each(ours[k], theirs[k], {std::max(begin, first + count), end}, row);
    }
  }

  void multiply_each(const Rows& ours, const Rows& theirs, Span span, int row) {
    for (int x = span.first; x <= span.last; ++x) {
      float a[kBlurs], b[kBlurs];
      load_blurs(ours, x, a);
      load_blurs(theirs, x, b);
      each_product(a, b, [&](std::size_t p, float left, float right) { products(row, p)[x / kCompareCell] += left * right; });
    }
  }

  // Finds the best match of every cell of a row, in windows that shrink at the borders.
  void judge(int row, float* agreement, float* strength) {
    const int top = std::max(row - kReach, 0), bottom = std::min(row + kReach, rows_ - 1);
    std::array<const float*, kProducts> sums;
    for (std::size_t p = 0; p < kProducts; ++p) {
      std::array<const float*, kWindow> rows;
      rows.fill(nothing_.data());
      for (int other = top; other <= bottom; ++other) rows[static_cast<std::size_t>(other - top)] = products(other, p);
      add_rows(rows, columns_, padded_.data() + kReach);
      float* sum = sums_.data() + static_cast<std::ptrdiff_t>(p) * columns_;
      window_sums(padded_.data(), columns_, sum);
      sums[p] = sum;
    }
    for (int x = 0; x < columns_; ++x) {
      const int across = std::min(x + kReach, columns_ - 1) - std::max(x - kReach, 0) + 1;
      const int pixels = kCompareCell * kCompareCell * across * (bottom - top + 1);
      scale_[static_cast<std::size_t>(x)] = 1.0f / static_cast<float>(pixels);
    }
    choose(sums, scale_.data(), columns_, cells_.ours.data(), cells_.theirs.data(), cells_.weight.data(), agreement,
           strength);
    spread(cells_.ours.data(), columns_, pixels_.ours.data());
    spread(cells_.theirs.data(), columns_, pixels_.theirs.data());
    spread(cells_.weight.data(), columns_, pixels_.weight.data());
  }

  // Adds what one row of pixels says about the map.
  void pull(int y, NormalEquations& to) {
    const Span span = overlap_row(matrix_, y, width_, height_);
    if (span.last < span.first) return;
    const float step = static_cast<float>(1.0 / radius_);
    const RowPlace place{step * (0.5f - 0.5f * static_cast<float>(width_)), step, (y + 0.5 - 0.5 * height_) / radius_};
    sum_row({our_rows(y - 1), our_rows(y), our_rows(y + 1)}, {seen_rows(y - 1), seen_rows(y), seen_rows(y + 1)}, pixels_,
            span, place, to);
  }

  const Blurs& ours_;
  const Blurs& theirs_;
  const Affine& matrix_;
  double radius_;
  int width_, height_;
  int columns_, rows_;
  std::vector<float> seen_, products_, pairs_, nothing_, padded_, sums_, scale_;
  Choice cells_, pixels_;
};

}  // namespace

NormalEquations compare(const Blurs& ours, const Blurs& theirs, const Affine& matrix, double radius, ImageF32 agreement,
                        ImageF32 strength) {
  return Comparer(ours, theirs, matrix, radius).run(agreement, strength);
}

}  // namespace autofocus
