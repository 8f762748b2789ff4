#include "kernels/bayer.h"

namespace autofocus {
namespace {

// The index next to an edge, mirrored about the edge pixel; a side of one pixel mirrors onto itself.
int neighbour(int i, int n) {
  if (n == 1) return 0;
  return i < 0 ? 1 : i >= n ? n - 2 : i;
}

}  // namespace

void demosaic_row(const std::uint8_t* mosaic, std::size_t step, int width, int height, int red_at, int y,
                  std::uint8_t* rgb) {
  const auto row = [&](int i) { return mosaic + static_cast<std::size_t>(neighbour(i, height)) * step; };
  const std::uint8_t* above = row(y - 1);
  const std::uint8_t* here = row(y);
  const std::uint8_t* below = row(y + 1);
  const bool red_row = y % 2 == red_at / 2;
  // The colour that shares this row with green, and the one of the rows next to it.
  const int own = red_row ? 0 : 2;
  const int other = 2 - own;
  const int own_column = red_row ? red_at % 2 : 1 - red_at % 2;
  const auto own_pixel = [&](int left, int x, int right) {
    std::uint8_t* to = rgb + 3 * static_cast<std::ptrdiff_t>(x);
    const int sides = here[left] + here[right] + above[x] + below[x];
    const int corners = above[left] + above[right] + below[left] + below[right];
    to[own] = here[x];
    to[1] = static_cast<std::uint8_t>((sides + 2) / 4);
    to[other] = static_cast<std::uint8_t>((corners + 2) / 4);
  };
  const auto green_pixel = [&](int left, int x, int right) {
    std::uint8_t* to = rgb + 3 * static_cast<std::ptrdiff_t>(x);
    to[own] = static_cast<std::uint8_t>((here[left] + here[right] + 1) / 2);
    to[1] = here[x];
    to[other] = static_cast<std::uint8_t>((above[x] + below[x] + 1) / 2);
  };
  const auto pixel = [&](int x) {
    const int left = neighbour(x - 1, width), right = neighbour(x + 1, width);
    if (x % 2 == own_column) {
      own_pixel(left, x, right);
    } else {
      green_pixel(left, x, right);
    }
  };
  // Inside, pairs of pixels without a look at the edges.
  int x = 0;
  for (; x < width && (x == 0 || x % 2 != own_column); ++x) pixel(x);
  for (; x + 2 < width; x += 2) {
    own_pixel(x - 1, x, x + 1);
    green_pixel(x, x + 1, x + 2);
  }
  for (; x < width; ++x) pixel(x);
}

}  // namespace autofocus
