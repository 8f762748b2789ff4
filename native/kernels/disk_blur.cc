#include "kernels/disk_blur.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "kernels/stencil.h"

namespace autofocus {
namespace {

// Costs in nanoseconds of one core of an x86-64 server; only their ratios matter.
constexpr double kTapCost = 0.045;    // one tap for one value, direct
constexpr double kFourierCost = 0.6;  // one value and one halving of the size, there and back
constexpr double kGainShare = 0.25;   // transforming the filter, as a part of that
constexpr double kRepeatShare = 0.35; // another blur of a spectrum already there, as a part of all of it

constexpr int kLargestTile = 4096;
// Values a row of a direct tile has; with the rows the disk spans it should stay in the cache nearest the core.
constexpr int kDirectTileWidth = 128;

// Taps the direct way needs a pixel.
double direct_taps(int reach) { return 12.5 * reach + 5.0; }

double fourier_cost_of(int width, int height, int tiles) {
  const double values = static_cast<double>(width) * height;
  return (tiles + kGainShare) * values * std::log2(values) * kFourierCost;
}

int ceil_divide(int a, int b) { return (a + b - 1) / b; }

// Least and largest of at least one value, in lanes that the compiler may make a vector.
std::pair<float, float> range(const float* values, std::ptrdiff_t count) {
  constexpr int kLanes = 16;
  float least[kLanes], most[kLanes];
  std::fill_n(least, kLanes, values[0]);
  std::fill_n(most, kLanes, values[0]);
  std::ptrdiff_t at = 0;
  for (; at + kLanes <= count; at += kLanes) {
    for (int k = 0; k < kLanes; ++k) {
      const float value = values[at + k];
      least[k] = value < least[k] ? value : least[k];
      most[k] = value > most[k] ? value : most[k];
    }
  }
  for (; at < count; ++at) {
    least[0] = std::min(least[0], values[at]);
    most[0] = std::max(most[0], values[at]);
  }
  return {*std::min_element(least, least + kLanes), *std::max_element(most, most + kLanes)};
}

// The taps that evaluate the disk at a pixel, reading the picture and the prefix sums of its columns, which lie
// `to_prefix` floats behind it: sum of rows up to and with y at [y + 1].
std::vector<Tap> disk_taps(const DiskKernel& kernel, std::ptrdiff_t stride, int channels, std::ptrdiff_t to_prefix) {
  std::vector<Tap> taps;
  const int reach = kernel.reach();
  for (int dx = -reach; dx <= reach; ++dx) {
    const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(dx) * channels;
    const int solid = kernel.solid(std::abs(dx));
    int next = 0;
    if (solid >= 1) {
      taps.push_back({to_prefix + column + (solid + 1) * stride, kernel.full_weight()});
      taps.push_back({to_prefix + column - solid * stride, -kernel.full_weight()});
      next = solid + 1;
    }
    for (int dy = next; dy <= reach; ++dy) {
      const float weight = kernel.weight(std::abs(dx), dy);
      if (weight == 0.0f) break;
      taps.push_back({column + dy * stride, weight});
      if (dy > 0) taps.push_back({column - dy * stride, weight});
    }
  }
  return taps;
}

}  // namespace

DiskBlurrer::DiskBlurrer(ConstImageF32 in, Roi roi, double max_radius, DiskMethod method)
    : roi_(roi),
      channels_(in.channels),
      max_radius_(max_radius),
      method_(method),
      reach_(DiskKernel(max_radius).reach()),
      patch_(in, roi, reach_, reach_) {
  const float* values = patch_.at(-reach_, -reach_);
  const std::ptrdiff_t count = patch_.stride() * patch_.rows();
  std::tie(least_, most_) = range(values, count);
  choose_tiles();
  const bool worth =
      method == DiskMethod::automatic ? fourier_cost() < direct_cost(reach_) : method == DiskMethod::fourier;
  if (worth) transform_tiles();
}

double DiskBlurrer::direct_cost(int reach) const {
  return static_cast<double>(roi_.width) * roi_.height * channels_ * direct_taps(reach) * kTapCost;
}

double DiskBlurrer::fourier_cost() const {
  const int tiles = ceil_divide(roi_.width, tile_width_) * ceil_divide(roi_.height, tile_height_);
  return fourier_cost_of(fft_width_, fft_height_, tiles * channels_);
}

void DiskBlurrer::choose_tiles() {
  double best = std::numeric_limits<double>::infinity();
  const int smallest = std::max(16, power_of_two_at_least(2 * reach_ + 2));
  fft_width_ = fft_height_ = smallest;
  for (int w = smallest; w <= kLargestTile; w *= 2) {
    for (int h = smallest; h <= kLargestTile; h *= 2) {
      const int tiles = ceil_divide(roi_.width, w - 2 * reach_) * ceil_divide(roi_.height, h - 2 * reach_);
      const double cost = fourier_cost_of(w, h, tiles * channels_);
      if (cost < best) {
        best = cost;
        fft_width_ = w;
        fft_height_ = h;
      }
    }
  }
  tile_width_ = fft_width_ - 2 * reach_;
  tile_height_ = fft_height_ - 2 * reach_;
}

void DiskBlurrer::transform_tiles() {
  fft_ = std::make_unique<const RealFft2d>(fft_width_, fft_height_);
  std::vector<float> plane;
  for (int y = 0; y < roi_.height; y += tile_height_) {
    for (int x = 0; x < roi_.width; x += tile_width_) {
      const int cols = std::min(tile_width_, roi_.width - x) + 2 * reach_;
      const int rows = std::min(tile_height_, roi_.height - y) + 2 * reach_;
      for (int channel = 0; channel < channels_; ++channel) {
        const float* from = patch_.at(x - reach_, y - reach_) + channel;
        std::ptrdiff_t stride = patch_.stride();
        if (channels_ > 1) {
          plane.resize(static_cast<std::size_t>(cols) * static_cast<std::size_t>(rows));
          for (int j = 0; j < rows; ++j) {
            float* to = plane.data() + static_cast<std::ptrdiff_t>(j) * cols;
            for (int i = 0; i < cols; ++i) to[i] = from[j * stride + i * channels_];
          }
          from = plane.data();
          stride = cols;
        }
        spectra_.emplace_back(fft_->spectrum_size());
        fft_->forward(from, stride, cols, rows, spectra_.back().data());
      }
    }
  }
}

std::size_t DiskBlurrer::memory() const {
  const std::size_t spectrum = spectra_.empty() ? 0 : spectra_.size() * fft_->spectrum_size();
  return sizeof(float) * (spectrum + static_cast<std::size_t>(patch_.stride() * patch_.rows()));
}

void DiskBlurrer::blur(double radius, ImageF32 out) const {
  const DiskKernel kernel(radius);
  const bool fourier = !spectra_.empty() && (method_ == DiskMethod::fourier ||
                                             fourier_cost() * kRepeatShare < direct_cost(kernel.reach()));
  if (fourier) {
    blur_fourier(kernel, out);
  } else {
    blur_direct(kernel, out);
  }
  // A weighted mean lies between the least and the largest value; rounding must not make light negative.
  const std::size_t count = out.size();
  for (std::size_t k = 0; k < count; ++k) out.data[k] = std::clamp(out.data[k], least_, most_);
}

void DiskBlurrer::blur_direct(const DiskKernel& kernel, ImageF32 out) const {
  const int reach = kernel.reach();
  const int tile_height = std::clamp(2 * reach, 32, 128);
  const int tile_pixels = kDirectTileWidth / channels_;
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(tile_pixels + 2 * reach) * channels_;
  const int most_rows = tile_height + 2 * reach;
  // A tile of the picture, and after it the prefix sums of its columns: kept short, so that they keep their precision.
  std::vector<float> tile(static_cast<std::size_t>(stride) * static_cast<std::size_t>(2 * most_rows + 1));
  const std::ptrdiff_t to_prefix = stride * most_rows;
  const std::vector<Tap> taps = disk_taps(kernel, stride, channels_, to_prefix);

  for (int y0 = 0; y0 < roi_.height; y0 += tile_height) {
    const int height = std::min(tile_height, roi_.height - y0);
    for (int x0 = 0; x0 < roi_.width; x0 += tile_pixels) {
      const std::ptrdiff_t width = static_cast<std::ptrdiff_t>(std::min(tile_pixels, roi_.width - x0)) * channels_;
      const std::ptrdiff_t span = width + 2 * static_cast<std::ptrdiff_t>(reach) * channels_;
      float* values = tile.data();
      float* prefix = values + to_prefix;
      std::fill_n(prefix, span, 0.0f);
      const float constant = *patch_.at(x0 - reach, y0 - reach);
      bool is_constant = true;
      for (int y = 0; y < height + 2 * reach; ++y, values += stride, prefix += stride) {
        const float* from = patch_.at(x0 - reach, y0 - reach + y);
        is_constant = is_constant && std::all_of(from, from + span, [=](float value) { return value == constant; });
        std::copy_n(from, span, values);
        for (std::ptrdiff_t x = 0; x < span; ++x) prefix[x + stride] = prefix[x] + values[x];
      }
      for (int y = 0; y < height; ++y) {
        float* to = out.row(y0 + y) + static_cast<std::ptrdiff_t>(x0) * channels_;
        if (is_constant) {
          std::fill_n(to, width, constant);
          continue;
        }
        const float* centre = tile.data() + (y + reach) * stride + static_cast<std::ptrdiff_t>(reach) * channels_;
        stencil(centre, taps, to, width);
      }
    }
  }
}

void DiskBlurrer::blur_fourier(const DiskKernel& kernel, ImageF32 out) const {
  std::vector<float> gain(fft_->gain_size());
  fft_->even_gain(kernel.quadrant(), kernel.reach(), gain.data());
  std::vector<float> scratch(fft_->spectrum_size());
  std::vector<float> plane;
  auto spectrum = spectra_.begin();
  for (int y = 0; y < roi_.height; y += tile_height_) {
    for (int x = 0; x < roi_.width; x += tile_width_) {
      const int cols = std::min(tile_width_, roi_.width - x);
      const int rows = std::min(tile_height_, roi_.height - y);
      for (int channel = 0; channel < channels_; ++channel, ++spectrum) {
        float* to = out.row(y) + static_cast<std::ptrdiff_t>(x) * channels_ + channel;
        if (channels_ == 1) {
          fft_->inverse(spectrum->data(), gain.data(), scratch.data(), reach_, reach_, cols, rows, to, out.stride());
          continue;
        }
        plane.resize(static_cast<std::size_t>(cols) * static_cast<std::size_t>(rows));
        fft_->inverse(spectrum->data(), gain.data(), scratch.data(), reach_, reach_, cols, rows, plane.data(), cols);
        for (int j = 0; j < rows; ++j) {
          const float* from = plane.data() + static_cast<std::ptrdiff_t>(j) * cols;
          for (int i = 0; i < cols; ++i) to[j * out.stride() + i * channels_] = from[i];
        }
      }
    }
  }
}

void disk_blur(ConstImageF32 in, Roi roi, double radius, ImageF32 out) {
  DiskBlurrer(in, roi, radius).blur(radius, out);
}

}  // namespace autofocus
