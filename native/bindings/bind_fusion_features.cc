#include <initializer_list>
#include <utility>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/video/fusion_features.h"

namespace autofocus::bindings {

// (evidence: maps of one size by name) => Float32Array
Napi::Value fusion_features(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Array kept = Napi::Array::New(env);
  const Shape cells = shape_argument(property(info[0], "mismatch"), "mismatch");
  const auto map = [&](const char* name) {
    const Napi::Value value = property(info[0], name);
    const auto image = image_argument<float>(value, name);
    if (image.view.width != cells.width || image.view.height != cells.height || image.view.channels != 1) {
      throw expected(value, "a map of " + std::to_string(cells.width) + "x" + std::to_string(cells.height), name,
                     "invalid_image");
    }
    kept.Set(kept.Length(), image.data);
    return image.view;
  };
  const ShownDetail frame{map("frameLuma"), map("frameFine"), map("frameCoarse")};
  const ShownDetail picture{map("pictureLuma"), map("pictureFine"), map("pictureCoarse")};
  const ConstFlow flow{map("dx"), map("dy"), map("certainty")};
  const FusionEvidence evidence{frame,       picture,     flow, map("mismatch"), map("blur"), map("frameRadius"),
                                map("pictureRadius"), map("known")};
  auto planes = Napi::Float32Array::New(env, kFusionPlanes * evidence.mismatch.size());
  float* to = planes.Data();
  return Task::fill(env, planes, {kept}, [=] { autofocus::fusion_features(evidence, to); });
}

}  // namespace autofocus::bindings
