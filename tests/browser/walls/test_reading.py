"""What one reads is what runs: marks in the static code, in the editor and in the notice; pasted code is cleaned."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faults.test_links import follow, link
from tests.browser.reader import Cell, cells

HIDDEN = "x = 'a\u202eb'  # \u200b\u00a0c\nprint(len(x))"
GAP = "x = 1" + " " * 3000 + "; print('out of sight')"


def marks(cell: Cell) -> list[str]:
    return cell.code.locator("mark").all_inner_texts()


def test_what_cannot_be_seen_is_marked_in_static_code_editor_and_notice(chapter: Page) -> None:
    cell = cells(chapter)[0]
    follow(chapter, HIDDEN)
    expect(cell.notice).to_contain_text("1 character that reorders text, shown as ⟨U+202E⟩")
    expect(cell.notice).to_contain_text("1 character that cannot be seen, shown as ⟨U+200B⟩")
    expect(cell.code.locator(".cm-content")).to_have_count(0)
    assert marks(cell) == ["⟨U+202E⟩", "⟨U+200B⟩", "⟨U+00A0⟩"]
    cell.code.click(position={"x": 40, "y": 20})
    expect(cell.code.locator(".cm-content")).to_be_visible()
    expect(cell.code.locator("mark")).to_have_count(3)
    assert marks(cell) == ["⟨U+202E⟩", "⟨U+200B⟩", "⟨U+00A0⟩"]
    assert cell.run() == "3\n", "the marks are for the eye: the code is as it came"


@pytest.mark.parametrize("opened", [False, True], ids=["static", "editor"])
def test_nothing_stands_out_of_sight_behind_spaces_or_in_a_long_line(chapter: Page, opened: bool) -> None:
    cell = cells(chapter)[0]
    if opened:
        cell.edit("1")
    for code, told in [
        (GAP, "gap of many spaces"),
        ("print(1)" + "\t" * 39 + ";print('out of sight')", "gap of many spaces"),
        (f"x = '{'y' * 900}'; print('out of sight')", "very long line"),
        (f"x = '{'y' * 70}'; print('out of sight')", "came with the link"),
    ]:
        follow(chapter, code)
        expect(cell.notice).to_contain_text(told)
        expect(cell.code).to_contain_text("out of sight")
        place = cell.code.locator(".cm-scroller, pre").first
        expect(place).to_have_js_property("scrollLeft", 0)
        assert place.evaluate("place => place.scrollWidth - place.clientWidth") <= 1


def test_marks_come_back_with_kept_code(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit(HIDDEN)
    chapter.reload()
    expect(cell.code.locator("mark")).to_have_count(3)
    assert cell.run() == "3\n"


def test_a_pasted_session_is_cleaned_with_a_sentence_and_can_be_undone(chapter: Page) -> None:
    cell = cells(chapter)[0]
    pasted = ">>> x = 2\n>>> print(x\u00a0+ 1)\n3"
    cell.edit(pasted)
    expect(cell.notice).to_contain_text("prompts and output lines removed and unusual spaces")
    assert cell.source().strip() == "x = 2\nprint(x + 1)"
    assert cell.run() == "3\n"
    cell.notice.get_by_role("button", name="Undo").click()
    expect(cell.code).to_contain_text(">>>")
    expect(cell.code.locator("mark")).to_have_text("⟨U+00A0⟩")


ORDER = """line => {
  const found = [];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width) found.push([Math.round(box.top / 8), box.left, node.data[at]]);
    }
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , letter]) => letter).join("");
}"""


def test_letters_that_run_to_the_left_stand_in_the_order_that_python_reads(page: Page, server: str) -> None:
    source = "allowed = 'א', 1, 2, 'ב'"
    page.goto(link(server, source))
    cell = cells(page)[0]
    expect(cell.figure.locator("[data-notice]").first).to_contain_text("run to the left")
    assert cell.figure.locator("[data-code] code").evaluate(ORDER).replace(" ", "") == source.replace(" ", "")
    cell.figure.locator("[data-code]").click()
    line = cell.figure.locator(".cm-line").first
    expect(line).to_have_text(source)
    assert line.evaluate(ORDER).replace(" ", "") == source.replace(" ", "")
