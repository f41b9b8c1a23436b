"""``plan`` and ``batch``: experiments from a file."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.cli.language import say
from sim.cli.output import print_json, progress_of
from sim.cli.running import INTERRUPTED, tell_failures
from sim.experiments.batch import check_disk, plan, run_experiment
from sim.experiments.execution import Backend
from sim.experiments.experiment import describe_frame, read_experiment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.experiments.batch import Batch, Plan


def plan_experiment(path: Path, *, output: Path, workers: int | None, as_json: bool) -> None:
    """Print what an experiment would run."""
    experiment = read_experiment(path)
    means = Backend(workers).checked()
    planned = plan(experiment, output)
    if as_json:
        plain = asdict(planned)
        plain["wall_seconds"] = planned.wall_seconds(means.workers or 1)
        plain["workers"] = means.workers
        plain["names"] = [arm.name for arm in experiment.arms]
        print_json(plain)
        return
    print(f"{experiment.name}: {say(describe_frame(experiment.arms[0].scenario))}")
    for line in _plan_lines(planned, means.workers or 1):
        print(f"    {say(line)}")
    print(say("arms, each compared with the first:"))
    for arm in experiment.arms:
        print(f"    {arm.name}")


def _plan_lines(planned: Plan, workers: int) -> list[str]:
    fewest, most = planned.replications
    many = f"{fewest} replications" if fewest == most else f"{fewest} to {most} replications (stopping rule)"
    spared = 100 * planned.months_shared / planned.months if planned.months else 0.0
    units = f"{planned.arms} arms × {planned.draws} draws × {many} = {planned.units} units"
    time = _duration(planned.wall_seconds(workers))
    disk, free = (f"{number / 1e6:,.0f} MB" for number in (planned.disk_bytes, planned.free_bytes))
    return [
        f"{units}, {planned.units - planned.waiting} already there, {planned.waiting} to run",
        f"about {time} with {workers} workers (shared pasts spare {spared:.0f} % of the months)",
        f"about {disk} on disk, {free} free; about {planned.memory_mb:,.0f} MB of memory for each worker",
        f"estimated from {planned.estimated_from}",
    ]


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def batch_experiment(
    path: Path, *, output: Path, means: Mapping[str, Any], disk_check: bool, progress: str, as_json: bool
) -> int:
    """Run an experiment and print what was done.

    Returns
    -------
        Exit code: 0, 1 if a unit failed, 2 if all that failed is for the user to mend, 130 if interrupted.
    """
    experiment = read_experiment(path)
    checked = Backend(**means).checked()
    if disk_check:
        check_disk(plan(experiment, output), output)
    try:
        with progress_of(progress) as listener:
            batch = run_experiment(experiment, output=output, means=checked, listener=listener)
    except KeyboardInterrupt:
        print(say("interrupted: finished replications are kept; the same command goes on from there"), file=sys.stderr)
        return INTERRUPTED
    if as_json:
        print_json(_as_plain(batch))
    else:
        done = (
            f"{batch.folder}: {batch.simulated} units run, {batch.skipped} already there, {len(batch.failures)} failed; "
            f"{batch.replications} replications"
        )
        print(say(done))
        for output_reached in batch.reached:
            where = "not yet" if output_reached.enough is None else f"from {output_reached.enough} replications on"
            reached = f"{output_reached.output}: {output_reached.mean:.4g} ± {output_reached.half_width:.2g}"
            print(f"    {say(f'{reached} (target ± {output_reached.target:.2g}): {where}')}")
    return tell_failures(batch.failures)


def _as_plain(batch: Batch) -> dict[str, Any]:
    return {
        "path": str(batch.folder),
        "simulated": batch.simulated,
        "skipped": batch.skipped,
        "replications": batch.replications,
        "reached": [asdict(output) for output in batch.reached],
        "failures": [asdict(failure) for failure in batch.failures],
    }
