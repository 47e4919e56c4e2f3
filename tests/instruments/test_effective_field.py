"""The effective field: true gradients, nothing outside the theoretical field, results that survive as text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments import kit, receptive_field
from instruments.nn import architectures, geometry
from instruments.nn import effective_field as effective
from instruments.nn.geometry import Layer

STACKS = {
    "default": architectures.alternating(3, 2),
    "average": ("conv 1 k3", "avg-pool k2 s2", "conv 1 k3"),
    "pool last": ("conv 1 k3", "max-pool k3 s2"),
    "depthwise": ("conv 1 k3", "depthwise k3 s2", "conv 1 k1"),
    "residual": ("conv 1 k3", "bottleneck 8 s2", "bottleneck 8 x2"),
    "residual, stride first": ("bottleneck-v1 8 s2", "conv 1 k3"),
    "gaps": ("conv 1 k1 s3", "conv 1 k2 s2"),
}


@pytest.mark.parametrize("name", STACKS)
def test_the_gradient_is_that_of_the_network(name: str) -> None:
    stack = architectures.read(STACKS[name])
    side = effective.side_of(stack)
    draw = np.random.default_rng(5)
    x, way = draw.standard_normal((2, 1, 1, side, side))
    y, back = effective.network(stack, x, np.random.default_rng(1))
    assert y.shape[2:] == (3, 3)
    wanted = draw.standard_normal(y.shape)
    step = 1e-6
    ahead, behind = (effective.network(stack, x + sign * step * way, np.random.default_rng(1))[0] for sign in (1, -1))
    slope = ((ahead - behind) * wanted).sum() / (2 * step)
    np.testing.assert_allclose((back(wanted) * way).sum(), slope, rtol=1e-4, atol=1e-6)


@given(
    st.lists(
        st.builds(
            Layer,
            kind=st.sampled_from(["conv", "max-pool", "avg-pool", "depthwise", "bottleneck", "bottleneck-v1"]),
            channels=st.just(8),
            k=st.integers(1, 4),
            stride=st.integers(1, 3),
        ),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 99),
)
def test_outside_the_theoretical_field_the_gradient_is_exactly_zero(rows: list[Layer], seed: int) -> None:
    stack = tuple(rows)
    gradient = effective.unit_gradient(stack, np.random.default_rng(seed))
    last = geometry.reaches(stack)[-1]
    assert len(gradient) == last.field + 2 * last.jump
    inside = slice(last.jump, -last.jump)
    assert (gradient != 0).sum() == (gradient[inside, inside] != 0).sum()


def test_a_positive_linear_stack_reaches_every_corner_of_its_field() -> None:
    stack = architectures.read(("avg-pool k3 s1", "avg-pool k2 s2", "avg-pool k3 s1"))
    gradient = effective.unit_gradient(stack, np.random.default_rng(0))
    last = geometry.reaches(stack)[-1]
    assert np.flatnonzero(gradient.any(axis=0)).tolist() == list(range(last.jump, last.jump + last.field))


def test_deep_stacks_look_at_a_smaller_share_of_their_field() -> None:
    shares = []
    for depth in (5, 10, 20):
        *_, result = effective.measured(architectures.read(("conv 1 k3",) * depth), 60)
        shares.append(4 * result.sigma / (2 * depth + 1))
        assert not result.leaked
        assert abs(result.sigma / (2 * depth / 3) ** 0.5 - 1) < 0.15, (
            "random weights: the variance of a window per layer"
        )
    assert shares == sorted(shares, reverse=True)
    assert result.fit > 0.9


@pytest.mark.parametrize("name", STACKS)
def test_results_survive_as_text(name: str) -> None:
    *_, result = effective.measured(architectures.read(STACKS[name]), 3)
    text = effective.write(result)
    again = effective.read(text)
    assert again is not None
    assert effective.write(again) == text
    assert len(text) < 3500


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1:2:3",
        "1:9:1:1:0:!!",
        "0:9:1:1:0:AA==",
        "1:9:nan:1:0:AA==",
        "1:9:1:1:0:AAA=",
        "1:9:1:1:0:",
        "²:9:1:1:0:AA==",
    ],
)
def test_what_is_no_result(text: str) -> None:
    assert effective.read(text) is None


def test_measuring_ends_in_a_state_that_holds_the_result() -> None:
    steps = list(kit.work(receptive_field, {"set": {"draws": 20}, "acts": ["measure"]}))
    assert len(steps) == 21
    assert all(set(step) == {"regions"} for step in steps[:-1])
    assert "<progress" in steps[3]["regions"]["effective"]
    last = steps[-1]
    assert kit.respond(receptive_field, {"state": last["state"]}) == last
    assert "exactly 0" in last["regions"]["effective"]
    assert "20 of 20" in last["regions"]["effective"]
    moved = kit.respond(receptive_field, {"state": last["state"], "acts": ["key:field:up"]})
    assert moved["regions"]["effective"] == last["regions"]["effective"]
    other = kit.respond(receptive_field, {"state": last["state"], "set": {"convs": 4}})
    assert other["state"]["measured"] == ""


def test_a_field_too_large_is_not_measured() -> None:
    request = {"set": {"network": "resnet-152"}}
    answer = kit.respond(receptive_field, request)
    assert answer["limits"]["measure"]["disabled"]
    assert "too large" in answer["regions"]["effective"]
    assert list(kit.work(receptive_field, request)) == []
