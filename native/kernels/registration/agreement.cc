#include "kernels/registration/agreement.h"

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

// What is summed over every cell: the products of each blur of ours with itself, of theirs with itself, and of the two
// of each match.
constexpr std::size_t kOurs = 0, kTheirs = kBlurs, kBoth = 2 * kBlurs, kProducts = kBoth + kMatches.size();
// Those of the pictures that are not blurred.
constexpr std::array<std::size_t, 3> kCorrelated = {kOurs, kTheirs, kBoth};

// Rows of the moving frame in use: from the one above the cells that are judged to the last one multiplied.
constexpr int kSeen = kCell * (kReach + 1) + 1;

// The pixel rows of one row of cells.
using CellRows = std::array<Rows, kCell>;

// Calls add(product, a, b) for every product, of the pictures of both frames.
template <typename V, typename Add>
AUTOFOCUS_INLINE void each_product(const V (&a)[kBlurs], const V (&b)[kBlurs], Add add) {
  for (std::size_t k = 0; k < kBlurs; ++k) {
    add(kOurs + k, a[k], a[k]);
    add(kTheirs + k, b[k], b[k]);
  }
  for (std::size_t m = 0; m < kMatches.size(); ++m) add(kBoth + m, a[kMatches[m].ours], b[kMatches[m].theirs]);
}

template <typename V>
AUTOFOCUS_INLINE void load_blurs(const Rows& rows, int x, V (&values)[kBlurs]) {
  for (std::size_t k = 0; k < kBlurs; ++k) load(rows[k] + x, values[k]);
}

// The products of pixels first..last of both rows, which is a multiple of kFloat8, each summed over both.
AUTOFOCUS_MULTIVERSION void multiply_rows(const CellRows& ours, const CellRows& theirs, int first, int count,
                                          std::ptrdiff_t stride, float* products) {
  for (int x = 0; x < count; x += kFloat8) {
    Float8 sums[kProducts] = {};
    for (std::size_t row = 0; row < kCell; ++row) {
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

AUTOFOCUS_MULTIVERSION void add_row(const float* row, int count, float* __restrict sum) {
  for (int x = 0; x < count; ++x) sum[x] += row[x];
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
                                   float* __restrict ours, float* __restrict theirs, float* __restrict share,
                                   float* __restrict product, float* __restrict strength) {
  for (int x = 0; x < cells; ++x) {
    // The share is squared / both. Where nothing is common it is 0, and as good as any other.
    float squared = 0.0f, both = 1.0f, our = 0.0f, their = 0.0f;
    for (std::size_t m = 0; m < kMatches.size(); ++m) {
      const float variances = sums[kOurs + kMatches[m].ours][x] * sums[kTheirs + kMatches[m].theirs][x];
      const float common = std::max(0.0f, sums[kBoth + m][x]);
      const bool is_better = variances > 0.0f && common * common * both > squared * variances;
      squared = is_better ? common * common : squared;
      both = is_better ? variances : both;
      our = is_better ? static_cast<float>(kMatches[m].ours) : our;
      their = is_better ? static_cast<float>(kMatches[m].theirs) : their;
    }
    ours[x] = our;
    theirs[x] = their;
    share[x] = squared / both;
    product[x] = std::sqrt(both) * scale[x];
    strength[x] = std::sqrt(sums[kOurs][x] * sums[kTheirs][x]) * scale[x];
  }
}

std::size_t size(int count) { return static_cast<std::size_t>(count); }

}  // namespace

AgreementRow::AgreementRow(int count)
    : ours(size(count)), theirs(size(count)), share(size(count)), product(size(count)) {}

Agreement::Agreement(const Blurs& ours, const Blurs& theirs, const Affine& matrix)
    : ours_(ours),
      theirs_(theirs),
      matrix_(matrix),
      width_(ours[0].width),
      height_(ours[0].height),
      columns_(width_ / kCell),
      rows_(height_ / kCell),
      seen_(size(kSeen * width_) * kBlurs),
      products_(size(kWindow * columns_) * kProducts),
      pairs_(size(width_) * kProducts),
      totals_(size(columns_) * kCorrelated.size(), 0.0f),
      nothing_(size(columns_), 0.0f),
      padded_(size(columns_ + 2 * kReach), 0.0f),
      sums_(size(columns_) * kProducts),
      scale_(size(columns_)),
      strength_(size(columns_)),
      cells_(columns_) {}

void Agreement::next() {
  for (; multiplied_ < std::min(judged_ + kReach + 1, rows_); ++multiplied_) multiply(multiplied_);
  judge(judged_++);
}

float* Agreement::seen(int y, std::size_t blur) {
  return seen_.data() + (size(y % kSeen) * kBlurs + blur) * size(width_);
}

float* Agreement::products(int row, std::size_t product) {
  return products_.data() + (size(row % kWindow) * kProducts + product) * size(columns_);
}

Rows Agreement::our_rows(int y) const { return {ours_[0].row(y), ours_[1].row(y), ours_[2].row(y)}; }

Rows Agreement::seen_rows(int y) { return {seen(y, 0), seen(y, 1), seen(y, 2)}; }

double Agreement::correlation() const {
  std::array<double, kCorrelated.size()> sums{};
  for (std::size_t k = 0; k < sums.size(); ++k) {
    for (std::size_t x = 0; x < size(columns_); ++x) sums[k] += totals_[k * size(columns_) + x];
  }
  const auto [aa, bb, ab] = sums;
  return aa * bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

// Forms the products of one row of cells: eight pixels at a time where both rows have them, one by one at the ends.
void Agreement::multiply(int row) {
  std::fill_n(products(row, 0), static_cast<std::ptrdiff_t>(kProducts) * columns_, 0.0f);
  CellRows ours, theirs;
  std::array<Span, kCell> spans;
  Span shared{0, width_ - 1};
  for (int k = 0; k < kCell; ++k) {
    const int y = kCell * row + k;
    const auto at = static_cast<std::size_t>(k);
    warp_row(theirs_, matrix_, y, {seen(y, 0), seen(y, 1), seen(y, 2)});
    ours[at] = our_rows(y);
    theirs[at] = seen_rows(y);
    spans[at] = overlap_row(matrix_, y, width_, height_);
    shared = {std::max(shared.first, spans[at].first), std::min(shared.last, spans[at].last)};
  }
  const int first = shared.first + shared.first % kCell;
  const int count = std::max(0, (shared.last + 1 - first) / kFloat8 * kFloat8);
  multiply_rows(ours, theirs, first, count, width_, pairs_.data());
  for (std::size_t p = 0; p < kProducts; ++p) {
    add_pairs(pairs_.data() + static_cast<std::ptrdiff_t>(p) * width_, count / kCell,
              products(row, p) + first / kCell);
  }
  for (std::size_t k = 0; k < kCell; ++k) {
    const auto [begin, end] = spans[k];
    multiply_each(ours[k], theirs[k], {begin, std::min(end, first - 1)}, row);
    multiply_each(ours[k], theirs[k], {std::max(begin, first + count), end}, row);
  }
  for (std::size_t k = 0; k < kCorrelated.size(); ++k) {
    add_row(products(row, kCorrelated[k]), columns_, totals_.data() + k * size(columns_));
  }
}

void Agreement::multiply_each(const Rows& ours, const Rows& theirs, Span span, int row) {
  for (int x = span.first; x <= span.last; ++x) {
    float a[kBlurs], b[kBlurs];
    load_blurs(ours, x, a);
    load_blurs(theirs, x, b);
    each_product(a, b, [&](std::size_t p, float left, float right) { products(row, p)[x / kCell] += left * right; });
  }
}

// Finds the best match of every cell of a row, in windows that shrink at the borders.
void Agreement::judge(int row) {
  const int top = std::max(row - kReach, 0), bottom = std::min(row + kReach, rows_ - 1);
  std::array<const float*, kProducts> sums;
  for (std::size_t p = 0; p < kProducts; ++p) {
    std::array<const float*, kWindow> rows;
    rows.fill(nothing_.data());
    for (int other = top; other <= bottom; ++other) rows[size(other - top)] = products(other, p);
    add_rows(rows, columns_, padded_.data() + kReach);
    float* sum = sums_.data() + p * size(columns_);
    window_sums(padded_.data(), columns_, sum);
    sums[p] = sum;
  }
  for (int x = 0; x < columns_; ++x) {
    const int across = std::min(x + kReach, columns_ - 1) - std::max(x - kReach, 0) + 1;
    scale_[size(x)] = 1.0f / static_cast<float>(kCell * kCell * across * (bottom - top + 1));
  }
  choose(sums, scale_.data(), columns_, cells_.ours.data(), cells_.theirs.data(), cells_.share.data(),
         cells_.product.data(), strength_.data());
}

}  // namespace autofocus
