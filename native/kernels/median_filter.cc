#include "kernels/median_filter.h"

#include <algorithm>
#include <vector>

namespace autofocus {
namespace {

// The values of a window, and the one in the middle of them.
class Window {
 public:
  explicit Window(std::uint16_t largest) : counts_(static_cast<std::size_t>(largest) + 1, 0) {}

  void clear() {
    std::fill(counts_.begin(), counts_.end(), 0);
    size_ = below_ = middle_ = 0;
  }
  void change(std::uint16_t value, int by) {
    counts_[value] += by;
    size_ += by;
    if (value < middle_) below_ += by;
  }
  // The value with at most half of the window below it, and more than half with itself.
  std::uint16_t median() {
    const int half = size_ / 2;
    while (below_ > half) below_ -= counts_[static_cast<std::size_t>(--middle_)];
    while (below_ + counts_[static_cast<std::size_t>(middle_)] <= half) {
      below_ += counts_[static_cast<std::size_t>(middle_++)];
    }
    return static_cast<std::uint16_t>(middle_);
  }

 private:
  std::vector<int> counts_;
  int size_ = 0;
  int below_ = 0;  // how many values are less than middle_
  int middle_ = 0;
};

}  // namespace

void median_filter(ConstImageU16 in, int radius, ImageU16 out) {
  Window window(*std::max_element(in.data, in.data + in.size()));
  for (int y = 0; y < in.height; ++y) {
    const int top = std::max(y - radius, 0), bottom = std::min(y + radius, in.height - 1);
    const auto change_column = [&](int x, int by) {
      if (x < 0 || x >= in.width) return;
      for (int row = top; row <= bottom; ++row) window.change(in.row(row)[x], by);
    };
    window.clear();
    for (int x = 0; x < std::min(radius, in.width); ++x) change_column(x, 1);
    for (int x = 0; x < in.width; ++x) {
      change_column(x + radius, 1);
      out.row(y)[x] = window.median();
      change_column(x - radius, -1);
    }
  }
}

}  // namespace autofocus
