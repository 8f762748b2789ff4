#include <algorithm>
#include <array>
#include <memory>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/registration/align.h"
#include "kernels/registration/features.h"
#include "kernels/registration/gain.h"

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

struct LevelArgument {
  LevelPair pair;
  Napi::Array pictures;
};

// The same level of both frames.
LevelArgument level_argument(const Napi::Value& ours, const Napi::Value& theirs) {
  const int reduction = integer_argument(property(ours, "reduction"), "reduction", 1, kMaxSide);
  const auto a = blurs_argument(property(ours, "blurred"), "reference", nullptr);
  const auto b = blurs_argument(property(theirs, "blurred"), "moving", &a.views[0]);
  const auto pictures = Napi::Array::New(ours.Env(), 2);
  pictures.Set(0u, a.pictures);
  pictures.Set(1u, b.pictures);
  return {{reduction, a.views, b.views}, pictures};
}

FrameSize frame_argument(const Napi::Value& value) {
  return {integer_argument(property(value, "width"), "frame.width", 1, kMaxSide),
          integer_argument(property(value, "height"), "frame.height", 1, kMaxSide)};
}

// A list that is not empty.
Napi::Array list_argument(const Napi::Value& value, const std::string& name) {
  if (!value.IsArray() || value.As<Napi::Array>().Length() == 0) throw expected(value, "a list", name);
  return value.As<Napi::Array>();
}

Similarity similarity_argument(const Napi::Value& value, const std::string& name) {
  const auto number = [&](const char* key) {
    return number_argument(property(value, key), name + "." + key, -1e6, 1e6);
  };
  return {number("along"), number("across"), number("dx"), number("dy")};
}

}  // namespace

// (frame, finest, coarsest) => [{ reduction, energy, blurred }]
Napi::Value feature_levels(const Napi::CallbackInfo& info) {
  const int finest = integer_argument(info[1], "finest", 1, kMaxSide);
  const int coarsest = integer_argument(info[2], "coarsest", 1, finest);
  return with_picture(info[0], "frame", [&](const auto& frame) {
    const Napi::Env env = info.Env();
    const auto sizes = level_sizes(frame.view.width, frame.view.height, finest, coarsest);
    std::vector<BlursOut> out(sizes.size());
    const Napi::Array levels = Napi::Array::New(env, sizes.size());
    for (uint32_t k = 0; k < sizes.size(); ++k) {
      const Napi::Array blurred = Napi::Array::New(env, kBlurs);
      for (uint32_t blur = 0; blur < kBlurs; ++blur) {
        const auto picture = new_image<float>(env, sizes[k].width, sizes[k].height, 1);
        out[k][blur] = picture.view;
        blurred.Set(blur, picture.object);
      }
      Napi::Object level = Napi::Object::New(env);
      level.Set("reduction", sizes[k].reduction);
      level.Set("blurred", blurred);
      levels.Set(k, level);
    }
    const auto energies = std::make_shared<std::vector<double>>();
    const auto kept = std::make_shared<Napi::ObjectReference>(Napi::Persistent(levels.As<Napi::Object>()));
    return Task::run(
        env, {frame.data}, [=] { *energies = autofocus::feature_levels(frame.view, sizes, out); },
        [=](Napi::Env) -> Napi::Value {
          const Napi::Object filled = kept->Value();
          for (uint32_t k = 0; k < energies->size(); ++k) {
            filled.Get(k).As<Napi::Object>().Set("energy", (*energies)[k]);
          }
          return filled;
        });
  });
}

// (reference, moving, frame, { likely, scale, shift, rotation }) => { along, across, dx, dy }
Napi::Value align_levels(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto ours = list_argument(info[0], "reference"), theirs = list_argument(info[1], "moving");
  if (theirs.Length() != ours.Length()) throw expected(info[1], "as many levels as the reference has", "moving");
  std::vector<LevelPair> levels;
  const auto pictures = Napi::Array::New(env, ours.Length());
  for (uint32_t k = 0; k < ours.Length(); ++k) {
    const auto level = level_argument(ours.Get(k), theirs.Get(k));
    levels.push_back(level.pair);
    pictures.Set(k, level.pictures);
  }
  const FrameSize frame = frame_argument(info[2]);
  const auto starts = list_argument(property(info[3], "likely"), "likely");
  std::vector<Similarity> likely;
  for (uint32_t k = 0; k < starts.Length(); ++k) likely.push_back(similarity_argument(starts.Get(k), "likely"));
  const SearchLimits limits{number_argument(property(info[3], "scale"), "scale", 0.0, 1.0),
                            number_argument(property(info[3], "shift"), "shift", 0.0, kMaxSide)};
  const bool rotation = boolean_argument(property(info[3], "rotation"), "rotation");
  const auto found = std::make_shared<Similarity>();
  return Task::run(
      env, {pictures}, [=] { *found = align(levels, frame, likely, limits, rotation); },
      [=](Napi::Env done) {
        Napi::Object map = Napi::Object::New(done);
        map.Set("along", found->along);
        map.Set("across", found->across);
        map.Set("dx", found->dx);
        map.Set("dy", found->dy);
        return map;
      });
}

// (reference level, moving level, frame, map) => { before, after, explained, certain }
Napi::Value level_gain(const Napi::CallbackInfo& info) {
  const auto level = level_argument(info[0], info[1]);
  const FrameSize frame = frame_argument(info[2]);
  const Similarity map = similarity_argument(info[3], "map");
  const auto found = std::make_shared<Gain>();
  return Task::run(
      info.Env(), {level.pictures}, [=] { *found = gain_of(level.pair, frame, map); },
      [=](Napi::Env env) {
        Napi::Object gain = Napi::Object::New(env);
        gain.Set("before", found->before);
        gain.Set("after", found->after);
        gain.Set("explained", found->explained);
        gain.Set("certain", found->certain);
        return gain;
      });
}

}  // namespace autofocus::bindings
