// The alignment of frames.
#include "kernels/registration/compare.h"
#include "kernels/registration/correlate.h"
#include "kernels/registration/features.h"
#include "test/check.h"

namespace autofocus::test {
namespace {

void compared(const Picture<float>& in, const Affine& matrix) {
  const ConstImageF32 view = in.view();
  const Blurs blurs{view, view, view};
  Picture<float> agreement(view.width / kCompareCell, view.height / kCompareCell, 1);
  Picture<float> strength(view.width / kCompareCell, view.height / kCompareCell, 1);
  const NormalEquations found = compare(blurs, blurs, matrix, 10.0, agreement.view(), strength.view());
  for (const double value : found.hessian) check(std::isfinite(value), "a finite Hessian, " + in.size());
  for (const float value : agreement.values()) check(value >= 0.0f && value <= 1.0f, "an agreement, " + in.size());
  check(std::fabs(correlate(view, view, matrix)) <= 1.0 + 1e-6, "a correlation, " + in.size());
}

template <typename T>
void featured(const Picture<T>& in) {
  for (const FeatureLevel& level : feature_levels(in.view(), 64, 16)) {
    check(level.width >= 1 && std::max(level.width, level.height) <= 64, "a level's size, " + in.size());
    for (const auto& blurred : level.blurred) {
      for (const float value : blurred) check(std::isfinite(value), "a finite feature, " + in.size());
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
    const int most = std::min(width, height) / 2;
    Picture<float> shifts(2 * most + 1, 2 * most + 1, 1);
    if (most <= 20) correlate_shifts(in.view(), in.view(), most, shifts.view());
  }
}

}  // namespace autofocus::test
