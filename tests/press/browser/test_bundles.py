"""What a page loads: bundled once, named by content, refused with esbuild's own words when it cannot be."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest

from press.browser.bundles import BuildError, Bundle, bundle
from press.text.languages import catalogue

ROOT = Path(__file__).resolve().parents[3]
MINIMAL = {
    "runtime/page/main.js": "document.title += await import('../shared.js').then((shared) => shared.word);",
    "runtime/page/cells/editor.js": "export { word } from '../../shared.js';",
    "runtime/worker/worker.js": "import { word } from '../shared.js'; postMessage(word);",
    "runtime/engine/gateway.js": "import { word } from '../shared.js'; postMessage(word);",
    "runtime/page/theme.js": "document.title = '';",
    "runtime/offline/service_worker.js": "import { word } from '../shared.js'; console.log(word);",
    "runtime/shared.js": "export const word = 'kernel';",
    "assets/css/main.css": '@import "katex/dist/katex.css"; p { color: red }',
    "package-lock.json": "{}",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in MINIMAL.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "node_modules/katex/dist", tmp_path / "node_modules/katex/dist")
    for name in ("katex/package.json", "pyodide/package.json"):
        (tmp_path / "node_modules" / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / "node_modules" / name, tmp_path / "node_modules" / name)
    for name in ("esbuild", "@esbuild"):
        shutil.copytree(ROOT / "node_modules" / name, tmp_path / "node_modules" / name)
    return tmp_path


def text(bundle: Bundle, address: str) -> str:
    file = bundle.files[address]
    return file.decode() if isinstance(file, bytes) else file.read_text(encoding="utf-8")


def test_names_follow_content_and_only_that(project: Path) -> None:
    before = bundle(project, "en", {})
    (project / "runtime/worker/worker.js").write_text("postMessage(1);", encoding="utf-8")
    after = bundle(project, "en", {})
    assert before.manifest["worker"] != after.manifest["worker"]
    assert (before.css, before.js) == (after.css, after.js)


def test_what_runs_alone_is_one_file(project: Path) -> None:
    made = bundle(project, "en", {})
    scripts = [*(text(made, made.manifest[name]["url"]) for name in ("worker", "gateway")), made.keeper]
    assert [("import" in script, '"kernel"' in script) for script in scripts] == [(False, True)] * 3
    assert not [name for name in made.files if "keeper" in name], "it is written into each chapter's folder"


def test_an_unchanged_bundle_costs_nothing(project: Path) -> None:
    first = bundle(project, "en", {})
    start = time.monotonic()
    assert bundle(project, "en", {}) == first
    assert time.monotonic() - start < 0.1


def test_every_address_in_a_style_is_a_file_of_the_bundle(project: Path) -> None:
    made = bundle(project, "en", {})
    named = set(re.findall(r'url\("?\./([^")]+)"?\)', text(made, made.css)))
    assert len(named) == 20
    assert {f"assets/{name}" for name in named} <= made.files.keys()
    assert "url()" not in text(made, made.css)
    assert not [name for name in made.files if name.endswith((".ttf", ".woff"))]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("runtime/page/main.js", "let x = ;", r"runtime/page/main\.js:1:8"),
        ("runtime/page/main.js", "import './gone.js';", r'Could not resolve "\./gone\.js"'),
        ("runtime/page/main.js", "if (typeof x == 'nmber') x;", "nmber"),
        ("assets/css/main.css", "p { color: red", r"assets/css/main\.css:1"),
        ("assets/css/main.css", 'p { background: url("gone.png") }', r"gone\.png"),
    ],
)
def test_what_esbuild_complains_of_stops_the_build(project: Path, name: str, content: str, words: str) -> None:
    (project / name).write_text(content, encoding="utf-8")
    with pytest.raises(BuildError, match=words):
        bundle(project, "en", {})
    assert list((project / ".cache/bundles").iterdir()) == []


def test_a_missing_entry_is_named(project: Path) -> None:
    (project / "runtime/worker/worker.js").unlink()
    with pytest.raises(BuildError, match=r"^runtime/worker/worker\.js is missing$"):
        bundle(project, "en", {})


def test_the_licences_of_what_is_shipped_go_with_it() -> None:
    made = bundle(ROOT, "en", catalogue.english().table)
    licences = text(made, "assets/licences.txt")
    for words in ("@codemirror/view", "katex", "pyodide", "Mozilla Public License|MPL-2.0", "SIL OPEN FONT LICENSE"):
        assert re.search(words, licences, re.IGNORECASE), words
