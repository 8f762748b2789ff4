// Motion, varying blur and mixing.
#include "kernels/video/blend.h"
#include "kernels/video/carried_flow.h"
#include "kernels/video/cell_means.h"
#include "kernels/video/dense_flow.h"
#include "kernels/video/equal_blur.h"
#include "kernels/video/fusion_features.h"
#include "kernels/video/mismatch.h"
#include "kernels/video/small_picture.h"
#include "kernels/video/warp.h"
#include "test/check.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace autofocus::test {
namespace {

// Values of 0..1.
Picture<float> shares(int width, int height) {
  Picture<float> picture = noise<float>(width, height, 1);
  for (float& value : picture.values()) value *= 0x1p-32f;
  return picture;
}

Picture<float> constant(int width, int height, float value) {
  Picture<float> picture(width, height, 1);
  for (float& each : picture.values()) each = value;
  return picture;
}

void moved(int width, int height) {
  const Picture<std::uint8_t> bytes = noise<std::uint8_t>(width, height, 3);
  const Picture<float> still = constant(1, 1, 0.0f), wild = noise<float>(5, 3, 1), lost = constant(2, 2, NAN);
  Picture<std::uint8_t> out(width, height, 3);
  warp_u8(bytes.view(), still.view(), still.view(), 1.0f, out.view());
  check(out.values() == bytes.values(), "no motion changes nothing");
  const Picture<float> far = constant(2, 3, 1e9f);
  warp_u8(bytes.view(), far.view(), wild.view(), 3.0f, out.view());
  warp_u8(bytes.view(), lost.view(), wild.view(), 3.0f, out.view());
  const Picture<float> map = shares(width, height);
  Picture<float> same(width, height, 1);
  warp_f32(map.view(), still.view(), still.view(), 1.0f, same.view());
  check_close(map.values(), same.values(), 0.0, "no motion of a map");
  warp_f32(map.view(), far.view(), lost.view(), 1.0f, same.view());
  const Picture<std::uint8_t>& other = out;
  Picture<std::uint8_t> mixed(width, height, 3);
  const Picture<float> all = constant(3, 2, 1.0f);
  blend_u8(bytes.view(), other.view(), all.view(), mixed.view());
  check(mixed.values() == bytes.values(), "a weight of one is the first picture");
  blend_u8(bytes.view(), other.view(), lost.view(), mixed.view());
  check(mixed.values() == out.values(), "what is no weight is the second picture");
  blend_f32(map.view(), map.view(), lost.view(), same.view());
  check_close(map.values(), same.values(), 0.0, "a picture mixed with itself");
}

void in_cells(int width, int height) {
  const Picture<std::uint8_t> bytes = noise<std::uint8_t>(width, height, 1);
  Picture<float> floats(width, height, 1);
  for (std::size_t k = 0; k < bytes.values().size(); ++k) {
    floats.values()[k] = static_cast<float>(bytes.values()[k]) / 255.0f;
  }
  const Picture<float>& fixed = floats;
  for (const int cell : {1, 3, 64}) {
    Picture<float> a(cell_count(width, cell), cell_count(height, cell), 1), b(a.view().width, a.view().height, 1);
    cell_means(bytes.view(), cell, a.view());
    cell_means(fixed.view(), cell, b.view());
    check_close(a.values(), b.values(), 1e-5, "means of bytes and of floats");
    detail_energy(bytes.view(), cell, a.view());
    detail_energy(fixed.view(), cell, b.view());
    check_close(a.values(), b.values(), 1e-5, "detail of bytes and of floats");
  }
}

void made_small(int width, int height) {
  for (const int channels : {1, 3}) {
    const Picture<std::uint8_t> bytes = noise<std::uint8_t>(width, height, channels);
    for (const int small : {1, 3, 64}) {
      const int columns = cell_count(width, small), rows = cell_count(height, small);
      Picture<float> luma(columns, rows, 1);
      Picture<float> cells(flow_side(columns), flow_side(rows), 1), fine = cells, coarse = cells;
      small_picture(bytes.view(), small, {luma.view(), cells.view(), fine.view(), coarse.view()});
      check(luma.values().back() >= 0.0f && luma.values().back() <= 1.0f, "luma lies within 0..1");
      check(coarse.values().back() >= 0.0f && fine.values().front() >= 0.0f, "detail is not negative");
    }
  }
}

void alike(int width, int height) {
  const Picture<float> in = shares(width, height), none = constant(blur_side(width), blur_side(height), 0.0f);
  Picture<float> from(width, height, 1), to(width, height, 1), radius(blur_side(width), blur_side(height), 1);
  equal_blur(in.view(), in.view(), 8.0f, from.view(), to.view(), radius.view());
  check_close(in.values(), from.values(), 1e-3, "a picture is like itself");
  check_close(none.values(), radius.values(), 0.0, "nothing is blurred");
  const Picture<float> gray = constant(width, height, 0.5f), lost = constant(width, height, NAN);
  for (const float most : {0.0f, 1.0f, 48.0f}) {
    equal_blur(in.view(), gray.view(), most, from.view(), to.view(), radius.view());
    equal_blur(lost.view(), in.view(), most, from.view(), to.view(), radius.view());
  }
}

void flowing(int width, int height) {
  const Picture<float> from = shares(width, height);
  Picture<float> broken = shares(width, height);
  broken.values()[broken.values().size() / 2] = NAN;
  const int columns = flow_side(width), rows = flow_side(height);
  Picture<float> dx(columns, rows, 1), dy(columns, rows, 1), certainty(columns, rows, 1);
  const Flow flow{dx.view(), dy.view(), certainty.view()};
  const Picture<float> none = constant(columns, rows, 0.0f), lost = constant(2, 3, NAN), wild = constant(1, 1, 1e9f);
  dense_flow(from.view(), from.view(), none.view(), {none.view(), none.view(), none.view()}, flow);
  check_close(none.values(), dx.values(), 1e-6, "a picture does not move against itself");
  const Picture<float>& odd = broken;
  for (const Picture<float>& map : {lost, wild}) {
    dense_flow(from.view(), odd.view(), map.view(), {none.view(), map.view(), none.view()}, flow);
    dense_flow(odd.view(), from.view(), none.view(), {map.view(), none.view(), map.view()}, flow);
  }
}

void carried_and_compared(int width, int height) {
  const Picture<float> from = shares(width, height), wild = noise<float>(width, height, 1);
  const Picture<float> none = constant(width, height, 0.0f);
  Picture<float> dx(width, height, 1), dy(width, height, 1), certainty(width, height, 1);
  const Flow flow{dx.view(), dy.view(), certainty.view()};
  carried_flow({wild.view(), from.view(), wild.view()}, flow);
  carried_flow({none.view(), none.view(), none.view()}, flow);
  check_close(none.values(), certainty.values(), 0.0, "nothing is expected of what was not known");
  const int columns = flow_side(width), rows = flow_side(height);
  const Picture<float> nothing = constant(columns, rows, 0.0f), lost = constant(2, 2, NAN);
  Picture<float> apart(columns, rows, 1);
  flow_mismatch(from.view(), from.view(), wild.view(), lost.view(), apart.view());
  flow_mismatch(from.view(), from.view(), none.view(), none.view(), apart.view());
  check_close(nothing.values(), apart.values(), 0.0, "a picture is not apart from itself");
  const ShownDetail shown{from.view(), from.view(), from.view()};
  std::vector<float> planes(kFusionPlanes * from.view().size());
  fusion_features({shown, shown, {wild.view(), none.view(), none.view()}, from.view(), wild.view(), from.view(), from.view(), none.view()},
                  planes.data());
  check(planes[0] == 0.0f && std::isfinite(planes.back()), "features of two pictures that are one");
}

}  // namespace

void test_video() {
  for (const auto& [width, height] : {std::pair{16, 16}, {17, 33}, {130, 51}}) {
    moved(width, height);
    in_cells(width, height);
    made_small(width, height);
    alike(width, height);
    flowing(width, height);
    carried_and_compared(width, height);
  }
  moved(1, 1);
  in_cells(1, 2);
  alike(2, 1);
  carried_and_compared(1, 3);
}

}  // namespace autofocus::test
