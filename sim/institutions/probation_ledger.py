"""How many people serve their sentence on probation in the open setting, by interregion and day, and the work they owe.

They hold no place and no row in the table of people: a stock is a change by day, added up. Two stocks are kept. One is that of
the run; the other that of the world without the changes of the scenario, which the background of the open setting and the
published committals hold already. What moves the load is the first less the second: exactly nothing where nothing is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

COLUMNS = ("began", "followed", "not_done", "hours", "failed", "came_back")
"""What is counted in a month."""


class ProbationLedger:
    """Stocks of one run."""

    def __init__(self, start_day: int, end_day: int, interregions: int) -> None:
        self.start_day = start_day
        days = end_day - start_day + 2
        self._own = np.zeros((interregions, days), dtype=np.int64)
        self._usual = np.zeros((interregions, days), dtype=np.int64)
        self.counts = dict.fromkeys(COLUMNS, 0)
        self.hours_waiting = 0
        """Hours ordered beyond what hosts usually take, not done yet, of this sample."""

    def stay(self, region: Ints, first: Ints, last: Ints, *, usual: bool = False) -> None:
        """Count people from a day to the day before another; those of the world without the changes apart (``usual``)."""
        stock = self._usual if usual else self._own
        most = stock.shape[1] - 1
        for days, change in ((first, 1), (last, -1)):
            np.add.at(stock, (region, np.clip(days - self.start_day, 0, most)), change)

    def standing(self, day: int) -> Ints:
        """People on probation at 0 h of a day, by interregion."""
        found: Ints = self._own[:, : day - self.start_day].sum(axis=1)
        return found

    def more(self, day: int) -> Ints:
        """How many more than in the world without the changes of the scenario; below 0, fewer."""
        until = day - self.start_day
        found: Ints = self._own[:, :until].sum(axis=1) - self._usual[:, :until].sum(axis=1)
        return found

    def add(self, **counts: int) -> None:
        """Add to the counts of the month."""
        for name, number in counts.items():
            self.counts[name] += int(number)

    def take(self) -> dict[str, int]:
        """Return the counts of the month, and begin again."""
        counts, self.counts = self.counts, dict.fromkeys(COLUMNS, 0)
        return counts
