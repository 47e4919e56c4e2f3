"""Train what the labs show finished before the reader starts anything: writes the results beside the labs' data.

The same code as in the page; a test trains again and compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from instruments.data import make_textures
from instruments.experiments import depth, lenet, scene, served, shifts, teaching, trained_field, transfer


def course() -> None:
    """Write digits_course.npz: weights, losses, accuracies by epoch of seed 0, and how ten seeds end."""
    first = lenet.Course(lenet.Settings())
    first.advance(first.steps)
    accuracy, kept = (np.array(found) for found in lenet.results(range(10)).values())
    values, losses, accuracies = first.network.values, np.array(first.losses, np.float32), np.array(first.accuracies)
    np.savez_compressed(
        lenet.FINISHED, values=values, losses=losses, accuracies=accuracies, accuracy=accuracy, kept=kept
    )


def moving_digits() -> None:
    """Write shifts.json: five seeds."""
    _write(shifts.FINISHED, shifts.results(range(5)))


def depths() -> None:
    """Write depths.json: three seeds."""
    _write(depth.FINISHED, depth.results(range(3)))


def transfers() -> None:
    """Write the weights of a source network, and transfer.json: ten seeds."""
    run = transfer.pretraining(0)
    run.advance(run.steps)
    np.save(transfer.PRETRAINED, run.network.values)
    _write(transfer.FINISHED, transfer.results(range(10)))


def heads() -> None:
    """Write teaching.json: ten random networks. The trained one's files lie where a build leaves them."""
    _write(teaching.FINISHED, teaching.results(make_textures.pixels(), range(10)))


def servings() -> None:
    """Write served.json: ten seeds. The network's files lie where a build leaves them."""
    _write(served.FINISHED, served.results(range(10)))


def fields() -> None:
    """Write what a unit of the trained network sees, and of ten random ones, with the maps of the figure."""
    _write(trained_field.FINISHED, trained_field.results(range(10)))
    np.save(trained_field.HEATS, trained_field.heats(0))


def scenes() -> None:
    """Write scene.json: five seeds, and the weights of seed 0's networks that the page shows."""
    results, weights = scene.results(range(5))
    _write(scene.FINISHED, results)
    np.savez_compressed(scene.WEIGHTS, background=weights["background"], digits=weights["digits"])


def _write(file: Path, results: object) -> None:
    file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


MAKERS: dict[str, Callable[[], None]] = {
    "digits": course,
    "shifts": moving_digits,
    "depths": depths,
    "transfer": transfers,
    "teaching": heads,
    "served": servings,
    "fields": fields,
    "scene": scenes,
}


def main() -> None:
    """Make what the words of the command line name, or everything."""
    for name in sys.argv[1:] or MAKERS:
        MAKERS[name]()


if __name__ == "__main__":
    main()
