"""Question: a guess that a reader commits to before seeing what happens; kept, never scored. After: what it opens.

It is answered by one of a few choices or by a number, and each answer has its own reply. A cell's output may stand
behind it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from press.blocks.block import Block, NotebookContext, PageContext, Render
from press.blocks.exercises.answers import NUMBER as READABLE
from press.blocks.prose import Prose
from press.text.labels import Label, Links
from press.text.options import BlockSource, Options, require
from press.text.places import Mistake, Text
from press.text.values import Evaluate

FEWEST, MOST = 2, 4
NUMBER = ("answer", "near", "low", "close", "high")
"""What a question has that a number answers."""


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from, and what is said to whoever chooses it."""

    words: Text
    reply: Text
    right: bool


@dataclass(frozen=True)
class Number:
    """The number, how far from it still counts as close, and what is said to a guess below, near and above it."""

    answer: Text
    near: Text
    unit: str
    low: Text
    close: Text
    high: Text


@dataclass(frozen=True)
class Question(Block):
    """Either `choices`, exactly one of them right, or a `number`."""

    prompt: Text
    choices: tuple[Choice, ...]
    number: Number | None

    kind = "question"
    label = "q"
    numbered = True
    options = Options(optional=(*NUMBER, "unit"), repeated=("choice", "right", "reply"))

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """The body is the prompt."""
        prompt = require(source.body, "this question asks nothing", source.place, mistakes)
        choices = tuple(_choices(source, mistakes))
        number = _number(source, mistakes) if any(map(source.option, NUMBER)) else None
        if number and choices:
            hint = "leave out the choices, or what belongs to a number"
            mistakes.append(Mistake(source.place, "this question is answered by choices and by a number", hint))
        elif not number:
            mistakes += _wrong(choices, source)
        return cls(source.place, source.name, prompt, choices, number)

    def sentences(self) -> tuple[Text, ...]:
        """The prompt, the choices and all replies."""
        number = (self.number.low, self.number.close, self.number.high) if self.number else ()
        return (self.prompt, *(text for choice in self.choices for text in (choice.words, choice.reply)), *number)

    def searched(self, evaluate: Evaluate) -> tuple[str, ...]:
        """The prompt; replies would tell."""
        return (self.prompt.source,)

    def html(self, page: PageContext, render: Render) -> Markup:
        """The prompt, and each answer with its reply folded away."""
        if self.number is None:
            return render(answer="", near="")
        answer, near = (_computed(text, page) for text in (self.number.answer, self.number.near))
        return render(answer=answer, near=near)

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The prompt, and each answer folded around its reply."""
        folds = [_folded(notebook, notebook.text(each.words), each.reply) for each in self.choices]
        if self.number:
            words = notebook.words
            answer = f"{notebook.text(self.number.answer)} {self.number.unit}".strip()
            told = (words("question.it_is", answer=answer), *_sided(notebook, self.number))
            folds = ["\n\n".join((f"<details><summary>{words('question.show')}</summary>", *told, "</details>"))]
        return "\n\n".join((head, notebook.text(self.prompt), *folds))


def _sided(notebook: NotebookContext, number: Number) -> Iterator[str]:
    for side, reply in (("lower", number.low), ("close", number.close), ("higher", number.high)):
        yield f"{notebook.words(f'question.{side}')} {notebook.text(reply)}"


def _folded(notebook: NotebookContext, words: str, reply: Text) -> str:
    return f"<details><summary>{words}</summary>\n\n{notebook.text(reply)}\n\n</details>"


def _choices(source: BlockSource, mistakes: list[Mistake]) -> Iterator[Choice]:
    """Each choice with the reply on the line below it."""
    rights = source.all("right")
    replies = {reply.place.line: reply for reply in source.all("reply")}
    for words in sorted((*source.all("choice"), *rights), key=lambda text: text.place.line):
        reply = replies.pop(words.place.line + 1, Text(words.place, ""))
        require(reply, "this choice has no reply; write it on the next line, reply: …", words.place, mistakes)
        yield Choice(words, reply, words in rights)
    hint = "write choice: … or right: … above it"
    mistakes += [Mistake(reply.place, "this reply follows no choice", hint) for reply in replies.values()]


def _wrong(choices: tuple[Choice, ...], source: BlockSource) -> Iterator[Mistake]:
    if not FEWEST <= len(choices) <= MOST:
        hint = "write lines choice: … and one right: …, each with its reply: …; or answer: … for a number"
        yield Mistake(source.place, f"this question has {len(choices)} choices, not {FEWEST} to {MOST}", hint)
    elif (rights := sum(choice.right for choice in choices)) != 1:
        yield Mistake(source.place, f"{rights} choices of this question are right", "write one of them as right: …")


def _number(source: BlockSource, mistakes: list[Mistake]) -> Number:
    for key in NUMBER:
        what = f"this question is answered by a number and has no {key}"
        require(source.option(key), what, source.place, mistakes)
    answer, near, low, close, high = map(source.option, NUMBER)
    return Number(answer, near, source.option("unit").source, low, close, high)


def _computed(text: Text, page: PageContext) -> str:
    """A number as the page's script reads it; a mistake where it is none."""
    shown = page.writer.value(text).strip()
    if text and not READABLE.fullmatch(shown):
        page.writer.mistakes.append(Mistake(text.place, f"“{shown}” is not a number"))
    return shown.replace(",", "")


def asked(after: Text, links: Links, mistakes: list[Mistake]) -> str:
    """What the question is called behind which something stands; a mistake where there is none of this name."""
    label = Label("q", after.source)
    target = links.find(label)
    if target is None or target.folder != links.folder:
        mistakes.append(Mistake(after.place, f"there is no question “{after.source}”", links.suggest(label)))
    return target.words if target else ""


@dataclass(frozen=True)
class After(Prose):
    """Prose behind a question of this chapter."""

    question: Text

    kind = "after"
    typed = "slashes"
    options = Options()

    @classmethod
    def read(cls, source: BlockSource, mistakes: list[Mistake]) -> Self:
        """Its name is that of the question."""
        body = require(source.body, "nothing stands in this block", source.place, mistakes)
        return cls(source.place, "", body, Text(source.place, source.name))

    def html(self, page: PageContext, render: Render) -> Markup:
        """The text, folded."""
        return render(asked=asked(self.question, page.writer.links, page.writer.mistakes))

    def notebook(self, head: str, notebook: NotebookContext) -> str:
        """The text, folded."""
        return _folded(notebook, notebook.words("question.answer"), self.text)
