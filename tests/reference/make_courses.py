"""Train what the labs show finished before the reader starts anything: writes the results beside the labs' data.

The same code as in the page; a test trains again and compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import numpy as np

from instruments.experiments import depth, lenet, shifts, transfer


def course() -> None:
    """Write digits_course.npz: weights, losses, accuracies by epoch of seed 0, and how ten seeds end."""
    runs = [lenet.Course(lenet.Settings(seed=seed)) for seed in range(10)]
    for run in runs:
        run.advance(run.steps)
    first, seeds = runs[0], np.array([run.accuracies[-1] for run in runs])
    accuracies, losses = np.array(first.accuracies), np.array(first.losses, np.float32)
    np.savez_compressed(lenet.FINISHED, values=first.network.values, losses=losses, accuracies=accuracies, seeds=seeds)
    print(f"digits: {seeds.tolist()}")


def moving_digits() -> None:
    """Write shifts.json: accuracies at shifts of 0, 1, 2 pixels, of five seeds, by kind and training."""
    results: dict[str, list[list[float]]] = {}
    for kind in shifts.KINDS:
        for trained in (0, 2):
            runs = [shifts.Study(shifts.Settings(kind, trained, seed)) for seed in range(5)]
            for run in runs:
                run.advance(run.steps)
            results[f"{kind} {trained}"] = [[round(share, 4) for share in run.accuracies] for run in runs]
            print(kind, trained, results[f"{kind} {trained}"], flush=True)
    shifts.FINISHED.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def depths() -> None:
    """Write depths.json: losses (means of 6 steps) and first gradients of three seeds, by kind and depth."""
    results: dict[str, list[dict[str, list[float]]]] = {}
    for number in depth.DEPTHS:
        for residual in (False, True):
            name = f"{'residual' if residual else 'plain'} {number}"
            results[name] = [_deep(depth.Settings(number, residual, seed)) for seed in range(3)]
            print(name, [run["losses"][-1] for run in results[name]], flush=True)
    depth.FINISHED.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _deep(settings: depth.Settings) -> dict[str, list[float]]:
    run = depth.Deep(settings)
    run.advance(run.steps)
    losses = [round(mean, 4) for _, mean in lenet.smoothed(run.losses, 6)]
    return {"losses": losses, "gradients": [float(f"{length:.4g}") for length in run.first_gradients]}


def transfers() -> None:
    """Write the pretrained weights, and transfer.json: accuracies of ten seeds by set-up, shots and method."""
    results: dict[str, list[float]] = {}
    for setup in transfer.SETUPS:
        run = transfer.pretraining(setup)
        run.advance(run.steps)
        np.save(transfer.pretrained_file(setup), run.network.values)
        print(setup, [transfer.served(setup, way) for way in ("right", "inverted", "forgotten", "sixteen")], flush=True)
        for shots in transfer.SHOTS:
            trial = transfer.Trial(transfer.Settings(setup, shots, 0, 10))
            trial.advance(trial.steps)
            for method, shares in trial.accuracies.items():
                results[f"{setup} {shots} {method}"] = [round(share, 4) for share in shares]
                print(setup, shots, method, round(sum(shares) / len(shares), 3), flush=True)
    transfer.FINISHED.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


MAKERS: dict[str, Callable[[], None]] = {
    "digits": course,
    "shifts": moving_digits,
    "depths": depths,
    "transfer": transfers,
}


def main() -> None:
    """Make what the words of the command line name, or everything."""
    for name in sys.argv[1:] or MAKERS:
        MAKERS[name]()


if __name__ == "__main__":
    main()
