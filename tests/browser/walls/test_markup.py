"""Markup enters the page through an allow-list, by the browser's sanitizer or else by the library's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from instruments import kit
from tests.browser.conftest import CHAPTER, ROOT
from tests.browser.elsewhere import Elsewhere

PARSED = "markup => { const made = document.createElement('template'); made.innerHTML = markup; return made.innerHTML }"
FIRST = 90_000
"""Answer that brings the first markup: what is said of a slip enters the page as all markup does."""
HOSTILE = {
    "a frame": "<iframe srcdoc='<script>parent.pwned = 1</script>'></iframe>",
    "a script": "<script>pwned = 1</script><svg><script>pwned = 1</script></svg>",
    "a handler": "<img src=x onerror='pwned = 1'><svg onload='pwned = 1'></svg>",
    "a script's address": "<a href='javascript:pwned = 1'>x</a><svg><a href='javascript:pwned = 1'></a></svg>",
    "a disguised address": "<a href='java&#10;script:pwned = 1'>x</a>",
    "a style sheet": "<style>body { display: none }</style><svg><style>body { display: none }</style></svg>",
    "a style that fetches": "<p style='background: url(URL)'>x</p><p style='background: u\\72l(URL)'>x</p>",
    "an image set": "<p style='background: image-set(\"URL\" 1x)'>x</p>",
    "a paint that fetches": "<svg><rect fill='url(URL#a)' mask='u\\72l(URL#a)'></rect></svg>",
    "a link": "<link rel=stylesheet href='URL'>",
    "a page to go to": "<meta http-equiv=refresh content='0;url=URL'><base href='URL'>",
    "a form": "<form action='URL'><button formaction='URL'>x</button></form>",
    "a plug-in": "<object data='URL'></object><embed src='URL'>",
    "another's drawing": "<svg><use href='URL#a'></use><foreignObject><p>x</p></foreignObject></svg>",
    "a change of an attribute": "<svg><a><animate attributeName=href values='javascript:pwned = 1'/></a></svg>",
    "a template": "<template><script>pwned = 1</script></template>",
    "what turns bad when parsed twice": "<math><mtext><table><mglyph><style><img src=x onerror='pwned = 1'>",
}
REFUSED = re.compile(
    r"<(iframe|script|style|link|meta|base|form|object|embed|use|foreignobject|animate|template)\b|\son\w+=|javascript:"
    r"|action=|u(r|\\72)l\(|image-set",
    re.IGNORECASE,
)
ENGINES = {"the browser's": "", "the library's": "delete Element.prototype.setHTML"}

Enter = Callable[[list[str]], list[str]]


@pytest.fixture(params=ENGINES)
def enter(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Lets markup into a page, one after another; gives what became of each."""
    with browser.new_context() as context:
        context.add_init_script(ENGINES[request.param])
        page = context.new_page()

        def entered(markups: list[str]) -> list[str]:
            slips = [[str(FIRST + number), markup] for number, markup in enumerate(markups)]

            def answer(route: Route) -> None:
                kept = route.fetch().json()
                versions = {name: [{"html": "", "slips": slips}] for name in kept}
                route.fulfill(json=versions)

            page.route(re.compile(r"/exercises-\w+\.json"), answer)
            page.goto(server + CHAPTER)
            exercise = page.locator("[data-exercise]:has(input[name=answer]:not([type=radio]))").first
            shown = []
            for number in range(len(markups)):
                exercise.locator("input[name=answer]").fill(str(FIRST + number))
                exercise.get_by_role("button", name="Check").click()
                verdict = exercise.locator("[data-verdict]")
                expect(verdict).to_contain_text("Not quite.")
                shown.append(verdict.inner_html().removeprefix("Not quite. "))
            assert page.evaluate("window.pwned") is None
            return shown

        yield entered


def test_nothing_that_runs_or_fetches_enters(enter: Enter, elsewhere: Elsewhere) -> None:
    shown = enter([markup.replace("URL", elsewhere.url) for markup in HOSTILE.values()])
    for markup, html in zip(HOSTILE, shown, strict=True):
        assert not REFUSED.search(html), (markup, html)
    assert elsewhere.heard == []


def test_every_region_of_every_instrument_enters_whole(enter: Enter, page: Page) -> None:
    answers = [kit.respond(kit.load(module), {}) for module in kit.instruments()]
    assert sum(len(answer["regions"]) for answer in answers) > 20
    markups = ["".join(answer["regions"].values()) for answer in answers]
    assert enter(markups) == [page.evaluate(PARSED, markup) for markup in markups]


def test_one_place_makes_markup_of_text() -> None:
    sinks = r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|createContextualFragment|DOMParser|document\.write|srcdoc"
    scripts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "runtime").glob("**/*.js")}
    copying = 'setData("text/html", copied.innerHTML)'  # reads markup for the clipboard; this one place, to the letter
    assert copying in scripts["copy_tex.js"]
    scripts["copy_tex.js"] = scripts["copy_tex.js"].replace(copying, "", 1)
    assert [name for name, text in scripts.items() if re.search(sinks, text)] == ["sanitizer.js"]
