#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/resample.h"

namespace autofocus::bindings {
// (image, { width, height, matrix, filter, border }) => image
Napi::Value resample(const Napi::CallbackInfo& info) {
  const Napi::Value options = info[1];
  const int width = integer_argument(property(options, "width"), "width", 1, kMaxSide);
  const int height = integer_argument(property(options, "height"), "height", 1, kMaxSide);
  const auto matrix = matrix_argument(property(options, "matrix"));
  const Filter filter =
      is_first_of_two(property(options, "filter"), "filter", "bilinear", "bicubic") ? Filter::bilinear : Filter::bicubic;
  const Border border =
      is_first_of_two(property(options, "border"), "border", "mirror", "replicate") ? Border::mirror : Border::replicate;
  return with_picture(info[0], "image", [&](const auto& in) {
    using Value = std::remove_const_t<std::remove_pointer_t<decltype(in.view.data)>>;
    const auto out = new_image<Value>(info.Env(), width, height, in.view.channels);
    return Task::fill(info.Env(), out.object, {in.data},
                      [=] { autofocus::resample(in.view, matrix, filter, border, out.view); });
  });
}

}  // namespace autofocus::bindings
