"""Impatient readers: two cells before Python is there, double clicks, sleeping cells that use the same names."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.reader import LONG, cells


def test_two_runs_before_python_has_started(chapter: Page) -> None:
    first, second = cells(chapter)[:2]
    expected = first.output.text_content(), second.output.text_content()
    second.start()
    first.start()
    second.settle()
    first.settle()
    assert (first.output.text_content(), second.output.text_content()) == expected


def test_a_double_click_runs_once(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("import time\nprint(1)\ntime.sleep(.3)")
    cell.button("run").dblclick()
    cell.settle()
    expect(cell.output).to_have_text("1\n")
    chapter.evaluate(
        """name => {
      window.runs = 0;
      const figure = document.querySelector(`[data-cell="${name}"]`);
      new MutationObserver(() => { if (figure.classList.contains('is-running')) window.runs += 1; })
        .observe(figure, { attributeFilter: ['class'] });
    }""",
        cell.name,
    )
    cell.button("run").click(click_count=3)
    cell.settle()
    assert chapter.evaluate("window.runs") == 1


def test_sleeping_cells_do_not_mix(chapter: Page) -> None:
    a, b = cells(chapter)[:2]
    a.edit("import time\nx = 'a'\nprint(x)\ntime.sleep(.5)\nprint(x)")
    b.edit("x = 'b'\nprint(x)\nprint(x)")
    a.start()
    b.start()
    expect(a.output).to_have_text("a\na\n", timeout=LONG)
    expect(b.output).to_have_text("b\nb\n", timeout=LONG)


def test_an_edit_while_it_runs_counts_for_the_next_run(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("import time\ntime.sleep(.5)\nprint('old')")
    cell.start()
    cell.running()
    cell.edit("print('new')")
    cell.settle()
    expect(cell.output).to_have_text("old\n")
    assert cell.run() == "new\n"
    expect(cell.figure).to_have_class(re.compile("is-edited"))
