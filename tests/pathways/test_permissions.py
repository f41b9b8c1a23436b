"""Permissions to go out: who asks, who decides, what each is for, and what it brings to the person."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.institutions.enforcement_court import board_takes, board_takes_permission
from sim.institutions.prisons import QuarterKind
from sim.pathways.hearing import decision_logit
from sim.pathways.temporary_leave import (
    ask_with_file,
    chance_of_leave,
    counsellor_against,
    examine_leave,
    failure_after_leave,
    keep_to,
    occupied,
    purpose_of,
    removal_of,
)
from sim.population.person import FileState
from sim.records.codes import LeaveEnd, Purpose, Removal
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_WEIGHT = dict.fromkeys(("level", "counsellor", "prosecutor", "score", "seen", "failed"), 0.0)
NOBODY = dict.fromkeys(("none", "administrative", "judicial"), 0.0)
ASK = {
    **OFF,
    **NO_BOARDS,
    **NO_HEARINGS,
    "practices.leave.asking_share": 1.0,
    "practices.leave.first_days": 1.0,
    "practices.leave.interval_days": 1.0,
    "practices.leave.decision": NO_WEIGHT | {"level": 50.0},
    "practices.leave.counsellor_against": NOBODY,
    "practices.leave.ordered_against": NOBODY,
    "practices.leave.prosecutor_against": NOBODY,
    "practices.leave.head_share": 0.0,
    "practices.leave.board_places": 0.0,
    "practices.leave.non_return_share": 0.0,
}


def days_of(small: Small) -> dict[int, list[int]]:
    """Days of the permissions decided, by person."""
    found: dict[int, list[int]] = {}
    for row in small.rows("leaves"):
        found.setdefault(int(row["person"]), []).append(int(row["day"]))
    return found


@pytest.mark.parametrize(
    ("months", "asking", "gone"), [(10, 1.0, True), (10, 0.0, False), (100, 1.0, False)], ids=["short", "nobody asks", "long"]
)
def test_who_asks_goes_out_at_each_session_once_the_law_lets_them(months: int, asking: float, gone: bool) -> None:
    """Sessions are 28 days apart, and the list closes three weeks before: every other one, from the first that may be."""
    small = prison(5, ASK | {"practices.leave.asking_share": asking}, {"total_months": months})
    notice = small.state.parameters.boards.notice_days
    offset = int(small.state.courts[small.site].board_offset)
    first = small.world.day
    small.live(240)
    days = days_of(small)
    assert len(days) == (5 if gone else 0)
    for each in days.values():
        assert len(each) > 2
        assert notice <= each[0] - first < notice + 28 + 20
        assert {(day - offset) % 28 for day in each} == {0}
        assert min(np.diff(each)) >= notice
    assert (small.people["leave_day"] >= 0).sum() == (5 if gone else 0)


def test_every_request_decided_is_told_once() -> None:
    """To the person: as many rows as requests counted, and the first permission is the first one granted."""
    small = prison(40, ASK | {"practices.leave.decision": NO_WEIGHT}, {"total_months": 12})
    small.live(200)
    rows = small.rows("leaves")
    for person in small.people:
        mine = rows[rows["person"] == person["id"]]
        assert len(mine) == person["leave_requests"]
        granted = mine[mine["result"] != LeaveEnd.REFUSED]
        assert person["leave_day"] == (granted["day"][0] if len(granted) else -1)
    share = (rows["result"] != LeaveEnd.REFUSED).mean()
    assert share == pytest.approx(0.5, abs=3 * 0.5 / len(rows) ** 0.5)
    assert set(rows["by_board"]) == {1}


def test_a_removal_measure_bars_nobody_unless_the_law_says_so() -> None:
    """The note and the order weigh on opinions; only a text may bar."""
    facts = {"total_months": 10, "removal": True, "foreign": True}
    free = prison(5, ASK, facts)
    barred = prison(5, ASK, facts, law={"foreigners.removal_bars_leave": True})
    for small in (free, barred):
        small.live(100)
    assert (free.people["leave_day"] >= 0).all()
    assert (barred.people["leave_day"] == -1).all()


def test_the_two_removal_measures_are_told_apart() -> None:
    """As many of a court's as is said; a person keeps the same measure."""
    small = prison(400, ASK | {"practices.leave.judicial_share": 0.3}, {"removal": True, "foreign": True})
    kinds = [removal_of(person, small.state) for person in small.people]
    assert set(kinds) == {Removal.ADMINISTRATIVE, Removal.JUDICIAL}
    assert np.mean([kind == Removal.JUDICIAL for kind in kinds]) == pytest.approx(0.3, abs=0.07)
    assert kinds == [removal_of(person, small.state) for person in small.people]
    person = small.people[0]
    person.removal = False
    assert removal_of(person, small.state) == Removal.NONE


@pytest.mark.parametrize(("followed", "share"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])
def test_an_order_makes_opinions_unfavourable_where_it_is_followed(followed: float, share: float) -> None:
    """For those it names, and for nobody else."""
    changes = {
        "practices.leave.ordered_against": NOBODY | {"administrative": 1.0},
        "practices.leave.order_followed_share": followed,
    }
    small = prison(300, ASK | changes, {})
    for kind, wanted in ((Removal.NONE, 0.0), (Removal.ADMINISTRATIVE, share), (Removal.JUDICIAL, 0.0)):
        found = np.mean([counsellor_against(person, small.state, kind, 0) for person in small.people])
        assert found == pytest.approx(wanted, abs=0.1 if 0 < wanted < 1 else 0)


def test_what_weighs_in_the_decision() -> None:
    """Log-odds of the opinions, of the person, of a failure to come back, and of a release unit."""
    weights = {"level": 1.0, "counsellor": 2.0, "prosecutor": 0.5, "score": 0.3, "seen": 0.7, "failed": 3.0}
    small = prison(1, ASK | {"practices.leave.decision": weights, "practices.release_units.leave_gain": 0.9}, {})
    person, state = small.people[0], small.state

    def logit(counsellor: bool, prosecutor: bool) -> float:
        chance = chance_of_leave(person, state, counsellor, prosecutor)
        return float(np.log(chance / (1 - chance)))

    assert logit(False, False) == pytest.approx(1.0)
    assert logit(True, False) == pytest.approx(-1.0)
    assert logit(True, True) == pytest.approx(-1.5)
    person.score, person.seen = 1.0, 2.0
    assert logit(False, False) == pytest.approx(1.0 - 0.3 - 1.4)
    person.score = person.seen = 0.0
    person.leave_marks = 1 << len(Purpose)
    assert logit(False, False) == pytest.approx(-2.0)
    person.leave_marks = 0
    state.quarters[person.quarter].kind = QuarterKind.SAS
    assert logit(False, False) == pytest.approx(1.9)


def test_a_permission_is_for_what_the_person_needs() -> None:
    """Family ties always; a host, a lodging, an employer, papers, only while a request is prepared and where they lack."""
    weights = {"family": 0.0, "employer": 1.0, "host": 1.0, "lodging": 1.0, "papers": 1.0}
    small = prison(1, ASK | {"practices.leave.purposes": weights}, {"lodging_day": 400, "homeless": True, "occupation": 1.0})
    person, state = small.people[0], small.state

    def met() -> set[int]:
        return {purpose_of(person, state, number) for number in range(60)}

    person.file = FileState.NONE
    assert met() == {Purpose.FAMILY}
    person.file = FileState.OPEN
    assert met() == {Purpose.EMPLOYER, Purpose.LODGING}
    person.host_refused, person.external_day = True, small.world.day + 20
    assert met() == {Purpose.EMPLOYER, Purpose.LODGING, Purpose.HOST, Purpose.PAPERS}
    person.lodging_day = person.occupation = 0
    assert met() == {Purpose.HOST, Purpose.PAPERS}
    person.file = FileState.GRANTED
    assert met() == {Purpose.FAMILY}


def test_what_each_purpose_brings() -> None:
    """A quarter of the search for a lodging and of the wait for answers, a host after all, an occupation for one in five."""
    gains = {"lodging_gain": 0.25, "papers_gain": 0.25, "host_gain": 1.0, "occupation_gain": 0.2}
    changes = {f"practices.leave.{name}": gain for name, gain in gains.items()}
    small = prison(1, ASK | changes, {"lodging_day": 400, "homeless": True})
    person, state, day = small.people[0], small.state, small.world.day
    person.search_day = day
    keep_to(person, Purpose.LODGING, state)
    assert person.lodging_day == 300

    person.file, person.external_day = FileState.OPEN, day + 40
    keep_to(person, Purpose.PAPERS, state)
    assert person.external_day == day + 30

    semi, outside = (next(c for c in state.hearing_codes if _takes(state, c, what)) for what in ("sleeps_inside", "hosted"))
    person.asked, person.host_refused = semi, True
    keep_to(person, Purpose.HOST, state)
    assert (person.asked, person.host_refused) == (outside, False)

    usual = state.parameters.establishments.occupation[QuarterKind.MA]
    person.occupation = usual + 0.19 * (1.0 - usual)
    assert not occupied(person, state)
    keep_to(person, Purpose.EMPLOYER, state)
    assert occupied(person, state)
    person.occupation = usual + 0.21 * (1.0 - usual)
    assert not occupied(person, state)


def _takes(state: Any, code: int, what: str) -> bool:
    regime = state.regimes[state.adjustments[code].first_regime]
    return bool(regime.hosted if what == "hosted" else regime.sleeps_inside and not regime.hosted)


def test_no_host_is_won_over_where_meeting_brings_nothing() -> None:
    """At 0 the request stays one for semi-liberty."""
    small = prison(1, ASK | {"practices.leave.host_gain": 0.0}, {})
    person, state = small.people[0], small.state
    semi = next(code for code in state.hearing_codes if _takes(state, code, "sleeps_inside"))
    person.file, person.asked, person.host_refused = FileState.OPEN, semi, True
    keep_to(person, Purpose.HOST, state)
    assert (person.asked, person.host_refused) == (semi, True)


def test_a_permission_kept_to_speaks_for_the_person_and_one_not_come_back_from_against() -> None:
    """At the judge's and in the measure that follows."""
    changes = {
        "practices.leave.decision_gain": 0.4,
        "practices.leave.failure_factor": 0.8,
        "practices.leave.decision": NO_WEIGHT | {"failed": 2.0},
    }
    small = prison(1, ASK | changes, {})
    person, state = small.people[0], small.state

    def logit() -> float:
        return decision_logit(person, state.parameters.hearings.decision, small.world.day, state, True, False)[0]

    before = logit()
    assert failure_after_leave(person, state) == 1.0
    keep_to(person, Purpose.FAMILY, state)
    assert logit() - before == pytest.approx(0.4)
    assert failure_after_leave(person, state) == 0.8
    person.leave_marks |= 1 << len(Purpose)
    assert logit() - before == pytest.approx(-2.0)


def test_time_at_large_is_not_served() -> None:
    """Everybody stays away once: the end goes back by the days of a failure to come back."""
    small = prison(
        3, ASK | {"practices.leave.non_return_share": 1.0, "practices.leave.interval_days": 90_000.0}, {"total_months": 10}
    )
    ends = small.people["end_day"].copy()
    small.live(60)
    assert (small.rows("leaves")["result"] == LeaveEnd.NOT_BACK).all()
    days = small.state.parameters.measures.absent_days
    assert (small.people["leave_requests"] == 1).all()
    assert (small.people["end_day"] == ends + days).all()
    small.live(400)
    assert len(small.exits) == 3


def test_a_full_board_puts_requests_off_and_the_head_needs_none() -> None:
    """A place and a half a session: one permission of a place; the others wait for the next one, told in their row."""
    board = {"practices.leave.board_places": 1.0, "practices.leave.session_share": 1.0}
    small = prison(3, ASK | board | {"practices.leave.interval_days": 5_000.0}, {"total_months": 10})
    small.state.courts[small.site].board_room = 1.0
    small.live(220)
    rows = small.rows("leaves")
    assert len(rows) == 3
    assert len(set(rows["day"])) == 3
    assert sorted(rows["put_off"]) == [0, 1, 2]

    head = prison(3, ASK | board | {"practices.leave.head_share": 1.0}, {"total_months": 10})
    head.state.courts[head.site].board_room = 1_000.0
    head.live(150)
    rows = head.rows("leaves")
    first = np.unique(rows["person"], return_index=True)[1]
    assert rows["by_board"].sum() == 3
    assert rows["by_board"][first].all()
    assert len(rows) > 3 * 20


def test_permissions_take_places_of_the_session_and_never_more_than_their_share() -> None:
    """Ten places of which half may go to permissions at a fifth each: 25 of them; the other five are for examinations."""
    small = prison(1, ASK, {})
    court, day = small.state.courts[small.site], small.world.day
    court.board_room, court.board_left, court.board_day = 10.0, 0.0, -1
    assert [board_takes_permission(court, day, 0.2, 0.5) for _ in range(40)].count(True) == pytest.approx(25, abs=1)
    assert [board_takes(court, day) for _ in range(12)].count(True) == 5
    assert not board_takes_permission(court, day, 0.2, 0.5)
    assert board_takes_permission(court, day, 0.0, 0.5)


def test_a_file_comes_with_a_request_of_its_own() -> None:
    """At the first session its notice leaves; none beyond the preparation, none where nobody asks so."""
    alone = {"practices.leave.asking_share": 0.0, "practices.leave.with_file_share": 1.0}
    small = prison(4, ASK | alone, {"total_months": 10})
    state = small.state
    notice = state.parameters.boards.notice_days
    for person in small.people:
        assert person.leave_asked_day == -1
        ask_with_file(person, state)
        assert notice <= person.leave_asked_day - small.world.day < notice + 28
    state.parameters.leave.with_file_share = 0.0
    person = small.people[0]
    person.leave_asked_day = -1
    ask_with_file(person, state)
    assert person.leave_asked_day == -1


def test_a_request_that_is_no_longer_the_persons_is_not_decided() -> None:
    """Another day, or somebody who has left the cell."""
    small = prison(1, ASK, {"total_months": 10})
    person, state = small.people[0], small.state
    examine_leave(person, state)
    person.leave_asked_day, person.withdrawn = small.world.day, True
    examine_leave(person, state)
    assert len(small.rows("leaves")) == 0


GROUPS: Mapping[str, float] = dict.fromkeys(
    ("property", "violence", "drugs", "sexual", "road", "homicide", "other", "foreign", "female", "under_25"), 0.0
)


@pytest.mark.parametrize(
    ("group", "facts"),
    [
        ("property", {"offence": 0}), ("violence", {"offence": 1}), ("drugs", {"offence": 2}), ("sexual", {"offence": 3}),
        ("road", {"offence": 4}), ("homicide", {"offence": 5}), ("other", {"offence": 6}), ("foreign", {"foreign": True}),
        ("female", {"female": True}), ("under_25", {"birth_day": 0}),
    ],
)  # fmt: skip
def test_each_group_has_its_own_weight(group: str, facts: dict[str, Any]) -> None:
    """A group moves the log-odds of its people by its weight, and nobody else's."""
    if group == "under_25":
        facts = {"birth_day": prison(1, OFF, {}).world.day - int(24.9 * 365.25)}
    plain, weighed = (
        prison(1, OFF | {"practices.hearings.groups": weights}, facts) for weights in (GROUPS, {**GROUPS, group: 0.7})
    )
    other = prison(1, OFF | {"practices.hearings.groups": {**GROUPS, group: 0.7}}, {"offence": 5 if group != "homicide" else 6})

    def logit(small: Small) -> float:
        weights = small.state.parameters.hearings.decision
        return decision_logit(small.people[0], weights, small.world.day, small.state, True, False)[0]

    assert logit(weighed) - logit(plain) == pytest.approx(0.7)
    assert logit(other) == pytest.approx(logit(prison(1, OFF, {"offence": 5 if group != "homicide" else 6})))
    assert exp(logit(plain)) > 0
