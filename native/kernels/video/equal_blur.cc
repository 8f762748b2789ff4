#include "kernels/video/equal_blur.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>
#include <vector>

#include "kernels/box_filter.h"
#include "kernels/disk_blur.h"
#include "kernels/multiversion.h"
#include "kernels/video/enlarge.h"

namespace autofocus {
namespace {

// Radii that are rendered: 0, then from kFinest on by this factor.
constexpr float kFinest = 0.7f;
constexpr float kFactor = 1.4142135f;
// Half side of the surroundings of a cell.
constexpr int kAround = 3;
// Mean square of the gradient that is taken for noise.
constexpr float kNoise = 1e-5f;
// Share of cells for which no larger blur is rendered: at occlusions nothing makes the pictures alike.
constexpr float kFew = 0.01f;

struct Plane {
  int width;
  int height;
  std::vector<float> values;

  Plane(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  ImageF32 view() { return {values.data(), width, height, 1}; }
  ConstImageF32 view() const { return {values.data(), width, height, 1}; }
};

// Mean square of the gradient around each cell.
AUTOFOCUS_MULTIVERSION Plane shown(const Plane& picture) {
  const int width = picture.width, height = picture.height;
  Plane cells(blur_side(width), blur_side(height));
  std::vector<float> line(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    const float* here = picture.values.data() + static_cast<std::ptrdiff_t>(y) * width;
    const float* above = y > 0 ? here - width : here;
    const float* below = y + 1 < height ? here + width : here;
    for (int x = 0; x < width; ++x) {
      const float across = here[std::min(x + 1, width - 1)] - here[std::max(x - 1, 0)], down = below[x] - above[x];
      // Half the differences, and a quarter of the cell.
      line[static_cast<std::size_t>(x)] = 0.0625f * (across * across + down * down);
    }
    float* to = cells.values.data() + static_cast<std::ptrdiff_t>(y / 2) * cells.width;
    for (int x = 0; x < width; ++x) to[x / 2] += line[static_cast<std::size_t>(x)];
  }
  Plane out(cells.width, cells.height);
  box_filter(std::as_const(cells).view(), kAround, WindowBorder::replicate, out.view());
  for (float& value : out.values) value += kNoise;
  return out;
}

// A picture out of focus by growing radii, camera values, and how much it shows then.
struct Level {
  float radius;
  Plane picture;
  Plane shows;
};

// Whether all but a few cells show no more than is wanted.
bool shows_enough_less(const Plane& shows, const Plane& wanted) {
  std::size_t more = 0;
  for (std::size_t cell = 0; cell < shows.values.size(); ++cell) more += shows.values[cell] > wanted.values[cell];
  return static_cast<float>(more) <= kFew * static_cast<float>(shows.values.size());
}

// As far as cells show more than is wanted, up to `most`. `picture` and its like hold camera values, but it is light that adds
// up, here with gamma 2, which costs a square root and stands for the 2.2 of most cameras.
std::vector<Level> blurred(const Plane& picture, const Plane& shows, const Plane& wanted, float most) {
  std::vector<Level> levels{{0.0f, picture, shows}};
  Plane light(picture.width, picture.height);
  std::transform(picture.values.begin(), picture.values.end(), light.values.begin(), [](float value) { return value * value; });
  const DiskBlurrer blurrer(std::as_const(light).view(), {0, 0, picture.width, picture.height}, most);
  for (float radius = std::min(kFinest, most);; radius = std::min(radius * kFactor, most)) {
    Plane out(picture.width, picture.height);
    blurrer.blur(radius, out.view());
    for (float& value : out.values) value = std::sqrt(std::max(value, 0.0f));
    Plane now = shown(out);
    const bool is_last = radius >= most || shows_enough_less(now, wanted);
    levels.push_back({radius, std::move(out), std::move(now)});
    if (is_last) return levels;
  }
}

// What is no number is taken for black, what is negative as well.
Plane values_of(ConstImageF32 picture) {
  Plane out(picture.width, picture.height);
  std::transform(picture.data, picture.data + picture.size(), out.values.begin(),
                 [](float value) { return std::isfinite(value) ? std::max(value, 0.0f) : 0.0f; });
  return out;
}

// Between two disks the variance, a quarter of the squared radius, is what mixes.
float mixed_radius(float low, float high, float share) { return std::sqrt(low * low + share * (high * high - low * low)); }
float share_between(float low, float high, float radius) {
  return std::clamp((radius * radius - low * low) / (high * high - low * low), 0.0f, 1.0f);
}

// The least radius at which a cell shows no more than `wanted`; the largest there is if it always does.
float radius_for(const std::vector<Level>& levels, std::size_t cell, float wanted) {
  for (std::size_t k = 1; k < levels.size(); ++k) {
    const float now = levels[k].shows.values[cell];
    if (now > wanted) continue;
    const float before = levels[k - 1].shows.values[cell];
    const float share = before > now ? std::log(before / wanted) / std::log(before / now) : 0.0f;
    return mixed_radius(levels[k - 1].radius, levels[k].radius, std::clamp(share, 0.0f, 1.0f));
  }
  return levels.back().radius;
}

void look_up(const std::vector<Level>& levels, const Plane& radius, ImageF32 out) {
  Enlarged map(radius.view(), out.width, out.height);
  std::vector<float> line;
  std::size_t at = 0;
  for (int y = 0; y < out.height; ++y) {
    map.row(y, line);
    for (const float wanted : line) {
      std::size_t k = 0;
      while (k + 2 < levels.size() && levels[k + 1].radius < wanted) ++k;
      const Level &low = levels[k], &high = levels[k + 1];
      const float share = share_between(low.radius, high.radius, wanted);
      out.data[at] = low.picture.values[at] + share * (high.picture.values[at] - low.picture.values[at]);
      ++at;
    }
  }
}

}  // namespace

void equal_blur(ConstImageF32 from, ConstImageF32 to, float most, ImageF32 from_out, ImageF32 to_out, ImageF32 radius) {
  const float largest = most > kFinest ? std::min(most, kMostEqualBlur) : kFinest;
  const Plane first = values_of(from), second = values_of(to);
  const Plane first_shows = shown(first), second_shows = shown(second);
  std::vector<Level> a, b;
  std::thread other([&] { b = blurred(second, second_shows, first_shows, largest); });
  a = blurred(first, first_shows, second_shows, largest);
  other.join();
  Plane of_a(radius.width, radius.height), of_b(radius.width, radius.height);
  for (std::size_t cell = 0; cell < of_a.values.size(); ++cell) {
    const float shows_a = first_shows.values[cell], shows_b = second_shows.values[cell];
    if (shows_a > shows_b) of_a.values[cell] = radius_for(a, cell, shows_b);
    if (shows_b > shows_a) of_b.values[cell] = radius_for(b, cell, shows_a);
    radius.data[cell] = of_a.values[cell] - of_b.values[cell];
  }
  look_up(a, of_a, from_out);
  look_up(b, of_b, to_out);
}

}  // namespace autofocus
