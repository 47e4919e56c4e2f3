"""Prints what expressions give that make or add up whole numbers; run here and in the browser's Python."""

import itertools

import numpy as np  # noqa: F401  # expressions name it

from runtime.widths import widen

widen()

MADE = (
    "np.array([3, 1, 2])",
    "np.array([[1, 2], [3, 4]])",
    "np.array(7)",
    "np.asarray((5, 6))",
    "np.arange(5)",
    "np.arange(2, 9, 3)",
    "np.arange(1, 100001)",
    "np.arange(0, 2**33, 2**31)",
    "np.arange(4.0)",
    "np.array(range(4))",
    "np.array([True, False, True])",
    "np.array([200, 100], dtype=np.uint8)",
    "np.array([1, 2], dtype=np.int32)",
    "np.array([1, 2], dtype='int16')",
    "np.array([2**31, 1])",
    "np.array([2**63])",
    "np.array([1.5, 2.5])",
    "np.array([])",
    "np.zeros(3, dtype=int)",
    "np.ones((2, 2), int)",
    "np.full(3, 7)",
    "np.full((2, 2), 10**9)",
    "np.eye(3, dtype=int)",
    "np.array([1.7, -1.7]).astype(int)",
    "np.array([1.7, -1.7]).astype('int32')",
    "np.linspace(0, 10, 3).astype(int)",
    "np.indices((2, 2))",
    "np.where(np.array([1, 0]) > 0, 100000, 5)",
    "np.stack([np.arange(2), np.arange(2)])",
    "np.concatenate([[1, 2], [3]])",
    "np.tile([1, 2], 2)",
    "np.diag([1, 2])",
    "np.array([4, 4, 5]) % 3",
    "np.array([[9, 8], [7, 6]])[::-1]",
)
DONE = (
    "{}",
    "({}).dtype",
    "({}).sum()",
    "({}).prod()",
    "({}).cumsum()",
    "({}) * 100000",
    "({}) ** 2",
    "np.sum({})",
    "np.prod({})",
    "np.cumsum({})",
    "np.sum({}, axis=0)",
    "np.max({}, initial=0)",
    "({}).mean()",
    "np.dot({0}, {0})",
    "({}).sum(dtype=np.float32)",
    "({}).argsort()",
    "np.argmax([*np.ravel({}), 0])",
    "np.nonzero({})",
    "np.unique({}, return_counts=True)",
    "np.bincount(np.abs({}).astype(int).ravel() % 5)",
    "np.histogram({})",
    "({0}) @ ({0})",
    "[*map(int, np.ravel({}))]",
)
MORE = (
    "np.sum([10**5] * 10**5)",
    "np.prod((1024, 1024, 1024, 4))",
    "np.prod([7] * 12)",
    "np.outer([10**5], [10**5])",
    "np.dot([10**5], [10**5])",
    "np.cumprod([100] * 8)",
    "(3 * 3 * np.array([64, 128, 256, 512]) ** 2 * np.array([224, 112, 56, 28]) ** 2).sum()",
    "np.int_(3).dtype",
    "np.trace([[10**9, 0], [0, 2 * 10**9]])",
    "np.random.default_rng(0).integers(0, 10, 3)",
    "np.random.default_rng(0).permutation(4)",
    "np.searchsorted([1, 2, 3], 2)",
    "np.average([1, 2], weights=[3, 1])",
    "np.nansum([1, 2])",
    "np.pad([1, 2], 1)",
    "np.array([1, 2], dtype=np.int32) * np.array([3, 4], dtype=np.int32)",
    "np.array([[1, 2]]).T.tolist()",
)

for expression in (*(how.format(made) for made, how in itertools.product(MADE, DONE)), *MORE):
    try:
        value = repr(eval(expression))
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        value = type(error).__name__
    print(expression, "->", " ".join(value.split()))
