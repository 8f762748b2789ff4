// Random numbers that a seed repeats exactly, on every machine.
#pragma once

#include <cmath>
#include <cstdint>

namespace autofocus {

// SplitMix64 (Steele, Lea and Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // Standard normal deviates, made in pairs (Box and Muller 1958).
  float normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const std::uint64_t bits = next();
    // Uniform in (0, 1] and [0, 1).
    const float u = (static_cast<float>(bits >> 40) + 1.0f) * 0x1p-24f;
    const float v = static_cast<float>((bits & 0xffffffu)) * 0x1p-24f;
    const float radius = std::sqrt(-2.0f * std::log(u));
    const float angle = 6.283185307f * v;
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

 private:
  std::uint64_t state_;
  float spare_ = 0.0f;
  bool has_spare_ = false;
};

}  // namespace autofocus
