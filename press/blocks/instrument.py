"""Instrument: a picture that the reader moves, drawn by a Python file in `instruments/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from instruments import kit
from press.blocks.block import NotebookContext, PageContext, Render, Titled
from press.text.options import BlockSource, Options
from press.text.places import Mistake, Text

SEED = "seed"
"""The field of a state that decides everything random; an edition may fix it."""


@dataclass(frozen=True)
class Instrument(Titled):
    """Short facts and states to try above the picture, and the text below it."""

    chips: tuple[Text, ...]
    tries: tuple[Text, ...]
    caption: Text

    kind = "instrument"
    label = "inst"
    numbered = True
    book_wide = True
    options = Options(required=("title",), optional=("chips", "try"))
    must_be_referred_to = True
    minutes = 2.0

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """Chips and states to try are separated by dots in the middle."""
        chips, tries = (_parts(source.option(name)) for name in ("chips", "try"))
        return cls(source.place, source.name, source.option("title").source, chips, tries, source.body)

    @classmethod
    def unnumbered(cls, name: Text) -> Self:
        """The instrument of a name, as a chapter opens with it: without title, facts and text."""
        return cls(name.place, name.source, "", (), (), Text(name.place, ""))

    @property
    def module(self) -> str:
        """The name as Python spells it."""
        return self.name.replace("-", "_")

    def headings(self) -> tuple[Text, ...]:
        """The title, the chips and what to try."""
        return (*super().headings(), *self.chips, *self.tries)

    def sentences(self) -> tuple[Text, ...]:
        """The text below."""
        return (self.caption,)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The first picture and the controls, without one for a seed that is fixed; nothing where there is none."""
        if self.module not in page.instruments:
            return Markup()
        module, view = page.instruments[self.module], page.views[self.module]
        controls = [each for each in module.CONTROLS if page.seed is None or getattr(each, "field", "") != SEED]
        state = json.dumps(view["state"], ensure_ascii=False)
        phone = {each.field: each.on_phones for each in controls if isinstance(each, kit.Choice) and each.on_phones}
        phone_json = json.dumps(phone) if phone else ""
        return render(view=view, controls=controls, regions=module.REGIONS, state_json=state, phone_json=phone_json)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """A pointer to the page, and the text."""
        return f"{head}\n\n*{notebook.words('notebook.moved')}* {notebook.text(self.caption)}"


def _parts(option: Text) -> tuple[Text, ...]:
    return tuple(Text(option.place, part.strip()) for part in option.source.split("·") if part.strip())
