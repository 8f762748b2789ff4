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

from common import (
    Checkpoint, curves_picture, export, held_out, read_manifest, seed_everything, shard_labels, training_data,
    write_manifest, write_vectors,
)

PATCH = 512
# The estimator learns distances in units of a full-range travel, so that its linear output starts near its targets.
OUTPUT_SCALE = 1000.0
# Patches that go through at a time; gradients add up over a batch, so this changes the memory needed and nothing else.
PART = 32
# Standard deviation of the logarithm of the exposure that patches are varied by.
EXPOSURE = 0.15
NETWORKS = ["paper-estimator", "paper-discriminator", "paper-discriminator-dof"]


class StepEstimator(nn.Module):
    """Conv 8x8/4/8, 4x4/8/4, 4x4/8/4 with ReLU; dense 1024, 512, 10 with LeakyReLU 0.1; a linear output."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 8, 8)
        self.rest = nn.Sequential(
            nn.ReLU(), nn.Conv2d(4, 8, 4, 4), nn.ReLU(), nn.Conv2d(8, 8, 4, 4), nn.ReLU(), nn.Flatten(),
            nn.Linear(128, 1024), nn.LeakyReLU(0.1), nn.Linear(1024, 512), nn.LeakyReLU(0.1),
            nn.Linear(512, 10), nn.LeakyReLU(0.1), nn.Linear(10, 1),
        )

    def forward(self, patch):
        return self.rest(self.first(patch.float() / 255))


class FocusDiscriminator(nn.Module):
    """Conv 8x8/1/8 twice and dense 10 with ReLU, dropout 0.5, one sigmoid."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 1, 8, 8)
        self.rest = nn.Sequential(
            nn.ReLU(), nn.Conv2d(1, 1, 8, 8), nn.ReLU(), nn.Flatten(),
            nn.Linear(64, 10), nn.ReLU(), nn.Dropout(0.5), nn.Linear(10, 1), nn.Sigmoid(),
        )

    def forward(self, patch):
        return self.rest(self.first(patch.float() / 255))


class FullyConvolutional(nn.Module):
    """The same weights over a frame of any size (paper 1, section 5.2): layers that are dense over a patch become
    convolutions (Table 1), so that the answers are those of all patches a whole trunk stride apart. A patch is a frame
    with one answer."""

    def __init__(self, network):
        super().__init__()
        self.first = network.first
        layers, channels, cells = [], network.first.out_channels, PATCH // network.first.stride[0]
        for layer in network.rest:
            if isinstance(layer, nn.Conv2d):
                channels, cells = layer.out_channels, cells // layer.stride[0]
            if isinstance(layer, nn.Linear):
                dense = nn.Conv2d(channels, layer.out_features, cells)
                dense.weight.data = layer.weight.data.reshape(dense.weight.shape)
                dense.bias.data = layer.bias.data
                layer, channels, cells = dense, layer.out_features, 1
            if not isinstance(layer, (nn.Flatten, nn.Dropout)):
                layers.append(layer)
        self.rest = nn.Sequential(*layers)

    def forward(self, frame):
        return self.rest(self.first(frame.float() / 255))

    def dilated(self, frame):
        """Table 1 as it is printed: stride 1 everywhere and dilations instead, an answer for every patch of the frame."""
        values, spacing = frame.float() / 255, 1
        for layer in [self.first, *self.rest]:
            if isinstance(layer, nn.Conv2d):
                values = nn.functional.conv2d(values, layer.weight, layer.bias, dilation=spacing)
                spacing *= layer.stride[0]
            else:
                values = layer(values)
        return values


class Patches:
    def __init__(self, directories):
        images, labels = [], []
        for directory in directories:
            for shard, patches in shard_labels(directory):
                images.append(np.load(Path(directory) / f"patches-{shard}.npy"))
                labels += patches
        self.images = np.concatenate(images)
        self.distance = np.array([abs(each["z0"] - each["z"]) for each in labels], np.float32)
        self.source = np.array([each["source"] for each in labels])
        texture = np.array([each["windows"][0]["texture"] for each in labels])
        self.readable = texture > 2.0


# Both networks begin with filters of 8x8 px, 8 px apart: each block of pixels is read once, by itself.
BLOCK = 8


def blocks_of(images):
    """[patch, row, column, 64]: the pixels of each block side by side, so that the first layer is one matrix product."""
    cells = PATCH // BLOCK
    split = images.reshape(-1, cells, BLOCK, cells, BLOCK).transpose(0, 1, 3, 2, 4)
    return torch.from_numpy(np.ascontiguousarray(split).reshape(-1, cells, cells, BLOCK * BLOCK))


def turned(values, turns, flip, dims):
    values = torch.rot90(values, turns, dims)
    return values.flip(dims[1]) if flip else values


def turned_back(values, turns, flip, dims):
    return torch.rot90(values.flip(dims[1]) if flip else values, -turns, dims)


def read_blocks(network, blocks):
    """What the network says of patches in one of eight orientations (focus has none) and at another exposure. Turning a
    patch is turning the filters the other way and their answers, which moves 64 times less memory."""
    turns, flip = int(torch.randint(4, ())), bool(torch.rand(()) < 0.5)
    gain = torch.exp(EXPOSURE * torch.randn(len(blocks), 1, 1, 1))
    filters = turned_back(network.first.weight, turns, flip, (2, 3)).reshape(-1, BLOCK * BLOCK)
    answers = (blocks.float() @ filters.T) * (gain / 255) + network.first.bias
    return network.rest(turned(answers.permute(0, 3, 1, 2), turns, flip, (2, 3)))


def balanced(positive, epoch_size):
    """Rows drawn so that both classes are equally likely."""
    weights = np.where(positive, 0.5 / max(1, positive.sum()), 0.5 / max(1, (~positive).sum()))
    return torch.multinomial(torch.from_numpy(weights), epoch_size, replacement=True)


def train(network, blocks, rows, targets, batch, epochs, order, checkpoint_file, options):
    """`order` draws positions in `rows` for an epoch; the rate falls to nothing along a cosine."""
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    checkpoint = Checkpoint(checkpoint_file, options, network=network, optimiser=optimiser, schedule=schedule)
    rows = torch.from_numpy(rows)
    for epoch in range(len(checkpoint.restore()), epochs):
        network.train()
        drawn, total, start = order(), 0.0, time.time()
        batches = max(1, len(drawn) // batch)
        for k in range(batches):
            pick = drawn[k * batch : (k + 1) * batch]
            optimiser.zero_grad()
            for part in pick.split(PART):
                loss = ((read_blocks(network, blocks[rows[part]])[:, 0] - targets[part]) ** 2).sum() / batch
                loss.backward()
                total += loss.item()
            optimiser.step()
        schedule.step()
        checkpoint.losses.append(total / batches)
        checkpoint.save()
        print(f"{checkpoint_file.stem} epoch {epoch + 1}/{epochs} loss {total / batches:.5f} {time.time() - start:.1f}s", flush=True)
    return checkpoint


def predict(network, images):
    network.eval()
    with torch.no_grad():
        parts = np.array_split(images, max(1, len(images) // 64))
        return torch.cat([network(torch.from_numpy(part)[:, None]) for part in parts]).flatten().numpy()


def check_forms(network):
    """The dilated form answers for each patch what the patch alone gets."""
    frame = torch.randint(256, (1, 1, PATCH + 2, PATCH + 1), dtype=torch.uint8)
    with torch.no_grad():
        answers = network.dilated(frame)[0, 0]
        for y, x in np.ndindex(3, 2):
            alone = network(frame[:, :, y : y + PATCH, x : x + PATCH])[0, 0, 0, 0]
            assert torch.allclose(answers[y, x], alone, rtol=1e-4, atol=1e-6), "the dilated form differs"


def save(network, name, out, vectors, fields):
    network = FullyConvolutional(network).eval()
    check_forms(network)
    example = torch.zeros(2, 1, PATCH, PATCH, dtype=torch.uint8)
    export(network, example, ["patch"], ["answer"], out / f"{name}.onnx", dynamic=(2, 3))
    # Patches too large to store as text: a test makes the same ones from this rule.
    x, y = np.meshgrid(np.arange(PATCH), np.arange(PATCH))
    pattern = np.stack([(x * (k + 1) + y * y // (k + 2)) % 251 for k in range(2)]).astype(np.uint8)
    outputs = {"answer": predict(network, pattern)}
    write_vectors(Path(vectors) / f"{name}.json", "(x * (k + 1) + floor(y * y / (k + 2))) mod 251 for k = 0, 1", outputs)
    write_manifest(out / f"{name}.json", out / f"{name}.onnx", {"patchSize": PATCH, **fields})


def train_estimator(data, blocks, rows, unseen, out, options, training):
    seed_everything(options.seed)
    estimator = StepEstimator()
    targets = torch.from_numpy(data.distance[rows] / OUTPUT_SCALE)
    order = lambda: torch.randperm(len(rows))
    checkpoint = train(
        estimator, blocks, rows, targets, 32, options.estimator_epochs, order, out / "paper-estimator.checkpoint", options
    )
    error = np.abs(predict(estimator, data.images[unseen]) * OUTPUT_SCALE - data.distance[unseen])
    metrics = {"held-out sources: mean / median error, steps": [round(float(error.mean()), 1), round(float(np.median(error)), 1)]}
    print(metrics)
    save(estimator, "paper-estimator", out, options.vectors, {
        "kind": "paper-estimator",
        "description": "Step estimator of paper 1, Fig. 4: |Z0 - Z| of a patch, no direction",
        "lens": options.lens,
        "label": "|Z0 - Zi|",
        "outputScale": OUTPUT_SCALE,
        "training": {**training, "batch": 32, "epochs": options.estimator_epochs},
        "metrics": metrics,
    })
    return checkpoint


def train_discriminator(data, blocks, rows, unseen, out, options, training, name, limit, label):
    seed_everything(options.seed)
    positive = data.distance <= limit
    discriminator = FocusDiscriminator()
    targets = torch.from_numpy(positive[rows].astype(np.float32))
    order = lambda: balanced(positive[rows], len(rows))
    checkpoint = train(
        discriminator, blocks, rows, targets, 128, options.discriminator_epochs, order, out / f"{name}.checkpoint", options
    )
    said = predict(discriminator, data.images[unseen]) > 0.5
    truth = positive[unseen]
    metrics = {"held-out sources: recall of in focus / of out of focus": [
        round(float(said[truth].mean()), 3), round(float((~said[~truth]).mean()), 3)
    ]}
    print(name, metrics)
    save(discriminator, name, out, options.vectors, {
        "kind": "paper-discriminator",
        "description": "Focus discriminator of paper 1, Fig. 4",
        "lens": options.lens,
        "label": label,
        "outputScale": 1.0,
        "training": {**training, "batch": 128, "epochs": options.discriminator_epochs, "classes": "balanced by drawing"},
        "metrics": metrics,
    })
    return checkpoint


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", help="folders written by the dataset command with --lens, all of one lens")
    parser.add_argument("--out", default="models")
    parser.add_argument("--vectors", default="test/fixtures/models", help="folder for outputs that a test repeats")
    parser.add_argument("--curves", help="folder for pictures of the loss over the epochs")
    parser.add_argument("--depth-of-field", type=float, default=20.0, help="half-width, steps")
    parser.add_argument("--estimator-epochs", type=int, default=100)
    parser.add_argument("--discriminator-epochs", type=int, default=60)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=NETWORKS, help="which to train")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    torch.set_num_threads(1)
    lenses = set(read_manifest(directory)["lens"] for directory in options.data)
    if len(lenses) != 1 or lenses == {None}:
        raise SystemExit(f"The folders must hold the steps of one lens, but theirs are: {lenses}.")
    options.lens = lenses.pop()
    data, out = Patches(options.data), Path(options.out)
    test = held_out(data.source, 0.12, options.seed)
    rows, unseen = np.flatnonzero(~test & data.readable), np.flatnonzero(test & data.readable)
    blocks = blocks_of(data.images)
    training = {
        **training_data(options.data, data.source, test),
        "patches": len(rows),
        "loss": "mean square error",
        "optimiser": "Adam, rate 0.001 falling along a cosine; eight orientations, exposure varied",
        "seed": options.seed,
    }
    print(f"{len(rows)} patches to train on, {len(unseen)} of other sources to test on", flush=True)

    done = {}
    if "paper-estimator" in options.networks:
        done["paper-estimator"] = train_estimator(data, blocks, rows, unseen, out, options, training)
    for name, limit, label in (
        ("paper-discriminator", 0.0, "Z0 = Zi"),
        ("paper-discriminator-dof", options.depth_of_field, f"|Z0 - Zi| <= {options.depth_of_field:g} steps"),
    ):
        if name in options.networks:
            done[name] = train_discriminator(
                data, blocks, rows, unseen, out, options, training, name, limit, label
            )
    for name, checkpoint in done.items():
        if options.curves:
            curves_picture(Path(options.curves) / f"{name}.png", {"loss": checkpoint.losses})
        checkpoint.remove()


if __name__ == "__main__":
    main()
