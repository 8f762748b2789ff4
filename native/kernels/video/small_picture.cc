#include "kernels/video/small_picture.h"

#include <cstdint>
#include <thread>
#include <vector>

#include "kernels/gray.h"
#include "kernels/parallel_rows.h"
#include "kernels/video/cell_means.h"

namespace autofocus {

void small_picture(ConstImageU8 picture, int small, SmallPicture out) {
  ConstImageU8 gray = picture;
  std::vector<std::uint8_t> values;
  if (picture.channels == 3) {
    values.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
    const ImageU8 whole{values.data(), picture.width, picture.height, 1};
    parallel_rows(picture.height, [=](int first, int last) {
      gray_u8({picture.row(first), picture.width, last - first, 3}, {whole.row(first), whole.width, last - first, 1});
    });
    gray = whole.as_const();
  }
  std::thread other([=] { detail_energy(gray, 2 * small, out.fine); });
  cell_means(gray, small, out.luma);
  const ConstImageF32 luma = out.luma.as_const();
  cell_means(luma, 2, out.cells);
  detail_energy(luma, 2, out.coarse);
  other.join();
}

}  // namespace autofocus
