"""A book on another subject, in French: its own prefix, instrument, figures, works; chapters that name each other."""

from __future__ import annotations

import importlib
import re
import shutil
from pathlib import Path

import pytest

from instruments import kit
from press import site
from press.browser.bundles import Bundle
from press.checks import run

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "tests" / "tides" / "content"
BUNDLE = Bundle({}, "assets/main.css", "assets/main.js", "assets/theme.js", (), {})


@pytest.fixture(autouse=True)
def gauge(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("tests.tides.tide_gauge")
    monkeypatch.setattr(kit, "instruments", lambda: ("tide_gauge",))
    monkeypatch.setattr(kit, "load", lambda _: module)


@pytest.fixture
def pages() -> dict[str, str]:
    made = site.pages(ROOT, CONTENT, BUNDLE, {})
    return {name: page.decode() for name, page in made.items() if isinstance(page, bytes)}


def links(page: str) -> dict[str, str]:
    """What each link of a page leads to, by its words."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page)
    return {re.sub(r"<[^>]+>", "", words): href for href, words in found}


def test_numbers_carry_the_chapter_s_own_prefix(pages: dict[str, str]) -> None:
    shown = links(pages["tides/index.html"])
    assert shown["ÉQ W4.1"] == "#eq-height"
    assert shown["INSTRUMENT W4.1"] == "#inst-tide-gauge"
    assert shown["CELLULE 4.1"] == "#cell-high"
    assert shown["4.2"] == "#moon"
    assert shown["[1]"] == "#ref-newton1687"


FRENCH = """
/// callout | essai
title: C'est l'essai

Voir @note:essai ; « bien » : 5 % ! Et {{ 0.125 : .1% }} ou {{ 1500000.0 : .1e }} ? `a : b ; c`
///

/// exercise | echantillons
numbers: N = 1100, 2200
right: Oui.
right: {{ N }} !
wrong: Non.

Combien ? $N = {{ N }}$.

---

Oui : {{ N }}.
///

/// term | eau
title: échelle

Une @term:zone.
///

/// term | zone
title: zone

Une @term:eau.
///
"""


def test_french_is_set_with_its_spaces_numbers_and_order(tmp_path: Path) -> None:
    content = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    with (content / "tides" / "water.md").open("a", encoding="utf-8") as file:
        file.write(FRENCH)
    found = site.pages(ROOT, content, BUNDLE, {})["tides/index.html"]
    assert isinstance(found, bytes)
    page = found.decode()
    for text in (
        "C’est l’essai</a>\u202f; «\u00a0bien\u00a0»\u00a0: 5\u00a0%\u202f! Et 12,5\u00a0% ou 1,5e+06\u202f?",
        "<code>a : b ; c</code>",
        "Combien\u202f? <span",
        "Oui\u00a0: 1\u202f100.",
        "<strong>Oui.</strong> <strong>1\u202f100\u202f!</strong>",
    ):
        assert text in page, text
    assert re.findall(r'id="term-([a-z-]+)"', page) == ["amplitude", "eau", "zone"], "é stands beside e"


def test_chapters_refer_to_each_other(pages: dict[str, str]) -> None:
    tides, clocks = links(pages["tides/index.html"]), links(pages["clocks/index.html"])
    assert tides["§ 5.1"] == "../clocks/#clocks"
    assert tides["ÉQ W5.1"] == "../clocks/#eq-period"
    assert clocks["ÉQ W4.1"] == "../tides/#eq-height"
    assert clocks["le marégraphe"] == "../tides/#inst-tide-gauge"
    assert clocks["CELLULE 4.1"] == "../tides/#cell-high"
    assert clocks["amplitude"] == "../tides/#term-amplitude"
    assert tides["amplitude"] == "#term-amplitude"
    assert tides["4.T"] == "#terms"
    assert "5.T" not in clocks


def test_another_volume_is_named_and_no_link(pages: dict[str, str]) -> None:
    assert ">Vol. III · ÉQ 1.x</span>" in pages["tides/index.html"]
    assert "Vol. III · ÉQ 1.x" not in links(pages["tides/index.html"])


def test_figures_cells_and_instruments_are_its_own(pages: dict[str, str]) -> None:
    tides = pages["tides/index.html"]
    assert "s’écoulent 12,4 heures" in tides
    assert " 0.00 h\n12.42 h\n" in tides
    assert 'data-instrument="tide_gauge"' in tides
    assert "<dd>1</dd>" in tides
    assert 'data-answer="2"' in pages["clocks/index.html"]


def test_a_chapter_without_instruments_says_nothing_of_them(pages: dict[str, str]) -> None:
    assert "<dt>Instruments</dt>" in pages["tides/index.html"]
    assert "<dt>Instruments</dt>" not in pages["clocks/index.html"]


def test_it_speaks_french(pages: dict[str, str]) -> None:
    tides, clocks = pages["tides/index.html"], pages["clocks/index.html"]
    assert '<html lang="fr" data-base=' in tides
    assert "&laquo;\u202ftemps de\nl&rsquo;eau\u202f&raquo;" in tides
    assert "<dt>Prérequis</dt><dd>Les marées</dd>" in clocks
    assert 'aria-label="Sortie\u00a0: cellule 4.1"' in tides
    assert "Réponse\u00a0: <strong>2 h</strong>." in clocks
    assert "L’eau est à 1 m." in tides


def test_styles_and_fonts_are_asked_for_before_the_script_that_blocks(pages: dict[str, str]) -> None:
    blocks = pages["tides/index.html"].index("<script src=")
    assert 'rel="stylesheet"' in pages["tides/index.html"][:blocks]
    assert 'rel="preload"' not in pages["tides/index.html"][blocks:]


@pytest.mark.parametrize("name", ["index.html", "404.html", "tides/index.html", "clocks/index.html"])
def test_nothing_of_convolutional_networks_is_left(pages: dict[str, str], name: str) -> None:
    assert re.findall(r"(?i)\bcnns?\b|convol|kernel|\bN2\b|deep learning", pages[name]) == []


def test_the_check_finds_one_typed_figure_and_nothing_else() -> None:
    own_code = "a link to ../code/tide_gauge.html leads nowhere"  # the gauge stands in tests/, not in instruments/
    found = [str(mistake) for mistake in run.check(ROOT, CONTENT) if mistake.what != own_code]
    assert [line.partition(" is typed")[0] for line in found] == ["content/clocks/clocks.md:18: the figure 0,5"]
