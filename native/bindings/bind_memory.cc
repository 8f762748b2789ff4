#include "bindings/bindings.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace autofocus::bindings {

// () => nothing
Napi::Value keep_memory(const Napi::CallbackInfo& info) {
#ifdef __GLIBC__
  // The largest that glibc takes: larger blocks are mapped and unmapped each time.
  constexpr int kMapped = 32 << 20, kKept = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kMapped);
  mallopt(M_TRIM_THRESHOLD, kKept);
  // What one thread frees, others are to use.
  mallopt(M_ARENA_MAX, 1);
#endif
  return info.Env().Undefined();
}

}  // namespace autofocus::bindings
