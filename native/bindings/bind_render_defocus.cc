#include <algorithm>
#include <vector>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/defocus/render_defocus.h"
#include "kernels/disk_kernel.h"

namespace autofocus::bindings {
namespace {

std::vector<double> radii_argument(const Napi::Value& value) {
  if (!is_array_of<float>(value)) throw expected(value, array_name<float>(), "radii");
  const auto array = value.As<Napi::Float32Array>();
  if (array.ElementLength() < 1 || array.ElementLength() > kMaxLayers) {
    throw expected(Napi::Number::New(value.Env(), static_cast<double>(array.ElementLength())), "1 to 256 values",
                   "the length of radii");
  }
  std::vector<double> radii;
  for (std::size_t k = 0; k < array.ElementLength(); ++k) {
    const Napi::Value radius = Napi::Number::New(value.Env(), array[k]);
    radii.push_back(number_argument(radius, "radii[" + std::to_string(k) + "]", 0, kMaxDiskRadius));
  }
  return radii;
}

}  // namespace

// (picture, layers, radii) => image
Napi::Value render_defocus(const Napi::CallbackInfo& info) {
  const auto picture = image_argument<float>(info[0], "picture");
  const auto layers = image_argument<std::uint8_t>(info[1], "layers");
  if (layers.view.channels != 1 || layers.view.width != picture.view.width ||
      layers.view.height != picture.view.height) {
    throw expected(info[1], "a picture of one channel and the size of the scene", "layers", "invalid_image");
  }
  std::vector<double> radii = radii_argument(info[2]);
  const std::uint8_t nearest = *std::max_element(layers.view.data, layers.view.data + layers.view.size());
  if (nearest >= radii.size()) throw expected(info[2], std::to_string(nearest + 1) + " radii or more", "radii");
  const auto out =
      new_image<float>(info.Env(), picture.view.width, picture.view.height, picture.view.channels);
  return Task::fill(info.Env(), out.object, {picture.data, layers.data},
                    [view = picture.view, layers = layers.view, radii = std::move(radii), out = out.view] {
                      autofocus::render_defocus(view, layers, radii, out);
                    });
}

}  // namespace autofocus::bindings
