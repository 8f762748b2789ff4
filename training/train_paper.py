"""Trains the paper's step estimator and focus discriminator (paper 1, section 4, Fig. 4) for one lens, on patches that
`intelligent-autofocus dataset --lens` renders, and exports them. Architecture, labels, loss, optimiser and batch sizes are the
paper's (section 6.1.2): MSE, Adam, batches of 32 (estimator) and 128 (discriminator).
See README.md for the commands."""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from common import (
    Checkpoint, curves_picture, export, held_out, one_cycle, read_manifest, seed_everything, training_data,
    write_manifest, write_vectors,
)
from paper_blocks import PART, BlockNetwork, Patches
from paper_networks import PATCH, FocusDiscriminator, FullyConvolutional, StepEstimator, check_forms

# The estimator learns distances in units of a full-range travel, so that its linear output starts near its targets.
OUTPUT_SCALE = 1000.0
# The patches of the test vectors, too large to store as text: a test makes the same ones from this rule. They are faint, so that
# the discriminators are of two minds.
RULE = "64 + floor(((x * (k + 1) + floor(y * y / (k + 2))) mod 251) / (k + 7)) for k = 0, 1"
NETWORKS = ["paper-estimator", "paper-discriminator", "paper-discriminator-dof"]
# The largest rate of Adam, in the first third of the training, from where it falls to nothing.
RATES = {"estimator": 2e-3, "discriminator": 1e-2}
# Patches that measure how much the patterns of the first layer vary.
SAMPLE = 400
# Steps up to which a patch out of focus counts as near: the search must not stop there, and few patches lie there by chance.
NEAR = 100
# Distances, steps, between which the metrics are told apart.
BANDS = [0, 20, 60, 100, 300, 1050]


def half_in_focus(distance, limit, count):
    """Positions drawn so that half are in focus, a quarter just out of focus and a quarter farther out."""
    near = (distance > limit) & (distance <= NEAR)
    weights = np.zeros(len(distance))
    for share, group in ((0.5, distance <= limit), (0.25, near), (0.25, distance > NEAR)):
        weights[group] = share / max(1, group.sum())
    return torch.multinomial(torch.from_numpy(weights), count, replacement=True)


def train(network, rows, targets, batch, epochs, rate, order, checkpoint_file, options):
    """`order` draws positions in `rows` for an epoch."""
    optimiser = torch.optim.Adam(network.parameters(), rate)
    batches = max(1, len(rows) // batch)
    schedule = one_cycle(optimiser, rate, epochs * batches)
    checkpoint = Checkpoint(checkpoint_file, options, network=network, optimiser=optimiser, schedule=schedule)
    rows = torch.from_numpy(rows)
    for epoch in range(len(checkpoint.restore()), epochs):
        network.train()
        drawn, total, start = order(), 0.0, time.time()
        for k in range(batches):
            optimiser.zero_grad()
            for part in drawn[k * batch : (k + 1) * batch].split(PART):
                loss = ((network.varied(rows[part]) - targets[part]) ** 2).sum() / batch
                loss.backward()
                total += loss.item()
            optimiser.step()
            schedule.step()
        checkpoint.losses.append(total / batches)
        checkpoint.save()
        print(f"{checkpoint_file.stem} epoch {epoch + 1}/{epochs} loss {total / batches:.5f} {time.time() - start:.1f}s", flush=True)
    return checkpoint


def by_distance(distance, values):
    """Means of `values` in focus and within each band of distances."""
    groups = {"0 steps": distance == 0}
    for low, high in zip(BANDS, BANDS[1:]):
        groups[f"{low}-{high} steps"] = (distance > low) & (distance <= high)
    return {name: round(float(values[group].mean()), 3) for name, group in groups.items() if group.any()}


def save(network, name, out, vectors, fields):
    network = FullyConvolutional(network.finished()).eval()
    check_forms(network)
    example = torch.zeros(2, 1, PATCH, PATCH, dtype=torch.uint8)
    export(network, example, ["patch"], ["answer"], out / f"{name}.onnx", dynamic=(2, 3))
    x, y = np.meshgrid(np.arange(PATCH), np.arange(PATCH))
    pattern = np.stack([64 + (x * (k + 1) + y * y // (k + 2)) % 251 // (k + 7) for k in range(2)]).astype(np.uint8)
    with torch.no_grad():
        outputs = {"answer": network(torch.from_numpy(pattern)[:, None])}
    write_vectors(Path(vectors) / f"{name}.json", RULE, outputs)
    write_manifest(out / f"{name}.json", out / f"{name}.onnx", {"patchSize": PATCH, **fields})


def train_estimator(data, rows, unseen, sample, out, options, training):
    seed_everything(options.seed)
    network = BlockNetwork(StepEstimator(), data.blocks, sample)
    targets = torch.from_numpy(data.distance[rows] / OUTPUT_SCALE)
    order = lambda: torch.randperm(len(rows))
    checkpoint = train(
        network, rows, targets, 32, options.estimator_epochs, RATES["estimator"], order, out / "paper-estimator.checkpoint",
        options,
    )
    error = np.abs(network.predict(unseen) * OUTPUT_SCALE - data.distance[unseen])
    metrics = {
        "held-out sources: mean / median error, steps": [round(float(error.mean()), 1), round(float(np.median(error)), 1)],
        "held-out sources: mean error by distance, steps": by_distance(data.distance[unseen], error),
    }
    print(metrics)
    save(network, "paper-estimator", out, options.vectors, {
        "kind": "paper-estimator",
        "description": "Step estimator of paper 1, Fig. 4: |Z0 - Z| of a patch, no direction",
        "lens": options.lens,
        "label": "|Z0 - Zi|",
        "outputScale": OUTPUT_SCALE,
        "training": {**training, "batch": 32, "rate": RATES["estimator"], "epochs": options.estimator_epochs},
        "metrics": metrics,
    })
    return checkpoint


def train_discriminator(data, rows, unseen, sample, out, options, training, name, limit, label):
    seed_everything(options.seed)
    network = BlockNetwork(FocusDiscriminator(), data.blocks, sample)
    targets = torch.from_numpy((data.distance[rows] <= limit).astype(np.float32))
    order = lambda: half_in_focus(data.distance[rows], limit, len(rows))
    checkpoint = train(
        network, rows, targets, 128, options.discriminator_epochs, RATES["discriminator"], order, out / f"{name}.checkpoint",
        options,
    )
    said = network.predict(unseen) > 0.5
    metrics = {"held-out sources: share said to be in focus, by distance": by_distance(data.distance[unseen], said)}
    print(name, metrics)
    save(network, name, out, options.vectors, {
        "kind": "paper-discriminator",
        "description": "Focus discriminator of paper 1, Fig. 4",
        "lens": options.lens,
        "label": label,
        "outputScale": 1.0,
        "training": {
            **training, "batch": 128, "rate": RATES["discriminator"], "epochs": options.discriminator_epochs,
            "classes": f"half in focus, a quarter within {NEAR} steps, a quarter beyond",
        },
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

    if Path(options.out).resolve() == Path(options.vectors).resolve():
        raise SystemExit("--out and --vectors must be two folders: manifests and vectors have the same names.")
    torch.set_num_threads(1)
    lenses = set(read_manifest(directory)["lens"] for directory in options.data)
    if len(lenses) != 1 or lenses == {None}:
        raise SystemExit(f"The folders must hold the steps of one lens, but theirs are: {lenses}.")
    options.lens = lenses.pop()
    data, out = Patches(options.data), Path(options.out)
    test = held_out(data.source, 0.12, options.seed)
    rows, unseen = np.flatnonzero(~test), np.flatnonzero(test)
    sample = torch.from_numpy(rows[:: max(1, len(rows) // SAMPLE)])
    training = {
        **training_data(options.data, data.source, test),
        "patches": len(rows),
        "loss": "mean square error",
        "optimiser": "Adam, one cycle of the rate; the first filters in whitened cosine patterns; eight orientations, exposure varied",
        "seed": options.seed,
    }
    print(f"{len(rows)} patches to train on, {len(unseen)} of other sources to test on", flush=True)

    done = {}
    if "paper-estimator" in options.networks:
        done["paper-estimator"] = train_estimator(data, rows, unseen, sample, out, options, training)
    for name, limit, label in (
        ("paper-discriminator", 0.0, "Z0 = Zi"),
        ("paper-discriminator-dof", options.depth_of_field, f"|Z0 - Zi| <= {options.depth_of_field:g} steps"),
    ):
        if name in options.networks:
            done[name] = train_discriminator(data, rows, unseen, sample, out, options, training, name, limit, label)
    for name, checkpoint in done.items():
        if options.curves:
            curves_picture(Path(options.curves) / f"{name}.png", {"loss": checkpoint.losses})
        checkpoint.remove()


if __name__ == "__main__":
    main()
