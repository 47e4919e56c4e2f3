"""What every lab promises, and that the finished results on the page are what the same code computes now."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.experiments import claims, depth, lenet, shifts, transfer
from instruments.labs import phases, residual_lab, shift_lab, train_cnn, transfer_lab
from press.text.values import ValueMistake, evaluator

ROOT = Path(__file__).resolve().parents[2]

CHEAP: dict[kit.Instrument[Any], dict[str, Any]] = {
    train_cnn: {"batch": "128", "channels": "4"},
    shift_lab: {"kind": "stride"},
    residual_lab: {"size": "4"},
    transfer_lab: {"shots": "2", "budget": "30"},
}
"""For each lab the settings of its quickest run."""

LABS = pytest.mark.parametrize("lab", CHEAP, ids=lambda lab: lab.__name__.rpartition(".")[2])


def begun(lab: kit.Instrument[Any], steps: int) -> list[dict[str, Any]]:
    """The first few answers of a cheap run."""
    start = kit.respond(lab, {"set": CHEAP[lab]})["state"]
    work = kit.work(lab, {"state": start, "acts": ["start"]})
    return [next(work) for _ in range(steps)]


@LABS
def test_the_first_picture_is_whole_and_needs_no_training(
    lab: kit.Instrument[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in (lenet.Course, shifts.Study, depth.Deep, transfer.Trial):
        monkeypatch.setattr(run, "advance", None)
    answer = kit.respond(lab, {})
    assert answer["state"] == json.loads(json.dumps(asdict(lab.State())), object_hook=_tuples)
    assert set(answer["regions"]) == {region.name for region in lab.REGIONS}
    assert all(answer["regions"].values())
    assert answer["sentence"].endswith(".")
    assert "<table" in "".join(answer["regions"].values())


def _tuples(state: dict[str, Any]) -> dict[str, Any]:
    return {field: tuple(value) if isinstance(value, list) else value for field, value in state.items()}


@LABS
def test_work_goes_on_from_where_it_was_paused(lab: kit.Instrument[Any]) -> None:
    first, second = begun(lab, 2)
    assert 0 < first["state"]["step"] < second["state"]["step"]
    assert first["state"]["phase"] == "running" and first["limits"]["start"]["disabled"]
    paused = kit.respond(lab, {"state": first["state"], "acts": ["pause"]})
    assert paused["state"] == {**first["state"], "phase": "paused"}
    again = next(kit.work(lab, {"state": paused["state"], "acts": ["start"]}))
    assert again["state"] == second["state"]
    assert second["regions"] and second["regions"].items() <= again["regions"].items()  # a new run draws all at first


@LABS
def test_a_changed_setting_has_not_begun_and_a_shown_one_changes_nothing(lab: kit.Instrument[Any]) -> None:
    running = begun(lab, 1)[0]["state"]
    other = kit.respond(lab, {"state": running, "set": {"seed": 42}})["state"]
    assert (other["step"], other["phase"]) == (0, "ready")
    same = kit.respond(lab, {"state": running, "set": {"seed": running["seed"]}})["state"]
    assert same == {**running, "phase": "paused"}


@LABS
@pytest.mark.parametrize(
    "rubbish", [{"state": 3}, {"state": {"step": -5, "phase": None, "seed": "x"}}, {"acts": ["💥", "stop", "pause"]}]
)
def test_rubbish_leads_to_a_valid_picture(lab: kit.Instrument[Any], rubbish: dict[str, Any]) -> None:
    answer = kit.respond(lab, rubbish)
    assert json.dumps(answer)
    assert answer["state"]["phase"] in ("ready", "finished")


def test_a_run_ends_finished_whatever_the_stride() -> None:
    state = replace(shift_lab.State(), phase="running")
    steps = [onwards.step for onwards in phases.onwards(state, 30, 12)]
    assert steps == [12, 24, 30]
    assert [onwards.phase for onwards in phases.onwards(state, 30, 12)] == ["running", "running", "finished"]


# ---- the results on the page --------------------------------------------------------------------------------------


def test_a_finished_study_of_shifts_is_what_training_gives() -> None:
    study = shifts.Study(shifts.Settings("stride", "mean", 0, 0))
    study.advance(study.steps)
    assert [round(share, 4) for share in study.accuracies] == shifts.finished()["stride mean 0"][0]


def test_finished_deep_networks_are_what_training_gives() -> None:
    for residual, name in ((False, "plain 4"), (True, "residual 4")):
        run = depth.Deep(depth.Settings(4, residual, 0))
        run.advance(run.steps)
        assert depth.summary(run) == depth.finished()[name][0]


def test_finished_transfers_are_what_training_gives() -> None:
    trial = transfer.Trial(transfer.Settings("moving", 10, 30, seed=0))
    trial.advance(trial.steps)
    for method, share in trial.accuracies.items():
        assert round(share, 4) == transfer.finished()[f"moving 10 30 {method}"][0]


def test_pretraining_starts_as_the_build_did_and_knows_its_digits() -> None:
    run = transfer.pretraining(0)
    run.advance(run.steps)
    np.testing.assert_array_equal(run.network.values, transfer.pretrained(0))
    for way in transfer.WAYS:
        assert round(transfer.served(0, way), 4) == transfer.finished()[f"served {way}"][0]


def test_finished_courses_of_the_lab_that_learns_digits_are_what_training_gives() -> None:
    (accuracy,), (kept,) = lenet.results([3]).values()
    assert accuracy == lenet.finished()["accuracy"][3]
    assert kept == pytest.approx(lenet.finished()["kept"][3], abs=1e-6)


def test_every_way_of_learning_sees_each_labelled_picture_equally_often_and_only_moving_ones_move() -> None:
    for training, sides in (("moving", 8), ("still", 16)):
        for method in transfer.METHODS:
            run, test, names = transfer._adaptation(transfer.Settings(training, 5, 30), method)
            assert len(run.images) == 30 * transfer.BATCH and run.images.shape[-1] == sides
            seen = np.unique(run.images.reshape(len(run.images), -1), axis=0, return_counts=True)[1]
            assert len(seen) == 25 and seen.max() - seen.min() <= 1
            assert len(test) == len(names) == 896 - 25


# ---- what the text says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", claims.CLAIMS)
def test_the_stored_results_support_each_claim(name: str) -> None:
    claims.supported(name, claims.stored())


def test_results_that_say_otherwise_do_not_support_a_claim() -> None:
    known = claims.stored()
    name = "moving the labelled pictures decides"
    other = {case: known.transfer[case.replace("still", "moving")] for case in known.transfer}
    with pytest.raises(claims.UnsupportedError, match=r"should be larger than 0\.3"):
        claims.supported(name, known._replace(transfer=other))
    assert claims.CLAIMS[name].margin(known) > 0
    worse = {case: [-share for share in shares] for case, shares in known.transfer.items()}
    assert claims.CLAIMS["transfer saves steps"].margin(known._replace(transfer=worse)) < 0


def test_the_build_says_which_sentence_the_results_contradict(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate = evaluator(ROOT / "content" / "cnn" / "figures.py")
    source = 'claim("transfer saves steps")'
    known = claims.stored()
    slower = {case: known.transfer[case.replace("tuned", "scratch")] for case in known.transfer}
    assert evaluate(source) == ""
    monkeypatch.setattr(claims, "stored", lambda: known._replace(transfer=slower))
    again = evaluator(ROOT / "content" / "cnn" / "figures.py")
    with pytest.raises(ValueMistake, match=r"transfer saves steps.*do not support this: 0\.529 should be larger"):
        again(source)


def test_a_claim_by_another_name_is_not_taken_for_supported() -> None:
    with pytest.raises(KeyError, match="did you mean “transfer saves steps”"):
        claims.supported("transfer saves step", claims.stored())


def test_every_claim_stands_behind_a_sentence_of_the_chapter() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "content" / "cnn").glob("*.md"))
    assert [name for name in claims.CLAIMS if f'claim("{name}")' not in text] == []


def test_even_shifts_pass_through_halving_and_odd_ones_do_not() -> None:
    for kind in shifts.KINDS:
        for smoothing in (0, 1, 4):
            assert shifts.change(kind, 2, smoothing) == shifts.Change(1.0, 0.0)
            assert shifts.change(kind, 1, smoothing).error > 0.3
            assert shifts.change("blur", 1, smoothing).error <= shifts.change(kind, 1, smoothing).error
    assert shifts.change("max", 1, 0).unchanged == pytest.approx(1 / 3, abs=0.03)
