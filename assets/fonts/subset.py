"""Cut the page's text faces down to what the page uses: Inter roman and italic, JetBrains Mono.

Run by hand, only when a face or the set of characters changes; its results are committed next to it.
Not part of the build and without a place in its locks; in a scratch folder:

    npm pack inter-ui@4.1.1 jetbrains-mono@1.0.6 && for f in *.tgz; do mkdir ${f%.tgz} && tar xzf $f -C ${f%.tgz}; done
    python3 -m venv venv && venv/bin/pip install fonttools==4.68.0 brotli==1.2.1
    venv/bin/python …/assets/fonts/subset.py inter-ui-4.1.1/package jetbrains-mono-1.0.6/package

Both faces come under the SIL Open Font License 1.1 without a reserved font name, so a subset may keep the name
(texts: Inter-LICENSE.txt, JetBrainsMono-LICENSE.txt). KaTeX's fonts are not touched: they are bundled as published.
The metrics printed at the end go into the fallback faces of css/fonts.css.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
NAMES = "ĀāĂăĆćČčĐđĒēĖėĘęĚěĞğĪīİıŁłŃńŇňŌōŐőŒœŘřŚśŞşŠšŪūŮůŰűŹźŻżŽžȘșȚț"
MARKS = "‐‑–—‘’‚“”„•…′″‹›⁄№™"
MATHS = "ΔΣΩαβγδεθλμπρσφω∂∈∏∑−√∞∩≈≠≡≤≥⌈⌉⌊⌋"
SIGNS = "←↑→↓↔↗↘↵⇧⌘■□▲▶▼◀●○✓✗"
TEXT = [*LATIN, *map(ord, NAMES + MARKS + MATHS + SIGNS)]
PLAIN = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "case", "tnum", "ss03", "cv05"]


def at(font: TTFont, place: dict[str, float | tuple[float, float]]) -> TTFont:
    """The variable font cut to a place or range of its axes, written and read once so that its tables agree again."""
    file = BytesIO()
    instancer.instantiateVariableFont(font, place).save(file)
    return TTFont(file)


def roman(inter: Path) -> TTFont:
    """Inter upright, weights 400 to 700; the optical size stays at 14, that of text."""
    return at(TTFont(inter / "variable/InterVariable.woff2"), {"wght": (400, 700), "opsz": 14})


def italic(inter: Path) -> TTFont:
    """Inter italic at weight 400: emphasis in running text, nothing else."""
    return at(TTFont(inter / "variable/InterVariable-Italic.woff2"), {"wght": 400, "opsz": 14})


def mono(jetbrains: Path) -> TTFont:
    """JetBrains Mono at weight 400, for code, labels and figures."""
    return TTFont(jetbrains / "fonts/webfonts/JetBrainsMono-Regular.woff2")


def cut(font: TTFont, characters: list[int], features: list[str]) -> TTFont:
    """Keep the characters, the layout features named, and nothing for hinting."""
    options = subset.Options(layout_features=features, hinting=False, desubroutinize=True, notdef_outline=True)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return font


def metrics(font: TTFont) -> str:
    """Ascent and descent in per cent of the em, and the mean width of lower-case English text in em."""
    em, hhea, widths, cmap = font["head"].unitsPerEm, font["hhea"], font["hmtx"], font.getBestCmap()
    sample = "the quick brown fox jumps over the lazy dog and every kernel sees one small window of the image "
    mean = sum(widths[cmap[ord(letter)]][0] for letter in sample) / len(sample) / em
    ascent, descent, gap = hhea.ascent / em, -hhea.descent / em, hhea.lineGap / em
    return f"ascent {ascent:.2%} descent {descent:.2%} gap {gap:.2%} mean width {mean:.4f} em"


def write(font: TTFont, name: str) -> None:
    """Write the font as woff2 beside this file, and print its measures."""
    font.flavor = "woff2"
    path = HERE / f"{name}.woff2"
    font.save(path)
    print(f"{path.name}: {path.stat().st_size:,} bytes, {len(font.getBestCmap())} characters, {metrics(font)}")


def main() -> None:
    """Subset the two families; their source files are the program's two arguments."""
    inter, jetbrains = map(Path, sys.argv[1:3])
    write(cut(roman(inter), TEXT, PLAIN), "Inter-roman")
    write(
        cut(italic(inter), [*LATIN, *map(ord, MARKS)], ["kern", "mark", "ccmp", "locl", "calt", "case"]), "Inter-italic"
    )
    write(cut(mono(jetbrains), TEXT, ["mark", "ccmp", "zero"]), "JetBrainsMono-regular")


if __name__ == "__main__":
    main()
