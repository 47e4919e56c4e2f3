"""Whatever arrives from outside, made a valid State: of the right types, inside the ranges of the controls.

Never raises; what cannot be read becomes the value it replaces. What fields mean together is the instrument's
`normalise`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from instruments.kit.controls import Choice, Control, Number, Picture, Slider

LONGEST_TEXT = 4000
LONGEST_TUPLE = 400
DECIMALS = 12
"""Of a control's value: three steps of 0.1 are 0.3 and not 0.30000000000000004, which would be another state."""


def cleaned(value: object, kind: Any, now: Any, control: Control | None = None) -> Any:
    """Read `value` as `kind` within the range of `control`; `now` where that is impossible."""
    if get_origin(kind) is tuple:
        return _tuple(value, get_args(kind)[0], now, control)
    if isinstance(control, Choice):
        return next((option.value for option in control.options if str(option.value) == str(value)), now)
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower(), now)
    if kind is str:
        return _text(value, now, control)
    number = _number(value)
    if number is None:
        return now
    if isinstance(control, Slider | Number):
        number = _snapped(number, control)
    return round(number) if kind is int else number


def state_from(kind: Any, controls: tuple[Control, ...], raw: object) -> Any:
    """Make a State of `raw`, a mapping from field to value; everything unreadable keeps its default."""
    state = kind()
    if not isinstance(raw, Mapping):
        return state
    by_field = controls_by_field(controls)
    hints = hints_of(kind)
    changes = {
        field.name: cleaned(raw[field.name], hints[field.name], getattr(state, field.name), by_field.get(field.name))
        for field in fields(kind)
        if field.name in raw
    }
    return replace(state, **changes)


def controls_by_field(controls: tuple[Control, ...]) -> dict[str, Control]:
    """Index the controls that set a field."""
    return {control.field: control for control in controls if hasattr(control, "field")}


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """Return the types of a State's fields."""
    return get_type_hints(kind)


def _tuple(value: object, kind: Any, now: Any, control: Control | None) -> Any:
    if not isinstance(value, list | tuple) or len(value) > LONGEST_TUPLE:
        return now
    items = tuple(cleaned(item, kind, None, control) for item in value)
    return now if None in items else items


def _text(value: object, now: Any, control: Control | None) -> Any:
    longest = 16 + 4 * control.size**2 if isinstance(control, Picture) else LONGEST_TEXT
    if not isinstance(value, str) or len(value) > longest:
        return now
    return value.encode("utf-8", "replace").decode()


def _number(value: object) -> float | None:
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return min(1e9, max(-1e9, number)) if math.isfinite(number) else None


def _snapped(number: float, control: Slider | Number) -> float:
    """Return the nearest value the control can show."""
    number = min(control.high, max(control.low, number))
    steps = math.floor((number - control.low) / control.step + 0.5)
    return min(control.high, round(control.low + steps * control.step, DECIMALS))


def parsed(text: str) -> float | None:
    """Read a number as people write it, "−1", "0,5", "1/9"; None if it is none."""
    top, slash, bottom = text.strip().replace("\u2212", "-").replace(",", ".").partition("/")
    above, below = _number(top), _number(bottom) if slash else 1.0
    return above / below if above is not None and below else None
