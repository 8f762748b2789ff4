"""Trains the radius network on the ring spectra that `intelligent-autofocus dataset` computes, and exports it.

In: RING_FEATURES values a patch (native/kernels/ring_spectrum.h). Out, a patch each: log(radius + 0.5) and its standard
deviation, probabilities of being in focus and of being readable, and the optical sharpness.
See README.md for the commands."""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from common import (
    Checkpoint, curves_picture, export, held_out, one_cycle, read_manifest, seed_everything, shard_labels,
    sharpness_of, training_data, weights_of, write_manifest, write_vectors,
)
from defocus_network import FEATURES, IN_FOCUS_RADIUS, LOG_SIDE, DefocusNetwork
from ripple import STEP

FEATURES_VERSION = 3
# Camera values (0..255): noise-free windows with less variation hold nothing to read, with more they do.
UNREADABLE_BELOW, READABLE_ABOVE = 0.6, 2.0
TEXTURE_THRESHOLD = 0.5
DEGREES_OF_FREEDOM = 4.0
BINS = [(0, 1), (1, 3), (3, 10), (10, 30), (30, 100), (100, 200.001)]
OUTPUTS = ["log_radius", "log_radius_std", "in_focus", "sharpness", "texture"]


class Samples:
    """Windows as rows: features, radius, sharpness, texture (1, 0 or -1 = neither), size and source."""

    def __init__(self, directories):
        rows, labels = [], []
        for directory in directories:
            manifest = read_manifest(directory)
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
        self.sharpness = sharpness_of(manifest, self.radius).astype(np.float32)


def candidate_shares(candidates, radius, log_side):
    """What the logits should become: the candidates next to the truth, or "none" where it is not among them."""
    truth = torch.log(radius.clamp(min=1e-3)) - np.log(2) * log_side
    near = torch.exp(-0.5 * ((candidates[None] - truth[:, None]) / STEP) ** 2)
    among = ((truth > candidates[0]) & (truth < candidates[-1])).float()[:, None]
    return torch.cat([among * near / (near.sum(1, keepdim=True) + 1e-9), 1 - among], 1)


def students_t(error, log_scale):
    """Less its constant, the negative logarithm of the density."""
    z2 = (error * torch.exp(-log_scale)) ** 2
    return log_scale + (DEGREES_OF_FREEDOM + 1) / 2 * torch.log1p(z2 / DEGREES_OF_FREEDOM)


def loss_of(network, features, batch, jitter):
    """Student's t on the log radius (photographs have blurred places of their own: outliers), cross-entropy on the rest.
    Windows too smooth to be read teach the texture alone. The deviation of the answer learns from the answers as they are."""
    radius, log_radius, in_focus, sharpness, readable, has_readable = batch
    legible = 1 - has_readable * (1 - readable)
    log_side = features[:, LOG_SIDE]
    rough, logits = network.raw(features, jitter)
    wanted = candidate_shares(network.ripple.candidates, radius, log_side)
    nll = students_t(rough[:, 0] - log_radius, rough[:, 1].clamp(-6, 2))
    with torch.no_grad():
        answer, hints, _ = network.decide(rough, logits, log_side)
    spread = students_t(answer - log_radius, network.spread(hints))
    bce = nn.functional.binary_cross_entropy_with_logits
    focus = bce(rough[:, 2], in_focus, reduction="none")
    sharp = bce(rough[:, 3], sharpness, reduction="none")
    texture = bce(rough[:, 4], readable, reduction="none") * has_readable
    chosen = -(wanted * torch.log_softmax(logits, 1)).sum(1)
    return (legible * (nll + chosen + spread + 0.3 * focus + 0.3 * sharp) + 0.1 * texture).mean()


def train(network, samples, rows, options, checkpoint_file):
    x = samples.features[rows]
    radius = torch.from_numpy(samples.radius[rows])
    targets = [
        radius,
        torch.log(radius + 0.5),
        (radius <= IN_FOCUS_RADIUS).float(),
        torch.from_numpy(samples.sharpness[rows]),
        torch.from_numpy((samples.texture[rows] == 1).astype(np.float32)),
        torch.from_numpy((samples.texture[rows] >= 0).astype(np.float32)),
    ]
    batches = max(1, len(x) // options.batch)
    optimiser = torch.optim.AdamW(network.parameters(), options.rate, weight_decay=options.decay)
    schedule = one_cycle(optimiser, options.rate, options.epochs * batches)
    checkpoint = Checkpoint(checkpoint_file, options, network=network, optimiser=optimiser, schedule=schedule)
    for epoch in range(len(checkpoint.restore()), options.epochs):
        network.train()
        order, total, start = torch.randperm(len(x)), 0.0, time.time()
        for k in range(batches):
            pick = order[k * options.batch : (k + 1) * options.batch]
            loss = loss_of(network, x[pick], [target[pick] for target in targets], options.jitter)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        checkpoint.losses.append(total / batches)
        checkpoint.save()
        print(f"epoch {epoch + 1}/{options.epochs} loss {total / batches:.4f} {time.time() - start:.1f}s", flush=True)
    return checkpoint


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
    # With fewer windows than this the deviation is left as it was learned.
    if readable.sum() >= 20:
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


def started_from(file):
    """For the manifest: which network a run went on from, and how that was trained where its own manifest is beside it."""
    manifest = Path(file).with_suffix(".json")
    known = json.loads(manifest.read_text())["training"] if manifest.exists() else {}
    told = {key: value for key, value in known.items() if key not in ("sources", "heldOutSources")}
    return {"sha256": hashlib.sha256(Path(file).read_bytes()).hexdigest(), **told}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", help="folders written by the dataset command")
    parser.add_argument("--out", default="models")
    parser.add_argument("--vectors", default="test/fixtures/models", help="folder for outputs that a test repeats")
    parser.add_argument("--curves", help="picture of the loss over the epochs to write")
    parser.add_argument("--start", help="ONNX file of a trained network to go on from (fine-tuning)")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--channels", type=int, default=16, help="of the comparison of ripples")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=1e-2)
    parser.add_argument("--jitter", type=float, default=0.03, help="noise on the inputs, in standard deviations")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    seed_everything(options.seed)
    torch.set_num_threads(1)
    samples = Samples(options.data)
    test = held_out(samples.source, 0.12, options.seed)
    rows, unseen = np.flatnonzero(~test), np.flatnonzero(test)
    mean, std = samples.features[rows].mean(0), samples.features[rows].std(0) + 1e-3
    network = DefocusNetwork(mean, std, options.width, options.channels)
    out = Path(options.out)
    start = {"start": started_from(options.start)} if options.start else {}
    if options.start:
        wanted = {**dict(network.named_parameters()), "mean": network.mean, "std": network.std}
        network.load_state_dict(weights_of(options.start, wanted), strict=False)
    print(f"{len(rows)} windows to train on, {len(unseen)} of other sources to test on", flush=True)
    checkpoint = train(network, samples, rows, options, out / "defocus.checkpoint")
    calibrate(network, samples, unseen)
    metrics = measure(network, samples, unseen)
    for name, value in metrics.items():
        print(name, value)
    if options.curves:
        curves_picture(options.curves, {"loss": checkpoint.losses})

    example = samples.features[unseen[:8]]
    export(network, example, ["features"], OUTPUTS, out / "defocus.onnx")
    write_vectors(Path(options.vectors) / "defocus.json", example.tolist(), dict(zip(OUTPUTS, predict(network, example))))
    settings = ("epochs", "width", "channels", "batch", "rate", "decay", "jitter", "seed")
    write_manifest(
        out / "defocus.json",
        out / "defocus.onnx",
        {
            "kind": "defocus",
            "description": "Defocus radius of a patch from its ring spectrum",
            "features": {"version": FEATURES_VERSION, "length": FEATURES},
            "patchSizes": [128, 256, 512],
            "inFocusRadius": IN_FOCUS_RADIUS,
            "textureThreshold": TEXTURE_THRESHOLD,
            "training": {
                **training_data(options.data, samples.source, test),
                "windows": int(len(rows)),
                **start,
                **{key: vars(options)[key] for key in settings},
            },
            "metrics": {"held-out sources, all camera effects": metrics},
        },
    )
    checkpoint.remove()


if __name__ == "__main__":
    main()
