#include "kernels/fft.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/multiversion.h"

namespace autofocus {
namespace {

constexpr int kLanes = RealFft2d::kLanes;
constexpr int kElement = 2 * kLanes;  // floats of one batched complex number

// exp(-2 pi i k / n) for k = 0 .. n - 1, as cosine and sine side by side.
std::vector<float> twiddles(int n) {
  std::vector<float> table(2 * static_cast<std::size_t>(n));
  for (int k = 0; k < n; ++k) {
    const double angle = -2.0 * M_PI * k / n;
    table[2 * static_cast<std::size_t>(k)] = static_cast<float>(std::cos(angle));
    table[2 * static_cast<std::size_t>(k) + 1] = static_cast<float>(std::sin(angle));
  }
  return table;
}

// One radix-4 butterfly over all lanes, outputs turned by w1, w2, w3. `re` and `im` are the offsets of the parts inside
// an element; exchanging them turns a forward transform into an inverse one.
inline __attribute__((always_inline)) void butterfly4(const float* __restrict a, const float* __restrict b,
                                                      const float* __restrict c, const float* __restrict d,
                                                      float* __restrict y, std::ptrdiff_t step, const float* w1,
                                                      const float* w2, const float* w3, int re, int im) {
  const float w1r = w1[0], w1i = w1[1], w2r = w2[0], w2i = w2[1], w3r = w3[0], w3i = w3[1];
  for (int l = 0; l < kLanes; ++l) {
    const float acr = a[re + l] + c[re + l], aci = a[im + l] + c[im + l];
    const float dacr = a[re + l] - c[re + l], daci = a[im + l] - c[im + l];
    const float bdr = b[re + l] + d[re + l], bdi = b[im + l] + d[im + l];
    const float dbdr = b[re + l] - d[re + l], dbdi = b[im + l] - d[im + l];
    const float y1r = dacr + dbdi, y1i = daci - dbdr;
    const float y2r = acr - bdr, y2i = aci - bdi;
    const float y3r = dacr - dbdi, y3i = daci + dbdr;
    y[re + l] = acr + bdr;
    y[im + l] = aci + bdi;
    y[step + re + l] = w1r * y1r - w1i * y1i;
    y[step + im + l] = w1r * y1i + w1i * y1r;
    y[2 * step + re + l] = w2r * y2r - w2i * y2i;
    y[2 * step + im + l] = w2r * y2i + w2i * y2r;
    y[3 * step + re + l] = w3r * y3r - w3i * y3i;
    y[3 * step + im + l] = w3r * y3i + w3i * y3r;
  }
}

// One value in each lane. With these the eight inputs of a butterfly stay in registers, which loops over lanes do not achieve.
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

inline __attribute__((always_inline)) void load(const float* from, Lanes& to) { std::memcpy(&to, from, sizeof to); }
inline __attribute__((always_inline)) void store(const Lanes& from, float* to) { std::memcpy(to, &from, sizeof from); }

// The same with radix 8: fewer passes over the data. Output k is turned by `table[k * turn]`.
inline __attribute__((always_inline)) void butterfly8(const float* __restrict x, std::ptrdiff_t apart,
                                                      float* __restrict y, std::ptrdiff_t step, const float* table,
                                                      std::ptrdiff_t turn, int re, int im) {
  constexpr float kHalf = 0.70710678f;
  Lanes sr[4], si[4], dr[4], di[4];
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    Lanes lr, li, hr, hi;
    load(x + k * apart + re, lr);
    load(x + k * apart + im, li);
    load(x + (k + 4) * apart + re, hr);
    load(x + (k + 4) * apart + im, hi);
    sr[k] = lr + hr;
    si[k] = li + hi;
    dr[k] = lr - hr;
    di[k] = li - hi;
  }
  // The differences turned by eighths of the circle.
  const Lanes e1r = kHalf * (dr[1] + di[1]), e1i = kHalf * (di[1] - dr[1]);
  const Lanes e3r = kHalf * (di[3] - dr[3]), e3i = -kHalf * (dr[3] + di[3]);
  const Lanes a0r = sr[0] + sr[2], a0i = si[0] + si[2], a1r = sr[0] - sr[2], a1i = si[0] - si[2];
  const Lanes a2r = sr[1] + sr[3], a2i = si[1] + si[3], a3r = sr[1] - sr[3], a3i = si[1] - si[3];
  const Lanes b0r = dr[0] + di[2], b0i = di[0] - dr[2], b1r = dr[0] - di[2], b1i = di[0] + dr[2];
  const Lanes b2r = e1r + e3r, b2i = e1i + e3i, b3r = e1r - e3r, b3i = e1i - e3i;
  const auto put = [=](int k, const Lanes& r, const Lanes& i) __attribute__((always_inline)) {
    const float wr = table[k * turn], wi = table[k * turn + 1];
    store(wr * r - wi * i, y + k * step + re);
    store(wr * i + wi * r, y + k * step + im);
  };
  store(a0r + a2r, y + re);
  store(a0i + a2i, y + im);
  put(1, b0r + b2r, b0i + b2i);
  put(2, a1r + a3i, a1i - a3r);
  put(3, b1r + b3i, b1i - b3r);
  put(4, a0r - a2r, a0i - a2i);
  put(5, b0r - b2r, b0i - b2i);
  put(6, a1r - a3i, a1i + a3r);
  put(7, b1r - b3i, b1i + b3r);
}

// Stockham's transform of `n` batched elements. The two buffers are used in turn; returns the one with the result.
template <bool Inverse>
inline __attribute__((always_inline)) float* transform(int n, const float* table, float* x, float* y) {
  constexpr int re = Inverse ? kLanes : 0;
  constexpr int im = Inverse ? 0 : kLanes;
  int length = n;
  std::ptrdiff_t s = 1;
  for (; length >= 8; length /= 8, s *= 8) {
    const std::ptrdiff_t m = length / 8;
    const std::ptrdiff_t step = s * kElement;
    for (std::ptrdiff_t p = 0; p < m; ++p) {
      for (std::ptrdiff_t q = 0; q < step; q += kElement) {
        butterfly8(x + p * step + q, m * step, y + 8 * p * step + q, step, table, 2 * p * s, re, im);
      }
    }
    std::swap(x, y);
  }
  for (; length >= 4; length /= 4, s *= 4) {
    const std::ptrdiff_t m = length / 4;
    const std::ptrdiff_t quarter = m * s * kElement;
    const std::ptrdiff_t step = s * kElement;
    for (std::ptrdiff_t p = 0; p < m; ++p) {
      const float* w1 = table + 2 * p * s;
      const float* w2 = table + 4 * p * s;
      const float* w3 = table + 6 * p * s;
      const float* in = x + p * step;
      float* out = y + 4 * p * step;
      for (std::ptrdiff_t q = 0; q < step; q += kElement) {
        butterfly4(in + q, in + q + quarter, in + q + 2 * quarter, in + q + 3 * quarter, out + q, step, w1, w2, w3, re,
                   im);
      }
    }
    std::swap(x, y);
  }
  if (length == 2) {
    const std::ptrdiff_t half = s * kElement;
    for (std::ptrdiff_t q = 0; q < half; ++q) {
      const float a = x[q], b = x[q + half];
      y[q] = a + b;
      y[q + half] = a - b;
    }
    std::swap(x, y);
  }
  return x;
}

AUTOFOCUS_MULTIVERSION float* transform_forward(int n, const float* table, float* x, float* y) {
  return transform<false>(n, table, x, y);
}

AUTOFOCUS_MULTIVERSION float* transform_inverse(int n, const float* table, float* x, float* y) {
  return transform<true>(n, table, x, y);
}

// The product of a column block and its gain, scaled.
AUTOFOCUS_MULTIVERSION void scale_block(const float* __restrict block, const float* __restrict gain, float scale,
                                        int height, float* __restrict out) {
  for (int v = 0; v < height; ++v, block += kElement, out += kElement) {
    if (gain == nullptr) {
      for (int l = 0; l < kElement; ++l) out[l] = block[l] * scale;
    } else {
      for (int l = 0; l < kLanes; ++l) {
        const float g = gain[l] * scale;
        out[l] = block[l] * g;
        out[kLanes + l] = block[kLanes + l] * g;
      }
      gain += kLanes;
    }
  }
}

// Transposes `n` <= kLanes rows of `in` into lanes: out[x * kElement + lane] = in[lane * stride + x].
void gather_rows(const float* in, std::ptrdiff_t stride, int n, int cols, int width, float* out) {
  for (int lane = 0; lane < n; lane += 4) {
    const int some = std::min(4, n - lane);
    const float* row[4];
    for (int k = 0; k < 4; ++k) row[k] = in + (lane + std::min(k, some - 1)) * stride;
    for (int x = 0; x < cols; ++x) {
      float* to = out + static_cast<std::ptrdiff_t>(x) * kElement + lane;
      to[0] = row[0][x];
      to[1] = some > 1 ? row[1][x] : 0.0f;
      to[2] = some > 2 ? row[2][x] : 0.0f;
      to[3] = some > 3 ? row[3][x] : 0.0f;
    }
  }
  const int padded = (std::max(n, 0) + 3) / 4 * 4;
  for (int x = 0; x < cols; ++x) {
    std::fill_n(out + static_cast<std::ptrdiff_t>(x) * kElement + padded, kLanes - padded, 0.0f);
  }
  for (int x = cols; x < width; ++x) {
    std::fill_n(out + static_cast<std::ptrdiff_t>(x) * kElement, kLanes, 0.0f);
  }
}

// Takes the spectra of 2 * kLanes real rows apart, packed as row j + i row (j + kLanes), and lays coefficients
// u0 .. u0 + kLanes - 1 of row j at rows + j * kElement. With Z the packed spectrum, the first row has
// (Z(u) + conj Z(n - u)) / 2 and the second (Z(u) - conj Z(n - u)) / 2i.
AUTOFOCUS_MULTIVERSION void unpack_block(const float* packed, int n, int u0, int count, float* __restrict rows) {
  for (int k = 0; k < count; ++k) {
    const int u = u0 + k;
    const float* z = packed + static_cast<std::ptrdiff_t>(u) * kElement;
    const float* m = packed + static_cast<std::ptrdiff_t>((n - u) & (n - 1)) * kElement;
    for (int l = 0; l < kLanes; ++l) {
      float* first = rows + l * kElement + k;
      float* second = first + kLanes * kElement;
      first[0] = 0.5f * (z[l] + m[l]);
      first[kLanes] = 0.5f * (z[kLanes + l] - m[kLanes + l]);
      second[0] = 0.5f * (z[kLanes + l] + m[kLanes + l]);
      second[kLanes] = 0.5f * (m[l] - z[l]);
    }
  }
  for (int k = count; k < kLanes; ++k) {
    for (int l = 0; l < 2 * kLanes; ++l) rows[l * kElement + k] = rows[l * kElement + kLanes + k] = 0.0f;
  }
}

// The reverse: Z(u) = A(u) + i B(u) and Z(n - u) = conj A(u) + i conj B(u), for the columns of one block.
AUTOFOCUS_MULTIVERSION void pack_block(const float* rows, int n, int u0, int count, float* packed) {
  for (int k = 0; k < count; ++k) {
    const int u = u0 + k;
    float* z = packed + static_cast<std::ptrdiff_t>(u) * kElement;
    float* m = packed + static_cast<std::ptrdiff_t>((n - u) & (n - 1)) * kElement;
    float ar[kLanes], ai[kLanes], br[kLanes], bi[kLanes];
    for (int l = 0; l < kLanes; ++l) {
      const float* first = rows + l * kElement + k;
      const float* second = first + kLanes * kElement;
      ar[l] = first[0];
      ai[l] = first[kLanes];
      br[l] = second[0];
      bi[l] = second[kLanes];
    }
    for (int l = 0; l < kLanes; ++l) {
      m[l] = ar[l] + bi[l];
      m[kLanes + l] = br[l] - ai[l];
      z[l] = ar[l] - bi[l];
      z[kLanes + l] = br[l] + ai[l];
    }
  }
}

}  // namespace

int power_of_two_at_least(int n) {
  int power = 1;
  while (power < n) power *= 2;
  return power;
}

RealFft2d::RealFft2d(int width, int height)
    : width_(width), height_(height), row_twiddles_(twiddles(width)), column_twiddles_(twiddles(height)) {}

std::size_t RealFft2d::spectrum_size() const {
  const std::size_t blocks = static_cast<std::size_t>((columns() + kLanes - 1) / kLanes);
  return blocks * static_cast<std::size_t>(height_) * kElement;
}

std::size_t RealFft2d::scratch_size() const {
  return 2 * static_cast<std::size_t>(std::max(width_, height_)) * kElement;
}

void RealFft2d::forward(const float* in, std::ptrdiff_t in_stride, int cols, int rows, float* spectrum) const {
  std::vector<float> scratch(scratch_size());
  for (int y = 0; y < rows; y += 2 * kLanes) {
    forward_rows(in + y * in_stride, in_stride, cols, y, std::min(2 * kLanes, rows - y), scratch.data(), spectrum);
  }
  for (int u = 0; u < columns(); u += kLanes) forward_columns(u, rows, scratch.data(), spectrum);
}

void RealFft2d::forward_rows(const float* in, std::ptrdiff_t in_stride, int cols, int y, int count, float* scratch,
                             float* spectrum) const {
  float* a = scratch;
  float* b = scratch + static_cast<std::ptrdiff_t>(width_) * kElement;
  gather_rows(in, in_stride, std::min(count, kLanes), cols, width_, a);
  gather_rows(in + kLanes * in_stride, in_stride, std::max(count - kLanes, 0), cols, width_, a + kLanes);
  const float* packed = transform_forward(width_, row_twiddles_.data(), a, b);
  const std::ptrdiff_t block_size = static_cast<std::ptrdiff_t>(height_) * kElement;
  const std::size_t bytes = static_cast<std::size_t>(count) * kElement * sizeof(float);
  float unpacked[2 * kLanes * kElement];
  for (int u = 0; u < columns(); u += kLanes) {
    unpack_block(packed, width_, u, std::min(kLanes, columns() - u), unpacked);
    std::memcpy(spectrum + u / kLanes * block_size + static_cast<std::ptrdiff_t>(y) * kElement, unpacked, bytes);
  }
}

void RealFft2d::forward_columns(int u, int rows, float* scratch, float* spectrum) const {
  const std::ptrdiff_t block_size = static_cast<std::ptrdiff_t>(height_) * kElement;
  float* block = spectrum + u / kLanes * block_size;
  std::fill(block + static_cast<std::ptrdiff_t>(rows) * kElement, block + block_size, 0.0f);
  const float* result = transform_forward(height_, column_twiddles_.data(), block, scratch);
  if (result != block) std::memcpy(block, result, static_cast<std::size_t>(block_size) * sizeof(float));
}

void RealFft2d::even_gain(const float* quadrant, int reach, float* gain) const {
  const std::size_t longest = static_cast<std::size_t>(std::max(width_, height_)) * kElement;
  std::vector<float> a(longest), b(longest);
  const std::size_t side = static_cast<std::size_t>(reach) + 1;
  const std::size_t block_size = static_cast<std::size_t>(height_) * kLanes;
  const int blocks = (columns() + kLanes - 1) / kLanes;
  std::fill_n(gain, gain_size(), 0.0f);

  // Rows: even and real, so their transforms are real and two travel as real and imaginary part without mixing.
  for (int y = 0; y <= reach; y += kElement) {
    const int count = std::min(kElement, reach + 1 - y);
    std::fill_n(a.data(), static_cast<std::size_t>(width_) * kElement, 0.0f);
    for (int x = 0; x <= reach; ++x) {
      const float* from = quadrant + static_cast<std::size_t>(x) * side + static_cast<std::size_t>(y);
      std::copy_n(from, count, a.data() + static_cast<std::ptrdiff_t>(x) * kElement);
      std::copy_n(from, count, a.data() + static_cast<std::ptrdiff_t>((width_ - x) & (width_ - 1)) * kElement);
    }
    const float* rows = transform_forward(width_, row_twiddles_.data(), a.data(), b.data());
    for (int u = 0; u < columns(); ++u) {
      for (int j = 0; j < count; ++j) {
        const float value = rows[static_cast<std::ptrdiff_t>(u) * kElement + j];
        gain[gain_index(u, y + j)] = value;
        gain[gain_index(u, (height_ - y - j) & (height_ - 1))] = value;
      }
    }
  }

  // Columns: the same, with two blocks of columns travelling together.
  for (int block = 0; block < blocks; block += 2) {
    float* first = gain + static_cast<std::size_t>(block) * block_size;
    float* second = block + 1 < blocks ? first + block_size : nullptr;
    for (int v = 0; v < height_; ++v) {
      float* to = a.data() + static_cast<std::ptrdiff_t>(v) * kElement;
      std::copy_n(first + static_cast<std::ptrdiff_t>(v) * kLanes, kLanes, to);
      if (second == nullptr) {
        std::fill_n(to + kLanes, kLanes, 0.0f);
      } else {
        std::copy_n(second + static_cast<std::ptrdiff_t>(v) * kLanes, kLanes, to + kLanes);
      }
    }
    const float* result = transform_forward(height_, column_twiddles_.data(), a.data(), b.data());
    for (int v = 0; v < height_; ++v) {
      const float* from = result + static_cast<std::ptrdiff_t>(v) * kElement;
      std::copy_n(from, kLanes, first + static_cast<std::ptrdiff_t>(v) * kLanes);
      if (second != nullptr) std::copy_n(from + kLanes, kLanes, second + static_cast<std::ptrdiff_t>(v) * kLanes);
    }
  }
}

void RealFft2d::inverse(const float* spectrum, const float* gain, float* scratch, int x0, int y0, int cols, int rows,
                        float* out, std::ptrdiff_t out_stride) const {
  const std::size_t longest = static_cast<std::size_t>(std::max(width_, height_)) * kElement;
  std::vector<float> a(longest), b(longest);
  const std::ptrdiff_t block_size = static_cast<std::ptrdiff_t>(height_) * kElement;
  const float scale = 1.0f / (static_cast<float>(width_) * static_cast<float>(height_));

  for (int u = 0; u < columns(); u += kLanes) {
    const std::ptrdiff_t at = u / kLanes * block_size;
    scale_block(spectrum + at, gain == nullptr ? nullptr : gain + at / 2, scale, height_, a.data());
    const float* result = transform_inverse(height_, column_twiddles_.data(), a.data(), b.data());
    std::memcpy(scratch + at + static_cast<std::ptrdiff_t>(y0) * kElement,
                result + static_cast<std::ptrdiff_t>(y0) * kElement,
                static_cast<std::size_t>(rows) * kElement * sizeof(float));
  }

  float lines[2 * kLanes * kElement] = {};
  for (int y = 0; y < rows; y += 2 * kLanes) {
    const int count = std::min(2 * kLanes, rows - y);
    const std::size_t bytes = static_cast<std::size_t>(count) * kElement * sizeof(float);
    for (int u = 0; u < columns(); u += kLanes) {
      std::memcpy(lines, scratch + u / kLanes * block_size + static_cast<std::ptrdiff_t>(y0 + y) * kElement, bytes);
      pack_block(lines, width_, u, std::min(kLanes, columns() - u), a.data());
    }
    const float* result = transform_inverse(width_, row_twiddles_.data(), a.data(), b.data());
    for (int j = 0; j < count; ++j) {
      float* to = out + (y + j) * out_stride;
      const float* from = result + static_cast<std::ptrdiff_t>(x0) * kElement + j;
      for (int x = 0; x < cols; ++x) to[x] = from[static_cast<std::ptrdiff_t>(x) * kElement];
    }
  }
}

}  // namespace autofocus
