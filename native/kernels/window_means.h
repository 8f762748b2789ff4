// Means over square windows around every pixel, at a cost that does not depend on their size: a running sum down each
// column and prefix sums along each row, in double precision, so that differences of large sums stay accurate.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace autofocus {

// Beyond the borders: the edge pixels go on, or windows shrink to what lies inside.
enum class WindowBorder { replicate, shrink };

// Means of Count interleaved quantities over windows of 2 * radius + 1 px. `load(y, row)` writes the quantities of row y
// (Count * width doubles), `store(y, means)` receives the means of row y in the same order, y counting up from 0.
template <int Count, typename Load, typename Store>
void window_means(int width, int height, int radius, WindowBorder border, Load load, Store store) {
  const std::size_t row_size = static_cast<std::size_t>(width) * Count;
  const int reach = border == WindowBorder::replicate ? radius : 0;
  std::vector<double> row(row_size), columns(row_size, 0.0), means(row_size);
  // Sums of the columns left of x, from column -reach on.
  std::vector<double> prefix((static_cast<std::size_t>(width) + 2 * static_cast<std::size_t>(reach) + 1) * Count, 0.0);
  const auto clamp_row = [&](int y) { return std::clamp(y, 0, height - 1); };
  const auto counts = [&](int y) { return border == WindowBorder::replicate || (y >= 0 && y < height); };
  const auto add = [&](int y, double sign) {
    if (!counts(y)) return;
    load(clamp_row(y), row.data());
    for (std::size_t k = 0; k < row_size; ++k) columns[k] += sign * row[k];
  };

  const int last = border == WindowBorder::shrink ? std::min(radius, height) : radius;
  for (int y = 0; y < last; ++y) add(y, 1.0);
  if (border == WindowBorder::replicate) {
    for (int y = -radius; y < 0; ++y) add(y, 1.0);
  }
  for (int y = 0; y < height; ++y) {
    add(y + radius, 1.0);
    const int rows = border == WindowBorder::replicate
                         ? 2 * radius + 1
                         : std::min(y + radius, height - 1) - std::max(y - radius, 0) + 1;
    double* to = prefix.data() + Count;
    for (int x = -reach; x < width + reach; ++x, to += Count) {
      const double* column = columns.data() + static_cast<std::ptrdiff_t>(std::clamp(x, 0, width - 1)) * Count;
      for (int k = 0; k < Count; ++k) to[k] = to[k - Count] + column[k];
    }
    for (int x = 0; x < width; ++x) {
      const int begin = border == WindowBorder::replicate ? x : std::max(x - radius, 0);
      const int end = border == WindowBorder::replicate ? x + 2 * radius + 1 : std::min(x + radius, width - 1) + 1;
      const double scale = 1.0 / (static_cast<double>(end - begin) * rows);
      const double* low = prefix.data() + static_cast<std::ptrdiff_t>(begin) * Count;
      const double* high = prefix.data() + static_cast<std::ptrdiff_t>(end) * Count;
      double* mean = means.data() + static_cast<std::ptrdiff_t>(x) * Count;
      for (int k = 0; k < Count; ++k) mean[k] = (high[k] - low[k]) * scale;
    }
    store(y, means.data());
    add(y - radius, -1.0);
  }
}

}  // namespace autofocus
