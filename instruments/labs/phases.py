"""The life of a training run in a lab: ready, running, paused or stopped, finished. Buttons, states, nothing else.

A lab's State has the fields `step` and `phase`; `step` counts what is done of the run, so that pausing loses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from instruments.kit import Act, Button, ButtonPress

BUTTONS = (Button("start", work=True), Button("pause"), Button("stop"))
"""Start goes on after Pause and begins anew after Stop."""

START, STOP = ButtonPress("start", ""), ButtonPress("stop", "")

S = TypeVar("S", bound=Any)


def settled(state: S, steps: int) -> S:
    """Make `step` and `phase` agree with a run of so many steps."""
    step = min(max(0, state.step), steps)
    phase = state.phase
    if phase != "running":
        begun = phase if phase == "stopped" else "paused"
        phase = "finished" if step == steps else begun if step else "ready"
    return replace(state, step=step, phase=phase)


def assigned(state: S, field: str, value: Any, settings: Collection[str]) -> S:
    """Set a field; a change of one of the `settings` is another run, which has not begun."""
    if field not in {known.name for known in fields(state)}:
        return state
    changed = replace(state, **{field: value})
    if field in settings and changed != state:
        return replace(changed, step=0, phase="ready")
    return interrupted(changed)


def interrupted(state: S) -> S:
    """Whatever else the reader does pauses a run."""
    return replace(state, phase="paused") if state.phase == "running" else state


def pressed(state: S, act: Act) -> S:
    """Press one of the buttons."""
    if act == START:
        return replace(state, step=state.step if state.phase in ("paused", "running") else 0, phase="running")
    state = interrupted(state)
    return replace(state, phase="stopped") if act == STOP and state.phase == "paused" else state


def limits(state: Any) -> dict[str, dict[str, Any]]:
    """Say which buttons have something to do."""
    running = state.phase == "running"
    return {
        "start": {"disabled": running},
        "pause": {"disabled": not running},
        "stop": {"disabled": state.phase not in ("running", "paused")},
    }


def onwards(state: S, steps: int, stride: int) -> Iterator[S]:
    """Count the state on to the end of the run, `stride` steps at a time."""
    while state.step < steps:
        step = min(state.step + stride, steps)
        state = replace(state, step=step, phase="finished" if step == steps else "running")
        yield state
