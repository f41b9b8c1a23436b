"""What happened to free convicts (723-15) in the month under way: counted as it is lived, written at the next census."""

from __future__ import annotations


class MonthOfFreeConvicts:
    """Counts of a month, by column of the table ``free_convicts``."""

    COLUMNS = ("came", "heard", "absent", "measures", "converted", "enforced", "lapsed", "wait_days", "waited_days")

    def __init__(self) -> None:
        self.counts = dict.fromkeys(self.COLUMNS, 0)

    def add(self, **counts: int) -> None:
        """Add to some counts."""
        for name, number in counts.items():
            self.counts[name] += int(number)

    def take(self) -> dict[str, int]:
        """Return the counts, and begin again."""
        counts, self.counts = self.counts, dict.fromkeys(self.COLUMNS, 0)
        return counts
