"""What the training programs share: reading the shards that `intelligent-autofocus dataset` writes, splitting by
source, drawing the curves, and writing a network with its manifest."""

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


def ground_of(name):
    """Round things painted on a picture are named PICTURE+round-NUMBER."""
    return name.split("+")[0]


def held_out(sources, share, seed):
    """Mask of the sources kept for validation: whole sources, so that no picture is on both sides, not even as the ground
    of round things."""
    sources = [ground_of(name) for name in sources]
    names = sorted(set(sources))
    chosen = set(np.random.default_rng(seed).permutation(names)[: max(1, round(share * len(names)))])
    return np.array([name in chosen for name in sources])


def one_cycle(optimiser, rate, steps):
    return torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)


# What a manifest tells of each folder of training data.
PLAN = ("seed", "count", "lens", "radii", "effects", "round", "night", "renderingVersion")


def training_data(directories, source, test):
    """For the manifest: how the data were made, which sources they came from, and which were held out."""
    plans = [read_manifest(directory) for directory in directories]
    return {
        "data": [{key: plan[key] for key in PLAN if key in plan} for plan in plans],
        "sources": sorted(set(ground_of(name) for plan in plans for name in plan["sources"])),
        "heldOutSources": sorted(set(ground_of(name) for name in source[test])),
    }


def sharpness_of(manifest, radius):
    """S over the radius as the dataset command tabulated it (src/algorithms/optics/sharpness-curve.ts)."""
    curve = np.array(manifest["sharpness"])
    return np.interp(radius, curve[:, 0], curve[:, 1])


def curves_picture(file, curves):
    """Draws values over the epochs, by name."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4))
    for name, values in curves.items():
        axes.plot(range(1, len(values) + 1), values, label=name)
    axes.set_xlabel("epoch")
    axes.legend()
    figure.savefig(file, dpi=100)
    pyplot.close(figure)


class Checkpoint:
    """The state of a training run after its last whole epoch, beside the network it will write: the same command goes on
    where it was interrupted. A file of other options is not continued."""

    def __init__(self, file, options, **parts):
        self.file, self.parts = Path(file), parts
        self.options = {key: value for key, value in sorted(vars(options).items())}
        self.losses = []

    def restore(self):
        """Losses of the epochs done."""
        if self.file.exists():
            state = torch.load(self.file)
            if state["options"] == self.options:
                for name, part in self.parts.items():
                    part.load_state_dict(state[name])
                torch.set_rng_state(state["random"])
                self.losses = state["losses"]
                print(f"continuing {self.file} after {len(self.losses)} epochs", flush=True)
        return self.losses

    def save(self):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        state = {name: part.state_dict() for name, part in self.parts.items()}
        part_file = self.file.with_suffix(".part")
        torch.save({**state, "options": self.options, "random": torch.get_rng_state(), "losses": self.losses}, part_file)
        part_file.replace(self.file)

    def remove(self):
        self.file.unlink(missing_ok=True)


def weights_of(file, like):
    """The weights of an ONNX file that `export` wrote, by the names of `like`. Those that an earlier version did not have yet
    are told and left out."""
    from onnx import load, numpy_helper

    found = {each.name: numpy_helper.to_array(each) for each in load(file).graph.initializer}
    known = {name: value for name, value in like.items() if name in found}
    other = [name for name, value in known.items() if found[name].size != value.numel()]
    if other or not known:
        raise SystemExit(f"{file} is another network, it does not hold the weights {', '.join(other or like)}.")
    if len(known) < len(like):
        print(f"begun anew, because {file} does not hold them: {', '.join(sorted(set(like) - set(known)))}", flush=True)
    return {name: torch.tensor(found[name]).reshape(value.shape) for name, value in known.items()}


# Names of free dimensions.
AXES = {0: "batch", 2: "height", 3: "width"}


def export(network, example, inputs, outputs, file, dynamic=()):
    """Writes ONNX with a free batch size; `dynamic` names the further dimensions that are free."""
    network.eval()
    axes = {name: {axis: AXES[axis] for axis in (0, *dynamic)} for name in inputs}
    axes.update({name: {0: "batch"} for name in outputs})
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
