"""Numbers quoted in the text of the chapter on convolutional networks that no plain call of `instruments.nn.ops` gives.

Holds counts of published architectures, small seeded measurements, and figures of the labs' stored results, with the
claims that sentences rest on. Draws nothing, prints nothing.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from instruments.experiments import claims, depth, lenet, scene, served, shifts, teaching, trained_field, transfer
from instruments.labs import residual_lab, transfer_lab
from instruments.nn.ops import conv_params, max_pool2d, output_size

Array = NDArray[np.float64]
Layers = tuple[tuple[int, int], ...]

CONV, POOL = (3, 1), (2, 2)

DEFAULT_STACK: Layers = (CONV, POOL, CONV, POOL, CONV)
"""(k, stride) of each layer in the first picture of INSTRUMENT N2.3."""

VGG16: Layers = (*(CONV, CONV, POOL) * 2, *(CONV, CONV, CONV, POOL) * 3)
"""(k, stride) of VGG-16's convolutions and pools (Simonyan and Zisserman 2015, configuration D)."""

ALEXNET: Layers = ((11, 4), (3, 2), (5, 1), (3, 2), CONV, CONV, CONV, (3, 2))
"""(k, stride) of AlexNet's convolutions and pools (Krizhevsky et al. 2012)."""

VGG16_WIDTHS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Output channels of VGG-16's convolutions, stage by stage; a 2 × 2 pool ends each stage."""

VGG16_DENSE = ((512 * 7 * 7, 4096), (4096, 4096), (4096, 1000))
"""Inputs and outputs of VGG-16's dense layers."""


# ---- pooling and shifts -------------------------------------------------------------------------------------------


@cache
def random_map(smoothing: int) -> Array:
    """Seeded normal noise, (512, 513), smoothed so many times by 1, 2, 1 along both axes, wrapping around."""
    field = np.random.default_rng(2).standard_normal((512, 513))
    for axis in (0, 1) * smoothing:
        field = (np.roll(field, 1, axis) + 2 * field + np.roll(field, -1, axis)) / 4
    return field


def pooled_share(smoothing: int) -> float:
    """Share of 2 × 2 max-pooled values that a shift to the right by one pixel leaves unchanged (EQ N2.2).

    Both maps are cut from a wider one, so what enters at the left is more of the same, not zeros.
    """
    field = random_map(smoothing)
    before, after = (max_pool2d(part[None, None], 2)[0, 0] for part in (field[:, 1:], field[:, :-1]))
    return float((before == after).mean())


def shift_change(kind: str, smoothing: int) -> float:
    """Root mean square change of a map halved by "max" or "average" after a shift by one pixel, in deviations."""
    return shifts.change(kind, 1, smoothing).error


# ---- counts -------------------------------------------------------------------------------------------------------


def separable_ratio(k: int, c_out: int) -> float:
    """Cost of a depthwise-separable convolution over that of a full one (Howard et al. 2017, section 3.1)."""
    return 1 / c_out + 1 / k**2


def first_stage_share(size: int = 224, stages: int = 4, width: int = 64) -> float:
    """The first stage's share of all activations after pooling, in INSTRUMENT N2.2."""
    pooled: list[int] = [(size // 2**stage) ** 2 * width * 2 ** (stage - 1) for stage in range(1, stages + 1)]
    return pooled[0] / sum(pooled)


def first_stage_parameter_share(stages: int = 4, width: int = 64) -> float:
    """The first stage's share of all parameters, in INSTRUMENT N2.2."""
    widths = [3, *(width * 2**stage for stage in range(stages))]
    parameters = [conv_params(3, *pair) for pair in pairwise(widths)]
    return parameters[0] / sum(parameters)


def vgg16_dense_parameters() -> int:
    """Weights and biases of VGG-16's three dense layers."""
    return sum((inputs + 1) * outputs for inputs, outputs in VGG16_DENSE)


def vgg16_parameters() -> int:
    """Weights and biases of VGG-16: 138,357,544."""
    widths = [3, *(width for stage in VGG16_WIDTHS for width in stage)]
    return vgg16_dense_parameters() + sum(conv_params(3, *pair) for pair in pairwise(widths))


def vgg16_dense_share() -> float:
    """Share of VGG-16's parameters that its dense layers hold."""
    return vgg16_dense_parameters() / vgg16_parameters()


def vgg16_stage_activations() -> list[int]:
    """Outputs of convolutions and pool of each of VGG-16's five stages, for one 224 × 224 image."""
    sides = [224 // 2**stage for stage in range(len(VGG16_WIDTHS))]
    return [
        side**2 * sum(widths) + (side // 2) ** 2 * widths[-1] for side, widths in zip(sides, VGG16_WIDTHS, strict=True)
    ]


def vgg16_activations() -> int:
    """Outputs of all of VGG-16's convolutions, pools and dense layers, for one image; the input is not counted."""
    return sum(vgg16_stage_activations()) + sum(outputs for _, outputs in VGG16_DENSE)


def vgg16_early_share() -> float:
    """Share of VGG-16's activations in the first two of its five stages."""
    return sum(vgg16_stage_activations()[:2]) / vgg16_activations()


def resnet18_backbone() -> int:
    """Parameters of ResNet-18 below its head: 11,176,512.

    Convolutions carry no bias; each is followed by a batch norm with a scale and a shift per channel (He et al. 2016).
    """

    def conv(k: int, c_in: int, c_out: int) -> int:
        return k * k * c_in * c_out + 2 * c_out

    total = conv(7, 3, 64) + 4 * conv(3, 64, 64)
    for c_in in (64, 128, 256):
        c_out = 2 * c_in
        total += conv(3, c_in, c_out) + 3 * conv(3, c_out, c_out) + conv(1, c_in, c_out)
    return total


def middle_share(layers: int) -> float:
    """Share of the paths through so many 3-wide convolutions that begin in the middle half of their field, one axis."""
    paths = np.ones(1)
    for _ in range(layers):
        paths = np.convolve(paths, np.ones(3))
    quarter = len(paths) // 4
    return float(paths[quarter : len(paths) - quarter].sum() / paths.sum())


def multiply_adds(k: int, c_in: int, c_out: int, side: int, stride: int = 1, padding: int = 0) -> int:
    """Products that a convolution layer sums on an image of `side` × `side` pixels; biases are not counted."""
    return k * k * c_in * c_out * output_size(side, k, stride, padding) ** 2


# ---- what the labs found ------------------------------------------------------------------------------------------


def claim(name: str) -> str:
    """Return no text; raise where the stored results do not support the claim that the sentence before rests on."""
    claims.supported(name, claims.stored())
    return ""


def digits_read(worst: bool = False) -> float:
    """Share of the test digits read after LAB 2.2's training: the mean over ten seeds, or the worst of them."""
    shares = lenet.finished()["accuracy"]
    return min(shares) if worst else sum(shares) / len(shares)


def digits_read_after(epoch: int) -> float:
    """Share of the test digits read after so many epochs of LAB 2.2's training; seed 0, the run on show."""
    return lenet.restored().accuracies[epoch]


def kernels_kept(of: str = "mean") -> float:
    """Cosine of the first layer's kernels before LAB 2.2's training and after: "mean", "min" or "max" of ten seeds."""
    cosines = lenet.finished()["kept"]
    return {"mean": sum(cosines) / len(cosines), "min": min(cosines), "max": max(cosines)}[of]


def shifted(network: str, by: int) -> str:
    """Share of digits read after a shift `by` so many pixels, with its spread; such as "max dense 0" (LAB 2.1).

    A network is named by what halves its maps, what its head reads and by how far its training images moved.
    """
    return with_spread([run[by] for run in shifts.finished()[network]])


def shifted_share(network: str, by: int) -> float:
    """Mean of `shifted`."""
    return claims.moved(claims.stored(), network, by)


def deep_loss(kind: str, layers: int) -> float:
    """Training loss of a "plain" or "residual" stack at the end of LAB 2.3's steps, mean over seeds."""
    return residual_lab.reached(kind, layers)


def deep_loss_spread(kind: str, layers: int) -> str:
    """Least and greatest training loss over the seeds of `deep_loss`."""
    ends = claims.losses(claims.stored(), f"{kind} {layers}")
    return f"{min(ends):.2f}–{max(ends):.2f}"


def deep_gradient(kind: str, layers: int, when: str = "first") -> float:
    """Length of the gradient near the input over that near the output, "first" before or "last" after training."""
    return residual_lab.gradient_ratio(kind, layers, when)


def deep_gradient_spread(kind: str, layers: int, when: str = "first") -> str:
    """Least and greatest over the seeds of `deep_gradient`."""
    return low_and_high(residual_lab.gradient_ratios(kind, layers, when))


def deep_ratios(moment: int) -> str:
    """Least and greatest of that ratio at depth 40, plain, after `depth.MOMENTS[moment]` steps."""
    return low_and_high([run["ratios"][moment] for run in depth.finished()["plain 40"]])


def deep_loss_at(rate: float) -> float:
    """Training loss of a plain stack of 40 at the end of LAB 2.3's steps, at a slower rate, mean over seeds."""
    return claims.mean(claims.losses(claims.stored(), f"plain 40 {rate}"))


def low_and_high(values: list[float]) -> str:
    """Write the least and the greatest, such as "0.6–8.3"."""
    return "–".join(f"{value:.1f}" if value < 10 else f"{value:.0f}" for value in (min(values), max(values)))


def transferred(case: str) -> str:
    """Share of new digits read, with its spread; such as "moving 10 120 scratch" (LAB 2.4).

    A case is named by how the labelled pictures stand, labels per digit, training steps and method.
    """
    return with_spread(transfer.finished()[case])


def transferred_share(case: str) -> float:
    """Mean of `transferred`."""
    training, shots, steps, method = case.split()
    return transfer_lab.accuracy(training, int(shots), int(steps), method)


def leads(case: str, other: str) -> int:
    """In how many of the seeds one case of `transferred` reads more than another."""
    pairs = zip(transfer.finished()[case], transfer.finished()[other], strict=True)
    return sum(ours > theirs for ours, theirs in pairs)


def served_digits(way: str) -> str:
    """Share of known digits that ten pretrained networks read from images prepared so, with its spread (LAB 2.4)."""
    return with_spread(transfer.finished()[f"served {way}"])


def taught(case: str) -> str:
    """Pictures of textures judged rightly, such as "left out trained 11"; of ten random networks with their spread."""
    counts = teaching.finished()[case]
    if min(counts) == max(counts):
        return str(counts[0])
    return f"{sum(counts) / len(counts):.1f} ({min(counts)}–{max(counts)})"


def field_side(block: int) -> int:
    """Side of the field that a unit of EfficientNet-Lite0 has after a block, px; zeros around the picture included."""
    return len(trained_field.field(block)[0])


def used_side(case: str) -> int:
    """Side of the square that holds half of what moves the unit, px; "trained 11" or "random 11" (@fig:used-field)."""
    return round(claims.mean(trained_field.finished()[case]))


def served_crops(case: str) -> str:
    """What ten heads or the network itself make of crops of photographs, with its spread; such as "bgr head" (LAB 2.6).

    A case is named by the way the crops are prepared and by what is measured, see `served.Results`.
    """
    return with_spread(served.finished()[case])


def served_share(case: str) -> float:
    """Mean of `served_crops`."""
    return claims.mean(served.finished()[case])


def scene_found(case: str) -> str:
    """Share of a scene's digits found and named, with its spread; such as "background pass 0.9" (LAB 2.8).

    A case is named by the network, by how it reads a scene and by the threshold, see `scene.Results`.
    """
    return with_spread(scene.finished()[f"{case} found"])


def scene_share(case: str) -> float:
    """Mean of `scene_found`."""
    return claims.mean(scene.finished()[f"{case} found"])


def scene_false(case: str) -> str:
    """Finds in a scene that name no digit in its place, mean and spread, such as "0.4 (0.2–0.6)"."""
    counts = scene.finished()[f"{case} false"]
    return f"{claims.mean(counts):.1f} ({min(counts):.1f}–{max(counts):.1f})"


def with_spread(shares: list[float]) -> str:
    """Write a mean with the least and greatest of its seeds, such as "67% (64–70%)"."""
    mean = sum(shares) / len(shares)
    return f"{100 * mean:.0f}% ({100 * min(shares):.0f}–{100 * max(shares):.0f}%)"
