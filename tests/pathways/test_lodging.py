"""Places to live in at the exit: everybody who asks and every place is somewhere, and each means does what it should."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.institutions.lodging import LOTS
from sim.population.person import LodgingStage
from sim.records.codes import Cause, Lodging
from tests.worlds import FinishedRun, run, scenario

SMALL: dict[str, Any] = {"start": "2022-01-01", "end": "2024-12-31", "fraction": 0.03}
L, PLACES = "practices.lodging", "means.lodging"
ON = {f"{L}.asked_share": 0.8, f"{L}.own_share": 0.05}
ROOM = {f"{PLACES}.reserved": 100_000}
"""A place for whoever comes as far as the line."""
STAY = 100


@cache
def world(*changes: tuple[str, float]) -> FinishedRun:
    """A small country where places are asked for, with what a test changes."""
    return run(scenario(overrides={**ON, **dict(changes)}, **SMALL))


def with_(**changes: float) -> FinishedRun:
    """The same by short names: ``reserved=3`` is ``means.lodging.reserved``, others are practices."""
    means = ("places", "reserved")
    return world(*((f"{PLACES if name in means else L}.{name}", value) for name, value in sorted(changes.items())))


def total(of: FinishedRun, move: str) -> int:
    """Movements of the run, the month under way included."""
    lots: Any = of.state.lodgings
    return int(of.tables["lodging"][move].sum()) + int(lots[move].sum())


def monthly(of: FinishedRun, column: str) -> Any:
    """A column of the table by month, whole country."""
    table = of.tables["lodging"]
    _, month = np.unique(table["day"], return_inverse=True)
    return np.bincount(month, weights=table[column])


def left_for(of: FinishedRun, lodging: Lodging) -> Any:
    """Exits of people who go there."""
    exits = of.tables["exits"]
    return exits[exits["lodging"] == lodging]


def nowhere(of: FinishedRun) -> float:
    """Share of the sentenced people who leave with nowhere to go, from the second year on."""
    exits = of.tables["exits"]
    exits = exits[(exits["sentenced"] == 1) & (exits["day"] >= of.world.start_day + 365)]
    return float((exits["lodging"] == Lodging.NOWHERE).mean())


def ledger(of: FinishedRun) -> int:
    """Dry releases whose one cause is the want of a lodging, from the second year on."""
    exits = of.tables["exits"]
    return int(((exits["cause"] == Cause.NO_HOUSING) & (exits["day"] >= of.world.start_day + 365)).sum())


# ---- accounts ----------------------------------------------------------------------------------------------------------


STOCKS = {
    ("to_file",): ("asked", "-filed", "-unwritten"),
    ("with_siao", "waiting"): ("filed", "expired", "-admitted", "-dropped"),
    ("kept",): ("admitted", "-expired", "-returned", "-moved_in"),
    ("lodged",): ("moved_in", "-moved_out"),
}


@pytest.mark.parametrize("changes", [{}, {"reserved": 2000.0}, {"kept_days": 15.0}])
def test_requests_and_places_add_up_every_month(changes: dict[str, float]) -> None:
    """The change of each stock is what moved it, to the person."""
    of = with_(**changes)
    for stock, moves in STOCKS.items():
        there = sum(monthly(of, name) for name in stock)
        moved = sum((-1 if move[0] == "-" else 1) * monthly(of, move.strip("-")) for move in moves)
        assert there.max() > 0, stock
        assert (np.diff(there) == moved[1:]).all(), stock


def test_requests_are_those_of_people() -> None:
    """What lots and lines count is how far people have come, each in one place."""
    of = world()
    stage, lots = of.people["lodging_stage"], of.state.lodgings
    lines, offices = of.state.queues.length, of.state.offices
    assert (stage == LodgingStage.TO_FILE).sum() == lines[offices.lodging_queue].sum()
    assert (stage == LodgingStage.FILED).sum() == lots.filed_with.sum() > 0
    assert (stage == LodgingStage.WAITING).sum() == lines[lots.queue[::LOTS]].sum() > 0
    assert (stage == LodgingStage.KEPT).sum() == lots.kept.sum() > 0


def test_no_place_has_two_people() -> None:
    """People from elsewhere, from prison, and places kept are never more than the places; those reserved are for no rival."""
    for of in (world(), with_(reserved=2000.0)):
        table = of.tables["lodging"]
        taken = table["rivals"] + table["lodged"] + table["kept"]
        assert (taken <= table["places"]).all()
        assert (table["rivals"][table["reserved"] == 1] == 0).all()
        assert table["lodged"].max() > 0


def test_who_leaves_for_a_place_moves_in() -> None:
    """A row of the exits for each place taken, or given back by somebody whom a measure houses."""
    of = world()
    for_a_place = left_for(of, Lodging.PLACE)
    housed_by_the_measure = np.isin(for_a_place["regime"], [of.world.regime_code["SL"], of.world.regime_code["PE"]])
    assert total(of, "moved_in") == (~housed_by_the_measure).sum() > 20
    assert total(of, "returned") >= housed_by_the_measure.sum()


def test_a_place_is_held_for_as_long_as_people_stay() -> None:
    """With stays all alike, whoever has one took it within so many days, and a week at most more: places free on a meeting."""
    of = with_(stay_days=STAY, stay_variation=0.0)
    took = left_for(of, Lodging.PLACE)
    took = took[~np.isin(took["regime"], [of.world.regime_code["SL"], of.world.regime_code["PE"]])]["day"]
    lodged = int(of.state.lodgings.lodged.sum())
    last = of.world.end_day
    assert (took > last - STAY).sum() <= lodged <= (took >= last - STAY - 7).sum()
    assert lodged > 0


def test_who_is_back_in_a_cell_has_given_up_the_place() -> None:
    """Measures withdrawn soon: places are vacated before their time, and nobody in a cell has one taken before."""
    changes = {f"{L}.asked_share": 0.9, **ROOM, "practices.measures.withdrawn": dict.fromkeys(("DDSE", "SL", "PE", "LC"), 0.9)}
    of = run(scenario(overrides=changes, **SMALL))
    assert total(of, "vacated") > 0
    in_cell = of.people[of.people["quarter"] >= 0]
    assert (in_cell["lodging_stage"] != LodgingStage.LODGED).all()
    assert (of.state.lodgings.lodged >= 0).all()


# ---- known answers, and what each means does --------------------------------------------------------------------------


def test_without_places_nobody_has_one() -> None:
    """Requests are made all the same, and wait until the exit."""
    of = with_(places=0.0)
    assert total(of, "asked") > 100
    assert total(of, "admitted") == total(of, "moved_in") == len(left_for(of, Lodging.PLACE)) == 0


def test_hosts_who_take_nobody() -> None:
    """Whoever is proposed is refused, and stays on the line."""
    of = with_(agreed_share=0.0)
    assert total(of, "refused") > 100
    assert total(of, "admitted") == 0


def test_more_places_fewer_people_with_nowhere_to_go() -> None:
    """None, those there are, some reserved, a place for everybody: the share with nowhere to go and the ledger go down."""
    worlds = [with_(places=0.0), world(), with_(reserved=3000.0), world(*ROOM.items())]
    shares = [nowhere(of) for of in worlds]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] > 0.03
    assert ledger(worlds[-1]) < ledger(worlds[0])


def test_reserved_places_help_more_than_as_many_open_to_all() -> None:
    """People from elsewhere take most of the latter."""
    open_to_all, reserved = with_(places=48_000.0), with_(reserved=3000.0)
    assert len(left_for(reserved, Lodging.PLACE)) > len(left_for(open_to_all, Lodging.PLACE)) * 1.3


@pytest.mark.parametrize(
    ("slow", "quick"),
    [({"siao_days": 180.0}, {"siao_days": 10.0}), ({"request_hours": 40.0}, {"request_hours": 2.0})],
    ids=["the SIAO's answer", "hours to write a request"],
)
def test_where_places_do_not_lack_delays_and_hours_do(slow: dict[str, float], quick: dict[str, float]) -> None:
    """A quicker answer, or fewer hours a request, and more people leave for a place."""
    late, soon = with_(**slow, reserved=100_000.0), with_(**quick, reserved=100_000.0)
    assert len(left_for(soon, Lodging.PLACE)) > len(left_for(late, Lodging.PLACE)) * 1.15
    assert nowhere(soon) < nowhere(late)


def test_more_social_workers_write_more_requests() -> None:
    """Their hours, and what is left of them once their own work is done."""
    few = world((f"{L}.request_hours", 12.0))
    many = world((f"{L}.request_hours", 12.0), ("means.support.posts.social_workers", 600.0))
    assert total(many, "filed") > total(few, "filed") * 1.5
    assert total(many, "unwritten") < total(few, "unwritten")


def test_a_place_is_kept_for_a_time_only() -> None:
    """Kept for ever, none is lost; for two weeks, most are, and fewer people leave for one."""
    short, ever = with_(kept_days=15.0), with_(kept_days=20_000.0)
    assert total(ever, "expired") == 0
    assert total(short, "expired") > total(short, "moved_in")


def test_places_that_open_on_a_day_change_nothing_before_it() -> None:
    """And fill from that week on."""
    day = "2023-07-01"
    lines = "changes:\n  - {on: 2023-07-01, set: means.lodging.reserved, to: 3000}\n"
    before, after = world(), run(scenario(lines, overrides=ON, **SMALL))
    opened = int(np.datetime64(day).astype("datetime64[D]").astype(int))
    for name in ("exits", "decisions", "lodging"):
        one, other = (of.tables[name] for of in (before, after))
        assert one[one["day"] < opened].tobytes() == other[other["day"] < opened].tobytes(), name
    lodged = monthly(after, "lodged") - monthly(before, "lodged")
    assert lodged[-1] > 10


def test_a_cut_in_places_drains() -> None:
    """Nobody is put out: places taken away are those that people leave."""
    lines = "changes:\n  - {on: 2023-07-01, set: means.lodging.places, to: 20000}\n"
    of = run(scenario(lines, overrides=ON, **SMALL))
    table = of.tables["lodging"]
    taken = monthly(of, "rivals") + monthly(of, "lodged") + monthly(of, "kept")
    places = monthly(of, "places")
    assert taken[18] > places[18] == pytest.approx(20_000 * SMALL["fraction"], abs=15)
    assert taken[-1] <= places[-1]
    assert table["lodged"].min() >= 0


# ---- searches for a home of one's own ----------------------------------------------------------------------------------


def found(of: FinishedRun) -> int:
    """Exits to a home that a search has found."""
    return len(left_for(of, Lodging.FOUND))


def test_twice_the_pace_is_half_the_search() -> None:
    """To the rounding of days."""
    off = {f"{L}.asked_share": 0.0}
    twice = run(scenario(overrides={**off, f"{L}.search_pace": 2.0}, **SMALL))
    half = run(scenario(overrides={**off, "population.person.lodging_search_days": 210.0}, **SMALL))
    usual = run(scenario(overrides=off, **SMALL))
    assert found(twice) == pytest.approx(found(half), rel=0.01)
    assert found(twice) > found(usual) * 1.3


def test_searches_that_stop_find_nothing() -> None:
    """At no pace at all, nobody finds a home; from a day on, only those who had by then."""
    off = {f"{L}.asked_share": 0.0}
    assert found(run(scenario(overrides={**off, f"{L}.search_pace": 0.0}, **SMALL))) == 0
    lines = f"changes:\n  - {{on: 2023-07-01, set: {L}.search_pace, to: 0}}\n"
    stopped, usual = (run(scenario(text, off, **SMALL)) for text in (lines, ""))
    day = int(np.datetime64("2023-07-01").astype(int))
    exits = [of.tables["exits"] for of in (stopped, usual)]
    assert exits[0][exits[0]["day"] < day].tobytes() == exits[1][exits[1]["day"] < day].tobytes()
    late = left_for(stopped, Lodging.FOUND)
    late = late[late["day"] >= day]
    assert len(late) > 0
    assert (late["committed_day"] < day).all()


def test_a_pace_that_changes_reaches_searches_under_way() -> None:
    """Six months at twice the pace, then the usual one: more homes in those months, and those found stay found."""
    off = {f"{L}.asked_share": 0.0}
    lines = f"changes:\n  - {{on: 2023-01-01, until: 2023-07-01, set: {L}.search_pace, to: 3}}\n"
    quick, usual = (run(scenario(text, off, **SMALL)) for text in (lines, ""))
    first, last = (int(np.datetime64(day).astype(int)) for day in ("2023-01-01", "2023-07-01"))

    def within(of: FinishedRun) -> int:
        homes = left_for(of, Lodging.FOUND)
        return int(((homes["day"] >= first) & (homes["day"] < last)).sum())

    assert within(quick) > within(usual) * 1.2
    assert found(quick) > found(usual)
