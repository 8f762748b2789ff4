// Interpolation along stretches of a row on which source pixels follow each other as the result's do, so that everything
// is read and written side by side.
//
// R. G. Keys, Cubic Convolution Interpolation for Digital Image Processing, IEEE Trans. ASSP 29 (1981), Eq. 15.
#pragma once

#include <cstddef>

namespace autofocus {

// The functions below work on whole vectors: what they read and write must have room for this many values more than were
// asked for. What they leave there means nothing.
constexpr int kSpare = 8;

// Where the pixels of a stretch lie between those of the source: at `start`, 0..1, and by `slope` further each pixel.
struct Between {
  float start;
  float slope;
};

// The four rows (cubic) or two rows (linear) around a row, at the first of the pixels that make up the first result.
struct SourceRows {
  const float* row[4];
};

// `count` pixels along one row: result i lies between the source pixels i + 1 and i + 2 (cubic), or i and i + 1 (linear).
void cubic_along(const float* from, int channels, Between along, int count, float* out);
void linear_along(const float* from, int channels, Between along, int count, float* out);

// The same across rows as well: between the second and the third row (cubic), or the first and the second (linear).
void cubic_within(const SourceRows& rows, int channels, Between along, Between across, int count, float* out);
void linear_within(const SourceRows& rows, int channels, Between along, Between across, int count, float* out);

// `count` values between whole rows.
void cubic_rows(const SourceRows& rows, float across, std::ptrdiff_t count, float* out);
void linear_rows(const SourceRows& rows, float across, std::ptrdiff_t count, float* out);

}  // namespace autofocus
