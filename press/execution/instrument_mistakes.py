"""What is wrong with an instrument, each at its line: what it declares, before it is drawn, and what it drew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from instruments import kit
from press.execution.instrument_places import InstrumentPlaces
from press.text.places import Mistake
from press.text.suggestion import meant

NEEDED = ("State", "CONTROLS", "REGIONS", "normalise", "view", "sentence")
RECORDS = {"CONTROLS": ("control", get_args(kit.Control)), "REGIONS": ("region", (kit.Region,))}
SETS = {kit.Toggle: (bool,), kit.Picture: (str,), kit.Text: (str,), kit.Slider: (int, float), kit.Number: (int, float)}
"""Types of the fields that a control can set."""


def declared(places: InstrumentPlaces) -> list[Mistake]:
    """What is wrong with the instrument's names; one with such mistakes cannot be drawn."""
    instrument, at = places.instrument, places.at
    absent = [name for name in NEEDED if not hasattr(instrument, name)]
    if absent:
        return [Mistake(at("CONTROLS"), f"the instrument has no {name}") for name in absent]
    wrong = [*_records(places), *_state(places)]
    return wrong or [*_controls(places), *_regions(places)]


def drawn(places: InstrumentPlaces, answer: Mapping[str, Any]) -> list[Mistake]:
    """What is wrong with the first answer."""
    if not isinstance(answer["regions"], Mapping):
        return [Mistake(places.at("view"), f"view returns {_kind(answer['regions'])}, not markup by region")]
    wrong = [*_view(places, answer["regions"]), *_limits(places, answer["limits"], list(answer["state"]))]
    if not (isinstance(answer["sentence"], str) and answer["sentence"].strip()):
        wrong.append(Mistake(places.at("sentence"), "sentence says nothing"))
    return wrong


def _records(places: InstrumentPlaces) -> Iterator[Mistake]:
    for name, (word, kinds) in RECORDS.items():
        records = getattr(places.instrument, name)
        if not isinstance(records, tuple):
            yield Mistake(places.at(name), f"{name} is no tuple", "a tuple of one needs a comma")
        elif strange := [record for record in records if not isinstance(record, kinds)]:
            yield Mistake(places.at(name), f"{name} holds {_kind(strange[0])}, which is no {word}")


def _state(places: InstrumentPlaces) -> Iterator[Mistake]:
    kind = places.instrument.State
    if not is_dataclass(kind):
        yield Mistake(places.at("State"), "State is no dataclass")
        return
    for field in fields(kind):
        if field.default is MISSING and field.default_factory is MISSING:
            yield Mistake(places.at("State", field.name), f"the field “{field.name}” of State has no default")


def _controls(places: InstrumentPlaces) -> Iterator[Mistake]:
    kind = places.instrument.State
    hints, first = get_type_hints(kind), kind()
    for name in _twice(_names(places)):
        yield Mistake(places.at("CONTROLS", name), f"two controls are for “{name}”")
    for control in places.instrument.CONTROLS:
        if isinstance(control, kit.Button) or control.field not in hints:
            continue  # a field that State lacks may have its value from limits
        what = _misfit(control, hints[control.field], getattr(first, control.field))
        if what:
            yield Mistake(places.at("CONTROLS", control.field), what)


def _misfit(control: kit.Field, kind: object, first: Any) -> str:
    """Why a control cannot set a field of this type and default, or nothing."""
    if isinstance(control, kit.Choice):
        return _misfit_of_choice(control, kind, first)
    several = isinstance(control, kit.Picture) and control.several
    if kind not in ((tuple[str, ...],) if several else SETS[type(control)]):
        return f"a {control.kind} cannot set “{control.field}”, a field of type {_named(kind)}"
    if isinstance(control, kit.Slider | kit.Number):
        span = f"from {control.low} to {control.high}"
        if not control.low < control.high or control.step <= 0:
            return f"the {control.kind} “{control.field}” goes {span} in steps of {control.step}"
        if not control.low <= first <= control.high:
            return f"the default of “{control.field}”, {first}, is not {span}"
    return ""


def _misfit_of_choice(control: kit.Choice, kind: object, first: object) -> str:
    values = [option.value for option in control.options]
    strange = [value for value in values if kind in (int, str, float, bool) and type(value) is not kind]
    if strange:
        return f"the choice “{control.field}” offers {strange[0]!r}, but its field is of type {_named(kind)}"
    if control.on_phones is not None and control.on_phones not in values:
        return f"the choice “{control.field}” does not offer what phones begin with, {control.on_phones!r}"
    return "" if first in values else f"the choice “{control.field}” does not offer its default, {first!r}"


def _regions(places: InstrumentPlaces) -> Iterator[Mistake]:
    regions = places.instrument.REGIONS
    for name in _twice([region.name for region in regions]):
        yield Mistake(places.at("REGIONS", name), f"two regions are called “{name}”")
    for region in regions:
        if region.kind not in kit.REGION_KINDS:
            hint = meant(region.kind, kit.REGION_KINDS)
            yield Mistake(places.at("REGIONS", region.name), f"there is no kind of region “{region.kind}”", hint)
        if region.place not in kit.PLACES:
            hint = meant(region.place, kit.PLACES)
            yield Mistake(places.at("REGIONS", region.name), f"there is no place “{region.place}” for a region", hint)


def _view(places: InstrumentPlaces, regions: Mapping[str, object]) -> Iterator[Mistake]:
    place, names = places.at("view"), [region.name for region in places.instrument.REGIONS]
    for name in names:
        if name not in regions:
            yield Mistake(place, f"view returns nothing for the region “{name}”")
    for name, markup in regions.items():
        if name not in names:
            yield Mistake(place, f"view returns “{name}”, which REGIONS lacks", meant(name, names))
        elif not isinstance(markup, str):
            yield Mistake(place, f"view returns {_kind(markup)} for “{name}”, where text is needed")


def _limits(places: InstrumentPlaces, limits: Mapping[str, Any], known: Sequence[str]) -> Iterator[Mistake]:
    """Limits of no control; controls whose value stands neither in the state nor in the limits."""
    names = _names(places)
    for name in limits:
        if name not in names:
            yield Mistake(places.at("limits"), f"limits names “{name}”, which is no control", meant(name, names))
    for control in places.instrument.CONTROLS:
        if isinstance(control, kit.Button) or control.field in known or "value" in limits.get(control.field, {}):
            continue
        what = f"State has no field “{control.field}”, which a control sets"
        yield Mistake(places.at("CONTROLS", control.field), what, meant(control.field, known))


def _names(places: InstrumentPlaces) -> list[str]:
    """The fields and acts of the controls."""
    return [each.act if isinstance(each, kit.Button) else each.field for each in places.instrument.CONTROLS]


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _kind(value: object) -> str:
    return type(value).__name__


def _named(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)
