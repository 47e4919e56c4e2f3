"""A SCORM package: its manifest names what is in it, and its pages tell a course system the score, by either version.

The course system is scorm-again, which refuses what the standard doesn't allow.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from press.outputs.scorm import added
from press.processes.static_server import background
from press.site import build

ROOT = Path(__file__).resolve().parents[3]
COURSE = """([name, kind, before]) => {
  window.faults = [];
  const api = window[name] = new window[kind]({ logLevel: 5 });
  if (before) api.cmi.core.score.raw = before;
  const prefix = name === "API" ? "LMS" : "";
  window.value = (field) => api[`${prefix}GetValue`](field);
  window.calls = [];
  for (const what of ["Initialize", "GetValue", "SetValue", "Commit", name === "API" ? "Finish" : "Terminate"]) {
    const call = api[`${prefix}${what}`].bind(api);
    api[`${prefix}${what}`] = (...words) => {
      const answer = call(...words);
      const error = api[`${prefix}GetLastError`]();
      window.calls.push([what, ...words].join(" ").trim());
      if (Number(error)) window.faults.push([what, ...words, error].join(" "));
      return answer;
    };
  }
}"""
"""Puts a course system into the page that keeps what its calls were and which it refused."""
SYSTEMS = {"1.2": ("API", "Scorm12API", "scorm12.min.js"), "2004": ("API_1484_11", "Scorm2004API", "scorm2004.min.js")}
HALF = {
    "1.2": {"cmi.core.score.raw": "50", "cmi.core.lesson_status": "incomplete"},
    "2004": {"cmi.score.raw": "50", "cmi.score.scaled": "0.5", "cmi.completion_status": "incomplete"},
}
ALL = {
    "1.2": {"cmi.core.score.raw": "100", "cmi.core.lesson_status": "passed"},
    "2004": {"cmi.score.scaled": "1", "cmi.completion_status": "completed", "cmi.success_status": "passed"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a package of two exercises, unpacked on a server."""
    folder = tmp_path_factory.mktemp("scorm")
    content = Path(shutil.copytree(ROOT / "tests/book", folder / "content"))
    exercise = "/// exercise | {0}\nanswer: 1\n\nHow many?\n\n---\n\nOne.\n///\n"
    text = f"# T {{#demo}}\n\n{exercise.format('a')}\n{exercise.format('b')}"
    (content / "demo" / "section.md").write_text(text, encoding="utf-8")
    build(ROOT, folder / "site", content, image="none")
    for name, made in added("1.2", "Book", {"demo": ("Demonstration", "en")}, []).items():
        (folder / "site" / name).write_bytes(made)
    for _, _, script in SYSTEMS.values():
        shutil.copy(ROOT / "node_modules/scorm-again/dist" / script, folder / "site")
    scripts = "".join(f"<script src={script}></script>" for _, _, script in SYSTEMS.values())
    (folder / "site" / "course.html").write_text(f"<!doctype html><title>Course</title>{scripts}", encoding="utf-8")
    with background(folder / "site") as server:
        yield server.url


def course(page: Page, package: str, version: str, before: str = "") -> None:
    """A course system's page that holds the chapter in a frame within a frame."""
    page.goto(f"{package}course.html")
    page.evaluate(COURSE, [*SYSTEMS[version][:2], before])
    page.evaluate(
        "src => { const frame = Object.assign(document.createElement('iframe'), { src, name: 'sco' });"
        "frame.style.cssText = 'width: 1200px; height: 900px'; document.body.append(frame); }",
        f"{package}scorm-demo.html",
    )


def solve(page: Page, name: str) -> None:
    chapter = page.frame_locator("iframe").frame_locator("iframe")
    exercise = chapter.locator(f"[data-exercise={name}]")
    exercise.get_by_role("textbox").fill("1")
    exercise.get_by_role("button", name="Check").click()
    expect(exercise.locator(".solved")).to_be_visible()


def told(page: Page, expected: dict[str, Any]) -> None:
    """Waits until the course system knows that."""
    page.wait_for_function(
        "expected => Object.entries(expected).every(([name, said]) => String(value(name)) === said)", arg=expected
    )


@pytest.mark.browser
@pytest.mark.parametrize("version", SYSTEMS)
def test_the_score_rises_with_what_is_solved(page: Page, package: str, version: str) -> None:
    course(page, package, version)
    solve(page, "a")
    told(page, HALF[version])
    solve(page, "b")
    told(page, ALL[version])
    page.evaluate("document.querySelector('iframe').remove()")
    page.wait_for_function("/^Finish|^Terminate/.test(calls.at(-1))")
    calls = page.evaluate("calls")
    assert [call for call in calls if call in ("Initialize", "Commit")] == ["Initialize", *["Commit"] * 3]
    assert calls[-2] in ("SetValue cmi.core.exit suspend", "SetValue cmi.exit suspend")
    assert page.evaluate("faults") in ([], ["GetValue cmi.score.raw 403"])  # 403: nobody has told one yet


@pytest.mark.browser
def test_a_better_score_of_another_device_stays(page: Page, package: str) -> None:
    course(page, package, "1.2", before="80")
    solve(page, "a")
    told(page, {"cmi.core.score.raw": "80"})
    solve(page, "b")
    told(page, ALL["1.2"])


@pytest.mark.browser
def test_without_a_course_system_the_chapter_is_there_all_the_same(page: Page, package: str) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{package}scorm-demo.html")
    chapter = page.frame_locator("iframe")
    chapter.locator("[data-exercise=a]").get_by_role("textbox").fill("1")
    chapter.locator("[data-exercise=a]").get_by_role("button", name="Check").click()
    expect(chapter.locator("[data-exercise=a] [data-verdict]")).to_have_text("Right.")
    assert faults == []


@pytest.mark.parametrize(("version", "schema"), [("1.2", "1.2"), ("2004", "2004 4th Edition")])
def test_the_manifest_names_chapters_and_files(version: Any, schema: str) -> None:
    files = ["index.html", "a/index.html", "a/b & c.png"]
    made = added(version, "Book & more", {"a": ("One <1>", "en"), "b": ("Zwei", "de")}, files)
    root = ElementTree.fromstring(made["imsmanifest.xml"])
    space = {"p": root.tag[1:].partition("}")[0]}
    assert root.findtext("p:metadata/p:schemaversion", namespaces=space) == schema
    items = root.findall("p:organizations/p:organization/p:item", space)
    assert [item.findtext("p:title", namespaces=space) for item in items] == ["One <1>", "Zwei"]
    assert [re.findall('lang="([^"]+)"', made[f"scorm-{name}.html"].decode()) for name in "ab"] == [["en"], ["de"]]
    resources = {each.get("identifier"): each for each in root.findall("p:resources/p:resource", space)}
    for item in items:
        sco = resources[item.get("identifierref")]
        assert (sco.get("href") or "") in made
        assert "sco" in sco.attrib.values()
    listed = {file.get("href") for file in root.iter(f"{{{space['p']}}}file")}
    assert listed == {*files, *made} - {"imsmanifest.xml"}


def test_only_a_built_site_can_be_packed(tmp_path: Path) -> None:
    words = ["build.py", "zip", "--scorm", "2004", "--out", str(tmp_path / "site")]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (1, "site/ is not there yet: build the site first.\n")
