"""Hundreds of states that no one chose: the page's worker answers each request with the very bytes of CPython."""

from __future__ import annotations

import contextlib
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from playwright.sync_api import Page, expect

from instruments import kit
from runtime.python.host import respond_json
from tests.browser.conftest import CHAPTER
from tests.browser.reader import LONG
from tests.instruments.states import requests

COUNTS = {"kernel_explorer": 150, "feature_maps": 60, "receptive_field": 150}
"""How many states each is asked for; those of the second pass through a trained network."""

IDLE = int(re.findall(r"const IDLE = ([\d_]+);", Path("runtime/engine/python.js").read_text(encoding="utf-8"))[0])
"""Milliseconds after which the page ends a Python that it asks nothing."""

EAR = f"""
  const later = window.setTimeout;
  window.setTimeout = (what, after, ...rest) => later(what, after === {IDLE} ? 2 ** 31 - 1 : after, ...rest);
  window.python = new Promise((settle, fail) => {{
    setTimeout(() => fail(new Error('Python did not start')), {LONG});
    window.MessageChannel = class extends MessageChannel {{
      constructor() {{
        super();
        this.port1.addEventListener('message', ({{ data }}) => data.type === 'ready' && settle(this.port1));
      }}
    }};
  }});
"""
"""Promises the port on which the page speaks to a worker whose Python has started.

What is asked past the page it takes for idleness, after which it would end the worker: that timer never rings.
"""

ASK = """async ([module, requests]) => {
  const port = await window.python;
  const answer = (id, request) => new Promise((settle, fail) => {
    const hear = ({ data }) => {
      if (data.type === 'broken') fail(new Error(data.words));
      if (data.type !== 'answer' || data.id !== id) return;
      port.removeEventListener('message', hear);
      settle(data.answer);
    };
    port.addEventListener('message', hear);
    port.postMessage({ type: 'job', id, job: { kind: 'instrument', module, request } });
  });
  const digest = async (text) => {
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const found = [];
  for (const [i, request] of requests.entries()) {
    const text = await answer(1e6 + i, request);
    found.push([JSON.stringify(request), await digest(text), requests.length === 1 ? text : '']);
  }
  return found;
}"""
"""Asks for one request after another; gives each as the worker wrote it down, with its answer's digest."""


@pytest.fixture(scope="module")
def page_with_python(browser: Any, server: str) -> Any:
    """One page for all three instruments; its Python starts, and gets the files that one of them needs."""
    context = browser.new_context()
    context.add_init_script(EAR)
    page = context.new_page()
    page.goto(server + CHAPTER)
    section = page.locator('[data-instrument="feature_maps"]')
    section.locator('[name="size"]').press("ArrowRight")
    expect(section.locator("[data-sentence]")).to_contain_text("225 × 225 × 3", timeout=LONG)
    yield page
    context.close()


@pytest.mark.parametrize("name", COUNTS)
def test_random_states_give_equal_bytes(page_with_python: Page, name: str) -> None:
    asked = walk(kit.load(name), COUNTS[name])
    found = page_with_python.evaluate(ASK, [name, asked])
    differing = [i for i, (text, there, _) in enumerate(found) if digest(respond_json(name, text)) != there]
    assert len(found) == COUNTS[name]
    assert [parts(page_with_python, name, asked[i]) for i in differing[:3]] == []


def walk(module: kit.Instrument[Any], count: int) -> list[dict[str, Any]]:
    """`count` requests that lead to different states; one that brings no state goes on from the one before."""
    asked: dict[str, dict[str, Any]] = {}
    state: dict[str, Any] = {}

    class Enough(Exception):
        pass

    @settings(
        max_examples=50 * count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(module))
    def collect(request: dict[str, Any]) -> None:
        nonlocal state
        if len(asked) == count:
            raise Enough
        request = {"state": state, **request}
        state = kit.respond(module, request)["state"]
        asked.setdefault(json.dumps(state), request)

    with contextlib.suppress(Enough):
        collect()
    return list(asked.values())


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def parts(page: Page, name: str, request: dict[str, Any]) -> dict[str, Any]:
    """What differs between here and there, by the parts of the answer."""
    [(text, _, answer)] = page.evaluate(ASK, [name, [request]])
    here, there = json.loads(respond_json(name, text)), json.loads(answer)
    here, there = ({**one, **one.get("regions", {})} for one in (here, there))
    return {part: (here.get(part), there.get(part)) for part in {*here, *there} if here.get(part) != there.get(part)}
