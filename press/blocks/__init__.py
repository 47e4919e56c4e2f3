"""The kinds of block. A module here that declares one is all that makes it known: nothing else lists kinds."""

from __future__ import annotations

import importlib
import pkgutil

from press.blocks.block import Block


def _kinds() -> dict[str, type[Block]]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Block) and hasattr(value, "kind"):
                found[value.kind] = value
    return found


KINDS = _kinds()
"""By the word that an author types."""
