"""Who changes route between two arms: the same persons, the same luck, one by one.

Two runs with the same seed hold the same people, so a row of one can be laid beside the row of the other: which route each
person leaves by, and how many days earlier. Routes are those first granted in a stay (spell 0). A stay that ends in one
arm only is counted as such, never dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.indicators.tidy import integers, names_with

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

NOT_YET = "not in the window"
"""Route of someone who does not leave within the window in that arm (still inside, or gone before)."""
NOT_THERE = "not committed"
"""Route of someone who is not committed at all in that arm: a return that does not happen, a thinned entrant."""

UNSENTENCED = "unsentenced"
DRY = "dry"


def routes_changed(base: Tables, policy: Tables, context: Context) -> pd.DataFrame:
    """Lay the first exits of two arms side by side, person by person, for the measured window.

    Parameters
    ----------
    base, policy
        Tables of the two arms, same seed and replication.

    Returns
    -------
        One row per person and stay that leaves in the window in either arm: ``person, stay, base, policy`` (routes),
        ``base_day, policy_day`` (-1 if none in that arm), ``days_earlier`` (under the policy; missing unless both have a day).
    """
    window = context.windows()[0]
    both = _first(base, "base").merge(_first(policy, "policy"), on=["person", "stay"], how="outer")
    for arm in ("base", "policy"):
        day = both[f"{arm}_day"].fillna(-1).astype(np.int64)
        inside = (day >= window.start_day) & (day < window.stop_day)
        both[f"{arm}_day"] = day
        both[f"{arm}_in"] = inside
        both[arm] = both[arm].where(inside, NOT_YET)
    both = both[both["base_in"] | both["policy_in"]].copy()
    for arm, tables in (("base", base), ("policy", policy)):
        absent = (both[f"{arm}_day"] < 0) & ~_known(both, tables)
        both[arm] = both[arm].mask(absent, NOT_THERE)
    days = (both["base_day"] - both["policy_day"]).where((both["base_day"] >= 0) & (both["policy_day"] >= 0))
    both["days_earlier"] = days
    columns = ["person", "stay", "base", "policy", "base_day", "policy_day", "days_earlier"]
    return both[columns].sort_values(["person", "stay"], ignore_index=True)


def matrix_of_changes(changes: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Count people by route in each arm: rows the base, columns the policy, people a year; the diagonal does not change."""
    window = context.windows()[0]
    table = pd.crosstab(changes["base"], changes["policy"])
    return table * (context.weight / window.years)


def _first(tables: Tables, arm: str) -> pd.DataFrame:
    exits = tables.table("exits")
    exits = exits[integers(exits, "spell") == 0]
    names = np.array([UNSENTENCED, *names_with(DRY, tables.codebook.regimes)], dtype=object)
    code = np.where(integers(exits, "sentenced") == 1, 2 + integers(exits, "regime"), 0)
    return pd.DataFrame(
        {
            "person": integers(exits, "person"),
            "stay": integers(exits, "stay"),
            arm: names[code],
            f"{arm}_day": integers(exits, "day"),
        }
    )


def _known(both: pd.DataFrame, tables: Tables) -> pd.Series[bool]:
    """Whether a stay without an exit in an arm may be under way there: always, unless a later stay could not exist.

    Tables hold exits, not committals: a first stay is under way in both arms, as entrants are the same people. A later stay
    (a return) exists in an arm only if the stay before it ended there.
    """
    ended = _stays_ended(tables)
    before = pd.MultiIndex.from_arrays([both["person"], both["stay"] - 1])
    return pd.Series((both["stay"] == 0).to_numpy() | before.isin(ended), index=both.index)


def _stays_ended(tables: Tables) -> pd.MultiIndex:
    """Stays that ended in the run, as pairs of person and stay."""
    ends = tables.table("ends")
    return pd.MultiIndex.from_arrays([integers(ends, "person"), integers(ends, "stay")])
