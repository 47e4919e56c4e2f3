"""What libraries keep in C, where no name leads to it: asked for once they are imported, and set again after runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple


class Setting(NamedTuple):
    """How a module is asked for a setting, and how it is set to what it said."""

    get: Callable[[ModuleType], Any]
    put: Callable[[ModuleType, Any], object]


CONTEXTS = ("DefaultContext", "BasicContext", "ExtendedContext")
"""Where `decimal` takes the context of a thread from."""
FIELDS = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


def _contexts(decimal: ModuleType) -> list[tuple[list[Any], dict[Any, bool], dict[Any, bool]]]:
    contexts = [getattr(decimal, name) for name in CONTEXTS]
    return [([getattr(each, name) for name in FIELDS], dict(each.traps), dict(each.flags)) for each in contexts]


def _put_contexts(decimal: ModuleType, kept: list[tuple[list[Any], dict[Any, bool], dict[Any, bool]]]) -> None:
    for name, (values, traps, flags) in zip(CONTEXTS, kept, strict=True):
        context = getattr(decimal, name)
        for field, value in zip(FIELDS, values, strict=True):
            setattr(context, field, value)
        context.traps, context.flags = traps, flags


LIBRARY_SETTINGS: Mapping[str, Setting] = {
    "_csv": Setting(lambda csv: csv.field_size_limit(), lambda csv, most: csv.field_size_limit(most)),
    "decimal": Setting(_contexts, _put_contexts),
    "numpy.random": Setting(
        lambda numbers: numbers.get_bit_generator(), lambda numbers, bits: numbers.set_bit_generator(bits)
    ),
}
"""By the name of the module."""
