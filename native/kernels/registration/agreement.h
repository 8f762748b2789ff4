// What two frames of one scene have in common, with the difference in defocus made up for.
#pragma once

#include <vector>

#include "kernels/registration/overlap.h"
#include "kernels/registration/warp_rows.h"

namespace autofocus {

// The side of a cell, px: two frames agree by one value each.
constexpr int kCell = 2;

// How two frames agree around each place of a row; the share is that of the variance they have in common, the square of
// their correlation, 0..1, for the pair of blurs for which it is largest.
struct AgreementRow {
  explicit AgreementRow(int count);

  std::vector<float> ours, theirs;  // which blurs these are, as whole numbers
  std::vector<float> share;         // 0 where they correlate negatively or one frame ends
  std::vector<float> product;       // geometric mean of the variances of the two blurs
};

// Goes down both frames once, a row of cells at a time. Only as many rows as are looked at together are kept: they stay
// in the cache.
class Agreement {
 public:
  // `matrix` takes a pixel of `ours` to one of `theirs`; all pictures have one size, of which an odd last row or column
  // is left out. What is handed in must stay.
  Agreement(const Blurs& ours, const Blurs& theirs, const Affine& matrix);

  int rows() const { return rows_; }
  int columns() const { return columns_; }

  // Goes on to the next row of cells, the first at first.
  void next();

  // Of every cell of the row.
  const AgreementRow& cells() const { return cells_; }
  // Geometric mean of the variances of both frames around every cell, not blurred.
  const std::vector<float>& strength() const { return strength_; }

  // The rows of both frames from above the current row of cells to below it, theirs under the map.
  Rows our_rows(int y) const;
  Rows seen_rows(int y);

  // Of all that both frames show of the rows up to kReach beyond the current one: all, at the last. Not blurred, -1..1.
  double correlation() const;

 private:
  void multiply(int row);
  void multiply_each(const Rows& ours, const Rows& theirs, Span span, int row);
  void judge(int row);
  float* seen(int y, std::size_t blur);
  float* products(int row, std::size_t product);

  const Blurs& ours_;
  const Blurs& theirs_;
  const Affine& matrix_;
  int width_, height_;
  int columns_, rows_;
  int multiplied_ = 0, judged_ = 0;
  std::vector<float> seen_, products_, pairs_, totals_, nothing_, padded_, sums_, scale_, strength_;
  AgreementRow cells_;
};

}  // namespace autofocus
