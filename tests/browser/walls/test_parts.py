"""What others do to a page: copying, translating, blocking, publishing anew. Nothing fails without a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from press.processes.static_server import background
from press.serve.live_reload import News, handler
from tests.browser.conftest import CHAPTER
from tests.browser.reader import BUSY, LONG, cells, until

BLOCKED_WORDS = {"ad", "ads", "advert", "analytics", "banner", "beacon", "pixel", "popup", "share", "sharing", "social"}
BLOCKED_WORDS |= {"sponsor", "stats", "telemetry", "track", "tracker", "tracking"}

TRANSLATE = """() => {
  // As Google Translate does, but with no regard for translate="no".
  const wrap = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      if (!text.data.trim() || text.parentElement.closest('font, .cm-editor, script, style')) continue;
      const font = document.createElement('font');
      text.replaceWith(font);
      font.append(text.data);
    }
  };
  wrap(document.querySelector('main'));
  new MutationObserver(() => wrap(document.querySelector('main')))
    .observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
}"""


def copied(page: Page, selector: str, until: str) -> str:
    """What is in the clipboard after everything in an element is selected and copied, once it holds some words."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(selector).first.evaluate("place => getSelection().selectAllChildren(place)")

    def copy() -> str:
        page.keyboard.press("ControlOrMeta+c")
        return str(page.evaluate("navigator.clipboard.readText()"))

    for _ in range(200):
        if until in (text := copy()):
            return text
        page.evaluate("() => new Promise((settle) => requestAnimationFrame(settle))")
    return text


def test_an_equation_is_copied_as_its_tex_once(chapter: Page) -> None:
    text = copied(chapter, "#eq-conv .equation-body", "$$")
    assert text.startswith("$$")
    assert text.endswith("$$")
    assert text.count("$$") == 2
    assert text.count("\\sum") == 2
    assert "\n" not in text


def test_equations_in_prose_are_copied_among_the_words(chapter: Page) -> None:
    text = copied(chapter, "#eq-conv .caption", "$")
    shown = chapter.locator("#eq-conv .caption > p, #eq-conv .caption").first
    many = shown.locator(".katex").count()
    assert text.count("$") == 2 * many
    assert "$I(i, j)$" in text or "$I(i,j)$" in text
    assert " at row $i$" in text


def test_a_selection_without_equations_is_copied_as_ever(chapter: Page) -> None:
    assert copied(chapter, "h1", "C") == chapter.locator("h1").inner_text()


def test_a_translated_page_loses_no_output(chapter: Page) -> None:
    cell = cells(chapter)[0]
    chapter.evaluate(TRANSLATE)
    printed = "".join(f"{n}\n" for n in range(40))
    assert cell.run("for n in range(40):\n    print(n)") == printed
    assert cell.run() == printed
    cell.run("1 / 0")
    expect(cell.error).to_contain_text("ZeroDivisionError")
    assert cell.run("print('after')") == "after\n"


def test_in_a_translated_page_what_is_pressed_is_a_button_still(chapter: Page) -> None:
    chapter.evaluate(TRANSLATE)
    chapter.locator("#ex-valid-size [data-another] font").click()
    expect(chapter.locator("#ex-valid-size")).to_have_attribute("data-variant", "1")
    covered = chapter.locator("[data-cell]:has([data-after])").first
    covered.locator("[data-action=run] font").click()
    expect(covered.locator("[data-after]")).to_have_attribute("open", "")
    task = chapter.locator('[data-exercise="write-max-pooling"]')
    task.locator("[data-action=check] font").click()
    expect(task.locator("[data-verdict]")).not_to_be_empty(timeout=LONG)


def test_what_exercises_keep_back_is_asked_for_again_when_something_else_came(chapter: Page) -> None:
    exercise = chapter.locator("#ex-valid-size")
    chapter.route("**/exercises-*.json", lambda route: route.fulfill(content_type="text/html", body="<p>Sign in</p>"))
    exercise.locator("[data-another]").click()
    expect(exercise.locator("[data-verdict]")).to_contain_text("The other versions could not be loaded. Try again.")
    chapter.unroute_all()
    exercise.locator("[data-another]").click()
    expect(exercise).to_have_attribute("data-variant", "1")


def test_what_failed_is_said_for_as_long_as_it_is_so(chapter: Page) -> None:
    section = chapter.locator(".instrument").first
    chapter.route(re.compile("/assets/regions-"), lambda route: route.abort())
    with chapter.expect_event("requestfinished", lambda request: request.url.endswith(".wasm"), timeout=LONG):
        section.locator("input[type=range]:visible").first.press("ArrowRight")
    chapter.evaluate("() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle)))")
    expect(section.locator("[data-status]")).to_contain_text("A part of the page could not be loaded")
    expect(section.locator("progress")).to_be_hidden()
    chapter.unroute_all()


def test_code_and_output_ask_not_to_be_translated(chapter: Page) -> None:
    for place in ("[data-code]", "[data-output]"):
        every = chapter.locator(place)
        expect(every.first).to_have_attribute("translate", "no")
        expect(chapter.locator(f"{place}.notranslate[translate=no]")).to_have_count(every.count())


def test_no_file_has_a_name_that_blockers_list(site: Path) -> None:
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    digest = r"[-/]([A-Z0-9]{8}|[0-9a-f]{8,12})\b"
    words = {name: set(re.split(r"[^a-z]+", re.sub(digest, "", name).lower())) for name in names}
    assert len(names) > 30
    assert {name: found & BLOCKED_WORDS for name, found in words.items() if found & BLOCKED_WORDS} == {}


PARTS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "editor": ("The editor", lambda page: cells(page)[0].code.click(position={"x": 40, "y": 20})),
    "draft": ("The editor", lambda page: cells(page)[0].code.click(position={"x": 40, "y": 20})),
    "output": ("What shows the output", lambda page: cells(page)[0].start()),
    "practice": (
        "What checks exercises",
        lambda page: page.locator("[data-exercise] input[name=answer]").first.focus(),
    ),
    "code_link": ("Copying", lambda page: cells(page)[0].button("share").click()),
    "keys": ("What follows keys", lambda page: page.keyboard.press("?")),
    "search": ("Search", lambda page: page.locator("[data-search]").click()),
    "copy": ("Copying", lambda page: page.locator("[data-copy]").click()),
    "panel": ("This panel", lambda page: page.locator("[data-offline] [data-action=keep]").click()),
    "work_panel": ("This panel", lambda page: page.locator("[data-memory] [data-action=export]").click()),
    "slides": ("The slides", lambda page: page.locator("[data-action=present]").click()),
    "link_card": ("The card beside the link", lambda page: page.locator("main a.label").first.hover()),
    "visit": ("What this link brings", lambda page: page.evaluate("location.hash = 'cell-sobel-bar?code=AAAA'")),
    "history": (
        "What keeps your steps",
        lambda page: page.locator("[data-instrument] [data-action=share]").first.click(),
    ),
}


def told_without(page: Page, server: str, name: str) -> Locator:
    """What a page says that cannot have one of its parts."""
    words, act = PARTS[name]
    page.route(re.compile(rf"/assets/{name}-"), lambda route: route.abort())
    page.goto(server + CHAPTER)
    act(page)
    return page.get_by_role("alert").filter(has_text=f"{words} could not be loaded")


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_gone_or_blocked_is_named(page: Page, server: str, name: str) -> None:
    expect(told_without(page, server, name).get_by_role("button", name="Reload")).to_be_visible()


def test_a_reload_is_offered_where_a_part_is_gone(page: Page, server: str) -> None:
    told = told_without(page, server, "editor")
    page.unroute_all()
    with page.expect_navigation():
        told.get_by_role("button", name="Reload").click()
    expect(told).to_have_count(0)


def test_a_run_that_waits_for_a_part_of_the_page_can_be_stopped(chapter: Page) -> None:
    held: list[Route] = []
    chapter.route(re.compile("/assets/output-"), lambda route: held.append(route))
    cell = cells(chapter)[0]
    cell.start()
    until(chapter, lambda: held)
    cell.button("stop").press("Enter")
    held.pop().continue_()
    expect(cell.status).to_have_text("Stopped.")
    expect(cell.button("run")).to_be_focused()
    expect(cell.figure).not_to_have_class(BUSY)


def test_a_browser_that_takes_no_more_steps_follows_links_all_the_same(page: Page, server: str) -> None:
    page.add_init_script("history.pushState = () => { throw new DOMException('too many', 'SecurityError') }")
    page.goto(server + CHAPTER)
    page.get_by_role("link", name="A 5×5 blur").click()
    sentence = page.locator("#inst-kernel-explorer [data-sentence]")
    expect(sentence).to_contain_text("of 5 × 5", timeout=LONG)


def test_a_run_shows_no_error_of_the_one_before(awake: Page) -> None:
    cell = cells(awake)[0]
    cell.run("1 / 0")
    expect(cell.error).to_be_visible()
    cell.edit("while True: pass")
    cell.start()
    cell.running()
    expect(cell.error).to_have_count(0)
    cell.button("stop").click()
    cell.settle()


def test_solved_is_not_shown_above_not_quite(chapter: Page) -> None:
    exercise = chapter.locator("[data-exercise]").first
    field, solved = exercise.locator("input[name=answer]"), exercise.locator(".solved")
    for answer, verdict in (("28", "Right."), ("27", "Not quite"), ("28", "Right.")):
        field.fill(answer)
        exercise.get_by_role("button", name="Check").click()
        expect(exercise.locator("[data-verdict]")).to_contain_text(verdict)
        expect(solved).to_be_visible(visible=verdict == "Right.")


def test_a_citation_card_says_its_note_once(chapter: Page) -> None:
    link = chapter.locator("main a.cite").first
    note = chapter.locator((link.get_attribute("href") or "") + " .reference-note").inner_text().strip()
    link.hover()
    expect(chapter.locator("#card")).to_contain_text(note)
    assert chapter.locator("#card").inner_text().count(note) == 1


def test_a_reload_during_training_says_what_happened(browser: Browser, server: str) -> None:
    page = browser.new_page()
    page.goto(server + CHAPTER)
    lab = page.locator("[data-instrument]:has([data-work])").first
    lab.locator("[data-work]").first.click()
    expect(lab.locator("[data-act=stop]")).to_be_enabled(timeout=LONG)
    page.reload()
    expect(lab.locator("[data-status]")).to_contain_text("not finished when the page was left")
    lab.scroll_into_view_if_needed()
    expect(lab.locator("[data-act=stop]")).to_be_enabled(timeout=LONG)
    expect(lab.locator("[data-status]")).to_contain_text("not finished when the page was left")
    page.close()


DEEP = "%5B" * 50_000 + "%5D" * 50_000


@pytest.mark.parametrize("query", [f"weights={DEEP}", f"weights={'%5B' * 900 + '%5D' * 900}"], ids=["huge", "deep"])
def test_a_hostile_state_is_refused_and_stops_no_instrument(page: Page, server: str, query: str) -> None:
    page.goto(f"{server}{CHAPTER}#inst-kernel-explorer?{query}")
    section = page.locator("#inst-kernel-explorer")
    expect(section.locator("[data-status]")).to_contain_text("too large")
    label = section.locator('label:has([name="kernel"][value="blur"])')
    label.click()
    expect(section.locator('[data-region="kernel"]')).to_contain_text("Sum of the weights: 1", timeout=LONG)


IMPATIENT = """
const later = window.setTimeout;
window.setTimeout = (what, after, ...rest) => later(what, after === 20_000 ? 6000 : after, ...rest);
"""
"""A page that waits 6 s instead of 20 for the answer to one question."""


def test_a_state_that_takes_too_long_stops_no_instrument(private: Callable[[str], Page]) -> None:
    page = private(IMPATIENT)
    section = page.locator("#lab-shift-lab")
    section.scroll_into_view_if_needed()
    section.locator("[data-controls] [type=radio]:enabled").first.focus()
    page.evaluate("location.hash = 'lab-shift-lab?step=1000&kind=blur&head=mean&smoothing=2&trained=2'")
    expect(section.locator("[data-status]")).to_contain_text("took too long", timeout=LONG)
    section.locator("label:has([type=radio]:enabled:not(:checked)):visible").first.click()
    expect(section.locator("[data-status]")).to_have_text("", timeout=LONG)
    expect(section).not_to_have_class(re.compile("is-failed"))


def test_reset_is_kept_at_once(page: Page, server: str) -> None:
    page.goto(f"{server}{CHAPTER}#inst-kernel-explorer?kernel=blur")
    section = page.locator("#inst-kernel-explorer")
    section.locator('label:has([name="kernel"][value="sharpen"])').click()
    expect(section.locator('[data-region="kernel"]')).to_contain_text("Sum of the weights: 1", timeout=LONG)
    kept = "Object.entries(localStorage).filter(([key]) => key.endsWith(' instrument inst-kernel-explorer'))"
    assert page.evaluate(f"{kept}.length") == 1
    assert page.evaluate(f"document.querySelector('#inst-kernel-explorer [data-action=reset]').click(), {kept}") == []


def test_what_an_instrument_showed_before_a_link_can_be_had_back(page: Page, server: str) -> None:
    page.goto(server + CHAPTER)
    section = page.locator("#inst-kernel-explorer")
    section.locator('label:has([name="kernel"][value="sharpen"])').click()
    expect(section.locator('[data-region="kernel"]')).to_contain_text("Sum of the weights: 1", timeout=LONG)
    page.goto("about:blank")
    for kernel in ("blur", "identity", "edge"):  # links upon links, none of which the reader has touched
        page.goto(f"{server}{CHAPTER}#inst-kernel-explorer?kernel={kernel}")
        expect(section.locator(f'[name="kernel"][value="{kernel}"]')).to_be_checked(timeout=LONG)
    page.goto(f"{server}{CHAPTER}?again")
    section.locator("[data-notice]").get_by_role("button", name="Back to what was here").click()
    expect(section.locator('[name="kernel"][value="sharpen"]')).to_be_checked(timeout=LONG)


def test_a_chapter_is_kept_offline_under_the_authors_server(page: Page, site: Path) -> None:
    with background(site, kind=handler(News())) as running:
        page.goto(running.url + CHAPTER)
        expect(page.locator("script[src*='live.js']")).to_have_count(1)
        panel = page.locator("[data-offline]")
        panel.get_by_role("button", name="Keep this chapter offline").click()
        expect(panel.locator("[data-status]")).to_contain_text("Kept", timeout=LONG)


UNPOSTABLE = """
for (const { prototype } of [MessagePort, Worker]) {
  const post = prototype.postMessage;
  prototype.postMessage = function (message, ...rest) {
    const refused = message.job?.cells?.some(([, code]) => code.includes('unpostable'));
    if (refused) throw new DOMException('x', 'DataCloneError');
    return post.call(this, message, ...rest);
  };
}
"""


def test_a_job_that_cannot_be_posted_ends_with_a_sentence_and_the_next_one_runs(
    private: Callable[[str], Page],
) -> None:
    cell = cells(private(UNPOSTABLE))[0]
    cell.run("'unpostable'")
    expect(cell.error).to_contain_text("too large or too deep to be handed to Python")
    assert cell.run("1 + 1") == "2\n"


def test_an_error_marks_its_cell_whatever_the_page_calls_it_by_then(chapter: Page) -> None:
    cell = cells(chapter)[0]
    cell.edit("x = 1\nraise ValueError('here')")
    cell.start()
    rename = "all => all.forEach((one) => { one.textContent = 'ZELLE'; })"
    chapter.locator("figcaption .block-number").evaluate_all(rename)
    cell.settle()
    expect(cell.error).to_contain_text("here")
    expect(cell.figure.locator(".cm-error-line")).to_have_text("raise ValueError('here')")
