#include <algorithm>
#include <thread>

#include "kernels/defocus/render_defocus.h"
#include "kernels/disk_blur.h"
#include "kernels/gaussian_blur.h"
#include "test/check.h"

namespace autofocus::test {
namespace {

Picture<float> blurred(const DiskBlurrer& blurrer, double radius) {
  Picture<float> out(blurrer.width(), blurrer.height(), blurrer.channels());
  blurrer.blur(radius, out.view());
  return out;
}

void both_ways_agree(const Picture<float>& in, Roi roi, double radius) {
  const DiskBlurrer direct(in.view(), roi, radius, DiskMethod::direct);
  const DiskBlurrer fourier(in.view(), roi, radius, DiskMethod::fourier);
  const DiskBlurrer larger(in.view(), roi, std::min(radius * 1.7 + 1.0, kMaxDiskRadius), DiskMethod::fourier);
  const Picture<float> expected = blurred(direct, radius);
  const std::string what = "disk " + std::to_string(radius) + " on " + in.size();
  check_close(expected.values(), blurred(fourier, radius).values(), 1e-5, what);
  check_close(expected.values(), blurred(larger, radius).values(), 1e-5, what + ", prepared for more");
}

void render(const Picture<float>& in) {
  const ConstImageF32 view = in.view();
  Picture<std::uint8_t> layers(view.width, view.height, 1);
  for (std::uint8_t& layer : layers.values()) layer = static_cast<std::uint8_t>(below(6));
  Picture<float> out(view.width, view.height, view.channels);
  const Picture<std::uint8_t>& fixed = layers;
  render_defocus(view, fixed.view(), {3.0, 0.0, 7.7, 1.2, 0.6, 25.0}, out.view());
  const auto [least, most] = std::minmax_element(out.values().begin(), out.values().end());
  check(*least >= -1e-5f && *most <= 1.0f + 1e-5f, "rendering stays within the values of " + in.size());
}

}  // namespace

void test_blur() {
  for (const auto& [width, height] : kSizes) {
    for (const int channels : {1, 3}) {
      const Picture<float> in = noise_f32(width, height, channels);
      const Roi whole{0, 0, width, height};
      const int x = below(width), y = below(height);
      const Roi part{x, y, 1 + below(width - x), 1 + below(height - y)};
      for (const double radius : {0.0, 0.5, 0.500001, 1.0, 3.7, 20.2, 64.5}) {
        both_ways_agree(in, whole, radius);
        both_ways_agree(in, part, radius);
      }
      for (const double sigma : {0.0, 0.2, 5.5}) {
        Picture<float> out(part.width, part.height, channels);
        gaussian_blur(in.view(), part, sigma, out.view());
      }
      render(in);
    }
  }
  both_ways_agree(noise_f32(30, 20, 1), {0, 0, 30, 20}, kMaxDiskRadius);

  // One prepared picture serves several threads.
  const Picture<float> in = noise_f32(150, 120, 3);
  const DiskBlurrer shared(in.view(), {0, 0, 150, 120}, 30.0, DiskMethod::fourier);
  const Picture<float> alone = blurred(shared, 22.0);
  std::vector<std::thread> threads;
  for (int k = 0; k < 3; ++k) {
    threads.emplace_back([&] { check_close(alone.values(), blurred(shared, 22.0).values(), 0.0, "threads"); });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace autofocus::test
