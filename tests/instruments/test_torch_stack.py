"""Stacks as PyTorch prints them and as people write them become layers, or a sentence says which part does not."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments import feature_maps, kit, receptive_field
from instruments.nn.geometry import reaches, write
from instruments.nn.torch_stack import LONGEST, UnreadableStack, read

PRINTED = dedent("""
    Sequential(
      (0): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)
      (1): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
      (2): ReLU(inplace=True)
      (3): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)
      (layer1): Sequential(
        (0): Conv2d(64, 64, kernel_size=(3, 3), stride=(1, 1), padding=(2, 2), dilation=(2, 2))
        (1): Conv2d(64, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), groups=64)
        (2): Conv2d(64, 128, kernel_size=(1, 1), stride=(1, 1))
      )
      (5): Dropout(p=0.5, inplace=False)
      (6): AdaptiveAvgPool2d(output_size=(1, 1))
      (7): Flatten(start_dim=1, end_dim=-1)
      (8): Linear(in_features=128, out_features=10, bias=True)
    )
""")
LINES = (
    "conv 64 k7 s2 p3",
    "max-pool k3 s2 p1",
    "conv 64 k3 p2 d2",
    "depthwise k3 p1",
    "conv 128 k1",
    "global-pool",
    "dense 10",
)
WRITTEN = """
model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding="same"), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5, 1, 0, 1, 2), nn.Tanh(), nn.AvgPool2d(2, 2), nn.Flatten(),
    nn.LazyLinear(120), torch.nn.Linear(120, 84),
)
"""


def lines(text: str) -> tuple[str, ...]:
    return tuple(map(write, read(text)))


def test_what_pytorch_prints_is_read() -> None:
    assert lines(PRINTED) == LINES
    assert lines(" ".join(PRINTED.split())) == LINES, "a field of one line joins the lines"


def test_what_people_write_is_read_with_pytorchs_defaults() -> None:
    assert lines(WRITTEN) == (
        "conv 6 k5 p2",
        "avg-pool k2 s2",
        "conv 16 k5 g2",
        "avg-pool k2 s2",
        "dense 120",
        "dense 84",
    )


REFUSED = {
    "Conv2d(3, 8, kernel_size=(1, 7))": "Conv2d: kernel_size=(1, 7) is not square; windows here are.",
    "Conv2d(3, 8, k)": "Conv2d(3, 8, k) cannot be read: its numbers must stand in it.",
    "Conv2d(3, 8)": "Conv2d has no kernel_size, or one that is no whole number.",
    "Conv2d(3, 8, True)": "Conv2d has no kernel_size, or one that is no whole number.",
    "Conv2d(3, 8, 0)": "Conv2d: kernel_size=0 is not from 1 to 15.",
    "Conv2d(3, 8, 3, -1)": "Conv2d: stride=-1 is not from 1 to 16.",
    "Conv2d(3, 8, 99)": "Conv2d: kernel_size=99 is not from 1 to 15.",
    "Conv2d(3, 8, 4, padding='same')": "Conv2d: padding 'same' of an even window has no middle here.",
    "Conv2d(3, 8, 3": "A bracket is never closed.",
    "MaxPool2d(3, dilation=2)": "MaxPool2d: a dilated window is not known here.",
    "AdaptiveAvgPool2d((7, 7))": "AdaptiveAvgPool2d: only output_size=1, the mean of a whole map, is known here.",
    "ConvTranspose2d(3, 8, 3)": "ConvTranspose2d is not known here; known are Conv2d, ",
    "ReLU()": "No layer was found. ",
    "": "No layer was found. ",
    "MaxPool2d(2) " * 81: "That is 81 layers; at most 80 can be shown.",
    "x" * (LONGEST + 1): "The text is longer than 20,000 characters.",
}


@pytest.mark.parametrize("text", REFUSED, ids=[text[:24] for text in REFUSED])
def test_what_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(UnreadableStack) as refused:
        read(text)
    assert str(refused.value).startswith(REFUSED[text])


@given(st.text() | st.text(alphabet="Conv2dMaxPl(),=3 '\n1", max_size=60).map("Conv2d(1, 1, {})".format))
def test_any_text_is_a_stack_or_a_sentence(text: str) -> None:
    try:
        assert read(text)
    except UnreadableStack as refused:
        assert str(refused)


def test_a_dilated_kernel_sees_as_far_as_its_taps() -> None:
    """Yu and Koltun 2016: 3×3 kernels dilated by 1, 2, 4 see 3, 7, 15 pixels."""
    stack = read("Conv2d(1, 1, 3) Conv2d(1, 1, 3, dilation=2) Conv2d(1, 1, 3, dilation=4)")
    assert [reach.field for reach in reaches(stack)] == [3, 7, 15]


@pytest.mark.parametrize("instrument", [receptive_field, feature_maps])
def test_a_pasted_stack_is_shown_and_a_refused_one_stays_to_be_mended(instrument: kit.Instrument[Any]) -> None:
    answer = kit.respond(instrument, {"set": {"layer.pasted": PRINTED}})
    assert "conv 64 k3 p2 d2" in answer["state"]["layers"]
    assert answer["limits"]["layer.pasted"] == {"value": ""}
    refused = kit.respond(instrument, {"state": answer["state"], "set": {"layer.pasted": "Conv2d(1, 8, (1, 2))"}})
    assert "not square" in refused["sentence"]
    assert refused["state"]["layers"] == answer["state"]["layers"]
    assert "value" not in refused["limits"]["layer.pasted"]


def test_the_field_over_a_pasted_dilated_stack_is_written_out() -> None:
    answer = kit.respond(receptive_field, {"set": {"layer.pasted": "Conv2d(1, 1, 3) Conv2d(1, 1, 3, dilation=2)"}})
    assert "r = 3 + 2·(3 − 1)·1 = 7" in answer["regions"]["recursion"]
