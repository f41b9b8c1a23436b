"""The form of a release under constraint is decided, then a place is looked for: what a full semi-liberty is worth."""

from __future__ import annotations

from typing import Any

import pytest

from sim.records.codes import Outcome
from tests.neutral import NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

UNHOUSED = {"DDSE": 0.0, "LC": 0.0, "SL": 0.55, "PE": 0.05, "none": 0.40}
HOUSED = {"DDSE": 0.2, "LC": 0.0, "SL": 0.8, "PE": 0.0, "none": 0.0}
BOARD = {
    **OFF,
    **NO_HEARINGS,
    "practices.files.shortest_remaining_days": 5_000,
    "practices.boards.examined_with_counsellor": 1.0,
    "practices.boards.examined_without_counsellor": 1.0,
    "practices.boards.compatible_home": 1.0,
    "practices.boards.modality_housed": HOUSED,
    "practices.boards.modality_unhoused": UNHOUSED,
    "practices.boards.form_first_share": 1.0,
}
NUMBER = 200
SIX = {"total_months": 6}
NO_LODGING = {"homeless": True, "lodging_day": 9999}


def examined(changes: dict[str, Any], facts: dict[str, Any], full: tuple[str, ...]) -> Small:
    """People examined as of right once those places are taken."""
    small = prison(NUMBER, BOARD | changes, SIX | facts)
    pools: Any = small.state.pools
    regimes = small.world.regime_code
    for code in full:
        pools.places[pools.regime == regimes[code]] = 0
    pools.places[(pools.places > 0)] = 10_000
    small.live(180)
    return small


def outcomes(small: Small) -> dict[int, float]:
    found = small.rows("decisions")["outcome"]
    assert len(found) == NUMBER
    return {int(code): (found == code).mean() for code in set(found.tolist())}


def test_a_full_semi_liberty_is_no_place_and_never_no_lodging() -> None:
    """With a place left outside: 55 % lack a place in semi-liberty, 40 % a lodging; before, 89 % of those left lacked one."""
    full = outcomes(examined({}, NO_LODGING, ("SL",)))
    assert full[Outcome.NO_PLACE] == pytest.approx(0.55, abs=0.11)
    assert full[Outcome.NO_HOUSING] == pytest.approx(0.40, abs=0.11)
    before = outcomes(examined({"practices.boards.form_first_share": 0.0}, NO_LODGING, ("SL",)))
    assert Outcome.NO_PLACE not in before
    assert before[Outcome.NO_HOUSING] > 0.8


def test_places_taken_from_semi_liberty_take_from_nobody_else() -> None:
    """Whoever was drawn another form, or none, has the same outcome whether semi-liberty is full or not."""
    roomy, full = examined({}, NO_LODGING, ()), examined({}, NO_LODGING, ("SL",))
    one, other = roomy.rows("decisions"), full.rows("decisions")
    semi = roomy.world.regime_code["SL"]
    assert one["person"].tolist() == other["person"].tolist()
    elsewhere = one["regime"] != semi
    assert (one["outcome"][elsewhere] == other["outcome"][elsewhere]).all()
    assert (other["outcome"][~elsewhere] == Outcome.NO_PLACE).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_without_a_place_is_turned_to_a_tag(share: float) -> None:
    """Of people with a home: none, or all, of the 80 % whose semi-liberty is full."""
    small = examined({"practices.boards.turned_to_tag_share": share}, {}, ("SL",))
    tag = small.world.regime_code["DDSE"]
    found = small.rows("decisions")
    tagged = ((found["outcome"] == Outcome.GRANTED) & (found["regime"] == tag)).mean()
    assert tagged == (1.0 if share else pytest.approx(0.2, abs=0.09))
