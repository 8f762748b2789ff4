// Vectors in the plane, and symmetric matrices: how precisely a vector is known, as the inverse of its covariance.
#pragma once

#include <cmath>

namespace autofocus {

struct Vector {
  float x = 0.0f;
  float y = 0.0f;
};

inline Vector operator+(Vector a, Vector b) { return {a.x + b.x, a.y + b.y}; }
inline Vector operator-(Vector a, Vector b) { return {a.x - b.x, a.y - b.y}; }
inline Vector operator*(float k, Vector a) { return {k * a.x, k * a.y}; }
inline float dot(Vector a, Vector b) { return a.x * b.x + a.y * b.y; }

struct SymmetricMatrix {
  float xx = 0.0f;
  float xy = 0.0f;
  float yy = 0.0f;
};

inline SymmetricMatrix identity_times(float k) { return {k, 0.0f, k}; }
inline SymmetricMatrix operator+(SymmetricMatrix a, SymmetricMatrix b) { return {a.xx + b.xx, a.xy + b.xy, a.yy + b.yy}; }
inline SymmetricMatrix operator*(float k, SymmetricMatrix a) { return {k * a.xx, k * a.xy, k * a.yy}; }
inline Vector operator*(SymmetricMatrix a, Vector b) { return {a.xx * b.x + a.xy * b.y, a.xy * b.x + a.yy * b.y}; }

inline SymmetricMatrix inverse(SymmetricMatrix a) {
  const float k = 1.0f / (a.xx * a.yy - a.xy * a.xy);
  return {k * a.yy, -k * a.xy, k * a.xx};
}

inline float least_eigenvalue(SymmetricMatrix a) { return 0.5f * (a.xx + a.yy - std::hypot(a.xx - a.yy, 2.0f * a.xy)); }

// The precision that is left when an error of that variance, alike in all directions, is added: A (I + v A)^-1.
inline SymmetricMatrix loosened(SymmetricMatrix a, float variance) {
  const SymmetricMatrix b = inverse(identity_times(1.0f) + variance * a);
  return {a.xx * b.xx + a.xy * b.xy, a.xx * b.xy + a.xy * b.yy, a.xy * b.xy + a.yy * b.yy};
}

// What is known of a vector.
struct Belief {
  Vector mean;
  SymmetricMatrix precision;
};

// How far `at` is from the mean, in standard deviations, squared.
inline float surprise(const Belief& belief, Vector at) {
  const Vector off = at - belief.mean;
  return dot(off, belief.precision * off);
}

// Two independent beliefs about the same vector.
inline Belief both(const Belief& a, const Belief& b) {
  const SymmetricMatrix sum = a.precision + b.precision;
  return {inverse(sum) * (a.precision * a.mean + b.precision * b.mean), sum};
}

}  // namespace autofocus
