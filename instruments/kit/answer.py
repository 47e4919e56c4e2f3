"""From a request to an answer: the state a reader wants, made valid, and what the instrument shows for it.

A request is {"state": {...}, "set": {field: value, ...}, "acts": [act, ...]}, all parts optional, of any origin:
rubbish leads to the nearest valid state, never to an exception. `kit.instrument` says what an instrument is.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any, TypeVar, cast

from instruments.kit import acts
from instruments.kit.instrument import Acts, Assigns, HasLimits, Instrument, Regions, S, Works
from instruments.kit.values import cleaned, controls_by_field, hints_of, state_from

ACTS_AT_ONCE = 1000
PACKAGES = ("instruments", "instruments.labs")
"""Where instruments are looked for: modules and packages."""

Answer = dict[str, Any]
T = TypeVar("T", bound=Any)


def names() -> tuple[str, ...]:
    """Name every instrument: the modules and packages in `PACKAGES` that have CONTROLS."""
    return tuple(name for name, path in sorted(_paths().items()) if _is_instrument(path))


def load(name: str) -> Instrument[Any]:
    """Import an instrument by its name, `kernel_explorer` or `kernel-explorer`; KeyError if there is none."""
    path = _paths().get(name.replace("-", "_"))
    if path is None or not _is_instrument(path):
        raise KeyError(name)
    return cast("Instrument[Any]", importlib.import_module(path))


def module_name(name: str) -> str:
    """The dotted path of an instrument's module, which is not imported; empty if there is none."""
    return _paths().get(name.replace("-", "_"), "")


@cache
def _paths() -> dict[str, str]:
    """Path by name. Listed, not tried: an import that fails makes the browser fetch more of Python."""
    return {
        module.name: f"{package}.{module.name}"
        for package in PACKAGES
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__)
    }


def _is_instrument(path: str) -> bool:
    return hasattr(importlib.import_module(path), "CONTROLS")


def respond(instrument: Instrument[S], request: object) -> Answer:
    """Answer a request: {"state", "regions", "limits", "sentence"}."""
    return _answer(instrument, state_after(instrument, request))


def _answer(instrument: Instrument[S], state: S) -> Answer:
    return {
        "state": asdict(state),
        "regions": instrument.view(state),
        "limits": instrument.limits(state) if isinstance(instrument, HasLimits) else {},
        "sentence": instrument.sentence(state),
    }


def work(instrument: Instrument[S], request: object) -> Iterator[Answer]:
    """Answer in steps, each to be shown in place of the last: all of `respond` for a state, or only some regions."""
    if not isinstance(instrument, Works):
        return
    for step in instrument.work(state_after(instrument, request)):
        if isinstance(step, instrument.State):
            yield _answer(instrument, step)
        elif isinstance(step, tuple):
            yield {"state": asdict(step[0]), "regions": step[1]}
        else:
            yield {"regions": cast("Regions", step)}


def state_after(instrument: Instrument[S], request: object) -> S:
    """Return the valid state that a request leads to."""
    request = request if isinstance(request, Mapping) else {}
    state = state_from(instrument.State, instrument.CONTROLS, request.get("state"))
    if hasattr(state, "notice"):
        state = _with(state, "notice", "")
    state = instrument.normalise(state)
    wishes, sent = request.get("set"), request.get("acts")
    for field, value in wishes.items() if isinstance(wishes, Mapping) else ():
        state = instrument.normalise(_assigned(instrument, state, str(field), value))
    for text in sent[:ACTS_AT_ONCE] if isinstance(sent, list | tuple) else ():
        if isinstance(instrument, Acts) and (act := acts.read(str(text))):
            state = instrument.normalise(instrument.act(state, act))
    return state


def _assigned(instrument: Instrument[S], state: S, field: str, value: object) -> S:
    """Set one field; the instrument's own `assign` sees it first, a known field with its value made valid."""
    kinds = hints_of(instrument.State)
    if field in kinds:
        control = controls_by_field(instrument.CONTROLS).get(field)
        value = cleaned(value, kinds[field], getattr(state, field), control)
    if isinstance(instrument, Assigns):
        assigned: S = instrument.assign(state, field, value)
        return assigned
    return _with(state, field, value) if field in kinds else state


def _with(state: T, field: str, value: object) -> T:
    return replace(state, **{field: value})
