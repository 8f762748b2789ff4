// Eight floats at a time, as GCC's and Clang's vector extension: compiled to whatever the processor has. Handed over by
// reference, since by value they travel differently on every processor.
#pragma once

#include "kernels/multiversion.h"

namespace autofocus {

typedef float Float8 __attribute__((vector_size(32)));
// The same in memory, which need not be aligned.
typedef float Float8Memory __attribute__((vector_size(32), aligned(4), may_alias));
constexpr int kFloat8 = 8;
constexpr Float8 kCount8 = {0, 1, 2, 3, 4, 5, 6, 7};

// For code that is written once for one float and for eight.
AUTOFOCUS_INLINE void load(const float* from, float& value) { value = *from; }
AUTOFOCUS_INLINE void load(const float* from, Float8& values) {
  values = *reinterpret_cast<const Float8Memory*>(from);
}
AUTOFOCUS_INLINE void store(const float& value, float* to) { *to = value; }
AUTOFOCUS_INLINE void store(const Float8& values, float* to) {
  *reinterpret_cast<Float8Memory*>(to) = values;
}

}  // namespace autofocus
