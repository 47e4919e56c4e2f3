"""The digits lab in the browser: ten courses with the default settings and seeds nobody tuned with.

`mean` and `min` are test accuracies over `seeds`; `epoch_s` is the median time of an epoch in seconds, its test
included; `to_cpython` is how many times longer than CPython the browser takes. The settings were chosen with seeds
from 100 on. CPython then trains the same seeds: every accuracy must be the same.

Then the lab in the real page, pictures and all: `page_s` from the click on Start to the end of ten epochs,
`frame_ms_p95` the 95th percentile of the time between the page's frames meanwhile, `frames_late` the share of frames
that came more than half a frame late (60 a second are meant), `stop_ms` from the click on Stop to a stopped lab.
"""

from __future__ import annotations

import json
import sys
import time

from bench import _training, _worker
from instruments.experiments.lenet import Course, Settings

SEEDS = range(10)
SOURCE = f"""
import json, time
from instruments.experiments.lenet import Course, Settings
found = []
for seed in {list(SEEDS)}:
    start = time.perf_counter()
    course = Course(Settings(seed=seed))
    course.advance(course.steps)
    found.append([course.accuracies[-1], time.perf_counter() - start])
json.dumps(found)
"""


def main() -> None:
    """Print accuracy and time of each seed, here and there, and the figures."""
    browser = _worker.run(SOURCE)
    python = [_train(seed) for seed in SEEDS]
    print(f"{'seed':>4} {'browser':>8} {'s':>6} {'CPython':>8} {'s':>6}")
    for seed, (there, here) in enumerate(zip(browser, python, strict=True)):
        print(f"{seed:4} {there[0]:8.1%} {there[1]:6.2f} {here[0]:8.1%} {here[1]:6.2f}")
    if [there[0] for there in browser] != [here[0] for here in python]:
        sys.exit("CPython and the browser disagree.")
    rights = [there[0] for there in browser]
    epoch = sorted(there[1] for there in browser)[len(browser) // 2] / Settings.epochs
    slower = sum(there[1] for there in browser) / sum(here[1] for here in python)
    figures = {"mean": sum(rights) / len(rights), "min": min(rights), "seeds": len(rights), "epoch_s": epoch}
    figures |= {"to_cpython": slower, **_training.measure(SEEDS[1:6])}
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def _train(seed: int) -> tuple[float, float]:
    start = time.perf_counter()
    course = Course(Settings(seed=seed))
    course.advance(course.steps)
    return course.accuracies[-1], time.perf_counter() - start


if __name__ == "__main__":
    main()
