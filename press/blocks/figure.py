"""Figure: a picture with a number, a title and a caption that says what to notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import NotebookContext, PageContext, Render, Titled
from press.text.options import BlockSource, Options, require
from press.text.pictures import NoPicture, attachment, picture
from press.text.places import Mistake, Text
from press.text.values import Evaluate


@dataclass(frozen=True)
class Figure(Titled):
    """`file` is one of the chapter's pictures; `alt` says the same to those who cannot see it."""

    file: Text
    alt: Text
    caption: Text

    kind = "figure"
    label = "fig"
    words = "FIG"
    options = Options(required=("title", "file", "alt"))
    must_be_referred_to = True

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """The body is the caption."""
        caption = require(source.body, "this figure has no caption that says what to notice", source.place, mistakes)
        title, file, alt = (source.option(key) for key in ("title", "file", "alt"))
        return cls(source.place, source.name, title.source, file, alt, caption)

    def sentences(self) -> tuple[Text, ...]:
        """The caption."""
        return (self.caption,)

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The caption and the words for the picture."""
        return (self.caption.source, self.alt.source)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The picture at its size; nothing, and a mistake, where the file cannot be shown."""
        try:
            shown = picture(page.writer.pictures, self.file.source)
        except NoPicture as error:
            page.writer.mistakes.append(Mistake(self.file.place, str(error), error.hint))
            return Markup()
        page.writer.used_pictures.add(shown.file)
        return render(picture=shown)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The picture travels in the file."""
        return f"{head}\n\n![{self.alt.source}]({attachment(self.file.source)})\n\n{notebook.text(self.caption)}"
