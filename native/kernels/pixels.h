// Raw frames as sensor_msgs/Image carries them, to pictures: any of the encodings below, rows padded to `step` bytes,
// 16-bit values in either byte order.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "kernels/image_view.h"

namespace autofocus {

enum class PixelLayout { gray, rgb, bgr, rgba, bgra, uyvy, yuyv, bayer };

struct PixelFormat {
  const char* name;
  PixelLayout layout;
  int bytes_per_pixel;
  // Bytes of one value.
  int depth;
  // For a Bayer pattern, the place of red within a 2x2 cell: row * 2 + column. Blue is opposite.
  int red_at;

  bool gray() const { return layout == PixelLayout::gray; }
};

// The format of that name; null when there is none. YUV 4:2:2 goes by its old names (yuv422, yuv422_yuy2) and its new
// ones (uyvy, yuyv).
const PixelFormat* find_pixel_format(const std::string& encoding);
// All names, separated by commas.
std::string pixel_format_names();

struct RawFrame {
  const std::uint8_t* data;
  std::size_t size;
  int width;
  int height;
  const PixelFormat* format;
  // Bytes from one row to the next.
  std::size_t step;
  bool big_endian;
};

// What does not fit together in a frame, or nothing.
std::optional<std::string> frame_problem(const RawFrame& frame);

// 8 bits, one or three channels as `out` has. Wider values are scaled and rounded. Gray is the luma of gray.h; of YUV
// it is Y as it stands, and colours follow BT.601 with Y in 16..235, both as OpenCV and ROS image tools do it. Bayer
// patterns are interpolated bilinearly, mirrored about the edge pixels.
void convert_frame(const RawFrame& frame, ImageU8 out);

// 16 bits as they are, in the channels the format has (a format with depth 2).
void convert_frame(const RawFrame& frame, ImageU16 out);

}  // namespace autofocus
