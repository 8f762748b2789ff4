#include <memory>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/disk_blur.h"
#include "kernels/gaussian_blur.h"

namespace autofocus::bindings {
namespace {

using SharedBlurrer = std::shared_ptr<const DiskBlurrer>;

// A blurrer as JavaScript holds it; its memory counts towards the collector's decisions.
Napi::Value wrap(Napi::Env env, const SharedBlurrer& blurrer) {
  const auto bytes = static_cast<int64_t>(blurrer->memory());
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes);
  return Napi::External<SharedBlurrer>::New(env, new SharedBlurrer(blurrer),
                                            [bytes](Napi::Env finalizing, SharedBlurrer* held) {
                                              Napi::MemoryManagement::AdjustExternalMemory(finalizing, -bytes);
                                              delete held;
                                            });
}

}  // namespace

// (image, radius, roi | undefined) => image
Napi::Value disk_blur(const Napi::CallbackInfo& info) {
  const auto in = image_argument<float>(info[0], "image");
  const double radius = number_argument(info[1], "radius", 0, kMaxDiskRadius);
  const Roi roi = roi_argument(info[2], in.view.width, in.view.height);
  const auto out = new_image<float>(info.Env(), roi.width, roi.height, in.view.channels);
  return Task::fill(info.Env(), out.object, {in.data}, [=] { autofocus::disk_blur(in.view, roi, radius, out.view); });
}

// (image, maxRadius, roi | undefined) => an opaque value for blurPrepared
Napi::Value prepare_disk_blur(const Napi::CallbackInfo& info) {
  const auto in = image_argument<float>(info[0], "image");
  const double max_radius = number_argument(info[1], "maxRadius", 0, kMaxDiskRadius);
  const Roi roi = roi_argument(info[2], in.view.width, in.view.height);
  auto made = std::make_shared<SharedBlurrer>();
  return Task::run(
      info.Env(), {in.data},
      [=, view = in.view] { *made = std::make_shared<const DiskBlurrer>(view, roi, max_radius); },
      [made](Napi::Env env) { return wrap(env, *made); });
}

// (prepared, radius) => image
Napi::Value blur_prepared(const Napi::CallbackInfo& info) {
  if (!info[0].IsExternal()) throw expected(info[0], "a prepared picture", "prepared");
  const SharedBlurrer blurrer = *info[0].As<Napi::External<SharedBlurrer>>().Data();
  const double radius = number_argument(info[1], "radius", 0, blurrer->max_radius());
  const auto out = new_image<float>(info.Env(), blurrer->width(), blurrer->height(), blurrer->channels());
  return Task::fill(info.Env(), out.object, {}, [=] { blurrer->blur(radius, out.view); });
}

// (image, sigma, roi | undefined) => image
Napi::Value gaussian_blur(const Napi::CallbackInfo& info) {
  const auto in = image_argument<float>(info[0], "image");
  const double sigma = number_argument(info[1], "sigma", 0, kMaxSigma);
  const Roi roi = roi_argument(info[2], in.view.width, in.view.height);
  const auto out = new_image<float>(info.Env(), roi.width, roi.height, in.view.channels);
  return Task::fill(info.Env(), out.object, {in.data},
                    [=] { autofocus::gaussian_blur(in.view, roi, sigma, out.view); });
}

}  // namespace autofocus::bindings
