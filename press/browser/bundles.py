"""JavaScript, CSS and fonts -> the few files a page loads, named by their content; made by esbuild.

The result is kept in `.cache/bundles/`, keyed by everything it is made from. Pyodide is not bundled: see
`pyodide_files.py`.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from press.browser.file_entry import file_entry
from press.cache import SUMS, Cache, contents
from press.processes import node

FOLDER = "assets"
SHARING = JS, EDITOR = "runtime/page/main.js", "runtime/page/cells/editor.js"
"""What may share files with one another."""
CSS = "assets/css/main.css"
ALONE = WORKER, GATEWAY, THEME, KEEPER = (
    "runtime/worker/worker.js",
    "runtime/engine/gateway.js",
    "runtime/page/theme.js",
    "runtime/offline/service_worker.js",
)
"""Scripts that must be one file each: they run where none can be fetched, or before anything else."""
SOURCES = ("runtime/**/*.js", "assets/**/*.css", "assets/**/*.woff2", "assets/**/*.txt")
OPTIONS = (
    "--bundle",
    "--format=esm",
    "--minify",
    "--target=chrome123,edge123,firefox121,safari17.5",  # the README promises these; light-dark() came last
    "--entry-names=[name]-[hash]",
    "--chunk-names=[name]-[hash]",
    "--asset-names=[name]-[hash]",
    "--loader:.woff2=file",
    "--loader:.woff=empty",
    "--loader:.ttf=empty",
    "--legal-comments=none",
    "--log-level=warning",
    "--log-limit=0",
    "--color=false",
)
IMPORT = re.compile(r'@import "\./(?P<files>[^"]+)"(?P<layer>[^;]*);')
EMPTY_SOURCES = (',url() format("woff")', ',url() format("truetype")')
PAIRS_OF_SIZES = re.compile(r"\.katex \.katex-sizing\.reset-size\d+\.size\d+,[^{}]*\{[^{}]*\}")


class BuildError(Exception):
    """The scripts or styles cannot be bundled; esbuild's own words."""


@dataclass(frozen=True)
class Bundle:
    """Files by their address in the site; the addresses that pages name, and what scripts must know.

    `keeper` is the source of the service worker, see `offline_list.py`.
    """

    files: Mapping[str, Path | bytes]
    css: str
    js: str
    theme: str
    faces: tuple[str, ...]
    manifest: dict[str, Any]
    keeper: str = ""

    def fonts(self, names: Iterable[str]) -> list[str]:
        """The addresses of faces of type, by the names of their files without the hash."""
        return [face for name in names for face in self.faces if face.startswith(f"{FOLDER}/{name}-")]


def bundle(root: Path, language: str, words: Mapping[str, str]) -> Bundle:
    """Make the bundle of the project at `root`, or find it made. Raises BuildError.

    `words` are the page's own in a language, by their names: where a script says WORDS.cell.run, its bundle holds the
    word itself, and where it says LANGUAGE, the language.
    """
    sources = sorted(path for pattern in SOURCES for path in root.glob(pattern))
    inputs = {**contents([*sources, root / "package-lock.json"], root), "this": Path(__file__).read_bytes()}
    names = {"LANGUAGE": language, **{f"WORDS.{name}": word for name, word in words.items()}}
    inputs["names"] = json.dumps(names, sort_keys=True)
    made = Cache(root / ".cache", "bundles", most=16).files(inputs, partial(_make, root, names))
    assert made
    outputs = json.loads((made / "meta.json").read_text(encoding="utf-8"))["outputs"]
    named = {output.get("entryPoint"): f"{FOLDER}/{Path(path).name}" for path, output in outputs.items()}
    (css,) = (file for entry, file in named.items() if str(entry).endswith(".css"))
    files = {f"{FOLDER}/{path.name}": path for path in sorted(made.iterdir()) if path.name not in ("meta.json", SUMS)}
    faces = tuple(file for file in files if file.endswith(".woff2"))
    keeper = files.pop(named[KEEPER]).read_text(encoding="utf-8")
    workers = {Path(script).stem: file_entry(named[script], files[named[script]]) for script in (WORKER, GATEWAY)}
    manifest = {"editor": named[EDITOR], **workers}
    return Bundle(files, css, named[JS], named[THEME], faces, manifest, keeper)


def _make(root: Path, names: Mapping[str, str], out: Path) -> None:
    """Bundle into a folder."""
    missing = [entry for entry in (*SHARING, CSS, *ALONE) if not (root / entry).is_file()]
    if missing:
        raise BuildError(f"{missing[0]} is missing")
    with tempfile.TemporaryDirectory(dir=root / ".cache") as folder:
        style = Path(folder) / Path(CSS).name
        style.write_text(_with_every_block(root / CSS), encoding="utf-8")
        defined = [f"--define:{name}={json.dumps(text)}" for name, text in names.items()]
        entries = ([*SHARING, str(style), "--splitting"], ALONE)
        parts = [_esbuild(root, out, [*each, *defined]) for each in entries]
    meta = {key: parts[0][key] | parts[1][key] for key in ("inputs", "outputs")}
    (out / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    (out / "licences.txt").write_text(_licences(root, meta), encoding="utf-8", newline="\n")
    for style in out.glob("*.css"):
        style.write_text(_lighter(style.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def _esbuild(root: Path, out: Path, entries: Iterable[str]) -> Any:
    """Bundle the entries; gives what esbuild tells of inputs and outputs."""
    meta = out / "meta.json"
    words = [*entries, *OPTIONS, f"--outdir={out}", f"--metafile={meta}"]
    done = node.run(root / "node_modules" / "esbuild" / "bin" / "esbuild", words, root)
    if done.returncode or done.stderr.strip():
        told = re.sub(rf"\S*/{Path(CSS).name}(?=:\d)", CSS, done.stderr.partition("\nnode:")[0].strip())
        raise BuildError(told or f"esbuild ended with status {done.returncode}")
    return json.loads(meta.read_text(encoding="utf-8"))


def _with_every_block(sheet: Path) -> str:
    """The sheet with an import for each file where it names them by a star, all by their full paths."""

    def imports(match: re.Match[str]) -> str:
        files = sorted(sheet.parent.glob(match["files"]))
        return "\n".join(f'@import "{file.as_posix()}"{match["layer"]};' for file in files)

    return IMPORT.sub(imports, sheet.read_text(encoding="utf-8"))


def _lighter(css: str) -> str:
    """Take out of KaTeX's sheet what the `empty` loader left of fonts nobody needs, and what `tex.css` says shorter."""
    for source in EMPTY_SOURCES:
        css = css.replace(source, "")
    return PAIRS_OF_SIZES.sub("", css)


def _licences(root: Path, meta: Mapping[str, Any]) -> str:
    """The licences of everything the site ships that others made."""
    texts = [_licence(root / "node_modules" / name) for name in sorted({*_packages(meta), "pyodide"})]
    fonts = [path.read_text(encoding="utf-8").strip() for path in sorted((root / "assets").glob("**/*.txt"))]
    return "\n\n\n".join([*texts, *fonts]) + "\n"


def _packages(meta: Mapping[str, Any]) -> Iterator[str]:
    """The npm packages among a bundle's inputs: `name` or `@scope/name`."""
    for path in meta["inputs"]:
        below = path.rpartition("node_modules/")[2]
        if below != path:
            words = below.split("/")
            yield "/".join(words[: 2 if below.startswith("@") else 1])


def _licence(package: Path) -> str:
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    source = about.get("repository", {})
    link = source.get("url", "") if isinstance(source, dict) else source
    text = [path.read_text(encoding="utf-8").strip() for path in sorted(package.glob("LICEN[SC]E*"))]
    return "\n\n".join([f"{about['name']} {about['version']}: {about['license']}, {link}", *text])
