// Motion, varying blur and mixing.
#include "kernels/disk_blur.h"
#include "kernels/video/blend.h"
#include "kernels/video/cell_means.h"
#include "kernels/video/dense_flow.h"
#include "kernels/video/variable_blur.h"
#include "kernels/video/warp.h"
#include "test/check.h"

#include <algorithm>
#include <cmath>
#include <utility>

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
  warp_u8(bytes.view(), still.view(), still.view(), out.view());
  check(out.values() == bytes.values(), "no motion changes nothing");
  const Picture<float> far = constant(2, 3, 1e9f);
  warp_u8(bytes.view(), far.view(), wild.view(), out.view());
  warp_u8(bytes.view(), lost.view(), wild.view(), out.view());
  const Picture<float> map = shares(width, height);
  Picture<float> same(width, height, 1);
  warp_f32(map.view(), still.view(), still.view(), same.view());
  check_close(map.values(), same.values(), 0.0, "no motion of a map");
  warp_f32(map.view(), far.view(), lost.view(), same.view());
  const Picture<std::uint8_t>& other = out;
  Picture<std::uint8_t> mixed(width, height, 3);
  const Picture<float> all = constant(3, 2, 1.0f);
  blend_u8(bytes.view(), other.view(), all.view(), mixed.view());
  check(mixed.values() == bytes.values(), "a weight of one is the first picture");
  blend_u8(bytes.view(), other.view(), lost.view(), mixed.view());
  check(mixed.values() == out.values(), "what is no weight is the second picture");
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

void blurred(int width, int height) {
  const Picture<float> in = shares(width, height);
  Picture<float> light(width, height, 1), plain(width, height, 1), varying(width, height, 1);
  for (std::size_t k = 0; k < in.values().size(); ++k) light.values()[k] = in.values()[k] * in.values()[k];
  const Picture<float>& fixed = light;
  for (const float radius : {0.0f, 0.7f}) {
    disk_blur(fixed.view(), {0, 0, width, height}, radius, plain.view());
    for (float& value : plain.values()) value = std::sqrt(std::max(value, 0.0f));
    const Picture<float> map = constant(2, 1, radius);
    variable_blur(in.view(), map.view(), varying.view());
    check_close(plain.values(), varying.values(), 1e-3, "the same blur everywhere");
  }
  for (const float odd : {1e9f, -1.0f, NAN}) {
    const Picture<float> map = constant(3, 3, odd);
    variable_blur(in.view(), map.view(), varying.view());
  }
  const Picture<float> mixed = shares(4, 3);
  variable_blur(in.view(), mixed.view(), varying.view());
}

void flowing(int width, int height) {
  const Picture<float> from = shares(width, height);
  Picture<float> broken = shares(width, height);
  broken.values()[broken.values().size() / 2] = NAN;
  Picture<float> dx(flow_side(width), flow_side(height), 1), dy(flow_side(width), flow_side(height), 1);
  dense_flow(from.view(), from.view(), {dx.view(), dy.view()});
  const Picture<float> none = constant(flow_side(width), flow_side(height), 0.0f);
  check_close(none.values(), dx.values(), 0.0, "a picture does not move against itself");
  const Picture<float>& odd = broken;
  dense_flow(from.view(), odd.view(), {dx.view(), dy.view()});
  dense_flow(odd.view(), from.view(), {dx.view(), dy.view()});
}

}  // namespace

void test_video() {
  for (const auto& [width, height] : {std::pair{16, 16}, {17, 33}, {130, 51}}) {
    moved(width, height);
    in_cells(width, height);
    blurred(width, height);
    flowing(width, height);
  }
  moved(1, 1);
  in_cells(1, 2);
  blurred(2, 1);
}

}  // namespace autofocus::test
