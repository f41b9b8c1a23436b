"""What common random numbers save: the variance of a difference, paired and from independent runs.

``python benchmarks/common_luck.py [--replications 24] [--fraction 0.1] [--output FOLDER]``: the baseline and three policies,
the same luck. The difference of two independent runs has the sum of their variances, so one set of runs is enough; an
interval of the same width needs ``ratio`` times more replications when they are independent.

``most`` is the ratio that perfect pairing would reach: two outputs that move in step and one of which moves more than the other
differ by what it moves more, whatever is done. 90 % intervals of the ratio are bootstrapped over the replications.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim import replicate
from sim.experiments.execution import Backend
from sim.experiments.experiment import with_lines
from sim.scenario.library import find

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.records.run_folder import RunFolder

_WAITS = ("hearing_wait_mean", "requests_waiting", "hearings_held")
_SERVICE = ("waiting_for_counsellor", "assignment_wait_mean", "caseload")
SLOTS = {"on": "2026-07-01", "scale": "means.enforcement_courts.hearing_slots", "by": 1.25}
POLICIES = {
    "fill_vacant_posts": ("dry_rate_exits", *_SERVICE, *_WAITS),
    "a_quarter_more_hearings": ("dry_rate_exits", *_SERVICE, *_WAITS),
    "hearings_within_four_months": ("dry_rate_exits", *_SERVICE, *_WAITS),
}
RESAMPLES = 2000


def values(run: RunFolder, indicator: str, replications: int) -> NDArray[np.float64]:
    """Value of one indicator in each replication."""
    frame = run.indicators()
    chosen = frame[(frame["period"] == "measured") & (frame["indicator"] == indicator) & (frame["group"] == "all")]
    return chosen.set_index("replication")["value"].reindex(range(replications)).to_numpy(dtype=np.float64)


def ratio(base: NDArray[np.float64], policy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of an independent difference over that of a paired one; replications along the last axis."""
    apart = base.var(axis=-1, ddof=1) + policy.var(axis=-1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(apart / (policy - base).var(axis=-1, ddof=1))


def row(base: NDArray[np.float64], policy: NDArray[np.float64]) -> str:
    """Return the cells of one output."""
    spread = base.std(ddof=1), policy.std(ddof=1)
    difference = policy - base
    again = np.random.default_rng(1).integers(0, len(base), (RESAMPLES, len(base)))
    low, high = np.nanquantile(ratio(base[again], policy[again]), [0.05, 0.95])
    most = (spread[0] ** 2 + spread[1] ** 2) / max((spread[0] - spread[1]) ** 2, 1e-300)
    return (
        f"{difference.mean():.4g} | {spread[0]:.3g} | {spread[1]:.3g} | {difference.std(ddof=1):.3g} | "
        f"{np.corrcoef(base, policy)[0, 1]:.2f} | {ratio(base, policy):.1f} | {low:.1f}–{high:.1f} | "
        + (f"{most:.1f}" if most < 100 else "> 100")
    )


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--replications", "-n", type=int, default=24)
    parser.add_argument("--fraction", type=float, default=0.1)
    parser.add_argument("--workers", "-w", type=int, default=2)
    parser.add_argument("--output", "-o", type=Path, help="keep the runs there, and use those that are there")
    asked = parser.parse_args()
    frame = {"sampling_fraction": asked.fraction}
    named = [with_lines(find(name), frame, []) for name in ("baseline", "fill_vacant_posts", "hearings_within_four_months")]
    more = replace(with_lines(find("baseline"), frame, [SLOTS]), name="a_quarter_more_hearings")
    with tempfile.TemporaryDirectory() as folder:
        outcome = replicate(
            [*named, more],
            replications=asked.replications,
            output=asked.output or Path(folder),
            events="none",
            means=Backend(asked.workers),
            fork=True,
        )
        assert not outcome.failures, outcome.failures[0].message
        runs = {run.scenario: run for run in outcome.runs}
        print(f"{asked.replications} replications, fraction {asked.fraction:g}\n")
        print("| policy | output | difference | sd base | sd policy | sd paired | corr. | ratio | 90 % | most |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for policy, outputs in POLICIES.items():
            for output in outputs:
                pair = [values(runs[name], output, asked.replications) for name in ("baseline", policy)]
                print(f"| {policy} | {output} | {row(*pair)} |")


if __name__ == "__main__":
    main()
