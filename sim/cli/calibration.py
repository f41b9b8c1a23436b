"""``calibrate``, ``validate``, ``backtest`` and ``sensitivity``."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from sim.calibration.backtest import Draws, backtest
from sim.calibration.emulator import Emulator
from sim.calibration.runs import TABLE, Ran, Runner, framed, with_overrides
from sim.calibration.screening import screen, what_matters
from sim.calibration.sensitivity import HEADLINES, posterior_points, sensitivity
from sim.calibration.space import read_settings, space_of
from sim.calibration.summary import summary
from sim.calibration.targets import compare_with, measured_on, packaged
from sim.calibration.validation_page import page as write_page
from sim.calibration.validation_page import read_results
from sim.calibration.waves import DRAWS, RESULT, Budget, Calibration, write_json
from sim.calibration.write_back import applied
from sim.cli.language import say
from sim.cli.output import print_json, progress_of
from sim.cli.running import INTERRUPTED
from sim.errors import RequestError
from sim.experiments.execution import Backend
from sim.experiments.plausible_draws import read_plausible
from sim.policies import POLICIES
from sim.records.run_folder import find_runs, open_run
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = "calibration"


class Asked(TypedDict):
    """What both kinds of sensitivity are asked with."""

    fraction: float | None
    seed: int
    output: Path
    workers: int | None
    progress: str
    as_json: bool


def calibrate_baseline(
    scenario: str,
    *,
    budget: Budget,
    fraction: float | None,
    draws_fraction: float | None,
    settings: Path | None,
    output: Path,
    workers: int | None,
    progress: str,
    as_json: bool,
) -> int:
    """Fit the practices of a scenario and print what was found.

    Returns
    -------
        Exit code: 0, or 130 if interrupted.
    """
    asked = read_settings(settings)
    loaded = load_scenario(scenario, known_policies=frozenset(POLICIES))
    space = space_of(framed(loaded, asked.frame, fraction or asked.fraction), asked.parameters, asked.drawn_beside)
    folder = output / FOLDER
    try:
        with progress_of(progress) as listener:
            calibration = Calibration(
                space,
                packaged(),
                budget,
                folder,
                Backend(workers).checked(),
                listener,
                draws_fraction or asked.draws_fraction,
                asked.targets,
            )
            _plan(calibration)
            found = calibration.run()
    except KeyboardInterrupt:
        print(say("interrupted: finished runs are kept; the same command goes on from there"), file=sys.stderr)
        return INTERRUPTED
    if as_json:
        print_json(found)
        return 0
    _print_found(found, folder)
    return 0


def _plan(calibration: Calibration) -> None:
    planned = calibration.planned
    large = sum(number for stage, number in planned.items() if stage.startswith(("draws", "anchors_large", "central")))
    small = sum(planned.values()) - large
    print(
        say(
            f"{len(calibration.space.values)} parameters are fitted to {len(calibration.fitted)} figures, "
            f"{len(calibration.space.beside)} are drawn beside: at most {small} runs of {calibration.fraction:g} of the "
            f"country and {large} of {calibration.draws_fraction:g}"
        ),
        file=sys.stderr,
    )


def _print_found(found: Mapping[str, Any], folder: Path) -> None:
    for wave in found["waves"]:
        explained = sorted(quality["explained"] for quality in wave["emulator"].values())
        within = np.mean([quality["within_90"] for quality in wave["emulator"].values()])
        print(
            say(
                f"wave {wave['wave']}: {wave['runs']} runs so far; of runs left out one by one the emulator explains "
                f"{100 * explained[len(explained) // 2]:.0f} % (median target, least {100 * explained[0]:.0f} %), and "
                f"{100 * within:.0f} % lie in its 90 % intervals"
            )
        )
    if found["truths"]:
        held = found["truths"]["held"]
        print(
            say(
                f"{found['truths']['truths']} synthetic truths: 50 % intervals hold {100 * held['0.5']:.0f} % of the "
                f"parameters, 90 % intervals {100 * held['0.9']:.0f} %"
            )
        )
    for row in found["rounds"]:
        print(
            say(
                f"draws, round {row['round']}: {row['run']} points run, worth {row['effective']:.0f} of equal weight "
                f"({row['untruncated']:.0f} before the heaviest were cut)"
            )
        )
    print_rows(found["draws"], found["central"])
    coverage = found["coverage"]
    print(
        say(
            f"{coverage['covered']} of {coverage['rows']} rows inside their 90 % interval; of {coverage['left_out']} left out "
            f"of the fit one by one, {coverage['left_out_covered']}"
        )
    )
    weak = [row["path"] for row in found["identified"]["parameters"] if not row["identified"]]
    print(say(f"not identified by the data: {', '.join(weak) or 'none'}"))
    for pair in found["identified"]["pairs"]:
        print(say(f"trade off ({pair['correlation']:+.2f}): {pair['first']} and {pair['second']}"))
    for stage, cost in found["cost"].items():
        print(say(f"cost: {stage}: {cost['runs']} runs, {cost['seconds']:.0f} s"))
    print(
        say(
            f"{found['runs']} runs, {found['seconds'] / 60:.0f} minutes; draws in {folder / DRAWS}, "
            f"all else in {folder / RESULT}"
        )
    )


def validate_run(
    run: str | None, *, output: Path, page: Path | None, figures: Path | None, apply: Path | None, as_json: bool
) -> None:
    """Print each target beside a run, or beside the draws of the calibration; or write what follows from these."""
    folder = output / FOLDER
    if apply is not None:
        _apply(apply, folder)
        return
    if page is not None:
        results = read_results(folder)
        if "calibration" not in results:
            msg = f"{folder / RESULT}: not there. Make it with: sortie calibrate --output {output}"
            raise RequestError(msg)
        page.write_text(write_page(results), encoding="utf-8")
        print(say(f"{page}: from {', '.join(results)}"))
        if figures is not None:
            write_json(figures, summary(results, load_scenario("baseline", known_policies=frozenset(POLICIES))))
        return
    if run is None or run == "draws":
        results = read_results(folder)
        if "calibration" in results:
            rows = results["calibration"]["draws"]
        elif run is None:
            rows = _rows_of("baseline", output)
        else:
            msg = f"{folder / RESULT}: not there. Make it with: sortie calibrate --output {output}"
            raise RequestError(msg)
    else:
        rows = _rows_of(run, output)
    if as_json:
        print_json(rows)
    else:
        print_rows(rows)


def _rows_of(name: str, output: Path) -> list[dict[str, Any]]:
    """Rows of a run folder, or of the latest run of a scenario."""
    path = Path(name)
    if path.is_dir():
        run = open_run(path)
    else:
        runs = find_runs(output, name)
        if not runs:
            msg = (
                f"no run of '{name}' under {output}. Make one with: sortie run {name} --start 2022-01-01 "
                f"--measure-from 2025-01-01 --end 2026-01-01"
            )
            raise RequestError(msg)
        run = runs[-1]
    measured = [measured_on(rows, packaged()) for _, rows in run.indicators().groupby("replication")]
    return [row._asdict() for row in compare_with(packaged(), measured)]


def _apply(path: Path, folder: Path) -> None:
    scenario = load_scenario(path, known_policies=frozenset(POLICIES))  # refuses what is no ordinary file
    text = path.read_text(encoding="utf-8")
    draws = read_plausible(folder / DRAWS)
    # What is drawn beside stays as it is: draw 0 has the baseline's own values of it.
    fitted = [draws.names.index(name) for name in space_of(scenario, read_settings().parameters).names if name in draws.names]
    draws = replace(draws, names=tuple(draws.names[column] for column in fitted), levels=draws.levels[:, fitted])
    path.write_text(applied(text, scenario, draws, datetime.now(UTC).date().isoformat()), encoding="utf-8")
    print(
        say(f"{path}: {len(draws.names)} values moved to the central draw of wave {draws.wave}; now: python docs/generate.py")
    )


def backtest_baseline(
    scenario: str,
    *,
    draws: int,
    fraction: float | None,
    seed: int,
    output: Path,
    workers: int | None,
    progress: str,
    as_json: bool,
) -> None:
    """Run the past and print what it shows."""
    loaded = load_scenario(scenario, known_policies=frozenset(POLICIES))
    folder = output / FOLDER
    overrides: list[dict[str, Any]] = [{}]
    if draws > 1 or (folder / DRAWS).is_file():
        plausible = read_plausible(folder / DRAWS)
        frame = framed(loaded, read_settings().frame)
        overrides = [plausible.overrides(frame, number) for number in range(min(draws, len(plausible.levels)))]
    with progress_of(progress) as listener:
        runner = Runner(folder, seed, Backend(workers).checked(), listener)
        found = backtest(loaded, Draws(tuple(overrides)), runner, fraction)
    write_json(folder / "backtest.json", found)
    if as_json:
        print_json(found)
        return
    for row in found["long"]:
        covered = "" if row["covered"] is None else f", {100 * row['covered']:.0f} % in the interval"
        print(
            say(
                f"from {row['start'][:4]}  {row['what']:<28} {row['points']:>3} months: "
                f"error {100 * row['mean_error']:+.1f} %, absolute {100 * row['mean_absolute_error']:.1f} %, "
                f"{100 * row['within']:.0f} % within ± {100 * row['tolerance']:.1f} %{covered}; "
                f"worst {100 * row['worst']:+.1f} % on {row['worst_day']}"
            )
        )
    for row in found["events"]:
        told = [_short(row[key]) if row[key] is not None else "–" for key in ("published", "model")]
        print(say(f"{row['what']}: published {told[0]}, model {told[1]}: {'shown' if row['inside'] else 'MISS'}"))
    for row in found["errors"]:
        print(
            say(
                f"{row['series']}, {row['years']} ahead, {row['origins']} origins: "
                f"model {100 * row['model']:.1f} %, last value {100 * row['last_value']:.1f} %, "
                f"linear trend {100 * row['linear_trend']:.1f} %"
            )
        )


def sensitivity_of(
    scenario: str,
    *,
    direct: bool,
    fraction: float | None,
    seed: int,
    output: Path,
    workers: int | None,
    progress: str,
    as_json: bool,
) -> None:
    """Reckon what moves the headlines, from the runs of the calibration, and print it."""
    folder = output / FOLDER
    settings = read_settings()
    loaded = load_scenario(scenario, known_policies=frozenset(POLICIES))
    space = space_of(framed(loaded, settings.frame, fraction or settings.fraction), settings.parameters)
    ran = Ran.read(folder / TABLE)
    if ran.parameters != space.names:
        msg = f"{folder / TABLE}: was made with other parameters than {len(space.names)} of today. Run: sortie calibrate"
        raise RequestError(msg)
    columns = [c for c, name in enumerate(ran.targets) if name in HEADLINES and np.isfinite(ran.outputs[:, c]).all()]
    emulator = Emulator([ran.targets[c] for c in columns], ran.points, ran.outputs[:, columns])
    noise = {name: sd**2 for name, sd in read_results(folder)["calibration"]["noise_sd"].items()}
    draws = read_plausible(folder / DRAWS)
    points = posterior_points(space, draws, seed)
    with progress_of(progress) as listener:
        runner = Runner(folder, seed, Backend(workers).checked(), listener)
        overrides = space.overrides(space.point(dict(zip(draws.names, draws.levels[0].tolist(), strict=True))))
        central = runner.run("central", [with_overrides(space.scenario, overrides)])[0].indicators()
        found = sensitivity(space, emulator, noise, points, packaged(), central, runner if direct else None)
    write_json(folder / "sensitivity.json", found)
    if as_json:
        print_json(found)
        return
    for row in found["variance"]:
        shares = ", ".join(f"{name} {100 * row[name]:.0f} %" for name in ("chance", "parameters", "causal"))
        print(say(f"{row['headline']}: sd {row['sd']:.4g}: {shares}"))
    for headline, rows in found["indices"].items():
        print(say(f"{headline}: moved by " + ", ".join(f"{row['path']} {100 * row['total']:.0f} %" for row in rows[:3])))
    for headline, rows in found["value"].items():
        print(
            say(
                f"{headline}: known, would spare "
                + ", ".join(f"{row['path']} {100 * row['shrinks']:.0f} %" for row in rows[:3])
            )
        )
    for row in found.get("checked", []):
        print(
            say(
                f"checked: {row['path']} on {row['headline']}: {row['direct']:.4g} by runs, "
                f"{row['emulated']:.4g} by the emulator"
            )
        )


def screen_differences(
    scenario: str,
    *,
    points: int,
    fraction: float | None,
    seed: int,
    output: Path,
    workers: int | None,
    progress: str,
    as_json: bool,
) -> None:
    """Screen every value that has a range on what the main policies change, and print what matters."""
    folder = output / FOLDER
    settings = read_settings()
    loaded = load_scenario(scenario, known_policies=frozenset(POLICIES))
    wanted = replace(settings.screening, fraction=fraction or settings.screening.fraction)
    began = time.perf_counter()
    with progress_of(progress) as listener:
        met = screen(loaded, wanted, packaged(), points, seed, Runner(folder, seed, Backend(workers).checked(), listener))
    found = what_matters(met, settings.parameters) | {"fraction": wanted.fraction, "seconds": time.perf_counter() - began}
    write_json(folder / "screening.json", found)
    if as_json:
        print_json(found)
        return
    for row in found["figures"]:
        parts = ", ".join(f"{part['path']} {100 * part['share']:.0f} %" for part in row["parts"][:5])
        print(say(f"{row['figure']}: {row['median']:.4g} [{row['low']:.4g}, {row['high']:.4g}]: {parts or 'nothing named'}"))
    print(say(f"worth fitting: {', '.join(found['chosen']) or 'none'}"))
    print(say(f"of these not fitted: {', '.join(found['missing']) or 'none'}"))
    print(say(f"{found['parameters']} values, {found['points']} points, {found['seconds'] / 60:.0f} minutes"))


def print_rows(rows: Sequence[dict[str, Any]], central: Sequence[dict[str, Any]] | None = None) -> None:
    """Print each target beside the model, in a table."""
    values = {row["target"]: row["median"] for row in central or ()}
    heads = [say(word) for word in ("target", "published", "± tol.", "median", "low", "high", "inside")]
    print("{:<24}{:>11}{:>9}{:>11}{:>11}{:>11}  {}".format(*heads))
    for row in rows:
        numbers = "".join(f"{_short(row[key]):>11}" for key in ("median", "low", "high"))
        mark = say("yes" if row["inside"] else "NO")
        weight = say(row["use"]) + (say(", follows others") if row["follows"] else "")
        beside = f"  central {_short(values[row['target']])}" if row["target"] in values else ""
        published = f"{_short(row['published']):>11}{_short(row['tolerance']):>9}"
        print(f"{row['target']:<24}{published}{numbers}  {mark:<4}{weight}{beside}")
    inside, covered = (sum(bool(row[key]) for row in rows) for key in ("inside", "covered"))
    print(say(f"{inside} of {len(rows)} within the tolerance; {covered} inside the 90 % interval"))


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"
