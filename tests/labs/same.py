"""Trains a little of everything and prints a digest of every answer of every lab: in CPython, and in the browser."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import islice

import numpy as np

from instruments import kit
from instruments.experiments.depth import Deep
from instruments.experiments.depth import Settings as Depth
from instruments.experiments.lenet import Course, Settings


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


course = Course(Settings(seed=7, shift=1))
course.advance(course.batches * 2)
print("course", course.accuracies, digest(course.network.values.tobytes()), digest(np.array(course.losses).tobytes()))

deep = Deep(Depth(4, residual=True, seed=3))
deep.advance(12)
print("deep", digest(deep.network.values.tobytes()))

scene = kit.load("scene_lab")
moves = ["press:scene:60,2", "drag:scene:50,50", "key:scene:left", "key:scene:up"]
scenes = [kit.respond(scene, {"acts": moves, "set": {"reader": reader}}) for reader in ("pass", "windows", "digits")]
print("scene_lab", *(digest(json.dumps(answer, sort_keys=True).encode()) for answer in scenes))

for name in ("train_cnn", "shift_lab", "residual_lab", "transfer_lab"):
    lab = kit.load(name)
    answers = [kit.respond(lab, {}), *islice(kit.work(lab, {"set": {"seed": 12}, "acts": ["start"]}), 3)]
    answers += [
        kit.respond(lab, {"acts": ["press:draw:4,9", "drag:draw:28,20"], "set": {"smoothing": 3, "way": "inverted"}})
    ]
    print(name, *(digest(json.dumps(answer, sort_keys=True).encode()) for answer in answers))
