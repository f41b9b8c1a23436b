"""Who is served first, a deadline that is kept, and measures from liberty that wait for a place."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.institutions.enforcement_court import list_request, take_sitting
from sim.institutions.order_of_service import Order, in_order
from sim.institutions.probation_service import share_hours, start_file, stop_file, work_in_order, work_left
from sim.population.person import FileState
from sim.records.codes import Status
from sim.scenario.checking_changes import check_changes
from tests.worlds import bare_system, run, scenario

ENDS = (500, 100, 300, 200)


def ready(number: int = 4) -> tuple[Any, Any]:
    """People who came in the order of their slots, with these ends, and openings the other way round."""
    state, people = bare_system(number)
    people.end_day[:] = np.resize(ENDS, number)
    people.eligible_day[:] = -people.end_day
    people.eligible_day[:] += 1_000
    return state, people


@pytest.mark.parametrize(
    ("order", "expected"),
    [(Order.FIRST_COME, [0, 1, 2, 3]), (Order.NEAREST_END, [1, 3, 2, 0]), (Order.NEAREST_OPENING, [0, 2, 3, 1])],
)
def test_whom_an_order_takes_first(order: Order, expected: list[int]) -> None:
    state, people = ready()
    assert in_order(state, people.slot.astype(np.int64), order).tolist() == people.slot[expected].tolist()


@pytest.mark.parametrize(("order", "expected"), [(Order.FIRST_COME, [0, 1]), (Order.NEAREST_END, [1, 3])])
def test_a_sitting_hears_in_order_and_those_put_off_first(order: Order, expected: list[int]) -> None:
    """Two slots: the two first come, or the two who leave soonest; whoever was promised a day is heard whatever is left."""
    state, people = ready()
    court = state.courts[0]
    court.per_day, court.interval, court.notice, court.credit = 2.0, 1, 0, 0.0
    nation: Any = state.nation
    nation.season = 1.0
    for person in people:
        list_request(state, court, person)
    assert take_sitting(state, court, -1, order).tolist() == people.slot[expected].tolist()
    late = next(person for person in people if person.slot not in people.slot[expected])
    late.adjourned = True
    list_request(state, court, late)
    assert int(take_sitting(state, court, -1, order)[0]) == late.slot


def test_hours_go_to_the_nearest_end_first_and_are_all_counted() -> None:
    """Five hours, two at most on a file that needs three: 2, 2 and 1 to those who leave soonest, none to the last."""
    state, people = ready()
    office = state.offices[0]
    for person in people:
        person.site, person.needed = 0, 3.0
        start_file(state, person, 3.0, 0)
    before = office.hours_used
    assert len(work_in_order(state, office, 5.0, 2.0, Order.NEAREST_END)) == 0
    left = [float(state.files[person.file_place].until - office.progress) for person in people]
    assert left == pytest.approx([3.0, 1.0, 2.0, 1.0])
    assert office.hours_used - before == pytest.approx(5.0)
    done = work_in_order(state, office, 2.0, 2.0, Order.NEAREST_END)
    assert done.tolist() == [people[1].slot, people[3].slot]
    assert people[1].hours == pytest.approx(3.0)
    assert people[1].file == FileState.READY


def test_a_file_begun_early_has_the_hours_that_the_others_leave() -> None:
    """Three files due, one ahead: nothing for it while they need all, then what is left, its share once its day is there."""
    state, people = ready()
    office, nation = state.offices[0], cast("Any", state.nation)
    for number, person in enumerate(people):
        person.site, person.needed = 0, 6.0
        start_file(state, person, 6.0, nation.day + (21 if number == 3 else 0))
    assert office.ahead == 1

    def left() -> list[float]:
        return [work_left(state, person) if person.file == FileState.OPEN else 0.0 for person in people]

    spent = office.hours_used
    share_hours(state, office, 6.0, 3.0)  # two each for the three
    assert left() == pytest.approx([4.0, 4.0, 4.0, 6.0])
    share_hours(state, office, 10.0, 3.0)  # three each, no more; one is left
    assert left() == pytest.approx([1.0, 1.0, 1.0, 5.0])
    nation.day += 21
    share_hours(state, office, 2.0, 3.0)  # it is one of four
    assert office.ahead == 0
    assert left() == pytest.approx([0.5, 0.5, 0.5, 4.5])
    share_hours(state, office, 10.0, 3.0)
    assert [person.file for person in people] == [FileState.READY, FileState.READY, FileState.READY, FileState.OPEN]
    assert left() == pytest.approx([0.0, 0.0, 0.0, 1.5])
    assert office.hours_used - spent == pytest.approx(6.0 + 10.0 + 2.0 + 4.5)
    assert people[3].hours == 0.0
    stop_file(state, people[3])
    assert [person.hours for person in people] == pytest.approx([6.0, 6.0, 6.0, 4.5]), "each is told its own hours"


def test_services_look_so_far_ahead() -> None:
    """Files are ahead while what they ask for opens in more than ``first_days``; none is where services look ahead for ever."""

    def ahead(days: int) -> tuple[int, int]:
        state = run(scenario(overrides={"practices.files.first_days": days}, end="2022-07-01")).state
        rows = [state.files[o.first_file + place] for o in state.offices for place in range(o.active)]
        assert [sum(1 for row in rows if row.ahead)] == [int(state.offices.ahead.sum())]
        return int(state.offices.ahead.sum()), len(rows)

    (many, files), (none, _) = ahead(30), ahead(100_000)
    assert 0 < many < files
    assert none == 0


def test_a_file_ahead_alone_is_finished_by_hours_nobody_else_wants() -> None:
    state, people = ready()
    office, nation = state.offices[0], cast("Any", state.nation)
    people[0].site, people[0].needed = 0, 4.0
    start_file(state, people[0], 4.0, nation.day + 200)
    assert share_hours(state, office, 100.0, 2.5).tolist() == []
    assert share_hours(state, office, 100.0, 2.5).tolist() == [people[0].slot]
    assert (office.ahead, office.active, people[0].hours) == (0, 0, pytest.approx(4.0))


@pytest.mark.parametrize("value", [0.5, 3, -1])
def test_an_order_is_one_of_three(value: float) -> None:
    with pytest.raises(ScenarioError, match="nearest_end"):
        scenario(overrides={"practices.hearings.order": value})


def test_an_order_is_written_in_words() -> None:
    path = "practices.hearings.order"
    read = scenario(f"changes:\n  - {{on: 2022-09-01, set: {path}, to: nearest_end}}\n")
    assert [read.number(path, day) for day in (read.start_day, read.end_day)] == [Order.FIRST_COME, Order.NEAREST_END]
    (line,) = check_changes(read, "en")
    assert (line.before, line.after) == ("first_come", "nearest_end")
    with pytest.raises(ScenarioError, match="expected one of first_come, nearest_end, nearest_opening, met 'shortest'"):
        scenario(f"changes:\n  - {{on: 2022-09-01, set: {path}, to: shortest}}\n")


FEW = {"means.enforcement_courts.hearing_slots": 4_000.0, "practices.hearings.adjourned_share": 0.2}
SMALL = {"start": "2022-01-01", "end": "2024-06-01", "fraction": 0.01}


def test_a_deadline_is_kept_whoever_is_put_off() -> None:
    """Few sittings and many put off: within 120 days of the request all the same, and the extra hearings are counted."""
    worlds = {}
    for longest in (100_000, 120):
        world = run(scenario(overrides=FEW | {"means.enforcement_courts.longest_wait_days": longest}, **SMALL))
        found = world.tables["decisions"]
        heard = found[(found["quality"] >= 0) & (found["requested_day"] >= world.scenario.start_day)]
        worlds[longest] = (world, (heard["day"] - heard["requested_day"]))
    waits = worlds[120][1]
    assert (worlds[100_000][1] > 120).mean() > 0.3
    assert len(waits) > 100
    assert (waits > 120).sum() == 0
    slots = {longest: world.tables["services"]["slots"].sum() for longest, (world, _) in worlds.items()}
    held = {longest: world.tables["services"]["heard"].sum() for longest, (world, _) in worlds.items()}
    assert slots[120] > slots[100_000]
    assert held[120] > held[100_000]


@pytest.mark.parametrize("scarce", ["means.placements.devices", "means.placements.fittings_a_week"])
def test_nobody_vanishes_when_tags_are_cut(scarce: str) -> None:
    """Every measure from liberty that was due has begun or waits on the list, to the person; nobody is put off elsewhere."""
    usual = run(scenario(**SMALL))
    value = usual.scenario.number(scarce, usual.scenario.start_day)
    world = run(scenario(overrides={scarce: value * (0.5 if scarce.endswith("devices") else 0.1)}, **SMALL))
    due, begun, waiting = {}, {}, {}
    for name, each in (("usual", usual), ("cut", world)):
        people = each.people
        home = people[people.home_stay]
        waits = home.waiting_place & (home.status == Status.AT_LIBERTY)
        waiting[name] = int(waits.sum())
        # The month under way is not in the census yet.
        begun[name] = int(each.tables["flows"]["home_starts"].sum()) + int(each.state.nation.home_starts)
        to_come = (home.status == Status.AT_LIBERTY) & ~home.waiting_place
        due[name] = begun[name] + waiting[name] + int(to_come.sum())
    assert due["usual"] == due["cut"]
    assert waiting["usual"] < 0.05 * begun["usual"]
    assert waiting["cut"] > 0.1 * begun["usual"]
    assert begun["cut"] + waiting["cut"] == pytest.approx(begun["usual"] + waiting["usual"], abs=3)


def test_whoever_waits_at_liberty_longer_than_is_borne_is_tagged() -> None:
    """Without any external placement: at liberty as long as the judge waits, then on a tag."""
    waiting, tags = {}, {}
    for days in (28, 3_650):
        without = {"means.placements.external_places": 0, "practices.placements.patience_days": days}
        people = run(scenario(overrides=without, **SMALL)).people
        home = people[people.home_stay]
        waiting[days] = int((home.waiting_place & (home.status == Status.AT_LIBERTY)).sum())
        tags[days] = int((home.status == Status.MEASURE_OUTSIDE).sum())
    assert waiting[3_650] > waiting[28] + 2
    assert tags[28] > tags[3_650]
