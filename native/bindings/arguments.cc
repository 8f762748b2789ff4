#include "bindings/arguments.h"

#include <cmath>
#include <sstream>

namespace autofocus::bindings {
namespace {

// A value as error messages show it, in the manner of src/core/errors.ts.
std::string show(const Napi::Value& value) {
  if (value.IsString()) {
    const std::string text = value.As<Napi::String>().Utf8Value();
    return "\"" + (text.size() > 60 ? text.substr(0, 57) + "..." : text) + "\"";
  }
  if (value.IsNumber() || value.IsBoolean() || value.IsNull() || value.IsUndefined()) {
    return value.ToString().Utf8Value();
  }
  if (value.IsFunction()) return "a function";
  if (value.IsArray()) return "an array of " + std::to_string(value.As<Napi::Array>().Length());
  if (value.IsTypedArray()) return "a typed array of another kind";
  return value.IsObject() ? "an object" : "a value of another type";
}

std::string between(double low, double high, const char* kind) {
  std::ostringstream text;
  text << kind << " from " << low << " to " << high;
  return text.str();
}

}  // namespace

Napi::Error coded_error(Napi::Env env, const std::string& code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

Napi::Error expected(const Napi::Value& received, const std::string& what, const std::string& name,
                     const std::string& code) {
  return coded_error(received.Env(), code,
                     "Expected " + what + " for " + name + " but received " + show(received) + ".");
}

double number_argument(const Napi::Value& value, const std::string& name, double low, double high) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (!(number >= low && number <= high)) throw expected(value, between(low, high, "a number"), name);
  return number;
}

int integer_argument(const Napi::Value& value, const std::string& name, int low, int high, const std::string& code) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (!(number >= low && number <= high && number == std::floor(number))) {
    throw expected(value, between(low, high, "an integer"), name, code);
  }
  return static_cast<int>(number);
}

bool boolean_argument(const Napi::Value& value, const std::string& name) {
  if (!value.IsBoolean()) throw expected(value, "true or false", name);
  return value.As<Napi::Boolean>().Value();
}

bool is_first_of_two(const Napi::Value& value, const std::string& name, const std::string& first,
                     const std::string& second) {
  const std::string text = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  if (text != first && text != second) throw expected(value, "\"" + first + "\" or \"" + second + "\"", name);
  return text == first;
}

Napi::Value property(const Napi::Value& object, const char* name) {
  if (object.IsUndefined()) return object;
  if (!object.IsObject()) throw expected(object, "an object", "options");
  return object.As<Napi::Object>().Get(name);
}

std::array<double, 6> matrix_argument(const Napi::Value& value) {
  // Guards against overflow far outside every picture.
  constexpr double kLargestEntry = 1e6;
  if (!value.IsArray() || value.As<Napi::Array>().Length() != 6) throw expected(value, "six numbers", "matrix");
  std::array<double, 6> matrix;
  for (uint32_t k = 0; k < 6; ++k) {
    matrix[k] = number_argument(value.As<Napi::Array>().Get(k), "matrix[" + std::to_string(k) + "]", -kLargestEntry,
                                kLargestEntry);
  }
  return matrix;
}

Roi roi_argument(const Napi::Value& value, int width, int height) {
  if (value.IsUndefined()) return {0, 0, width, height};
  if (!value.IsObject()) throw expected(value, "a region", "roi");
  const auto side = [&](const char* name, int low, int high) {
    return integer_argument(value.As<Napi::Object>().Get(name), std::string("roi.") + name, low, high);
  };
  const int x = side("x", 0, width - 1);
  const int y = side("y", 0, height - 1);
  return {x, y, side("width", 1, width - x), side("height", 1, height - y)};
}

Shape shape_argument(const Napi::Value& value, const std::string& name) {
  if (!value.IsObject()) throw expected(value, "a picture", name, "invalid_image");
  const Napi::Object object = value.As<Napi::Object>();
  const int width = integer_argument(object.Get("width"), name + ".width", 1, kMaxSide, "invalid_image");
  const int height = integer_argument(object.Get("height"), name + ".height", 1, kMaxSide, "invalid_image");
  const Napi::Value channels = object.Get("channels");
  const int count = integer_argument(channels, name + ".channels", 1, 3, "invalid_image");
  if (count == 2) throw expected(channels, "1 or 3", name + ".channels", "invalid_image");
  return {width, height, count};
}

void check_length(Napi::Env env, const Shape& shape, const std::string& name, std::size_t length) {
  const auto [width, height, channels] = shape;
  const std::size_t needed =
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(channels);
  if (needed == length) return;
  throw coded_error(env, "invalid_image",
                    "Expected " + std::to_string(needed) + " values for " + name + ", a " + std::to_string(width) +
                        "x" + std::to_string(height) + "x" + std::to_string(channels) + " picture, but received " +
                        std::to_string(length) + ".");
}

}  // namespace autofocus::bindings
