#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/tone.h"

namespace autofocus::bindings {
namespace {

double gamma_argument(const Napi::Value& value) { return number_argument(value, "gamma", 0.01, 100); }

template <typename T>
Napi::Value linearise_as(Napi::Env env, const Napi::Value& image, double gamma) {
  const auto in = image_argument<T>(image, "image");
  const auto out = new_image<float>(env, in.view.width, in.view.height, in.view.channels);
  return Task::fill(env, out.object, {in.data}, [=] { autofocus::linearise(in.view, gamma, out.view); });
}

}  // namespace

// (image, { gain, gamma, shotNoise, readNoise, seed }) => image
Napi::Value expose(const Napi::CallbackInfo& info) {
  const auto in = image_argument<float>(info[0], "image");
  const Napi::Value options = info[1];
  Exposure exposure;
  exposure.gain = number_argument(property(options, "gain"), "gain", 0, 1e9);
  exposure.gamma = gamma_argument(property(options, "gamma"));
  exposure.shot_noise = number_argument(property(options, "shotNoise"), "shotNoise", 0, 1e12);
  exposure.read_noise = number_argument(property(options, "readNoise"), "readNoise", 0, 1e3);
  constexpr double most = 9007199254740991.0;  // Number.MAX_SAFE_INTEGER
  exposure.seed = static_cast<std::uint64_t>(number_argument(property(options, "seed"), "seed", 0, most));
  const auto out = new_image<std::uint8_t>(info.Env(), in.view.width, in.view.height, in.view.channels);
  return Task::fill(info.Env(), out.object, {in.data}, [=] { autofocus::expose(in.view, exposure, out.view); });
}

// (image, gamma) => image
Napi::Value linearise(const Napi::CallbackInfo& info) {
  const double gamma = gamma_argument(info[1]);
  const bool wide = info[0].IsObject() && is_array_of<std::uint16_t>(property(info[0], "data"));
  return wide ? linearise_as<std::uint16_t>(info.Env(), info[0], gamma)
              : linearise_as<std::uint8_t>(info.Env(), info[0], gamma);
}

}  // namespace autofocus::bindings
