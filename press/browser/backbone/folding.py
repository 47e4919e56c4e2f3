"""Batch norm folded into the layer before it: the tensors of a checkpoint -> weights and biases of our own network.

Once a network is trained, y = (x − mean) / √(variance + ε) · weight + bias is the same for every picture, so it can be
multiplied into the convolution. Done in double precision.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.nn.efficientnet.packed_weights import Layer, layers

Array = NDArray[Any]
EPSILON = 1e-3
"""What the network's makers added to each variance."""
IN_BLOCKS = {"expand": ("_expand_conv", "_bn0"), "depthwise": ("_depthwise_conv", "_bn1")}
IN_BLOCKS |= {"project": ("_project_conv", "_bn2")}
ALONE = {"stem": ("_conv_stem", "_bn0"), "head": ("_conv_head", "_bn1"), "classes": ("_fc", "")}


def folded(tensors: Mapping[str, Array]) -> dict[str, tuple[Array, Array]]:
    """Weights and biases of every layer, float64. Raises KeyError for a tensor that is missing."""
    return {layer.name: _folded(layer, tensors) for layer in layers()}


def names(layer: Layer) -> tuple[str, str]:
    """What the checkpoint calls the layer's convolution and its batch norm, which may be none."""
    kind, _, block = layer.name.partition(" ")
    if not block:
        return ALONE[kind]
    convolution, norm = IN_BLOCKS[kind]
    return f"_blocks.{block}.{convolution}", f"_blocks.{block}.{norm}"


def _folded(layer: Layer, tensors: Mapping[str, Array]) -> tuple[Array, Array]:
    convolution, norm = names(layer)
    w = tensors[f"{convolution}.weight"].astype(np.float64)
    if not norm:
        return w, tensors[f"{convolution}.bias"].astype(np.float64)
    weight, bias, mean, variance = (
        tensors[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    factor = weight / np.sqrt(variance + EPSILON)
    w = w * factor.reshape(-1, 1, 1, 1)
    last = w.transpose(0, 2, 3, 1)  # the channels a kernel reads come last, as in a map
    shaped = last[..., 0].transpose(1, 2, 0) if len(layer.shape) == 3 else last.reshape(layer.shape)
    return np.ascontiguousarray(shaped), bias - mean * factor
