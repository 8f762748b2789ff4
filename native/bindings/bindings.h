// What exports.cc exports; each function is defined in bind_*.cc. Each checks its arguments and most return a promise.
#pragma once

#include <napi.h>

namespace autofocus::bindings {

Napi::Value keep_memory(const Napi::CallbackInfo& info);
Napi::Value to_gray(const Napi::CallbackInfo& info);
Napi::Value to_gray_f32(const Napi::CallbackInfo& info);
Napi::Value disk_blur(const Napi::CallbackInfo& info);
Napi::Value prepare_disk_blur(const Napi::CallbackInfo& info);
Napi::Value blur_prepared(const Napi::CallbackInfo& info);
Napi::Value convolve(const Napi::CallbackInfo& info);
Napi::Value gaussian_blur(const Napi::CallbackInfo& info);
Napi::Value resample(const Napi::CallbackInfo& info);
Napi::Value expose(const Napi::CallbackInfo& info);
Napi::Value linearise(const Napi::CallbackInfo& info);
Napi::Value box_filter(const Napi::CallbackInfo& info);
Napi::Value guided_filter(const Napi::CallbackInfo& info);
Napi::Value convert_pixels(const Napi::CallbackInfo& info);
Napi::Value focus_measure(const Napi::CallbackInfo& info);
Napi::Value render_defocus(const Napi::CallbackInfo& info);
Napi::Value ring_spectrum(const Napi::CallbackInfo& info);
Napi::Value small_picture(const Napi::CallbackInfo& info);
Napi::Value dense_flow(const Napi::CallbackInfo& info);
Napi::Value carried_flow(const Napi::CallbackInfo& info);
Napi::Value flow_mismatch(const Napi::CallbackInfo& info);
Napi::Value equal_blur(const Napi::CallbackInfo& info);
Napi::Value fusion_features(const Napi::CallbackInfo& info);
Napi::Value warp(const Napi::CallbackInfo& info);
Napi::Value blend(const Napi::CallbackInfo& info);
Napi::Value focus_energy(const Napi::CallbackInfo& info);
Napi::Value create_stack_blend(const Napi::CallbackInfo& info);
Napi::Value add_to_stack_blend(const Napi::CallbackInfo& info);
Napi::Value read_stack_blend(const Napi::CallbackInfo& info);
Napi::Value read_stack_peaks(const Napi::CallbackInfo& info);
Napi::Value feature_levels(const Napi::CallbackInfo& info);
Napi::Value align_levels(const Napi::CallbackInfo& info);
Napi::Value level_gain(const Napi::CallbackInfo& info);

}  // namespace autofocus::bindings
