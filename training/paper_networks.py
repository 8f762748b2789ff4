"""The step estimator and the focus discriminator of paper 1 (section 4, Fig. 4), for one patch and for whole frames
(section 5.2, Table 1)."""

import numpy as np
import torch
from torch import nn

PATCH = 512
# Both networks begin with filters of 8x8 px, 8 px apart: each block of pixels is read once, by itself.
BLOCK = 8
CELLS = PATCH // BLOCK


class StepEstimator(nn.Module):
    """Conv 8x8/4/8, 4x4/8/4, 4x4/8/4 with ReLU; dense 1024, 512, 10 with LeakyReLU 0.1; a linear output."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, BLOCK, BLOCK)
        self.rest = nn.Sequential(
            nn.ReLU(), nn.Conv2d(4, 8, 4, 4), nn.ReLU(), nn.Conv2d(8, 8, 4, 4), nn.ReLU(), nn.Flatten(),
            nn.Linear(128, 1024), nn.LeakyReLU(0.1), nn.Linear(1024, 512), nn.LeakyReLU(0.1),
            nn.Linear(512, 10), nn.LeakyReLU(0.1), nn.Linear(10, 1),
        )


class FocusDiscriminator(nn.Module):
    """Conv 8x8/1/8 twice and dense 10 with ReLU, dropout 0.5, one sigmoid."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 1, BLOCK, BLOCK)
        self.rest = nn.Sequential(
            nn.ReLU(), nn.Conv2d(1, 1, 8, 8), nn.ReLU(), nn.Flatten(),
            nn.Linear(64, 10), nn.ReLU(), nn.Dropout(0.5), nn.Linear(10, 1), nn.Sigmoid(),
        )


class FullyConvolutional(nn.Module):
    """The same weights over a frame of any size (paper 1, section 5.2): layers that are dense over a patch become
    convolutions (Table 1), so that the answers are those of all patches a whole trunk stride apart. A patch is a frame
    with one answer. Takes camera values 0..255, uint8."""

    def __init__(self, network):
        super().__init__()
        self.first = network.first
        layers, channels, cells = [], network.first.out_channels, CELLS
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


def check_forms(network):
    """The dilated form answers for each patch what the patch alone gets."""
    frame = torch.randint(256, (1, 1, PATCH + 2, PATCH + 1), dtype=torch.uint8)
    with torch.no_grad():
        answers = network.dilated(frame)[0, 0]
        for y, x in np.ndindex(3, 2):
            alone = network(frame[:, :, y : y + PATCH, x : x + PATCH])[0, 0, 0, 0]
            assert torch.allclose(answers[y, x], alone, rtol=1e-4, atol=1e-6), "the dilated form differs"
