"""How long a run still shows how it began: MSER-5, series by series (recidivism.md §7).

The first people are placed by assumption; queues and files begin empty. MSER-5 (White, 1997) averages a series by fives and
drops from its head what makes the standard error of the mean of the rest least. What it drops is the run-in that this series
needs; a cut in the second half says that the series has no level yet (it is still filling, or it follows the country's own
trend), and no run-in can then be told from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.indicators.tidy import integers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.indicators.tidy import Tables

    Floats = NDArray[np.float64]

BATCH = 5


class RunIn(NamedTuple):
    """What MSER-5 says of one monthly series."""

    series: str
    months: int
    """Months to drop from the head."""
    settled: bool
    """Whether the cut falls in the first half: otherwise the series has no level."""


def mser5(values: Floats) -> int:
    """Number of values to drop from the head of a series.

    Raises
    ------
    ValueError
        For fewer than twenty values: four means of five.
    """
    if len(values) < 4 * BATCH:
        msg = f"MSER-5 needs {4 * BATCH} values, met {len(values)}"
        raise ValueError(msg)
    means = values[: len(values) // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    # The last means are left out of the search: the rule is unstable there.
    errors = [float(means[cut:].var()) / (len(means) - cut) for cut in range(len(means) - BATCH // 2)]
    return BATCH * int(np.argmin(errors))


def run_in(tables: Tables) -> list[RunIn]:
    """Apply MSER-5 to monthly stocks, queues, caseload, people per measure and exits of a run."""
    nation, services = tables.table("nation"), tables.table("services")
    series = {name: nation[name].to_numpy() for name in ("detained", "remand", "sentenced", "outside", "free_convicts")}
    day = integers(services, "day")
    _, month = np.unique(day, return_inverse=True)
    for name in ("held", "waiting", "queue", "files_open"):
        series[name] = np.bincount(month, weights=services[name].to_numpy().astype(np.float64))
    standing = tables.table("standing")
    for code, regime in enumerate(tables.codebook.regimes):
        mine = standing[integers(standing, "regime") == code]
        series[f"on {regime}"] = (mine["custody"] + mine["liberty"]).to_numpy()
    series["exits"] = tables.table("flows")["exits"].to_numpy()
    found = []
    for name, values in series.items():
        if len(values) >= 4 * BATCH:
            cut = mser5(values.astype(np.float64))
            found.append(RunIn(name, cut, settled=cut <= len(values) / 2))
    return found
