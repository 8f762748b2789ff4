"""Trains the blending network of all-in-focus video on what `intelligent-autofocus film` writes, and exports it.

In: the planes of src/algorithms/fusion/streaming/features.ts. Out: per cell the share w of the new frame. A film says
for each cell how good every w would have been: its squared error is a w^2 - 2 b w + c (src/dataset/video/blend-error.ts).
See README.md for the commands."""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from common import (
    Checkpoint, curves_picture, export, one_cycle, read_manifest, seed_everything, write_manifest, write_vectors,
)

# Side of the training crops, cells.
CROP = 64
# Squared error, values 0..1, below which a picture is as good as it needs to be.
ENOUGH = 3e-5


class BlendingNetwork(nn.Module):
    """Convolutions with growing reach: a cell's weight depends on its surroundings, about 30 cells wide."""

    def __init__(self, planes, width):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(planes, width, 1), nn.SiLU(),
            nn.Conv2d(width, width, 3, padding=1), nn.SiLU(),
            nn.Conv2d(width, width, 3, padding=2, dilation=2), nn.SiLU(),
            nn.Conv2d(width, width, 3, padding=4, dilation=4), nn.SiLU(),
            nn.Conv2d(width, width, 3, padding=8, dilation=8), nn.SiLU(),
            nn.Conv2d(width, width, 1), nn.SiLU(),
            nn.Conv2d(width, 1, 1),
        )

    def forward(self, planes):
        return torch.sigmoid(self.layers(planes))


class Films:
    """Frames of all films as half floats: they vary in size, so each keeps its own."""

    def __init__(self, directories):
        self.manifests = [read_manifest(directory) for directory in directories]
        self.planes = len(self.manifests[0]["planes"])
        self.films = [
            torch.from_numpy(np.load(file)).half()
            for directory in directories
            for file in sorted(Path(directory).glob("film-*.npy"))
        ]

    def split(self, share, seed):
        """Films for training and for validation."""
        order = np.random.default_rng(seed).permutation(len(self.films))
        held = max(1, round(share * len(order)))
        return [self.films[k] for k in order[held:]], [self.films[k] for k in order[:held]]


def crops(films, batch, random):
    """Pieces of random frames."""
    pieces = []
    for _ in range(batch):
        film = films[random.integers(len(films))]
        frame = film[random.integers(len(film))]
        top = random.integers(max(1, frame.shape[1] - CROP + 1))
        left = random.integers(max(1, frame.shape[2] - CROP + 1))
        piece = frame[:, top : top + CROP, left : left + CROP]
        if random.random() < 0.5:
            piece = piece.flip(2)
        pieces.append(piece)
    return torch.stack(pieces).float()


def squared_error(weight, a, b, c):
    return (a * weight**2 - 2 * b * weight + c).clamp(min=0)


def loss_of(network, batch, planes):
    """Mean logarithm of each piece's error: decibels count, as in the figures that people compare."""
    weight = network(batch[:, :planes])[:, 0]
    a, b, c = batch[:, planes], batch[:, planes + 1], batch[:, planes + 2]
    return torch.log(squared_error(weight, a, b, c).mean((1, 2)) + ENOUGH).mean()


def measure(network, films, planes):
    """Mean PSNR over the frames that were kept from training, dB: of the network, and of what it is compared with."""
    network.eval()
    found = {"network": [], "frame alone": [], "picture alone": [], "best weights": []}
    with torch.no_grad():
        for film in films:
            for frame in film.float():
                a, b, c = frame[planes], frame[planes + 1], frame[planes + 2]
                best = ((b + 1e-6) / (a + 2e-6)).clamp(0, 1)
                weights = {
                    "network": network(frame[None, :planes])[0, 0],
                    "frame alone": torch.ones_like(a),
                    "picture alone": torch.zeros_like(a),
                    "best weights": best,
                }
                for name, weight in weights.items():
                    found[name].append(-10 * float(torch.log10(squared_error(weight, a, b, c).mean() + 1e-9)))
    return {f"{name}: PSNR, dB": round(float(np.mean(values)), 2) for name, values in found.items()}


def train(network, films, planes, options, checkpoint_file):
    optimiser = torch.optim.AdamW(network.parameters(), options.rate, weight_decay=1e-3)
    schedule = one_cycle(optimiser, options.rate, options.epochs * options.steps)
    checkpoint = Checkpoint(checkpoint_file, options, network=network, optimiser=optimiser, schedule=schedule)
    for epoch in range(len(checkpoint.restore()), options.epochs):
        random = np.random.default_rng([options.seed, epoch])
        network.train()
        total, start = 0.0, time.time()
        for _ in range(options.steps):
            loss = loss_of(network, crops(films, options.batch, random), planes)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        checkpoint.losses.append(total / options.steps)
        checkpoint.save()
        print(f"epoch {epoch + 1}/{options.epochs} loss {total / options.steps:.4f} {time.time() - start:.1f}s", flush=True)
    return checkpoint


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", help="folders written by the film command")
    parser.add_argument("--out", default="models")
    parser.add_argument("--vectors", default="test/fixtures/models", help="folder for outputs that a test repeats")
    parser.add_argument("--curves", help="picture of the loss over the epochs to write")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--steps", type=int, default=150, help="batches an epoch")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    seed_everything(options.seed)
    films = Films(options.data)
    training, validation = films.split(0.1, options.seed)
    network = BlendingNetwork(films.planes, options.width)
    out = Path(options.out)
    checkpoint = train(network, training, films.planes, options, out / "blending.checkpoint")
    metrics = measure(network, validation, films.planes)
    print(metrics)
    example = validation[0][:1, : films.planes].float()
    export(network, example, ["planes"], ["weight"], out / "blending.onnx", dynamic=(2, 3))
    write_manifest(out / "blending.json", out / "blending.onnx", {
        "kind": "blending",
        "description": "Share of the new frame in each cell of all-in-focus video, from the planes of features.ts.",
        "features": {"version": films.manifests[0]["featuresVersion"], "planes": films.planes},
        "training": {
            "data": [{key: each[key] for key in ("films", "seed", "lens")} for each in films.manifests],
            "sources": sorted(set(name for each in films.manifests for name in each["sources"])),
            "seed": options.seed, "epochs": options.epochs, "steps": options.steps, "batch": options.batch,
        },
        "metrics": {"films kept from training": metrics},
    })
    vector = example[:, :, :24, :32].contiguous()
    with torch.no_grad():
        write_vectors(
            Path(options.vectors) / "blending.json",
            {"planes": {"shape": list(vector.shape), "values": [round(float(v), 4) for v in vector.flatten()]}},
            {"weight": network(torch.round(vector * 1e4) / 1e4).numpy()},
        )
    if options.curves:
        curves_picture(options.curves, {"loss": checkpoint.losses})
    checkpoint.remove()


if __name__ == "__main__":
    main()
