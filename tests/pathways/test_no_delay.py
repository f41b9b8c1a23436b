"""Steps that take no day: a world where nothing waits between a hearing and what it grants runs to its end."""

from __future__ import annotations

import numpy as np

from sim.records.codes import Outcome
from tests.worlds import run, scenario

NO_DELAY = {
    "practices.hearings.deliberation_days": 0,
    "practices.hearings.prosecutor_days": 0,
    "practices.hearings.suspensive_appeal_share": 0.0,
    "practices.placements.fitting_days": dict.fromkeys(("DDSE", "SL", "PE", "LC"), 0),
}


def test_a_grant_that_waits_for_nothing_takes_effect_on_the_day_after():
    finished = run(scenario(overrides=NO_DELAY, end="2022-10-01"), keep_events=True)
    decisions = finished.tables["decisions"]
    granted = decisions[decisions["outcome"] == Outcome.GRANTED]
    assert len(granted) > 5
    measures = finished.tables["measures"]
    first = {int(row["person"]): int(row["start_day"]) for row in measures[::-1]}
    waits = np.array([first[int(row["person"])] - int(row["day"]) for row in granted if int(row["person"]) in first])
    assert (waits == 1).any(), "nothing was waited for, and a day is a day"
    assert not (waits == 0).any()
