// One source, two instruction sets: on x86-64 Linux a function marked AUTOFOCUS_MULTIVERSION is compiled twice,
// for the baseline and for processors with AVX and FMA, and the loader picks one. Everywhere else (arm64, macOS,
// musl, sanitizer builds) the mark is empty and the same source is compiled once for the baseline.
#pragma once

#include <cstddef>  // says whether this is glibc

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__gnu_linux__) && \
    defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define AUTOFOCUS_MULTIVERSION __attribute__((target_clones("fma", "default")))
#else
#define AUTOFOCUS_MULTIVERSION
#endif
