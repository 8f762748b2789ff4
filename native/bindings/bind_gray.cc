#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/gray.h"

namespace autofocus::bindings {

// (image) => image
Napi::Value to_gray(const Napi::CallbackInfo& info) {
  const auto in = image_argument<std::uint8_t>(info[0], "image");
  const auto out = new_image<std::uint8_t>(info.Env(), in.view.width, in.view.height, 1);
  return Task::fill(info.Env(), out.object, {in.data}, [=] { gray_u8(in.view, out.view); });
}

// (image) => image
Napi::Value to_gray_f32(const Napi::CallbackInfo& info) {
  const auto in = image_argument<std::uint8_t>(info[0], "image");
  const auto out = new_image<float>(info.Env(), in.view.width, in.view.height, 1);
  return Task::fill(info.Env(), out.object, {in.data}, [=] { gray_f32(in.view, out.view); });
}

}  // namespace autofocus::bindings
