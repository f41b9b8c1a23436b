"""An experiment's arms against its base, over all its draws: each difference with three intervals.

The interval for chance says how far the mean could still move with more replications; the interval for the parameters how
far it moves over what is plausible; the third holds both. None holds what the model leaves out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.errors import RequestError, suggestion
from sim.experiments.results_tree import INDEX, read_index
from sim.experiments.uncertainty import decompose
from sim.indicators.context import MEASURED
from sim.records.run_folder import open_run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

KEY = ["period", "indicator", "group"]
COLUMNS = (
    "scenario", *KEY, "base", "policy", "difference", "chance_low", "chance_high", "parameters_low", "parameters_high",
    "both_low", "both_high", "share_parameters", "draws", "replications",
)  # fmt: skip


def differences(folder: Path, *, indicators: Sequence[str] | None = None, periods: Sequence[str] = (MEASURED,)) -> pd.DataFrame:
    """Compare every arm of an experiment with its base.

    Parameters
    ----------
    folder
        Of the experiment: ``results/<experiment>``.
    indicators
        Those wanted; None for all.

    Returns
    -------
        The columns of :data:`COLUMNS`, one row for each arm and figure that every draw and replication has.

    Raises
    ------
    RequestError
        If an indicator is unknown, or the arms have no replication in common.
    """
    index = read_index(folder / INDEX)
    draws = len(index["draws"])
    where = {(row["arm"], row["draw"]): folder / row["arm"] / row["run"] for row in index["runs"]}
    base = {draw: _figures(where[index["base"], draw], periods, indicators) for draw in range(draws)}
    rows = []
    for arm in index["arms"]:
        if arm["name"] == index["base"]:
            continue
        policy = {draw: _figures(where[arm["name"], draw], periods, indicators) for draw in range(draws)}
        rows += _compared(arm["name"], base, policy)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _figures(run: Path, periods: Sequence[str], indicators: Sequence[str] | None) -> pd.DataFrame:
    frame = open_run(run).indicators()
    chosen = frame["period"].isin(list(periods))
    if indicators is not None:
        known = set(frame["indicator"])
        for name in indicators:
            if name not in known:
                msg = f"no indicator '{name}' in {run}.{suggestion(name, known)}"
                raise RequestError(msg)
        chosen &= frame["indicator"].isin(list(indicators))
    wide: pd.DataFrame = frame[chosen].pivot_table(index=KEY, columns="replication", values="value", sort=False)
    return wide


def _compared(name: str, base: dict[int, pd.DataFrame], policy: dict[int, pd.DataFrame]) -> list[tuple[object, ...]]:
    frames = [*base.values(), *policy.values()]
    common = sorted(set.intersection(*(set(frame.columns) for frame in frames)))
    if not common:
        msg = f"'{name}': no replication is finished in every draw and in the base. Give `sortie batch` again."
        raise RequestError(msg)
    keys = base[0].index
    for frame in frames:
        keys = keys[keys.isin(frame.index)]
    cubes = [
        np.stack([frames_of[draw].loc[keys, common].to_numpy(dtype=np.float64) for draw in sorted(frames_of)], axis=1)
        for frames_of in (base, policy)
    ]
    rows = []
    for position, key in enumerate(keys):
        one, other = cubes[0][position], cubes[1][position]
        if np.isnan(one).any() or np.isnan(other).any():
            continue
        rows.append((name, *key, one.mean(), other.mean(), *_intervals(other - one)))
    return rows


def _intervals(values: NDArray[np.float64]) -> tuple[object, ...]:
    found = decompose(values)
    return (
        found.mean,
        *found.chance,
        *found.parameters,
        *found.both,
        found.share_parameters,
        found.draws,
        found.replications,
    )
