// The inner loop of every direct convolution here: a weighted sum of shifted copies of a row.
#pragma once

#include <cstddef>
#include <vector>

namespace autofocus {

struct Tap {
  std::ptrdiff_t offset;
  float weight;
};

// out[x] = sum over taps of weight * at[x + offset], for x = 0 .. count - 1.
void stencil(const float* at, const std::vector<Tap>& taps, float* out, std::ptrdiff_t count);

}  // namespace autofocus
