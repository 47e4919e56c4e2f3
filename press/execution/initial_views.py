"""The instruments of a chapter in their first state, drawn in CPython.

What an instrument drew is kept as long as its Python stays the same: some of them compute for seconds.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from instruments import kit
from press.blocks.instrument import SEED, Instrument
from press.book.model import Chapter, Edition
from press.browser.fetched_files import provide
from press.browser.wheels import RuntimeMissing
from press.cache import Cache, Inputs
from press.execution import imports, instrument_mistakes
from press.execution.dependencies import Sources
from press.execution.instrument_places import InstrumentPlaces
from press.execution.trial import NeverEnds, Trial
from press.text import exception_place
from press.text.markdown import Fields, Span
from press.text.places import Mistake, Place
from press.text.suggestion import meant

View = dict[str, Any]


def views(
    chapter: Chapter, root: Path, sources: Sources, cache: Cache, trial: Trial
) -> tuple[dict[str, kit.Instrument[Any]], dict[str, View], list[Mistake]]:
    """The chapter's instruments and what each shows at first, by module. One that fails is a mistake at its line.

    Raises wheels.RuntimeMissing when files that an instrument needs cannot be had.
    """
    instruments: dict[str, kit.Instrument[Any]] = {}
    shown: dict[str, View] = {}
    mistakes: list[Mistake] = []
    try:
        trial.instruments(Place("instruments", 1))
        known = [name.replace("_", "-") for name in kit.instruments()]
    except NeverEnds as error:
        return {}, {}, [error.mistake]
    except Exception as error:
        return {}, {}, [exception_place.mistake(error, root, Place("instruments", 1))]
    for block in chapter.instruments:
        if block.name not in known:
            mistakes.append(Mistake(block.place, f"there is no instrument “{block.name}”", meant(block.name, known)))
            continue
        try:
            instrument = kit.load(block.module)
            made = _made(instrument, root)
            _try_out(block, chapter.edition.seed, sources, cache, trial, made)
        except NeverEnds as error:
            mistakes.append(error.mistake)
            continue
        except RuntimeMissing:
            raise
        except Exception as error:
            mistakes.append(exception_place.mistake(error, root, block.place))
            continue
        view, wrong = _checked(InstrumentPlaces(instrument, root), chapter.edition.seed, sources, cache, made)
        wrong += imports.in_instrument(instrument.__name__, sources, root)
        if view and not wrong:
            instruments[block.module], shown[block.module] = instrument, view
            wrong = _unseeded(chapter.edition, block, view)
        mistakes += wrong
    return instruments, shown, mistakes


def _checked(
    places: InstrumentPlaces, seed: int | None, sources: Sources, cache: Cache, made: Inputs
) -> tuple[View | None, list[Mistake]]:
    """What an instrument shows at first, and its mistakes, in what it declares or else in what it draws."""
    try:
        if wrong := instrument_mistakes.declared(places):
            return None, wrong
        view = _view(places.instrument, seed, sources, cache, made)
        return view, instrument_mistakes.drawn(places, view)
    except Exception as error:
        return None, [exception_place.mistake(error, places.root, places.at("view"), places.home)]


def fields(instruments: Mapping[str, kit.Instrument[Any]], shown: Mapping[str, View]) -> dict[str, Fields]:
    """The settings of the instruments by the names authors use, with the values that they can have."""
    found: dict[str, Fields] = {}
    for name, instrument in instruments.items():
        known: dict[str, Collection[str] | Span] = dict.fromkeys(shown[name]["state"], ())
        for control in instrument.CONTROLS:
            if isinstance(control, kit.Choice):
                known[control.field] = [str(option.value) for option in control.options]
            elif isinstance(control, kit.Slider | kit.Number) and control.field in known:
                known[control.field] = Span(control.low, control.high)
        found[name.replace("_", "-")] = known
    return found


def _unseeded(edition: Edition, block: Instrument, view: View) -> list[Mistake]:
    """A mistake where an instrument cannot take the seed it should."""
    seed = view["state"].get(SEED, edition.seed)
    if edition.seed in (None, seed):
        return []
    return [Mistake(edition.place, f"“{block.name}” has no seed {edition.seed}", f"the nearest is {seed}")]


def _made(instrument: kit.Instrument[Any], root: Path) -> Inputs:
    """The files that an instrument needs, made for it: their digests. Raises RuntimeMissing."""
    return provide(root, instrument.FILES if isinstance(instrument, kit.Fetches) else ())


def _try_out(block: Instrument, seed: int | None, sources: Sources, cache: Cache, trial: Trial, made: Inputs) -> None:
    """Has the view drawn where it may take as long as it likes, unless it is kept. Raises NeverEnds."""
    spec = importlib.util.find_spec(name) if (name := kit.module_name(block.module)) else None
    if spec is None or spec.origin is None:
        return
    inputs = {**_inputs(spec.name, Path(spec.origin), seed, sources), **made}
    if cache.find(inputs) is None and (view := trial.view(block.module, _asked(seed), block.place)):
        cache.store(inputs, view.encode())


def _view(instrument: kit.Instrument[Any], seed: int | None, sources: Sources, cache: Cache, made: Inputs) -> View:
    assert instrument.__file__
    inputs = {**_inputs(instrument.__name__, Path(instrument.__file__), seed, sources), **made}
    view: View = json.loads(cache.get(inputs, lambda: json.dumps(kit.respond(instrument, _asked(seed))).encode()))
    return view


def _asked(seed: int | None) -> dict[str, Any]:
    return {} if seed is None else {"state": {SEED: seed}}


def _inputs(name: str, file: Path, seed: int | None, sources: Sources) -> Inputs:
    """All that a view depends on."""
    python = sources.digest(f"{file.read_text(encoding='utf-8')}\nimport {name}")
    return {"instrument": name, "seed": str(seed), "python": python}
