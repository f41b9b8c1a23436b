"""The line of free convicts (723-15): known answers, Little's law, accounting to the person, and what judges change."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from sim.dates import first_of_next_month, parse_day
from sim.institutions.world import World
from sim.pathways.free_convicts import LineOfFreeConvicts, without_changes
from sim.pathways.probation import Probation
from sim.population.attributes import Stream
from sim.population.entrants import NOT_COMMITTED, POOL_OUTCOMES, Cohort, Entrants, FreeConvicts
from sim.population.person import ATTRIBUTES, PERSON
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.tables import Records
from sim.simulation.run import assemble, codebook, geography, home_shares, paused_garbage_collection
from tests.worlds import run, scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

COURTS = "means.enforcement_courts"
DDSE, CONVERTED, LAPSED, ENFORCED = (POOL_OUTCOMES.index(name) for name in ("DDSE", "converted", "lapsed", "enforced"))
TO_FREE = {f"{COURTS}.extra_judges_share": {"prisons": 0.0, "free_convicts": 1.0, "open_setting": 0.0}}
SMALL: Mapping[str, Any] = {"start": "2022-01-01", "end": "2024-06-01", "fraction": 0.01}


# ---- the line alone ----------------------------------------------------------------------------------------------------


def line(overrides: Mapping[str, Any] | None = None) -> LineOfFreeConvicts:
    """Return an empty line in an empty country on the first day of a month of 31 days."""
    chosen = scenario(overrides={"means.open_setting.survey_power": 0.0, **(overrides or {})}, fraction=1.0)
    draws = Draws(1, 0)
    world = World(chosen, draws, Records(codebook(geography())), geography(), sampled_returns(chosen))
    world.state.nation.season = 1.0
    entrants = Entrants(chosen, draws, home_shares(geography()))
    return LineOfFreeConvicts(world, entrants, Probation(world, entrants))


def join(waiting: LineOfFreeConvicts, due: list[int], outcome: int = DDSE, *, since: int = -200, summoned: int = 100) -> None:
    """Put people in line, due so many days after the first day, and let judges expect none of them."""
    start = waiting.world.start_day
    number = len(due)
    ids = np.arange(number) + len(waiting.files)
    files = FreeConvicts(
        ids,
        np.full(number, start + since),
        start + np.array(due),
        np.full(number, summoned),
        np.full(number, outcome),
    )
    drawn = {name: np.zeros(number, dtype=PERSON[name]) for name in ATTRIBUTES}
    waiting.found(Cohort(ids, files.since, np.full(number, int(Stream.FREE_CONVICT)), drawn), files)


def nobody_expected(waiting: LineOfFreeConvicts) -> None:
    """Leave judges no hearing of free convicts but those the test gives."""
    waiting.own_due[:] = waiting.usual_due[:] = 0.0


def test_those_due_are_heard_on_their_day() -> None:
    """Judges hear what usually comes: five people, each on the day due; two of the next month wait."""
    waiting = line()
    join(waiting, [3, 3, 7, 30, 12, 31, 50])
    decided = waiting.judge()
    assert sorted((decided.cohort.days - waiting.world.day).tolist()) == [3, 3, 7, 12, 30]
    assert (waiting.files["due"] - waiting.world.day).tolist() == [31, 50]
    assert waiting.world.free_convicts.take()["heard"] == 5


def test_one_hearing_a_day_takes_them_in_the_order_they_are_due() -> None:
    """Nobody is expected, one hearing a day is given: the first due today, the second tomorrow, and so on."""
    waiting = line()
    join(waiting, [40, 10, 30, 20])
    nobody_expected(waiting)
    waiting.world.extra_free_slots = 365.25
    decided = waiting.judge()
    by_day = decided.cohort.ids[np.argsort(decided.cohort.days)]
    assert by_day.tolist() == [1, 3, 2, 0]
    assert sorted((decided.cohort.days - waiting.world.day).tolist()) == [0, 1, 2, 3]


def test_nobody_is_heard_before_the_summons() -> None:
    """Two hundred days since the conviction, two hundred and ten to the survey: heard eleven days from now at the soonest."""
    waiting = line()
    join(waiting, [25], summoned=210)
    nobody_expected(waiting)
    waiting.world.extra_free_slots = 10 * 365.25
    assert (waiting.judge().cohort.days - waiting.world.day).tolist() == [11]


def test_hearings_that_are_missing_are_made_up_for() -> None:
    """Ten due and ten hearings fewer in the month: nobody is heard; the month after, none too many."""
    waiting = line()
    join(waiting, list(range(10, 20)))
    waiting.world.beyond_slots = 10
    waiting.world.scenario = waiting.entrants.scenario = scenario(
        overrides={"means.open_setting.survey_power": 0.0, f"{COURTS}.deadline_from_free_convicts": 1.0}, fraction=1.0
    )
    heard = waiting.judge().cohort.days - waiting.world.day
    # A hearing due on each of days 10 to 19, less 10/31 a day: day d has had d - 9 - (d + 1) × 10 / 31, and the rest is owed.
    assert sorted(heard.tolist()) == [16, 17, 19]
    assert len(waiting.files) == 7
    assert waiting.slots_left == pytest.approx(-3.0)


def test_who_lapses_takes_no_hearing() -> None:
    waiting = line()
    join(waiting, [5, 6], LAPSED)
    join(waiting, [40])
    decided = waiting.judge()
    counts = waiting.world.free_convicts.take()
    assert len(decided.cohort.ids) == 0
    assert (counts["lapsed"], counts["heard"], len(waiting.files)) == (2, 0, 1)


def lives(days: int, rate: float, outcome: int) -> Any:
    """What becomes of 400 people heard so many days after they were due (before, if below 0)."""
    waiting = line({"flows.pool.absent_per_month": rate})
    number = 400
    join(waiting, [20] * number, outcome)
    files = waiting.files
    return waiting._outcomes(files, files["due"].astype(np.int64) + days)


def test_some_who_wait_longer_no_longer_come() -> None:
    """Ten months more at 5 % a month: 39 % of them go to prison instead, and nobody who waited as usual."""
    assert (lives(0, 0.05, DDSE) == DDSE).all()
    assert (lives(304, 0.0, DDSE) == DDSE).all()
    lost = (lives(304, 0.05, DDSE) == ENFORCED).mean()
    assert lost == pytest.approx(1 - np.exp(-0.05 * 304 / 30.4375), abs=0.06)
    assert set(lives(304, 0.05, CONVERTED).tolist()) == {CONVERTED, ENFORCED}


def test_some_who_wait_less_come_after_all() -> None:
    """Ten months less at 5 % a month: 39 % of the absent, who are half of the enforced, get what the judge gives to others."""
    found = lives(-304, 0.05, ENFORCED)
    assert (found != ENFORCED).mean() == pytest.approx(0.5 * (1 - np.exp(-0.05 * 304 / 30.4375)), abs=0.05)
    assert LAPSED not in found
    assert len(set(found.tolist())) > 3


# ---- a run -------------------------------------------------------------------------------------------------------------


class Lived(NamedTuple):
    """A run of a small world, and each free convict who left the line in it."""

    world: Any
    tables: dict[str, Any]
    found: int
    """Free convicts waiting on the first day."""
    still: Any
    """Day since which each of those in line at the end is there."""
    ids: Any
    since: Any
    decided: Any
    outcome: Any


@cache
def lived(*overrides: tuple[str, Any], extra: str = "") -> Lived:
    """Live a small world and remember who was decided on, when and how; and who lapsed."""
    given = {path: dict(value) if isinstance(value, tuple) else value for path, value in overrides}
    chosen = scenario(extra, given, **SMALL)
    seen: list[tuple[Any, Any, Any, Any]] = []
    lines: list[LineOfFreeConvicts] = []
    plain_outcomes, plain_judge = LineOfFreeConvicts._outcomes, LineOfFreeConvicts.judge

    def judge(self: LineOfFreeConvicts) -> Any:
        lines[:] = [self]
        gone = self.lapsing[self.lapsing["due"] < min(self.world.end_day, first_of_next_month(self.world.day))]
        seen.append((np.full(len(gone), -1), gone["since"].copy(), gone["due"].copy(), np.full(len(gone), LAPSED)))
        return plain_judge(self)

    def outcomes(self: LineOfFreeConvicts, files: Any, days: Any) -> Any:
        result = plain_outcomes(self, files, days)
        seen.append((files["id"].copy(), files["since"].copy(), days.copy(), result.copy()))
        return result

    with pytest.MonkeyPatch.context() as patch, paused_garbage_collection():
        patch.setattr(LineOfFreeConvicts, "judge", judge)
        patch.setattr(LineOfFreeConvicts, "_outcomes", outcomes)
        world = assemble(chosen, seed=1, replication=0)
        found = int(world.state.nation.pool)
        world.env.run()
    columns = [np.concatenate(column).astype(np.int64) for column in zip(*seen, strict=True)]
    tables = {name: table.array() for name, table in world.records.tables.items()}
    still = np.concatenate((lines[0].files["since"], lines[0].lapsing["since"])).astype(np.int64)
    return Lived(world, tables, found, still, *columns)


LOST = ("flows.pool.absent_per_month", 0.05)


def judges(number: float) -> Lived:
    """The small world with so many judges more, who hear free convicts only; some of these come no more if they wait longer."""
    shares = ((path, tuple(table.items())) for path, table in TO_FREE.items())
    return lived(LOST, (f"{COURTS}.extra_judges", number), *shares)


def test_the_line_is_as_long_as_its_people_wait() -> None:
    """Little's law to the day: lengths of the line by night, from its own count; waits, from people's own dates."""
    for here in (lived(), judges(60), judges(-60)):
        start, end = here.world.start_day, here.world.end_day
        nights = here.found + np.cumsum(here.world.pool_change)[: end - start]
        since = np.concatenate((here.since, here.still))
        until = np.concatenate((here.decided, np.full(len(here.still), end)))
        waits = np.maximum(np.minimum(until, end) - np.maximum(since, start), 0)
        assert nights.min() > 100
        assert nights.sum() == waits.sum()
        flow, wait = (waits > 0).sum() / (end - start), waits.sum() / (waits > 0).sum()
        assert nights.mean() == pytest.approx(flow * wait)


def test_everybody_who_came_is_somewhere() -> None:
    """Found or come, to the person: decided, lapsed or waiting; and each decision is a measure, a conversion or the cell."""
    for here in (lived(), judges(60), judges(-60)):
        told = here.tables["free_convicts"]
        left = np.cumsum(told["heard"] + told["lapsed"])
        # The first row is the first day; those convicted in a month are counted with it, before their day.
        came = here.found + np.cumsum(told["came"])
        assert (told["waiting"][1:] == (came - left)[1:]).all()
        assert (told["heard"] == told["measures"] + told["converted"] + told["enforced"]).all()
        assert (told["absent"] <= told["enforced"]).all()
        assert told["heard"].sum() > 500
        assert len(np.unique(here.ids[here.ids >= 0])) == (here.ids >= 0).sum()
        assert here.tables["flows"]["home_starts"].sum() > 100
        freed = (here.ids >= 0) & np.isin(here.outcome, [POOL_OUTCOMES.index(name) for name in NOT_COMMITTED])
        assert not np.isin(here.ids[freed], here.world.state.people["id"]).any()


def test_more_judges_hear_everybody_sooner_and_fewer_later() -> None:
    """The same people in every world: with more judges nobody is later, with fewer nobody sooner; waits move by months."""
    usual, more, fewer = judges(0), judges(60), judges(-60)

    def heard(here: Lived) -> dict[int, int]:
        mine = here.ids >= 0
        return dict(zip(here.ids[mine].tolist(), here.decided[mine].tolist(), strict=True))

    as_usual, sooner, later = heard(usual), heard(more), heard(fewer)
    assert as_usual.keys() <= sooner.keys()
    assert later.keys() <= as_usual.keys()
    assert all(sooner[each] <= day for each, day in as_usual.items())
    assert all(day >= as_usual[each] for each, day in later.items())

    def wait(here: Lived) -> float:
        last = (here.ids >= 0) & (here.decided > here.world.end_day - 365)
        return float((here.decided - here.since)[last].mean())

    assert wait(more) < wait(usual) - 30
    assert wait(fewer) > wait(usual) + 30

    def enforced(here: Lived) -> float:
        """Share of those whom all three worlds have heard."""
        return float((here.outcome == ENFORCED)[np.isin(here.ids, list(later))].mean())

    assert enforced(more) < enforced(usual) < enforced(fewer)


def test_judges_who_follow_nothing_let_the_line_grow() -> None:
    """A fifth more convictions from a day on: the line grows by what is not heard; where hearings follow, it does not wait."""
    more = "changes:\n  - {on: 2022-07-01, scale: flows.committals.free_convict, by: 1.2}\n"
    stay, follow = lived((f"{COURTS}.free_convicts_follow", 0.0), extra=more), lived(extra=more)
    alike = lived((f"{COURTS}.free_convicts_follow", 0.0))

    def last(here: Lived, name: str) -> int:
        return int(here.tables["free_convicts"][name][-12:].sum())

    assert last(stay, "waiting") > last(follow, "waiting")
    assert last(stay, "heard") < last(follow, "heard")
    assert stay.tables["free_convicts"]["came"].tolist() == follow.tables["free_convicts"]["came"].tolist()
    # Nothing changed: whether they follow is the same, to the byte.
    for name, table in lived().tables.items():
        assert table.tobytes() == alike.tables[name].tobytes(), name


def test_without_changes_is_the_world_before() -> None:
    more = "changes:\n  - {on: 2022-07-01, scale: flows.committals.free_convict, by: 1.2}\n"
    changed = Entrants(scenario(more), Draws(1, 0), home_shares(geography()))
    paths = ("flows.committals.free_convict",)
    before = without_changes(changed, paths)
    assert before is not None
    assert before.scenario.number(paths[0], parse_day("2023-01-01")) == pytest.approx(
        changed.scenario.number(paths[0], parse_day("2023-01-01")) / 1.2
    )
    assert without_changes(changed, ("flows.pool.delay_days",)) is None


def test_a_deadline_kept_by_the_same_judges_is_paid_by_free_convicts() -> None:
    """Few hearings in prisons and four months kept: what is held beyond the slots is heard less of free convicts."""
    few = {f"{COURTS}.hearing_slots": 8_000.0, f"{COURTS}.longest_wait_days": 120}
    added, taken = (
        run(scenario(overrides={**few, f"{COURTS}.deadline_from_free_convicts": share}, **SMALL)).tables for share in (0.0, 1.0)
    )
    beyond = sum(int(added[name]["beyond"].sum()) for name in ("services", "panels"))
    assert beyond > 20
    less = int(added["free_convicts"]["heard"].sum() - taken["free_convicts"]["heard"].sum())
    assert less == pytest.approx(sum(int(taken[name]["beyond"].sum()) for name in ("services", "panels")), abs=0.25 * beyond)
    assert taken["free_convicts"]["waiting"][-1] > added["free_convicts"]["waiting"][-1]
