"""What cells show besides text: their order, IPython's protocol, matplotlib's figures, limits, and fresh starts."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree

import pytest

from press.browser.pyodide_files import browser_runtime
from press.execution.imports import plots
from press.processes import node
from runtime.python import host, output
from runtime.python.figures.style import RC, SHADES
from runtime.python.figures.themes import ROLES, by_day
from runtime.python.output import Parts
from runtime.python.pictures import Picture

ROOT = Path(__file__).resolve().parents[2]
PNG = base64.b64encode(bytes.fromhex("89504e470d0a1a0a0000000d4948445200000007000000050802000000")).decode()
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='2in' height='30'/>"


@pytest.fixture(autouse=True, scope="module")
def matplotlib() -> None:
    host.plot()


def run(code: str) -> host.Result:
    return host.run([("cell 1", textwrap.dedent(code))])


def parts(code: str) -> Parts:
    result = run(f"import numpy as np\nimport matplotlib.pyplot as plt\n{textwrap.dedent(code)}")
    assert result.error is None, result.error
    return result.parts


def figures(code: str) -> list[Picture]:
    return [part for part in parts(code) if isinstance(part, Picture)]


def kinds(code: str) -> list[str]:
    return [part if isinstance(part, str) else part.kind for part in parts(code)]


def test_text_and_pictures_come_in_their_order() -> None:
    code = """
        print("one")
        plt.plot([1, 2]); plt.show()
        print("two")
        plt.plot([2, 1])
    """
    assert kinds(code) == ["one\n", "svg", "two\n", "svg"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("fig, ax = plt.subplots()\nax.plot([1, 2])\nfig", ["svg"]),
        ("fig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()\nfig", ["svg", "svg"]),
        ("fig, ax = plt.subplots()\ndisplay(fig)", ["svg"]),
        ("fig, ax = plt.subplots()\nfig.show()", ["svg"]),
        ("plt.plot([1, 2])\nplt.close()", []),
        ("plt.plot([1, 2])", ["svg"]),
        ("plt.hist([1, 2, 2])", ["svg"]),
        ("plt.subplots(2, 2)", ["svg"]),
        ("plt.plot([1, 2])\n5", ["5\n", "svg"]),
        ("from matplotlib.figure import Figure\nfigure = Figure()\nfigure.subplots().plot([1, 2])\nfigure", ["svg"]),
        ("import matplotlib\nmatplotlib.use('Agg')\nplt.plot([1, 2])", ["svg"]),
        ("plt.ion()\nplt.ioff()\nplt.plot([1, 2])", ["svg"]),
    ],
)
def test_a_figure_appears_once(code: str, expected: list[str]) -> None:
    assert kinds(code) == expected


def test_a_rerun_begins_without_figures_and_settings_of_the_last() -> None:
    first = parts("plt.plot([1, 2])")
    head = "import matplotlib.pyplot as plt\n"
    run(f"{head}plt.rcParams['lines.linewidth'] = 9\nplt.figure()\nplt.style.use('ggplot')\n1 / 0")
    assert parts("plt.plot([1, 2])") == first


def test_figures_of_needed_cells_stay_unseen() -> None:
    cells = [
        ("cell 1", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('unseen')"),
        ("cell 2", "plt.plot([3, 4])"),
    ]
    assert [type(part) for part in host.run(cells).parts] == [Picture]


def test_what_was_drawn_before_an_error_is_shown_with_it() -> None:
    result = run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\n1 / 0")
    assert result.error and result.error.kind == "ZeroDivisionError"
    assert [part.kind for part in result.parts if isinstance(part, Picture)] == ["svg"]


def test_a_figure_that_cannot_be_drawn_is_the_reader_s_error() -> None:
    result = run("import matplotlib.pyplot as plt\nplt.title('$\\\\frac{1$')")
    assert result.error and result.error.kind == "ValueError"


def test_a_figure_is_well_formed_and_holds_nothing_of_the_machine() -> None:
    (figure,) = figures("plt.imshow(np.eye(5))\nplt.title('Identity')\nplt.colorbar()")
    root = ElementTree.fromstring(figure.content)
    assert root.tag.endswith("svg")
    assert not re.search(r"<script|\bon\w+=|20\d\d-\d\d-\d\d|<metadata", figure.content)
    assert (figure.width, figure.height) == (
        round(float(root.attrib["width"].removesuffix("pt")) * 4 / 3),
        round(float(root.attrib["height"].removesuffix("pt")) * 4 / 3),
    )


def test_size_is_what_the_code_asks_for() -> None:
    narrow, wide = figures("plt.figure(figsize=(3, 2)); plt.plot([1]); plt.figure(figsize=(9, 2)); plt.plot([1])")
    assert wide.width > 2.3 * narrow.width


def test_colours_have_a_night_and_black_lines_too() -> None:
    (figure,) = figures("plt.plot([1, 2], 'k')")
    assert "light-dark(#000000,#e6e4e0)" in figure.content
    (picture,) = figures("plt.imshow(np.eye(3)); plt.text(0, 0, 'on the picture', color='k'); plt.plot([1, 2], 'k')")
    assert "light-dark(#000000" not in picture.content.partition('id="axes_1"')[2]
    assert "light-dark" not in by_day(figure.content)


@pytest.mark.parametrize(("more", "limits"), [("", (-4, 4)), (", vmin=-1, vmax=2", (-1, 2))])
def test_signed_colours_are_centred_unless_the_range_was_chosen(more: str, limits: tuple[int, int]) -> None:
    code = f"""
        image = plt.imshow(np.array([[-1, 4]]), cmap='book-signed'{more})
        plt.show()
        print([int(limit) for limit in image.get_clim()])
    """
    assert parts(code)[1] == f"{list(limits)}\n"


def test_words_and_values_stand_for_the_picture() -> None:
    (figure,) = figures("plt.imshow(np.arange(4).reshape(2, 2) - 1)\nplt.title('A map')\nplt.xlabel('column')")
    assert figure.alt.startswith("A map: picture of 2 by 2 values from −1 to 2")
    assert json.loads(figure.values) == [["A map", [["−1", "0"], ["1", "2"]]]]
    (curve,) = figures("plt.plot([0, 1], [2, 3], label='loss'); plt.legend()")
    assert "loss" in curve.alt
    assert json.loads(curve.values)[0][1][1:] == [["0", "2"], ["1", "3"]]
    (large,) = figures("plt.imshow(np.ones((99, 99)))")
    assert large.values == ""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"def _repr_svg_(self): return {SVG!r}", ("svg", 192, 30)),
        (f"def _repr_png_(self): return {PNG!r}", ("png", 7, 5)),
        (f"def _repr_png_(self): import base64; return base64.b64decode({PNG!r})", ("png", 7, 5)),
        (f"def _repr_png_(self): return {PNG!r}, {{'width': 9}}", ("png", 7, 5)),
        ("def _repr_latex_(self): return '$x^2$'", ("tex", 0, 0)),
        (f"def _repr_html_(self): return 'x'\n  def _repr_svg_(self): return {SVG!r}", ("svg", 192, 30)),
    ],
)
def test_the_display_protocol(body: str, expected: tuple[str, int, int]) -> None:
    for use in ("Own()", "display(Own())"):
        (part,) = parts(f"class Own:\n  {body}\n{use}")
        assert isinstance(part, Picture)
        assert (part.kind, part.width, part.height) == expected


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("class Own:\n  def _repr_html_(self): return '<b>'\nOwn()", "shows itself as HTML only"),
        ("class Own:\n  def _repr_svg_(self): return 'no picture'\nOwn()", "is no SVG"),
        ("class Own:\n  def _repr_png_(self): return b'no picture'\nOwn()", "is no PNG"),
        ("class Own:\n  def _repr_svg_(self): return '<svg>' + 'x' * 4_000_000\nOwn()", "can be shown"),
    ],
)
def test_what_is_not_shown_is_told(code: str, words: str) -> None:
    (text,) = parts(code)
    assert isinstance(text, str) and words in text


def test_what_the_page_would_refuse_is_left_out_or_told() -> None:
    """A worker that sends more than `runtime/engine/protocol.js` allows is ended, with all that its run showed."""
    many = "fig, axes = plt.subplots(7, 7, figsize=(5, 5))\nfor ax in axes.flat: ax.imshow(np.full((20, 20), 123.456))"
    (figure,) = figures(f"{many}\nplt.suptitle('x' * 9_000)")
    assert (figure.values, len(figure.alt)) == ("", 5_000)
    (words,) = parts("class Own:\n  def _repr_latex_(self): return '$' + 'x' * 3_000 + '$'\nOwn()")
    assert "2,000 can be shown" in str(words)
    (formula,) = figures("class Own:\n  def _repr_latex_(self): return '$x$'\nOwn()")
    assert formula.alt == "$x$"


@pytest.mark.parametrize("method", ["_repr_svg_", "_repr_latex_"])
def test_half_a_character_spoils_no_build(method: str) -> None:
    (picture,) = figures(f"class Own:\n  def {method}(self): return '<svg>\\ud800</svg>'\nOwn()")
    assert picture.content.encode() == b"<svg>?</svg>"


def test_plain_values_are_printed_as_ever() -> None:
    own = "class Own:\n  def _repr_svg_(self): return None\n  def __repr__(self): return 'own'\nOwn()"
    assert parts(f"display(1, 'a')\n{own}") == ("1\n'a'\nown\n",)


def test_a_class_is_not_its_instance() -> None:
    assert "class" in str(parts("class Own:\n  def _repr_svg_(self): return 1\nOwn")[0])


def test_a_mistake_in_a_picture_method_is_the_reader_s() -> None:
    result = run("class Own:\n  def _repr_svg_(self): return 1 / 0\nOwn()")
    assert result.error and (result.error.kind, result.error.line) == ("ZeroDivisionError", 2)


def test_two_hundred_open_figures_end_in_a_sentence() -> None:
    shown = parts("for i in range(200): plt.figure(figsize=(1, 1))")
    assert len(shown) == output.MOST + 1
    assert shown[-1] == "… 160 more pictures are not shown …\n"


def test_pictures_too_large_together_are_left_out() -> None:
    code = "class Own:\n  def _repr_svg_(self): return '<svg>' + 'x' * 2_900_000\nfor i in range(6): display(Own())"
    shown = parts(code)
    assert [type(part) for part in shown] == [Picture] * 4 + [str]
    assert "2 more pictures" in str(shown[-1])


@pytest.mark.parametrize(
    "code",
    [
        "plt.scatter(np.arange(1e6), np.arange(1e6))",
        "plt.plot(np.sin(np.arange(1e6)))",
        "plt.pcolormesh(np.ones((1000, 1000)))",
        "plt.imshow(np.random.default_rng(0).random((1500, 1500)))",
    ],
)
def test_a_million_points_become_pixels(code: str) -> None:
    (figure,) = figures(code)
    assert "<image" in figure.content


def test_an_animation_shows_its_first_frame() -> None:
    code = """
        from matplotlib.animation import FuncAnimation
        fig, ax = plt.subplots()
        (line,) = ax.plot([0, 1], [0, 1])
        moving = FuncAnimation(fig, lambda n: line.set_ydata([0, n]), frames=3)
        plt.show()
    """
    assert kinds(code) == ["svg", "An animation stands still here: this is its first frame.\n"]


def test_head_and_tail_are_shared_by_all_text() -> None:
    shown = parts("for i in range(30):\n  print('x' * 9_999)\n  plt.figure(figsize=(1, 1)); plt.show()")
    assert sum(len(part) for part in shown if isinstance(part, str)) < 400_000


def test_what_goes_to_the_page_is_what_the_build_keeps() -> None:
    sent: list[str] = []
    code = "import matplotlib.pyplot as plt\nprint('a')\nplt.plot([1, 2])"
    host.run_json(json.dumps([["cell 1", code]]), lambda *printed: sent.append(printed[0]), "", sent.append)
    assert sent[0] == "a\n"
    assert (
        json.loads(next(text for text in sent if text.startswith("{")))["content"]
        == figures("plt.plot([1, 2])")[0].content
    )


def test_code_that_plots_is_known_by_its_imports() -> None:
    assert plots(["x = 1", "def f():\n  from matplotlib import pyplot"])
    assert plots(["import numpy, mpl_toolkits.mplot3d"])
    assert not plots(["matplotlib = 1", "import (", "# import matplotlib", "\0"])


TWENTY = ROOT / "tests/runtime/twenty_figures.py"


def test_twenty_figures_are_the_same_in_both_pythons() -> None:
    """Byte for byte; under Node here, and in browsers see `tests/engines`."""
    runtime = browser_runtime(ROOT, "none")
    numpy, packages = (runtime.files[runtime.manifest["files"][name]["url"]] for name in ("numpy", "matplotlib"))
    there = node.run(ROOT / "tests/labs/same.mjs", [str(numpy), str(TWENTY), str(packages)], ROOT)
    assert there.returncode == 0, there.stderr
    environment = {"PYTHONPATH": str(ROOT)}
    here = subprocess.run([sys.executable, str(TWENTY)], env=environment, capture_output=True, text=True, check=True)
    assert len(here.stdout.splitlines()) == 20
    assert here.stdout.splitlines() == there.stdout.splitlines()


def test_colours_are_those_of_the_site_s_roles() -> None:
    tokens = (ROOT / "assets/css/tokens.css").read_text(encoding="utf-8")
    pairs = dict(re.findall(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", tokens))
    assert ROLES.items() <= pairs.items()
    shades = [*(f"neg-{n}" for n in range(8, 0, -1)), "zero", *(f"pos-{n}" for n in range(1, 9))]
    assert [re.findall(rf"--{shade}: light-dark\((\S+),", tokens) for shade in shades] == [[day] for day in SHADES]
    style = RC.read_text(encoding="utf-8")
    assert {f"#{colour}" for colour in re.findall(r"\b[0-9a-f]{6}\b", style)} <= ROLES.keys()
