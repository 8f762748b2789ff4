// Blur by a disk of any radius (paper 1, Eq. 1 and 4), mirrored borders.
//
// Two ways that agree to float precision; the cheaper one is taken:
//  - direct: every column of the disk is one difference of two vertical prefix sums plus its partly covered edge
//    pixels, about 12 r additions a pixel;
//  - Fourier: overlap-save tiles, whose cost hardly depends on r. The filter is even, so its transform is real.
#pragma once

#include <memory>
#include <vector>

#include "kernels/disk_kernel.h"
#include "kernels/fft.h"
#include "kernels/image_view.h"
#include "kernels/mirror.h"

namespace autofocus {

enum class DiskMethod { automatic, direct, fourier };

// A part of a picture, made ready to be blurred many times by disks up to a largest radius. Copies what it needs.
class DiskBlurrer {
 public:
  // `roi` lies within the picture, 0 <= max_radius <= kMaxDiskRadius. Values must be finite.
  DiskBlurrer(ConstImageF32 in, Roi roi, double max_radius, DiskMethod method = DiskMethod::automatic);

  int width() const { return roi_.width; }
  int height() const { return roi_.height; }
  int channels() const { return channels_; }
  double max_radius() const { return max_radius_; }
  // Bytes held.
  std::size_t memory() const;

  // Blurs by a disk of `radius` <= max_radius(); `out` has the roi's size and channels. May run on several threads.
  void blur(double radius, ImageF32 out) const;

 private:
  void blur_direct(const DiskKernel& kernel, ImageF32 out) const;
  void blur_fourier(const DiskKernel& kernel, ImageF32 out) const;
  double direct_cost(int reach) const;
  double fourier_cost() const;
  void choose_tiles();
  void transform_tiles();

  Roi roi_;
  int channels_;
  double max_radius_;
  DiskMethod method_;
  int reach_;
  MirroredPatch patch_;
  float least_;
  float most_;
  // Overlap-save: size of the transforms, outputs a tile has, and the spectra of all tiles and channels (none when
  // never worth it).
  int fft_width_ = 0;
  int fft_height_ = 0;
  int tile_width_ = 0;
  int tile_height_ = 0;
  std::unique_ptr<const RealFft2d> fft_;
  std::vector<std::vector<float>> spectra_;
};

// One blur of the part `roi` of a picture.
void disk_blur(ConstImageF32 in, Roi roi, double radius, ImageF32 out);

}  // namespace autofocus
