"""The opening's instrument: sums by plain loops, the map where the window has been, valid states from rubbish."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings

from instruments import first_look, kit
from instruments.data import greys
from instruments.nn.kernels import kernel
from tests.instruments.states import requests


def respond(**request: Any) -> dict[str, Any]:
    return kit.respond(first_look, request)


def total(answer: dict[str, Any]) -> str:
    number: str = answer["regions"]["number"]
    return number.split("<b>")[1].split("<")[0].replace("\u2212", "-")


@pytest.mark.parametrize(
    ("name", "weights"), [("edge", ("sobel-x", 3)), ("blur", ("blur", 7)), ("sharpen", ("sharpen", 3))]
)
def test_the_number_is_the_sum_of_the_products_in_the_window(name: str, weights: tuple[str, int]) -> None:
    applied, reach, pixels = kernel(*weights).tolist(), weights[1] // 2, greys().tolist()
    for row, column in ((120, 114), (30, 200), (3, 3), (220, 220)):
        expected = sum(
            pixels[row + i - reach][column + j - reach] * applied[i][j]
            for i in range(weights[1])
            for j in range(weights[1])
        )
        answer = respond(set={"kernel": name}, acts=[f"point:stage:{row},{column}"])
        assert int(total(answer)) == round(expected)


def test_the_map_is_shown_where_the_window_has_been_and_only_a_kernel_changes_it() -> None:
    first = respond()
    lower = respond(acts=["drag:stage:200,50"])
    path = re.compile(r'<clipPath[^>]*><path d="M0 ([\d.]+)H([\d.]+)V')
    below, across = map(float, path.findall(lower["regions"]["stage"])[0])
    assert below == pytest.approx(201 / 224 * 360, abs=0.01)
    assert across == pytest.approx(50.5 / 224 * 360, abs=0.01)
    assert lower["regions"]["map"] == first["regions"]["map"]
    assert respond(set={"kernel": "blur"})["regions"]["map"] != first["regions"]["map"]


def test_arrow_keys_move_the_window_and_it_stays_inside() -> None:
    assert respond(acts=["key:stage:down", "key:stage:left"])["state"] == {"kernel": "edge", "row": 123, "column": 111}
    assert respond(acts=["point:stage:0,0"])["state"]["row"] == 1
    assert respond(set={"kernel": "blur"}, acts=["point:stage:999,0"])["state"] == {
        "kernel": "blur",
        "row": 220,
        "column": 3,
    }


@settings(deadline=None, max_examples=25)
@given(requests(first_look))
def test_any_request_has_an_answer(request: object) -> None:
    assert kit.respond(first_look, request)["sentence"]
