"""Intensive programmes after the release: who is directed there, how many they take, what they do to what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.institutions.parameters_of_programmes import ProgrammeEffectOfDay
from sim.pathways.programmes import join_programme, programme_effect
from sim.population.person import CounsellorState, Programme
from tests.worlds import bare_system, run, scenario

if TYPE_CHECKING:
    import numpy as np

ALL = {"practices.programmes.directed_share": 1, "practices.programmes.agreed_share": 1}
INTAKE = "means.programmes.intake"


def exits(overrides: dict[str, Any], **frame: Any) -> np.ndarray:
    found = run(scenario(overrides=overrides, **frame)).tables["exits"]
    return found[(found["sentenced"] == 1) & (found["spell"] == 0)]


def test_without_a_programme_nobody_is_asked() -> None:
    assert (exits({**ALL, INTAKE: 0})["programme"] == Programme.NONE).all()


def test_a_programme_takes_so_many_a_year_of_those_at_risk() -> None:
    """Two years of a hundredth of the country at 1,200 a year: 24 people, all above the threshold; others find no room."""
    found = exits({**ALL, INTAKE: 1200, "practices.programmes.least_score": 0.3}, fraction=0.01)
    begun, full = (found["programme"] == code for code in (Programme.BEGUN, Programme.FULL))
    assert 22 <= begun.sum() <= 25
    assert full.sum() > 50
    assert found["score"][begun | full].min() >= 0.3
    assert (found["assigned_day"][begun | full] >= 0).all(), "a counsellor directs them"


def test_shares_that_are_directed_and_agree() -> None:
    plenty = {INTAKE: 1e6, "practices.programmes.least_score": -10}
    everyone = exits({**ALL, **plenty})["programme"] == Programme.BEGUN
    some = exits({**plenty, "practices.programmes.directed_share": 0.5, "practices.programmes.agreed_share": 0.5})
    taken = some["programme"] == Programme.BEGUN
    assert everyone.sum() > 200
    assert taken.sum() / everyone.sum() == pytest.approx(0.25, abs=0.08)


def test_room_is_what_time_has_given() -> None:
    """Twelve a year: one the day a month has passed, never more than one kept."""
    state, people = bare_system(40)
    state.parameters.programmes.intake = 12.0 / state.nation.fraction
    people.counsellor[:] = CounsellorState.HELD
    people.score[:] = 5.0
    for place in state.local:
        place.programme_practices.directed_share = place.programme_practices.agreed_share = 1.0
    state.nation.programme_day, state.nation.programme_room = state.nation.day, 0.0
    found = []
    for month, person in enumerate(people[:12]):
        state.nation.day += 31 if month != 5 else 400
        join_programme(person, state)
        found.append(int(person.programme))
    join_programme(people[13], state)
    assert found == [Programme.BEGUN] * 12
    assert people[13].programme == Programme.FULL


@pytest.mark.parametrize(
    ("programme", "score", "added"),
    [(Programme.BEGUN, 0.4, -0.2), (Programme.BEGUN, 0.1, 0.3), (Programme.FULL, 0.4, 0.0), (Programme.NONE, 0.4, 0.0)],
)
def test_what_it_does_hangs_on_the_risk(programme: int, score: float, added: float) -> None:
    effect = ProgrammeEffectOfDay()
    effect.at_risk, effect.low_risk, effect.risk_score = -0.2, 0.3, 0.2
    assert programme_effect(programme, score, effect) == added


def test_returns_move_as_the_effect_says() -> None:
    """The same lives, all in a programme that helps much, then harms: fewer come back, then more."""
    plenty = {INTAKE: 1e6, "practices.programmes.least_score": -10, "reconviction.programmes.risk_score": -10, **ALL}

    def back(effect: float) -> int:
        world = run(scenario(overrides={**plenty, "reconviction.programmes.at_risk": effect}, fraction=0.01, end="2025-01-01"))
        return int(world.tables["flows"]["returns"].sum())

    helped, none, harmed = back(-1.5), back(0.0), back(1.0)
    assert helped < 0.8 * none
    assert harmed > 1.15 * none
