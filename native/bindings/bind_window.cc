#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/box_filter.h"
#include "kernels/guided_filter.h"

namespace autofocus::bindings {

// (image, radius, "replicate" | "shrink") => image
Napi::Value box_filter(const Napi::CallbackInfo& info) {
  const auto in = image_argument<float>(info[0], "image");
  const int radius = integer_argument(info[1], "radius", 0, kMaxWindowRadius);
  const WindowBorder border = is_first_of_two(info[2], "border", "replicate", "shrink") ? WindowBorder::replicate
                                                                                         : WindowBorder::shrink;
  const auto out = new_image<float>(info.Env(), in.view.width, in.view.height, in.view.channels);
  return Task::fill(info.Env(), out.object, {in.data},
                    [=] { autofocus::box_filter(in.view, radius, border, out.view); });
}

// (guide, input, radius, eps) => image
Napi::Value guided_filter(const Napi::CallbackInfo& info) {
  const auto guide = image_argument<float>(info[0], "guide");
  const auto in = image_argument<float>(info[1], "input");
  for (const auto& [view, value, name] : {std::tuple{guide.view, info[0], "guide"}, {in.view, info[1], "input"}}) {
    if (view.channels != 1) throw expected(value, "a picture of one channel", name, "invalid_image");
  }
  if (guide.view.width != in.view.width || guide.view.height != in.view.height) {
    throw expected(info[1], "a picture of the guide's size", "input", "invalid_image");
  }
  const int radius = integer_argument(info[2], "radius", 0, kMaxWindowRadius);
  const double eps = number_argument(info[3], "eps", 0, 1e12);
  const auto out = new_image<float>(info.Env(), in.view.width, in.view.height, 1);
  return Task::fill(info.Env(), out.object, {guide.data, in.data},
                    [=] { autofocus::guided_filter(guide.view, in.view, radius, eps, out.view); });
}

}  // namespace autofocus::bindings
