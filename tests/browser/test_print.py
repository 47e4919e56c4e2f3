"""On paper: no controls, nothing cut in two, addresses written out, solutions at the end; then all as before."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.reader import A4

ORDER = """() => {
  const top = (what) => [...document.querySelectorAll(what)].map((one) => one.getBoundingClientRect().top);
  const solutions = top(".explanation");
  return solutions.length && Math.max(...top(".exercise")) < Math.min(...solutions);
}"""


def test_paper_has_no_controls_and_solutions_at_the_end(chapter: Page) -> None:
    chapter.emulate_media(media="print", color_scheme="dark")
    before = chapter.locator("main").inner_html()
    chapter.evaluate("dispatchEvent(new Event('beforeprint'))")
    folds = "summary:not(.predict > [name] > *)"  # what can be chosen is text
    for control in chapter.locator(f"[data-js], .topbar button, .topbar select, {folds}").all():
        expect(control).to_be_hidden()
    assert chapter.evaluate(ORDER)
    solutions = chapter.get_by_role("heading", name="Solutions").locator("..").locator(".explanation")
    expect(solutions).to_have_count(chapter.locator("[data-exercise]").count())
    assert chapter.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    chapter.evaluate("dispatchEvent(new Event('afterprint'))")
    assert chapter.locator("main").inner_html() == before


def test_paper_keeps_figures_whole_and_writes_addresses_out(chapter: Page) -> None:
    chapter.emulate_media(media="print")
    for block in (".equation", ".region", ".table-scroll tr", ".exercise", ".reference"):
        assert chapter.locator(block).first.evaluate("one => getComputedStyle(one).breakInside") == "avoid", block
    written = chapter.locator(".reference-links a[href^=http]").evaluate_all(
        "all => all.map((one) => [one.href, getComputedStyle(one, '::after').content])"
    )
    assert written
    assert [href for href, content in written if href not in content] == []


def test_paper_sets_equations_no_smaller_than_text(chapter: Page) -> None:
    chapter.emulate_media(media="print")
    chapter.set_viewport_size({"width": A4, "height": 970})
    sizes = chapter.locator(".prose > p, .katex-display").evaluate_all(
        "all => all.map((one) => [one.className, parseFloat(getComputedStyle(one).fontSize)])"
    )
    text = {size for kind, size in sizes if kind != "katex-display"}
    assert min(size for kind, size in sizes if kind == "katex-display") >= max(text)


def test_a_real_pdf_tells_the_page_of_its_printing(chapter: Page) -> None:
    chapter.evaluate("addEventListener('beforeprint', () => { window.printed = document.body.innerText; })")
    assert len(chapter.pdf()) > 100_000
    assert "Solutions" in chapter.evaluate("window.printed")
    expect(chapter.get_by_role("heading", name="Solutions")).to_have_count(0)
