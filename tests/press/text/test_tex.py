"""What the press leaves out of KaTeX's markup and style sheet changes nothing of what is seen or heard."""

from __future__ import annotations

import re
from pathlib import Path

from press.browser.bundles import PAIRS_OF_SIZES, bundle
from press.cache import Cache
from press.processes import node
from press.text.languages import catalogue
from press.text.tex import Typesetter

ROOT = Path(__file__).resolve().parents[3]
SHEET = ROOT / "node_modules" / "katex" / "dist" / "katex.css"
PAIR = re.compile(r"\.katex-sizing\.reset-size(\d+)\.size(\d+),[^{]*\{[^}]*font-size: ([\d.]+)em")


def number(name: str, style: str) -> float:
    found = re.search(rf"\.{name} \{{\s*--(?:from|to): ([\d.]+);", style)
    assert found
    return float(found[1])


def test_our_sizes_are_those_of_every_pair_left_out() -> None:
    style = (ROOT / "assets" / "css" / "tex.css").read_text(encoding="utf-8")
    pairs = PAIR.findall(SHEET.read_text(encoding="utf-8"))
    assert len(pairs) == 121
    for start, end, size in pairs:
        assert abs(number(f"size{end}", style) / number(f"reset-size{start}", style) - float(size)) < 1e-9


def test_the_pairs_are_left_out_of_what_readers_fetch() -> None:
    made = bundle(ROOT, "en", catalogue.english().table)
    style = made.files[made.css]
    text = style.decode() if isinstance(style, bytes) else style.read_text(encoding="utf-8")
    assert PAIRS_OF_SIZES.search(text) is None
    assert ".katex .katex-sizing.reset" not in text
    assert "var(--to)" in text


def test_mathml_has_its_parts_and_no_copy_of_the_tex(tmp_path: Path) -> None:
    with Typesetter(node.executable(), ROOT / "press" / "text" / "tex.mjs", Cache(tmp_path, "tex")) as typesetter:
        html = typesetter.html(r"x_1 + \text{in}", display=False)
        table = typesetter.html(r"\begin{aligned} a &= b \end{aligned}", display=True)
    start = "<math><msub><mi>x</mi><mn>1</mn></msub><mo>+</mo><mtext>in</mtext></math>"
    assert start in html
    assert "<mtable" in table
    assert re.findall("annotation|semantics|xmlns", html + table) == []
    assert table.count("<mrow>") == table.count("</mrow>")
