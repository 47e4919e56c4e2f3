"""Known networks as stacks of layers, with the totals their authors or reference implementations publish.

Holds no computation: `geometry` counts, the tests compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from instruments.nn.geometry import Layer, parse

Text = tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """A stack, the (channels, side) of its input and a note on the variant."""

    name: str
    layers: Text
    input: tuple[int, int]
    note: str


@dataclass(frozen=True)
class Path:
    """The longest way through a network's windows, for its receptive field; `published` is (field, jump)."""

    name: str
    layers: Text
    side: int
    published: tuple[int, int] | None
    note: str


def stages(count: int, width: int) -> Text:
    """Stack `count` stages: a "same" 3×3 convolution, then a 2×2 pool; the width doubles from stage to stage."""
    return tuple(line for i in range(count) for line in (f"conv {width * 2**i} k3 p1", "max-pool k2 s2"))


def alternating(convs: int, pools: int) -> Text:
    """Split `convs` 3×3 convolutions by `pools` 2×2 pools into groups as even as possible, earlier ones larger."""
    size, larger = divmod(convs, pools + 1)
    groups = [size + (i < larger) for i in range(pools + 1)]
    lines = [line for group in groups for line in ("max-pool k2 s2", *(["conv 1 k3 p1"] * group))]
    return tuple(lines[1:])


def _vgg(dense: bool) -> Text:
    blocks = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
    convs = tuple(line for c, n in blocks for line in (*[f"conv {c} k3 p1"] * n, "max-pool k2 s2"))
    return (*convs, "dense 4096", "dense 4096", "dense 1000") if dense else convs


def _resnet(depths: tuple[int, ...], kind: str = "bottleneck") -> Text:
    blocks = [f"{kind} {256 * 2**i}{'' if i == 0 else ' s2'}{f' x{n}' if n > 1 else ''}" for i, n in enumerate(depths)]
    return ("conv 64 k7 s2 p3 bn", "max-pool k3 s2 p1", *blocks)


def _slim_resnet(depths: tuple[int, ...]) -> Text:
    """Put the stride on the 3×3 of each block's last unit, as TensorFlow-Slim does; the last block has none."""
    lines = ["conv 64 k7 s2 p3 bn", "max-pool k3 s2 p1"]
    for i, n in enumerate(depths):
        width = 256 * 2**i
        last = i == len(depths) - 1
        lines += [f"bottleneck {width} x{n}"] if last else [f"bottleneck {width} x{n - 1}", f"bottleneck {width} s2"]
    return tuple(lines)


MOBILENET_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2), (1024, 1))
MOBILENET = (
    "conv 32 k3 s2 p1 bn",
    *(
        line
        for channels, stride in MOBILENET_BLOCKS
        for line in (f"depthwise k3{' s2' if stride == 2 else ''} p1 bn", f"conv {channels} k1 bn")
    ),
)

NETWORKS = {
    "lenet-5": Network(
        "LeNet-5",
        ("conv 6 k5", "avg-pool k2 s2", "conv 16 k5", "avg-pool k2 s2", "dense 120", "dense 84", "dense 10"),
        (1, 32),
        "The form taught today: 61,706 parameters. The original of 1998 has 60,000: its second convolution skips "
        "some connections, its pools learn two numbers per map, its output layer is fixed.",
    ),
    "alexnet": Network(
        "AlexNet",
        (
            *("conv 96 k11 s4", "max-pool k3 s2", "conv 256 k5 p2 g2", "max-pool k3 s2"),
            *("conv 384 k3 p1", "conv 384 k3 p1 g2", "conv 256 k3 p1 g2", "max-pool k3 s2"),
            *("dense 4096", "dense 4096", "dense 1000"),
        ),
        (3, 227),
        "The two-group form of 2012 (two GPUs): 60,965,224 parameters. An input of 227 gives the paper's 55 × 55.",
    ),
    "vgg-16": Network("VGG-16", _vgg(dense=True), (3, 224), "138,357,544 parameters, nine in ten of them dense."),
    "resnet-50": Network(
        "ResNet-50",
        (*_resnet((3, 4, 6, 3)), "global-pool", "dense 1000"),
        (3, 224),
        "25,557,032 parameters with batch norm; stride on the 3×3 of a bottleneck, as most libraries have it. With "
        "the stride on the first 1×1, as in the paper, the parameters are the same and the multiply-adds fewer.",
    ),
    "mobilenet": Network(
        "MobileNet v1",
        (*MOBILENET, "global-pool", "dense 1000"),
        (3, 224),
        "4,231,976 parameters with batch norm: nearly all in the 1×1 convolutions.",
    ),
}

_ALEXNET_PATH = (
    *("conv 1 k11 s4", "max-pool k3 s2", "conv 1 k5 p2", "max-pool k3 s2"),
    *("conv 1 k3 p1", "conv 1 k3 p1", "conv 1 k3 p1", "max-pool k3 s2"),
)
_MIXED = "conv 1 k3 p1 x2"
_INCEPTION_V2 = (
    *("conv 1 k7 s2 p3", "max-pool k3 s2 p1", "conv 1 k1", "conv 1 k3 p1", "max-pool k3 s2 p1"),
    *(_MIXED, _MIXED, "conv 1 k3 p1", "conv 1 k3 s2 p1"),
    *(_MIXED, _MIXED, _MIXED, _MIXED, "conv 1 k3 p1", "conv 1 k3 s2 p1"),
    *(_MIXED, _MIXED),
)
_INCEPTION_V3 = (
    *("conv 1 k3 s2", "conv 1 k3", "conv 1 k3 p1", "max-pool k3 s2", "conv 1 k1", "conv 1 k3", "max-pool k3 s2"),
    *(_MIXED, _MIXED, _MIXED, "conv 1 k3 p1", "conv 1 k3 s2"),
    *("conv 1 k7 p3 x2",) * 4,
    *("conv 1 k7 p3", "conv 1 k3 s2", _MIXED, _MIXED),
)
_ON_3X3 = "Stride on the 3×3 of the last unit of each block, as in TensorFlow-Slim; the paper's stride on the first "
_ON_3X3 += "1×1 of a block gives the same field."

PATHS = {
    "alexnet": Path("AlexNet", _ALEXNET_PATH, 224, (195, 32), "Up to and with the last pool."),
    "vgg-16": Path("VGG-16", _vgg(dense=False), 224, (212, 32), "Up to and with the last pool."),
    "resnet-50": Path("ResNet-50", _slim_resnet((3, 4, 6, 3)), 224, (483, 32), _ON_3X3),
    "resnet-50-first": Path(
        "ResNet-50, stride on the first 1×1",
        _resnet((3, 4, 6, 3), "bottleneck-v1"),
        224,
        (483, 32),
        "As in the paper (He et al. 2016): the jump doubles before the block's first 3×3.",
    ),
    "resnet-50-3x3": Path(
        "ResNet-50, stride on the first 3×3",
        _resnet((3, 4, 6, 3)),
        224,
        None,
        "As in most libraries today: the first 3×3 of a block still sees the smaller jump, so the field is smaller "
        "than the 483 px of the other two variants.",
    ),
    "resnet-101": Path("ResNet-101", _slim_resnet((3, 4, 23, 3)), 224, (1027, 32), _ON_3X3),
    "resnet-152": Path("ResNet-152", _slim_resnet((3, 8, 36, 3)), 224, (1507, 32), _ON_3X3),
    "inception-v2": Path(
        "Inception v2", _INCEPTION_V2, 224, (699, 32), "The longest way: two 3×3 in each mixed block."
    ),
    "inception-v3": Path(
        "Inception v3", _INCEPTION_V3, 299, (1311, 32), "The longest way; a 1×7 and a 7×1 count as one 7 per axis."
    ),
    "mobilenet": Path("MobileNet v1", MOBILENET, 224, (315, 32), "Up to and with the last 1×1 convolution."),
}


@lru_cache(maxsize=32)
def read(lines: Text) -> tuple[Layer, ...]:
    """Read a stack; lines that are no layers are left out."""
    return tuple(layer for layer in map(parse, lines) if layer)
