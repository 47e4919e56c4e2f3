"""What every lab promises, and that the finished results on the page are what the same code computes now."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.experiments import depth, lenet, shifts, transfer
from instruments.labs import phases, residual_lab, shift_lab, train_cnn, transfer_lab

CHEAP: dict[kit.Instrument[Any], dict[str, Any]] = {
    train_cnn: {"batch": "128", "channels": "4"},
    shift_lab: {"kind": "stride"},
    residual_lab: {"size": "4"},
    transfer_lab: {"shots": "2"},
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
    study = shifts.Study(shifts.Settings("stride", 0, 0))
    study.advance(study.steps)
    assert [round(share, 4) for share in study.accuracies] == shifts.finished()["stride 0"][0]


def test_finished_deep_networks_are_what_training_gives() -> None:
    for residual, name in ((False, "plain 4"), (True, "residual 4")):
        run = depth.Deep(depth.Settings(4, residual, 0))
        run.advance(30)
        known = depth.finished()[name][0]
        assert [round(mean, 4) for _, mean in lenet.smoothed(run.losses, 6)] == known["losses"][:5]
        assert [float(f"{length:.4g}") for length in run.first_gradients] == known["gradients"]


def test_finished_transfers_are_what_training_gives() -> None:
    trial = transfer.Trial(transfer.Settings("aligned", 2, 0, 1))
    trial.advance(trial.steps)
    for method, shares in trial.accuracies.items():
        assert round(shares[0], 4) == transfer.finished()[f"aligned 2 {method}"][0]


def test_pretraining_starts_as_the_build_did_and_knows_its_digits() -> None:
    run = transfer.pretraining("aligned")
    run.advance(run.steps)
    np.testing.assert_array_equal(run.network.values, transfer.pretrained("aligned"))
    assert transfer.served("aligned", "right") > 0.95
    assert transfer.served("scattered", "right") > 0.8


# ---- what the text says -------------------------------------------------------------------------------------------


def test_training_for_shifts_helps_and_blurring_helps_those_who_were_not() -> None:
    for kind in shifts.KINDS:
        assert shift_lab.accuracy(kind, 0, 1) < shift_lab.accuracy(kind, 2, 1)
        assert shift_lab.accuracy(kind, 0, 1) < shift_lab.accuracy(kind, 0, 0) - 0.1
    assert shift_lab.accuracy("blur", 0, 1) > shift_lab.accuracy("max", 0, 1)


def test_even_shifts_pass_through_halving_and_odd_ones_do_not() -> None:
    for kind in shifts.KINDS:
        for smoothing in (0, 1, 4):
            assert shifts.change(kind, 2, smoothing) == shifts.Change(1.0, 0.0)
            assert shifts.change(kind, 1, smoothing).error > 0.3
            assert shifts.change("blur", 1, smoothing).error <= shifts.change(kind, 1, smoothing).error
    assert shifts.change("max", 1, 0).unchanged == pytest.approx(1 / 3, abs=0.03)


def test_plain_networks_train_worse_with_depth_and_residual_ones_do_not() -> None:
    assert (
        residual_lab.reached("plain", 40) > residual_lab.reached("plain", 20) > residual_lab.reached("plain", 4) + 0.3
    )
    assert residual_lab.reached("residual", 40) < residual_lab.reached("residual", 4) + 0.2
    assert residual_lab.gradient_ratio("plain", 40) > 10


def test_transfer_loses_where_the_source_teaches_nothing_new_and_wins_where_it_does() -> None:
    for shots in transfer.SHOTS:
        assert transfer_lab.accuracy("aligned", shots, "frozen") < transfer_lab.accuracy("aligned", shots, "scratch")
        assert transfer_lab.accuracy("scattered", shots, "frozen") > transfer_lab.accuracy(
            "scattered", shots, "scratch"
        )
    assert transfer_lab.wins("aligned", 10) <= 3 and transfer_lab.wins("scattered", 10) >= 8


def test_wrong_preparation_is_silent_and_costs_what_it_costs() -> None:
    assert transfer.served("aligned", "inverted") < 0.3 < transfer.served("aligned", "right")
