// What exports.cc exports; each function is defined in bind_*.cc.
#pragma once

#include <napi.h>

namespace autofocus::bindings {

Napi::Value to_gray(const Napi::CallbackInfo& info);
Napi::Value to_gray_f32(const Napi::CallbackInfo& info);
Napi::Value ring_spectrum(const Napi::CallbackInfo& info);

}  // namespace autofocus::bindings
