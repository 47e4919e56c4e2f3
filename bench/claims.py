"""What the text concludes, asked of other seeds: every lab's stored results are computed again from scratch.

As many seeds as the page shows of each experiment, none of them the page's, nor one that rates were chosen with. Prints
each claim with its margin (`Claim.margin`), here and in the page. Takes half an hour.
"""

from __future__ import annotations

import json

from instruments.data import make_textures
from instruments.experiments import depth, lenet, scene, served, shifts, teaching, trained_field, transfer
from instruments.experiments.claims import CLAIMS, Results, stored

FIRST = 500


def main() -> None:
    """Train everything and print the claims, the last line as JSON."""
    fresh = Results(
        lenet.results(range(FIRST, FIRST + 10)),
        shifts.results(range(FIRST, FIRST + 5)),
        depth.results(range(FIRST, FIRST + 3)),
        transfer.results(range(FIRST, FIRST + 10)),
        teaching.results(make_textures.pixels(), range(FIRST, FIRST + 10)),
        served.results(range(FIRST, FIRST + 10)),
        trained_field.results(range(FIRST, FIRST + 10)),
        scene.results(range(FIRST, FIRST + 5))[0],
    )
    margins = {name: claim.margin(fresh) for name, claim in CLAIMS.items()}
    print(f"{'margin':>7} {'page':>7}  claim")
    for name, margin in margins.items():
        print(f"{margin:7.3f} {CLAIMS[name].margin(stored()):7.3f}  {name}")
    held = sum(margin > 0 for margin in margins.values())
    print(json.dumps({"claims": len(margins), "held": held, "worst_margin": round(min(margins.values()), 4)}))


if __name__ == "__main__":
    main()
