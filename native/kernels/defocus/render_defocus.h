// A sharp picture cut into layers by distance, as a lens sees it that blurs each layer by its own disk (paper 1, Eq. 1
// for every layer, composited with occlusion).
//
// From back to front: what a layer shows and what it covers are blurred alike, and the result is laid over what is
// behind. Things in front are seen through at their blurred edges, so each layer is first continued below the nearer
// ones (hidden_fill.h); the farthest is taken as covering everything. Hence the coverage adds up to one everywhere: no
// dark halos, and a picture of one colour stays it.
#pragma once

#include <vector>

#include "kernels/image_view.h"

namespace autofocus {

// Layers there can be.
constexpr std::size_t kMaxLayers = 256;

// `picture` is linear light, 1 or 3 channels; `layers` has the same size and says for each pixel which entry of `radii`
// (px, 0..kMaxDiskRadius) blurs it, 0 being the farthest layer; at most
// kMaxLayers. Borders are mirrored.
void render_defocus(ConstImageF32 picture, ConstImageU8 layers, const std::vector<double>& radii, ImageF32 out);

}  // namespace autofocus
