"""What institutions do to a few people built for it: thin files, counsellors who leave, second measures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.institutions.community_supervision import count_followed, survey_factor
from sim.institutions.probation_service import work_left
from sim.pathways.application import lose_counsellor
from sim.pathways.custody import remitted
from sim.pathways.hearing import decision_logit
from sim.population.person import CounsellorState, FileState
from sim.records.codes import Cause
from tests.neutral import NO_BOARDS, OFF, OTHERWISE
from tests.pathways.lives import Small, prison

FORMS = ("DDSE", "SL", "LC", "PE")
ALL_ASK_FOR_A_TAG = {
    "practices.files.asked_housed": {"DDSE": 1.0, "SL": 0.0, "LC": 0.0, "PE": 0.0},
    "practices.files.asked_unhoused": {"DDSE": 1.0, "SL": 0.0, "LC": 0.0, "PE": 0.0},
}
PLAIN = {
    **OFF,
    **NO_BOARDS,
    **ALL_ASK_FOR_A_TAG,
    "practices.files.long_release_share": 0.0,
    "practices.files.external_days": dict.fromkeys(FORMS, 5.0),
    "practices.files.hours_variation": 0.01,
    "practices.hearings.instruction_days": 10,
}


def hearings(small: Small) -> Any:
    """Decisions of the judge so far."""
    rows: Any = small.rows("decisions")
    return rows[rows["quality"] >= 0]


LONG = {"practices.files.hours": dict.fromkeys(FORMS, 300.0), "practices.files.most_hours_a_week": 0.5}
"""Half an hour at each plan, which these people live every day: no file is complete within a year."""


@pytest.mark.parametrize("least", [0.3, 1.0])
def test_time_that_presses_makes_thin_files(least: float) -> None:
    """With little left, a file with enough of its hours is lodged as it stands; at 1, never."""
    changes = {"practices.files.least_share": least, "practices.files.pressed_days": 200}
    small = prison(4, PLAIN | LONG | changes, {"total_months": 12})
    small.live(360)
    found = hearings(small)
    if least == 1.0:
        assert len(found) == 0
        return
    assert len(found) >= 4
    assert (found["quality"] >= least).all()
    assert (found["quality"] < 0.9).all()


def test_a_thin_file_weighs_against_and_a_complete_one_leaves_the_level() -> None:
    """The log-odds fall by the weight of the hours missing; a project that lacks them is what is said against it."""
    small = prison(1, {}, {})
    state = small.state
    person = state.people[small.slots[0]]
    weights, day = state.parameters.hearings.decision, small.world.day
    person.occupation = 0.0
    complete, _ = decision_logit(person, weights, day, state, True, False)
    weights.file = 2.0
    assert decision_logit(person, weights, day, state, True, False)[0] == complete
    person.quality = 0.5
    thin, ground = decision_logit(person, weights, day, state, True, False)
    assert complete - thin == pytest.approx(1.0)
    assert ground == 1
    weights.file = 0.0
    assert decision_logit(person, weights, day, state, True, False)[0] == complete


def test_a_counsellor_who_leaves_puts_the_people_back_on_the_list_and_takes_work_along() -> None:
    """The file waits for a successor, half of what was done is to be done again, and the successor takes it up there."""
    changes = {"means.probation_service.turnover_lost": 0.5, "practices.files.least_share": 1.0}
    small = prison(2, PLAIN | LONG | changes, {"total_months": 24})
    small.live(250)
    state = small.state
    person = state.people[small.slots[0]]
    assert (person.file, person.counsellor) == (FileState.OPEN, CounsellorState.HELD)
    office = state.offices[small.site]
    held, left = office.held, work_left(state, person)
    assert 0 < left < person.needed
    person.successor_day = small.world.day
    lose_counsellor(person, state)
    assert (person.file, person.counsellor, office.held) == (FileState.WANTED, CounsellorState.WAITING, held - 1)
    assert person.hours_left == pytest.approx(left + 0.5 * (person.needed - left))
    owed = person.hours_left

    small.live(state.parameters.probation_service.arrival_days + 1)
    assert (person.file, person.counsellor, office.held) == (FileState.OPEN, CounsellorState.HELD, held)
    assert work_left(state, person) <= owed
    assert small.people[1].hours_left == -1


@pytest.mark.parametrize("turnover", [0.0, 3.0])
def test_turnover_is_a_rate_and_zero_switches_it_off(turnover: float) -> None:
    """At three a year nearly everybody changes counsellor within two years; at none nobody does."""
    small = prison(20, PLAIN | {"means.probation_service.turnover": turnover}, {"total_months": 60, "consents": False})
    small.live(700)
    changed = small.people["assignments"] > 1
    assert changed.mean() > 0.9 if turnover else not changed.any()


WITHDRAWN = {
    "practices.measures.withdrawn": dict.fromkeys(FORMS, 1.0),
    "practices.measures.absent_share": {"SL": 0.0, "PE": 0.0},
}
GRANTED = {"practices.hearings.decision.level": 50.0}


def test_who_lost_a_measure_may_ask_again_and_the_last_stage_is_the_cause() -> None:
    """Half ask again after the delay, are granted another measure, and a second loss is counted as a second."""
    changes = PLAIN | WITHDRAWN | GRANTED | {"practices.measures.second_share": 0.5, "practices.measures.second_days": 30}
    small = prison(40, changes, {"total_months": 48})
    small.live(49 * 30)
    times = np.bincount(small.exits["person"], minlength=40)
    granted = np.bincount(small.exits["person"][small.exits["regime"] >= 0], minlength=40)
    assert granted.min() == 1
    assert 0.3 < (granted > 1).mean() < 0.7
    assert small.people["withdrawals"].max() >= 2
    dry = small.exits[small.exits["cause"] >= 0]
    once = dry[times[dry["person"]] == 2]
    assert set(once["cause"]) <= {Cause.MEASURE_WITHDRAWN, Cause.FILE_NOT_READY, Cause.NOT_HEARD}
    measures = small.rows("measures")
    assert (measures["adjustment"] >= 0).all()
    assert len(measures) == granted.sum()


@pytest.mark.parametrize(("share", "withdrawn"), [(0.0, True), (1.0, False)])
def test_no_second_measure_when_nobody_asks_again(share: float, withdrawn: bool) -> None:
    """At 0 what is left is served, as one withdrawn; at 1 nobody stays barred."""
    small = prison(6, PLAIN | WITHDRAWN | GRANTED | {"practices.measures.second_share": share}, {"total_months": 36})
    small.live(37 * 30)
    lost = small.people[small.people["withdrawals"] > 0]
    assert len(lost) == 6
    assert (lost["withdrawn"] == withdrawn).all() or not withdrawn
    assert lost["withdrawals"].max() == 1 if withdrawn else lost["withdrawals"].max() > 1


def test_work_earns_remission_and_the_mean_stays() -> None:
    """With a job more is granted, without one less, in the proportion that keeps the mean; switched off, the share alone."""
    small = prison(1, {}, {"share_granted": 0.5})
    state = small.state
    person, parameters = state.people[small.slots[0]], state.parameters
    person.occupation = 0.0
    most = remitted(person, state, 1000)
    person.occupation = 1.0
    least = remitted(person, state, 1000)
    usual, gain = parameters.remission.work_usual, parameters.remission.work_gain
    assert most - least == pytest.approx(1000 * gain, abs=1)
    assert usual * most + (1 - usual) * least == pytest.approx(500, abs=1)
    parameters.remission.work_gain = 0.0
    assert remitted(person, state, 1000) == 500
    person.quarter, parameters.remission.work_gain = -1, gain
    assert remitted(person, state, 1000) == 500


def test_surveys_take_longer_where_the_open_setting_is_overloaded() -> None:
    """Twice the usual load, twice the time (at power 1); as usual at the usual load, and when switched off."""
    small = prison(1, {"means.open_setting.survey_power": 1.0}, {})
    state = small.state
    person, parameters = state.people[small.slots[0]], state.parameters
    team = state.community_teams[state.quarters[person.home_quarter].region]
    team.load = parameters.open_setting.usual_load
    assert survey_factor(person, state) == 1.0
    team.load = 2 * parameters.open_setting.usual_load
    assert survey_factor(person, state) == pytest.approx(2.0)
    parameters.open_setting.survey_power = 0.0
    assert survey_factor(person, state) == 1.0


def test_the_open_setting_follows_who_is_on_a_measure_outside() -> None:
    """Those in a cell are not counted; those outside and on conditional release are, where they live."""
    small = prison(6, {}, {})
    state = small.state
    count_followed(state)
    assert sum(team.followed for team in state.community_teams) == 0
    region = int(state.quarters[small.people["home_quarter"][0]].region)
    for slot, status in zip(small.slots, (4, 4, 5, 3, 2, 2), strict=True):
        state.people[slot].status = status
    count_followed(state)
    team = state.community_teams[region]
    assert (team.followed, sum(other.followed for other in state.community_teams)) == (3, 3)
    assert team.load == pytest.approx((team.background + 3) / team.open_posts)
    loads = {round(float(other.background / other.open_posts), 6) for other in state.community_teams}
    assert len(loads) == 1


SOME = {"total_months": 14, "lodging_day": np.arange(12) * 60, "share_granted": 0.5, "occupation": np.arange(12) / 12}


def _left(changes: dict[str, Any]) -> bytes:
    small = prison(12, changes, SOME)
    small.live(430)
    assert len(small.exits) >= 12
    return bytes(small.exits.tobytes())


def test_a_mechanism_switched_off_changes_nothing_else() -> None:
    """All off, whatever they would read may be moved: the same people leave on the same days; on, they do not."""
    off = _left(OFF)
    assert _left({**OFF, **OTHERWISE}) == off
    on = {"practices.files.least_share": 0.3, "means.probation_service.turnover": 2.0}
    assert _left({**OFF, **OTHERWISE, **on}) != off
