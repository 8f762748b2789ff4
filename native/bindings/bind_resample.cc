#include <array>

#include "bindings/arguments.h"
#include "bindings/bindings.h"
#include "bindings/task.h"
#include "kernels/resample.h"

namespace autofocus::bindings {
namespace {

// Guards against overflow far outside every picture.
constexpr double kLargestEntry = 1e6;

std::array<double, 6> matrix_argument(const Napi::Value& value) {
  if (!value.IsArray() || value.As<Napi::Array>().Length() != 6) throw expected(value, "six numbers", "matrix");
  std::array<double, 6> matrix;
  for (uint32_t k = 0; k < 6; ++k) {
    matrix[k] = number_argument(value.As<Napi::Array>().Get(k), "matrix[" + std::to_string(k) + "]", -kLargestEntry,
                                kLargestEntry);
  }
  return matrix;
}

}  // namespace

// (image, { width, height, matrix, filter, border }) => image
Napi::Value resample(const Napi::CallbackInfo& info) {
  const auto in = image_argument<float>(info[0], "image");
  const Napi::Value options = info[1];
  const int width = integer_argument(property(options, "width"), "width", 1, kMaxSide);
  const int height = integer_argument(property(options, "height"), "height", 1, kMaxSide);
  const std::array<double, 6> matrix = matrix_argument(property(options, "matrix"));
  const Filter filter =
      is_first_of_two(property(options, "filter"), "filter", "bilinear", "bicubic") ? Filter::bilinear : Filter::bicubic;
  const Border border =
      is_first_of_two(property(options, "border"), "border", "mirror", "replicate") ? Border::mirror : Border::replicate;
  const auto out = new_image<float>(info.Env(), width, height, in.view.channels);
  return Task::fill(info.Env(), out.object, {in.data},
                    [=] { autofocus::resample(in.view, matrix, filter, border, out.view); });
}

}  // namespace autofocus::bindings
