#include "kernels/video/dense_flow.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

constexpr int kPatch = 8;
constexpr int kPixels = kPatch * kPatch;
constexpr int kStride = 4;
constexpr int kIterations = 12;
// Steps shorter than this end the search, px.
constexpr float kStill = 0.01f;
// A patch that leaves its start by more has lost its way, px.
constexpr float kFarthest = kPatch;
// Smallest trusted eigenvalue of the structure tensor of a patch: less is noise.
constexpr float kMinTexture = 2e-4f;
// From here on there is enough texture to believe every improvement. Below, a motion must explain this share of what
// differs, and more than rounding: where blur leaves little to hold on to, what the coarser level says is better than what
// fits the noise.
constexpr float kStrongTexture = 0.1f;
constexpr float kConvincing = 0.5f;
constexpr float kRounding = kPixels * 1e-5f;
// Differences below this count alike in the mean over patches.
constexpr float kLeastDifference = 4e-3f;

struct Picture {
  int width;
  int height;
  std::vector<float> values;

  Picture(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float* row(int y) { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
  const float* row(int y) const { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
  float at(int x, int y) const { return row(std::clamp(y, 0, height - 1))[std::clamp(x, 0, width - 1)]; }
};

struct Vector {
  float x = 0.0f;
  float y = 0.0f;
};

Picture copy(ConstImageF32 in) {
  Picture out(in.width, in.height);
  std::copy_n(in.data, in.size(), out.values.data());
  return out;
}

Picture halve(const Picture& in) {
  Picture out(flow_side(in.width), flow_side(in.height));
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      out.row(y)[x] = 0.25f * (in.at(2 * x, 2 * y) + in.at(2 * x + 1, 2 * y) + in.at(2 * x, 2 * y + 1) +
                               in.at(2 * x + 1, 2 * y + 1));
    }
  }
  return out;
}

using Values = std::array<float, kPixels>;

// The patch of `in` whose first pixel lies at (x, y), bilinearly; beyond the borders the edge pixels go on.
AUTOFOCUS_MULTIVERSION void sample(const Picture& in, float x, float y, Values& out) {
  const float fx = std::floor(x), fy = std::floor(y);
  const int x0 = static_cast<int>(fx), y0 = static_cast<int>(fy);
  const float tx = x - fx, ty = y - fy;
  const float a = (1 - tx) * (1 - ty), b = tx * (1 - ty), c = (1 - tx) * ty, d = tx * ty;
  if (x0 >= 0 && y0 >= 0 && x0 + kPatch < in.width && y0 + kPatch < in.height) {
    for (int j = 0; j < kPatch; ++j) {
      const float* upper = in.row(y0 + j) + x0;
      const float* lower = in.row(y0 + j + 1) + x0;
      float* to = out.data() + j * kPatch;
      for (int i = 0; i < kPatch; ++i) to[i] = a * upper[i] + b * upper[i + 1] + c * lower[i] + d * lower[i + 1];
    }
    return;
  }
  for (int j = 0; j < kPatch; ++j) {
    for (int i = 0; i < kPatch; ++i) {
      out[static_cast<std::size_t>(j * kPatch + i)] = a * in.at(x0 + i, y0 + j) + b * in.at(x0 + i + 1, y0 + j) +
                                                      c * in.at(x0 + i, y0 + j + 1) + d * in.at(x0 + i + 1, y0 + j + 1);
    }
  }
}

// A patch of `to`: its values and gradients without their means, and the inverse of its structure tensor.
struct Template {
  Values values;
  Values dx;
  Values dy;
  float xx = 0.0f, xy = 0.0f, yy = 0.0f;
  bool textured = false;
  bool strong = false;
};

void remove_mean(Values& values) {
  float sum = 0.0f;
  for (const float value : values) sum += value;
  for (float& value : values) value -= sum / kPixels;
}

Template make_template(const Picture& to, int x, int y) {
  Template patch;
  for (int j = 0; j < kPatch; ++j) {
    for (int i = 0; i < kPatch; ++i) {
      const std::size_t k = static_cast<std::size_t>(j * kPatch + i);
      patch.values[k] = to.at(x + i, y + j);
      patch.dx[k] = 0.5f * (to.at(x + i + 1, y + j) - to.at(x + i - 1, y + j));
      patch.dy[k] = 0.5f * (to.at(x + i, y + j + 1) - to.at(x + i, y + j - 1));
    }
  }
  remove_mean(patch.values);
  remove_mean(patch.dx);
  remove_mean(patch.dy);
  float xx = 0.0f, xy = 0.0f, yy = 0.0f;
  for (std::size_t k = 0; k < kPixels; ++k) {
    xx += patch.dx[k] * patch.dx[k];
    xy += patch.dx[k] * patch.dy[k];
    yy += patch.dy[k] * patch.dy[k];
  }
  const float least = 0.5f * (xx + yy - std::hypot(xx - yy, 2 * xy));
  patch.textured = least > kMinTexture;
  patch.strong = least > kStrongTexture;
  if (patch.textured) {
    const float determinant = xx * yy - xy * xy;
    patch.xx = yy / determinant;
    patch.xy = -xy / determinant;
    patch.yy = xx / determinant;
  }
  return patch;
}

// Sum of the squared mean-free differences where the patch comes from (x, y) of `from`, left in `difference`.
float mismatch(const Picture& from, const Template& patch, float x, float y, Values& difference) {
  sample(from, x, y, difference);
  remove_mean(difference);
  float sum = 0.0f;
  for (std::size_t k = 0; k < kPixels; ++k) {
    difference[k] -= patch.values[k];
    sum += difference[k] * difference[k];
  }
  return sum;
}

bool is_convincing(const Template& patch, float now, float before) {
  return patch.strong ? now < before : now + kRounding < kConvincing * before;
}

// Inverse-compositional search from `start`.
Vector search(const Picture& from, const Template& patch, int x, int y, Vector start, float start_mismatch) {
  Vector best = start, at = start;
  float least = start_mismatch;
  Values difference;
  mismatch(from, patch, static_cast<float>(x) + at.x, static_cast<float>(y) + at.y, difference);
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    float bx = 0.0f, by = 0.0f;
    for (std::size_t k = 0; k < kPixels; ++k) {
      bx += patch.dx[k] * difference[k];
      by += patch.dy[k] * difference[k];
    }
    const Vector step{patch.xx * bx + patch.xy * by, patch.xy * bx + patch.yy * by};
    at = {at.x - step.x, at.y - step.y};
    // Written so that pixels that are no numbers end it too.
    if (!(std::hypot(at.x - start.x, at.y - start.y) <= kFarthest)) break;
    const float now =
        mismatch(from, patch, static_cast<float>(x) + at.x, static_cast<float>(y) + at.y, difference);
    if (!(now < least)) break;
    least = now;
    best = at;
    if (std::hypot(step.x, step.y) < kStill) break;
  }
  return is_convincing(patch, least, start_mismatch) ? best : start;
}

struct Grid {
  int columns;
  int rows;
  std::vector<Vector> flow;
};

// First pixel of patch `k` of `count` along a side; the last patch ends at the border.
int patch_start(int k, int side) { return std::min(k * kStride, std::max(0, side - kPatch)); }
int patch_count(int side) { return 1 + (std::max(0, side - kPatch) + kStride - 1) / kStride; }

// `coarse` is the flow of the level above in its own pixels, or empty.
Grid search_all(const Picture& from, const Picture& to, const Picture* coarse_x, const Picture* coarse_y) {
  Grid grid{patch_count(to.width), patch_count(to.height), {}};
  grid.flow.resize(static_cast<std::size_t>(grid.columns) * static_cast<std::size_t>(grid.rows));
  Values scratch;
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      const int x = patch_start(column, to.width), y = patch_start(row, to.height);
      const Template patch = make_template(to, x, y);
      const std::size_t index = static_cast<std::size_t>(row * grid.columns + column);
      Vector start;
      if (coarse_x != nullptr) {
        const int cx = (x + kPatch / 2) / 2, cy = (y + kPatch / 2) / 2;
        start = {2 * coarse_x->at(cx, cy), 2 * coarse_y->at(cx, cy)};
      }
      float least = mismatch(from, patch, static_cast<float>(x) + start.x, static_cast<float>(y) + start.y, scratch);
      const auto offer = [&](Vector candidate) {
        const float now =
            mismatch(from, patch, static_cast<float>(x) + candidate.x, static_cast<float>(y) + candidate.y, scratch);
        if (is_convincing(patch, now, least)) {
          least = now;
          start = candidate;
        }
      };
      offer({0.0f, 0.0f});
      if (column > 0) offer(grid.flow[index - 1]);
      if (row > 0) offer(grid.flow[index - static_cast<std::size_t>(grid.columns)]);
      grid.flow[index] = patch.textured ? search(from, patch, x, y, start, least) : start;
    }
  }
  return grid;
}

// Each pixel: the mean over the patches that cover it, weighted by how well they fit there.
void densify(const Picture& from, const Picture& to, const Grid& grid, Picture& flow_x, Picture& flow_y) {
  Picture weights(to.width, to.height);
  Values moved;
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      const int x = patch_start(column, to.width), y = patch_start(row, to.height);
      const Vector flow = grid.flow[static_cast<std::size_t>(row * grid.columns + column)];
      sample(from, static_cast<float>(x) + flow.x, static_cast<float>(y) + flow.y, moved);
      const int width = std::min(kPatch, to.width - x), height = std::min(kPatch, to.height - y);
      for (int j = 0; j < height; ++j) {
        for (int i = 0; i < width; ++i) {
          const float difference = std::abs(moved[static_cast<std::size_t>(j * kPatch + i)] - to.row(y + j)[x + i]);
          const float weight = 1.0f / std::max(kLeastDifference, difference);
          flow_x.row(y + j)[x + i] += weight * flow.x;
          flow_y.row(y + j)[x + i] += weight * flow.y;
          weights.row(y + j)[x + i] += weight;
        }
      }
    }
  }
  for (std::size_t k = 0; k < weights.values.size(); ++k) {
    flow_x.values[k] /= weights.values[k];
    flow_y.values[k] /= weights.values[k];
  }
}

}  // namespace

void dense_flow(ConstImageF32 from, ConstImageF32 to, Flow flow) {
  std::vector<Picture> before{halve(copy(from))}, after{halve(copy(to))};
  while (std::min(after.back().width, after.back().height) >= 2 * kFlowMinSide) {
    before.push_back(halve(before.back()));
    after.push_back(halve(after.back()));
  }
  Picture coarse_x(1, 1), coarse_y(1, 1);
  for (std::size_t level = after.size(); level-- > 0;) {
    const Picture &source = before[level], &target = after[level];
    const bool first = level + 1 == after.size();
    const Grid grid = search_all(source, target, first ? nullptr : &coarse_x, first ? nullptr : &coarse_y);
    Picture flow_x(target.width, target.height), flow_y(target.width, target.height);
    densify(source, target, grid, flow_x, flow_y);
    coarse_x = std::move(flow_x);
    coarse_y = std::move(flow_y);
  }
  // From px of the half-sized pictures to those of the pictures.
  for (std::size_t k = 0; k < coarse_x.values.size(); ++k) {
    flow.dx.data[k] = 2.0f * coarse_x.values[k];
    flow.dy.data[k] = 2.0f * coarse_y.values[k];
  }
}

}  // namespace autofocus
