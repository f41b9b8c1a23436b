"""What always holds: people add up, nobody leaves too early or too late, lists hold only those who are there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.institutions.queues import QueueKind
from sim.law.calendar import released_on
from sim.population.entrants import FIRST_ENTRANT
from sim.population.person import CounsellorState, FileState
from sim.records.codes import Cause, Movement, Status
from tests.neutral import OFF, PLENTY
from tests.worlds import FinishedRun, run, scenario

worlds = st.builds(
    lambda seed, posts, slots, share, withdrawn: run(
        scenario(
            overrides={
                "means.probation_service.posts": posts,
                "means.enforcement_courts.hearing_slots": slots,
                "practices.remission.share": share,
                "practices.measures.withdrawn": dict.fromkeys(("DDSE", "SL", "PE", "LC"), withdrawn),
            },
            fraction=0.003,
            end="2023-07-01",
        ),
        seed=seed,
        keep_events=True,
    ),
    seed=st.integers(0, 10_000),
    posts=st.sampled_from([0.0, 300.0, 1_000.0, 5_000.0]),
    slots=st.sampled_from([0.0, 8_000.0, 30_000.0, 200_000.0]),
    share=st.floats(0.0, 1.0),
    withdrawn=st.sampled_from([0.0, 0.1, 0.9]),
)


def people_are_where_the_counts_say(world: FinishedRun) -> None:
    """Quarters, caseloads, hearing lists and places count exactly the people who are there."""
    state, people = world.world.state, world.people
    sites = len(state.offices)

    def by_site(mine: np.ndarray) -> list[int]:
        return np.bincount(people.site[mine], minlength=sites).tolist()

    inside = np.bincount(people.quarter[people.quarter >= 0], minlength=len(state.quarters))
    assert (state.quarters.remand + state.quarters.sentenced).tolist() == inside.tolist()
    assert state.offices.held.tolist() == by_site(people.counsellor == CounsellorState.HELD)
    assert state.offices.active.tolist() == by_site(people.file == FileState.OPEN)
    lines = state.queues
    assert lines.length[state.offices.queue].tolist() == by_site(people.counsellor == CounsellorState.WAITING)
    for office in state.offices:
        files = state.files[office.first_file : office.first_file + office.active]
        opened = state.people[files.slot]
        assert (opened.site == office.site).all()
        assert (opened.file == FileState.OPEN).all()
        assert opened.file_place.tolist() == list(range(office.first_file, office.first_file + office.active))
    # Judges by establishment, then courts of three by interregion: a request is on the list it was put on.
    listed = state.links["queue"][people.slot[people.file == FileState.LISTED], QueueKind.HEARING]
    assert lines.length[state.courts.queue].tolist() == np.bincount(listed, minlength=len(lines))[state.courts.queue].tolist()


def places_are_used_by_people_on_the_regime(world: FinishedRun) -> None:
    """A place is held by one person serving the regime, and queues hold nobody who has left."""
    state, people = world.world.state, world.people
    pools = state.pools
    assert len(set(pools.regime.tolist())) == 3
    for regime in set(pools.regime.tolist()):
        mine = pools[pools.regime == regime]
        assert mine.used.sum() == ((people.regime == regime) & (people.status != Status.AT_LIBERTY)).sum()
        assert state.queues.length[mine.queue].sum() == (people.waiting_place & (people.granted_regime == regime)).sum()


def stays_begin_once_and_end_at_most_once(world: FinishedRun) -> None:
    """Every stay has one committal at most and one release at most, in that order, and no exit outside it."""
    events = world.tables["events"]
    key = events["person"].astype(np.int64) * 1_000 + events["stay"]
    for movement in (Movement.COMMITTED, Movement.RELEASED):
        found = key[events["movement"] == movement]
        assert len(found) == len(np.unique(found))
    begun = dict(
        zip(key[events["movement"] == Movement.COMMITTED], events["day"][events["movement"] == Movement.COMMITTED], strict=True)
    )
    for k, day in zip(
        key[events["movement"] == Movement.RELEASED], events["day"][events["movement"] == Movement.RELEASED], strict=True
    ):
        assert begun.get(k, -1) <= day


def nobody_leaves_before_committal_nor_after_the_end(world: FinishedRun) -> None:
    """An exit lies between the committal and the end of the sentence.

    A dry exit is on the day it ends, or the working day before (716-3).
    """
    exits = world.tables["exits"]
    assert (exits["day"] >= exits["committed_day"]).all()
    sentenced = exits[exits["sentenced"] == 1]
    assert (sentenced["day"] <= sentenced["end_day"]).all()
    dry = sentenced[sentenced["regime"] < 0]
    leaves = np.array([released_on(int(day)) for day in dry["end_day"]], dtype=np.int64)
    assert (dry["day"] == leaves).all()


def every_dry_release_has_one_cause(world: FinishedRun) -> None:
    """Dry exits of sentenced people carry a cause, no other exit does: the ledger sums to the dry releases."""
    exits = world.tables["exits"]
    dry = (exits["sentenced"] == 1) & (exits["regime"] < 0)
    assert (exits["cause"][dry] >= 0).all()
    assert (exits["cause"][dry] < len(Cause)).all()
    assert (exits["cause"][~dry] == -1).all()


def stock_moves_by_entries_and_exits(world: FinishedRun) -> None:
    """From one census to the next, the people in prison change by who came in and who went out.

    In: committals to a cell, returns after a withdrawn measure, measures from liberty that sleep inside. Out: exits from
    detention. Measures that sleep inside keep the person among the detained until they end.
    """
    state = world.world.state.nation
    quarters = world.world.state.quarters
    detained = quarters.remand.sum() + quarters.sentenced.sum()
    inside = (world.people.status == Status.MEASURE_INSIDE).sum()
    cells = detained - inside
    first = world.tables["nation"][0]
    flows = world.tables["flows"]
    came = flows["entries"].sum() + flows["recalls"].sum() + state.entries + state.recalls
    went = flows["exits"].sum() + state.exits
    assert cells == first["detained"] - first["inside"] + came - went


ALWAYS = (
    people_are_where_the_counts_say,
    places_are_used_by_people_on_the_regime,
    stays_begin_once_and_end_at_most_once,
    nobody_leaves_before_committal_nor_after_the_end,
    every_dry_release_has_one_cause,
    stock_moves_by_entries_and_exits,
)


@settings(max_examples=settings.default.max_examples // 5)  # eight, twenty at night
@given(worlds)
def test_what_always_holds(world: FinishedRun) -> None:
    """Each of the properties above, in every world drawn: a world costs more than all of them."""
    for holds in ALWAYS:
        holds(world)


def test_more_remission_never_releases_later() -> None:
    """With nothing but the end of the sentence to wait for, more remission never makes anyone leave later."""
    closed = {
        "means.enforcement_courts.hearing_slots": 0.0,
        "practices.boards.examined_with_counsellor": 0.0,
        "practices.boards.examined_without_counsellor": 0.0,
    }

    def released(share: float) -> dict[tuple[int, int], int]:
        world = run(scenario(overrides={**closed, "practices.remission.share": share, "flows.returns.prison_share": 0.0}))
        exits = world.tables["exits"]
        # Entrants: people of the first day whose end had passed get a drawn one (initial stock), in another order.
        exits = exits[(exits["sentenced"] == 1) & (exits["person"] >= FIRST_ENTRANT)]
        return {(p, s): d for p, s, d in zip(exits["person"], exits["stay"], exits["day"], strict=True)}

    low, middle, high = released(0.2), released(0.5), released(0.9)
    for less, more in ((low, middle), (middle, high)):
        both = less.keys() & more.keys()
        assert len(both) > 150
        assert all(more[key] <= less[key] for key in both)
        assert any(more[key] < less[key] for key in both)
        assert less.keys() <= more.keys()


@pytest.mark.parametrize("path", ["flows.committals.fast_track", "flows.committals.free_convict"])
def test_fewer_committals_remove_people_and_leave_the_others(path: str) -> None:
    """A tenth fewer committals removes about a tenth of the persons; those who come are the same, on the same day."""
    extra = f"changes:\n  - {{on: 2022-01-02, scale: {path}, by: 0.9}}\n"
    full = run(scenario(end="2022-12-01"), keep_events=True).tables["events"]
    less = run(scenario(extra, end="2022-12-01"), keep_events=True).tables["events"]

    def committed(events: np.ndarray) -> dict[int, tuple[int, int]]:
        mine = events[(events["movement"] == Movement.COMMITTED) & (events["stay"] == 0)]
        return {p: (d, v) for p, d, v in zip(mine["person"], mine["day"], mine["value"], strict=True)}

    before, after = committed(full), committed(less)
    assert after.keys() < before.keys()
    same = [before[p] == after[p] for p in after]
    # Someone put off for want of a place may come on another day: nobody else.
    assert sum(same) >= len(same) - 2


def test_one_more_person_changes_nobody_else_without_queues() -> None:
    """When nothing is scarce, a flow raised in one stream leaves every other person's life as it was."""
    tied = ("means.open_setting.survey_power", "practices.allocation.fill")
    plenty = {**PLENTY, **{path: OFF[path] for path in tied}}
    extra = "changes:\n  - {on: 2022-01-02, scale: flows.committals.fast_track, by: 1.2}\n"
    before = run(scenario(overrides=plenty, end="2023-01-01")).tables["exits"]
    after = run(scenario(extra, overrides=plenty, end="2023-01-01")).tables["exits"]
    lives = {(r["person"], r["spell"]): r.tobytes() for r in before}
    kept = {(r["person"], r["spell"]): r.tobytes() for r in after}
    assert len(kept) > len(lives)
    changed = [key for key, row in lives.items() if kept.get(key) != row]
    assert changed == []
