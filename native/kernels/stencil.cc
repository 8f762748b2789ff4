#include "kernels/stencil.h"

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

// Eight floats as GCC's and Clang's vector extension: compiled to whatever the processor has. `Unaligned` is for memory.
typedef float Vector __attribute__((vector_size(32)));
typedef float Unaligned __attribute__((vector_size(32), aligned(4), may_alias));
constexpr int kVector = 8;
// Sums kept in registers while the taps are run through. Spelled out, because GCC would otherwise interchange the loops.
constexpr int kChunk = 4 * kVector;

}  // namespace

AUTOFOCUS_MULTIVERSION void stencil(const float* at, const std::vector<Tap>& taps, float* out, std::ptrdiff_t count) {
  const Tap* const begin = taps.data();
  const Tap* const end = begin + taps.size();
  std::ptrdiff_t x = 0;
  for (; x + kChunk <= count; x += kChunk) {
    Vector a = {}, b = {}, c = {}, d = {};
    for (const Tap* tap = begin; tap != end; ++tap) {
      const Unaligned* from = reinterpret_cast<const Unaligned*>(at + x + tap->offset);
      a += tap->weight * from[0];
      b += tap->weight * from[1];
      c += tap->weight * from[2];
      d += tap->weight * from[3];
    }
    Unaligned* to = reinterpret_cast<Unaligned*>(out + x);
    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
  }
  for (; x + kVector <= count; x += kVector) {
    Vector sum = {};
    for (const Tap* tap = begin; tap != end; ++tap) {
      sum += tap->weight * *reinterpret_cast<const Unaligned*>(at + x + tap->offset);
    }
    *reinterpret_cast<Unaligned*>(out + x) = sum;
  }
  for (; x < count; ++x) {
    float sum = 0.0f;
    for (const Tap* tap = begin; tap != end; ++tap) sum += tap->weight * at[x + tap->offset];
    out[x] = sum;
  }
}

}  // namespace autofocus
