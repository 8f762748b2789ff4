// Bilinear interpolation of a Bayer mosaic.
#pragma once

#include <cstddef>
#include <cstdint>

namespace autofocus {

// Row y of the picture as red, green, blue: colours that a pixel lacks are the mean of its nearest neighbours that have
// them, rounded. The mosaic is mirrored about its edge pixels, which keeps its pattern. `red_at` is the place of red
// within a 2x2 cell, row * 2 + column; rows are `step` bytes apart.
void demosaic_row(const std::uint8_t* mosaic, std::size_t step, int width, int height, int red_at, int y,
                  std::uint8_t* rgb);

}  // namespace autofocus
