// One source, two instruction sets: on x86-64 Linux a function marked AUTOFOCUS_MULTIVERSION is compiled twice, for the
// baseline and for processors with AVX2 and FMA (AVX and FMA with compilers that cannot tell those apart), and the loader
// picks one. Everywhere else (arm64, macOS, musl, sanitizer builds) the mark is empty and the same source is compiled once
// for the baseline.
//
// What such a function calls is compiled for the baseline, unless it is inlined: AUTOFOCUS_INLINE.
#pragma once

#include <cstddef>  // says whether this is glibc

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__gnu_linux__) && \
    defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#if __GNUC__ >= 12
#define AUTOFOCUS_MULTIVERSION __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define AUTOFOCUS_MULTIVERSION __attribute__((target_clones("fma", "default")))
#endif
#else
#define AUTOFOCUS_MULTIVERSION
#endif

#define AUTOFOCUS_INLINE inline __attribute__((always_inline))
