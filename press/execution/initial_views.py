"""The instruments of a chapter in their first state, drawn in CPython.

What an instrument drew is kept as long as its Python stays the same: some of them compute for seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from instruments import kit
from press.blocks.instrument import SEED, Instrument
from press.book.model import Chapter, Edition
from press.cache import Cache
from press.execution.dependencies import Sources
from press.text import exception_place
from press.text.markdown import Fields
from press.text.places import Mistake, Place
from press.text.suggestion import meant

View = dict[str, Any]


def views(
    chapter: Chapter, root: Path, sources: Sources, cache: Cache
) -> tuple[dict[str, ModuleType], dict[str, View], list[Mistake]]:
    """The chapter's instruments and what each shows at first, by module. One that fails is a mistake at its line."""
    modules: dict[str, ModuleType] = {}
    shown: dict[str, View] = {}
    mistakes: list[Mistake] = []
    try:
        known = [name.replace("_", "-") for name in kit.instruments()]
    except Exception as error:
        return {}, {}, [exception_place.mistake(error, root, Place("instruments", 1))]
    for block in _blocks(chapter):
        if block.name not in known:
            mistakes.append(Mistake(block.place, f"there is no instrument “{block.name}”", meant(block.name, known)))
            continue
        try:
            modules[block.module] = kit.load(block.module)
            shown[block.module] = _view(modules[block.module], chapter.edition.seed, sources, cache)
            mistakes += _unseeded(chapter.edition, block, shown[block.module])
        except Exception as error:
            mistakes.append(exception_place.mistake(error, root, block.place))
            modules.pop(block.module, None)
    return modules, shown, mistakes


def fields(modules: Mapping[str, ModuleType], shown: Mapping[str, View]) -> dict[str, Fields]:
    """The settings of the instruments by the names authors use, with the values of those that are chosen from some."""
    found: dict[str, Fields] = {}
    for name, module in modules.items():
        choices = [control for control in module.CONTROLS if isinstance(control, kit.Choice)]
        chosen = {choice.field: [str(option.value) for option in choice.options] for choice in choices}
        found[name.replace("_", "-")] = {**dict.fromkeys(shown[name]["state"], ()), **chosen}
    return found


def _blocks(chapter: Chapter) -> Iterator[Instrument]:
    return (block for block in chapter.blocks if isinstance(block, Instrument))


def _unseeded(edition: Edition, block: Instrument, view: View) -> list[Mistake]:
    """A mistake where an instrument cannot take the seed it should."""
    seed = view["state"].get(SEED, edition.seed)
    if edition.seed in (None, seed):
        return []
    return [Mistake(edition.place, f"“{block.name}” has no seed {edition.seed}", f"the nearest is {seed}")]


def _view(module: ModuleType, seed: int | None, sources: Sources, cache: Cache) -> View:
    assert module.__file__
    python = sources.digest(Path(module.__file__).read_text(encoding="utf-8"))
    asked = {} if seed is None else {"state": {SEED: seed}}
    inputs = {"instrument": module.__name__, "seed": str(seed), "python": python}
    view: View = json.loads(cache.get(inputs, lambda: json.dumps(kit.respond(module, asked)).encode()))
    return view
