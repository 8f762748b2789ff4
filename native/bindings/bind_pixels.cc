#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/pixels.h"

namespace autofocus::bindings {
namespace {

constexpr const char* kInvalid = "invalid_image";

template <typename T>
Napi::Value convert_to(Napi::Env env, const RawFrame& frame, int channels, const Napi::Value& data) {
  const auto out = new_image<T>(env, frame.width, frame.height, channels);
  return Task::fill(env, out.object, {data}, [=] { convert_frame(frame, out.view); });
}

}  // namespace

// ({ data, width, height, encoding, step, isBigEndian }, "gray" | "rgb" | "native") => image
Napi::Value convert_pixels(const Napi::CallbackInfo& info) {
  const Napi::Value source = info[0];
  if (!source.IsObject()) throw expected(source, "a frame", "source", kInvalid);
  RawFrame frame;
  frame.width = integer_argument(property(source, "width"), "width", 1, kMaxSide, kInvalid);
  frame.height = integer_argument(property(source, "height"), "height", 1, kMaxSide, kInvalid);
  const Napi::Value step = property(source, "step");
  frame.step = static_cast<std::size_t>(integer_argument(step, "step", 1, 1 << 30, kInvalid));
  frame.big_endian = boolean_argument(property(source, "isBigEndian"), "isBigEndian");
  const Napi::Value encoding = property(source, "encoding");
  frame.format = encoding.IsString() ? find_pixel_format(encoding.As<Napi::String>().Utf8Value()) : nullptr;
  if (frame.format == nullptr) throw expected(encoding, "one of " + pixel_format_names(), "encoding", kInvalid);
  const Napi::Value to = info[1];
  const std::string wanted = to.IsString() ? to.As<Napi::String>().Utf8Value() : "";
  if (wanted != "gray" && wanted != "rgb" && wanted != "native") {
    throw expected(to, "\"gray\", \"rgb\" or \"native\"", "to");
  }
  const Napi::Value data = property(source, "data");
  if (!is_array_of<std::uint8_t>(data)) throw expected(data, array_name<std::uint8_t>(), "data", kInvalid);
  frame.data = data.As<Napi::Uint8Array>().Data();
  frame.size = data.As<Napi::Uint8Array>().ElementLength();
  if (const auto problem = frame_problem(frame)) throw coded_error(info.Env(), kInvalid, *problem);

  const bool native = wanted == "native";
  const int channels = wanted == "gray" || (native && frame.format->gray()) ? 1 : 3;
  return native && frame.format->depth == 2 ? convert_to<std::uint16_t>(info.Env(), frame, channels, data)
                                            : convert_to<std::uint8_t>(info.Env(), frame, channels, data);
}

}  // namespace autofocus::bindings
