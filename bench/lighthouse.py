"""What Lighthouse, with its default settings, says of the chapter: each category's median of five visits, of 100.

`performance`, `accessibility`, `best_practices`, `seo`: the worse of a phone and a desktop. The server compresses text,
as every static host does. Lighthouse has a lock of its own in `bench/`, because nothing but this needs it. On a busy
machine `performance` says more about the machine than about the page.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO

from devtools.chromium import SANDBOX, VARIABLE, chromium
from devtools.setup import node, node_packages
from press.processes.static_server import TYPES, Handler, background
from press.site import build

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "bench/node_modules/lighthouse/cli/index.js"
VISITS = 5
DEVICES = {"phone": [], "desktop": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MEASURES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
FLAGS = "--headless=new --disable-background-networking --disable-component-update --disable-sync --no-first-run"


class Host(Handler):
    """Sends text compressed."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Find the file and compress it."""
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        if not file.is_file() or not TYPES.get(file.suffix, "").startswith(("text/", "application/j")):
            return super().send_head()
        content = gzip.compress(file.read_bytes())
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", TYPES[file.suffix])
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)


def main() -> None:
    """Visit, print a table and what cost points, and the figures."""
    node_packages(ROOT / "bench")
    with host() as url:
        reports = {name: [visit(f"{url}cnn/", words) for _ in range(VISITS)] for name, words in DEVICES.items()}
    for name, visits in reports.items():
        print(f"{name}: " + ", ".join(f"{each} {score(visits, each):.0f}" for each in CATEGORIES))
        print("  " + ", ".join(f"{each} {measure(visits, each):g}" for each in MEASURES))
        for words in sorted({words for report in visits for words in lost(report)}):
            print(f"  {words}")
    worst = {each: min(score(visits, each) for visits in reports.values()) for each in CATEGORIES}
    print(json.dumps({each.replace("-", "_"): round(points) for each, points in worst.items()}))


@contextmanager
def host() -> Iterator[str]:
    """The address of a site built for this."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        build(ROOT, site)
        with background(site, kind=Host) as server:
            yield server.url


def visit(url: str, words: list[str]) -> dict[str, Any]:
    """One report. Raises CalledProcessError when Lighthouse cannot look at the page."""
    flags = " ".join([FLAGS, *SANDBOX])
    command = [str(node()), str(PROGRAM), url, *words, "--output=json", "--quiet", f"--chrome-flags={flags}"]
    environment = {**os.environ, "CHROME_PATH": os.environ.get(VARIABLE) or str(chromium())}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def score(visits: list[dict[str, Any]], category: str) -> float:
    """The median of a category's points, of 100."""
    return 100 * median(report["categories"][category]["score"] for report in visits)


def measure(visits: list[dict[str, Any]], audit: str) -> float:
    """The median of a measure: milliseconds, or the share of the window that moved."""
    return round(median(report["audits"][audit]["numericValue"] for report in visits), 3)


def lost(report: dict[str, Any]) -> Iterator[str]:
    """The audits of a visit that cost points."""
    for category in CATEGORIES:
        for each in report["categories"][category]["auditRefs"]:
            audit = report["audits"][each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{category}: {audit['title']}: {audit.get('displayValue', '')}"


if __name__ == "__main__":
    main()
