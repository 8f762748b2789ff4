"""Trains the paper's step estimator and focus discriminator (paper 1, section 4, Fig. 4) for one lens, on patches that
`intelligent-autofocus dataset --lens` renders, and exports them. Architecture, loss, optimiser and batch sizes are the
paper's (section 6.1.2): MSE, Adam 0.001, batches of 32 (estimator) and 128 (discriminator).
See README.md for the commands."""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from common import export, held_out, read_manifest, seed_everything, shard_labels, write_manifest, write_vectors

PATCH = 512
# The estimator learns distances in units of a full-range travel, so that its linear output starts near its targets.
OUTPUT_SCALE = 1000.0
# Patches that go through at a time; gradients add up over a batch, so this changes the memory needed and nothing else.
PART = 16
NETWORKS = ["paper-estimator", "paper-discriminator", "paper-discriminator-dof"]


class StepEstimator(nn.Module):
    """Conv 8x8/4/8, 4x4/8/4, 4x4/8/4 with ReLU; dense 1024, 512, 10 with LeakyReLU 0.1; a linear output."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(1, 4, 8, 8), nn.ReLU(), nn.Conv2d(4, 8, 4, 4), nn.ReLU(), nn.Conv2d(8, 8, 4, 4), nn.ReLU()
        )
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(128, 1024), nn.LeakyReLU(0.1), nn.Linear(1024, 512), nn.LeakyReLU(0.1),
            nn.Linear(512, 10), nn.LeakyReLU(0.1), nn.Linear(10, 1),
        )

    def read(self, light):
        return self.head(self.trunk(light))

    def forward(self, patch):
        return self.read(patch.float() / 255)


class FocusDiscriminator(nn.Module):
    """Conv 8x8/1/8 twice and dense 10 with ReLU, dropout 0.5, one sigmoid."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 1, 8, 8), nn.ReLU(), nn.Conv2d(1, 1, 8, 8), nn.ReLU(), nn.Flatten(),
            nn.Linear(64, 10), nn.ReLU(), nn.Dropout(0.5), nn.Linear(10, 1), nn.Sigmoid(),
        )

    def read(self, light):
        return self.layers(light)

    def forward(self, patch):
        return self.read(patch.float() / 255)


class Patches:
    def __init__(self, directory):
        images, labels = [], []
        for shard, patches in shard_labels(directory):
            images.append(np.load(Path(directory) / f"patches-{shard}.npy"))
            labels += patches
        self.images = torch.from_numpy(np.concatenate(images))[:, None]
        self.distance = np.array([abs(each["z0"] - each["z"]) for each in labels], np.float32)
        self.source = np.array([each["source"] for each in labels])
        texture = np.array([each["windows"][0]["texture"] for each in labels])
        self.readable = texture > 2.0


def as_read(images):
    """0..1, once and for all epochs: about 1 MB a patch, but casting each time would cost more than the network."""
    light = torch.empty(images.shape)
    for part, out in zip(images.split(PART), light.split(PART)):
        torch.div(part, 255, out=out)
    return light


def mirrored(batch):
    """The same patch in one of eight orientations: focus has none."""
    turns = int(torch.randint(4, ()))
    batch = torch.rot90(batch, turns, (2, 3))
    return batch.flip(3) if torch.rand(()) < 0.5 else batch


def balanced(positive, epoch_size):
    """Rows drawn so that both classes are equally likely."""
    weights = np.where(positive, 0.5 / max(1, positive.sum()), 0.5 / max(1, (~positive).sum()))
    return torch.multinomial(torch.from_numpy(weights), epoch_size, replacement=True)


def train(network, images, targets, batch, epochs, order, name):
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    for epoch in range(epochs):
        network.train()
        rows, total, start = order(), 0.0, time.time()
        batches = len(rows) // batch
        for k in range(batches):
            pick = rows[k * batch : (k + 1) * batch]
            optimiser.zero_grad()
            for part in pick.split(PART):
                loss = ((network.read(mirrored(images[part]))[:, 0] - targets[part]) ** 2).sum() / batch
                loss.backward()
                total += loss.item()
            optimiser.step()
        print(f"{name} epoch {epoch + 1}/{epochs} loss {total / batches:.5f} {time.time() - start:.1f}s", flush=True)


def predict(network, images):
    network.eval()
    with torch.no_grad():
        return torch.cat([network(part) for part in images.split(256)])[:, 0].numpy()


def save(network, name, out, vectors, fields):
    example = torch.zeros(2, 1, PATCH, PATCH, dtype=torch.uint8)
    export(network, example, ["patch"], ["answer"], out / f"{name}.onnx")
    # Patches too large to store as text: a test makes the same ones from this rule.
    x, y = np.meshgrid(np.arange(PATCH), np.arange(PATCH))
    pattern = np.stack([(x * (k + 1) + y * y // (k + 2)) % 251 for k in range(2)]).astype(np.uint8)[:, None]
    outputs = {"answer": predict(network, torch.from_numpy(pattern))}
    write_vectors(Path(vectors) / f"{name}.json", "(x * (k + 1) + floor(y * y / (k + 2))) mod 251 for k = 0, 1", outputs)
    write_manifest(out / f"{name}.json", out / f"{name}.onnx", {"patchSize": PATCH, **fields})


def train_estimator(data, rows, unseen, out, options, plan, training):
    images = as_read(data.images[rows])
    estimator = StepEstimator()
    targets = torch.from_numpy(data.distance[rows] / OUTPUT_SCALE)
    train(estimator, images, targets, 32, options.estimator_epochs, lambda: torch.randperm(len(rows)), "estimator")
    error = np.abs(predict(estimator, data.images[unseen]) * OUTPUT_SCALE - data.distance[unseen])
    metrics = {"held-out sources: mean / median error, steps": [round(float(error.mean()), 1), round(float(np.median(error)), 1)]}
    print(metrics)
    save(estimator, "paper-estimator", out, options.vectors, {
        "kind": "paper-estimator",
        "description": "Step estimator of paper 1, Fig. 4: |Z0 - Z| of a patch, no direction",
        "lens": plan["lens"],
        "label": "|Z0 - Zi|",
        "outputScale": OUTPUT_SCALE,
        "training": {**training, "batch": 32, "epochs": options.estimator_epochs},
        "metrics": metrics,
    })


def train_discriminator(data, rows, unseen, out, options, plan, training, name, limit, label):
    seed_everything(options.seed)
    images = as_read(data.images[rows])
    positive = data.distance <= limit
    discriminator = FocusDiscriminator()
    targets = torch.from_numpy(positive[rows].astype(np.float32))
    order = lambda: balanced(positive[rows], len(rows))
    train(discriminator, images, targets, 128, options.discriminator_epochs, order, name)
    said = predict(discriminator, data.images[unseen]) > 0.5
    truth = positive[unseen]
    metrics = {"held-out sources: recall of in focus / of out of focus": [
        round(float(said[truth].mean()), 3), round(float((~said[~truth]).mean()), 3)
    ]}
    print(name, metrics)
    save(discriminator, name, out, options.vectors, {
        "kind": "paper-discriminator",
        "description": "Focus discriminator of paper 1, Fig. 4",
        "lens": plan["lens"],
        "label": label,
        "outputScale": 1.0,
        "training": {**training, "batch": 128, "epochs": options.discriminator_epochs, "classes": "balanced by drawing"},
        "metrics": metrics,
    })


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="folder written by the dataset command with --lens")
    parser.add_argument("--out", default="models")
    parser.add_argument("--vectors", default="test/fixtures/models", help="folder for outputs that a test repeats")
    parser.add_argument("--depth-of-field", type=float, default=20.0, help="half-width, steps")
    parser.add_argument("--estimator-epochs", type=int, default=30)
    parser.add_argument("--discriminator-epochs", type=int, default=30)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=NETWORKS, help="which to train")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    seed_everything(options.seed)
    plan, data, out = read_manifest(options.data), Patches(options.data), Path(options.out)
    test = held_out(data.source, 0.12, options.seed)
    rows, unseen = np.flatnonzero(~test & data.readable), np.flatnonzero(test & data.readable)
    training = {
        "data": {key: plan[key] for key in ("seed", "count", "lens", "renderingVersion")},
        "patches": len(rows),
        "heldOutSources": sorted(set(data.source[test])),
        "loss": "mean square error",
        "optimiser": "Adam, rate 0.001",
        "seed": options.seed,
    }
    print(f"{len(rows)} patches to train on, {len(unseen)} of other sources to test on")

    if "paper-estimator" in options.networks:
        train_estimator(data, rows, unseen, out, options, plan, training)
    for name, limit, label in (
        ("paper-discriminator", 0.0, "Z0 = Zi"),
        ("paper-discriminator-dof", options.depth_of_field, f"|Z0 - Zi| <= {options.depth_of_field:g} steps"),
    ):
        if name in options.networks:
            train_discriminator(data, rows, unseen, out, options, plan, training, name, limit, label)


if __name__ == "__main__":
    main()
