"""Every indicator of one replication."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from sim.indicators.bridge import bridge
from sim.indicators.care import care
from sim.indicators.censored import censored_waits
from sim.indicators.costs import costs
from sim.indicators.expected_end import expected_ends
from sim.indicators.judges import judges
from sim.indicators.little import little
from sim.indicators.lodging import lodging
from sim.indicators.measures import measures
from sim.indicators.open_setting import open_setting
from sim.indicators.permissions import permissions
from sim.indicators.prepared import prepared
from sim.indicators.probation import probation
from sim.indicators.releases import releases
from sim.indicators.returns import returns
from sim.indicators.rights import rights
from sim.indicators.series import series
from sim.indicators.stocks import stocks
from sim.indicators.subgroups import subgroups
from sim.indicators.tidy import Figures
from sim.indicators.waiting_lists import waiting_lists
from sim.indicators.waits import waits
from sim.indicators.work import work

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables
    from sim.records.run_folder import RunFolder
    from sim.records.tables import Codebook, Records

INDICATORS = (
    releases,
    subgroups,
    bridge,
    stocks,
    waits,
    judges,
    waiting_lists,
    censored_waits,
    open_setting,
    probation,
    rights,
    measures,
    prepared,
    permissions,
    lodging,
    work,
    care,
    expected_ends,
    little,
    series,
    returns,
    costs,
)
"""What is computed, in order. A new indicator is a function here and its entries in the catalogue."""


class TablesInMemory:
    """Tables of a run that has just ended: to be written down, or read, in columns from now on."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._frames: dict[str, pd.DataFrame] = {}

    @property
    def codebook(self) -> Codebook:
        """What the codes stand for."""
        return self._records.codebook

    def table(self, name: str) -> pd.DataFrame:
        """One table, whose columns are those of the records: not to be written to."""
        if name not in self._frames:
            self._frames[name] = pd.DataFrame(self._records.tables[name].turn_into_columns(), copy=False)
        return self._frames[name]


class TablesOnDisk:
    """Tables of one replication of a run folder."""

    def __init__(self, run: RunFolder, replication: int) -> None:
        self._run = run
        self._replication = replication
        self._frames: dict[str, pd.DataFrame] = {}

    @cached_property
    def codebook(self) -> Codebook:
        """What the codes stand for."""
        return self._run.codebook

    def table(self, name: str) -> pd.DataFrame:
        """One table, read once."""
        if name not in self._frames:
            self._frames[name] = self._run.table(name, self._replication)
        return self._frames[name]


def measure(tables: Tables, context: Context) -> pd.DataFrame:
    """Compute every indicator of one replication.

    Returns
    -------
        Columns ``period, indicator, group, value``; see :data:`~sim.indicators.catalogue.CATALOGUE` for meanings.
    """
    figures = Figures()
    for indicator in INDICATORS:
        indicator(tables, context, figures)
    return figures.frame()
