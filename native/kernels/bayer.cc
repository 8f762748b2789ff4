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
  for (int x = 0; x < width; ++x, rgb += 3) {
    const int left = neighbour(x - 1, width);
    const int right = neighbour(x + 1, width);
    const int beside = here[left] + here[right];
    const int over = above[x] + below[x];
    if (x % 2 == own_column) {
      const int corners = above[left] + above[right] + below[left] + below[right];
      rgb[own] = here[x];
      rgb[1] = static_cast<std::uint8_t>((beside + over + 2) / 4);
      rgb[other] = static_cast<std::uint8_t>((corners + 2) / 4);
    } else {
      rgb[own] = static_cast<std::uint8_t>((beside + 1) / 2);
      rgb[1] = here[x];
      rgb[other] = static_cast<std::uint8_t>((over + 1) / 2);
    }
  }
}

}  // namespace autofocus
