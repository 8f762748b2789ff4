#include <memory>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/focus/focus_measure.h"

namespace autofocus::bindings {
namespace {

template <typename T>
Napi::Value measure(const Napi::CallbackInfo& info, FocusMeasure function) {
  const auto gray = image_argument<T>(info[1], "gray");
  if (gray.view.channels != 1) throw expected(info[1], "a picture of one channel", "gray", "invalid_image");
  const Roi roi = roi_argument(info[2], gray.view.width, gray.view.height);
  auto value = std::make_shared<double>();
  return Task::run(
      info.Env(), {gray.data}, [=, view = gray.view] { *value = autofocus::focus_measure(function, view, roi); },
      [value](Napi::Env env) { return Napi::Number::New(env, *value); });
}

}  // namespace

// (name, gray image, roi | undefined) => number
Napi::Value focus_measure(const Napi::CallbackInfo& info) {
  const Napi::Value name = info[0];
  const FocusMeasure function =
      name.IsString() ? find_focus_measure(name.As<Napi::String>().Utf8Value()) : nullptr;
  if (function == nullptr) throw expected(name, "the name of a focus measure", "name");
  const bool is_float = info[1].IsObject() && is_array_of<float>(property(info[1], "data"));
  return is_float ? measure<float>(info, function) : measure<std::uint8_t>(info, function);
}

}  // namespace autofocus::bindings
