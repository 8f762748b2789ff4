"""The radius network: a first opinion from the rings of the spectrum, made exact by the ripple of its lines (ripple.py)."""

import numpy as np
import torch
from torch import nn

from ripple import BANDS, LINES, STEP, filters

# Layout of the features: native/kernels/ring_spectrum.h.
SPECTRA, RINGS = 4, 97
LOG_SIDE = SPECTRA * RINGS + 3
FEATURES = LOG_SIDE + 1 + LINES
# Windows of at most this radius are in focus, px.
IN_FOCUS_RADIUS = 2.0


class Rough(nn.Module):
    """A first opinion for all radii: convolutions along the rings, because another radius is the same pattern shifted along
    log f, beside the features as they are; then a perceptron. Answers log radius, log of its scale, and three logits."""

    def __init__(self, width):
        super().__init__()
        self.rings = nn.Sequential(
            nn.Conv1d(SPECTRA, 24, 5, padding=2), nn.SiLU(),
            nn.Conv1d(24, 32, 5, stride=2, padding=2), nn.SiLU(),
            nn.Conv1d(32, 48, 5, stride=2, padding=2), nn.SiLU(),
            nn.Flatten(), nn.Dropout(0.1),
        )
        self.decide = nn.Sequential(
            nn.Linear(48 * ((RINGS + 3) // 4) + FEATURES, width), nn.SiLU(), nn.Dropout(0.1),
            nn.Linear(width, width // 2), nn.SiLU(),
            nn.Linear(width // 2, 5),
        )

    def forward(self, x):
        spectra = x[:, : SPECTRA * RINGS].reshape(-1, SPECTRA, RINGS)
        return self.decide(torch.cat([self.rings(spectra), x], 1))


class Ripple(nn.Module):
    """A logit for each candidate radius (ripple.py) and one, the last, for "none of them": from how well the ripple of each
    agrees with the lines and how far it is from the first opinion."""

    def __init__(self, channels):
        super().__init__()
        for name, values in zip(("candidates", "backgrounds", "templates", "freedom"), filters()):
            self.register_buffer(name, torch.from_numpy(values))
        bands = len(BANDS)
        self.compare = nn.Sequential(
            nn.Conv1d(2 * bands + 4, channels, 5, padding=2), nn.SiLU(),
            nn.Conv1d(channels, channels, 5, padding=6, dilation=3), nn.SiLU(),
            nn.Conv1d(channels, 1, 5, padding=2),
        )
        self.none = nn.Sequential(nn.Linear(bands + 3, 24), nn.SiLU(), nn.Linear(24, 1))

    def forward(self, lines, log_side, rough, log_scale):
        lines = lines - lines.mean(1, keepdim=True)
        # All windows at once for each band: as products of matrices, not of a matrix and a vector for each window.
        ripple = torch.matmul(lines[None], self.backgrounds.transpose(1, 2))
        strength = torch.sqrt((ripple**2).sum(2) + 1e-4)
        correlation = torch.matmul(ripple, self.templates.transpose(1, 2)) / strength[:, :, None]
        strength, correlation = strength.transpose(0, 1), correlation.transpose(0, 1)
        # Fisher's transformation: how unlikely by chance.
        correlation = correlation.clamp(-0.995, 0.995)
        agreement = torch.log((1 + correlation) / (1 - correlation)) * torch.sqrt(self.freedom)[None, :, None] / 6
        size = log_side[:, None] - 8
        offset = self.candidates[None] - rough[:, None]
        prior = (-0.5 * (offset * torch.exp(-log_scale)[:, None]) ** 2).clamp(min=-12) / 4
        along = lambda values: values[:, :, None].expand(-1, -1, self.candidates.shape[0])
        channels = [agreement, along(torch.log(strength)), offset.clamp(-2, 2)[:, None], prior[:, None]]
        logits = self.compare(torch.cat([*channels, along(log_scale[:, None]), along(size)], 1))[:, 0]
        none = self.none(torch.cat([rough[:, None], log_scale[:, None], size, agreement.amax(2)], 1))
        return torch.cat([logits, none], 1)


class Spread(nn.Module):
    """Log of the deviation of the answer: a mixture of both opinions' own deviations and of how far they lie apart, corrected
    by what such deviations turned out to be worth."""

    HINTS = 7

    def __init__(self, width):
        super().__init__()
        self.correct = nn.Sequential(nn.Linear(self.HINTS, width), nn.SiLU(), nn.Linear(width, 1))

    def forward(self, hints):
        return hints[:, 0] + self.correct(hints)[:, 0]


class DefocusNetwork(nn.Module):
    def __init__(self, mean, std, width, channels):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)
        self.register_buffer("temperature", torch.ones(1))
        self.rough, self.ripple, self.spread = Rough(width), Ripple(channels), Spread(24)

    def raw(self, features, jitter=0.0):
        """The rough opinion and the logits of the candidates; `jitter`: noise on the inputs, in standard deviations."""
        x = (features - self.mean) / self.std
        lines = features[:, LOG_SIDE + 1 :]
        if jitter > 0:
            x, lines = x + jitter * torch.randn_like(x), lines + jitter * torch.randn_like(lines)
        rough = self.rough(x)
        log_side = features[:, LOG_SIDE]
        radius = (torch.exp(rough[:, 0]) - 0.5).clamp(min=0.2)
        relative = torch.log(radius) - np.log(2) * log_side
        return rough, self.ripple(lines, log_side, relative, rough[:, 1].clamp(-6, 2))

    def decide(self, rough, logits, log_side):
        """Log radius, what `spread` makes its deviation of, and the probability of being in focus."""
        chances = torch.softmax(logits, 1)
        none = chances[:, -1]
        shares = chances[:, :-1] / (1 - none + 1e-9)[:, None]
        candidates = self.ripple.candidates
        # The mean of the candidates around the best one; how far the others lie is the deviation.
        best = candidates[shares.argmax(1)]
        near = shares * ((candidates[None] - best[:, None]).abs() < 4.5 * STEP)
        relative = (near * candidates).sum(1) / near.sum(1)
        radius = torch.exp(relative + np.log(2) * log_side)
        scatter = (shares * (candidates[None] - relative[:, None]).abs()).sum(1)
        fine, fine_std = torch.log(radius + 0.5), (1.25 * scatter + 1e-3) * radius / (radius + 0.5)
        coarse, coarse_std = rough[:, 0], torch.exp(rough[:, 1].clamp(-6, 2))
        is_fine = none < 0.5
        log_radius = torch.where(is_fine, fine, coarse)
        against, chosen_std, other_std = (
            torch.where(is_fine, a, b) for a, b in ((none, 1 - none), (fine_std, coarse_std), (coarse_std, fine_std))
        )
        apart = (fine - coarse).abs()
        mixed = (1 - against) * chosen_std + against * (apart + other_std)
        doubt = torch.log(against + 1e-4)
        hints = [torch.log(mixed), torch.log(chosen_std), torch.log(other_std), torch.log(apart + 1e-3), doubt]
        # Whoever believes in a candidate believes that the window is out of focus, but for the smallest of them.
        small = (shares * (candidates[None] + np.log(2) * log_side[:, None] < np.log(IN_FOCUS_RADIUS))).sum(1)
        likely = torch.sigmoid(rough[:, 2])
        in_focus = torch.where(is_fine, none * likely + (1 - none) * small, likely)
        return log_radius, torch.stack([*hints, log_radius, log_side - 8], 1), in_focus

    def forward(self, features):
        rough, logits = self.raw(features)
        log_radius, hints, in_focus = self.decide(rough, logits, features[:, LOG_SIDE])
        std = self.temperature * torch.exp(self.spread(hints))
        answers = torch.sigmoid(rough[:, 3:])
        return log_radius, std, in_focus, answers[:, 0], answers[:, 1]
