"""Runs Python in a bare web worker of a real Chromium: Pyodide, numpy, the project's instruments, nothing of the page.

Benchmarks of arithmetic use it, so that they measure arithmetic.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from devtools.chromium import SANDBOX, chromium
from press.browser.distribution import LOCK
from press.browser.pyodide_files import browser_runtime
from press.browser.wheels import Wheel, fetch
from press.processes.static_server import background

ROOT = Path(__file__).resolve().parent.parent
WORKER = """
addEventListener("message", async ({ data: { engine, lock, numpy, pack, extra, modules, fetched, source } }) => {
  const bytes = async (url) => (await fetch(url)).arrayBuffer();
  try {
    const { loadPyodide } = await import(`${engine}pyodide.mjs`);
    const python = await loadPyodide({ indexURL: engine, lockFileContents: lock });
    for (const wheel of [numpy, ...extra]) python.unpackArchive(await bytes(wheel), "wheel");
    python.unpackArchive(await bytes(pack), "zip", { extractDir: "/pack" });
    python.FS.mkdirTree("/pack/bench");
    for (const [name, text] of Object.entries(modules)) python.FS.writeFile(`/pack/bench/${name}`, text);
    python.FS.mkdirTree("/pack/.cache/fetched");
    for (const [name, url] of Object.entries(fetched))
      python.FS.writeFile(`/pack/.cache/fetched/${name}`, new Uint8Array(await bytes(url)));
    python.runPython("import sys; sys.path.insert(0, '/pack')");
    postMessage({ result: await python.runPythonAsync(source) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
"""
ASK = """
(job) => new Promise((settle) => {
  const worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => settle(data);
  worker.onerror = (event) => settle({ error: event.message });
  worker.postMessage(job);
})
"""


def run(
    source: str, packages: Sequence[str] = (), modules: Sequence[Path] = (), fetched: Mapping[str, Path] | None = None
) -> Any:
    """Return the last value of the source, a JSON text, read.

    `packages` are further wheels of Pyodide's lock, `modules` files of this folder that the source imports, `fetched`
    those that instruments fetch.

    Raises RuntimeError with Python's traceback.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        job = {**_unpack(Path(folder), packages), "source": source}
        job["modules"] = {module.name: module.read_text(encoding="utf-8") for module in modules}
        for name, path in (fetched or {}).items():
            shutil.copyfile(path, Path(folder) / name)
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=SANDBOX)
        with background(Path(folder)) as server:
            page = browser.new_page()
            page.goto(server.url)
            urls: dict[str, Any] = {name: f"{server.url}{job[name]}" for name in ("engine", "numpy", "pack")}
            urls["extra"] = [server.url + name for name in job["extra"]]
            urls["fetched"] = {name: server.url + name for name in fetched or {}}
            answer = page.evaluate(ASK, {**job, **urls})
        browser.close()
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return json.loads(answer["result"])


def _unpack(folder: Path, packages: Sequence[str]) -> dict[str, Any]:
    """Write everything a worker loads; gives the addresses."""
    runtime = browser_runtime(ROOT)
    for name, content in runtime.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            shutil.copyfile(content, target)
    (folder / "worker.js").write_text(WORKER, encoding="utf-8")
    (folder / "index.html").write_text("<!doctype html><title>Benchmark</title>", encoding="utf-8")
    extra = [_wheel(name) for name in packages]
    for wheel in extra:
        shutil.copyfile(wheel, folder / wheel.name)
    files = runtime.manifest["files"]
    return {
        "engine": runtime.manifest["engine"],
        "lock": json.dumps(runtime.manifest["lock"]),
        "numpy": files["numpy"]["url"],
        "pack": files["pack"]["url"],
        "extra": [wheel.name for wheel in extra],
    }


def _wheel(name: str) -> Path:
    """Fetch a wheel of Pyodide's distribution, from wherever it can be had."""
    package = ROOT / "node_modules" / "pyodide"
    about = json.loads((package / LOCK).read_text(encoding="utf-8"))["packages"][name]
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    return fetch([Wheel(version, about["file_name"], about["sha256"])], ROOT / ".cache" / "wheels")[0]
