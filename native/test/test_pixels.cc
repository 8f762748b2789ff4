#include <sstream>

#include "kernels/pixels.h"
#include "test/check.h"

namespace autofocus::test {
namespace {

std::vector<std::string> names() {
  std::vector<std::string> all;
  std::stringstream list(pixel_format_names());
  for (std::string name; std::getline(list >> std::ws, name, ',');) all.push_back(name);
  return all;
}

void convert(const RawFrame& frame) {
  for (const int channels : {1, 3}) {
    Picture<std::uint8_t> out(frame.width, frame.height, channels);
    convert_frame(frame, out.view());
  }
  if (frame.format->depth == 2) {
    Picture<std::uint16_t> out(frame.width, frame.height, frame.format->gray() ? 1 : 3);
    convert_frame(frame, out.view());
  }
}

}  // namespace

void test_pixels() {
  for (const std::string& name : names()) {
    const PixelFormat* format = find_pixel_format(name);
    check(format != nullptr, "there is a format " + name);
    for (const auto& [width, height] : kSizes) {
      for (const int padding : {0, 1, 13}) {
        const std::size_t step = static_cast<std::size_t>(width * format->bytes_per_pixel + padding);
        std::vector<std::uint8_t> data(step * static_cast<std::size_t>(height));
        for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>(below(256));
        RawFrame frame{data.data(), data.size(), width, height, format, step, below(2) == 1};
        if (!frame_problem(frame)) convert(frame);
        frame.size -= 1;
        check(frame_problem(frame).has_value(), name + ": a byte too few is a problem");
        frame.size += 1;
        frame.step = step - static_cast<std::size_t>(padding) - 1;
        check(frame_problem(frame).has_value(), name + ": a step too short is a problem");
      }
    }
  }
  check(find_pixel_format("jpeg") == nullptr, "there is no other format");
}

}  // namespace autofocus::test
