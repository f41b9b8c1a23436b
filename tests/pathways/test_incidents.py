"""Incidents of measures: when they come, what the judge decides, and a life for each answer."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import exp
from typing import Any

import numpy as np
import pytest

from sim.institutions.agenda import Step
from sim.institutions.placements import PlaceKind, pool_of_kind, wait_for_place
from sim.pathways.custody import leave_cell
from sim.pathways.incident_hazard import date_incident, hours_out, incident_factor
from sim.pathways.measure import Ended, serve_next
from sim.pathways.steps import apply_due
from sim.records.codes import Cause, Status
from tests.neutral import NO_BOARDS, OFF
from tests.pathways.lives import Small, prison

FORMS = ("DDSE", "SL", "PE", "LC")
M = "practices.measures"
NO_ANSWER = {"reminder": 0.0, "hours": 0.0, "remission": 0.0, "suspension": 0.0, "other": 0.0}


def asking_for(form: str) -> dict[str, Any]:
    """Everybody asks for one form, is heard soon and granted."""
    weights = {each: float(each == form) for each in FORMS}
    return {
        **OFF,
        **NO_BOARDS,
        "practices.files.asked_housed": weights,
        "practices.files.asked_unhoused": weights,
        "practices.files.long_release_share": 0.0,
        "practices.files.external_days": dict.fromkeys(FORMS, 5.0),
        "practices.files.hours_variation": 0.01,
        "practices.hearings.instruction_days": 10,
        "practices.hearings.decision.level": 50.0,
        f"{M}.absent_share": {"SL": 0.0, "PE": 0.0},
        f"{M}.second_share": 0.0,
        f"{M}.withdrawn": dict.fromkeys(FORMS, 0.0),
    }


@cache
def committed(number: int) -> tuple[Small, Any, int]:
    """So many people on the day they are committed, made once: who they are, and their rows on that day."""
    small = prison(number, asking_for("DDSE"), {"total_months": 60})
    return small, small.state.people.copy(), int(small.state.nation.day)


def on_measures(number: int, form: str, changes: dict[str, Any], days: int = 400) -> Small:
    """People put on a measure of one kind, that no incident has been dated for, with so many days to go."""
    small, as_committed, day = committed(number)
    told = prison(1, asking_for("DDSE") | changes, {"total_months": 60}).state
    small = replace(small, state=small.state._replace(parameters=told.parameters, local=told.local))
    regimes = [regime.code for regime in small.world.regimes]
    people: Any = small.state.people
    people[:] = as_committed
    nation: Any = small.state.nation
    nation.day = day
    rows = small.slots
    people["regime"][rows] = regimes.index(form)
    people["adjustment"][rows] = -1
    people["measure_day"][rows] = small.world.day
    people["end_day"][rows] = small.world.day + days
    people["status"][rows] = Status.MEASURE_OUTSIDE
    return small


def share_failing(small: Small) -> float:
    """Date the next incident of each; the share that meets one."""
    for slot in small.slots:
        date_incident(small.state.people[slot], small.state)
    return float((small.people["withdrawal_day"] >= 0).mean())


@pytest.mark.parametrize("days", [100, 200, 600])
def test_the_share_withdrawn_by_length_is_that_of_a_hazard(days: int) -> None:
    """1 − (1 − share)^(length ÷ usual length); the usual length has the share told, and at power 0 all lengths have it."""
    number, rate, usual = 1_500, 0.2, 200
    told = {f"{M}.withdrawn": dict.fromkeys(FORMS, rate), f"{M}.withdrawn_over_days": dict.fromkeys(FORMS, usual)}
    for power in (0.0, 0.5, 1.0):
        expected = 1 - (1 - rate) ** ((days / usual) ** power)
        found = share_failing(on_measures(number, "DDSE", told | {f"{M}.length_power": power}, days))
        assert found == pytest.approx(expected, abs=3 * (expected * (1 - expected) / number) ** 0.5), power


def test_what_is_left_after_an_answer_meets_what_is_left_of_the_incidents() -> None:
    """Half way, half the hazard: the judge's answer neither hastens nor delays the next one."""
    told = {f"{M}.withdrawn": dict.fromkeys(FORMS, 0.4), f"{M}.withdrawn_over_days": dict.fromkeys(FORMS, 400.0)}
    small = on_measures(1_500, "DDSE", told | {f"{M}.length_power": 1.0}, 400)
    small.state.nation.day += 200
    assert share_failing(small) == pytest.approx(1 - 0.6**0.5, abs=0.035)


def test_what_makes_an_incident_likelier() -> None:
    """The score, fewer hours out of the home, a heavier load: each by its own value, and by nothing at 0."""
    small = on_measures(1, "DDSE", {f"{M}.hours_out": {"active": 11, "idle": 5, "usual": 8, "more": 2}})
    state = small.state
    person = state.people[small.slots[0]]
    person.score, person.occupation = 1.5, 0.99
    measures = state.parameters.measures
    assert incident_factor(person, state) == 1.0
    measures.incident_person = 0.4
    assert incident_factor(person, state) == pytest.approx(exp(0.6))
    measures.incident_hours, measures.incident_person = 0.05, 0.0
    assert hours_out(person, state) == 5
    assert incident_factor(person, state) == pytest.approx(exp(0.05 * 3))
    person.hours_changed = True
    assert incident_factor(person, state) == pytest.approx(exp(0.05 * 1))
    person.occupation = 0.0
    assert hours_out(person, state) == 13
    measures.incident_hours, measures.incident_load = 0.0, 0.5
    load = 4.0 * state.parameters.open_setting.usual_load
    for team in state.community_teams:
        team.load = load
    assert incident_factor(person, state) == pytest.approx(2.0)
    person.status = Status.MEASURE_INSIDE
    assert incident_factor(person, state) == 1.0


def living(form: str, answer: str, changes: dict[str, Any] | None = None, number: int = 6, months: int = 30) -> Small:
    """People granted a measure that always meets an incident, always answered alike, to the end."""
    sure = {
        f"{M}.withdrawn": dict.fromkeys(FORMS, 0.9),
        f"{M}.answers": NO_ANSWER | ({answer: 1.0} if answer else {}),
        f"{M}.incidents_per_withdrawal": 2.0,
    }
    small = prison(number, asking_for(form) | sure | (changes or {}), {"total_months": months, "share_granted": 0.5})
    small.live(months * 31)
    return small


def ended(small: Small) -> list[int]:
    """How the measures ended."""
    return sorted(small.rows("measures")["withdrawn"].tolist())


def test_a_reminder_leaves_the_measure_going() -> None:
    """Nobody goes back to a cell, however many incidents."""
    small = living("DDSE", "reminder")
    assert ended(small) == [Ended.SERVED] * 6
    nation = small.state.nation
    assert (nation.recalls, nation.reminded) == (0, nation.incidents)
    assert nation.incidents >= 6
    assert small.rows("measures")["incidents"].sum() == nation.incidents
    assert (small.exits["cause"] == -1).all()


def test_without_another_answer_an_incident_is_a_withdrawal() -> None:
    """As many recalls as incidents, and each a dry release."""
    small = living("DDSE", "", {f"{M}.incidents_per_withdrawal": 1.0})
    nation = small.state.nation
    assert nation.incidents == nation.recalls == ended(small).count(Ended.WITHDRAWN) > 0
    dry = small.exits[small.exits["cause"] >= 0]
    assert (dry["cause"] == Cause.MEASURE_WITHDRAWN).all()


def test_hours_are_added_once_and_make_the_next_incident_rarer() -> None:
    """On a tag only: a second incident, or one of another measure, is answered by a reminder."""
    small = living("DDSE", "hours")
    nation = small.state.nation
    assert 0 < nation.widened <= 6
    assert nation.widened + nation.reminded == nation.incidents
    other = living("SL", "hours")
    assert other.state.nation.widened == 0 < other.state.nation.reminded


def test_remission_withdrawn_makes_the_end_later_by_as_many_days() -> None:
    """The measure goes on, and ends later; never more is withdrawn than was granted."""
    days = 20
    kept = living("DDSE", "reminder")
    cost = living("DDSE", "remission", {f"{M}.remission_withdrawn_days": days})
    nation = cost.state.nation
    assert nation.remission_lost > 0
    assert nation.recalls == 0
    later = cost.rows("ends")["end_day"].sum() - kept.rows("ends")["end_day"].sum()
    assert 0 < later <= days * nation.remission_lost
    full = prison(1, asking_for("DDSE"), {}).people
    assert (cost.rows("ends")["end_day"] <= full["start_day"][0] + 31 * 31).all()


def test_a_suspended_measure_begins_again_from_the_cell() -> None:
    """Ten days in a cell, then out again; the stay has two exits, no dry one, and nobody lost the measure."""
    small = living("DDSE", "suspension", {f"{M}.suspended_days": 10})
    measures, nation = small.rows("measures"), small.state.nation
    assert nation.suspended == nation.recalls == (measures["withdrawn"] == Ended.SUSPENDED).sum() > 0
    assert (small.exits["regime"] >= 0).all()
    assert len(small.exits) == 6 + nation.suspended
    for row in measures[measures["withdrawn"] == Ended.SUSPENDED]:
        again = measures[(measures["person"] == row["person"]) & (measures["start_day"] == row["day"] + 10)]
        assert len(again) == 1
    assert (small.people["withdrawals"] == 0).all()


def test_an_end_that_comes_while_the_judge_decides_is_the_end_of_a_lost_measure() -> None:
    """The place has gone to others, and the wait for one is in the cell."""
    small = living("SL", "suspension", {f"{M}.suspended_days": 10, "means.placements.semi_liberty_elsewhere": 100_000})
    assert small.state.nation.suspended > 0
    used = {int(pool.kind): int(pool.used) for pool in small.state.pools}
    assert set(used.values()) == {0}


def test_a_measure_may_be_turned_into_another_one() -> None:
    """A placement or a tag into semi-liberty, semi-liberty into a tag, where there is a place: no cell between the two."""
    for form, after in (("PE", "SL"), ("DDSE", "SL"), ("SL", "DDSE")):
        small = living(form, "other")
        measures, nation = small.rows("measures"), small.state.nation
        codes = [regime.code for regime in small.world.regimes]
        turned = measures[measures["withdrawn"] == Ended.TURNED]
        assert len(turned) == nation.turned > 0
        assert nation.recalls == 0
        first = turned[turned["regime"] == codes.index(form)]
        for row in first:
            follows = measures[(measures["person"] == row["person"]) & (measures["start_day"] == row["day"])]
            assert codes.index(after) in follows["regime"]
        assert sum(pool.used for pool in small.state.pools) == 0


PLACEMENT_FAILS = {
    f"{M}.withdrawn": dict.fromkeys(FORMS, 0.9) | {"SL": 0.0},
    f"{M}.turned_share": 1.0,
    f"{M}.other_measure_days": 40,
    "practices.placements.external_hosted_share": 0.0,
}


def searching(places: int) -> tuple[Small, Any]:
    """Somebody whose host has left, and the semi-liberty places of the interregion, none of them free."""
    facts = {"total_months": 48, "share_granted": 0.0, "consents": [True, False]}
    small = prison(2, asking_for("PE") | PLACEMENT_FAILS, facts)
    state = small.state
    region = state.quarters[small.people["home_quarter"][0]].region
    pool = state.pools[pool_of_kind(state, PlaceKind.SEMI_LIBERTY, region)]
    pool.used = pool.places
    for _ in range(1_450):
        small.live(1)
        if small.people["waiting_place"][0] and small.people["regime"][0] >= 0:
            break
    assert small.people["status"][0] == Status.MEASURE_OUTSIDE
    assert state.queues[pool.queue].length == 1
    pool.used -= places
    return small, pool


def test_time_to_find_another_measure_keeps_the_person_out_of_a_cell_until_a_place_is_free() -> None:
    """They wait in the queue of the places, are served in their turn, and the place is theirs."""
    small, pool = searching(places=1)
    used = pool.used
    serve_next(pool, small.state)
    assert small.people["status"][0] == Status.MEASURE_OUTSIDE
    apply_due(small.state, Step.COMMITTAL)
    codes = [regime.code for regime in small.world.regimes]
    person = small.people[0]
    assert (person.status, codes[person.regime], person.waiting_place) == (Status.MEASURE_INSIDE, "SL", False)
    assert (small.state.queues[pool.queue].length, pool.used) == (0, used + 1)
    assert small.state.nation.recalls == 0
    small.live(1_300)
    assert pool.used == used
    assert ended(small) == [Ended.SERVED, Ended.TURNED]
    assert (small.people["status"] == Status.AT_LIBERTY).all()


def test_the_place_of_the_host_goes_to_somebody_at_liberty_on_another_day() -> None:
    """Measures are turned in the evening: whoever waits for the host's place begins once places are given again."""
    small, pool = searching(places=1)
    state = small.state
    regimes = [regime.code for regime in small.world.regimes]
    region = state.quarters[small.people["home_quarter"][0]].region
    hosts = state.pools[pool_of_kind(state, PlaceKind.EXTERNAL, region)]
    hosts.used = hosts.places
    waits = state.people[small.slots[1]]
    leave_cell(waits, state)
    waits.status, waits.home_stay, waits.committed_day = Status.AT_LIBERTY, True, -1
    waits.granted_regime = regimes.index("PE")
    wait_for_place(state, hosts, waits)
    serve_next(pool, state)
    apply_due(state, Step.COMMITTAL)
    assert regimes[small.people["regime"][0]] == "SL"
    assert (hosts.used, state.queues[hosts.queue].length) == (hosts.places - 1, 1)
    state.nation.day += 1
    serve_next(hosts, state)
    apply_due(state, Step.COMMITTAL)
    assert (hosts.used, state.queues[hosts.queue].length) == (hosts.places, 0)
    assert regimes[small.people["regime"][1]] == "PE"


def test_without_a_place_in_time_the_placement_is_withdrawn() -> None:
    """At the end of the time given, back to a cell, off the list, and the place of the host is free."""
    small, pool = searching(places=0)
    begun = int(small.state.nation.day)
    small.live(39)
    assert small.people["status"][0] == Status.MEASURE_OUTSIDE
    small.live(3)
    assert small.people["status"][0] == Status.SENTENCED
    assert small.state.queues[pool.queue].length == 0
    assert small.rows("measures")["day"][-1] - begun in (39, 40)
    assert small.state.nation.recalls == 1


def test_a_conditional_release_after_a_measure_may_fail_too() -> None:
    """At 0 none of those a measure was turned into is withdrawn; at 1 most are, at such a rate."""
    probation = {
        f"{M}.probation_share": 1.0,
        f"{M}.probation_days": dict.fromkeys(("DDSE", "SL", "PE"), 30),
        f"{M}.withdrawn": dict.fromkeys(FORMS, 0.0) | {"LC": 0.95},
    }
    for factor in (0.0, 1.0):
        small = prison(8, asking_for("DDSE") | probation | {f"{M}.after_probation": factor}, {"total_months": 48})
        small.live(49 * 31)
        codes = [regime.code for regime in small.world.regimes]
        measures = small.rows("measures")
        released = measures[measures["regime"] == codes.index("LC")]
        assert len(released) >= 6
        lost = (released["withdrawn"] == Ended.WITHDRAWN).sum()
        assert lost == small.state.nation.recalls
        assert lost == 0 if factor == 0 else lost > 4


def test_incidents_are_answered_in_their_shares_and_withdrawals_stay_as_many() -> None:
    """Thinned: so many incidents for one withdrawal, answered so often otherwise, leave as many measures withdrawn."""
    number, rate = 60, 0.4
    usual = {f"{M}.withdrawn": dict.fromkeys(FORMS, rate)}
    answered = {f"{M}.incidents_per_withdrawal": 2.5, f"{M}.answers": NO_ANSWER | {"reminder": 0.6}}
    found = {}
    for name, changes in (("alone", usual), ("answered", usual | answered)):
        small = prison(number, asking_for("DDSE") | changes, {"total_months": 24})
        small.live(25 * 31)
        found[name] = (ended(small).count(Ended.WITHDRAWN) / number, small.state.nation)
    sd = (2 * rate * (1 - rate) / number) ** 0.5
    assert found["answered"][0] == pytest.approx(found["alone"][0], abs=3 * sd)
    nation = found["answered"][1]
    assert nation.reminded > nation.recalls
    assert np.isclose(nation.reminded / nation.incidents, 0.6, atol=0.2)
