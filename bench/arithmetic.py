"""How fast the labs' arithmetic is in the browser, beside the usual ways to write it: ratios of one interleaved run.

`einsum_*`, `correlate2d_3x3`: one float32 image of 224 × 224 and one kernel, `ops.correlate2d` against a window view
with einsum and against scipy.signal.correlate2d. `step_*`: one training step of LeNet-5 on 32 images of 28 × 28, ours
against a whole network in (N, C, H, W) as it is usually written, its convolutions a tensordot or one einsum
over windows (`bench/_naive.py` says what each layer is).
A ratio above 1 says that ours is faster.

A step multiplies and adds 36 million times. numpy in the browser, without SIMD and BLAS, does at most 6.5 thousand
million such operations a second: 11 ms for the products alone, where the naive step takes 110 in all. So numpy cannot
be ten times as fast as that, however the rest is written. A product in SIMD of one's own would lift it; by hand, such a
loop does 26 thousand million.
"""

from __future__ import annotations

import json
from pathlib import Path

from bench import _worker

CONTESTANTS, NAIVE = (Path(__file__).with_name(name) for name in ("_contestants.py", "_naive.py"))


def main() -> None:
    """Run in the browser, print a table and the ratios."""
    figures = _worker.run(CONTESTANTS.read_text(encoding="utf-8") + "\njson.dumps(measure())", ["scipy"], [NAIVE])
    print(f"{'':14} {'ms, median':>11}")
    for name, milliseconds in figures["ms"].items():
        print(f"{name:24} {milliseconds:9.3f}")
    print(f"same results: largest difference {figures['difference']:.1e}")
    print(json.dumps(figures["ratios"]))


if __name__ == "__main__":
    main()
