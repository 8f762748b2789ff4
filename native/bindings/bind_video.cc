#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/video/blend.h"
#include "kernels/video/carried_flow.h"
#include "kernels/video/cell_means.h"
#include "kernels/video/dense_flow.h"
#include "kernels/video/equal_blur.h"
#include "kernels/video/mismatch.h"
#include "kernels/video/small_picture.h"
#include "kernels/video/warp.h"

namespace autofocus::bindings {
namespace {

template <typename T>
ImageArgument<T> image_of(const Napi::Value& value, const std::string& name, int channels) {
  const auto image = image_argument<T>(value, name);
  if (image.view.channels != channels) {
    throw expected(value, std::to_string(channels) + (channels == 1 ? " channel" : " channels"), name, "invalid_image");
  }
  return image;
}

template <typename T, typename U>
void check_same_shape(const Napi::Value& value, const ImageView<T>& a, const ImageView<U>& b, const std::string& name) {
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) {
    throw expected(value,
                   "a picture of " + std::to_string(b.width) + "x" + std::to_string(b.height) + "x" +
                       std::to_string(b.channels),
                   name, "invalid_image");
  }
}

// The array type of the pixels of `value` decides which kernel runs.
bool has_bytes(const Napi::Value& value) {
  return value.IsObject() && is_array_of<std::uint8_t>(value.As<Napi::Object>().Get("data"));
}

// The picture handed in to be written over, which must be like `like`, or a new one where there is none.
template <typename T>
NewImage<T> image_into(const Napi::Value& value, const ImageView<const T>& like) {
  if (value.IsUndefined()) return new_image<T>(value.Env(), like.width, like.height, like.channels);
  const auto into = image_argument<T>(value, "into");
  check_same_shape(value, into.view, like, "into");
  if (into.view.data == like.data) throw expected(value, "another picture than the one to move", "into");
  auto array = into.data.template As<Napi::TypedArrayOf<T>>();
  return {value.As<Napi::Object>(), {array.Data(), like.width, like.height, like.channels}};
}

template <typename T>
Napi::Value warped(const Napi::CallbackInfo& info,
                   void (*kernel)(ImageView<const T>, ConstImageF32, ConstImageF32, float, ImageView<T>)) {
  const auto in = image_argument<T>(info[0], "image");
  const auto dx = image_of<float>(info[1], "dx", 1);
  const auto dy = image_of<float>(info[2], "dy", 1);
  const float scale = static_cast<float>(number_argument(info[3], "scale", -kMaxSide, kMaxSide));
  const auto out = image_into<T>(info[4], in.view);
  return Task::fill(info.Env(), out.object, {in.data, dx.data, dy.data},
                    [=] { kernel(in.view, dx.view, dy.view, scale, out.view); });
}

template <typename T>
Napi::Value blended(const Napi::CallbackInfo& info,
                    void (*kernel)(ImageView<const T>, ImageView<const T>, ConstImageF32, ImageView<T>)) {
  const auto a = image_argument<T>(info[0], "a");
  const auto b = image_argument<T>(info[1], "b");
  check_same_shape(info[1], b.view, a.view, "b");
  const auto weight = image_of<float>(info[2], "weight", 1);
  const auto out = new_image<T>(info.Env(), a.view.width, a.view.height, a.view.channels);
  return Task::fill(info.Env(), out.object, {a.data, b.data, weight.data},
                    [=] { kernel(a.view, b.view, weight.view, out.view); });
}

// A flow handed in, and what keeps it alive.
struct FlowArgument {
  ImageArgument<float> dx, dy, certainty;
  ConstFlow view() const { return {dx.view, dy.view, certainty.view}; }
};

FlowArgument flow_argument(const Napi::Value& value, const std::string& name) {
  const auto map = [&](const char* part) { return image_of<float>(property(value, part), name + "." + part, 1); };
  return {map("dx"), map("dy"), map("certainty")};
}

// A flow to fill.
struct NewFlow {
  Napi::Object object;
  Flow view;
};

NewFlow new_flow(Napi::Env env, int columns, int rows) {
  const auto map = [&] { return new_image<float>(env, columns, rows, 1); };
  const auto dx = map(), dy = map(), certainty = map();
  const Napi::Object flow = Napi::Object::New(env);
  flow.Set("dx", dx.object);
  flow.Set("dy", dy.object);
  flow.Set("certainty", certainty.object);
  return {flow, {dx.view, dy.view, certainty.view}};
}

}  // namespace

// (image, small) => { luma, cells, fine, coarse }
Napi::Value small_picture(const Napi::CallbackInfo& info) {
  const auto in = image_argument<std::uint8_t>(info[0], "image");
  const int small = integer_argument(info[1], "small", 1, kMaxSide / 2);
  const int width = cell_count(in.view.width, small), height = cell_count(in.view.height, small);
  const auto luma = new_image<float>(info.Env(), width, height, 1);
  const auto map = [&] { return new_image<float>(info.Env(), flow_side(width), flow_side(height), 1); };
  const auto cells = map(), fine = map(), coarse = map();
  const Napi::Object out = Napi::Object::New(info.Env());
  out.Set("luma", luma.object);
  out.Set("cells", cells.object);
  out.Set("fine", fine.object);
  out.Set("coarse", coarse.object);
  return Task::fill(info.Env(), out, {in.data}, [=] {
    autofocus::small_picture(in.view, small, {luma.view, cells.view, fine.view, coarse.view});
  });
}

// (from, to, radius, expected: { dx, dy, certainty }) => { dx, dy, certainty }
Napi::Value dense_flow(const Napi::CallbackInfo& info) {
  const auto from = image_of<float>(info[0], "from", 1);
  const auto to = image_of<float>(info[1], "to", 1);
  check_same_shape(info[1], to.view, from.view, "to");
  const int width = to.view.width, height = to.view.height;
  if (width < kFlowMinSide || height < kFlowMinSide) {
    throw expected(info[1], "sides of at least " + std::to_string(kFlowMinSide) + " px", "to", "invalid_image");
  }
  const auto radius = image_of<float>(info[2], "radius", 1);
  const FlowArgument expected = flow_argument(info[3], "expected");
  const NewFlow flow = new_flow(info.Env(), flow_side(width), flow_side(height));
  const std::initializer_list<Napi::Value> keep = {from.data,        to.data,          radius.data,
                                                   expected.dx.data, expected.dy.data, expected.certainty.data};
  return Task::fill(info.Env(), flow.object, keep, [=] {
    autofocus::dense_flow(from.view, to.view, radius.view, expected.view(), flow.view);
  });
}

// (before: { dx, dy, certainty }) => { dx, dy, certainty }
Napi::Value carried_flow(const Napi::CallbackInfo& info) {
  const FlowArgument before = flow_argument(info[0], "before");
  check_same_shape(info[0], before.dy.view, before.dx.view, "before.dy");
  check_same_shape(info[0], before.certainty.view, before.dx.view, "before.certainty");
  const NewFlow flow = new_flow(info.Env(), before.dx.view.width, before.dx.view.height);
  return Task::fill(info.Env(), flow.object, {before.dx.data, before.dy.data, before.certainty.data},
                    [=] { autofocus::carried_flow(before.view(), flow.view); });
}

// (from, to, { dx, dy }) => image
Napi::Value flow_mismatch(const Napi::CallbackInfo& info) {
  const auto from = image_of<float>(info[0], "from", 1);
  const auto to = image_of<float>(info[1], "to", 1);
  check_same_shape(info[1], to.view, from.view, "to");
  const auto dx = image_of<float>(property(info[2], "dx"), "flow.dx", 1);
  const auto dy = image_of<float>(property(info[2], "dy"), "flow.dy", 1);
  const auto out = new_image<float>(info.Env(), flow_side(to.view.width), flow_side(to.view.height), 1);
  return Task::fill(info.Env(), out.object, {from.data, to.data, dx.data, dy.data},
                    [=] { autofocus::flow_mismatch(from.view, to.view, dx.view, dy.view, out.view); });
}

// (from, to, most) => { from, to, radius }
Napi::Value equal_blur(const Napi::CallbackInfo& info) {
  const auto from = image_of<float>(info[0], "from", 1);
  const auto to = image_of<float>(info[1], "to", 1);
  check_same_shape(info[1], to.view, from.view, "to");
  const float most = static_cast<float>(number_argument(info[2], "most", 0.0, kMostEqualBlur));
  const int width = to.view.width, height = to.view.height;
  const auto from_out = new_image<float>(info.Env(), width, height, 1);
  const auto to_out = new_image<float>(info.Env(), width, height, 1);
  const auto radius = new_image<float>(info.Env(), blur_side(width), blur_side(height), 1);
  const Napi::Object alike = Napi::Object::New(info.Env());
  alike.Set("from", from_out.object);
  alike.Set("to", to_out.object);
  alike.Set("radius", radius.object);
  return Task::fill(info.Env(), alike, {from.data, to.data}, [=] {
    autofocus::equal_blur(from.view, to.view, most, from_out.view, to_out.view, radius.view);
  });
}

// (image, dx, dy, scale, into) => image
Napi::Value warp(const Napi::CallbackInfo& info) {
  return has_bytes(info[0]) ? warped<std::uint8_t>(info, warp_u8) : warped<float>(info, warp_f32);
}

// (a, b, weight) => image
Napi::Value blend(const Napi::CallbackInfo& info) {
  return has_bytes(info[0]) ? blended<std::uint8_t>(info, blend_u8) : blended<float>(info, blend_f32);
}

}  // namespace autofocus::bindings
