// What may lie behind the things in front: normalised convolution at growing scales, a pull-push pyramid (S. J. Gortler
// et al., The Lumigraph, SIGGRAPH 1996, section 3.4), with weights of 0 and 1.
#pragma once

#include <vector>

#include "kernels/image_view.h"

namespace autofocus {

// Continues one layer of a picture, and how far it covers, below the layers in front of it. Known are the pixels of the
// layer (covered) and of the layers behind it (not covered); what lies nearer hides.
class HiddenFill {
 public:
  // Looks at the part `domain` of the pictures. The pyramid has `levels` >= 1 halvings: a hidden pixel is filled from
  // known ones up to about 2^levels px away and left at zero further off.
  HiddenFill(ConstImageF32 picture, ConstImageU8 layers, int layer, Roi domain, int levels);

  // The values at a hidden pixel, relative to the domain: the colours times the coverage, then the coverage.
  void at(int x, int y, float* values) const { interpolate(levels_.front(), x, y, values); }

 private:
  // One scale: `planes` values and then 1 or 0 (known) a node, interleaved.
  struct Level {
    int width;
    int height;
    std::vector<float> nodes;
  };

  void pull_first(ConstImageF32 picture, ConstImageU8 layers, int layer, Roi domain);
  void pull();
  void push(Level& fine, const Level& coarse) const;
  Level new_level(int fine_width, int fine_height) const;
  const float* node(const Level& level, int x, int y) const {
    return level.nodes.data() + (static_cast<std::ptrdiff_t>(y) * level.width + x) * (planes_ + 1);
  }
  // Bilinear values of a level at a pixel of the next finer one.
  void interpolate(const Level& level, int x, int y, float* values) const;

  int planes_;
  std::vector<Level> levels_;
};

}  // namespace autofocus
