"""``calibrate``, ``validate``, ``backtest`` and ``sensitivity``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sim.cli.output import print_json
from sim.cli.running import INTERRUPTED
from sim.experiments.calibration.runs import framed
from sim.experiments.calibration.space import read_settings, space_of
from sim.experiments.calibration.targets import packaged
from sim.experiments.calibration.waves import DRAWS, RESULT, Budget, Calibration
from sim.experiments.execution import Means
from sim.experiments.progress import progress_on
from sim.policies import POLICIES
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER = "calibration"


def calibrate_baseline(
    scenario: str, *, budget: Budget, fraction: float | None, output: Path, workers: int | None, progress: str, as_json: bool
) -> int:
    """Fit the practices of a scenario and print what was found.

    Returns
    -------
        Exit code: 0, or 130 if interrupted.
    """
    settings = read_settings()
    loaded = load_scenario(scenario, known_policies=frozenset(POLICIES))
    space = space_of(framed(loaded, settings.frame, fraction), settings.parameters)
    folder = output / FOLDER
    try:
        with progress_on(progress) as listener:
            found = Calibration(space, packaged(), budget, folder, Means(workers).checked(), listener).run()
    except KeyboardInterrupt:
        print("interrupted: finished runs are kept; the same command goes on from there", file=sys.stderr)
        return INTERRUPTED
    if as_json:
        print_json(found)
        return 0
    for wave in found["waves"]:
        explained = sorted(quality["explained"] for quality in wave["emulator"].values())
        print(
            f"wave {wave['wave']}: {wave['runs']} runs so far; {100 * wave['ruled_out']:.1f} % of the ranges ruled out "
            f"({wave['spared']} targets spared); the emulator explains {100 * explained[len(explained) // 2]:.0f} % of the "
            f"differences between runs it was not shown (median target)"
        )
    print_rows(found["draws"], found["central"])
    weak = [row["path"] for row in found["identified"]["parameters"] if not row["identified"]]
    print(f"not identified by the data: {', '.join(weak) or 'none'}")
    for pair in found["identified"]["pairs"]:
        print(f"trade off ({pair['correlation']:+.2f}): {pair['first']} and {pair['second']}")
    print(
        f"{found['runs']} runs, {found['seconds'] / 60:.0f} minutes; draws in {folder / DRAWS}, all else in {folder / RESULT}"
    )
    return 0


def print_rows(rows: Sequence[dict[str, Any]], central: Sequence[dict[str, Any]] | None = None) -> None:
    """Print each target beside the model, in a table."""
    values = {row["target"]: row["median"] for row in central or ()}
    print(f"{'target':<24}{'published':>11}{'± tol.':>9}{'median':>11}{'low':>11}{'high':>11}  inside")
    for row in rows:
        numbers = "".join(f"{_short(row[key]):>11}" for key in ("median", "low", "high"))
        mark = "yes" if row["inside"] else "NO"
        weight = "fitted" if row["kind"] == "fit" else "set by hand" if row["hand"] else "check"
        beside = f"  central {_short(values[row['target']])}" if row["target"] in values else ""
        published = f"{_short(row['published']):>11}{_short(row['tolerance']):>9}"
        print(f"{row['target']:<24}{published}{numbers}  {mark:<4}{weight}{beside}")
    inside, covered = (sum(bool(row[key]) for row in rows) for key in ("inside", "covered"))
    print(f"{inside} of {len(rows)} within the tolerance; {covered} inside the 90 % interval of the runs")


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"
