// What the test driver checks with, and the pictures it checks on.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "kernels/image_view.h"

namespace autofocus::test {

inline void check(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  std::exit(1);
}

// A picture that owns its memory, exactly as large as its pixels, so that the sanitizer sees every step outside.
template <typename T>
class Picture {
 public:
  Picture(int width, int height, int channels)
      : width_(width), height_(height), channels_(channels), values_(view(nullptr).size()) {}

  ImageView<T> view() { return view(values_.data()); }
  ImageView<const T> view() const { return {values_.data(), width_, height_, channels_}; }
  std::vector<T>& values() { return values_; }
  const std::vector<T>& values() const { return values_; }
  std::string size() const {
    return std::to_string(width_) + "x" + std::to_string(height_) + "x" + std::to_string(channels_);
  }

 private:
  ImageView<T> view(T* data) const { return {data, width_, height_, channels_}; }

  int width_;
  int height_;
  int channels_;
  std::vector<T> values_;
};

// Repeats itself: mt19937's values are the same everywhere.
inline std::mt19937& generator() {
  static std::mt19937 instance(20);
  return instance;
}

inline int below(int n) { return static_cast<int>(generator()() % static_cast<unsigned>(n)); }

inline Picture<float> noise_f32(int width, int height, int channels) {
  Picture<float> picture(width, height, channels);
  for (float& value : picture.values()) value = static_cast<float>(generator()() >> 8) * 0x1p-24f;
  return picture;
}

template <typename T>
Picture<T> noise(int width, int height, int channels) {
  Picture<T> picture(width, height, channels);
  for (T& value : picture.values()) value = static_cast<T>(generator()());
  return picture;
}

inline double farthest(const std::vector<float>& a, const std::vector<float>& b) {
  check(a.size() == b.size(), "pictures of one size");
  double most = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double difference = std::fabs(static_cast<double>(a[k]) - b[k]);
    if (!(difference <= most)) most = std::isnan(difference) ? INFINITY : difference;
  }
  return most;
}

inline void check_close(const std::vector<float>& a, const std::vector<float>& b, double tolerance,
                        const std::string& what) {
  const double difference = farthest(a, b);
  check(difference <= tolerance, what + ": off by " + std::to_string(difference));
}

// Sizes that break what only works for round ones.
inline constexpr int kSizes[][2] = {{1, 1}, {1, 7}, {9, 1}, {2, 2}, {3, 5}, {17, 13}, {40, 33}, {131, 9}, {210, 150}};

void test_blur();
void test_fft();
void test_pixels();
void test_pictures();
void test_focus();
void test_fusion();
void test_registration();
void test_video();

}  // namespace autofocus::test
