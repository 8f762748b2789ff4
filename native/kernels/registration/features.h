// What two frames of one scene have in common although they are focused and exposed differently: a band of middle
// frequencies, its contrast made even over the picture. The band leaves out brightness (low) and noise (high); a frame
// reduced further shows a band that a stronger defocus leaves alone, which is why alignment goes from coarse to fine
// and trusts each level only as far as the frames agree on it.
#pragma once

#include <array>
#include <vector>

#include "kernels/image_view.h"
#include "kernels/registration/warp_rows.h"

namespace autofocus {

// One level of a frame.
struct LevelSize {
  int reduction;  // frame pixels per pixel of the level, a power of two
  int width;
  int height;
};

// The band, about -3..3, then the same blurred more and more, as if out of focus: pictures of one channel.
using BlursOut = std::array<ImageF32, kBlurs>;

// The levels with a longest side of at most `finest` px, until one has at most `coarsest`; the coarsest first.
std::vector<LevelSize> level_sizes(int width, int height, int finest, int coarsest);

// Fills the pictures of the levels, which have the sizes told. Colour counts by its luma. Returns the mean square of
// each band before its contrast is made even, in the range of the values; not finite where values of the frame are not.
template <typename T>
std::vector<double> feature_levels(ImageView<const T> frame, const std::vector<LevelSize>& sizes,
                                   const std::vector<BlursOut>& out);

}  // namespace autofocus
