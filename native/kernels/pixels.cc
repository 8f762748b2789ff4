#include "kernels/pixels.h"

#include <algorithm>
#include <array>
#include <vector>

#include "kernels/bayer.h"
#include "kernels/gray.h"

namespace autofocus {
namespace {

constexpr std::array<PixelFormat, 17> kFormats = {{
    {"mono8", PixelLayout::gray, 1, 1, 0},
    {"8UC1", PixelLayout::gray, 1, 1, 0},
    {"mono16", PixelLayout::gray, 2, 2, 0},
    {"rgb8", PixelLayout::rgb, 3, 1, 0},
    {"bgr8", PixelLayout::bgr, 3, 1, 0},
    {"rgba8", PixelLayout::rgba, 4, 1, 0},
    {"bgra8", PixelLayout::bgra, 4, 1, 0},
    {"rgb16", PixelLayout::rgb, 6, 2, 0},
    {"bgr16", PixelLayout::bgr, 6, 2, 0},
    {"yuv422", PixelLayout::uyvy, 2, 1, 0},
    {"uyvy", PixelLayout::uyvy, 2, 1, 0},
    {"yuv422_yuy2", PixelLayout::yuyv, 2, 1, 0},
    {"yuyv", PixelLayout::yuyv, 2, 1, 0},
    {"bayer_rggb8", PixelLayout::bayer, 1, 1, 0},
    {"bayer_grbg8", PixelLayout::bayer, 1, 1, 1},
    {"bayer_gbrg8", PixelLayout::bayer, 1, 1, 2},
    {"bayer_bggr8", PixelLayout::bayer, 1, 1, 3},
}};

bool is_yuv(const PixelFormat& format) {
  return format.layout == PixelLayout::uyvy || format.layout == PixelLayout::yuyv;
}

const std::uint8_t* source_row(const RawFrame& frame, int y) {
  return frame.data + static_cast<std::size_t>(y) * frame.step;
}

// Value `k` of a row.
template <int Depth>
std::uint32_t value_at(const RawFrame& frame, const std::uint8_t* row, std::ptrdiff_t k) {
  if constexpr (Depth == 1) return row[k];
  const std::uint8_t* bytes = row + 2 * k;
  return frame.big_endian ? bytes[0] * 256u + bytes[1] : bytes[1] * 256u + bytes[0];
}

// A value of `From` bytes as one of T.
template <int From, typename T>
T scaled(std::uint32_t value) {
  if constexpr (From == 2 && sizeof(T) == 1) return static_cast<T>((value + 128) / 257);
  return static_cast<T>(value);
}

template <int Depth, typename T>
void gray_row(const RawFrame& frame, const std::uint8_t* row, T* to) {
  for (int x = 0; x < frame.width; ++x) to[x] = scaled<Depth, T>(value_at<Depth>(frame, row, x));
}

template <int Depth, typename T>
void colour_row(const RawFrame& frame, const std::uint8_t* row, T* rgb) {
  const PixelLayout layout = frame.format->layout;
  const int values = frame.format->bytes_per_pixel / Depth;
  const int red = layout == PixelLayout::bgr || layout == PixelLayout::bgra ? 2 : 0;
  for (int x = 0; x < frame.width; ++x, rgb += 3) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(x) * values;
    rgb[0] = scaled<Depth, T>(value_at<Depth>(frame, row, at + red));
    rgb[1] = scaled<Depth, T>(value_at<Depth>(frame, row, at + 1));
    rgb[2] = scaled<Depth, T>(value_at<Depth>(frame, row, at + 2 - red));
  }
}

std::uint8_t clipped(int scaled_value) {
  return static_cast<std::uint8_t>(std::clamp((scaled_value + 32768) >> 16, 0, 255));
}

// ITU-R BT.601, Y in 16..235, in units of 2^-16. The width is even.
void yuv_row(const RawFrame& frame, const std::uint8_t* row, std::uint8_t* rgb) {
  const int luma = frame.format->layout == PixelLayout::uyvy ? 1 : 0;
  for (int x = 0; x < frame.width; x += 2, row += 4) {
    const int u = row[1 - luma] - 128;
    const int v = row[3 - luma] - 128;
    const int red = 104597 * v, green = -25675 * u - 53279 * v, blue = 132201 * u;
    for (int k = 0; k < 2; ++k, rgb += 3) {
      const int y = 76309 * (row[luma + 2 * k] - 16);
      rgb[0] = clipped(y + red);
      rgb[1] = clipped(y + green);
      rgb[2] = clipped(y + blue);
    }
  }
}

void yuv_luma_row(const RawFrame& frame, const std::uint8_t* row, std::uint8_t* to) {
  const int luma = frame.format->layout == PixelLayout::uyvy ? 1 : 0;
  for (int x = 0; x < frame.width; ++x) to[x] = row[2 * x + luma];
}

// Row y as red, green, blue; for a format with colours.
void rgb_row(const RawFrame& frame, int y, std::uint8_t* rgb) {
  const std::uint8_t* row = source_row(frame, y);
  if (frame.format->layout == PixelLayout::bayer) {
    demosaic_row(frame.data, frame.step, frame.width, frame.height, frame.format->red_at, y, rgb);
  } else if (is_yuv(*frame.format)) {
    yuv_row(frame, row, rgb);
  } else if (frame.format->depth == 2) {
    colour_row<2>(frame, row, rgb);
  } else {
    colour_row<1>(frame, row, rgb);
  }
}

}  // namespace

const PixelFormat* find_pixel_format(const std::string& encoding) {
  const auto found =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const PixelFormat& each) { return encoding == each.name; });
  return found == kFormats.end() ? nullptr : &*found;
}

std::string pixel_format_names() {
  std::string names;
  for (const PixelFormat& format : kFormats) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

std::optional<std::string> frame_problem(const RawFrame& frame) {
  const PixelFormat& format = *frame.format;
  const std::string picture = std::to_string(frame.width) + "x" + std::to_string(frame.height) + " " + format.name;
  if (is_yuv(format) && frame.width % 2 != 0) return "Expected an even width for a frame of " + picture + ".";
  const std::size_t least = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(format.bytes_per_pixel);
  if (frame.step < least) {
    return "Expected at least " + std::to_string(least) + " bytes for the step of a frame of " + picture +
           " but received " + std::to_string(frame.step) + ".";
  }
  const std::size_t size = frame.step * static_cast<std::size_t>(frame.height);
  if (frame.size != size) {
    return "Expected step * height = " + std::to_string(size) + " bytes for the data of a frame of " + picture +
           " but received " + std::to_string(frame.size) + ".";
  }
  return std::nullopt;
}

void convert_frame(const RawFrame& frame, ImageU8 out) {
  const bool to_gray = out.channels == 1;
  std::vector<std::uint8_t> line(static_cast<std::size_t>(frame.width) * 3);
  for (int y = 0; y < frame.height; ++y) {
    const std::uint8_t* row = source_row(frame, y);
    std::uint8_t* to = out.row(y);
    if (frame.format->gray()) {
      std::uint8_t* gray = to_gray ? to : line.data();
      if (frame.format->depth == 2) {
        gray_row<2>(frame, row, gray);
      } else {
        gray_row<1>(frame, row, gray);
      }
      for (int x = 0; !to_gray && x < frame.width; ++x) std::fill_n(to + 3 * x, 3, gray[x]);
    } else if (!to_gray) {
      rgb_row(frame, y, to);
    } else if (is_yuv(*frame.format)) {
      yuv_luma_row(frame, row, to);
    } else {
      rgb_row(frame, y, line.data());
      gray_u8({line.data(), frame.width, 1, 3}, {to, frame.width, 1, 1});
    }
  }
}

void convert_frame(const RawFrame& frame, ImageU16 out) {
  for (int y = 0; y < frame.height; ++y) {
    if (frame.format->gray()) {
      gray_row<2>(frame, source_row(frame, y), out.row(y));
    } else {
      colour_row<2>(frame, source_row(frame, y), out.row(y));
    }
  }
}

}  // namespace autofocus
