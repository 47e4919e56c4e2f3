"""The arithmetic against slow obvious loops and scipy, on random shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import correlate2d as scipy_correlate2d

from instruments.nn import ops

Array = NDArray[Any]
SEEDS = st.integers(0, 2**32 - 1)


def numbers(seed: int, shape: tuple[int, ...], dtype: str = "float64") -> Array:
    draw = np.random.default_rng(seed)
    if np.dtype(dtype).kind in "iu":
        return draw.integers(0, 100, shape).astype(dtype)
    return draw.standard_normal(shape).astype(dtype)


def loop_conv2d(
    x: Array,
    w: Array,
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
) -> Array:
    """EQ N2.1 summed term by term."""
    n, _, height, width = x.shape
    c_out, depth, k_h, k_w = w.shape
    h_out = (height + 2 * padding[0] - dilation[0] * (k_h - 1) - 1) // stride[0] + 1
    w_out = (width + 2 * padding[1] - dilation[1] * (k_w - 1) - 1) // stride[1] + 1
    y = np.zeros((n, c_out, h_out, w_out))
    for image, channel, row, column in np.ndindex(y.shape):
        first = channel // (c_out // groups) * depth
        for c, m, q in np.ndindex(depth, k_h, k_w):
            i = row * stride[0] + m * dilation[0] - padding[0]
            j = column * stride[1] + q * dilation[1] - padding[1]
            if 0 <= i < height and 0 <= j < width:
                y[image, channel, row, column] += x[image, first + c, i, j] * w[channel, c, m, q]
    return y


def loop_pool(x: Array, k: tuple[int, int], s: tuple[int, int], p: tuple[int, int], average: bool) -> Array:
    *outer, height, width = x.shape
    out = [(n + 2 * p[axis] - k[axis]) // s[axis] + 1 for axis, n in enumerate((height, width))]
    y = np.zeros((*outer, *out))
    for *front, row, column in np.ndindex(y.shape):
        values = [
            x[(*front, i, j)]
            for i in range(row * s[0] - p[0], row * s[0] - p[0] + k[0])
            for j in range(column * s[1] - p[1], column * s[1] - p[1] + k[1])
            if 0 <= i < height and 0 <= j < width
        ]
        y[(*front, row, column)] = sum(values) / (k[0] * k[1]) if average else max(values)
    return y


@given(st.integers(0, 60), st.integers(1, 13), st.integers(1, 6), st.integers(0, 5))
def test_output_size_counts_the_places_of_the_window(n: int, k: int, stride: int, padding: int) -> None:
    places = range(-padding, n + padding - k + 1, stride)
    if len(places) == 0:
        with pytest.raises(ValueError, match="does not fit"):
            ops.output_size(n, k, stride, padding)
    else:
        assert ops.output_size(n, k, stride, padding) == len(places)


@pytest.mark.parametrize(
    ("arguments", "size"), [((32, 5, 1, 0), 28), ((224, 7, 2, 3), 112), ((227, 11, 4, 0), 55), ((5, 2, 9, 0), 1)]
)
def test_known_output_sizes(arguments: tuple[int, int, int, int], size: int) -> None:
    assert ops.output_size(*arguments) == size


@given(
    seed=SEEDS,
    size=st.tuples(st.integers(1, 17), st.integers(1, 17)),
    k=st.tuples(st.integers(1, 13), st.integers(1, 13)),
    stride=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    padding=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    dtypes=st.tuples(*[st.sampled_from(["float64", "float32", "int64", "uint8", "int16"])] * 2),
    layout=st.sampled_from(["C", "F", "reversed", "every second"]),
)
def test_correlate2d_is_scipys(
    seed: int, size: Any, k: Any, stride: Any, padding: Any, dtypes: tuple[str, str], layout: str
) -> None:
    image, kernel = numbers(seed, size, dtypes[0]), numbers(seed + 1, k, dtypes[1])
    if layout == "F":
        image, kernel = np.asfortranarray(image), np.asfortranarray(kernel)
    elif layout == "reversed":
        image, kernel = image[::-1, ::-1], kernel[::-1]
    elif layout == "every second":
        image = np.repeat(np.repeat(image, 2, 0), 2, 1)[::2, ::2]
    framed = np.pad(image, [(padding[0],) * 2, (padding[1],) * 2])
    if framed.shape[0] < k[0] or framed.shape[1] < k[1]:
        with pytest.raises(ValueError, match="does not fit"):
            ops.correlate2d(image, kernel, stride, padding)
        return
    wide = np.float64 if "float" in dtypes[0] + dtypes[1] else np.int64
    expected = scipy_correlate2d(framed.astype(wide), kernel.astype(wide), "valid")[:: stride[0], :: stride[1]]
    ours = ops.correlate2d(image, kernel, stride, padding)
    assert ours.shape == expected.shape
    assert ours.dtype == (np.result_type(*dtypes) if wide is np.float64 else np.int64)
    np.testing.assert_allclose(ours, expected, rtol=1e-3, atol=1e-3 if ours.dtype == np.float32 else 1e-9)


def test_correlate2d_gives_whole_numbers_exactly_and_bytes_do_not_overflow() -> None:
    image = np.full((5, 5), 255, np.uint8)
    assert (ops.correlate2d(image, np.ones((3, 3), np.uint8)) == 9 * 255).all()


@pytest.mark.filterwarnings("ignore:invalid value")
def test_correlate2d_keeps_a_nan_inside_the_windows_that_read_it() -> None:
    image = np.zeros((6, 6))
    image[0, 5] = np.nan
    ours = np.isnan(ops.correlate2d(image, np.ones((3, 3))))
    assert ours.sum() == 1
    assert ours[0, 3]


LAYERS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "seed": SEEDS,
        "n": st.integers(0, 2),
        "groups": st.integers(1, 3),
        "depth": st.integers(1, 2),
        "wide": st.integers(1, 2),
        "size": st.tuples(st.integers(1, 9), st.integers(1, 9)),
        "k": st.tuples(st.integers(1, 4), st.integers(1, 4)),
        "stride": st.tuples(st.integers(1, 3), st.integers(1, 3)),
        "padding": st.tuples(st.integers(0, 2), st.integers(0, 2)),
        "dilation": st.tuples(st.integers(1, 2), st.integers(1, 2)),
    }
)


def layer(case: dict[str, Any], dtype: str = "float64") -> tuple[Array, Array, dict[str, Any]]:
    x = numbers(case["seed"], (case["n"], case["depth"] * case["groups"], *case["size"]), dtype)
    w = numbers(case["seed"] + 1, (case["wide"] * case["groups"], case["depth"], *case["k"]), dtype)
    return x, w, {name: case[name] for name in ("stride", "padding", "dilation", "groups")}


def fits(case: dict[str, Any]) -> bool:
    return all(case["dilation"][a] * (case["k"][a] - 1) < case["size"][a] + 2 * case["padding"][a] for a in (0, 1))


@given(LAYERS, st.sampled_from(["float64", "float32", "int64"]), st.booleans())
def test_conv2d_is_the_sum_written_out(case: dict[str, Any], dtype: str, biased: bool) -> None:
    x, w, arguments = layer(case, dtype)
    if not fits(case):
        with pytest.raises(ValueError, match="does not fit"):
            ops.conv2d(x, w, **arguments)
        return
    b = numbers(case["seed"] + 2, (len(w),), dtype) if biased else None
    expected = loop_conv2d(x, w, **arguments) + (0 if b is None else b[:, None, None])
    ours = ops.conv2d(x, w, b, **arguments)
    assert ours.shape == expected.shape
    assert ours.dtype == np.dtype(dtype)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4 if dtype == "float32" else 1e-9)


@given(LAYERS.filter(fits))
def test_conv2d_input_gradient_is_the_adjoint(case: dict[str, Any]) -> None:
    x, w, arguments = layer(case)
    y = ops.conv2d(x, w, **arguments)
    gradient = numbers(case["seed"] + 3, y.shape)
    back = ops.conv2d_input_gradient(gradient, w, case["size"], **arguments)
    assert back.shape == x.shape
    np.testing.assert_allclose((y * gradient).sum(), (x * back).sum(), atol=1e-9)


@given(LAYERS.filter(fits))
def test_conv2d_weight_gradient_is_the_adjoint_in_the_weights(case: dict[str, Any]) -> None:
    x, w, arguments = layer(case)
    y = ops.conv2d(x, w, **arguments)
    gradient = numbers(case["seed"] + 3, y.shape)
    found = ops.conv2d_weight_gradient(x, gradient, case["k"], **arguments)
    assert found.shape == w.shape
    np.testing.assert_allclose((y * gradient).sum(), (w * found).sum(), atol=1e-9)


def test_each_weight_gradient_is_the_slope_of_the_loss() -> None:
    x, w = numbers(0, (2, 4, 7, 6)), numbers(1, (6, 2, 3, 2))
    arguments: dict[str, Any] = {"stride": (2, 1), "padding": 1, "dilation": (1, 2), "groups": 2}
    weights = numbers(2, ops.conv2d(x, w, **arguments).shape)
    found = ops.conv2d_weight_gradient(x, weights * 2 * ops.conv2d(x, w, **arguments), (3, 2), **arguments)
    for place in np.ndindex(*w.shape):
        nudge = np.zeros(w.shape)
        nudge[place] = 1e-5
        above, below = ((weights * ops.conv2d(x, w + side * nudge, **arguments) ** 2).sum() for side in (1, -1))
        assert found[place] == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-6)


def loop_conv_transpose2d(x: Array, w: Array, stride: Any, padding: Any, dilation: Any, groups: int) -> Array:
    """Every pixel lays down its kernel; then the padding is cut off."""
    n, c_in, height, width = x.shape
    _, wide, k_h, k_w = w.shape
    rows = (height - 1) * stride[0] + dilation[0] * (k_h - 1) + 1
    columns = (width - 1) * stride[1] + dilation[1] * (k_w - 1) + 1
    y = np.zeros((n, wide * groups, rows, columns))
    for image, c, i, j in np.ndindex(x.shape):
        for o, m, q in np.ndindex(wide, k_h, k_w):
            place = (i * stride[0] + m * dilation[0], j * stride[1] + q * dilation[1])
            y[(image, c // (c_in // groups) * wide + o, *place)] += x[image, c, i, j] * w[c, o, m, q]
    return y[:, :, padding[0] : rows - padding[0], padding[1] : columns - padding[1]]


@given(LAYERS)
def test_conv_transpose2d_is_the_sum_written_out(case: dict[str, Any]) -> None:
    x = numbers(case["seed"], (case["n"], case["wide"] * case["groups"], *case["size"]))
    w = numbers(case["seed"] + 1, (case["wide"] * case["groups"], case["depth"], *case["k"]))
    b = numbers(case["seed"] + 2, (case["depth"] * case["groups"],))
    arguments = {name: case[name] for name in ("stride", "padding", "dilation", "groups")}
    expected = loop_conv_transpose2d(x, w, **arguments)
    if 0 in expected.shape[2:]:
        with pytest.raises(ValueError, match="at least 1"):
            ops.conv_transpose2d(x, w, b, **arguments)
        return
    ours = ops.conv_transpose2d(x, w, b, **arguments)
    assert ours.shape == expected.shape
    np.testing.assert_allclose(ours, expected + b[:, None, None], atol=1e-9)


def opens(case: dict[str, Any]) -> bool:
    """Whether a transposed convolution leaves anything inside its padding."""
    reach = [case["dilation"][a] * (case["k"][a] - 1) + 1 for a in (0, 1)]
    return all((case["size"][a] - 1) * case["stride"][a] + reach[a] > 2 * case["padding"][a] for a in (0, 1))


@given(LAYERS.filter(opens))
def test_gradients_of_a_transposed_convolution_are_those_its_docstring_names(case: dict[str, Any]) -> None:
    arguments = {name: case[name] for name in ("stride", "padding", "dilation", "groups")}
    x = numbers(case["seed"], (case["n"], case["wide"] * case["groups"], *case["size"]))
    w = numbers(case["seed"] + 1, (case["wide"] * case["groups"], case["depth"], *case["k"]))
    y = ops.conv_transpose2d(x, w, **arguments)
    gradient = numbers(case["seed"] + 2, y.shape)
    loss = (y * gradient).sum()
    np.testing.assert_allclose(loss, (x * ops.conv2d(gradient, w, **arguments)).sum(), atol=1e-9)
    found = ops.conv2d_weight_gradient(gradient, x, case["k"], **arguments)
    np.testing.assert_allclose(loss, (w * found).sum(), atol=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ops.conv_transpose2d(np.ones((1, 2, 3, 3)), np.ones((3, 2, 2, 2))),
        lambda: ops.conv_transpose2d(np.ones((1, 3, 3, 3)), np.ones((3, 2, 2, 2)), groups=2),
        lambda: ops.conv2d_weight_gradient(np.ones((1, 2, 5, 5)), np.ones((1, 4, 2, 3)), 3),
        lambda: ops.conv2d_weight_gradient(np.ones((1, 2, 5, 5)), np.ones((2, 4, 3, 3)), 3),
        lambda: ops.conv2d_weight_gradient(np.ones((1, 3, 5, 5)), np.ones((1, 4, 3, 3)), 3, groups=2),
    ],
)
def test_gradients_and_transposed_convolutions_refuse_shapes_that_do_not_fit(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"fit|belong|divide"):
        wrong()


def test_conv2d_reads_strided_views_and_one_argument_for_both_axes() -> None:
    x, w = numbers(0, (2, 4, 9, 18))[::-1, ::2, :, ::2], numbers(1, (3, 2, 3, 3))
    expected = loop_conv2d(x, w, (2, 2), (1, 1), (2, 2), 1)
    np.testing.assert_allclose(ops.conv2d(x, w, None, 2, 1, 2), expected, atol=1e-9)


def test_im2col_turns_a_convolution_into_one_product() -> None:
    x, w = numbers(0, (2, 3, 8, 7)), numbers(1, (5, 3, 3, 2))
    columns = ops.im2col(x, (3, 2), (2, 1), 1)
    product = (w.reshape(5, -1) @ columns).reshape(2, 5, 4, 8)
    np.testing.assert_allclose(product, ops.conv2d(x, w, stride=(2, 1), padding=1), atol=1e-12)


POOLS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "seed": SEEDS,
        "outer": st.sampled_from([(), (2,), (2, 3), (0, 3)]),
        "size": st.tuples(st.integers(1, 9), st.integers(1, 9)),
        "k": st.tuples(st.integers(1, 4), st.integers(1, 4)),
        "stride": st.none() | st.tuples(st.integers(1, 12), st.integers(1, 3)),
        "half": st.tuples(st.booleans(), st.booleans()),
    }
)


@given(POOLS, st.booleans(), st.sampled_from(["float64", "float32", "int16"]))
def test_pools_are_the_loops(case: dict[str, Any], average: bool, dtype: str) -> None:
    x = numbers(case["seed"], (*case["outer"], *case["size"]), dtype) - 50
    k = case["k"]
    padding = (k[0] // 2 * case["half"][0], k[1] // 2 * case["half"][1])
    pool = ops.avg_pool2d if average else ops.max_pool2d
    if any(k[a] > case["size"][a] + 2 * padding[a] for a in (0, 1)):
        with pytest.raises(ValueError, match="does not fit"):
            pool(x, k, case["stride"], padding)
        return
    ours = pool(x, k, case["stride"], padding)
    expected = loop_pool(x, k, case["stride"] or k, padding, average)
    assert ours.shape == expected.shape
    assert ours.dtype == (np.float64 if average and dtype == "int16" else np.dtype(dtype))
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5)


def test_max_pool_keeps_nan_and_ignores_padding() -> None:
    x = np.array([[-5.0, -7.0], [np.nan, -9.0]])
    assert ops.max_pool2d(x[:1], 2, 1, 1).tolist() == [[-5.0, -5.0, -7.0]] * 2
    assert np.isnan(ops.max_pool2d(x, 2)).all()


def test_max_pool_gradient_goes_to_the_first_of_equals() -> None:
    x = np.zeros((1, 1, 4, 4))
    back = ops.max_pool2d_gradient(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), x, 2)
    assert back[0, 0].tolist() == [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]


@given(POOLS.filter(lambda case: all(case["k"][a] <= case["size"][a] for a in (0, 1))))
def test_max_pool_gradient_is_the_adjoint(case: dict[str, Any]) -> None:
    x = numbers(case["seed"], (*case["outer"], *case["size"]))
    y = ops.max_pool2d(x, case["k"], case["stride"])
    gradient = numbers(case["seed"] + 1, y.shape)
    back = ops.max_pool2d_gradient(gradient, x, case["k"], case["stride"])
    assert back.shape == x.shape
    np.testing.assert_allclose((y * gradient).sum(), (x * back).sum(), atol=1e-9)


def test_parameters() -> None:
    assert ops.conv_params(3, 1, 1) == 10
    assert ops.conv_params(3, 256, 256) == 590_080
    assert ops.conv_params((1, 7), 2, 3) == 45


def test_receptive_field_of_conv_pool_conv_pool_conv() -> None:
    trace = ops.receptive_field([(3, 1), (2, 2), (3, 1), (2, 2), (3, 1)])
    assert trace == [(3, 1), (4, 2), (8, 2), (10, 4), (18, 4)]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2), st.integers(1, 2)), max_size=4), SEEDS)
def test_receptive_field_is_what_a_unit_gradient_reaches(layers: list[tuple[int, int, int]], seed: int) -> None:
    trace = ops.receptive_field(layers)
    field = trace[-1][0] if layers else 1
    sizes = [field]
    for k, stride, dilation in layers:
        sizes.append(ops.output_size(sizes[-1], dilation * (k - 1) + 1, stride, 0))
    assert sizes[-1] == 1
    gradient = np.ones((1, 1, 1, 1))
    for (k, stride, dilation), size in zip(layers[::-1], sizes[-2::-1], strict=True):
        w = np.ones((1, 1, k, k))
        gradient = ops.conv2d_input_gradient(gradient, w, size, stride, 0, dilation)
    assert gradient[0, 0, 0, 0] > 0
    assert gradient[0, 0, -1, -1] > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.output_size(5, 7, 1, 0), "does not fit"),
        (lambda: ops.output_size(5, 3, 0, 0), "stride must be at least 1"),
        (lambda: ops.output_size(5, 3, 1, -1), "padding must be at least 0"),
        (lambda: ops.output_size(5, 0, 1, 0), "k must be at least 1"),
        (lambda: ops.correlate2d(np.zeros(5), np.zeros((3, 3)), 1, 0), "2 axes"),
        (lambda: ops.correlate2d(np.zeros((0, 4)), np.zeros((1, 1)), 1, 0), "does not fit"),
        (lambda: ops.conv2d(np.zeros((1, 3, 5, 5)), np.zeros((4, 2, 3, 3))), "3 channels"),
        (lambda: ops.conv2d(np.zeros((1, 4, 5, 5)), np.zeros((3, 2, 3, 3)), groups=2), "do not divide 3"),
        (lambda: ops.conv2d(np.zeros((1, 4, 5, 5)), np.zeros((4, 4, 3, 3)), np.zeros(3)), "one value per output"),
        (lambda: ops.conv2d(np.zeros((4, 5, 5)), np.zeros((4, 4, 3, 3))), "axes"),
        (lambda: ops.conv2d(np.zeros((1, 1, 5, 5)), np.zeros((1, 1, 3, 3)), dilation=0), "dilation must be"),
        (lambda: ops.conv2d(np.zeros((1, 1, 5, 5)), np.zeros((1, 1, 3, 3)), stride=(1, 2, 3)), "stride is one"),
        (lambda: ops.max_pool2d(np.zeros((5, 5)), 2, padding=2), "exceeds half"),
        (lambda: ops.avg_pool2d(np.zeros((5, 5)), 6), "does not fit"),
        (lambda: ops.max_pool2d(np.zeros(5), 2), "axes"),
        (lambda: ops.max_pool2d(np.zeros((5, 5)), 2, 0), "stride must be at least 1"),
        (lambda: ops.conv_params(0, 1, 1), "k must be at least 1"),
        (lambda: ops.receptive_field([(3,)]), "a layer is"),
        (lambda: ops.receptive_field([(3, 0)]), "stride must be at least 1"),
    ],
)
def test_impossible_arguments_say_what_is_wrong(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_fraction_is_no_size() -> None:
    with pytest.raises(TypeError, match="stride must be a whole number"):
        ops.output_size(5, 3, 1.5, 0)  # type: ignore[arg-type]
