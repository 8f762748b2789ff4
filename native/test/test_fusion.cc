// Fusion of stacks.
#include "kernels/fusion/cells.h"
#include "kernels/fusion/focus_energy.h"
#include "kernels/fusion/stack_blend.h"
#include "kernels/median_filter.h"
#include "test/check.h"

namespace autofocus::test {
namespace {

template <typename T>
void fused(int width, int height, int channels) {
  const int columns = cell_count(width), rows = cell_count(height);
  StackBlend blend(width, height, channels);
  for (int frame = 0; frame < 4; ++frame) {
    const Picture<T> in = noise<T>(width, height, channels);
    Picture<float> energy(columns, rows, 1);
    focus_energy(in.view(), 0.1f, energy.view());
    const int x = below(width), y = below(height);
    const Picture<float>& fixed = energy;
    blend.add(in.view(), fixed.view(), {x, y, 1 + below(width - x), 1 + below(height - y)},
              frame % 2 == 0 ? End::last : End::first);
  }
  Picture<float> picture(width, height, channels);
  Picture<std::uint8_t> bytes(width, height, channels);
  Picture<std::uint16_t> words(width, height, channels);
  blend.blend(picture.view());
  blend.blend(bytes.view());
  blend.blend(words.view());
  for (const float value : picture.values()) check(std::isfinite(value), "a finite picture of " + picture.size());
  Picture<std::uint16_t> index(columns, rows, 1);
  Picture<float> place(columns, rows, 1), confidence(columns, rows, 1);
  blend.peaks().read(index.view(), place.view(), confidence.view());
  for (const float value : place.values()) check(value >= 0.0f && value <= 3.0f, "a place within the stack");
}

}  // namespace

void test_fusion() {
  for (const auto& [width, height] : kSizes) {
    for (const int channels : {1, 3}) {
      fused<std::uint8_t>(width, height, channels);
      fused<std::uint16_t>(width, height, channels);
    }
    const Picture<std::uint16_t> in = noise<std::uint16_t>(width, height, 1);
    Picture<std::uint16_t> out(width, height, 1);
    for (const int radius : {0, 1, 4, 300}) median_filter(in.view(), radius, out.view());
  }
}

}  // namespace autofocus::test
