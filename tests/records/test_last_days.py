"""A run may end on any day: what happened since the last first of a month is in its tables."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.records.codes import Movement
from tests.worlds import run, scenario


def rows(table, last):
    """Rows up to a day, in an order of their own: slots, by which a day goes on, hang on who will come back within the run."""
    kept = table[table["day"] <= last]
    if "movement" in table.dtype.names:
        kept = kept[kept["movement"] != Movement.REOFFENDED]
    columns = [name for name in kept.dtype.names if name != "months_free"]  # how long somebody is followed after an exit
    return sorted(kept[columns].tolist(), key=str)


@pytest.mark.parametrize("last", ["2023-03-17", "2023-03-01", "2023-02-28"])
def test_a_run_that_ends_within_a_month_tells_its_last_days(last):
    """The same people, the same luck: up to its last day a run tells what a longer one tells."""
    end = parse_day(last)
    short, long = run(scenario(end=last), keep_events=True), run(scenario(end="2023-05-01"), keep_events=True)

    for name in ("events", "exits", "ends", "measures"):
        assert rows(short.tables[name], end) == rows(long.tables[name], end), name
    assert np.isin(np.arange(end - 6, end + 1), short.tables["events"]["day"]).sum() > 4
