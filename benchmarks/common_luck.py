"""What common random numbers save: the variance of a difference, paired and from independent runs.

``python benchmarks/common_luck.py [--replications 20] [--fraction 0.1]``: the baseline with seed 1, each policy with seed 1
(the same luck) and with seed 2 (other luck). The variance of the difference of one replication is compared; an interval
of the same width needs as many times more independent replications.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sim import load_scenario, replicate
from sim.experiments.adapt import adapted
from sim.experiments.execution import Means

if TYPE_CHECKING:
    import pandas as pd

    from sim.records.run_folder import RunFolder

POLICIES = {
    "fill_vacant_posts": ("dry_rate_exits", "waiting_for_counsellor", "assignment_wait_mean", "caseload"),
    "hearings_within_four_months": ("dry_rate_exits", "hearing_wait_mean", "requests_waiting", "hearings_held"),
}
OTHER_SEED = 2


def values(run: RunFolder, indicator: str) -> pd.Series[float]:
    """Value of one indicator in each replication."""
    frame = run.indicators()
    chosen = frame[(frame["period"] == "measured") & (frame["indicator"] == indicator) & (frame["group"] == "all")]
    return chosen.set_index("replication")["value"]


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--replications", "-n", type=int, default=20)
    parser.add_argument("--fraction", type=float, default=0.1)
    parser.add_argument("--workers", "-w", type=int, default=2)
    asked = parser.parse_args()
    worlds = [
        adapted(load_scenario(name), days={"start": None, "end": None}, fraction=asked.fraction)
        for name in ("baseline", *POLICIES)
    ]
    runs = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in (1, OTHER_SEED):
            chosen = worlds if seed == 1 else worlds[1:]
            outcome = replicate(
                chosen,
                replications=asked.replications,
                seed=seed,
                output=Path(folder),
                events="none",
                means=Means(asked.workers),
                fork=True,
            )
            assert not outcome.failures, outcome.failures[0].message
            runs |= {(run.scenario, seed): run for run in outcome.runs}
        print(f"{asked.replications} replications, fraction {asked.fraction:g}")
        print("| policy | output | mean difference | variance, independent | variance, paired | ratio |")
        print("| --- | --- | --- | --- | --- | --- |")
        for policy, outputs in POLICIES.items():
            for output in outputs:
                base = values(runs["baseline", 1], output)
                paired = values(runs[policy, 1], output) - base
                apart = values(runs[policy, OTHER_SEED], output) - base
                ratio = apart.var() / paired.var() if paired.var() > 0 else float("inf")
                print(f"| {policy} | {output} | {paired.mean():.4g} | {apart.var():.3g} | {paired.var():.3g} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
