"""Trains the sharpness network (paper 2, sections 2 and 3): a dense map of the optical sharpness S, the same for every
scene and every light, and exports it. S over the radius is the curve of src/algorithms/optics/sharpness-curve.ts, which the
dataset command writes into its manifest.
See README.md for the commands."""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from common import (
    curves_picture, export, held_out, one_cycle, read_manifest, seed_everything, shard_labels, sharpness_of,
    training_data, write_manifest, write_vectors,
)

STRIDE = 8
# Octaves of detail looked at; a picture's sides must be multiples of STRIDE * 2 ** (LEVELS - 4).
LEVELS = 7
GRANULE = 64
# Windows over which detail is gathered, in strides.
WINDOWS = (5, 15)
PER_LEVEL = 3
CHANNELS = LEVELS * PER_LEVEL * len(WINDOWS)
GAMMA = 2.2
# Cells of a training patch whose windows lie inside it, and how many are kept (a square).
MARGIN, KEPT = 8, 24
# S of a radius of half a pixel: below, the blur is lost in the pixels.
IN_FOCUS = 0.95
OUTPUTS = ["sharpness", "deviation"]


def octave(light):
    """Energy of the slopes, of their changes, and the squared mean of the slopes' size, at the resolution of `light`."""
    right = nn.functional.pad(light, (0, 1, 0, 1), mode="replicate")
    across, down = right[:, :, :-1, 1:] - light, right[:, :, 1:, :-1] - light
    slope = across**2 + down**2
    change = (nn.functional.avg_pool2d(nn.functional.pad(light, (1, 1, 1, 1), mode="replicate"), 3, 1) - light) ** 2
    return slope, change, torch.sqrt(slope + 1e-12)


class Detail(nn.Module):
    """How much detail there is in each octave around each cell, relative to the light there: logarithms, so that more
    light, which multiplies everything, changes nothing."""

    def __init__(self):
        super().__init__()
        self.register_buffer("light", (torch.arange(256) / 255.0) ** GAMMA)

    def forward(self, gray):
        light = self.light[gray.long()]
        found, level = [], light
        for octave_number in range(LEVELS):
            if octave_number > 0:
                level = nn.functional.avg_pool2d(level, 2)
            found += [self.to_cells(values, octave_number) for values in octave(level)]
        mean = self.gather(nn.functional.avg_pool2d(light, STRIDE), WINDOWS[-1]) + 1e-5
        features = []
        for window in WINDOWS:
            for number, values in enumerate(found):
                gathered = self.gather(values, window) / (mean if number % PER_LEVEL == 2 else mean**2)
                scale = 2.0 if number % PER_LEVEL == 2 else 1.0
                features.append(scale * torch.log(gathered + 1e-9))
        return torch.cat(features, 1)

    @staticmethod
    def to_cells(values, octave_number):
        shrink = STRIDE >> octave_number
        if shrink > 1:
            return nn.functional.avg_pool2d(values, shrink)
        if shrink == 1:
            return values
        return nn.functional.interpolate(values, scale_factor=float(2**octave_number // STRIDE), mode="nearest")

    @staticmethod
    def gather(values, window):
        return nn.functional.avg_pool2d(values, window, 1, window // 2, count_include_pad=False)


class Decide(nn.Module):
    """From the detail to S, not yet limited to 0..1, and the logarithm of its mean deviation."""

    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", mean.reshape(1, -1, 1, 1))
        self.register_buffer("std", std.reshape(1, -1, 1, 1))
        self.layers = nn.Sequential(
            nn.Conv2d(CHANNELS, 48, 1), nn.SiLU(),
            nn.Conv2d(48, 32, 3, padding=1, padding_mode="replicate"), nn.SiLU(),
            nn.Conv2d(32, 32, 3, padding=2, dilation=2, padding_mode="replicate"), nn.SiLU(),
            nn.Conv2d(32, 2, 1),
        )

    def forward(self, detail):
        out = self.layers((detail - self.mean) / self.std)
        return out[:, :1], out[:, 1:]


class SharpnessNetwork(nn.Module):
    def __init__(self, detail, decide):
        super().__init__()
        self.detail, self.decide = detail, decide

    def forward(self, gray):
        value, log_deviation = self.decide(self.detail(gray))
        return value, torch.exp(log_deviation.clamp(-6, 1))


def gather_samples(directories, per_shard, detail):
    """The detail in the middle of some patches of each shard, their S and their source. Patches of two depths are left
    out: their cells have no one S."""
    rows, sharpness, sources = [], [], []
    random = np.random.default_rng(0)
    for directory in directories:
        manifest = read_manifest(directory)
        for shard, labels in shard_labels(directory):
            patches = np.load(Path(directory) / f"patches-{shard}.npy", mmap_mode="r")
            usable = [k for k, label in enumerate(labels) if not label["edge"]]
            for k in sorted(random.choice(usable, min(per_shard, len(usable)), replace=False)):
                with torch.no_grad():
                    cells = detail(torch.from_numpy(np.array(patches[k]))[None, None])[0].half()
                y, x = random.integers(MARGIN, cells.shape[1] - MARGIN - KEPT + 1, 2)
                rows.append(cells[:, y : y + KEPT, x : x + KEPT].clone())
                sharpness.append(float(sharpness_of(manifest, labels[k]["radius"])))
                sources.append(labels[k]["source"])
    return torch.stack(rows), torch.tensor(sharpness), np.array(sources)


def loss_of(value, log_deviation, truth):
    """Laplace's likelihood. In focus a value above the truth is as good as the truth, so that the peak, limited to 1, does not
    depend on how clear the scene is."""
    scale = log_deviation.clamp(-6, 1)
    error = value - truth
    error = torch.where((truth > IN_FOCUS) & (error > 0), torch.zeros_like(error), error.abs())
    return (scale + error * torch.exp(-scale)).mean()


def train(decide, detail, truth, options):
    batches = max(1, len(detail) // options.batch)
    optimiser = torch.optim.AdamW(decide.parameters(), options.rate, weight_decay=1e-3)
    schedule = one_cycle(optimiser, options.rate, options.epochs * batches)
    losses = []
    for epoch in range(options.epochs):
        decide.train()
        order, total, start = torch.randperm(len(detail)), 0.0, time.time()
        for k in range(batches):
            pick = order[k * options.batch : (k + 1) * options.batch]
            loss = loss_of(*decide(detail[pick].float()), truth[pick][:, None, None, None])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        losses.append(total / batches)
        print(f"epoch {epoch + 1}/{options.epochs} loss {losses[-1]:.4f} {time.time() - start:.1f}s", flush=True)
    return losses


def measure(decide, detail, truth):
    """RMSE of S (paper 2, section 1) over cells that say they are sure, and over all, by S."""
    decide.eval()
    with torch.no_grad():
        parts = [decide(part.float()) for part in detail.split(64)]
    value = torch.cat([part[0] for part in parts]).clamp(0, 1)[:, 0]
    sure = torch.exp(torch.cat([part[1] for part in parts]))[:, 0] < 0.1
    error = (value - truth[:, None, None]) ** 2
    result = {"cells that are sure (deviation below 0.1)": round(float(sure.float().mean()), 3)}
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.97), (0.97, 1.01)):
        rows = ((truth >= low) & (truth < high))[:, None, None].expand_as(sure)
        result[f"S {low}-{min(high, 1)}: rmse where sure / everywhere"] = [
            round(float(error[rows & chosen].mean().sqrt()), 3) for chosen in (sure, torch.ones_like(sure))
        ]
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", help="folders written by the dataset command")
    parser.add_argument("--out", default="models")
    parser.add_argument("--vectors", default="test/fixtures/models", help="folder for outputs that a test repeats")
    parser.add_argument("--curves", help="picture of the loss over the epochs to write")
    parser.add_argument("--per-shard", type=int, default=20, help="patches taken of each shard")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    seed_everything(options.seed)
    torch.set_num_threads(1)
    finder = Detail()
    detail, truth, source = gather_samples(options.data, options.per_shard, finder)
    test = torch.from_numpy(held_out(source, 0.12, options.seed))
    known = detail[~test].float()
    decide = Decide(known.mean((0, 2, 3)), known.std((0, 2, 3)) + 1e-3)
    del known
    print(f"{int((~test).sum())} patches to train on, {int(test.sum())} of other sources to test on", flush=True)
    losses = train(decide, detail[~test], truth[~test], options)
    metrics = measure(decide, detail[test], truth[test])
    for name, value in metrics.items():
        print(name, value)
    if options.curves:
        curves_picture(options.curves, {"loss": losses})

    network, out = SharpnessNetwork(finder, decide).eval(), Path(options.out)
    y, x = np.mgrid[0 : 2 * GRANULE, 0 : 3 * GRANULE]
    pattern = torch.from_numpy(((x * x // 3 + y * 5) % 251).astype(np.uint8))[None, None]
    export(network, pattern, ["gray"], OUTPUTS, out / "sharpness.onnx", dynamic=(2, 3))
    with torch.no_grad():
        outputs = {name: each.numpy() for name, each in zip(OUTPUTS, network(pattern))}
    write_vectors(Path(options.vectors) / "sharpness.json", "(floor(x * x / 3) + 5 y) mod 251, 192 x 128", outputs)
    write_manifest(
        out / "sharpness.json",
        out / "sharpness.onnx",
        {
            "kind": "sharpness",
            "description": "Dense map of the optical sharpness S",
            "stride": STRIDE,
            "granule": GRANULE,
            "training": {
                **training_data(options.data, source, test.numpy()),
                "patches": int((~test).sum()),
                **{key: vars(options)[key] for key in ("per_shard", "epochs", "batch", "rate", "seed")},
            },
            "metrics": {"held-out sources, all camera effects": metrics},
        },
    )


if __name__ == "__main__":
    main()
