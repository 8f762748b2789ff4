"""Trains the radius network on the ring spectra that `intelligent-autofocus dataset` computes, and exports it.

In: RING_FEATURES values a patch (native/kernels/ring_spectrum.h). Out, a patch each: log(radius + 0.5) and its standard
deviation, probabilities of being in focus and of being readable, and the optical sharpness.
See README.md for the commands."""

import argparse
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from common import export, held_out, one_cycle, read_manifest, seed_everything, shard_labels, write_manifest, write_vectors

FEATURES_VERSION = 2
# Layout of the features: native/kernels/ring_spectrum.h.
SPECTRA, RINGS = 4, 97
IN_FOCUS_RADIUS = 2.0
# Camera values (0..255): noise-free windows with less variation hold nothing to read, with more they do.
UNREADABLE_BELOW, READABLE_ABOVE = 0.6, 2.0
TEXTURE_THRESHOLD = 0.5
DEGREES_OF_FREEDOM = 4.0
BINS = [(0, 1), (1, 3), (3, 10), (10, 30), (30, 100), (100, 200.001)]
# What the manifest tells of each folder of training data.
PLAN = ("seed", "count", "lens", "radii", "renderingVersion")
OUTPUTS = ["log_radius", "log_radius_std", "in_focus", "sharpness", "texture"]


class Member(nn.Module):
    """Convolutions along the rings, because another radius is the same pattern shifted along log f, beside the features
    as they are; then a perceptron. Answers log radius, log of its scale, and three logits."""

    def __init__(self, features, width):
        super().__init__()
        self.rings = nn.Sequential(
            nn.Conv1d(SPECTRA, 24, 5, padding=2), nn.SiLU(),
            nn.Conv1d(24, 32, 5, stride=2, padding=2), nn.SiLU(),
            nn.Conv1d(32, 48, 5, stride=2, padding=2), nn.SiLU(),
            nn.Flatten(), nn.Dropout(0.1),
        )
        self.decide = nn.Sequential(
            nn.Linear(48 * ((RINGS + 3) // 4) + features, width), nn.SiLU(), nn.Dropout(0.1),
            nn.Linear(width, width // 2), nn.SiLU(),
            nn.Linear(width // 2, 5),
        )

    def forward(self, x):
        spectra = x[:, : SPECTRA * RINGS].reshape(-1, SPECTRA, RINGS)
        return self.decide(torch.cat([self.rings(spectra), x], 1))


class DefocusNetwork(nn.Module):
    """The mean of `members`, each with its own weights; the spread of their opinions widens the deviation."""

    def __init__(self, mean, std, width, members):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)
        self.register_buffer("temperature", torch.ones(1))
        self.members = nn.ModuleList([Member(len(mean), width) for _ in range(members)])

    def raw(self, features):
        """[members, batch, 5]: log radius, log of its scale, and three logits."""
        x = (features - self.mean) / self.std
        return torch.stack([member(x) for member in self.members])

    def forward(self, features):
        raw = self.raw(features)
        centre = raw[:, :, 0].mean(0)
        variance = torch.exp(2 * raw[:, :, 1].clamp(-6, 2)).mean(0) + ((raw[:, :, 0] - centre) ** 2).mean(0)
        chances = torch.sigmoid(raw[:, :, 2:]).mean(0)
        return centre, self.temperature * torch.sqrt(variance), chances[:, 0], chances[:, 1], chances[:, 2]


class Samples:
    """Windows as rows: features, radius, sharpness, texture (1, 0 or -1 = neither), size and source."""

    def __init__(self, directories):
        rows, labels = [], []
        for directory in directories:
            manifest = read_manifest(directory)
            curve = np.array(manifest["sharpness"])
            for shard, patches in shard_labels(directory):
                features = np.load(Path(directory) / f"features-v{FEATURES_VERSION}-{shard}.npy")
                rows.append(features.reshape(-1, features.shape[-1]))
                labels += [(w["radius"], w["texture"], w["size"], p["source"]) for p in patches for w in p["windows"]]
        self.features = torch.from_numpy(np.concatenate(rows))
        self.radius = np.array([each[0] for each in labels], np.float32)
        texture = np.array([each[1] for each in labels])
        self.texture = np.where(texture < UNREADABLE_BELOW, 0, np.where(texture > READABLE_ABOVE, 1, -1))
        self.size = np.array([each[2] for each in labels])
        self.source = np.array([each[3] for each in labels])
        self.sharpness = np.interp(self.radius, curve[:, 0], curve[:, 1]).astype(np.float32)


def loss_of(raw, batch):
    """Student's t on the log radius (photographs have blurred places of their own: outliers), cross-entropy on the rest."""
    log_radius, in_focus, sharpness, readable, has_readable = batch
    scale = raw[..., 1].clamp(-6, 2)
    z2 = ((raw[..., 0] - log_radius) * torch.exp(-scale)) ** 2
    nll = scale + (DEGREES_OF_FREEDOM + 1) / 2 * torch.log1p(z2 / DEGREES_OF_FREEDOM)
    bce = nn.functional.binary_cross_entropy_with_logits
    expand = lambda target: target.expand(raw.shape[:-1])
    focus = bce(raw[..., 2], expand(in_focus), reduction="none")
    sharp = bce(raw[..., 3], expand(sharpness), reduction="none")
    texture = bce(raw[..., 4], expand(readable), reduction="none") * has_readable
    return (nll + 0.3 * focus + 0.3 * sharp + 0.1 * texture).mean()


def train(network, samples, rows, options, name):
    x = samples.features[rows]
    radius = torch.from_numpy(samples.radius[rows])
    targets = [
        torch.log(radius + 0.5),
        (radius <= IN_FOCUS_RADIUS).float(),
        torch.from_numpy(samples.sharpness[rows]),
        torch.from_numpy((samples.texture[rows] == 1).astype(np.float32)),
        torch.from_numpy((samples.texture[rows] >= 0).astype(np.float32)),
    ]
    batches = len(x) // options.batch
    optimiser = torch.optim.AdamW(network.parameters(), options.rate, weight_decay=options.decay)
    schedule = one_cycle(optimiser, options.rate, options.epochs * batches)
    noise = options.jitter * network.std
    for epoch in range(options.epochs):
        network.train()
        order, total, start = torch.randperm(len(x)), 0.0, time.time()
        for k in range(batches):
            pick = order[k * options.batch : (k + 1) * options.batch]
            features = x[pick] + noise * torch.randn(len(pick), x.shape[1])
            loss = loss_of(network.raw(features), [target[pick] for target in targets])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"{name}: epoch {epoch + 1}/{options.epochs} loss {total / batches:.4f} {time.time() - start:.1f}s", flush=True)


def train_members(network, samples, rows, options):
    """Each member by itself, from a seed of its own, `options.jobs` at a time."""
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        tasks = [
            pool.apply_async(train_member, (network, samples, rows, options, number))
            for number in range(len(network.members))
        ]
        for member, task in zip(network.members, tasks):
            member.load_state_dict({key: torch.from_numpy(value) for key, value in task.get().items()})


def train_member(network, samples, rows, options, number):
    torch.set_num_threads(1)
    seed_everything(options.seed + number)
    alone = DefocusNetwork(network.mean, network.std, options.width, 1)
    train(alone, samples, rows, options, f"member {number}")
    return {key: value.numpy() for key, value in alone.members[0].state_dict().items()}


def predict(network, features):
    network.eval()
    with torch.no_grad():
        parts = [network(part) for part in features.split(4096)]
    return [torch.cat([part[k] for part in parts]).numpy() for k in range(len(OUTPUTS))]


def calibrate(network, samples, rows):
    """Widens or narrows the deviation so that on unseen sources half the errors lie within 0.6745 of it."""
    outputs = predict(network, samples.features[rows])
    error = np.abs(outputs[0] - np.log(samples.radius[rows] + 0.5)) / outputs[1]
    readable = samples.texture[rows] == 1
    network.temperature.fill_(float(np.median(error[readable]) / 0.6745))


def measure(network, samples, rows):
    """Accuracy by window size and bin of radius over readable windows: px below 3 px, relative above."""
    log_radius, std, in_focus, sharpness, texture = predict(network, samples.features[rows])
    radius, size, readable = samples.radius[rows], samples.size[rows], samples.texture[rows]
    error = np.abs(np.maximum(0, np.exp(log_radius) - 0.5) - radius)
    result = {}
    for side in sorted(set(size)):
        for low, high in BINS:
            chosen = (size == side) & (radius >= low) & (radius < high) & (readable == 1)
            if chosen.sum() < 20:
                continue
            relative = error[chosen] if high <= 3 else error[chosen] / radius[chosen]
            result[f"{side}px, radius {low}-{high:.0f} px"] = {
                "unit": "px" if high <= 3 else "relative",
                "median": round(float(np.median(relative)), 4),
                "p90": round(float(np.quantile(relative, 0.9)), 4),
                "windows": int(chosen.sum()),
            }
    z = np.abs(log_radius - np.log(radius + 0.5)) / std
    chosen = readable == 1
    result["errors within 1 / 2 std"] = [round(float((z[chosen] < k).mean()), 3) for k in (1, 2)]
    clear = chosen & ((radius < 1.5) | (radius > 2.5))
    truth, said = radius[clear] <= IN_FOCUS_RADIUS, in_focus[clear] > 0.5
    result["in focus (radius outside 1.5-2.5 px): precision / recall"] = [
        round(float(truth[said].mean()), 3), round(float(said[truth].mean()), 3)
    ]
    result["sharpness: rmse"] = round(float(np.sqrt(((sharpness - samples.sharpness[rows])[chosen] ** 2).mean())), 4)
    decided = readable >= 0
    result["texture decision: accuracy"] = round(float(((texture > TEXTURE_THRESHOLD) == readable)[decided].mean()), 3)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", help="folders written by the dataset command")
    parser.add_argument("--out", default="models")
    parser.add_argument("--vectors", default="test/fixtures/models", help="folder for outputs that a test repeats")
    parser.add_argument("--epochs", type=int, default=18)
    parser.add_argument("--members", type=int, default=2, help="networks whose mean is taken")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=2e-2)
    parser.add_argument("--jitter", type=float, default=0.03, help="noise on the inputs, in standard deviations")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="members trained at the same time")
    options = parser.parse_args()

    seed_everything(options.seed)
    torch.set_num_threads(1)
    samples = Samples(options.data)
    test = held_out(samples.source, 0.12, options.seed)
    rows = np.flatnonzero(~test)
    mean, std = samples.features[rows].mean(0), samples.features[rows].std(0) + 1e-3
    network = DefocusNetwork(mean, std, options.width, options.members)
    print(f"{len(rows)} windows to train on, {test.sum()} of other sources to test on")
    train_members(network, samples, rows, options)
    calibrate(network, samples, np.flatnonzero(test))
    metrics = measure(network, samples, np.flatnonzero(test))
    for name, value in metrics.items():
        print(name, value)

    out = Path(options.out)
    example = samples.features[np.flatnonzero(test)[:8]]
    export(network, example, ["features"], OUTPUTS, out / "defocus.onnx")
    write_vectors(Path(options.vectors) / "defocus.json", example.tolist(), dict(zip(OUTPUTS, predict(network, example))))
    plans = [read_manifest(directory) for directory in options.data]
    write_manifest(
        out / "defocus.json",
        out / "defocus.onnx",
        {
            "kind": "defocus",
            "description": "Defocus radius of a patch from its ring spectrum",
            "features": {"version": FEATURES_VERSION, "length": samples.features.shape[1]},
            "patchSizes": [128, 256, 512],
            "inFocusRadius": IN_FOCUS_RADIUS,
            "textureThreshold": TEXTURE_THRESHOLD,
            "training": {
                "data": [{key: plan[key] for key in PLAN if key in plan} for plan in plans],
                "sources": sorted(set(name for plan in plans for name in plan["sources"])),
                "heldOutSources": sorted(set(samples.source[test])),
                "windows": int(len(rows)),
                **{key: value for key, value in vars(options).items() if key not in ("data", "out", "vectors", "jobs")},
            },
            "metrics": {"held-out sources, all camera effects": metrics},
        },
    )


if __name__ == "__main__":
    main()
