#include <memory>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/fusion/cells.h"
#include "kernels/fusion/focus_energy.h"
#include "kernels/fusion/stack_blend.h"

namespace autofocus::bindings {
namespace {

using SharedBlend = std::shared_ptr<StackBlend>;

SharedBlend blend_argument(const Napi::Value& value) {
  if (!value.IsExternal()) throw expected(value, "a stack", "stack");
  return *value.As<Napi::External<SharedBlend>>().Data();
}

void check_shape(const Napi::Value& value, const std::string& name, bool fits) {
  if (!fits) throw expected(value, "a picture of the size of the stack", name, "invalid_image");
}

template <typename T>
Napi::Value blended(Napi::Env env, const SharedBlend& blend) {
  const auto out = new_image<T>(env, blend->width(), blend->height(), blend->channels());
  return Task::fill(env, out.object, {}, [=] { blend->blend(out.view); });
}

}  // namespace

// (frame, coarse) => energies
Napi::Value focus_energy(const Napi::CallbackInfo& info) {
  const auto coarse = static_cast<float>(number_argument(info[1], "coarse", 0, 1));
  return with_picture(info[0], "frame", [&](const auto& in) {
    const auto out = new_image<float>(info.Env(), cell_count(in.view.width), cell_count(in.view.height), 1);
    return Task::fill(info.Env(), out.object, {in.data}, [=] { autofocus::focus_energy(in.view, coarse, out.view); });
  });
}

// (width, height, channels) => an opaque value for the functions below
Napi::Value create_stack_blend(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int width = integer_argument(info[0], "width", 1, kMaxSide);
  const int height = integer_argument(info[1], "height", 1, kMaxSide);
  const int channels = integer_argument(info[2], "channels", 1, 3);
  const auto blend = std::make_shared<StackBlend>(width, height, channels);
  const auto bytes = static_cast<int64_t>(blend->memory());
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes);
  return Napi::External<SharedBlend>::New(env, new SharedBlend(blend), [bytes](Napi::Env finalizing, SharedBlend* held) {
    Napi::MemoryManagement::AdjustExternalMemory(finalizing, -bytes);
    delete held;
  });
}

// (stack, frame, energies, roi | undefined, "first" | "last") => nothing; calls must not overlap
Napi::Value add_to_stack_blend(const Napi::CallbackInfo& info) {
  const SharedBlend blend = blend_argument(info[0]);
  const auto energy = image_argument<float>(info[2], "energies");
  check_shape(info[2], "energies",
              energy.view.channels == 1 && energy.view.width == cell_count(blend->width()) &&
                  energy.view.height == cell_count(blend->height()));
  const Roi valid = roi_argument(info[3], blend->width(), blend->height());
  const End end = is_first_of_two(info[4], "end", "first", "last") ? End::first : End::last;
  return with_picture(info[1], "frame", [&](const auto& frame) {
    check_shape(info[1], "frame",
                frame.view.width == blend->width() && frame.view.height == blend->height() &&
                    frame.view.channels == blend->channels());
    return Task::run(
        info.Env(), {frame.data, energy.data}, [=] { blend->add(frame.view, energy.view, valid, end); },
        [](Napi::Env env) { return env.Undefined(); });
  });
}

// (stack, 8 | 16 | 32) => image of Uint8Array, Uint16Array or Float32Array
Napi::Value read_stack_blend(const Napi::CallbackInfo& info) {
  const SharedBlend blend = blend_argument(info[0]);
  const int bits = integer_argument(info[1], "bits", 8, 32);
  if (bits == 8) return blended<std::uint8_t>(info.Env(), blend);
  if (bits == 16) return blended<std::uint16_t>(info.Env(), blend);
  return blended<float>(info.Env(), blend);
}

// (stack) => { index, place, confidence }
Napi::Value read_stack_peaks(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const SharedBlend blend = blend_argument(info[0]);
  const int columns = cell_count(blend->width()), rows = cell_count(blend->height());
  const auto index = new_image<std::uint16_t>(env, columns, rows, 1);
  const auto place = new_image<float>(env, columns, rows, 1);
  const auto confidence = new_image<float>(env, columns, rows, 1);
  Napi::Object peaks = Napi::Object::New(env);
  peaks.Set("index", index.object);
  peaks.Set("place", place.object);
  peaks.Set("confidence", confidence.object);
  return Task::fill(env, peaks, {}, [=] { blend->peaks().read(index.view, place.view, confidence.view); });
}

}  // namespace autofocus::bindings
