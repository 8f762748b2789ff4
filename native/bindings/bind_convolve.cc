#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/convolve.h"

namespace autofocus::bindings {

// (image, filter, roi | undefined) => image
Napi::Value convolve(const Napi::CallbackInfo& info) {
  const auto in = image_argument<float>(info[0], "image");
  const auto filter = image_argument<float>(info[1], "filter");
  const int side = filter.view.width;
  if (in.view.channels != 1) throw expected(info[0], "one channel", "image", "invalid_image");
  if (filter.view.channels != 1 || filter.view.height != side || side % 2 == 0 || side > 2 * kMaxFilterReach + 1) {
    throw expected(info[1], "a square of one channel with an odd side of at most 1001", "filter", "invalid_image");
  }
  const Roi roi = roi_argument(info[2], in.view.width, in.view.height);
  const auto out = new_image<float>(info.Env(), roi.width, roi.height, 1);
  return Task::fill(info.Env(), out.object, {in.data, filter.data},
                    [=] { autofocus::convolve(in.view, roi, filter.view, out.view); });
}

}  // namespace autofocus::bindings
