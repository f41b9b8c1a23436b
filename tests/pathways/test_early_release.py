"""Early releases of spring 2020: only while the ordinance is in force, only for those it names (plain engine)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.dates import add_months, parse_day
from sim.law import Statutes
from sim.law.early_release import early_reduction_days, home_confinement_open
from sim.law.sentence import Sentence
from sim.pathways.early_release import release_early
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

EVERYBODY = {"practices.early_release.reduction_a_week": 1.0, "practices.early_release.home_a_week": 0.0}
NOBODY_ELSE = {**OFF, **NO_BOARDS, **NO_HEARINGS}


def _one(start: str, overrides: dict[str, float], **facts: Any) -> tuple[Small, Any]:
    small = prison(1, {**NOBODY_ELSE, **overrides}, {"consents": False, **facts}, start)
    return small, small.state.people[small.slots[0]]


@pytest.mark.parametrize(("start", "months"), [("2020-03-25", 0), ("2020-03-26", 2), ("2020-07-10", 2), ("2020-07-11", 0)])
def test_two_months_are_taken_off_once_while_the_ordinance_is_in_force(start: str, months: int) -> None:
    """Examined twice, granted once; nothing the day before and the day after."""
    small, person = _one(start, EVERYBODY)
    end = person.end_day
    release_early(small.state)
    release_early(small.state)
    assert person.end_day == add_months(end, -months)


@pytest.mark.parametrize("fact", ["felony", "lsc_excluded"])
def test_those_it_leaves_out_keep_their_end(fact: str) -> None:
    """Felonies and the violence that excludes from release as of right."""
    small, person = _one("2020-04-01", EVERYBODY, **{fact: True})
    end = person.end_day
    release_early(small.state)
    assert person.end_day == end


@pytest.mark.parametrize(("months", "lodging", "home"), [(2, 0, True), (2, 400, False), (6, 0, False)])
def test_the_last_two_months_at_home_need_a_home(months: int, lodging: int, home: bool) -> None:
    """Somebody with a home and two months left leaves the next day; without one, or with more left, nobody does."""
    overrides = {"practices.early_release.reduction_a_week": 0.0, "practices.early_release.home_a_week": 1.0}
    small, person = _one("2020-04-01", overrides, total_months=months, lodging_day=lodging)
    end = person.end_day
    release_early(small.state)
    assert person.end_day == (small.world.day + 1 if home else end)
    small.live(2)
    assert len(small.exits) == int(home)


def test_the_law_by_itself() -> None:
    """Five years at most for home confinement, whatever is left; the reduction has no such limit."""
    day = parse_day("2020-04-15")
    law = Statutes.load().at(day, day)
    start = parse_day("2014-06-01")
    short, long = (Sentence.of(start, months) for months in (60, 72))
    short.end_day = long.end_day = add_months(day, 1)
    assert home_confinement_open(short, day, law)
    assert not home_confinement_open(long, day, law)
    assert early_reduction_days(long, law) == long.end_day - add_months(long.end_day, -2)
