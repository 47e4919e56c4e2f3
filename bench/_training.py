"""The digits lab in the real page: how long ten epochs take there, how smooth the page stays, how soon Stop answers.

A reader's clicks start and stop it; times run from the click's event to the changed readouts. The page is at rest
otherwise and Python is awake, as it is for whoever has moved anything in the lab before.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page

from bench._chapter import chapter

LAB = "#lab-train-cnn"
FRAME_MS = 1000 / 60
WATCH = """
  window.frames_ms = [];
  const frame = (before) => requestAnimationFrame((now) => { window.frames_ms.push(now - before); frame(now); });
  requestAnimationFrame(frame);
  window.until = (section, act, word) => new Promise((settle, fail) => {
    const button = section.querySelector(`[data-act=${act}]`), place = section.querySelector('[data-region=readouts]');
    const timer = setTimeout(() => fail(new Error(`never ${word}`)), 60000);
    let start = 0;
    new MutationObserver((_, observer) => {
      if (!start || !place.textContent.endsWith(word)) return;
      observer.disconnect();
      clearTimeout(timer);
      settle({ ms: performance.now() - start, frames: window.frames_ms.splice(0) });
    }).observe(place, { childList: true });
    button.addEventListener('click', (event) => { start = event.timeStamp; window.frames_ms = []; }, { once: true });
    button.click();
  });
"""
PRESS = "(section, [act, word]) => window.until(section, act, word)"


def measure(seeds: Sequence[int]) -> dict[str, float]:
    """Seconds of a run, the frames meanwhile, and ms until Stop has stopped: medians over the seeds."""
    with chapter(WATCH) as page:
        page.locator(LAB).scroll_into_view_if_needed()
        runs = [_run(page, seed) for seed in seeds]
        stops = [_stop(page, 300 + 70 * number) for number in range(len(seeds))]
    frames = [frame for run in runs for frame in run["frames"]]
    print(
        f"in the page, s: {[round(run['ms'] / 1000, 2) for run in runs]}; Stop, ms: {[round(stop) for stop in stops]}"
    )
    print(f"frames: {len(frames)}, the longest {max(frames):.0f} ms")
    return {
        "page_s": median(run["ms"] for run in runs) / 1000,
        "frame_ms_p95": quantiles(frames, n=20, method="inclusive")[-1],
        "frames_late": sum(frame > 1.5 * FRAME_MS for frame in frames) / len(frames),
        "stop_ms": median(stops),
    }


def _run(page: Page, seed: int) -> dict[str, Any]:
    """Ten epochs with a seed."""
    lab = page.locator(LAB)
    lab.locator("input[name=seed]").fill(str(seed))
    lab.locator("[data-region=readouts]:has-text('ready')").wait_for()
    page.wait_for_timeout(300)
    run: dict[str, Any] = lab.evaluate(PRESS, ["start", "finished"])
    return run


def _stop(page: Page, milliseconds: int) -> float:
    """Stop a run so long after its start; gives ms."""
    lab = page.locator(LAB)
    lab.locator("[data-act=start]").click()
    page.wait_for_timeout(milliseconds)
    return float(lab.evaluate(PRESS, ["stop", "stopped"])["ms"])
