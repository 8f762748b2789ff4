#include "kernels/defocus/render_defocus.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "kernels/defocus/hidden_fill.h"
#include "kernels/disk_blur.h"

namespace autofocus {
namespace {

// Where the pixels of a layer lie: columns [left, right), rows [top, bottom).
struct Bounds {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  bool empty() const { return left >= right; }
};

std::vector<Bounds> layer_bounds(ConstImageU8 layers) {
  std::vector<Bounds> bounds(kMaxLayers);
  for (int y = 0; y < layers.height; ++y) {
    const std::uint8_t* row = layers.row(y);
    for (int x = 0; x < layers.width;) {
      const std::uint8_t layer = row[x];
      const int begin = x;
      while (x < layers.width && row[x] == layer) ++x;
      Bounds& box = bounds[layer];
      if (box.empty()) {
        box = {begin, y, x, y + 1};
      } else {
        box = {std::min(box.left, begin), box.top, std::max(box.right, x), y + 1};
      }
    }
  }
  return bounds;
}

Roi widened(const Bounds& box, int margin, int width, int height) {
  const int left = std::max(box.left - margin, 0), top = std::max(box.top - margin, 0);
  const int right = std::min(box.right + margin, width), bottom = std::min(box.bottom + margin, height);
  return {left, top, right - left, bottom - top};
}

bool contains(const Roi& roi, int x, int y) {
  return x >= roi.x && x < roi.x + roi.width && y >= roi.y && y < roi.y + roi.height;
}

// Makes `patch` a layer with its continuation below nearer ones: colours times coverage, then coverage, interleaved;
// zero outside `filled`.
void cut_out(ConstImageF32 picture, ConstImageU8 layers, int layer, Roi domain, Roi filled, int levels,
             std::vector<float>& patch) {
  const int channels = picture.channels;
  patch.assign(static_cast<std::size_t>(domain.width) * static_cast<std::size_t>(domain.height) *
                   static_cast<std::size_t>(channels + 1),
               0.0f);
  std::optional<HiddenFill> hidden;
  float* to = patch.data();
  for (int y = domain.y; y < domain.y + domain.height; ++y) {
    const std::uint8_t* index = layers.row(y);
    const float* colour = picture.row(y) + static_cast<std::ptrdiff_t>(domain.x) * channels;
    for (int x = domain.x; x < domain.x + domain.width; ++x, to += channels + 1, colour += channels) {
      if (index[x] == layer) {
        std::copy_n(colour, channels, to);
        to[channels] = 1.0f;
      } else if (index[x] > layer && contains(filled, x, y)) {
        if (!hidden) hidden.emplace(picture, layers, layer, domain, levels);
        hidden->at(x - domain.x, y - domain.y, to);
      }
    }
  }
}

// Lays a blurred layer over what is behind it.
void composite(const std::vector<float>& blurred, Roi domain, ImageF32 out) {
  const int channels = out.channels;
  const float* from = blurred.data();
  for (int y = domain.y; y < domain.y + domain.height; ++y) {
    float* to = out.row(y) + static_cast<std::ptrdiff_t>(domain.x) * channels;
    for (int x = 0; x < domain.width; ++x, from += channels + 1, to += channels) {
      const float through = 1.0f - std::min(from[channels], 1.0f);
      for (int k = 0; k < channels; ++k) to[k] = to[k] * through + from[k];
    }
  }
}

int halvings_to_reach(int distance) {
  int levels = 2;
  while ((1 << levels) < 2 * distance) ++levels;
  return levels;
}

}  // namespace

void render_defocus(ConstImageF32 picture, ConstImageU8 layers, const std::vector<double>& radii, ImageF32 out) {
  std::fill_n(out.data, out.size(), 0.0f);
  const std::vector<Bounds> bounds = layer_bounds(layers);
  std::vector<float> patch, blurred;
  bool farthest = true;
  for (int layer = 0; layer < static_cast<int>(radii.size()); ++layer) {
    const Bounds& box = bounds[static_cast<std::size_t>(layer)];
    if (box.empty()) continue;
    double nearer = 0.0;
    for (std::size_t other = static_cast<std::size_t>(layer) + 1; other < radii.size(); ++other) {
      if (!bounds[other].empty()) nearer = std::max(nearer, radii[other]);
    }
    // The depth below nearer layers that can be seen through their blurred edges, and the spread of this layer.
    const double radius = radii[static_cast<std::size_t>(layer)];
    const int spread = DiskKernel(radius).reach() + 1;
    const int depth = static_cast<int>(std::ceil(nearer)) + spread;
    const Roi whole{0, 0, out.width, out.height};
    const Roi filled = farthest ? whole : widened(box, depth, out.width, out.height);
    const Roi domain = farthest ? whole : widened(box, depth + spread, out.width, out.height);
    const int levels = halvings_to_reach(farthest ? std::max(out.width, out.height) : depth);

    cut_out(picture, layers, layer, domain, filled, levels, patch);
    const ConstImageF32 view{patch.data(), domain.width, domain.height, picture.channels + 1};
    blurred.resize(patch.size());
    disk_blur(view, {0, 0, domain.width, domain.height}, radius,
              {blurred.data(), domain.width, domain.height, picture.channels + 1});
    composite(blurred, domain, out);
    farthest = false;
  }
}

}  // namespace autofocus
