// The alignment of frames.
#include "kernels/registration/align.h"
#include "kernels/registration/features.h"
#include "kernels/registration/gain.h"
#include "kernels/registration/normal_equations.h"
#include "test/check.h"

namespace autofocus::test {
namespace {

void compared(const Picture<float>& in, const Affine& matrix) {
  const ConstImageF32 view = in.view();
  const Blurs blurs{view, view, view};
  const NormalEquations found = normal_equations(blurs, blurs, matrix, 10.0);
  for (const double value : found.hessian) check(std::isfinite(value), "a finite Hessian, " + in.size());
  check(std::fabs(found.correlation) <= 1.0 + 1e-6, "a correlation, " + in.size());
}

void aligned(const Picture<float>& in) {
  const ConstImageF32 view = in.view();
  const Blurs blurs{view, view, view};
  const FrameSize frame{view.width, view.height};
  const std::vector<LevelPair> levels{{1, blurs, blurs}};
  const Similarity far{1.1, 0.1, 1e3, -3.0};
  // What lies beside itself shows no gain from moving.
  const Gain gain = gain_of(levels[0], frame, {1.01, 0.0, 0.5, 0.5});
  check(!gain.certain && gain.before <= 1.0 + 1e-6 && gain.after <= gain.before + 1e-6, "no gain, " + in.size());
  const Similarity found = align(levels, frame, {far, {}}, {0.02, 1.0}, true);
  check(std::isfinite(found.along) && std::isfinite(found.dx), "a map, " + in.size());
  // Too small, it has nothing within its borders.
  if (std::min(view.width, view.height) >= 24) {
    check(corner_distance(found, {}, frame) < 0.01, "a frame that lies over itself, " + in.size());
  }
}

template <typename T>
void featured(const Picture<T>& in) {
  const auto [width, height] = std::pair{in.view().width, in.view().height};
  const std::vector<LevelSize> sizes = level_sizes(width, height, 64, 16);
  std::vector<std::vector<Picture<float>>> pictures;
  std::vector<BlursOut> out;
  for (const LevelSize& size : sizes) {
    check(size.width >= 1 && std::max(size.width, size.height) <= 64, "a level's size, " + in.size());
    pictures.emplace_back(kBlurs, Picture<float>(size.width, size.height, 1));
    out.push_back({pictures.back()[0].view(), pictures.back()[1].view(), pictures.back()[2].view()});
  }
  for (const double energy : feature_levels(in.view(), sizes, out)) {
    check(std::isfinite(energy), "a finite energy, " + in.size());
  }
  for (const auto& blurs : pictures) {
    for (const auto& picture : blurs) {
      for (const float value : picture.values()) check(std::isfinite(value), "a finite feature, " + in.size());
    }
  }
}

}  // namespace

void test_registration() {
  for (const auto& [width, height] : kSizes) {
    const Picture<float> in = noise_f32(width, height, 1);
    for (const Affine& matrix : {Affine{1, 0, 0, 0, 1, 0}, Affine{1.1, 0, -3.2, 0, 1.1, 4.4},
                                 Affine{0.9, -0.1, 2, 0.1, 0.9, -7}, Affine{1e6, -1e6, 1e6, 1e6, 1e6, -1e6}}) {
      compared(in, matrix);
    }
    featured(in);
    featured(noise<std::uint8_t>(width, height, 3));
    featured(noise<std::uint16_t>(width, height, 3));
    const Picture<float> flat(width, height, 1);
    featured(flat);
    compared(flat, {1, 0, 0, 0, 1, 0});
    aligned(in);
  }
}

}  // namespace autofocus::test
