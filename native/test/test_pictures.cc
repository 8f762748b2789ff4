// Resampling, tone, gray, window filters and spectra.
#include "kernels/box_filter.h"
#include "kernels/gray.h"
#include "kernels/guided_filter.h"
#include "kernels/resample.h"
#include "kernels/ring_spectrum.h"
#include "kernels/tone.h"
#include "test/check.h"

namespace autofocus::test {
namespace {

void resampled(const Picture<float>& in) {
  const ConstImageF32 view = in.view();
  for (const Filter filter : {Filter::bilinear, Filter::bicubic}) {
    for (const Border border : {Border::mirror, Border::replicate}) {
      Picture<float> same(view.width, view.height, view.channels);
      resample(view, {1, 0, 0, 0, 1, 0}, filter, border, same.view());
      check_close(in.values(), same.values(), 0.0, "resampling by the identity");
      Picture<float> out(23, 11, view.channels), sheared(23, 11, view.channels);
      resample(view, {0.7, 0, -3.3, 0, 1.9, 2.2}, filter, border, out.view());
      // The least shear there is takes the other way and must give the same.
      resample(view, {0.7, 1e-12, -3.3, 0, 1.9, 2.2}, filter, border, sheared.view());
      check_close(out.values(), sheared.values(), 1e-5, "resampling along axes and in general");
      resample(view, {1e6, -1e6, 1e6, 1e6, 1e6, -1e6}, filter, border, out.view());
    }
  }
}

template <typename T>
void resampled_stored(const Picture<T>& in) {
  const ImageView<const T> view = in.view();
  Picture<T> out(23, 11, view.channels);
  for (const std::array<double, 6>& matrix :
       {std::array<double, 6>{0.7, 0, -3.3, 0, 1.9, 2.2}, {1.01, 0.3, -3.3, -0.3, 1.01, 2.2}, {1e6, -1e6, 1e6, 1e6, 1e6, -1e6}}) {
    for (const Filter filter : {Filter::bilinear, Filter::bicubic}) {
      resample(view, matrix, filter, Border::mirror, out.view());
    }
  }
}

void windowed(const Picture<float>& in) {
  const ConstImageF32 view = in.view();
  for (const int radius : {0, 1, 8, 300}) {
    Picture<float> out(view.width, view.height, view.channels);
    box_filter(view, radius, WindowBorder::shrink, out.view());
    box_filter(view, radius, WindowBorder::replicate, out.view());
    if (view.channels == 1) guided_filter(view, view, radius, 0.01, out.view());
  }
}

void toned(int width, int height, int channels) {
  const Picture<std::uint8_t> bytes = noise<std::uint8_t>(width, height, channels);
  const Picture<std::uint16_t> words = noise<std::uint16_t>(width, height, channels);
  Picture<float> light(width, height, channels);
  linearise(words.view(), 2.2, light.view());
  linearise(bytes.view(), 2.2, light.view());
  Picture<std::uint8_t> exposed(width, height, channels);
  const Picture<float>& fixed = light;
  expose(fixed.view(), {1.0, 2.2, 0.0, 0.0, 1}, exposed.view());
  check(exposed.values() == bytes.values(), "exposing undoes linearising");
  light.values()[0] = NAN;
  expose(fixed.view(), {3.0, 0.3, 50.0, 0.1, 1}, exposed.view());
  Picture<std::uint8_t> gray(width, height, 1);
  gray_u8(bytes.view(), gray.view());
  Picture<float> gray_light(width, height, 1);
  gray_f32(bytes.view(), gray_light.view());
}

}  // namespace

void test_pictures() {
  for (const auto& [width, height] : kSizes) {
    for (const int channels : {1, 3}) {
      const Picture<float> in = noise_f32(width, height, channels);
      resampled(in);
      resampled_stored(noise<std::uint8_t>(width, height, channels));
      resampled_stored(noise<std::uint16_t>(width, height, channels));
      windowed(in);
      toned(width, height, channels);
    }
  }
  const Picture<std::uint8_t> gray = noise<std::uint8_t>(150, 140, 1);
  for (const int side : {32, 64, 128}) {
    std::vector<float> features(static_cast<std::size_t>(kRingFeatures));
    ring_spectrum(gray.view(), {150 - side, 140 - side, side, side}, features.data());
    for (const float value : features) check(std::isfinite(value), "ring spectra are finite");
  }
}

}  // namespace autofocus::test
