"""A checkpoint in PyTorch's legacy format, read with the standard library and numpy.

Such a file is five pickles (a magic number, a version, the sizes of C's types, the tensors, the names of storages) and
then each storage's length and bytes. A pickle may call anything, so only what a list of tensors needs is allowed.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001
KINDS = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class NoCheckpoint(ValueError):
    """Bytes that are not a checkpoint of tensors; says why."""


@dataclass(frozen=True)
class _Storage:
    key: str
    kind: np.dtype[Any]
    count: int


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _tensor(storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> _Tensor:
    return _Tensor(storage, offset, shape, strides)


ALLOWED = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    **{("torch", name): kind for name, kind in KINDS.items()},
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise NoCheckpoint(f"the checkpoint asks for {module}.{name}, which is not allowed")
        return ALLOWED[module, name]

    def persistent_load(self, found: Any) -> _Storage:
        _, kind, key, _, count, _ = found
        return _Storage(key, kind, count)


def tensors(content: bytes) -> dict[str, Array]:
    """The tensors by their names. Raises NoCheckpoint."""
    file = BytesIO(content)
    try:
        magic, version, _, listed, keys = (_Unpickler(file).load() for _ in range(5))
        if (magic, version) != (MAGIC, VERSION):
            raise NoCheckpoint("this is no checkpoint in PyTorch's legacy format")
        storages = {tensor.storage.key: tensor.storage for tensor in listed.values()}
        data = {key: _numbers(file, storages[key]) for key in keys}
        return {name: _shaped(data[tensor.storage.key], tensor) for name, tensor in listed.items()}
    except (pickle.UnpicklingError, EOFError, KeyError, AttributeError, TypeError, IndexError) as error:
        raise NoCheckpoint(f"the checkpoint is damaged: {error}") from error


def _numbers(file: BytesIO, storage: _Storage) -> Array:
    size = storage.count * storage.kind.itemsize
    count, content = int.from_bytes(file.read(8), "little"), file.read(size)
    if count != storage.count or len(content) != size:
        raise NoCheckpoint(f"the checkpoint is damaged: storage {storage.key} is not {storage.count} numbers")
    return np.frombuffer(content, storage.kind)


def _shaped(numbers: Array, tensor: _Tensor) -> Array:
    """The tensor's numbers where its strides find them, in order. Raises NoCheckpoint where they lie outside."""
    last = tensor.offset + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.strides, strict=True))
    if tensor.offset < 0 or min(tensor.strides, default=0) < 0 or last >= len(numbers):
        raise NoCheckpoint("the checkpoint is damaged: a tensor reaches beyond its storage")
    strides = [step * numbers.itemsize for step in tensor.strides]
    return np.array(np.lib.stride_tricks.as_strided(numbers[tensor.offset :], tensor.shape, strides))
