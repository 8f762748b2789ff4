"""What both training programs share: reading the shards that `intelligent-autofocus dataset` writes, splitting by
source, and writing a network with its manifest."""

import hashlib
import json
import random
from pathlib import Path

import numpy as np
import torch


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def read_manifest(directory):
    return json.loads((Path(directory) / "manifest.json").read_text())


def shard_labels(directory):
    """Labels of every finished shard, in order, with the number of the shard."""
    for file in sorted(Path(directory).glob("labels-*.json")):
        yield file.stem.split("-")[1], json.loads(file.read_text())


def source_set(name):
    """Photographs are named SET_NUMBER.ext, textures KIND-NUMBER: pictures of a set share an origin and a look."""
    return name.replace("-", "_").split("_")[0]


def held_out(sources, share, seed):
    """Mask of the sources kept for validation: whole sources, so that no picture is on both sides."""
    names = sorted(set(sources))
    chosen = set(np.random.default_rng(seed).permutation(names)[: max(1, round(share * len(names)))])
    return np.array([name in chosen for name in sources])


def one_cycle(optimiser, rate, steps):
    return torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)


def export(network, example, inputs, outputs, file):
    """Writes ONNX with a free batch size."""
    network.eval()
    axes = {name: {0: "batch"} for name in [*inputs, *outputs]}
    torch.onnx.export(
        network, example, str(file), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=13
    )


def write_manifest(file, network_file, fields):
    """The manifest that src/inference/model-manifest.ts checks."""
    digest = hashlib.sha256(Path(network_file).read_bytes()).hexdigest()
    document = {"formatVersion": 1, "file": Path(network_file).name, "sha256": digest, **fields}
    Path(file).write_text(json.dumps(document, indent=2) + "\n")


def write_vectors(file, inputs, outputs):
    """Inputs and PyTorch's outputs; a test runs the ONNX file on the former and compares with the latter."""
    document = {"inputs": inputs, "outputs": {name: np.asarray(value).ravel().tolist() for name, value in outputs.items()}}
    Path(file).write_text(json.dumps(document) + "\n")
