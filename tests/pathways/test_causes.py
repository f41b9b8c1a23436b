"""The ledger of causes: for every cause, somebody lives the stay that ends with it (model.md §8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from sim.dates import NEVER
from sim.records.codes import Cause
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import prison

ENOUGH = 40
"""Months lived: more than any sentence below."""
_SHORT = {"total_months": 2}
_LATE_BOARD = {"practices.boards.notice_days": 200}
_PREPARED = {
    **OFF,
    "practices.files.hours": dict.fromkeys(("DDSE", "SL", "LC", "PE"), 1.0),
    "practices.files.external_days": dict.fromkeys(("DDSE", "SL", "LC", "PE"), 5.0),
    "practices.hearings.instruction_days": 10,
    "practices.files.long_release_share": 0.0,
}


_WITHDRAWN = {"practices.measures.withdrawn": dict.fromkeys(("DDSE", "SL", "PE", "LC"), 1.0)}


def _asked(form: str) -> dict[str, dict[str, float]]:
    """Everybody asks for one form."""
    weights = {**dict.fromkeys(("DDSE", "SL", "LC", "PE"), 0.0), form: 1.0}
    return {"practices.files.asked_housed": weights, "practices.files.asked_unhoused": weights}


def _decides(level: float, **weights: float) -> dict[str, dict[str, float]]:
    """A judge who weighs nothing but what is said."""
    nothing = dict.fromkeys(
        ("housing", "occupation", "care", "months", "score", "seen", "removal", "felony", "requisition"), 0.0
    )
    return {"practices.hearings.decision": {"level": level, **nothing, **weights}}


def _granted(form: str) -> dict[str, Any]:
    return NO_BOARDS | _PREPARED | _asked(form) | _decides(50.0)


_NEVER_ASKED = {**OFF, "practices.files.shortest_remaining_days": 5_000}
_EXAMINED = {"practices.boards.examined_with_counsellor": 1.0, "practices.boards.examined_without_counsellor": 1.0}
_SIX = {"total_months": 6}


def _form(form: str) -> dict[str, Any]:
    """Every board decides one form, then looks for a place."""
    weights = {**dict.fromkeys(("DDSE", "SL", "LC", "PE", "none"), 0.0), form: 1.0}
    return {
        "practices.boards.modality_housed": weights,
        "practices.boards.modality_unhoused": weights,
        "practices.boards.form_first_share": 1.0,
        "practices.boards.turned_to_tag_share": 0.0,
    }


@dataclass(frozen=True)
class Life:
    """What is particular to the country and to the person, and how the stay ends."""

    cause: Cause
    country: dict[str, Any]
    person: dict[str, Any] = field(default_factory=dict)
    full: bool = False
    """Whether every place outside the cell is taken."""


LIVES = {
    "too short for any board": Life(Cause.CALENDAR_TOO_SHORT, NO_HEARINGS | _LATE_BOARD, _SHORT),
    "no counsellor": Life(
        Cause.NO_COUNSELLOR,
        NO_BOARDS
        | {
            "means.probation_service.posts": 0.0,
            "means.probation_service.theoretical_posts": 0.0,
            "means.probation_service.target_posts": 0.0,
        },
    ),
    "a file without end": Life(
        Cause.FILE_NOT_READY,
        NO_BOARDS
        | {"practices.files.hours": dict.fromkeys(("DDSE", "SL", "LC", "PE"), 1_000.0)}
        | {"practices.files.most_hours_a_week": 0.1},
    ),
    "no sitting": Life(Cause.NOT_HEARD, NO_BOARDS | NO_HEARINGS | _PREPARED),
    "before the chamber": Life(
        Cause.NOT_HEARD,
        NO_BOARDS | NO_HEARINGS | _PREPARED | {"practices.hearings.referral_share": 1.0, "practices.hearings.appeal_days": 900},
    ),
    "boards that take nobody": Life(Cause.NOT_HEARD, NO_HEARINGS | {"means.enforcement_courts.board_slots": 0.0}, _SHORT),
    "a project that does not convince": Life(Cause.REFUSED_PROJECT, NO_BOARDS | _PREPARED | _decides(-50.0)),
    "a risk": Life(Cause.REFUSED_RISK, NO_BOARDS | _PREPARED | _decides(0.0, score=10.0), {"score": 5.0}),
    "a grant overturned": Life(
        Cause.REFUSED_RISK,
        _granted("DDSE")
        | {"practices.hearings.suspensive_appeal_share": 1.0, "practices.hearings.appeal_reversed_share": 1.0}
        | {"practices.hearings.appeal_days": 10},
    ),
    "no lodging": Life(
        Cause.NO_HOUSING,
        NO_BOARDS | _PREPARED | _asked("SL") | _decides(-5.0, housing=10.0),
        {"homeless": True, "lodging_day": 9999},
    ),
    "semi-liberty full": Life(Cause.NO_PLACE_SL, _granted("SL"), full=True),
    "no host": Life(Cause.NO_PLACE_PE, _granted("PE"), full=True),
    "no tag": Life(Cause.NO_DEVICE, _granted("DDSE"), full=True),
    "a tag fitted too late": Life(
        Cause.NO_DEVICE, _granted("DDSE") | {"practices.placements.fitting_days": {"DDSE": 900, "SL": 7, "PE": 10, "LC": 7}}
    ),
    "a removal measure": Life(
        Cause.REMOVAL_MEASURE, NO_BOARDS | _PREPARED | _decides(-5.0, removal=10.0), {"foreign": True, "removal": True}
    ),
    "excluded": Life(Cause.EXCLUDED_BY_LAW, NO_HEARINGS | _LATE_BOARD, {**_SHORT, "lsc_excluded": True}),
    "unwilling": Life(Cause.DECLINED, NO_BOARDS | _PREPARED, {"consents": False}),
    "unwilling, with little to gain": Life(
        Cause.PREFERS_TO_SERVE, NO_BOARDS | _PREPARED | {"practices.files.serve_out_days": 1_000}, {"consents": False}
    ),
    "unwilling at two thirds": Life(
        Cause.DECLINED_EXAMINED,
        NO_HEARINGS | _NEVER_ASKED | _EXAMINED,
        {"total_months": 24, "consents": False, "lsc_excluded": True},
    ),
    "granted too late": Life(
        Cause.GRANTED_TOO_LATE, _granted("SL") | {"practices.hearings.deliberation_days": 400}, {"total_months": 12}
    ),
    "nobody told of the release as of right": Life(
        Cause.NOT_INFORMED, NO_HEARINGS | _NEVER_ASKED | {"practices.boards.right_informed_share": 0.0}, _SHORT
    ),
    "the release as of right refused": Life(
        Cause.DECLINED_RELEASE, NO_HEARINGS | _NEVER_ASKED | _EXAMINED | {"practices.boards.right_refused_share": 1.0}, _SHORT
    ),
    "the release as of right without a lodging": Life(
        Cause.NO_HOUSING,
        NO_HEARINGS | _NEVER_ASKED | _EXAMINED | {"practices.boards.right_lodging_share": 1.0},
        {**_SHORT, "homeless": True, "lodging_day": 9999},
    ),
    "a file that does not reach the board": Life(
        Cause.FILE_NOT_READY, NO_HEARINGS | _NEVER_ASKED | {"practices.boards.right_reached_factor": 0.0}, _SIX
    ),
    "semi-liberty full at the board": Life(
        Cause.NO_PLACE_SL, NO_HEARINGS | _NEVER_ASKED | _EXAMINED | _form("SL"), _SHORT, full=True
    ),
    "no place outside at the board": Life(
        Cause.NO_PLACE_PE, NO_HEARINGS | _NEVER_ASKED | _EXAMINED | _form("PE"), _SHORT, full=True
    ),
    "a measure lost": Life(
        Cause.MEASURE_WITHDRAWN,
        _granted("DDSE") | _WITHDRAWN | {"practices.measures.second_share": 0.0},
    ),
    "a measure lost, and too little left to ask again": Life(
        Cause.MEASURE_WITHDRAWN,
        _granted("DDSE") | _WITHDRAWN | {"practices.measures.second_share": 1.0, "practices.measures.second_days": 360},
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_a_life_for_every_cause(name: str) -> None:
    """One person, committed with a sentence of a few months, leaves dry, and the stage where the race was lost is the cause."""
    life = LIVES[name]
    small = prison(1, life.country, life.person)
    if life.full:
        pools: Any = small.state.pools
        pools.places[:] = 0
    small.live(ENOUGH * 30)

    last = small.exits[-1]
    assert (last["regime"], last["cause"]) == (-1, life.cause), Cause(last["cause"]).name
    assert last["day"] < NEVER
    assert (small.exits["cause"] >= 0).sum() == 1


def test_every_cause_has_a_life() -> None:
    """No cause goes without one."""
    assert {life.cause for life in LIVES.values()} == set(Cause)
