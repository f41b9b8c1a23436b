"""A policy against its baseline: differences paired by replication, and who changes route, person by person.

Both runs share their luck (common random numbers): the same people are committed, with the same sentences, and meet
each decision with the same number drawn. A difference is thus the policy's doing, and a policy that does nothing
differs by exactly 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import RequestError, RunFolderError
from sim.indicators.context import Context
from sim.indicators.costs import LEVELS
from sim.indicators.estimates import KEY, interval_label, paired, ratio
from sim.indicators.returns import MUST_NOT_CLAIM
from sim.indicators.routes_changed import routes_changed
from sim.indicators.summary import TablesOnDisk
from sim.records.run_folder import RunFolder, find_runs, open_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

ABSENT = "not out in the window"
"""In :func:`route_changes`: under this arm, the person did not leave the cell in the window."""


RATIOS = {
    "dry release avoided": (("dry_releases", "all"), -1.0),
    "place freed": (("stock", "status=detained"), -1.0),
}
"""What a lever may be paid for: the figure, and -1 where fewer is what is wanted."""
_COSTS = {level: ("cost_of_means", f"item=all,price={level}") for level in LEVELS}


@dataclass(frozen=True)
class Comparison:
    """What a policy changes."""

    base: RunFolder
    policy: RunFolder
    replications: tuple[int, ...]
    """Replications found in both runs: the pairs."""
    figures: pd.DataFrame
    """Columns ``period, indicator, group, base, policy, difference, half_width, below_zero, n``."""

    ratios: pd.DataFrame
    """What the lever costs for one unit of what it moves: see :func:`cost_ratios`."""

    @property
    def interval(self) -> str:
        """What the intervals cover."""
        return interval_label(len(self.replications))

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must not be claimed from it; printed with every figure of reconviction."""
        return MUST_NOT_CLAIM


def compare(base: RunFolder | Path | str, policy: RunFolder | Path | str) -> Comparison:
    """Compare two runs of the same seed, replication by replication.

    Raises
    ------
    RequestError
        If the runs cannot be paired: other seed, window, fraction or code, or no replication in common.
    RunFolderError
        If a folder cannot be read.
    """
    first, second = _opened(base), _opened(policy)
    common = pairable([first, second])
    frames = []
    for run in (first, second):
        frame = run.indicators()
        frames.append(frame[frame["replication"].isin(common)])
    return Comparison(first, second, common, paired(*frames), cost_ratios(*frames))


def cost_ratios(base: pd.DataFrame, policy: pd.DataFrame) -> pd.DataFrame:
    """Divide what a lever costs more by what it moves, replication by replication (:data:`RATIOS`).

    Nothing is taken off for what is displaced, which is told apart (``cost_marginal``, ``cost``). Only what costs more and
    moves the right way has a price: a lever that saves money, or after which more people leave dry, has no row. An interval is
    given only where what is moved is not zero by chance.

    Returns
    -------
        Columns ``period, cost, per, value, low, high, n``: euros for one ``per``.
    """
    import pandas as pd  # noqa: PLC0415

    joined = base.merge(policy, on=["replication", *KEY], suffixes=("_base", "_policy"), how="inner")
    joined["moved"] = joined["value_policy"] - joined["value_base"]
    wanted = {*_COSTS.values(), *(key for key, _ in RATIOS.values())}
    keys = zip(joined["indicator"].astype(str), joined["group"].astype(str), strict=True)
    joined = joined[[key in wanted for key in keys]]
    rows = []
    for period, part in joined.groupby("period", sort=False, observed=True):
        moved = {
            key: rows_of.set_index("replication")["moved"]
            for key, rows_of in part.groupby(["indicator", "group"], observed=True)
        }
        for level, cost in _COSTS.items():
            for per, (key, sign) in RATIOS.items():
                if cost not in moved or key not in moved:
                    continue
                both = pd.concat([moved[cost], sign * moved[key]], axis=1, join="inner")
                if (both.mean() <= 0).any():
                    continue
                found = ratio(both.iloc[:, 0].tolist(), both.iloc[:, 1].tolist())
                if found.value == found.value:
                    rows.append((str(period), level, per, *found))
    return pd.DataFrame(rows, columns=["period", "cost", "per", "value", "low", "high", "n"])


def route_changes(comparison: Comparison) -> pd.DataFrame:
    """Count who leaves by another route, joining the two runs person by person and stay by stay.

    First exits of sentenced people from detention in the measured window of either arm; someone who leaves in the
    window under one arm only is ``not out in the window`` under the other.

    Returns
    -------
        Columns ``base, policy, people_per_year``: every pair of routes met, means over the replications, the largest
        change first; people whose route is the same come last.
    """
    import pandas as pd  # noqa: PLC0415

    manifest = comparison.base.manifest
    days = manifest.end_day + 1 - manifest.measure_from_day
    per_year = 365.25 / days / manifest.sampling_fraction / len(comparison.replications)
    totals: dict[tuple[str, str], float] = {}
    for replication in comparison.replications:
        arms = [_first_exits(run, replication) for run in (comparison.base, comparison.policy)]
        joined = arms[0].merge(arms[1], on=["person", "stay"], how="outer", suffixes=("_base", "_policy"))
        pairs = joined[["route_base", "route_policy"]].fillna(ABSENT).value_counts()
        for pair, number in pairs.items():
            key = (str(pair[0]), str(pair[1])) if isinstance(pair, tuple) else (str(pair), str(pair))
            totals[key] = totals.get(key, 0.0) + float(number) * per_year
    rows = sorted(totals.items(), key=lambda row: (row[0][0] == row[0][1], -row[1], row[0]))
    return pd.DataFrame([(*pair, number) for pair, number in rows], columns=["base", "policy", "people_per_year"])


def people_who_change(comparison: Comparison) -> pd.DataFrame:
    """Name, person by person, who leaves by another route or on another day (:mod:`sim.indicators.routes_changed`).

    Returns
    -------
        Columns ``replication, person, stay, base, policy, base_day, policy_day, days_earlier``.
    """
    import pandas as pd  # noqa: PLC0415

    context = Context.from_plain(comparison.base.manifest.context)
    found = []
    for replication in comparison.replications:
        base, policy = (TablesOnDisk(run, replication) for run in (comparison.base, comparison.policy))
        rows = routes_changed(base, policy, context)
        changed = rows[(rows["base"] != rows["policy"]) | (rows["days_earlier"].fillna(0) != 0)]
        found.append(changed.assign(replication=replication))
    columns = ["replication", "person", "stay", "base", "policy", "base_day", "policy_day", "days_earlier"]
    return pd.concat(found, ignore_index=True)[columns]


def latest_pair(base: str, policy: str, output: Path) -> tuple[RunFolder, RunFolder]:
    """Return the runs that two words mean: run folders, or scenarios whose latest runs share a seed and a version.

    Raises
    ------
    RequestError
        If a scenario has no run, or no two runs can be paired.
    """
    candidates = [_candidates(word, output) for word in (base, policy)]
    for first in candidates[0]:
        for second in candidates[1]:
            if _problem(first, second) is None:
                return first, second
    _must_pair(candidates[0][0], candidates[1][0])
    raise AssertionError  # the line above raises: those two were among the pairs tried


def find_pairs(names: Sequence[str], output: Path) -> list[RunFolder]:
    """Return the latest finished run of the first scenario, and of each other one the latest that can be paired with it."""
    found: list[RunFolder] = []
    for name in names:
        runs = [run for run in find_runs(output, name) if run.replications]
        run = next((run for run in runs if not found or _problem(found[0], run) is None), None)
        if run is not None:
            found.append(run)
    return found


def latest_run(word: str, output: Path) -> RunFolder:
    """Return the run a word means: a run folder, or a scenario's latest finished run.

    Raises
    ------
    RequestError
        If the scenario has no finished run.
    """
    return _candidates(word, output)[0]


def _candidates(word: str, output: Path) -> list[RunFolder]:
    if "/" in word or Path(word).is_dir():
        return [open_run(word)]
    runs = [run for run in find_runs(output, word) if run.replications]
    if not runs:
        for manifest in sorted((output / word).glob("*/manifest.json")):
            open_run(manifest.parent)  # there is one, and it says what is wrong with it
        msg = f"no finished run of '{word}' in {output}. Make one with: sortie run {word} --output {output}"
        raise RequestError(msg)
    return runs


def _opened(run: RunFolder | Path | str) -> RunFolder:
    return run if isinstance(run, RunFolder) else open_run(run)


def pairable(runs: Sequence[RunFolder]) -> tuple[int, ...]:
    """Return the replications that runs have in common.

    Raises
    ------
    RequestError
        If they do not share seed, window, fraction and code, or have no replication in common.
    """
    for run in runs[1:]:
        _must_pair(runs[0], run)
    common = tuple(sorted(set.intersection(*(set(run.replications) for run in runs))))
    if not common:
        where_ = ", ".join(f"{run.path} ({_list(run)})" for run in runs)
        msg = f"replications of {where_}: none in common, so nothing can be paired. Run all with the same --replications."
        raise RequestError(msg)
    return common


def _list(run: RunFolder) -> str:
    return ", ".join(map(str, run.replications)) or "none"


def _must_pair(first: RunFolder, second: RunFolder) -> None:
    problem = _problem(first, second)
    if problem is not None:
        what, one, other, way_out = problem
        msg = f"{first.path} and {second.path} cannot be paired: {what} {one} and {other}, expected the same. {way_out}"
        raise RequestError(msg)


def _problem(first: RunFolder, second: RunFolder) -> tuple[str, object, object, str] | None:
    """Why two runs cannot be paired: what differs, its two values, the way out."""
    one, other = first.manifest, second.manifest
    measures = [_measured_by(first), _measured_by(second)]
    again = "Run both again with this version of sortie."
    same: tuple[tuple[str, object, object, str], ...] = (
        ("seed", one.seed, other.seed, "Run both with the same --seed."),
        ("version", one.version, other.version, again),
        ("code", one.source[:12], other.source[:12], again),
        ("first day", one.start_day, other.start_day, "Run both with the same --start."),
        ("last day", one.end_day, other.end_day, "Run both with the same --end."),
        ("first measured day", one.measure_from_day, other.measure_from_day, "Give both the same measure_from."),
        ("fraction", one.sampling_fraction, other.sampling_fraction, "Run both with the same --fraction."),
    )
    found = next((row for row in same if row[1] != row[2]), None)
    if found is None and len(measures[0] | measures[1]) > 1:
        anew = f"Bring both up to date with: sortie remeasure {first.path} {second.path}"
        found = ("indicators of version", ", ".join(sorted(measures[0])), ", ".join(sorted(measures[1])), anew)
    return found


def _measured_by(run: RunFolder) -> set[str]:
    """First digits of what measured the replications of a run: one version, unless some were added later."""
    return {run.manifest.measures.get(number, "")[:12] or "unknown" for number in run.replications}


def _first_exits(run: RunFolder, replication: int) -> pd.DataFrame:
    columns = ["day", "person", "stay", "spell", "sentenced", "regime"]
    exits = run.table("exits", replication, columns)
    day = exits["day"].to_numpy()
    chosen = (
        (exits["sentenced"].to_numpy() == 1)
        & (exits["spell"].to_numpy() == 0)
        & (day >= run.manifest.measure_from_day)
        & (day <= run.manifest.end_day)
    )
    first = exits[chosen]
    if not len(first):
        routes = np.zeros(0, dtype=object)
        return _routed(first, routes)
    try:
        names = np.array(["dry", *run.codebook.regimes], dtype=object)
        routes = names[first["regime"].to_numpy().astype(np.int64) + 1]
    except IndexError as problem:
        msg = f"{run.path}: exits: a regime has no name in the codebook. The folder is damaged: run the scenario again."
        raise RunFolderError(msg) from problem
    return _routed(first, routes)


def _routed(first: pd.DataFrame, routes: NDArray[np.object_]) -> pd.DataFrame:
    frame: pd.DataFrame = first[["person", "stay"]].assign(route=routes)
    return frame
