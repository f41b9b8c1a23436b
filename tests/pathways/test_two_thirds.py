"""The decision at two thirds (art. 720 § I): one standard, whether or not something is asked for, and who it is decided by."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest

from sim.dates import parse_day
from sim.law.sentence import fraction_day
from sim.pathways.hearing import two_thirds_bonus
from sim.records.codes import Cause, Outcome
from tests.neutral import NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

FORMS = ("DDSE", "SL", "LC", "PE")
TAGS = {"DDSE": 1.0, "SL": 0.0, "LC": 0.0, "PE": 0.0}
NOTHING = dict.fromkeys(("housing", "occupation", "care", "months", "score", "seen", "removal", "felony", "requisition"), 0.0)
REQUESTS = {
    **OFF,
    **NO_HEARINGS,
    "practices.files.asked_housed": TAGS,
    "practices.files.asked_unhoused": TAGS,
    "practices.files.hours": dict.fromkeys(FORMS, 1.0),
    "practices.files.external_days": dict.fromkeys(FORMS, 5.0),
    "practices.files.long_release_share": 0.0,
    "practices.hearings.instruction_days": 10,
    "practices.measures.withdrawn": dict.fromkeys(FORMS, 0.0),
    "practices.boards.decision": {"level": -50.0, **NOTHING},
}
"""Everybody asks for a tag, no hearing is ever held, and boards free nobody of their own."""
LONG = {"total_months": 18, "lsc_excluded": True}
"""Nothing comes as of right, and two thirds well before the end."""
NOTHING_ASKED = {"practices.files.shortest_remaining_days": 5_000}
DAYS = 600


def judge(level: float) -> dict[str, Any]:
    return {"practices.hearings.decision": {"level": level, **NOTHING}}


def decided(small: Small) -> Any:
    """Decisions on requests so far."""
    rows: Any = small.rows("decisions")
    return rows[rows["quality"] >= 0]


def two_thirds(small: Small, place: int = 0) -> int:
    return int(fraction_day(small.state.people[small.slots[place]], 2 / 3))


@pytest.mark.parametrize("share", [1.0, 0.0])
def test_a_request_pending_at_two_thirds_is_decided_at_that_board(share: float) -> None:
    """No hearing is held: the request of a person who keeps waiting is decided all the same, or never."""
    changes = REQUESTS | judge(50.0) | {"practices.boards.requests_decided_share": share}
    small = prison(4, changes, LONG)
    small.live(DAYS)
    if share:
        assert (small.exits["regime"] >= 0).all()
        assert (decided(small)["outcome"] == Outcome.GRANTED).all()
        assert len(decided(small)) == 4
        assert (decided(small)["board"] == 1).all()
    else:
        assert (small.exits["regime"] < 0).all()
        assert (small.exits["cause"] == Cause.NOT_HEARD).all()


def test_before_june_2019_the_request_waits_for_its_hearing() -> None:
    """The rule is dated: examined at two thirds in 2018, nobody's request is decided by the board."""
    changes = REQUESTS | judge(50.0) | {"practices.boards.requests_decided_share": 1.0}
    small = prison(4, changes, {"total_months": 12}, "2018-02-01")
    small.live(400)
    assert len(decided(small)) == 0
    assert (small.exits["cause"] == Cause.NOT_HEARD).all()


def test_a_request_refused_at_two_thirds_is_examined_no_more_under_i() -> None:
    """It was the examination: refused there, on the request, once."""
    changes = REQUESTS | judge(-50.0) | {"practices.boards.requests_decided_share": 1.0, "practices.hearings.bar_days": 365}
    small = prison(4, changes, LONG)
    small.live(DAYS)
    assert len(decided(small)) == 4
    assert (decided(small)["outcome"] == Outcome.REFUSED_PROJECT).all()
    assert (small.people["board_outcome"] == Outcome.REFUSED_PROJECT).all()
    assert (small.exits["cause"] == Cause.REFUSED_PROJECT).all()


def test_the_examination_comes_a_little_before_two_thirds_and_frees_nobody_sooner_than_the_law() -> None:
    """A session before: decided earlier by the days set at most, and the release of § I begins no sooner than two thirds."""
    days, left = [], []
    for ahead in (0, 28):
        changes = (
            REQUESTS
            | NOTHING_ASKED
            | {
                "practices.boards.examined_ahead_days": ahead,
                "practices.boards.decision": {"level": 50.0, **NOTHING},
            }
        )
        small = prison(3, changes, LONG)
        small.live(DAYS)
        board = small.rows("decisions")
        days.append(int(board["day"].min()))
        left.append(int(small.exits["day"].min()))
        assert (small.exits["day"] >= board["requested_day"][: len(small.exits)]).all()
    assert 0 < days[0] - days[1] <= 28
    assert left[1] <= left[0]


@pytest.mark.parametrize(("day", "law", "bonus"), [("2024-06-01", True, 0.6), ("2024-06-01", False, 0.0)])
def test_a_hearing_held_after_two_thirds_has_the_same_standard(day: str, law: bool, bonus: float) -> None:
    """+0.6 log-odds from two thirds on, nothing before, nothing where the law does not say so."""
    small = prison(1, REQUESTS | {"practices.hearings.two_thirds_bonus": 0.6}, LONG, day)
    state = small.state
    person = state.people[small.slots[0]]
    if not law:
        statutes = small.world.statutes.at(parse_day("2018-06-01"))
        state = state._replace(laws=[statutes])
    nation: Any = state.nation
    assert two_thirds_bonus(person, state) == 0.0
    nation.day = two_thirds(small) - 1
    assert two_thirds_bonus(person, state) == 0.0
    nation.day += 2
    assert two_thirds_bonus(person, state) == pytest.approx(bonus)


def test_the_bonus_moves_the_share_granted_as_log_odds_do() -> None:
    """Half granted without it; with +0.6, the same people and some more, 1 / (1 + exp(-0.6)) of all."""
    granted = []
    number = 300
    for bonus in (0.0, 0.6):
        changes = (
            REQUESTS
            | judge(0.0)
            | {
                "practices.boards.requests_decided_share": 1.0,
                "practices.hearings.two_thirds_bonus": bonus,
                "practices.hearings.bar_days": 365,
                "means.probation_service.posts": 500_000.0,
            }
        )
        small = prison(number, changes, LONG)
        small.live(DAYS)
        found = decided(small)
        granted.append(set(found["person"][found["outcome"] == Outcome.GRANTED].tolist()))
    assert granted[0] < granted[1]
    expected = 1 / (1 + exp(-0.6))
    spread = (expected * (1 - expected) / number) ** 0.5
    assert len(granted[1]) / number == pytest.approx(expected, abs=4 * spread)


def test_without_a_request_the_standard_is_as_near_as_said() -> None:
    """At 1 the release of § I is judged as the judge does, who grants all; at 0 as the board does, which refuses all."""
    for weight in (0.0, 1.0):
        changes = REQUESTS | NOTHING_ASKED | judge(50.0) | {"practices.boards.same_standard": weight}
        small = prison(3, changes | {"practices.boards.examined_with_counsellor": 1.0}, LONG)
        small.live(DAYS)
        board = small.rows("decisions")
        assert len(board) == 3
        assert (board["outcome"] == Outcome.REFUSED_PROJECT).all() == (weight == 0.0)
