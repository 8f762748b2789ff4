#include <vector>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/ring_spectrum.h"

namespace autofocus::bindings {

// (gray image, array of regions) => Float32Array of kRingFeatures values a region
Napi::Value ring_spectrum(const Napi::CallbackInfo& info) {
  const auto in = image_argument<std::uint8_t>(info[0], "image");
  if (in.view.channels != 1) throw expected(info[0], "a gray picture", "image", "invalid_image");
  if (!info[1].IsArray()) throw expected(info[1], "an array", "rois");
  const auto array = info[1].As<Napi::Array>();
  std::vector<Roi> rois;
  rois.reserve(array.Length());
  for (uint32_t k = 0; k < array.Length(); ++k) {
    const Napi::Value value = array.Get(k);
    const Roi roi = roi_argument(value, in.view.width, in.view.height);
    if (roi.width != roi.height || !ring_spectrum_side(roi.width)) {
      throw expected(value, "squares with sides of 32, 64, .. 1024 px", "rois");
    }
    rois.push_back(roi);
  }
  auto out = Napi::Float32Array::New(info.Env(), rois.size() * kRingFeatures);
  float* features = out.Data();
  return Task::fill(info.Env(), out, {in.data}, [view = in.view, rois = std::move(rois), features] {
    for (std::size_t k = 0; k < rois.size(); ++k) autofocus::ring_spectrum(view, rois[k], features + k * kRingFeatures);
  });
}

}  // namespace autofocus::bindings
