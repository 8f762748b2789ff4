// The addon's table of exports. The typed facade over it is src/core/native/.
#include <napi.h>

#include "bindings/bindings.h"

namespace autofocus::bindings {
namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("keepMemory", keep_memory);
  add("toGray", to_gray);
  add("toGrayF32", to_gray_f32);
  add("diskBlur", disk_blur);
  add("prepareDiskBlur", prepare_disk_blur);
  add("blurPrepared", blur_prepared);
  add("convolve", convolve);
  add("gaussianBlur", gaussian_blur);
  add("resample", resample);
  add("expose", expose);
  add("linearise", linearise);
  add("boxFilter", box_filter);
  add("guidedFilter", guided_filter);
  add("convertPixels", convert_pixels);
  add("focusMeasure", focus_measure);
  add("renderDefocus", render_defocus);
  add("ringSpectrum", ring_spectrum);
  add("smallPicture", small_picture);
  add("denseFlow", dense_flow);
  add("carriedFlow", carried_flow);
  add("flowMismatch", flow_mismatch);
  add("equalBlur", equal_blur);
  add("fusionFeatures", fusion_features);
  add("warp", warp);
  add("blend", blend);
  add("focusEnergy", focus_energy);
  add("createStackBlend", create_stack_blend);
  add("addToStackBlend", add_to_stack_blend);
  add("readStackBlend", read_stack_blend);
  add("readStackPeaks", read_stack_peaks);
  add("featureLevels", feature_levels);
  add("alignLevels", align_levels);
  add("levelGain", level_gain);
  return exports;
}

}  // namespace

NODE_API_MODULE(autofocus, init)

}  // namespace autofocus::bindings
