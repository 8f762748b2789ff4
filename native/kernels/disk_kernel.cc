#include "kernels/disk_kernel.h"

#include <algorithm>
#include <cmath>

namespace autofocus {
namespace {

// Area of the part of [0, x] x [0, y] that lies within a disk of radius r around the origin.
double corner_area(double x, double y, double r) {
  x = std::min(x, r);
  y = std::min(y, r);
  if (x * x + y * y <= r * r) return x * y;
  const auto primitive = [r](double u) {
    return 0.5 * (u * std::sqrt(std::max(0.0, r * r - u * u)) + r * r * std::asin(std::min(1.0, u / r)));
  };
  const double flat = std::sqrt(r * r - y * y);
  return flat * y + primitive(x) - primitive(flat);
}

// The part of the unit pixel around (dx, dy), both >= 0, that the disk covers, 0..1.
double coverage(int dx, int dy, double r) {
  // A pixel on an axis is twice its half on the positive side.
  const double x0 = dx == 0 ? 0.0 : dx - 0.5, x1 = dx + 0.5;
  const double y0 = dy == 0 ? 0.0 : dy - 0.5, y1 = dy + 0.5;
  if (x1 * x1 + y1 * y1 <= r * r) return 1.0;
  if (x0 * x0 + y0 * y0 >= r * r) return 0.0;
  const double area =
      corner_area(x1, y1, r) - corner_area(x0, y1, r) - corner_area(x1, y0, r) + corner_area(x0, y0, r);
  return std::clamp(area * (dx == 0 ? 2.0 : 1.0) * (dy == 0 ? 2.0 : 1.0), 0.0, 1.0);
}

}  // namespace

DiskKernel::DiskKernel(double radius) : reach_(std::max(0, static_cast<int>(std::ceil(radius - 0.5)))) {
  quadrant_.resize(side() * side());
  solid_.resize(side(), -1);
  if (reach_ == 0) {
    full_weight_ = 1.0f;
    quadrant_[0] = 1.0f;
    solid_[0] = 0;
    return;
  }
  const double norm = 1.0 / (M_PI * radius * radius);
  full_weight_ = static_cast<float>(norm);
  for (int dx = 0; dx <= reach_; ++dx) {
    for (int dy = 0; dy <= reach_; ++dy) {
      const double covered = coverage(dx, dy, radius);
      if (covered == 1.0) solid_[static_cast<std::size_t>(dx)] = dy;
      quadrant_[static_cast<std::size_t>(dx) * side() + static_cast<std::size_t>(dy)] =
          static_cast<float>(covered * norm);
    }
  }
}

}  // namespace autofocus
