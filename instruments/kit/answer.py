"""From a request to an answer: the state a reader wants, made valid, and what the instrument shows for it.

A request is {"state": {...}, "set": {field: value, ...}, "acts": [act, ...]}, all parts optional, of any origin:
rubbish leads to the nearest valid state, never to an exception. An instrument is a module with State, CONTROLS,
REGIONS, normalise(state), view(state), sentence(state) and, if it needs them, assign(state, field, value),
act(state, act), limits(state) and work(state).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from functools import cache
from types import ModuleType
from typing import Any

from instruments.kit.values import cleaned, controls_by_field, hints_of, state_from

ACTS_AT_ONCE = 1000
PACKAGES = ("instruments", "instruments.labs")
"""Where instruments are looked for."""


def names() -> tuple[str, ...]:
    """Name every instrument: the modules of `PACKAGES` that have CONTROLS."""
    return tuple(name for name, path in sorted(_paths().items()) if _is_instrument(path))


def load(name: str) -> ModuleType:
    """Import an instrument by its name, `kernel_explorer` or `kernel-explorer`; KeyError if there is none."""
    path = _paths().get(name.replace("-", "_"))
    if path is None or not _is_instrument(path):
        raise KeyError(name)
    return importlib.import_module(path)


@cache
def _paths() -> dict[str, str]:
    """Modules of `PACKAGES` by name. Listed, not tried: an import that fails makes the browser fetch more of Python."""
    return {
        module.name: f"{package}.{module.name}"
        for package in PACKAGES
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__)
        if not module.ispkg
    }


def _is_instrument(path: str) -> bool:
    return hasattr(importlib.import_module(path), "CONTROLS")


def respond(module: ModuleType, request: object) -> dict[str, Any]:
    """Answer a request: {"state", "regions", "limits", "sentence"}."""
    return _answer(module, state_after(module, request))


def _answer(module: ModuleType, state: Any) -> dict[str, Any]:
    return {
        "state": asdict(state),
        "regions": module.view(state),
        "limits": module.limits(state) if hasattr(module, "limits") else {},
        "sentence": module.sentence(state),
    }


def work(module: ModuleType, request: object) -> Iterator[dict[str, Any]]:
    """Answer in steps, each to be shown in place of the last: all of `respond` for a state, or only some regions.

    A step of the instrument's is a state, or the regions that have changed, or (state, regions) where a state's other
    regions wait for a later step.
    """
    for step in module.work(state_after(module, request)):
        if isinstance(step, module.State):
            yield _answer(module, step)
        elif isinstance(step, tuple):
            yield {"state": asdict(step[0]), "regions": step[1]}
        else:
            yield {"regions": step}


def state_after(module: ModuleType, request: object) -> Any:
    """Return the valid state that a request leads to."""
    request = request if isinstance(request, Mapping) else {}
    state = state_from(module.State, module.CONTROLS, request.get("state"))
    if hasattr(state, "notice"):
        state = replace(state, notice="")
    state = module.normalise(state)
    wishes, acts = request.get("set"), request.get("acts")
    for field, value in wishes.items() if isinstance(wishes, Mapping) else ():
        state = module.normalise(_assigned(module, state, str(field), value))
    for act in acts[:ACTS_AT_ONCE] if isinstance(acts, list | tuple) and hasattr(module, "act") else ():
        state = module.normalise(module.act(state, str(act)))
    return state


def _assigned(module: ModuleType, state: Any, field: str, value: object) -> Any:
    """Set one field; the instrument's own `assign` sees it first, a known field with its value made valid."""
    kinds = hints_of(module.State)
    if field in kinds:
        control = controls_by_field(module.CONTROLS).get(field)
        value = cleaned(value, kinds[field], getattr(state, field), control)
    if hasattr(module, "assign"):
        return module.assign(state, field, value)
    return replace(state, **{field: value}) if field in kinds else state


def cell_in(act: str, prefix: str) -> tuple[int, int] | None:
    """Read the row and column of an act such as "point:map:3,4" for the prefix "point:map"."""
    row, comma, column = act.removeprefix(prefix + ":").partition(",")
    if not act.startswith(prefix + ":") or not comma:
        return None
    return (int(row), int(column)) if row.isdecimal() and column.isdecimal() and len(act) < 40 else None
