"""The ripple filters of the radius network. A disk of radius r multiplies the power spectrum by (2 J1(q) / q)^2, q = 2 pi f r
(the transform of paper 1, Eq. 4): along the lines of the ring spectrum, which are even in f, its zeros are a ripple whose
period is 1 / (2 r). Each candidate radius is compared with the measured lines by correlation, after what scenes, noise and
a softened rim add has been taken away from both: a polynomial in log f and a parabola in f. Only the radius in units
of the patch matters, so one set of filters serves every patch size.

Several bands of lines are compared, because how far the ripple stands out of the noise differs from picture to picture; the
network learns which to believe."""

import numpy as np

# As in native/kernels/ring_spectrum.h.
LINES = 96
# Candidates: ln(radius / side of the patch), evenly spaced.
SMALLEST, LARGEST, STEP = 0.012, 0.42, 0.015
# Lines from the first up to this many, and the degree of the polynomial taken away.
BANDS = [(12, 2), (16, 2), (24, 3), (32, 3), (48, 3), (64, 3), (96, 3)]


def bessel_j1(x):
    """From its integral over [0, pi] by the trapezoidal rule, which is exact to rounding for |x| below 300."""
    steps = 512
    t = np.linspace(0, np.pi, steps + 1)[:, None]
    weights = np.ones(steps + 1)
    weights[[0, -1]] = 0.5
    return weights @ np.cos(t - x * np.sin(t)) / steps


def template(radius):
    """Logarithm of the power that the lines of a scene with the spectrum 1 / f^2 show behind a disk of `radius` sides of
    the patch: smeared by the window of the ring spectrum."""
    per_line = 8
    line = np.arange(per_line // 4, (LINES + 2) * per_line) / per_line
    q = 2 * np.pi * radius * line
    power = (2 * bessel_j1(q) / q) ** 2 / line**2
    offset = np.arange(-3 * per_line, 3 * per_line + 1) / per_line
    pole = np.abs(np.abs(offset) - 1) < 1e-9
    window = np.where(pole, 0.5, np.sinc(offset) / np.where(pole, 1, 1 - offset**2)) ** 2
    return np.interp(np.arange(1, LINES + 1), line, np.log(np.convolve(power, window / window.sum(), "same")))


def filters():
    """Candidates [C]; what takes the background away [bands, LINES, LINES]; unit templates [bands, C, LINES]; degrees of
    freedom [bands]. The ripple of a band is `backgrounds @ lines`, its correlation `templates @ ripple / |ripple|`."""
    candidates = np.arange(np.log(SMALLEST), np.log(LARGEST), STEP)
    ideal = np.stack([template(radius) for radius in np.exp(candidates)])
    backgrounds = np.zeros((len(BANDS), LINES, LINES))
    templates = np.zeros((len(BANDS), len(candidates), LINES))
    for band, (lines, degree) in enumerate(BANDS):
        line = np.arange(1, lines + 1)
        # A line of n coefficients is sure to 1 / sqrt(n), and n grows with its radius.
        weight = np.sqrt(line)
        scaled = np.log(line)
        scaled = (scaled - scaled.mean()) / scaled.std()
        smooth = np.concatenate([np.vander(scaled, degree + 1), (line[:, None] / lines) ** 2], 1)
        base, _ = np.linalg.qr(smooth * weight[:, None])
        remove = (np.eye(lines) - base @ base.T) * weight
        ripples = ideal[:, :lines] @ remove.T
        backgrounds[band, :lines, :lines] = remove
        templates[band, :, :lines] = ripples / np.linalg.norm(ripples, axis=1, keepdims=True)
    freedom = np.array([lines - degree - 2 for lines, degree in BANDS])
    return [each.astype(np.float32) for each in (candidates, backgrounds, templates, freedom)]
