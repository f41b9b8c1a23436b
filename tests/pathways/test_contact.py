"""What contact does, and that it does nothing where it is off: lives with many interviews, with few, with the usual ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import NEVER
from sim.institutions.agenda import Step, schedule
from sim.pathways.contact import contact, hastened, incidents, known_file, moved, willing
from sim.population.person import FileState
from sim.records.codes import Cause, Outcome
from tests.neutral import NO_BOARDS, OFF
from tests.pathways.lives import Small, prison
from tests.worlds import run, scenario

FORMS = ("DDSE", "SL", "LC", "PE")
TAGS = {"DDSE": 1.0, "SL": 0.0, "LC": 0.0, "PE": 0.0}
NOTHING = dict.fromkeys(("housing", "occupation", "care", "months", "score", "seen", "removal", "felony", "requisition"), 0.0)
CONTACT, SERVICE = "practices.contact", "means.probation_service"
ASKING = {
    **OFF,
    "practices.files.asked_housed": TAGS,
    "practices.files.asked_unhoused": TAGS,
    "practices.files.hours": dict.fromkeys(FORMS, 1.0),
    "practices.files.external_days": dict.fromkeys(FORMS, 5.0),
    "practices.files.long_release_share": 0.0,
    "practices.hearings.instruction_days": 10,
    "practices.measures.withdrawn": dict.fromkeys(FORMS, 0.0),
    "practices.hearings.decision": {"level": 50.0, **NOTHING},
}
"""Everybody who consents asks for a tag, and is granted it."""
OFTEN = {f"{CONTACT}.most_interviews": 8, f"{CONTACT}.usual_interviews": 0.0, f"{SERVICE}.interviews_kept": 300.0}
"""Interviews soon have all the effect they may."""
SELDOM = {f"{CONTACT}.most_interviews": 8, f"{CONTACT}.usual_interviews": 300.0, f"{SERVICE}.interviews_kept": 0.0}
"""Soon as few as may count."""
POSTS = {f"{SERVICE}.posts": 50_000.0}
LONG = {"total_months": 18, "lsc_excluded": True}
LATER = 100
"""Days before anything is asked for: so many of contact, or of none."""
NO_CONTACT = {f"{CONTACT}.most_interviews": 0}


def lived(overrides: dict[str, Any], facts: dict[str, Any], number: int = 6, days: int = 700) -> Small:
    small = prison(number, NO_BOARDS | ASKING | POSTS | overrides, {**LONG, **facts})
    for slot in small.slots:
        person = small.state.people[slot]
        person.file = FileState.NONE
        person.barred_until = person.open_day = small.world.day + LATER
        schedule(small.state, person.open_day, Step.FILE, person)
    small.live(days)
    return small


def adjusted(small: Small) -> int:
    return int((small.exits["regime"] >= 0).sum())


def test_who_does_not_consent_may_be_won_and_who_does_be_lost() -> None:
    """Won by contact, asked again some months later; lost without it; as they were where it is off."""
    effect = {f"{CONTACT}.consent": 10.0, f"{CONTACT}.again_days": 30}
    assert adjusted(lived(OFTEN | effect, {"consents": False})) == 6
    assert adjusted(lived(OFTEN | effect | NO_CONTACT, {"consents": False})) == 0
    assert adjusted(lived(OFTEN, {"consents": False})) == 0
    lost = lived(SELDOM | effect, {"consents": True, "lsc_excluded": False})
    assert adjusted(lost) == 0
    assert (lost.exits["cause"] == Cause.DECLINED).all()
    assert adjusted(lived(SELDOM, {"consents": True})) == 6


def test_lodging_is_found_sooner() -> None:
    """A search of ten years, shortened by exp(-1) an interview: a home in time for a request that needs one."""
    facts = {"lodging_day": 3650}
    judge = {"practices.hearings.decision": {**NOTHING, "level": -50.0, "housing": 100.0}, "practices.hearings.bar_days": 1}
    sooner = lived(OFTEN | judge | {f"{CONTACT}.lodging": 1.0}, facts)
    assert adjusted(sooner) == 6
    assert sooner.exits["housed"].all()
    never = lived(OFTEN | judge, facts)
    assert adjusted(never) == 0
    assert not never.exits["housed"].any()
    assert (never.exits["cause"] == Cause.NO_HOUSING).all()


def test_others_answer_sooner() -> None:
    """A year and a half for an answer, and the sentence ends before; with contact, weeks."""
    slow = {"practices.files.external_days": dict.fromkeys(FORMS, 500.0), "practices.files.external_variation": 0.0}
    assert adjusted(lived(OFTEN | slow | {f"{CONTACT}.papers": 1.0}, {})) == 6
    late = lived(OFTEN | slow, {})
    assert adjusted(late) == 0
    assert (late.exits["cause"] == Cause.FILE_NOT_READY).all()


def test_a_judge_is_reassured_or_not() -> None:
    """Log-odds of the judge's own: refused without, granted with, and refused with less contact than usual."""
    for level, contacts, granted in ((-50.0, OFTEN, 6), (-50.0, NO_CONTACT, 0), (50.0, SELDOM, 0), (50.0, NO_CONTACT, 6)):
        judge = {"practices.hearings.decision": {**NOTHING, "level": level}, f"{CONTACT}.confidence": 20.0}
        assert adjusted(lived({**OFTEN, **judge, **contacts}, {})) == granted


@pytest.mark.parametrize(("contacts", "effect", "withdrawn"), [(OFTEN, -3.0, 0), (OFTEN, 3.0, 6), (NO_CONTACT, 3.0, 0)])
def test_measures_prepared_together_hold(contacts: dict[str, Any], effect: float, withdrawn: int) -> None:
    """A factor on incidents by what contact there was; it stays what it was once the person is out."""
    rate = {"practices.measures.withdrawn": dict.fromkeys(FORMS, 0.001), f"{CONTACT}.incidents": effect}
    small = lived({**OFTEN, **contacts, **rate}, {})
    assert int((small.people["withdrawals"] > 0).sum()) == withdrawn
    if contacts is OFTEN:
        assert (small.people["contact"] >= 8).all()


def test_a_thin_file_of_somebody_known_convinces() -> None:
    """Half of the hours: what lacks is made up by exp(-effect) an interview; a full file needs nothing."""
    small = prison(1, OFF | OFTEN | POSTS, LONG)
    small.live(60)
    person, state = small.state.people[small.slots[0]], small.state
    contacts: Any = state.parameters.contact
    assert contact(person, state) == 8.0
    contacts.project = 0.1
    assert known_file(0.5, person, state) == pytest.approx(1 - 0.5 * 2.718281828 ** (-0.8))
    assert known_file(1.0, person, state) == 1.0
    contacts.project = -10.0
    assert known_file(0.5, person, state) == 0.0
    contacts.project = 0.0
    assert known_file(0.5, person, state) == 0.5
    for effect in ("lodging", "papers"):
        assert hastened(100.0, getattr(contacts, effect), person, state) == 100.0
    assert incidents(person, state) == 1.0


def test_the_quality_lodged_is_what_the_judge_is_told() -> None:
    """A file lodged as it stands, with what contact makes up of it."""
    thin = {
        "practices.files.least_share": 0.05,
        "practices.files.pressed_days": 400,
        "practices.files.hours": dict.fromkeys(FORMS, 500.0),
        "practices.files.most_hours_a_week": 1.0,
        "practices.hearings.file_weight": 0.0,
    }
    quality = []
    for effect in (0.0, 0.2):
        decided = lived(OFTEN | thin | {f"{CONTACT}.project": effect}, {}).rows("decisions")
        assert (decided["outcome"] == Outcome.GRANTED).all()
        quality.append(decided["quality"])
    assert quality[0].min() < 0.5
    assert (1 - quality[1]).tolist() == pytest.approx(((1 - quality[0]) * 2.718281828 ** (-1.6)).tolist(), rel=1e-3)


def test_a_release_as_of_right_is_refused_less_by_those_who_were_talked_to() -> None:
    """Half refuse it; with contact hardly anybody, without it nearly all."""
    boards = {f"practices.boards.{name}": 1.0 for name in ("examined_with_counsellor", "right_reached_factor")}
    boards |= {"practices.boards.right_refused_share": 0.5, f"{CONTACT}.consent": 2.0, "practices.boards.notice_days": 1}
    never_asks = {"practices.files.shortest_remaining_days": 5_000}
    refused = []
    for contacts in (OFTEN, NO_CONTACT, SELDOM):
        small = prison(40, ASKING | POSTS | never_asks | boards | contacts, {"total_months": 6})
        small.live(300)
        refused.append(int((small.exits["cause"] == Cause.DECLINED_RELEASE).sum()))
    assert refused[0] == 0
    assert refused[1] == pytest.approx(20, abs=8)
    assert refused[2] > refused[1] + 8


@given(share=st.floats(0.001, 0.999), odds=st.floats(-20, 20))
def test_log_odds_move_a_share_and_back(share: float, odds: float) -> None:
    """Up for more, down for less, and back where it was."""
    there = moved(share, odds)
    assert 0 <= there <= 1
    assert (there > share) == (odds > 1e-9) or there == pytest.approx(share)
    if 1e-6 < there < 1 - 1e-6:
        assert moved(there, -odds) == pytest.approx(share, rel=1e-6)


def test_more_contact_loses_nobody_and_wins_as_many_as_log_odds_say() -> None:
    """The same luck at every dose: those willing at one are willing at any above it; shares follow the odds."""
    number = 2_000
    small = prison(number, OFF | {f"{CONTACT}.most_interviews": 20}, LONG)
    state = small.state
    contacts: Any = state.parameters.contact
    contacts.consent = 0.3
    people = [state.people[slot] for slot in small.slots]
    for place, person in enumerate(people):
        person.consents = place < number * contacts.consenting
        person.counsellor = 0
    before: set[int] = set()
    for dose in (-8.0, -3.0, 0.0, 2.0, 8.0):
        now = set()
        for place, person in enumerate(people):
            person.contact = dose
            if willing(person, state):
                now.add(place)
        assert before <= now
        assert len(now) / number == pytest.approx(moved(contacts.consenting, 0.3 * dose), abs=0.025)
        if dose == 0:
            assert now == {place for place, person in enumerate(people) if person.consents}
        before = now


def test_contact_is_counted_while_a_counsellor_holds_the_person() -> None:
    """From the day of the counsellor to the last one; nothing for whoever waits; bounded on both sides."""
    small = prison(2, OFF | OFTEN | POSTS | {f"{SERVICE}.interviews_kept": 10.0}, {**LONG, "lodging_day": NEVER})
    state: Any = small.state
    # Longer than the arrival unit: from then on, ten a year, the plan of a week being carried out each day.
    small.live(14 + 20)
    for person in small.people:
        assert contact(person, state) == pytest.approx(10 * 20 / (365.25 / 7), abs=0.3)
    small.live(200)
    assert [contact(person, state) for person in small.people] == [8.0, 8.0]
    waiting = prison(1, OFF | OFTEN | {f"{SERVICE}.posts": 0.0}, LONG)
    waiting.live(100)
    assert contact(waiting.people[0], waiting.state) == 0.0


@pytest.mark.parametrize("name", ["consent", "lodging", "papers", "project", "confidence", "incidents"])
def test_an_effect_that_is_off_changes_nothing_else(name: str) -> None:
    """At zero, or with no contact that counts, every table is what it is without the mechanism, to the byte."""
    here = {"end": "2022-09-01", "fraction": 0.002}
    none = run(scenario(overrides=NO_CONTACT, **here)).tables
    big = 0.5 if name != "incidents" else -0.5
    off = run(scenario(overrides={**NO_CONTACT, f"{CONTACT}.{name}": big, f"{CONTACT}.usual_interviews": 3.0}, **here)).tables
    zero = run(scenario(overrides={f"{CONTACT}.most_interviews": 6, f"{CONTACT}.again_days": 5}, **here)).tables
    for table, rows in none.items():
        assert rows.tobytes() == off[table].tobytes(), table
        same = [column for column in rows.dtype.names if column != "contact"]
        assert all(rows[column].tobytes() == zero[table][column].tobytes() for column in same), table
