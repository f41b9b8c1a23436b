"""The ledger of causes: a person is built for every cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.engine.compile import compiled_form
from sim.pathways.causes import binding_cause
from sim.population.attributes import Stream
from sim.population.person import CounsellorState, FileState, blank
from sim.records.codes import Cause, Outcome, Status
from tests.worlds import run, scenario

if TYPE_CHECKING:
    from sim.institutions.world import World


@pytest.fixture(scope="module")
def world() -> World:
    """Return a system on some day of 2023, when every route of today exists."""
    settings = {"practices.files.serve_out_days": 180}
    return run(scenario(overrides=settings, start="2023-02-01", end="2023-03-01", fraction=0.002)).world


@dataclass(frozen=True)
class Life:
    """What distinguishes the person from one who served eleven months of a délit, with a counsellor, and wanted a measure."""

    cause: Cause
    facts: dict[str, Any] = field(default_factory=dict)
    regime: str = ""


LIVES = [
    Life(Cause.CALENDAR_TOO_SHORT, {"convicted_day": -40, "committed_day": -40, "start_day": -40, "sentenced_day": -40}),
    Life(Cause.NO_COUNSELLOR, {"counsellor": CounsellorState.WAITING, "assigned_day": -1}),
    Life(Cause.NO_COUNSELLOR, {"assigned_day": -30}),
    Life(Cause.FILE_NOT_READY, {"file": FileState.OPEN}),
    Life(Cause.FILE_NOT_READY, {"file": FileState.READY}),
    Life(Cause.FILE_NOT_READY, {"file": FileState.NONE}),
    Life(Cause.NOT_HEARD, {"file": FileState.LODGED}),
    Life(Cause.NOT_HEARD, {"file": FileState.LISTED}),
    Life(Cause.GRANTED_TOO_LATE, {"file": FileState.GRANTED, "granted_adjustment": 0}, regime="LC"),
    Life(Cause.GRANTED_TOO_LATE, {"file": FileState.GRANTED, "granted_adjustment": -1}, regime="SL"),
    Life(Cause.REFUSED_PROJECT, {"last_outcome": Outcome.REFUSED_PROJECT}),
    Life(Cause.REFUSED_RISK, {"last_outcome": Outcome.REFUSED_RISK}),
    Life(Cause.NO_HOUSING, {"last_outcome": Outcome.NO_HOUSING, "file": FileState.OPEN}),
    Life(Cause.NO_PLACE_SL, {"file": FileState.GRANTED, "waiting_place": True}, regime="SL"),
    Life(Cause.NO_PLACE_SL, {"last_outcome": Outcome.NO_PLACE}, regime="SL"),
    Life(Cause.NO_PLACE_PE, {"last_outcome": Outcome.NO_PLACE}, regime="PE"),
    Life(Cause.NO_PLACE_PE, {"file": FileState.GRANTED, "waiting_place": True}, regime="PE"),
    Life(Cause.NO_DEVICE, {"file": FileState.GRANTED, "waiting_place": True}, regime="DDSE"),
    Life(Cause.REMOVAL_MEASURE, {"last_outcome": Outcome.REMOVAL_MEASURE}),
    Life(
        Cause.EXCLUDED_BY_LAW,
        {"lsc_excluded": True, "convicted_day": -40, "committed_day": -40, "start_day": -40, "sentenced_day": -40},
    ),
    Life(Cause.DECLINED, {"consents": False}),
    Life(Cause.DECLINED, {"last_outcome": Outcome.DECLINED}),
    Life(Cause.DECLINED_EXAMINED, {"last_outcome": Outcome.DECLINED, "board_outcome": Outcome.DECLINED}),
    Life(Cause.PREFERS_TO_SERVE, {"consents": False, "eligible_day": -170}),
    Life(Cause.DECLINED_RELEASE, {"last_outcome": Outcome.DECLINED, "board_right_outcome": Outcome.DECLINED}),
    Life(Cause.NOT_INFORMED, {"board_right_outcome": Outcome.NOT_INFORMED}),
    Life(Cause.MEASURE_WITHDRAWN, {"withdrawn": True, "last_outcome": Outcome.REFUSED_RISK}),
]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: f"{life.cause.name.lower()}-{'-'.join(life.facts) or life.regime}")
def test_every_cause_has_its_life(world: World, life: Life) -> None:
    """The stage where the race was lost is the cause; days below zero count back from the release."""
    today = world.day
    person = blank()
    person.id = 1
    person.status = Status.SENTENCED
    person.end_day = today
    person.birth_day = today - 30 * 365
    for name in ("felony", "recidive", "terrorism", "life", "lsc_excluded", "removal"):
        setattr(person, name, False)
    person.consents, person.child_born_day = True, 2**31 - 1
    person.total_months, person.total_days = 16, 487
    for name in ("committed_day", "convicted_day", "start_day", "sentenced_day"):
        setattr(person, name, today - 330)
    person.eligible_day = today - 330
    person.counsellor, person.enrolled_day, person.assigned_day = CounsellorState.HELD, today - 330, today - 310
    if life.regime:
        person.granted_regime = person.refused_regime = world.regime_code[life.regime]
    for name, value in life.facts.items():
        setattr(person, name, today + value if name.endswith("_day") and value < -1 else value)
    if "convicted_day" in life.facts:
        person.total_months, person.total_days, person.counsellor = 2, 60, CounsellorState.NONE

    with_plain_law = world.state._replace(laws=[world.statutes.at(today)])
    assert binding_cause(person, with_plain_law) == life.cause
    assert compiled_form(binding_cause)(person, world.state) == life.cause


def test_every_cause_is_covered() -> None:
    """No cause of the list goes without a life."""
    assert {life.cause for life in LIVES} == set(Cause)


def test_causes_of_a_real_run_name_what_happened() -> None:
    """In a run, the cause agrees with the days recorded beside it."""
    tables = run(scenario(fraction=0.01)).tables
    exits, decisions = tables["exits"], tables["decisions"]
    examined = decisions["person"][decisions["board"] == 1]
    dry = exits[exits["cause"] >= 0]
    by = {cause: dry[dry["cause"] == cause] for cause in Cause}
    assert (by[Cause.NOT_HEARD]["requested_day"] > 0).all()
    lost = by[Cause.MEASURE_WITHDRAWN]
    assert ((lost["spell"] >= 1) | np.isin(lost["stream"], (Stream.AB_INITIO, Stream.FREE_CONVICT))).mean() > 0.9
    for cause in (Cause.REFUSED_PROJECT, Cause.REFUSED_RISK, Cause.NO_HOUSING, Cause.REMOVAL_MEASURE):
        by_judge = by[cause]["heard_day"] > 0
        assert by_judge.any()
        assert (by_judge | np.isin(by[cause]["person"], examined)).all(), "a judge, or else a board"
    assert (by[Cause.NO_HOUSING]["homeless"].mean()) > dry["homeless"].mean()
    assert by[Cause.REMOVAL_MEASURE]["removal"].all()
