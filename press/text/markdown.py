"""Markdown -> HTML. The only file that knows Python-Markdown and pymdown-extensions.

Adds the four things an author may write inside a sentence: `$TeX$`, `{{ value }}`, `@kind:name` and pictures. Whatever
Markdown would pass through as literal text (an unpaired `$`, an unknown label, raw HTML) becomes a mistake instead.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from press.cache import Cache, Inputs
from press.text.labels import Label, Links, Target
from press.text.pictures import NoPicture, picture
from press.text.places import Mistake, Text
from press.text.suggestion import meant
from press.text.tex import TexError, Typesetter
from press.text.values import Evaluate, Names, ValueMistake

VALUE = r"\{\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\}"
DISPLAY = r"(?<!\\)\$\$((?:\\.|(?!\n\s*\n)[^$\\])+)\$\$"
MATH = r"(?<!\\)\$((?:\\.|(?!\n\s*\n)[^$\\])+)\$"
LABEL = r"@(?P<kind>[a-z]+):(?P<name>\w+(?:[-/]\w+)*)"
PAIRED = "|".join((r"(?s:```.*?```)", r"`(?:(?!\n\s*\n)[^`])*`", DISPLAY, MATH, VALUE, r"\\."))
PARTNERS = r"(\*\*|__|\*)(?=\S)(?:(?!\n\s*\n)[\s\S])+?(?<=\S)\1|\[[^\]\n]*\]\([^)\s]*\)"
JOINER = "\u2060"  # no line ends between a formula and the punctuation that belongs to it
LEFTOVERS = {
    r"\$": ("a $ without a partner", r"write \$ for a dollar sign"),
    r"\{\{|\}\}": ("a {{ or }} without a partner", "a computed number is written {{ expression }}"),
    r"\*\*": ("** without a partner", r"write \*\* for two asterisks"),
    r"(?<![\S*])\*(?=\w)|(?<=\w)\*(?![\S*])": ("a * without a partner", r"write \* for an asterisk"),
    r"(?<!\w)__(?=\w)": ("__ without a partner", "names of code stand between backticks"),
    r"(?<!`)`(?!`)": ("a ` without a partner", r"write \` for a backtick"),
    r"@[a-z]+:(?!\w)": ("a label without a name", "write @eq:name"),
    r"@(?:[A-Z][A-Za-z]*| [a-z]+):(?=\w)": ("a label in capitals, or with a space", "write @eq:name"),
    r"\[\^\w+\]": ("footnotes are not known here", "say it in the text, or cite a work with @cite:key"),
    r"\{[#:][^}]*\}": ("a name in braces", "only a section's title and a cell have one"),
    r"\]\(|\]\[|\] \((?=https?:|@)": ("a link that is not complete", "write [words](https://…) or [words](@eq:name)"),
    r"</?[a-zA-Z!][^>]*>": ("raw HTML is not allowed", "write &lt; for a less-than sign"),
}
LEFTOVER = "|".join(f"({pattern})" for pattern in LEFTOVERS)
SUBHEADING = {"h2": "h3", "h3": "h4", "h4": "h5"}
FENCES = {"css_class": "code", "guess_lang": False, "auto_title": False}


def count_words(text: Text) -> int:
    """How many words a reader meets: a formula, a computed number or a label counts as one."""
    plain = re.sub(rf"{DISPLAY}|{MATH}|{VALUE}|{LABEL}", "word", text.source)
    return len(re.findall(r"\S*\w\S*", plain))


def formulas(source: str) -> Iterator[tuple[str, bool]]:
    """Every formula in a text, and whether it stands on a line of its own."""
    for match in re.finditer(PAIRED, source):
        if match[1] or match[2]:
            yield match[1] or match[2], bool(match[1])


def labels(source: str) -> list[Label]:
    """Every label in a text."""
    return [Label(*match) for match in re.findall(LABEL, source)]


Fields = Mapping[str, Collection[str]]
"""The settings of an instrument, and the values each may have; none named: any."""
PRODUCT = r"(?<=\w) × (?=\w)|(?<=[\d)]) · (?=[\d(])"
"""What no line may break: 3 × 3, 9 · 256."""
PASSING = re.compile(r"@pending:|@inst:[^)\s]*\?|!\[")
"""Marks of a text that rests on more than labels and citations; it is written every time."""
CITED = r'id="cite-([^"]+)-\d+"'


@dataclass
class Writer:
    """Renders one chapter's texts, in reading order, and gathers what went wrong and what was cited.

    `pictures` is the folder that picture files are looked up in; `fields` names the settings of each instrument, and
    the values of those that have only some. `cache` holds what texts became before, with the Python of this digest.
    """

    links: Links
    typesetter: Typesetter
    evaluate: Evaluate
    pictures: Path
    fields: Mapping[str, Fields]
    cache: Cache
    python: str
    mistakes: list[Mistake] = field(default_factory=list)
    citations: dict[str, list[str]] = field(default_factory=dict)
    used_pictures: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._text: Text
        extensions = ["tables", "smarty", "pymdownx.highlight", "pymdownx.superfences", "pymdownx.betterem"]
        configs: dict[str, dict[str, object]] = {
            "pymdownx.highlight": FENCES,
            "smarty": {"smart_dashes": False, "smart_ellipses": False},
        }
        self._markdown = Markdown(extensions=[*extensions, _Sentence(self)], extension_configs=configs)

    def markdown(self, text: Text) -> str:
        """The text as block-level HTML."""
        self._text = text
        if PASSING.search(text.source):
            return self._convert(text)
        inputs = self._inputs(text.source)
        found = self.cache.find(inputs)
        if found is not None:
            html = found.decode()
            for key in re.findall(CITED, html):
                self.cite(key)
            return html
        mistakes = len(self.mistakes)
        html = self._convert(text)
        if len(self.mistakes) == mistakes:
            self.cache.store(inputs, html.encode())
        return html

    def _inputs(self, source: str) -> Inputs:
        """What a text's HTML depends on: what its labels point at, and how often each work has been cited before."""
        targets = {str(label): self.links.find(label) for label in labels(source)}
        cited = {
            label.name: len(self.citations.get(label.name, ())) for label in labels(source) if label.kind == "cite"
        }
        return {"python": self.python, "source": source, "targets": repr(targets), "cited": repr(cited)}

    def _convert(self, text: Text) -> str:
        unbroken = re.sub(PRODUCT, lambda match: match[0].replace(" ", "\u00a0"), text.source)
        return self._markdown.reset().convert(unbroken)

    def inline(self, text: Text) -> str:
        """A text of one paragraph, without the paragraph around it."""
        html = self.markdown(text)
        if text and (html.count("<p>") != 1 or not html.startswith("<p>")):
            self.report("this must be a single line of text", text.source.split("\n")[0])
        return html.removeprefix("<p>").removesuffix("</p>")

    def value(self, text: Text, names: Names = ()) -> str:
        """The text with its computed numbers filled in, and no markup; `names` are further ones they may use."""
        self._text = text
        return re.sub(VALUE, lambda match: self.computed(match[1], match[0], names), text.source)

    def display(self, text: Text) -> str:
        """A TeX text typeset on its own line."""
        self._text = text
        return self.formula(text.source, text.source.split("\n")[0], display=True)

    def formula(self, tex: str, typed: str, *, display: bool = False) -> str:
        """TeX as markup; empty, and a mistake, where KaTeX refuses it."""
        try:
            return self.typesetter.html(tex, display=display)
        except TexError as error:
            self.report(f"bad TeX: {' '.join(str(error).split())}", typed)
            return ""

    def computed(self, source: str, typed: str, names: Names = ()) -> str:
        """The value of an expression as words."""
        try:
            return self.evaluate(source, names)
        except ValueMistake as mistake:
            self.report(str(mistake), typed, mistake.hint)
            return ""

    def target(self, kind: str, name: str, typed: str) -> Target | None:
        """What a label points at; None, and a mistake, where nothing has that name."""
        label = Label(kind, name)
        found = self.links.find(label)
        if found is None:
            what = f"unknown label “{label}”" if kind in self.links.kinds else f"unknown kind of label “{kind}”"
            self.report("unknown citation " + f"“{name}”" if kind == "cite" else what, typed, self.links.suggest(label))
        return found

    def cite(self, key: str) -> str:
        """Notes one more citation of a work and returns the anchor to come back to."""
        anchors = self.citations.setdefault(key, [])
        anchors.append(f"cite-{key}-{len(anchors) + 1}")
        return anchors[-1]

    def report(self, what: str, typed: str, hint: str = "") -> None:
        """A mistake at every line of the current text that holds what was typed."""
        longest = max(typed.split("\n"), key=len)
        self._report_at(re.compile(re.escape(longest) + r"(?![\w-])"), self._text.source, what, hint)

    def report_leftover(self, pattern: str) -> None:
        """A mistake at every line where a mark is left once code, formulas, values and what has a partner are out."""
        bare = _without(PAIRED, self._text.source)
        alone = _without(PARTNERS, bare)
        self._report_at(re.compile(pattern), alone if re.search(pattern, alone) else bare, *LEFTOVERS[pattern])

    def _report_at(self, mark: re.Pattern[str], source: str, what: str, hint: str) -> None:
        offsets = [n for n, line in enumerate(source.split("\n")) if mark.search(line)]
        blank = len(source) - len(source.lstrip("\n"))
        self.mistakes += [Mistake(self._text.place.below(n), what, hint) for n in offsets or [blank]]


def _without(pattern: str, source: str) -> str:
    """The source with matches taken out and its lines where they were."""
    return re.sub(pattern, lambda match: "\n" * match[0].count("\n"), source)


class _Sentence(Extension):
    """Puts our inline syntax into a Markdown instance and takes raw HTML out of it."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self._writer = writer

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.ESCAPED_CHARS.extend("$@")
        md.inlinePatterns.register(_Value(VALUE, md, self._writer), "value", 188)
        md.inlinePatterns.register(_Math(DISPLAY, md, self._writer, display=True), "display", 187.5)
        md.inlinePatterns.register(_Math(MATH, md, self._writer), "math", 187)
        md.inlinePatterns.register(_Reference(LABEL, md, self._writer), "label", 150)
        md.inlinePatterns.register(_Leftover(LEFTOVER, md, self._writer), "leftover", 1)
        md.treeprocessors.register(_Links(md, self._writer), "links", 5)


class _Ours(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, writer: Writer) -> None:
        super().__init__(pattern, md)
        self.writer = writer


Found = tuple[etree.Element | str | None, int, int]


class _Value(_Ours):
    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        return self.writer.computed(m[1], m[0]), m.start(), m.end()


class _Math(_Ours):
    def __init__(self, pattern: str, md: Markdown, writer: Writer, *, display: bool = False) -> None:
        super().__init__(pattern, md, writer)
        self._display = display

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        html = self.writer.formula(m[1], m[0], display=self._display)
        before, after = data[m.start() - 1 : m.start()], data[m.end() : m.end() + 1]
        tied = f"{JOINER if before == '(' else ''}{html}{JOINER if after in tuple('.,;:!?)') else ''}"
        return self.md.htmlStash.store(tied), m.start(), m.end()


class _Reference(_Ours):
    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        if m["kind"] == "pending" and m["name"] in self.writer.links.pending:
            element = etree.Element("span", {"class": "pending", "title": "Not yet published"})
            element.text = AtomicString(self.writer.links.pending[m["name"]])
            return element, m.start(), m.end()
        element = etree.Element("a", {"href": m[0]})
        target = self.writer.links.find(Label(m["kind"], m["name"]))
        element.text = AtomicString(target.words if target else m[0])
        return element, m.start(), m.end()


class _Leftover(_Ours):
    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        assert m.lastindex
        self.writer.report_leftover(list(LEFTOVERS)[m.lastindex - 1])
        return "", m.start(), m.end()


class _Links(Treeprocessor):
    """Resolves every link and picture of the finished tree, and sets sub-headings one level lower."""

    def __init__(self, md: Markdown, writer: Writer) -> None:
        super().__init__(md)
        self._writer = writer

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            if element.tag == "a":
                self._link(element)
            elif element.tag == "img":
                self._picture(element)
            elif element.tag == "h1":
                self._writer.report("a section has one title, at its top", "#", "use ## for a sub-heading")
            elif element.tag in SUBHEADING:
                element.tag = SUBHEADING[element.tag]

    def _link(self, element: etree.Element) -> None:
        href = element.get("href", "")
        label = re.fullmatch(rf"{LABEL}(?:\?(?P<settings>.*))?", href)
        if label:
            if self._label(element, label):
                self._settings(element, label)
        elif (
            urlsplit(href).scheme not in ("https", "http", "mailto") or not urlsplit(href).path + urlsplit(href).netloc
        ):
            hint = "write https://… for another site, @kind:name for a place in the book"
            self._writer.report(f"a link to “{href}” leads nowhere", href, hint)

    def _label(self, element: etree.Element, label: re.Match[str]) -> bool:
        """Makes the element lead to its target; False, and plain words, where there is none in this edition."""
        target = self._writer.target(label["kind"], label["name"], label[0])
        if target is None:
            return True
        if not target.anchor:
            element.tag, element.attrib = "span", {"class": "pending", "title": "Not in this edition"}
            return False
        element.set("href", self._writer.links.href(target))
        if label["kind"] == "cite":
            element.set("class", "cite")
            element.set("id", self._writer.cite(label["name"]))
        else:
            element.set("class", f"label label-{label['kind']}")
        return True

    def _settings(self, element: etree.Element, label: re.Match[str]) -> None:
        """`[words](@inst:name?field=value&…)` also puts the instrument into a state."""
        fields = self._writer.fields.get(label["name"], {})
        settings = dict(parse_qsl(label["settings"] or "", keep_blank_values=True))
        thing = f"“{label['kind']}:{label['name']}”"
        for name, value in settings.items():
            if name not in fields:
                self._writer.report(f"{thing} has no setting “{name}”", label[0], meant(name, fields))
            elif fields[name] and value not in fields[name]:
                self._writer.report(f"{thing} has no {name} “{value}”", label[0], meant(value, fields[name]))
        if settings:
            element.set("data-instrument-link", f"{label['kind']}-{label['name']}")
            element.set("data-set", json.dumps(settings))

    def _picture(self, element: etree.Element) -> None:
        source = element.get("src", "")
        if not element.get("alt"):
            self._writer.report("this picture has no alternative text", source, "write ![what to notice](file)")
        try:
            found = picture(self._writer.pictures, source)
        except NoPicture as error:
            self._writer.report(str(error), source, error.hint)
            return
        self._writer.used_pictures.add(source)
        for name, value in (("src", found.address), ("width", found.width), ("height", found.height)):
            element.set(name, str(value))
