#include <algorithm>
#include <array>
#include <memory>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/registration/compare.h"
#include "kernels/registration/correlate.h"
#include "kernels/registration/features.h"

namespace autofocus::bindings {
namespace {

// A picture of one channel, of the size of `first`.
ImageArgument<float> plane_argument(const Napi::Value& value, const std::string& name, const ConstImageF32* first) {
  const auto in = image_argument<float>(value, name);
  if (in.view.channels != 1) throw expected(value, "1 channel", name, "invalid_image");
  if (first != nullptr && (in.view.width != first->width || in.view.height != first->height)) {
    throw expected(value, "a picture of the size of the reference", name, "invalid_image");
  }
  return in;
}

struct BlursArgument {
  Blurs views;
  Napi::Value pictures;
};

BlursArgument blurs_argument(const Napi::Value& value, const std::string& name, const ConstImageF32* first) {
  if (!value.IsArray() || value.As<Napi::Array>().Length() != kBlurs) throw expected(value, "three pictures", name);
  const auto list = value.As<Napi::Array>();
  const auto kept = Napi::Array::New(value.Env(), kBlurs);
  BlursArgument blurs{{}, kept};
  for (uint32_t k = 0; k < kBlurs; ++k) {
    const auto in = plane_argument(list.Get(k), name + "[" + std::to_string(k) + "]", k == 0 ? first : &blurs.views[0]);
    blurs.views[k] = in.view;
    kept.Set(k, in.data);
  }
  return blurs;
}

template <std::size_t Count>
Napi::Array numbers(Napi::Env env, const std::array<double, Count>& values) {
  Napi::Array array = Napi::Array::New(env, Count);
  for (uint32_t k = 0; k < Count; ++k) array.Set(k, values[k]);
  return array;
}

Napi::Object to_object(Napi::Env env, const FeatureLevel& level) {
  Napi::Array blurred = Napi::Array::New(env, kBlurs);
  for (uint32_t k = 0; k < kBlurs; ++k) {
    const auto picture = new_image<float>(env, level.width, level.height, 1);
    std::copy(level.blurred[k].begin(), level.blurred[k].end(), picture.view.data);
    blurred.Set(k, picture.object);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("reduction", level.reduction);
  object.Set("energy", level.energy);
  object.Set("blurred", blurred);
  return object;
}

}  // namespace

// (frame, finest, coarsest) => [{ reduction, energy, blurred }]
Napi::Value feature_levels(const Napi::CallbackInfo& info) {
  const int finest = integer_argument(info[1], "finest", 1, kMaxSide);
  const int coarsest = integer_argument(info[2], "coarsest", 1, finest);
  return with_picture(info[0], "frame", [&](const auto& frame) {
    const auto found = std::make_shared<std::vector<FeatureLevel>>();
    return Task::run(
        info.Env(), {frame.data}, [=] { *found = autofocus::feature_levels(frame.view, finest, coarsest); },
        [=](Napi::Env env) {
          Napi::Array levels = Napi::Array::New(env, found->size());
          uint32_t at = 0;
          for (const FeatureLevel& level : *found) levels.Set(at++, to_object(env, level));
          return levels;
        });
  });
}

// (reference, moving, matrix, radius) => { agreement, strength, hessian, gradient }
Napi::Value compare_frames(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto ours = blurs_argument(info[0], "reference", nullptr);
  const auto theirs = blurs_argument(info[1], "moving", &ours.views[0]);
  const auto matrix = matrix_argument(info[2]);
  const double radius = number_argument(info[3], "radius", 1e-3, 1e6);
  const int columns = ours.views[0].width / kCompareCell, rows = ours.views[0].height / kCompareCell;
  const auto agreement = new_image<float>(env, columns, rows, 1), strength = new_image<float>(env, columns, rows, 1);
  Napi::Object result = Napi::Object::New(env);
  result.Set("agreement", agreement.object);
  result.Set("strength", strength.object);
  const auto equations = std::make_shared<NormalEquations>();
  const auto kept = std::make_shared<Napi::ObjectReference>(Napi::Persistent(result));
  return Task::run(
      env, {ours.pictures, theirs.pictures},
      [=] { *equations = compare(ours.views, theirs.views, matrix, radius, agreement.view, strength.view); },
      [=](Napi::Env done) -> Napi::Value {
        kept->Value().Set("hessian", numbers(done, equations->hessian));
        kept->Value().Set("gradient", numbers(done, equations->gradient));
        return kept->Value();
      });
}

// (reference, moving, matrix) => number
Napi::Value correlate_frames(const Napi::CallbackInfo& info) {
  const auto a = plane_argument(info[0], "reference", nullptr);
  const auto b = plane_argument(info[1], "moving", &a.view);
  const auto matrix = matrix_argument(info[2]);
  const auto found = std::make_shared<double>(0.0);
  return Task::run(
      info.Env(), {a.data, b.data}, [=] { *found = correlate(a.view, b.view, matrix); },
      [=](Napi::Env env) { return Napi::Number::New(env, *found); });
}

// (reference, moving, most) => image
Napi::Value correlate_shifts(const Napi::CallbackInfo& info) {
  const auto a = plane_argument(info[0], "reference", nullptr);
  const auto b = plane_argument(info[1], "moving", &a.view);
  const int most = integer_argument(info[2], "most", 0, std::min(a.view.width, a.view.height) / 2);
  const auto out = new_image<float>(info.Env(), 2 * most + 1, 2 * most + 1, 1);
  return Task::fill(info.Env(), out.object, {a.data, b.data},
                    [=] { autofocus::correlate_shifts(a.view, b.view, most, out.view); });
}

}  // namespace autofocus::bindings
