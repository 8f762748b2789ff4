// Rows of a picture as luma of ITU-R BT.601, for kernels that compute with it. See gray.h for whole pictures.
#pragma once

#include <cstdint>

namespace autofocus {

// Times `scale`; one channel is luma already. `width` values, whatever the channels, 1 or 3.
void luma_row(const std::uint8_t* row, int width, int channels, float scale, float* out);
void luma_row(const std::uint16_t* row, int width, int channels, float scale, float* out);
void luma_row(const float* row, int width, int channels, float scale, float* out);

}  // namespace autofocus
