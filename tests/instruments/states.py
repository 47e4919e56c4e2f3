"""Random requests to an instrument: sensible ones, half-sensible ones and rubbish."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import fields
from typing import Any

from hypothesis import strategies as st

from instruments import kit

Request = dict[str, Any]

RUBBISH: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
LINES = st.sampled_from(
    [
        *(
            "conv 8 k3 p1",
            "conv 16 k5 s2",
            "conv 8 k3 g2 x3 bn",
            "depthwise k3 p1",
            "max-pool k2 s2",
            "avg-pool k3 s2 p1",
        ),
        *("global-pool", "dense 10", "bottleneck 64 s2 x2", "bottleneck-v1 32", "conv k0", "conv 8 k3 q9", "", "x"),
    ]
)
PRESSES = st.sampled_from(["point", "press", "drag"])
GRIDS = st.sampled_from(["input", "map", "product", "maps-0", "maps-3", "value", "kernels", "field", "nowhere"])
KEYS = st.sampled_from(["up", "down", "left", "right", "enter", "home", "end", "plus", "x"])
REGIONS = st.sampled_from(["input", "map", "product", "maps", "enlarged", "field", "layers", "x"])
ACTS = st.one_of(
    st.builds("{}:{}:{},{}".format, PRESSES, GRIDS, st.integers(0, 70), st.integers(0, 70)),
    st.builds("key:{}:{}".format, REGIONS, KEYS),
    st.builds("nudge:{}".format, st.sampled_from(["up", "down", "left", "right", "back", "x"])),
    st.builds("layer:{}".format, st.sampled_from(["add", "remove", "earlier", "later", "0", "3", "99", "x"])),
    st.builds("part:{}".format, st.integers(0, 99)),
    st.text(max_size=12),
)


@st.composite
def pictures(draw: st.DrawFn) -> str:
    """A picture of the reader's own, as the page sends it."""
    width, height = draw(st.integers(1, 64)), draw(st.integers(1, 64))
    seed = draw(st.binary(min_size=1, max_size=9))
    pixels = (seed * (3 * width * height))[: 3 * width * height]
    return f"{width}x{height}:{b64encode(pixels).decode()}"


def values(control: kit.Control) -> st.SearchStrategy[Any]:
    """What a reader can set a control to."""
    if isinstance(control, kit.Choice):
        return st.sampled_from([option.value for option in control.options])
    if isinstance(control, kit.Toggle):
        return st.booleans()
    if isinstance(control, kit.Picture):
        return pictures() | st.just("")
    if isinstance(control, kit.Text):
        return st.text() | st.sampled_from(["Conv2d(3, 8, 3)", "MaxPool2d(2)", "Conv2d(3, 8, (1, 3))", "Conv2d("])
    assert not isinstance(control, kit.Button)
    return st.integers(int(control.low), int(control.high)).map(lambda n: n if n % 2 else str(n))


def requests(module: kit.Instrument[Any]) -> st.SearchStrategy[Request]:
    """Requests as the page sends them, and others."""
    controls = [control for control in module.CONTROLS if not isinstance(control, kit.Button)]
    wish = st.one_of([st.tuples(st.just(control.field), values(control)) for control in controls])
    weight = st.tuples(st.integers(0, 50).map("weight.{}".format), st.sampled_from(["1", "−2", "1/9", "0,5", "x"]))
    wishes = st.lists(wish | weight, max_size=4).map(dict)
    names = [field.name for field in fields(module.State)]
    known = st.fixed_dictionaries({}, optional={"layers": st.lists(LINES, max_size=5)})
    raw = st.dictionaries(st.sampled_from(names), RUBBISH, max_size=3)
    asked: st.SearchStrategy[Request] = st.fixed_dictionaries(
        {},
        optional={"state": known | raw, "set": wishes, "acts": st.lists(ACTS, max_size=5)},
    )
    return asked
