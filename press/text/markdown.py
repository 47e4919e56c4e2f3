"""Markdown -> HTML. The only file that knows Python-Markdown and pymdown-extensions.

`scan.py` says what stands where. Here every sign gets a mark with its number, Python-Markdown makes blocks of the
marked text, and each mark becomes what it stands for. So whatever is wrong is told at the line where it was typed.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from html.entities import codepoint2name
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX, AtomicString, code_escape
from pygments.lexers import find_lexer_class_by_name, get_all_lexers
from pygments.util import ClassNotFound

from press.cache import Cache, Inputs
from press.text.foreign.fences import LANGUAGES
from press.text.foreign.formulas import DECIMAL_COMMA, INDEX, NUMBERED, REFUSED
from press.text.foreign.told import first
from press.text.labels import Label, Links, Target
from press.text.languages.words import Words
from press.text.pictures import NoPicture, picture
from press.text.places import Mistake, Text
from press.text.scanner.inline import PAIRED, VALUE, Token
from press.text.scanner.lines import Edit
from press.text.scanner.scan import COMPUTED, LEADS, Scan, blanked, edited, labels, scan
from press.text.suggestion import meant
from press.text.tex import TexError, Typesetter
from press.text.values import Evaluate, Names, ValueMistake

OPEN, CLOSE, WHOLE, END = "\ue000", "\ue001", "\ue002", "\ue003"
"""Marks: where a sign around words begins and ends, a sign that stands for itself, the end of a mark's number."""
MARK = re.compile(rf"([{OPEN}{CLOSE}{WHOLE}])(\d+){END}")
OURS = re.compile(rf"[{STX}{ETX}\ue000-\uf8ff]")
"""Characters that Python-Markdown and this file keep for themselves."""
JOINER = "\u2060"  # no line ends between a formula and the punctuation that belongs to it
PRODUCT = re.compile(r"(?<=\w) × (?=\w)|(?<=[\d)]) · (?=[\d(])")
"""What no line may break: 3 × 3, 9 · 256."""
SUBHEADING = {"h2": "h3", "h3": "h4", "h4": "h5"}
TAGS = {"link": "a", "emphasis": "em", "strong": "strong"}
FENCES = {"css_class": "code", "guess_lang": False, "auto_title": False}
INLINE = ("backtick", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref")
FOUND_ELSEWHERE = (*INLINE, "autolink", "automail", "html", "em_strong", "linebreak")
"""Patterns of Python-Markdown for what `scan.py` has found already."""
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
POSITION = re.compile(r"at position (\d+)")
SIGN = re.compile(r"(?<=\d)[.,](?=\d)")
SPOKEN = tuple(f"language.{name}" for name in ("opening_mark", "closing_mark", "decimal", "thousands"))
SPOKEN += ("site.left_out", "site.unpublished")
"""The page's own words that a text can bring in."""
CITED = r'id="cite-([^"]+)-\d+"'


class Span(NamedTuple):
    """The numbers that a setting can have."""

    low: float
    high: float

    def holds(self, value: str) -> bool:
        """Whether a text is one of them."""
        try:
            return self.low <= float(value) <= self.high
        except ValueError:
            return False


Fields = Mapping[str, Collection[str] | Span]
"""The settings of an instrument, and the values each may have; none named: any."""


@dataclass
class Writer:
    """Renders one chapter's texts, in reading order, and gathers what went wrong and what was cited.

    Of `words`, the page's own, it needs the language: quotation marks, the signs in numbers, what is not published.
    `pictures` is the folder that picture files are looked up in; `fields` names the settings of each instrument, and
    the values of those that have only some. `cache` holds what texts became before, with the Python of this digest.
    """

    links: Links
    words: Words
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
        self.text: Text
        self.scan: Scan
        self._spoken = json.dumps([self.words.name, *(self.words(name) for name in SPOKEN)])
        extensions = ["tables", "sane_lists", "smarty", "pymdownx.highlight", "pymdownx.superfences"]
        configs: dict[str, dict[str, object]] = {
            "pymdownx.highlight": FENCES,
            "pymdownx.superfences": {"disable_indented_code_blocks": True},
            "smarty": {"smart_dashes": False, "smart_ellipses": False, "substitutions": _quotes(self.words)},
        }
        ours = _Signs(self)
        self._markdown = Markdown(extensions=[*extensions, ours], extension_configs=configs)

    def markdown(self, text: Text) -> str:
        """The text as block-level HTML."""
        text = Text(text.place, OURS.sub("\ufffd", text.source))
        if ("@" in text.source or "![" in text.source) and _passing(scan(text.source)):
            return self._convert(text)
        inputs = self._inputs(text.source)
        kept = self.cache.find(inputs)
        if kept is not None:
            html = kept.decode()
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
        return {
            "python": self.python,
            "words": self._spoken,
            "source": source,
            "targets": repr(targets),
            "cited": repr(cited),
        }

    def _convert(self, text: Text) -> str:
        found = scan(text.source)
        self.text, self.scan = text, found
        self.mistakes += found.mistakes(text.place)
        for fence in found.fences:
            if fence.language and not _is_language(fence.language):
                known = (name for _, names, _, _ in get_all_lexers() for name in names)
                advice = first(LANGUAGES, fence.language.lower())
                hint = advice.hint if advice else meant(fence.language, known)
                self.report(fence.start, f"unknown language “{fence.language}”", hint)
        return self._markdown.reset().convert(_marked(found))

    def inline(self, text: Text) -> str:
        """A text of one paragraph, without the paragraph around it."""
        html = self.markdown(text)
        if text and (html.count("<p>") != 1 or not html.startswith("<p>")):
            self.mistakes.append(Mistake(text.place, "this must be a single line of text"))
        return html.removeprefix("<p>").removesuffix("</p>")

    def value(self, text: Text, names: Names = ()) -> str:
        """The text with its computed numbers filled in, and no markup; `names` are further ones they may use."""
        return self._filled(VALUE, text, names)

    def shown_value(self, text: Text, names: Names) -> str:
        """The same as it is shown to people, with the signs of their language between digits."""
        formulas = [token for token in scan(text.source).tokens if token.sort in ("formula", "display")]

        def shown(value: str, at: int) -> str:
            in_tex = any(token.start < at < token.end for token in formulas)
            return self._figures_in_tex(value) if in_tex else self.words.figures(value)

        return self._filled(VALUE, text, names, shown)

    def display(self, text: Text) -> str:
        """A TeX text typeset on its own line."""
        return self.formula(text, display=True)

    def formula(self, text: Text, *, display: bool = False) -> str:
        """TeX as markup; empty, and a mistake, where KaTeX refuses it."""
        tex = self._filled(COMPUTED, text, (), lambda value, _: self._figures_in_tex(value))
        slip = first(NUMBERED, tex)
        if slip is None and self.words("language.decimal") == ",":
            slip = first(DECIMAL_COMMA, re.sub(INDEX, "", tex))
        if slip:
            self.mistakes.append(Mistake(text.place, slip.what, slip.hint))
            return ""
        try:
            return self.typesetter.html(tex, display=display)
        except TexError as error:
            words = " ".join(str(error).split())
            at = POSITION.search(words)
            start = len(tex) - len(tex.lstrip()) if at is None else min(int(at[1]) - 1, len(tex))
            advice = first(REFUSED, words)
            place = text.place.below(tex.count("\n", 0, start))
            self.mistakes.append(Mistake(place, f"bad TeX: {words}", advice.hint if advice else ""))
            return ""

    def computed(self, text: Text, names: Names = ()) -> str:
        """The value of an expression as words."""
        try:
            return self.evaluate(text.source.replace("\n", " "), names)
        except ValueMistake as mistake:
            self.mistakes.append(Mistake(text.place, str(mistake), mistake.hint))
            return ""

    def _figures_in_tex(self, text: str) -> str:
        """Numbers of other languages than English; their signs are no punctuation in a formula."""
        shown = self.words.figures(text)
        return text if shown == text else SIGN.sub(r"{\g<0>}", shown).replace("\u202f", r"\,")

    def _filled(
        self,
        pattern: re.Pattern[str],
        text: Text,
        names: Names = (),
        shown: Callable[[str, int], str] = lambda value, _: value,
    ) -> str:
        """The text with the values computed that a pattern finds, each as `shown` has it at its place."""

        def computed(match: re.Match[str]) -> str:
            place = text.place.below(text.source.count("\n", 0, match.start()))
            return shown(self.computed(Text(place, match[1]), names), match.start())

        return pattern.sub(computed, text.source)

    def target(self, label: Label, at: int) -> Target | None:
        """What a label points at; None, and a mistake at an offset, where nothing has that name."""
        found = self.links.find(label)
        if found is None:
            what = f"label “{label}”" if label.kind in self.links.kinds else f"kind of label “{label.kind}”"
            what = f"citation “{label.name}”" if label.kind == "cite" else what
            self.report(at, f"unknown {what}", self.links.suggest(label))
        return found

    def cite(self, key: str) -> str:
        """Notes one more citation of a work and returns the anchor to come back to."""
        anchors = self.citations.setdefault(key, [])
        anchors.append(f"cite-{key}-{len(anchors) + 1}")
        return anchors[-1]

    def report(self, at: int, what: str, hint: str = "") -> None:
        """A mistake at an offset of the text that is being written."""
        self.mistakes.append(Mistake(self.text.place.below(self.scan.line(at)), what, hint))


def _quotes(words: Words) -> dict[str, str]:
    """What straight quotation marks become; a straight apostrophe is one in all languages."""
    marks = ("left-double-quote", "opening_mark"), ("right-double-quote", "closing_mark")
    return {ours: "".join(map(_entity, words(f"language.{mark}"))) for ours, mark in marks}


def _entity(sign: str) -> str:
    return f"&{codepoint2name[ord(sign)]};" if ord(sign) in codepoint2name else sign


def _passing(found: Scan) -> bool:
    """Whether a text rests on more than labels and citations; such a one is written every time."""
    return any(
        token.sort == "picture" or token.target.startswith(("pending:", "@pending:")) or "?" in token.target
        for token in found.tokens
    )


def _is_language(name: str) -> bool:
    try:
        find_lexer_class_by_name(name)
    except ClassNotFound:
        return False
    return True


def _marked(found: Scan) -> str:
    """The text as Python-Markdown gets it: blocks in its own spelling, a mark for every sign."""
    edits = list(found.edits)
    for n, token in enumerate(found.tokens):
        if token.sort in PAIRED:
            edits.append(Edit(token.start, token.inner_start, f"{OPEN}{n}{END}"))
            edits.append(Edit(token.inner_end, token.end, f"{CLOSE}{n}{END}"))
        else:
            edits.append(Edit(token.start, token.end, f"{WHOLE}{n}{END}"))
    if "×" in found.source or "·" in found.source:
        products = PRODUCT.finditer(blanked(found.source))
        edits += [Edit(each.start(), each.end(), each[0].replace(" ", "\u00a0")) for each in products]
    return edited(found.source, edits)


class _Signs(Extension):
    """Takes out of a Markdown instance what the scan has found already, and puts the signs in place of their marks."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self._writer = writer

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.deregister("html_block")
        md.parser.blockprocessors.deregister("reference")
        for name in FOUND_ELSEWHERE:
            md.inlinePatterns.deregister(name)
        md.ESCAPED_CHARS[:] = list(PUNCTUATION)
        md.treeprocessors.register(_Placed(md, self._writer), "signs", 25)
        md.treeprocessors.register(_Spaced(md, self._writer.words), "spaces", 15)  # of what inline patterns have made


class _Spaced(Treeprocessor):
    """Sets the language's spaces at marks, everywhere but in code."""

    def __init__(self, md: Markdown, words: Words) -> None:
        super().__init__(md)
        self._words = words

    def run(self, root: etree.Element) -> None:
        if root.tag not in ("code", "pre"):
            root.text = self._words.spaced(root.text or "")
            for child in root:
                self.run(child)
                child.tail = self._words.spaced(child.tail or "")


class _Placed(Treeprocessor):
    """Puts elements in place of marks, in reading order, and sets sub-headings one level lower."""

    def __init__(self, md: Markdown, writer: Writer) -> None:
        super().__init__(md)
        self._writer = writer

    def run(self, root: etree.Element) -> None:
        for element in list(root.iter()):
            element.tag = SUBHEADING.get(element.tag, element.tag)
            if element.text and MARK.search(element.text):
                self._place(element, element.text)

    def _place(self, element: etree.Element, text: str) -> None:
        """The text becomes the element's content."""
        writer = self._writer
        first, *parts = MARK.split(text)
        element.text = first
        open_: list[tuple[etree.Element, int]] = [(element, -1)]
        for kind, number, after in zip(parts[::3], map(int, parts[1::3]), parts[2::3], strict=True):
            token = writer.scan.tokens[number]
            if kind == WHOLE:
                self._whole(open_[-1][0], token)
            elif kind == OPEN:
                open_.append((etree.SubElement(open_[-1][0], TAGS[token.sort]), number))
                if token.sort == "link":
                    self._link(open_[-1][0], token)
            elif open_[-1][1] == number:
                open_.pop()
            else:
                writer.report(token.start, "this sign ends in another place of the text", "end it where it begins")
            _append(open_[-1][0], after)
        for _, number in open_[1:]:
            start = writer.scan.tokens[number].start
            writer.report(start, "this sign ends in another place of the text", "end it where it begins")

    def _whole(self, parent: etree.Element, token: Token) -> None:
        writer, inner = self._writer, self._writer.scan.inner(token)
        place = writer.text.place.below(writer.scan.line(token.inner_start))
        if token.sort == "value":
            _append(parent, _inert(writer.words.figures(writer.computed(Text(place, inner)))))
        elif token.sort in ("formula", "display"):
            _append(parent, self._formula(token, Text(place, inner)))
        elif token.sort == "code":
            etree.SubElement(parent, "code").text = AtomicString(code_escape(inner.strip()))
        elif token.sort == "label":
            self._label(parent, token)
        elif token.sort == "address":
            element = etree.SubElement(parent, "a")
            element.text = AtomicString(inner)
            mail = "@" in inner and not urlsplit(inner).scheme
            self._outside(element, token, f"mailto:{inner}" if mail else inner)
        else:
            self._picture(etree.SubElement(parent, "img"), token)

    def _formula(self, token: Token, tex: Text) -> str:
        html = self._writer.formula(tex, display=token.sort == "display")
        source = self._writer.text.source
        before, after = source[token.start - 1 : token.start], source[token.end : token.end + 1]
        tied = f"{JOINER if before == '(' else ''}{html}{JOINER if after in tuple('.,;:!?)') else ''}"
        return self.md.htmlStash.store(tied)

    def _label(self, parent: etree.Element, token: Token) -> None:
        label, writer = Label(*token.target.split(":", 1)), self._writer
        if label.kind == "pending" and label.name in writer.links.pending:
            element = etree.SubElement(parent, "span", {"class": "pending", "title": writer.words("site.unpublished")})
            element.text = AtomicString(writer.links.pending[label.name])
            return
        before, words = writer.scan.cited(token, target.words if (target := writer.links.find(label)) else f"@{label}")
        _append(parent, before)
        element = etree.SubElement(parent, "a")
        self._lead(element, token, label)
        element.text = AtomicString(words)

    def _link(self, element: etree.Element, token: Token) -> None:
        if token.title:
            element.set("title", token.title)
        label = LEADS.fullmatch(token.target)
        if label is None:
            self._outside(element, token, token.target)
        elif (target := self._lead(element, token, Label(label["kind"], label["name"]))) and target.anchor:
            self._settings(element, token, label)

    def _outside(self, element: etree.Element, token: Token, href: str) -> None:
        """Makes the element lead to another site."""
        parts = urlsplit(href) if _is_address(href) else urlsplit("")
        if parts.scheme not in ("https", "http", "mailto") or not parts.path + parts.netloc:
            hint = "write https://… for another site, @kind:name for a place in the book"
            self._writer.report(token.start, f"a link to “{href}” leads nowhere", hint)
        element.set("href", href)

    def _lead(self, element: etree.Element, token: Token, label: Label) -> Target | None:
        """Makes the element lead to a label's target; it becomes plain words where there is none in this edition."""
        target = self._writer.target(label, token.start)
        if target is None:
            return None
        if not target.anchor:
            element.tag, element.attrib = "span", {"class": "pending", "title": self._writer.words("site.left_out")}
            return target
        element.set("href", self._writer.links.href(target))
        if label.kind == "cite":
            element.set("class", "cite")
            element.set("id", self._writer.cite(label.name))
        else:
            element.set("class", f"label label-{label.kind}")
        return target

    def _settings(self, element: etree.Element, token: Token, label: re.Match[str]) -> None:
        """`[words](@inst:name?field=value&…)` also puts the instrument into a state."""
        fields = self._writer.fields.get(label["name"], {})
        settings = dict(parse_qsl(label["settings"] or "", keep_blank_values=True))
        thing = f"“{label['kind']}:{label['name']}”"
        for name, value in settings.items():
            if name not in fields:
                self._writer.report(token.start, f"{thing} has no setting “{name}”", meant(name, fields))
                continue
            known = fields[name]
            what = f"{thing} has no {name} “{value}”"
            if isinstance(known, Span):
                if not known.holds(value):
                    self._writer.report(token.start, what, f"it goes from {known.low:g} to {known.high:g}")
            elif known and value not in known:
                self._writer.report(token.start, what, meant(value, known))
        if settings:
            element.set("data-instrument-link", f"{label['kind']}-{label['name']}")
            element.set("data-set", json.dumps(settings))

    def _picture(self, element: etree.Element, token: Token) -> None:
        alt = re.sub(r"\\([^\w\s])", r"\1", self._writer.scan.inner(token))
        if not alt.strip():
            self._writer.report(token.start, "this picture has no alternative text", "write ![what to notice](file)")
        try:
            found = picture(self._writer.pictures, token.target)
        except NoPicture as error:
            self._writer.report(token.start, str(error), error.hint)
            return
        self._writer.used_pictures.add(found.file)
        element.set("alt", alt)
        for name, value in (("src", found.address), ("width", found.width), ("height", found.height)):
            element.set(name, str(value))
        if token.title:
            element.set("title", token.title)


def _is_address(href: str) -> bool:
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True


def _append(parent: etree.Element, text: str) -> None:
    """Text at the end of an element."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _inert(words: str) -> str:
    """Words that Python-Markdown shows as they are."""
    words = " ".join(OURS.sub("\ufffd", words).splitlines())
    return words.replace("&", f"{STX}38{ETX}amp;").replace("\\", f"{STX}92{ETX}")
