#include "kernels/stencil.h"

#include "kernels/multiversion.h"
#include "kernels/vector8.h"

namespace autofocus {
namespace {

// Sums kept in registers while the taps are run through. Spelled out, because GCC would otherwise interchange the loops.
constexpr int kChunk = 4 * kFloat8;

}  // namespace

AUTOFOCUS_MULTIVERSION void stencil(const float* at, const std::vector<Tap>& taps, float* out, std::ptrdiff_t count) {
  const Tap* const begin = taps.data();
  const Tap* const end = begin + taps.size();
  std::ptrdiff_t x = 0;
  for (; x + kChunk <= count; x += kChunk) {
    Float8 a = {}, b = {}, c = {}, d = {};
    for (const Tap* tap = begin; tap != end; ++tap) {
      const Float8Memory* from = reinterpret_cast<const Float8Memory*>(at + x + tap->offset);
      a += tap->weight * from[0];
      b += tap->weight * from[1];
      c += tap->weight * from[2];
      d += tap->weight * from[3];
    }
    Float8Memory* to = reinterpret_cast<Float8Memory*>(out + x);
    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
  }
  for (; x + kFloat8 <= count; x += kFloat8) {
    Float8 sum = {};
    for (const Tap* tap = begin; tap != end; ++tap) {
      sum += tap->weight * *reinterpret_cast<const Float8Memory*>(at + x + tap->offset);
    }
    *reinterpret_cast<Float8Memory*>(out + x) = sum;
  }
  for (; x < count; ++x) {
    float sum = 0.0f;
    for (const Tap* tap = begin; tap != end; ++tap) sum += tap->weight * at[x + tap->offset];
    out[x] = sum;
  }
}

}  // namespace autofocus
