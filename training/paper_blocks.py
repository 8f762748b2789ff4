"""Patches as blocks of 8x8 px, and the first layer of the paper's networks on them.

Two things make training the networks of paper 1 (Fig. 4) work without a GPU. The first layer reads each block once, so a
patch is a table of blocks and the layer one matrix product. And its filters are learned as sums of whitened cosine
patterns instead of pixels: neighbouring pixels are alike, the mean of a block varies some seventy times more than the fine
detail in which focus shows, and Adam, which takes like steps in all directions, hardly finds that detail among pixels. In
eight epochs on 2,769 patches the loss of the discriminator fell to 0.11 with patterns; with pixels it stayed at
chance, 0.25, at the same rate of 0.01 and at 0.001. The layer that comes out is the paper's, pixel filters and all."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from common import shard_labels
from paper_networks import BLOCK, CELLS

# Standard deviation of the noise-free patch, camera values, above which there is something to read.
LEAST_TEXTURE = 2.0
# Patches that are read at a time. Gradients add up over a batch, so this changes the speed and nothing else.
PART = 32
# Blocks that are multiplied at a time, as many as a core keeps at hand: memory costs more than the arithmetic.
PIECE = 512
# Standard deviation of the logarithm of the exposure that patches are varied by.
EXPOSURE = 0.15


class Patches:
    """The textured patches of folders that the dataset command wrote with --lens. `blocks` is uint8
    [patch, row, column, 64], the pixels of each block side by side; `distance` is |Z0 - Z| in steps."""

    def __init__(self, directories):
        shards = [(Path(directory) / f"patches-{shard}.npy", labels) for directory in directories
                  for shard, labels in shard_labels(directory)]
        readable = [[each for each in labels if textured(each)] for _, labels in shards]
        self.distance = np.array([abs(each["z0"] - each["z"]) for labels in readable for each in labels], np.float32)
        self.source = np.array([each["source"] for labels in readable for each in labels])
        self.blocks = torch.empty(len(self.source), CELLS, CELLS, BLOCK * BLOCK, dtype=torch.uint8)
        filled = 0
        for file, labels in shards:
            images = np.load(file)[[textured(each) for each in labels]]
            split = images.reshape(-1, CELLS, BLOCK, CELLS, BLOCK).transpose(0, 1, 3, 2, 4)
            self.blocks[filled : filled + len(images)] = torch.from_numpy(split.reshape(-1, CELLS, CELLS, BLOCK * BLOCK))
            filled += len(images)


def textured(label):
    return label["windows"][0]["texture"] > LEAST_TEXTURE


def cosine_patterns():
    """[pattern, pixel]: the orthonormal two-dimensional cosine transform of a block."""
    k, x = np.arange(BLOCK)[:, None], np.arange(BLOCK)
    waves = np.cos(np.pi * (x + 0.5) * k / BLOCK) * np.where(k == 0, 1, np.sqrt(2)) / np.sqrt(BLOCK)
    return torch.from_numpy(np.kron(waves, waves).astype(np.float32))


class BlockProducts(torch.autograd.Function):
    """The products of filters with the blocks of some rows, [row, block, filter]. Bytes become numbers a piece at a time."""

    @staticmethod
    def forward(context, filters, blocks, rows):
        context.blocks, context.rows = blocks, rows
        answers = torch.empty(len(rows), CELLS * CELLS, len(filters))
        for pixels, answer in BlockProducts.pieces(blocks, rows, answers):
            torch.mm(pixels, filters.T, out=answer)
        return answers

    @staticmethod
    def backward(context, gradient):
        total = torch.zeros(gradient.shape[-1], BLOCK * BLOCK)
        for pixels, answer in BlockProducts.pieces(context.blocks, context.rows, gradient.contiguous()):
            total.addmm_(answer.T, pixels)
        return total, None, None

    @staticmethod
    def pieces(blocks, rows, answers):
        pixels = torch.empty(PIECE, BLOCK * BLOCK)
        for row, answer in zip(rows.tolist(), answers):
            for block, part in zip(blocks[row].view(-1, BLOCK * BLOCK).split(PIECE), answer.split(PIECE)):
                yield pixels.copy_(block), part


class WhitenedFirstLayer(nn.Module):
    """Stands for the first layer of a network while it is trained."""

    def __init__(self, layer, sample):
        """`sample`: blocks to measure by how much each pattern varies."""
        super().__init__()
        patterns = cosine_patterns()
        spread = (sample.reshape(-1, BLOCK * BLOCK).float() / 255 @ patterns.T).std(0)
        self.register_buffer("patterns", patterns / spread[:, None])
        self.weights = nn.Parameter(torch.randn(layer.out_channels, BLOCK * BLOCK) / BLOCK)
        self.bias = nn.Parameter(torch.zeros(layer.out_channels))

    def filters(self):
        """[filter, pixel]"""
        return self.weights @ self.patterns

    def fold_into(self, layer):
        layer.weight.data = self.filters().detach().reshape(layer.weight.shape)
        layer.bias.data = self.bias.detach().clone()


class BlockNetwork(nn.Module):
    """A network with its whitened first layer, over `blocks`."""

    def __init__(self, network, blocks, sample):
        super().__init__()
        self.first, self.rest, self.network = WhitenedFirstLayer(network.first, blocks[sample]), network.rest, network
        self.blocks = blocks

    def forward(self, rows, turns=0, flip=False, gain=1.0):
        """Answers for rows of the blocks, in one of eight orientations and at another exposure. Turning a patch is turning
        the filters the other way and their answers, which moves 64 times less memory."""
        square = self.first.filters().reshape(-1, BLOCK, BLOCK)
        filters = turned_back(square, turns, flip).reshape(-1, BLOCK * BLOCK)
        answers = BlockProducts.apply(filters, self.blocks, rows).transpose(1, 2).reshape(len(rows), -1, CELLS, CELLS)
        values = answers * (gain / 255) + self.first.bias[:, None, None]
        return self.rest(turned(values, turns, flip))[:, 0]

    def varied(self, rows):
        """As they are trained on: focus has no orientation, and light varies."""
        turns, flip = int(torch.randint(4, ())), bool(torch.rand(()) < 0.5)
        return self(rows, turns, flip, torch.exp(EXPOSURE * torch.randn(len(rows), 1, 1, 1)))

    def predict(self, rows):
        self.eval()
        with torch.no_grad():
            return torch.cat([self(part) for part in torch.as_tensor(rows).split(PART)]).numpy()

    def finished(self):
        """The network with pixel filters."""
        self.first.fold_into(self.network.first)
        return self.network


def turned(values, turns, flip):
    values = torch.rot90(values, turns, (-2, -1))
    return values.flip(-1) if flip else values


def turned_back(values, turns, flip):
    return torch.rot90(values.flip(-1) if flip else values, -turns, (-2, -1))
