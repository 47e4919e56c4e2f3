"""What the text concludes from the experiments: named inequalities on their results.

A sentence names the claim it rests on, and the build fails where the results no longer support it; `bench/claims.py`
puts the same claims to results of other seeds. Nothing here trains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from instruments.data.photographs import PHOTOGRAPHS
from instruments.experiments import depth, lenet, scene, served, shifts, teaching, trained_field, transfer


class Results(NamedTuple):
    """What the experiments found, each in the shape that its module describes."""

    digits: lenet.Results
    shifts: shifts.Results
    depth: depth.Results
    transfer: transfer.Results
    teaching: teaching.Results
    served: served.Results
    fields: trained_field.Results
    scene: scene.Results


class Claim(NamedTuple):
    """One quantity is larger than another."""

    larger: Callable[[Results], float]
    smaller: Callable[[Results], float]

    def margin(self, results: Results) -> float:
        """By how much the larger is larger, as a share of the one further from 0; 0 or less where it is not."""
        larger, smaller = self.larger(results), self.smaller(results)
        return (larger - smaller) / (max(abs(larger), abs(smaller)) or 1)


class UnsupportedError(ValueError):
    """Results that do not support a claim."""


def supported(name: str, results: Results) -> None:
    """Raise UnsupportedError where the results do not support the claim, KeyError where there is no such claim."""
    if name not in CLAIMS:
        close = get_close_matches(name, CLAIMS, 1, 0.5)
        raise KeyError(f"no claim is called so{f'; did you mean “{close[0]}”?' if close else ''}")
    claim = CLAIMS[name]
    if claim.margin(results) <= 0:
        larger, smaller = claim.larger(results), claim.smaller(results)
        raise UnsupportedError(f"the results do not support this: {larger:.3g} should be larger than {smaller:.3g}")


def stored() -> Results:
    """Return the results that stand in the page."""
    return Results(
        lenet.finished(),
        shifts.finished(),
        depth.finished(),
        transfer.finished(),
        teaching.finished(),
        served.finished(),
        trained_field.finished(),
        scene.finished(),
    )


# ---- what the results are asked for -------------------------------------------------------------------------------


def mean(values: Sequence[float]) -> float:
    """Return the mean over the seeds."""
    return sum(values) / len(values)


def moved(results: Results, network: str, by: int) -> float:
    """Mean share of digits read after a shift by so many pixels; `network` is such as "max dense 0"."""
    return mean([run[by] for run in results.shifts[network]])


def gain(results: Results, better: str, worse: str, by: int) -> float:
    """By how much one network reads more digits than another after a shift."""
    return moved(results, better, by) - moved(results, worse, by)


def meaned(results: Results, kind: str, by: int) -> float:
    """By how much a head on the mean of each map reads more digits after a shift than a dense one."""
    return gain(results, f"{kind} mean 0", f"{kind} dense 0", by)


def losses(results: Results, network: str) -> list[float]:
    """Loss at the end, mean of the last 18 steps, one for each seed; `network` is such as "plain 40"."""
    return [mean(run["losses"][-3:]) for run in results.depth[network]]


def grown(results: Results, network: str, when: str) -> float:
    """Median over the seeds of the gradient's length near the input over that near the output."""
    ratios = sorted(run[when][1] / run[when][-1] for run in results.depth[network])
    return ratios[len(ratios) // 2]


def read(results: Results, case: str) -> float:
    """Mean share of new digits read, or of known ones; `case` is such as "moving 10 720 tuned" or "served right"."""
    return mean(results.transfer[case])


def rights(results: Results, case: str) -> float:
    """Mean number of pictures judged rightly; `case` is such as "left out random 11"."""
    return mean(results.teaching[case])


def crops(results: Results, case: str) -> float:
    """Mean share over the seeds; `case` is such as "bgr head"."""
    return mean(results.served[case])


def cost(results: Results, way: str) -> float:
    """By how much a new head names fewer crops than rightly served ones."""
    return crops(results, "right head") - crops(results, f"{way} head")


def half(results: Results, case: str) -> float:
    """Mean side of the square that holds half of the squared gradient, px; `case` is such as "trained 11"."""
    return mean(results.fields[case])


def scenes(results: Results, case: str) -> float:
    """Mean over the seeds; `case` is such as "background pass 0.9 found"."""
    return mean(results.scene[case])


def changed(kind: str, smoothing: int) -> float:
    """Change of a halved map by a shift of one pixel, in deviations."""
    return shifts.change(kind, 1, smoothing).error


CLAIMS: dict[str, Claim] = {
    # 2.2, maps alone
    "smoother max-pooled maps change less": Claim(lambda _: changed("max", 0), lambda _: changed("max", 1)),
    "twice smoothed max-pooled maps change least": Claim(lambda _: changed("max", 1), lambda _: changed("max", 2)),
    "fewer values of a smoother map stay": Claim(
        lambda _: shifts.change("max", 1, 0).unchanged, lambda _: shifts.change("max", 1, 1).unchanged
    ),
    "averaging is steadier than max-pooling": Claim(lambda _: changed("max", 1), lambda _: changed("average", 1)),
    # 2.2, networks
    "one pixel costs a centred network a fifth": Claim(
        lambda r: moved(r, "max dense 0", 0) - moved(r, "max dense 0", 1), lambda _: 0.2
    ),
    "strides suffer most": Claim(
        lambda r: min(moved(r, f"{kind} dense 0", 1) for kind in ("max", "average", "blur")),
        lambda r: moved(r, "stride dense 0", 1),
    ),
    "blurring helps after one pixel": Claim(
        lambda r: moved(r, "blur dense 0", 1), lambda r: moved(r, "max dense 0", 1)
    ),
    "moving digits in training help more than blurring": Claim(
        lambda r: gain(r, "max dense 2", "max dense 0", 1), lambda r: gain(r, "blur dense 0", "max dense 0", 1)
    ),
    "moving digits in training help more than the head": Claim(
        lambda r: gain(r, "max dense 2", "max dense 0", 2), lambda r: gain(r, "average mean 0", "average dense 0", 2)
    ),
    "steadier maps need not make a steadier network": Claim(
        lambda r: moved(r, "max dense 0", 1), lambda r: moved(r, "average dense 0", 1)
    ),
    "after two pixels the mean of maps helps pools": Claim(
        lambda r: min(meaned(r, kind, 2) for kind in ("max", "average")), lambda _: 0.2
    ),
    "the mean of maps does nothing for strides": Claim(lambda _: 0.02, lambda r: abs(meaned(r, "stride", 2))),
    "after one pixel the mean of maps helps pools far less": Claim(
        lambda r: min(meaned(r, kind, 2) for kind in ("max", "average")),
        lambda r: max(meaned(r, kind, 1) for kind in ("max", "average")) + 0.1,
    ),
    "strides cost small networks some accuracy": Claim(
        lambda r: moved(r, "max dense 2", 0), lambda r: moved(r, "stride dense 2", 0) + 0.03
    ),
    "moving digits in training cost a dense head at most two points": Claim(
        lambda r: moved(r, "max dense 2", 0) + 0.02, lambda r: moved(r, "max dense 0", 0)
    ),
    "the mean of maps costs accuracy in place": Claim(
        lambda _: 0, lambda r: max(meaned(r, kind, 0) for kind in shifts.KINDS)
    ),
    # 2.4
    "nearly all unseen digits are read": Claim(lambda r: mean(r.digits["accuracy"]), lambda _: 0.96),
    "first kernels hardly turn": Claim(lambda r: min(r.digits["kept"]), lambda _: 0.8),
    "shallow stacks end near each other": Claim(
        lambda _: 0.15, lambda r: abs(mean(losses(r, "plain 4")) - mean(losses(r, "residual 4")))
    ),
    "every deep plain stack trains worse than every deep residual one": Claim(
        lambda r: min(losses(r, "plain 40")), lambda r: max(losses(r, "residual 40"))
    ),
    "deep plain gradients begin long at the input": Claim(lambda r: grown(r, "plain 40", "first"), lambda _: 10),
    "slower rates do not rescue deep plain stacks": Claim(
        lambda r: min(min(losses(r, f"plain 40 {rate}")) for rate in depth.SLOWER),
        lambda r: max(losses(r, "residual 40")),
    ),
    "deep plain gradients are even after three steps": Claim(
        lambda r: grown(r, "plain 40", "first"), lambda r: 10 * max(run["ratios"][0] for run in r.depth["plain 40"])
    ),
    # 2.5
    "transfer's lead shrinks with training": Claim(
        lambda r: read(r, "moving 10 120 tuned") - read(r, "moving 10 120 scratch"),
        lambda r: 3 * abs(read(r, "moving 10 720 tuned") - read(r, "moving 10 720 scratch")),
    ),
    "tuning at the full rate leads to the end": Claim(
        lambda r: read(r, "moving 10 720 tuned"),
        lambda r: max(read(r, f"moving 10 720 {way}") for way in ("scratch", "frozen", "gentle")),
    ),
    "with one label transfer wins": Claim(
        lambda r: read(r, "moving 1 720 tuned"), lambda r: read(r, "moving 1 720 scratch")
    ),
    "transfer saves steps": Claim(
        lambda r: read(r, "moving 10 120 tuned"), lambda r: read(r, "moving 10 120 scratch") + 0.1
    ),
    "frozen and slow backbones lead first": Claim(
        lambda r: min(read(r, "moving 10 30 frozen"), read(r, "moving 10 30 gentle")),
        lambda r: max(read(r, "moving 10 30 scratch"), read(r, "moving 10 30 tuned")),
    ),
    "frozen features stop early": Claim(
        lambda r: read(r, "moving 10 720 scratch"), lambda r: read(r, "moving 10 720 frozen") + 0.05
    ),
    "a tenth of the rate is too low here": Claim(
        lambda r: read(r, "moving 10 720 tuned"), lambda r: read(r, "moving 10 720 gentle") + 0.02
    ),
    "a second label does more than transfer": Claim(
        lambda r: read(r, "moving 2 720 scratch"), lambda r: read(r, "moving 1 720 tuned")
    ),
    "transfer hardly helps still pictures": Claim(
        lambda _: 0.12,
        lambda r: max(read(r, f"still 10 720 {way}") for way in transfer.METHODS) - read(r, "still 10 720 scratch"),
    ),
    "moving the labelled pictures decides": Claim(
        lambda r: read(r, "moving 10 720 scratch") - read(r, "still 10 720 scratch"), lambda _: 0.3
    ),
    "inverted digits are read no better than by guessing": Claim(lambda _: 0.25, lambda r: read(r, "served inverted")),
    "a forgotten normalisation costs": Claim(
        lambda r: read(r, "served right"), lambda r: read(r, "served forgotten") + 0.05
    ),
    "trained features serve at every cut": Claim(
        lambda r: min(rights(r, f"left out trained {cut}") for cut in teaching.CUTS), lambda _: 14.5
    ),
    "trained features serve on the right halves": Claim(
        lambda r: min(rights(r, f"asked trained {cut}") for cut in teaching.CUTS[1:]), lambda _: 8.5
    ),
    "on the right halves depth takes little from random features": Claim(
        lambda _: 1, lambda r: abs(rights(r, "asked random 0") - rights(r, "asked random 11"))
    ),
    "a first layer serves with random weights too": Claim(lambda r: rights(r, "left out random 0"), lambda _: 14.5),
    "random features serve worse the deeper the cut": Claim(
        lambda r: rights(r, "left out random 0"), lambda r: rights(r, "left out random 11") + 1
    ),
    "pixels serve worse than a trained network": Claim(
        lambda r: rights(r, "left out trained 11"), lambda r: rights(r, "left out pixels") + 1
    ),
    # 2.5, the network trained on ImageNet; a guess among the photographs names a fifth
    "unscaled numbers leave a new head near guessing": Claim(lambda _: 0.35, lambda r: crops(r, "unscaled head")),
    "unscaled numbers make a first map of extremes": Claim(
        lambda r: crops(r, "unscaled extreme"), lambda r: crops(r, "right extreme") + 0.5
    ),
    "a wrong layout costs a new head half": Claim(lambda r: cost(r, "layout"), lambda _: 0.45),
    "scaled twice, a new head guesses": Claim(lambda _: 0.25, lambda r: crops(r, "twice head")),
    "wrapping around costs a new head a quarter": Claim(lambda r: cost(r, "wrapped"), lambda _: 0.25),
    "half the size costs a new head little and most names": Claim(
        lambda r: 1 - crops(r, "half name"), lambda r: 5 * cost(r, "half")
    ),
    "a last map of one place costs a new head what its pixels do not": Claim(
        lambda r: min(crops(r, "enlarged head"), crops(r, "forty head")), lambda r: crops(r, "quarter head") + 0.3
    ),
    "a head taught with the same mistake names more": Claim(
        lambda r: min(crops(r, f"{way} taught") - crops(r, f"{way} head") for way in served.TAUGHT), lambda _: 0.1
    ),
    "a quarter of the size leaves a new head near guessing": Claim(lambda _: 0.35, lambda r: crops(r, "quarter head")),
    "constants and the order of colours hardly move a new head": Claim(
        lambda _: 0.05, lambda r: max(cost(r, "constants"), cost(r, "bgr"))
    ),
    "constants and the order of colours change a quarter of the names": Claim(
        lambda r: 1 - max(crops(r, "constants name"), crops(r, "bgr name")), lambda _: 0.25
    ),
    "inverted photographs cost a new head little": Claim(lambda _: 0.1, lambda r: cost(r, "inverted")),
    "a new head knows tiles twice as often as by guessing": Claim(
        lambda r: crops(r, "tiles head"), lambda _: 2 / len(PHOTOGRAPHS)
    ),
    "destroyed input is answered surely": Claim(
        lambda r: min(crops(r, "unscaled share"), crops(r, "layout share")), lambda _: 0.65
    ),
    "half of a trained unit's sight lies in a tenth of its field": Claim(
        lambda _: 0.1, lambda r: half(r, "trained 11") / len(trained_field.field(11)[0])
    ),
    "every random unit spreads its sight wider than a trained one": Claim(
        lambda r: min(
            min(r.fields[f"random {n}"][photograph :: len(r.fields[f"trained {n}"])]) - side
            for n in trained_field.NUMBERS
            for photograph, side in enumerate(r.fields[f"trained {n}"])
        ),
        lambda _: 0,
    ),
    # 2.5, scenes; of digits at random places 9/16 are within a pixel of a middle
    "a coarse step misses what must stand in the middle": Claim(
        lambda _: 0.15, lambda r: abs(scenes(r, "exact pass 0.9 found") - 9 / 16)
    ),
    "accepting half the jump makes up for most of it": Claim(
        lambda r: scenes(r, "background pass 0.9 found") - scenes(r, "exact pass 0.9 found"),
        lambda r: 2 * (scenes(r, "background windows 0.9 found") - scenes(r, "background pass 0.9 found")),
    ),
    "at a higher threshold windows still name more than one pass": Claim(
        lambda r: scenes(r, "background windows 0.99 found"), lambda r: scenes(r, "background pass 0.9 found")
    ),
    "no digit needs a class of its own": Claim(
        lambda r: min(r.scene["digits pass 0.9 false"]), lambda r: 5 * max(r.scene["background pass 0.9 false"])
    ),
    "a higher threshold does not replace the class": Claim(
        lambda r: min(
            scenes(r, f"digits pass {threshold} false")
            for threshold in scene.THRESHOLDS
            if scenes(r, f"digits pass {threshold} found") >= scenes(r, "background pass 0.9 found") - 0.02
        ),
        lambda r: 3 * scenes(r, "background pass 0.9 false"),
    ),
    "a collapsed input is answered with tiny shares": Claim(
        lambda _: 0.01, lambda r: max(crops(r, "twice share"), crops(r, "quarter share"))
    ),
}
"""By name, as the text names them."""
