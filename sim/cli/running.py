"""``run`` and ``compare``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sim.cli.language import say
from sim.cli.output import print_json, progress_of
from sim.cli.report import print_comparison, print_footing, print_levels
from sim.cli.report_of_interaction import print_interaction
from sim.experiments.batch import check_disk_of_run
from sim.experiments.compare import Comparison, compare, latest_pair, route_changes
from sim.experiments.interaction import interaction, put_together
from sim.experiments.remeasure import remeasure, runs_meant
from sim.experiments.replicate import replicate
from sim.experiments.run_options import adapted, steps_left_out
from sim.indicators.context import MEASURED
from sim.indicators.estimates import interval_label, summarise
from sim.policies import POLICIES
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sim.experiments.interaction import Interaction
    from sim.experiments.replicate import Outcome
    from sim.experiments.units import Failure
    from sim.records.run_folder import RunFolder

UNITS_FAILED = 1
USER_ERROR = 2
INTERRUPTED = 130


def run_scenarios(
    names: Sequence[str],
    *,
    replications: int,
    seed: int,
    workers: int | None,
    output: Path,
    days: Mapping[str, str | None],
    fraction: float | None,
    events: str,
    disk_check: bool,
    progress: str,
    as_json: bool,
) -> int:
    """Run scenarios and print the report.

    Returns
    -------
        Exit code: 0, 1 if a unit failed, 2 if all that failed is for the user to mend, 130 if interrupted.
    """
    # All of them are loaded before the first is run: a mistake in the last one is told now, not in three minutes.
    loaded = [load_scenario(name, known_policies=frozenset(POLICIES)) for name in names]
    scenarios = [adapted(scenario, days=days, fraction=fraction) for scenario in loaded]
    for scenario in scenarios:
        for sentence in steps_left_out(scenario):
            print(say(sentence), file=sys.stderr)
    if disk_check:
        check_disk_of_run(scenarios, replications=replications, seed=seed, events=events, output=output)
    try:
        with progress_of(progress) as listener:
            outcome = replicate(
                scenarios,
                replications=replications,
                seed=seed,
                workers=workers,
                output=output,
                events=events,
                listener=listener,
            )
    except KeyboardInterrupt:
        print(say("interrupted: finished replications are kept; the same command goes on from there"), file=sys.stderr)
        return INTERRUPTED
    finished = [run for run in outcome.runs if run.replications]
    comparisons = [compare(outcome.runs[0], run) for run in outcome.runs[1:] if _pairs(outcome.runs[0], run)]
    if as_json:
        print_json(_as_plain(outcome, finished, comparisons))
    else:
        if len(outcome.runs) == 1:
            for run in finished:
                print_levels(run, summarise(run.indicators()))
        for comparison in comparisons:
            print_comparison(comparison, route_changes(comparison))
        for found in _interactions(finished):
            print_interaction(found)
        if finished:
            print_footing(finished)
    return tell_failures(outcome.failures)


def _interactions(runs: Sequence[RunFolder]) -> list[Interaction]:
    """What each scenario that puts others together (``a+b``) is worth beside them, where all were run after one base."""
    named = {run.scenario: run for run in runs}
    base = runs[0] if runs else None
    return [
        interaction(base, [named[part] for part in parts], named[name])
        for name, parts in put_together(list(named))
        if base is not None and base.scenario not in parts
    ]


def compare_runs(base: str, policy: str, *, output: Path, as_json: bool, csv: Path | None = None, french: bool = False) -> None:
    """Compare two runs, named by scenario or by folder, and print the report; ``csv`` also receives its tables."""
    comparison = compare(*latest_pair(base, policy, output))
    if csv is not None:
        from sim.cli.asking import write_comparison  # noqa: PLC0415

        write_comparison(comparison, csv, french=french)
    if as_json:
        print_json(_comparison_plain(comparison))
    else:
        print_comparison(comparison, route_changes(comparison))
        print_footing((comparison.base, comparison.policy))


def remeasure_runs(words: Sequence[str], *, output: Path) -> int:
    """Measure runs anew where their indicators are of another version, and say what was done.

    Returns
    -------
        Exit code: 0, or 1 if some replications kept no tables.
    """
    left = 0
    for run in runs_meant(words, output):
        done = remeasure(run, tell=lambda text: print(say(text), file=sys.stderr))
        left += len(done.left)
        current = len(run.replications) - len(done.done) - len(done.left)
        left_over = f", {len(done.left)} kept no tables to measure: run them again" if done.left else ""
        print(say(f"{run.path}: {len(done.done)} replications measured, {current} were up to date{left_over}"))
    return UNITS_FAILED if left else 0


def _pairs(first: RunFolder, second: RunFolder) -> bool:
    return bool(set(first.replications) & set(second.replications))


def tell_failures(failures: Sequence[Failure]) -> int:
    """Print what failed, once for each message, and return the exit code it makes."""
    if not failures:
        return 0
    told = set()
    for failure in failures:
        # One mistake of a scenario makes each of its replications fail with the same words: they are said once.
        if failure.message not in told:
            told.add(failure.message)
            print(say(f"{failure.unit} failed: {failure.message}"), file=sys.stderr)
            if failure.details:
                print(failure.details, file=sys.stderr)
    print(say(f"{len(failures)} replications failed; the others are kept"), file=sys.stderr)
    return USER_ERROR if all(failure.mendable for failure in failures) else UNITS_FAILED


def _as_plain(outcome: Outcome, finished: Sequence[RunFolder], comparisons: Sequence[Comparison]) -> dict[str, Any]:
    return {
        "runs": [
            {
                "scenario": run.scenario,
                "run_id": run.run_id,
                "path": str(run.path),
                "seed": run.manifest.seed,
                "replications": list(run.replications),
                "interval": interval_label(len(run.replications)),
                "figures": _rows(summarise(run.indicators())),
            }
            for run in finished
        ],
        "failures": [
            {"unit": failure.unit, "message": failure.message, "details": failure.details} for failure in outcome.failures
        ],
        "comparisons": [_comparison_plain(comparison) for comparison in comparisons],
        "interactions": [
            {"together": each.together, "parts": list(each.parts), "interval": each.interval, "figures": _rows(each.figures)}
            for each in _interactions(finished)
        ],
    }


def _comparison_plain(comparison: Comparison) -> dict[str, Any]:
    return {
        "base": str(comparison.base.path),
        "policy": str(comparison.policy.path),
        "replications": list(comparison.replications),
        "interval": comparison.interval,
        "must_not_claim": list(comparison.caveats),
        "figures": _rows(comparison.figures),
        "route_changes": route_changes(comparison).to_dict("records"),
    }


def _rows(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Figures of the measured window; the other periods are in indicators.csv."""
    measured = figures[figures["period"] == MEASURED].drop(columns="period")
    return [{str(key): value for key, value in row.items()} for row in measured.to_dict("records")]
