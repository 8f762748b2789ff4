// Reads and checks what JavaScript passes in. A wrong value throws a JavaScript error with a `code`, which the facade
// (src/core/native/addon.ts) turns into an AutofocusError.
#pragma once

#include <napi.h>

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

#include "kernels/image_view.h"

namespace autofocus::bindings {

// Same limit as MAX_SIDE in src/core/image.ts.
constexpr int kMaxSide = 32768;

// A JavaScript error with `code` set.
Napi::Error coded_error(Napi::Env env, const std::string& code, const std::string& message);

// "Expected X for Y but received Z", code `invalid_input` unless said otherwise.
Napi::Error expected(const Napi::Value& received, const std::string& what, const std::string& name,
                     const std::string& code = "invalid_input");

// A finite number within [low, high].
double number_argument(const Napi::Value& value, const std::string& name, double low, double high);
// A whole number within [low, high].
int integer_argument(const Napi::Value& value, const std::string& name, int low, int high,
                     const std::string& code = "invalid_input");
bool boolean_argument(const Napi::Value& value, const std::string& name);
// Whether a choice between two words fell on the first.
bool is_first_of_two(const Napi::Value& value, const std::string& name, const std::string& first,
                     const std::string& second);

// A property of an options object; undefined where the object is undefined.
Napi::Value property(const Napi::Value& object, const char* name);

// An affine map: six numbers.
std::array<double, 6> matrix_argument(const Napi::Value& value);

// The region named by `value`, which must lie within the picture; the whole picture where it is undefined.
Roi roi_argument(const Napi::Value& value, int width, int height);

template <typename T>
constexpr const char* array_name() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return "a Uint8Array";
  if constexpr (std::is_same_v<T, std::uint16_t>) return "a Uint16Array";
  if constexpr (std::is_same_v<T, float>) return "a Float32Array";
}

template <typename T>
bool is_array_of(const Napi::Value& value) {
  if (!value.IsTypedArray()) return false;
  const napi_typedarray_type type = value.As<Napi::TypedArray>().TypedArrayType();
  if constexpr (std::is_same_v<T, std::uint8_t>) return type == napi_uint8_array;
  if constexpr (std::is_same_v<T, std::uint16_t>) return type == napi_uint16_array;
  if constexpr (std::is_same_v<T, float>) return type == napi_float32_array;
}

// Width, height and channels of an image object.
struct Shape {
  int width;
  int height;
  int channels;
};
Shape shape_argument(const Napi::Value& value, const std::string& name);
// That a picture of this shape has `length` values.
void check_length(Napi::Env env, const Shape& shape, const std::string& name, std::size_t length);

// A picture handed in: its pixels, and the typed array that owns them, for Task to keep alive.
template <typename T>
struct ImageArgument {
  ImageView<const T> view;
  Napi::Value data;
};

template <typename T>
ImageArgument<T> image_argument(const Napi::Value& value, const std::string& name) {
  const Shape shape = shape_argument(value, name);
  const Napi::Value data = value.As<Napi::Object>().Get("data");
  if (!is_array_of<T>(data)) throw expected(data, array_name<T>(), name + ".data", "invalid_image");
  const auto array = data.As<Napi::TypedArrayOf<T>>();
  check_length(value.Env(), shape, name, array.ElementLength());
  return {{array.Data(), shape.width, shape.height, shape.channels}, data};
}

// Calls `function` with the picture handed in, whatever its values are.
template <typename Function>
Napi::Value with_picture(const Napi::Value& value, const std::string& name, Function function) {
  const Napi::Value data = value.IsObject() ? property(value, "data") : value;
  if (is_array_of<std::uint8_t>(data)) return function(image_argument<std::uint8_t>(value, name));
  if (is_array_of<std::uint16_t>(data)) return function(image_argument<std::uint16_t>(value, name));
  return function(image_argument<float>(value, name));
}

// A new picture object whose pixels are zero, and a view of its memory.
template <typename T>
struct NewImage {
  Napi::Object object;
  ImageView<T> view;
};

template <typename T>
NewImage<T> new_image(Napi::Env env, int width, int height, int channels) {
  const ImageView<T> empty{nullptr, width, height, channels};
  auto array = Napi::TypedArrayOf<T>::New(env, empty.size());
  Napi::Object object = Napi::Object::New(env);
  object.Set("width", width);
  object.Set("height", height);
  object.Set("channels", channels);
  object.Set("data", array);
  return {object, {array.Data(), width, height, channels}};
}

}  // namespace autofocus::bindings
