// Energy of the AC coefficients over that of the DC coefficient, over all whole 8x8 blocks of the window: C.-H. Shen
// and H. H. Chen, Robust focus measure for low-contrast images, ICCE 2006. The transform is orthonormal, so by Parseval
// a block's AC energy is the energy of its pixels less its DC energy, and no transform is needed. A window with fewer
// than 8 pixels to a side is a block of that many.
#include <algorithm>

#include "kernels/focus/measures.h"

namespace autofocus::focus {

double dct_energy_ratio(ConstImageF32 window) {
  const int block_width = std::min(8, window.width);
  const int block_height = std::min(8, window.height);
  double ac = 0.0, dc = 0.0;
  for (int y = 0; y + block_height <= window.height; y += block_height) {
    for (int x = 0; x + block_width <= window.width; x += block_width) {
      double sum = 0.0, energy = 0.0;
      for (int j = 0; j < block_height; ++j) {
        const float* row = window.row(y + j) + x;
        for (int i = 0; i < block_width; ++i) {
          sum += row[i];
          energy += static_cast<double>(row[i]) * row[i];
        }
      }
      const double block_dc = sum * sum / (block_width * block_height);
      dc += block_dc;
      ac += std::max(0.0, energy - block_dc);
    }
  }
  return dc > 0.0 ? ac / dc : 0.0;
}

}  // namespace autofocus::focus
