// The ring spectrum: how the power of a patch spreads over spatial frequency. A defocus disk of radius r multiplies
// the spectrum of a scene by (2 J1(q) / q)^2 with q = 2 pi f r, so its radius shows as the place of a pattern along
// log f, whatever the scene; design figures in models/README.md.
//
// Blur adds up light, not camera values, so those (0..255) are first made linear by 255 (v / 255)^2.2; a wrong gamma
// only bends the pattern a little. The patch (a square, side n a power of two) minus its weighted mean is weighted by a
// periodic Hann window w and transformed; the power |F|^2 / sum w^2 is what white noise of variance s^2 turns into s^2.
// Coefficients are sorted
// into rings by |f| in cycles per pixel, 12 an octave from 2^-9 (and all below) to 2^-1, and one more for the corners (|f| >= 1/2);
// each ring into four sectors of 45 degrees around 0, 45, 90 and 135 degrees. The row and the column at exactly half a
// cycle per pixel are left out: there opposite directions are the same.
//
// Per patch `kRingFeatures` values, natural logarithms with kFloor added to the power:
//   [0, 97)     mean power of the ring
//   [97, 194)   mean of the logarithm (the geometric mean): a few strong edges do not hide the rest
//   [194, 291)  mean power of the weakest sector    } far apart where the blur or
//   [291, 388)  mean power of the strongest sector  } the scene has a direction
//   388 log(mean light + 1), 389 share of camera values >= 254, 390 share of camera values <= 1, 391 log2 n
//   [392, 488)  mean of the logarithm over lines: rings of equal width, |f| n within 1/2 of 1, 2, .. 96
//
// The rings tell small radii; the lines tell large ones, whose zeros lie 1 / (2 r) apart, closer than a ring is wide: they
// are a ripple of constant period along the lines, which stands out however weak it is.
// A ring (or a sector of it) that holds no coefficient takes the value interpolated between its neighbours by ring
// number; before the first it takes the value of the first, and a line without a coefficient (small patches) that of the
// line before.
#pragma once

#include "kernels/image_view.h"

namespace autofocus {

constexpr int kRings = 97;
constexpr int kLines = 96;
constexpr int kRingFeatures = 4 * kRings + 4 + kLines;

// Whether patches of this side are supported: 32, 64, .. 1024 px.
bool ring_spectrum_side(int side);

// Features of one square patch of a gray picture; `roi` lies within it. May run on several threads at once.
void ring_spectrum(ConstImageU8 gray, const Roi& roi, float* features);

}  // namespace autofocus
