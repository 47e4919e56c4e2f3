"""The lab that trains a network on digits: what a reader sees, presses and draws."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from instruments import kit
from instruments.data.digits import TESTED, digits, split
from instruments.experiments.lenet import Course, Settings, confusion, moved, restored, worst
from instruments.labs import ink, train_cnn

SHORT: dict[str, Any] = {"batch": "128", "channels": "4"}
"""A course that takes a fraction of a second."""


def ask(state: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return kit.respond(train_cnn, {"state": state or {}, **more})


def trained(**setting: Any) -> list[dict[str, Any]]:
    start = ask(set={**SHORT, **setting})["state"]
    return list(kit.work(train_cnn, {"state": start, "acts": ["start"]}))


def test_the_finished_run_on_the_page_is_what_training_gives() -> None:
    again = Course(Settings())
    again.advance(again.steps)
    shown = restored()
    np.testing.assert_array_equal(shown.network.values, again.network.values)
    assert shown.losses == again.losses
    assert shown.accuracies == again.accuracies
    np.testing.assert_array_equal(shown.shares, again.shares)


def test_the_first_picture_shows_a_finished_run_without_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Course, "advance", None)
    answer = ask()
    assert answer["state"] == asdict(train_cnn.State())
    assert set(answer["regions"]) == {region.name for region in train_cnn.REGIONS}
    assert "10 of 10" in answer["regions"]["readouts"]
    assert answer["regions"]["kernels"].count("svg-rule") == Settings.channels
    assert "410 of 410 steps" in answer["sentence"]


def test_an_accuracy_comes_with_what_so_few_digits_leave_open() -> None:
    share = restored().accuracies[-1]
    error = 100 * (share * (1 - share) / TESTED) ** 0.5
    shown = ask()["regions"]["readouts"]
    assert f"± {error:.1f}" in shown and "standard error" in shown


def test_training_moves_the_state_step_by_step_to_the_end() -> None:
    answers = trained()
    steps = [answer["state"]["step"] for answer in answers]
    assert steps == sorted(set(steps)) and steps[-1] == 110
    assert {answer["state"]["phase"] for answer in answers[:-1]} == {"running"}
    assert answers[-1]["state"]["phase"] == "finished"
    assert answers[0]["regions"]["kernels"] != answers[-1]["regions"]["kernels"]
    assert answers[-1] == ask(answers[-1]["state"])


def test_the_dear_pictures_are_drawn_once_an_epoch_and_the_others_agree_with_the_whole() -> None:
    answers = trained()
    whole = [answer for answer in answers if "sentence" in answer]
    assert [answer["state"]["step"] // 11 for answer in whole] == list(range(Settings.epochs + 1))
    for answer in answers:
        if answer not in whole:
            assert set(answer["regions"]) == {"loss", "kernels", "readouts"}
            assert answer["regions"].items() <= ask(answer["state"])["regions"].items()


@pytest.mark.parametrize("batch", [8, 32, 128])
def test_pictures_come_after_as_many_images_whatever_the_batch(batch: int) -> None:
    answers = trained(batch=str(batch))
    assert answers[1]["state"]["step"] * batch == 2 * train_cnn.IMAGES


def test_a_state_is_one_picture_however_it_was_reached() -> None:
    early = trained()[3]
    trained(seed=1)
    trained(seed=2)
    assert ask({**early["state"], "phase": "paused"})["regions"]["loss"] == early["regions"]["loss"]


def test_pause_goes_on_and_stop_begins_anew() -> None:
    running = trained()[4]
    paused = ask(running["state"], acts=["pause"])
    assert paused["state"] == {**running["state"], "phase": "paused"}
    step = running["state"]["step"]
    assert next(kit.work(train_cnn, {"state": paused["state"], "acts": ["start"]}))["state"]["step"] == step + 2
    stopped = ask(paused["state"], acts=["stop"])
    assert stopped["state"]["phase"] == "stopped" and stopped["regions"]["loss"] == paused["regions"]["loss"]
    assert next(kit.work(train_cnn, {"state": stopped["state"], "acts": ["start"]}))["state"]["step"] == 2


def test_other_settings_are_another_course_that_has_not_begun() -> None:
    answer = ask(set={"rate": "0.05"})
    assert answer["state"]["step"] == 0 and answer["state"]["phase"] == "ready"
    assert answer["state"]["rate"] == "0.05"
    assert ask(set={"rate": "0.02"})["state"] == asdict(train_cnn.State())


def test_buttons_that_have_nothing_to_do_are_off() -> None:
    running, finished = trained()[0], ask()
    assert running["limits"]["start"]["disabled"] and not running["limits"]["pause"]["disabled"]
    assert finished["limits"]["pause"]["disabled"] and not finished["limits"]["start"]["disabled"]


def test_a_page_left_while_training_comes_back_paused() -> None:
    kept = trained()[2]["state"]
    assert ask(set={**SHORT, "step": kept["step"], "phase": "running"})["state"]["phase"] == "paused"


@pytest.mark.parametrize(
    "rubbish",
    [
        {"state": {"step": 10**9, "phase": "💥", "pen": 5000, "example": -7}},
        {"state": {"ink": [10**8] * 64}},
        {"state": {"ink": [1, 2, 3], "rate": "fast", "batch": 0, "channels": "x"}},
        {"set": {"nothing": 1, "rate": None, "shift": 99}},
        {"acts": ["", "press:draw:99,99", "drag:draw:", "key:draw:", "key:draw:plus", "start" * 50, "stop", "pause"]},
    ],
)
def test_rubbish_leads_to_a_valid_picture(rubbish: dict[str, Any]) -> None:
    answer = kit.respond(train_cnn, rubbish)
    assert train_cnn.normalise(train_cnn.State(**_tuples(answer["state"]))) == train_cnn.State(
        **_tuples(answer["state"])
    )


def _tuples(state: dict[str, Any]) -> dict[str, Any]:
    return {field: tuple(value) if isinstance(value, list) else value for field, value in state.items()}


def test_a_drawn_stroke_is_read_and_cleared() -> None:
    drawn = ask(acts=["press:draw:3,16", "drag:draw:28,16"])
    assert "reads your drawing as 1" in drawn["sentence"]
    assert drawn["regions"]["maps"] != ask()["regions"]["maps"]
    cleared = ask(drawn["state"], acts=["clear"])
    assert cleared["state"]["ink"] == ()
    assert cleared["regions"]["reading"] == ask()["regions"]["reading"]


def test_the_keyboard_draws_what_the_pointer_draws() -> None:
    pointer = ask(acts=["press:draw:16,16", "drag:draw:20,16"])
    keys = ask(acts=["key:draw:enter", *["key:draw:down"] * 4])
    assert keys["state"]["ink"] == pointer["state"]["ink"]
    lifted = ask(keys["state"], acts=["key:draw:enter", "key:draw:right"])
    assert lifted["state"]["ink"] == keys["state"]["ink"] and lifted["state"]["pen"] == keys["state"]["pen"] + 1


def test_a_fast_stroke_has_no_gaps() -> None:
    slow = ask(acts=["press:draw:2,10", *(f"drag:draw:{row},10" for row in range(3, 31))])
    assert ask(acts=["press:draw:2,10", "drag:draw:30,10"])["state"]["ink"] == slow["state"]["ink"]


def test_drawings_are_kept_exactly() -> None:
    bitmap = np.random.default_rng(0).integers(0, 2, (32, 32))
    np.testing.assert_array_equal(ink.points(ink.packed(bitmap)), bitmap)
    assert ink.packed(np.zeros((32, 32), int)) == ()


@pytest.mark.parametrize("box", [(4, 9, 24, 3), (0, 0, 1, 1), (10, 0, 2, 32), (31, 31, 1, 1), (0, 0, 32, 32)])
def test_a_drawing_is_fitted_to_the_frame(box: tuple[int, int, int, int]) -> None:
    top, left, height, width = box
    bitmap = np.zeros((32, 32), int)
    bitmap[top : top + height, left : left + width] = 1
    rows, columns = np.nonzero(ink.fitted(bitmap))
    assert max(np.ptp(rows), np.ptp(columns)) == 31
    assert abs((columns.min() + columns.max()) - 31) <= 1 and abs((rows.min() + rows.max()) - 31) <= 1


def test_the_data_are_the_ones_of_the_source() -> None:
    images, labels = digits()
    assert images.shape == (1797, 8, 8) and images.max() == 16 and images.min() == 0
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    data = split(np.random.default_rng(3))
    assert data.train.shape == (1297, 1, 8, 8) and data.test.shape == (TESTED, 1, 8, 8)
    whole = np.concatenate([data.train, data.test])[:, 0] * 16
    assert sorted(image.tobytes() for image in whole.astype(np.uint8)) == sorted(image.tobytes() for image in images)


def test_the_tables_count_what_the_network_did() -> None:
    run = restored()
    counts = confusion(run.shares, run.data.test_labels)
    assert counts.sum() == TESTED and counts.trace() == round(run.accuracies[-1] * TESTED)
    mistakes = worst(run.shares, run.data.test_labels, 99)
    assert len(mistakes) == TESTED - counts.trace()
    certain = [run.shares[image].max() for image in mistakes]
    assert certain == sorted(certain, reverse=True)
    shown = re.findall(r">(\d+|·)</td>", ask()["regions"]["confusion"])
    assert [0 if text == "·" else int(text) for text in shown] == counts.ravel().tolist()


def test_moving_images_brings_zeros_in() -> None:
    images = np.arange(1.0, 19).reshape(2, 1, 3, 3)
    np.testing.assert_array_equal(moved(images, 1, 0)[:, :, 1:], images[:, :, :2])
    assert not moved(images, 1, 0)[:, :, 0].any()
    each = moved(images, np.array([0, -1]), np.array([2, 0]))
    np.testing.assert_array_equal(each[0, 0, :, 2], images[0, 0, :, 0])
    np.testing.assert_array_equal(each[1, 0, :2], images[1, 0, 1:])
