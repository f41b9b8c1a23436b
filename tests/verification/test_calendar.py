"""The calendar alone: who can be decided in time on the classic route, without any queue (recidivism.md §4.3)."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from sim.institutions.register import END, date_step
from sim.randomness import Draws
from tests.pathways.lives import prison
from tests.worlds import NO_BOARDS

DAYS_PER_MONTH = 30.4375
PEOPLE = 500
TABLE = {6: (0.99, 1.00, 0.72), 9: (0.74, 0.97, 0.13), 12: (0.24, 0.67, 0.01), 18: (0.01, 0.06, 0.0)}
"""Share that cannot be decided in time by length of sentence: base (hearing 4.5 months), 6.5 months, 2 months."""


def _plain(hearing_months: float) -> dict[str, Any]:
    """A country where nothing is queued for and everything is granted: the delays of the table, and no others."""
    forms = ("DDSE", "SL", "LC", "PE")
    weights = {"level": 50.0} | dict.fromkeys(
        ("housing", "occupation", "care", "months", "score", "seen", "removal", "felony", "requisition"), 0.0
    )
    return NO_BOARDS | {
        "means.probation_service.posts": 100_000.0,
        "means.probation_service.arrival_days": 14,
        "means.probation_service.turnover": 0.0,
        "means.enforcement_courts.hearing_slots": 10_000_000.0,
        "practices.files.shortest_remaining_days": 0,
        "practices.files.hours": dict.fromkeys(forms, 0.01),
        "practices.files.external_days": dict.fromkeys(forms, 1.5 * exp(0.5**2 / 2) * DAYS_PER_MONTH),
        "practices.files.external_variation": sqrt(exp(0.5**2) - 1),
        "practices.files.asked_housed": {**dict.fromkeys(forms, 0.0), "DDSE": 1.0},
        "practices.files.long_release_share": 0.0,
        "practices.hearings.instruction_days": hearing_months * DAYS_PER_MONTH,
        "practices.hearings.instruction_variation": 1.2 / 4.5,
        "practices.hearings.adjourned_share": 0.0,
        "practices.hearings.referral_share": 0.0,
        "practices.hearings.suspensive_appeal_share": 0.0,
        "practices.hearings.deliberation_days": 0,
        "practices.hearings.decision": weights,
        "practices.placements.fitting_days": dict.fromkeys(forms, 0),
        "practices.placements.shortest_measure_days": dict.fromkeys(forms, DAYS_PER_MONTH),
        "practices.measures.withdrawn": dict.fromkeys(forms, 0.0),
    }


def too_late(months: int, hearing_months: float) -> float:
    """Share who leave dry among people with that sentence, 72 % of which is served (sd 6 %)."""
    small = prison(PEOPLE, _plain(hearing_months), {"total_months": months})
    courts: Any = small.system.courts
    courts.notice[:] = 0  # within the delay of the table
    draws, ids = Draws(5, months), np.arange(PEOPLE)
    served = 0.72 + 0.06 * norm.ppf(draws.uniform("served", ids))
    first = np.sort(0.75 * draws.uniform("first contact", ids)) * DAYS_PER_MONTH  # the line is served in order
    today = small.world.day
    for slot, share, contact in zip(small.slots.tolist(), served.tolist(), first.tolist(), strict=True):
        person = small.system.people[slot]
        person.end_day = today + round(share * months * DAYS_PER_MONTH)
        person.review_day = -1
        person.enrolled_day = today - 14 + round(contact)
        date_step(small.system, person.end_day, END, person)
    small.live(round(months * DAYS_PER_MONTH))
    assert len(small.exits) == PEOPLE
    return float((small.exits["regime"] == 0).mean())


@pytest.mark.parametrize("months", TABLE)
def test_the_table_of_the_calendar(months: int) -> None:
    """Within five points of the published reckoning: four to five months to a hearing leave six-month sentences dry."""
    assert too_late(months, 4.5) == pytest.approx(TABLE[months][0], abs=0.05)


def test_a_hearing_within_two_months_changes_it() -> None:
    """With a hearing within two months, most sentences of nine months could be decided in time."""
    assert too_late(9, 2.0) == pytest.approx(TABLE[9][2], abs=0.05)


def test_short_sentences_leave_dry_on_the_classic_route() -> None:
    """At least 95 % of sentences under six months, with base delays."""
    assert too_late(5, 4.5) >= 0.95
