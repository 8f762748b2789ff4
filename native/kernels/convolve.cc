#include "kernels/convolve.h"

#include <vector>

#include "kernels/fft.h"
#include "kernels/mirror.h"
#include "kernels/multiversion.h"

namespace autofocus {
namespace {

constexpr std::size_t kLanes = RealFft2d::kLanes;

// a *= b for spectra of the layout that fft.h describes.
AUTOFOCUS_MULTIVERSION void multiply(float* __restrict a, const float* __restrict b, std::size_t size) {
  for (std::size_t at = 0; at < size; at += 2 * kLanes) {
    for (std::size_t l = at; l < at + kLanes; ++l) {
      const float re = a[l] * b[l] - a[l + kLanes] * b[l + kLanes];
      a[l + kLanes] = a[l] * b[l + kLanes] + a[l + kLanes] * b[l];
      a[l] = re;
    }
  }
}

}  // namespace

void convolve(ConstImageF32 in, Roi roi, ConstImageF32 filter, ImageF32 out) {
  const int reach = filter.width / 2;
  const int cols = roi.width + 2 * reach;
  const int rows = roi.height + 2 * reach;
  const MirroredPatch patch(in, roi, reach, reach);
  const RealFft2d fft(power_of_two_at_least(cols), power_of_two_at_least(rows));
  std::vector<float> spectrum(fft.spectrum_size()), gain(fft.spectrum_size());
  fft.forward(patch.at(-reach, -reach), patch.stride(), cols, rows, spectrum.data());
  fft.forward(filter.data, filter.stride(), filter.width, filter.height, gain.data());
  multiply(spectrum.data(), gain.data(), spectrum.size());
  // What wraps around falls on the first 2 reach rows and columns.
  fft.inverse(spectrum.data(), nullptr, spectrum.data(), 2 * reach, 2 * reach, roi.width, roi.height, out.data,
              out.stride());
}

}  // namespace autofocus
