"""The reference, read: one figure with its intervals, a verdict in a word, a target sought on a sweep.

What the explorer shows of a run that somebody has just made goes through the same :class:`Figures`, so that the figures of
a page never depend on where they come from.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import RequestError, RunFolderError, reason
from sim.experiments.compare import compare
from sim.experiments.solve import Answer, Target, find_root
from sim.indicators.context import MEASURED
from sim.indicators.estimates import summarise
from sim.library import tables
from sim.library.build import FORMAT, MANIFEST
from sim.library.manifest_checks import wrong
from sim.records.parquet import read_frame
from sim.records.tables import Codebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.records.run_folder import RunFolder

REFERENCE = Path("results/reference")
VALIDATION = "validation.json"
_FOUND = {"forecasts", "rows", "tornado"}
Verdict = Literal["nothing", "lower", "higher", "unclear", "unknown"]
"""``nothing``: exactly no difference, in two replications or more; ``unclear``: the interval holds 0; ``unknown``: no
interval can be given (one replication, or all of them gave the same difference)."""


class Figure(NamedTuple):
    """One figure of one scenario, with its difference from the base."""

    mean: float
    half_width: float
    n: int
    low: float
    q25: float
    median: float
    q75: float
    high: float
    difference: float
    difference_low: float
    """90 % interval of the mean difference; see :attr:`holds`."""
    difference_high: float
    holds: Literal["chance", "both"]
    """What the interval of the difference holds: chance only, or chance and the uncertain parameters."""
    share_parameters: float
    below_zero: float
    """Chance that the mean difference is below zero, by the replications; NaN with one of them."""

    @property
    def verdict(self) -> Verdict:
        """What can be said of the difference, in a word."""
        return verdict(self.difference, self.difference_low, self.difference_high, self.n)

    @property
    def mean_low(self) -> float:
        """Lower end of the 90 % interval of the mean, chance only."""
        return self.mean - self.half_width

    @property
    def mean_high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width


def verdict(difference: float, low: float, high: float, replications: float) -> Verdict:
    """Say what an interval of a difference allows to say: without one, no more than that nothing moved."""
    if difference == 0 and replications > 1 and (isnan(low) or low == high == 0):
        return "nothing"
    if low == high:  # files of figures of before had intervals of no width
        return "unknown"
    if isnan(difference) or isnan(low) or isnan(high):
        return "unknown"
    return "lower" if high < 0 else "higher" if low > 0 else "unclear"


@dataclass(frozen=True)
class Figures:
    """Figures of a base and of the scenarios compared with it."""

    frame: pd.DataFrame
    """Columns of :func:`~sim.library.tables.with_parameters`, and ``scenario``."""
    base: str
    titles: Mapping[str, Mapping[str, str]]
    period: str = MEASURED
    """What :meth:`get` speaks of unless told otherwise: the measured window, or a year."""

    def over(self, period: str) -> Figures:
        """Return the same figures, speaking of another period."""
        view = replace(self, period=period)
        view.__dict__.update({name: getattr(self, name) for name in ("_rows", "_columns")})  # read once for all periods
        return view

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str, str], int]:
        columns = (self.frame[name].astype(str).tolist() for name in ("scenario", "period", "indicator", "group"))
        return {key: position for position, key in enumerate(zip(*columns, strict=True))}

    @cached_property
    def _columns(self) -> dict[str, NDArray[np.float64]]:
        names = ("mean", "half_width", "n", *tables.QUANTILES, "difference", "difference_half_width", "both_low", "both_high",
                 "share_parameters", "below_zero")  # fmt: skip
        return {name: self.frame[name].to_numpy(dtype=np.float64) for name in names}

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names, the base first."""
        return tuple(self.titles)

    def get(self, scenario: str, indicator: str, group: str = "all", period: str | None = None) -> Figure | None:
        """Return one figure; None where nobody was concerned."""
        row = self._rows.get((scenario, period or self.period, indicator, group))
        if row is None:
            return None
        value = {name: float(column[row]) for name, column in self._columns.items()}
        both = not isnan(value["both_low"])
        width = value["difference_half_width"]
        return Figure(
            mean=value["mean"],
            half_width=value["half_width"],
            n=int(value["n"]),
            low=value["low"],
            q25=value["q25"],
            median=value["median"],
            q75=value["q75"],
            high=value["high"],
            difference=value["difference"],
            difference_low=value["both_low"] if both else value["difference"] - width,
            difference_high=value["both_high"] if both else value["difference"] + width,
            holds="both" if both else "chance",
            share_parameters=value["share_parameters"],
            below_zero=value["below_zero"],
        )

    def groups(self, scenario: str, indicator: str, prefix: str = "", period: str = MEASURED) -> dict[str, Figure]:
        """Return the figures of an indicator by the text after ``prefix``, for groups of that one dimension."""
        found = {}
        for name, when, what, group in self._rows:
            if (name, when, what) == (scenario, period, indicator) and group.startswith(prefix) and "," not in group:
                figure = self.get(scenario, indicator, group, period)
                assert figure is not None
                found[group[len(prefix) :]] = figure
        return found

    def months(self, scenario: str, indicator: str, group: str = "all") -> pd.DataFrame:
        """Return the monthly censuses of a figure: ``day`` (dates) and the columns of its spread, in order."""
        return self._over_time(scenario, indicator, group, len("2026-07-01"))

    def years(self, scenario: str, indicator: str, group: str = "all") -> pd.DataFrame:
        """Return a figure year by year, as :meth:`months`."""
        return self._over_time(scenario, indicator, group, len("2026"))

    def _over_time(self, scenario: str, indicator: str, group: str, width: int) -> pd.DataFrame:
        frame = self.frame
        chosen = frame[
            (frame["scenario"] == scenario)
            & (frame["indicator"] == indicator)
            & (frame["group"] == group)
            & (frame["period"].str.len() == width)
        ]
        days = pd.to_datetime(chosen["period"].astype(str))
        return chosen.assign(day=days).sort_values("day").reset_index(drop=True)


@dataclass(frozen=True)
class Reference:
    """A reference folder that exists. Open one with :func:`open_reference`."""

    path: Path
    manifest: dict[str, Any]
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> pd.DataFrame:
        """Return one of its tables, read once.

        Raises
        ------
        RunFolderError
            If it is missing or damaged.
        """
        if name not in self._frames:
            self._frames[name] = read_frame(self.path / f"{name}.parquet")
        return self._frames[name]

    @cached_property
    def figures(self) -> Figures:
        """Figures of its scenarios."""
        titles = {row["name"]: row["title"] for row in self.manifest["scenarios"]}
        return Figures(self.table("figures"), next(iter(titles)), titles)

    @cached_property
    def codebook(self) -> Codebook:
        """What the codes of lives and exits stand for."""
        return Codebook(**{name: tuple(values) for name, values in self.manifest["codebook"].items()})

    @property
    def scenarios(self) -> list[dict[str, Any]]:
        """What the manifest says of each scenario, the base first."""
        rows: list[dict[str, Any]] = self.manifest["scenarios"]
        return rows

    @cached_property
    def validation(self) -> dict[str, Any] | None:
        """What the calibration found (:mod:`sim.calibration.summary`); nothing if none was kept beside it."""
        file = self.path / VALIDATION
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as problem:
            msg = f"{file}: no findings of a calibration can be read here ({reason(problem)}). Make them with: sortie validate"
            raise RunFolderError(msg) from problem
        if not isinstance(found, dict) or not set(found) >= _FOUND:
            msg = f"{file}: expected an object with {', '.join(sorted(_FOUND))}. Make it with: sortie validate"
            raise RunFolderError(msg)
        return found

    def years(self) -> list[str]:
        """Whole years after the first measured day, for which differences are kept."""
        return tables.whole_years(self.manifest["measure_from"], self.manifest["end"])

    def scenario(self, name: str) -> dict[str, Any]:
        """Return what the manifest says of a scenario."""
        found: dict[str, Any] = next(row for row in self.manifest["scenarios"] if row["name"] == name)
        return found

    def sweep(self, name: str) -> dict[str, Any]:
        """Return what the manifest says of a sweep."""
        found: dict[str, Any] = next(row for row in self.manifest["sweeps"] if row["name"] == name)
        return found

    def seek(self, sweep: str, target: Target) -> Answer:
        """Find the smallest setting of a sweep that reaches a target, between the settings that were simulated."""
        return seek_on_sweep(self.table("sweeps"), sweep, target)

    def curve(self, sweep: str, indicator: str, group: str) -> pd.DataFrame:
        """Return ``setting, mean, low, high``: the mean output and its 90 % interval (chance) at each setting."""
        frame = self.table("sweeps")
        rows = frame[(frame["sweep"] == sweep) & (frame["indicator"] == indicator) & (frame["group"] == group)]
        told = rows.rename(columns={"setting": "period"})
        summary = summarise(told).rename(columns={"period": "setting"})
        low, high = summary["mean"] - summary["half_width"], summary["mean"] + summary["half_width"]
        return summary.assign(low=low, high=high).sort_values("setting")[["setting", "mean", "low", "high"]]


def reference_folder() -> Path:
    """Folder of the library's figures: ``SORTIE_REFERENCE``, else that of the working directory, else that of this sortie.

    A checkout has its own in ``results/reference``, an installed sortie inside the package.
    """
    asked = os.environ.get("SORTIE_REFERENCE")
    if asked:
        return Path(asked)
    package = Path(__file__).resolve().parents[1]
    places = (Path.cwd() / REFERENCE, package / "_reference", package.parent / REFERENCE)
    return next((folder for folder in places if folder.is_dir()), places[0])


def open_reference(path: Path | str) -> Reference:
    """Open a reference folder, and check that its tables are those its manifest announces.

    Raises
    ------
    RunFolderError
        If it is missing, of another format, or damaged.
    """
    path = Path(path)
    again = "Make it with: sortie reference"
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        msg = f"{path}: no reference can be read here ({reason(problem)}). {again}"
        raise RunFolderError(msg) from problem
    if isinstance(manifest, dict) and manifest.get("format") != FORMAT:
        msg = f"{path}: format: met {manifest.get('format')!r}, expected {FORMAT}. {again}"
        raise RunFolderError(msg)
    problem_met = wrong(manifest)
    if problem_met is not None:
        msg = f"{path / MANIFEST}: {problem_met}. {again}"
        raise RunFolderError(msg)
    for name, record in manifest["files"].items():
        file = path / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != record["sha256"]:
            msg = f"{file}: missing, or not the file that {MANIFEST} announces. {again}"
            raise RunFolderError(msg)
    return Reference(path, manifest)


def seek_on_sweep(frame: pd.DataFrame, sweep: str, target: Target) -> Answer:
    """Find the smallest setting that reaches a target; straight lines join the settings simulated, replication by replication.

    Raises
    ------
    RequestError
        If the sweep has no such output.
    """
    rows = frame[(frame["sweep"] == sweep) & (frame["indicator"] == target.output) & (frame["group"] == target.group)]
    if rows.empty:
        msg = f"the sweep '{sweep}' keeps no '{target.output}[{target.group}]'."
        raise RequestError(msg)
    wide = rows.pivot_table(index="setting", columns="replication", values="value").sort_index()
    settings = wide.index.to_numpy(dtype=np.float64)
    values = wide.to_numpy(dtype=np.float64)

    def evaluate(setting: float) -> NDArray[np.float64]:
        return np.array([np.interp(setting, settings, values[:, column]) for column in range(values.shape[1])])

    furthest = float(settings[np.argmax(np.abs(settings))])
    return find_root(evaluate, target, 0.0, furthest, tolerance=abs(furthest) / 1000, known=settings.tolist())


def figures_of_runs(base: RunFolder, policy: RunFolder, replications: int | None = None) -> Figures:
    """Compare two runs as the reference compares its scenarios; the numbers are those of ``sortie compare``.

    Raises
    ------
    RequestError
        If the two cannot be paired.
    """
    comparison = compare(base, policy)
    frames = {}
    for run in (comparison.base, comparison.policy):
        frame = run.indicators()
        wanted = [n for n in comparison.replications if replications is None or n < replications]
        frames[run.run_id] = tables.kept(frame[frame["replication"].isin(wanted)])
    first, second = frames[base.run_id], frames[policy.run_id]
    parts = [tables.figures(first).assign(scenario=base.scenario)]
    if policy.run_id != base.run_id:
        parts.append(tables.figures(first, second).assign(scenario=policy.scenario))
    frame = pd.concat(parts, ignore_index=True).assign(both_low=nan, both_high=nan, share_parameters=nan)
    titles = {base.scenario: base.manifest.title, policy.scenario: policy.manifest.title}
    return Figures(frame, base.scenario, titles)
