"""Convicted and free: the line before the enforcement judge (art. 723-15), from the conviction to the measure or the cell.

A free convict is summoned before the judge and before the probation service of the open setting, whose survey takes longer
where its counsellors follow more people; may then be heard; and is heard by the same judges as those in prison. What those
judges usually hear is what comes at the usual wait: whoever is due on a day is heard on it. What extra judges hear (or what a
deadline kept in prisons takes away) moves the line: the next are taken by the day they were due, or wait on. Some who wait
longer no longer come, and some who wait less come: the sentence of whoever does not is put into execution.

The line is small rows outside the table of people, who get a row there when they come under committal. It moves once a month,
day by day: means are those of the first of the month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.dates import DAYS_PER_MONTH, DAYS_PER_YEAR, first_of_next_month
from sim.engine.record import joined, taken
from sim.pathways.probation import CONVERTED, ENFORCED, NOBODY, outcome_elsewhere
from sim.population.attributes import Stream, choose
from sim.population.entrants import NOT_COMMITTED, POOL_OUTCOMES, Cohort, Entrants
from sim.population.person import ATTRIBUTES, PERSON
from sim.scenario.effects_of_changes import without_changes as scenario_without_changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.world import World
    from sim.pathways.probation import Probation
    from sim.population.entrants import FreeConvicts

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_LAPSED, _ENFORCED = POOL_OUTCOMES.index("lapsed"), ENFORCED
_NOT_COMMITTED = [POOL_OUTCOMES.index(name) for name in NOT_COMMITTED]
_FILE = np.dtype(
    [("id", "i8"), ("since", "i4"), ("due", "i4"), ("ready", "i4"), ("outcome", "i1"), ("usual", "i1")]
    + [(name, PERSON[name]) for name in ATTRIBUTES]
)
"""One who waits for the judge; ``usual``: the outcome in the world without the changes of the scenario."""
_LAPSING = np.dtype([("since", "i4"), ("due", "i4")])
"""One who is never reached: no hearing is taken, nobody comes."""
_DEMAND = ("flows.committals.free_convict", "flows.pool.outcome", "flows.pool.delay_days", "flows.pool.delay_variation")
"""What the number of free convicts to hear depends on."""


class Decided(NamedTuple):
    """Free convicts decided on in a month."""

    cohort: Cohort
    """Those who come under committal, ``days`` being that of the decision."""
    outcome: Ints
    """What was decided about them (a measure, or ``enforced``): position in :data:`POOL_OUTCOMES`."""


class LineOfFreeConvicts:
    """Everybody convicted free who waits for the judge, in the order they are due."""

    __slots__ = ("entrants", "files", "lapsing", "own_due", "probation", "slots_left", "usual_due", "world")

    def __init__(self, world: World, entrants: Entrants, probation: Probation) -> None:
        self.world = world
        self.probation = probation
        self.entrants = entrants
        self.files = np.zeros(0, dtype=_FILE)
        self.lapsing = np.zeros(0, dtype=_LAPSING)
        days = world.end_day - world.start_day + 1
        self.own_due: Floats = np.zeros(days)
        """People to hear on each day of the run, if everybody waits as usual."""
        self.usual_due: Floats = np.zeros(days)
        """The same in the world without the changes of the scenario."""
        self.slots_left = 0.0
        """Hearings not used yet; below 0, hearings that are missing."""

    def found(self, people: Cohort, files: FreeConvicts) -> None:
        """Put those found waiting on the first day in line."""
        self.world.count_in_pool(len(files.ids))  # before the census of that day
        for due in (self.own_due, self.usual_due):
            self._expect(due, files)
        if len(files.ids):
            self._join(files, people.drawn, files.outcome)

    def month(self, first_day: int) -> None:
        """Put those convicted in a month in line; of the first month, those not decided before the run."""
        files = self.entrants.free_convicts(first_day)
        files = files.take(files.due >= self.world.day)
        others = without_changes(self.entrants, _DEMAND)
        usual = files if others is None else others.free_convicts(first_day)
        self._expect(self.own_due, files)
        self._expect(self.usual_due, usual.take(usual.due >= self.world.day))
        self.world.free_convicts.add(came=len(files.ids))
        self._count(files.since, 1)
        heard = files.take(files.outcome != _LAPSED)
        stream = np.full(len(heard.ids), int(Stream.FREE_CONVICT))
        drawn = self.entrants.columns(heard.ids, heard.due, stream, first_day)
        if others is None:
            self._join(files, drawn, files.outcome)
            return
        self._join(files, drawn, outcome_elsewhere(files.ids, usual.ids, usual.outcome))
        own = outcome_elsewhere(usual.ids, files.ids, files.outcome)
        gone = (usual.outcome == CONVERTED) & ((own == NOBODY) | (own == _LAPSED))  # others are told when the judge decides
        usual, own = usual.take(gone), own[gone]
        stream = np.full(len(usual.ids), int(Stream.FREE_CONVICT))
        drawn = self.entrants.columns(usual.ids, usual.due, stream, first_day)
        self.probation.spared(Cohort(usual.ids, usual.due, stream, drawn), own)

    def judge(self) -> Decided:
        """Hear those whose turn comes from today to the end of the month."""
        world, counts = self.world, self.world.free_convicts
        today, until = world.day, min(first_of_next_month(world.day), world.end_day)
        gone = self.lapsing["due"] < until
        counts.add(lapsed=gone.sum(), wait_days=(self.lapsing["due"] - self.lapsing["since"])[gone].sum(dtype=np.int64))
        self._count(self.lapsing["due"][gone], -1)
        self.lapsing = self.lapsing[~gone]

        days = self._hear(today, until)
        heard = days >= 0
        files, days = taken(self.files, heard), days[heard]
        self.files = taken(self.files, ~heard)
        outcome = self._outcomes(files, days)
        counts.add(
            heard=len(files),
            converted=(outcome == POOL_OUTCOMES.index("converted")).sum(),
            enforced=(outcome == _ENFORCED).sum(),
            measures=(~np.isin(outcome, [*_NOT_COMMITTED, _ENFORCED])).sum(),
            wait_days=(days - files["since"]).sum(dtype=np.int64),
            waited_days=(days - files["since"]).sum(dtype=np.int64),
        )
        self._count(days, -1)
        self._probation(files, days, outcome)
        comes = ~np.isin(outcome, _NOT_COMMITTED)
        files, days = taken(files, comes), days[comes]
        drawn = {name: files[name] for name in ATTRIBUTES}
        cohort = Cohort(files["id"].copy(), days, np.full(len(files), int(Stream.FREE_CONVICT)), drawn)
        return Decided(cohort, outcome[comes])

    def _probation(self, files: NDArray[Any], days: Ints, outcome: Ints) -> None:
        """Put those whose sentence is converted on probation, and take off what those of the other world would have done.

        The worlds differ by what is drawn for people. Who comes no more, or comes after all, for waiting longer or less, would
        in the other world too: its line is not lived.
        """
        usual, drawn = files["usual"].astype(np.int64), files["outcome"].astype(np.int64)
        here, there = outcome == CONVERTED, (usual == CONVERTED) & (outcome != CONVERTED) & (drawn != CONVERTED)
        if here.any():
            self.probation.begin(_cohort(files, days, here), np.where(drawn == CONVERTED, usual, CONVERTED)[here])
        if there.any():
            self.probation.spared(_cohort(files, days, there), outcome[there])

    def _join(self, files: FreeConvicts, drawn: dict[str, NDArray[Any]], usual: Ints) -> None:
        """Take a place in the line. ``drawn``: attributes of all of them, or of those to be heard."""
        lapses = files.outcome == _LAPSED
        gone = np.zeros(int(lapses.sum()), dtype=_LAPSING)
        gone["since"], gone["due"] = files.since[lapses], files.due[lapses]
        self.lapsing = np.concatenate((self.lapsing, gone))
        heard = files.take(~lapses)
        rows = np.zeros(len(heard.ids), dtype=_FILE)
        rows["id"], rows["since"], rows["due"], rows["outcome"] = heard.ids, heard.since, heard.due, heard.outcome
        rows["usual"] = usual[~lapses]
        rows["ready"] = heard.since + 1 + (heard.summoned * self.world.survey_load()).astype(np.int64)
        for name in ATTRIBUTES:
            rows[name] = drawn[name][~lapses] if len(drawn[name]) == len(lapses) else drawn[name]
        rows = joined(self.files, rows)
        self.files = taken(rows, np.lexsort((rows["id"], rows["due"])))

    def _hear(self, today: int, until: int) -> Ints:
        """Day each of the line is heard on, -1 if not before ``until``."""
        slots = self._slots(today, until)
        most = slots.sum()
        heard = np.full(len(self.files), -1, dtype=np.int64)
        ready = np.ascontiguousarray(self.files["ready"])
        first = 0
        for day, number in zip(range(today, until), slots.tolist(), strict=True):
            self.slots_left += number
            taken = int(self.slots_left)
            if taken < 1:
                continue
            turn = _next_ready(heard, ready, first, day, taken)
            heard[turn] = day
            while first < len(heard) and heard[first] >= 0:
                first += 1
            # What nobody was ready for is not lost at once: sittings of the month take them.
            self.slots_left = min(self.slots_left - len(turn), max(most, 1.0))
        return heard

    def _slots(self, today: int, until: int) -> Floats:
        """Hearings of free convicts on each day, of this sample."""
        world = self.world
        scenario, days = world.scenario, slice(today - world.start_day, until - world.start_day)
        follow = scenario.number("means.enforcement_courts.free_convicts_follow", today)
        usual = self.own_due[days] if follow == 1 else follow * self.own_due[days] + (1 - follow) * self.usual_due[days]
        more = world.extra_free_slots * world.fraction / DAYS_PER_YEAR * world.state.nation.season
        taken = scenario.number("means.enforcement_courts.deadline_from_free_convicts", today) * world.beyond_slots
        return np.asarray(usual + (more - taken / (until - today)))

    def _outcomes(self, files: NDArray[Any], days: Ints) -> Ints:
        """What becomes of those heard: as if they had waited as usual, but for who comes no more, or comes after all."""
        outcome = files["outcome"].astype(np.int64)
        scenario, day = self.world.scenario, self.world.day
        rate = scenario.number("flows.pool.absent_per_month", day)
        later = (days - files["due"]) / DAYS_PER_MONTH
        if rate <= 0 or not later.any():
            self.world.free_convicts.add(absent=self._absent(files, outcome).sum())
            return outcome
        moved = self.entrants.draws.uniform("pool.absent.moved", files["id"]) < 1.0 - np.exp(-rate * np.abs(later))
        absent = self._absent(files, outcome)
        comes = absent & (later < 0) & moved
        lost = (outcome != _ENFORCED) & (later > 0) & moved
        table = dict(scenario.table("flows.pool.outcome", day))
        table["lapsed"] = table["enforced"] = 0.0
        if any(table.values()):
            outcome[comes] = choose(self.entrants.draws.uniform("pool.outcome.come", files["id"][comes]), table, POOL_OUTCOMES)
        else:
            comes[:] = False
        outcome[lost] = _ENFORCED
        self.world.free_convicts.add(absent=((absent & ~comes) | lost).sum())
        return outcome

    def _absent(self, files: NDArray[Any], outcome: Ints) -> NDArray[np.bool_]:
        """Who does not come to the hearing, of those whose sentence is put into execution."""
        share = self.world.scenario.number("flows.pool.absent_share", self.world.day)
        absent: NDArray[np.bool_] = (outcome == _ENFORCED) & (self.entrants.draws.uniform("pool.absent", files["id"]) < share)
        return absent

    def _expect(self, due: Floats, files: FreeConvicts) -> None:
        """Count whom judges usually hear on each day of the run."""
        days = files.due[files.outcome != _LAPSED] - self.world.start_day
        due += np.bincount(days[(days >= 0) & (days < len(due))], minlength=len(due))

    def _count(self, days: Ints, change: int) -> None:
        """Count who joins or leaves the line on each day of the run."""
        changes = self.world.pool_change
        index = np.clip(days - self.world.start_day, 0, len(changes) - 1)
        for day, people in zip(*(counted.tolist() for counted in np.unique(index, return_counts=True)), strict=True):
            changes[day] += change * people


def _cohort(files: NDArray[Any], days: Ints, chosen: NDArray[np.bool_]) -> Cohort:
    """Some of the people decided on, as they are drawn."""
    rows = taken(files, chosen)
    drawn = {name: rows[name] for name in ATTRIBUTES}
    return Cohort(rows["id"].copy(), days[chosen], np.full(len(rows), int(Stream.FREE_CONVICT)), drawn)


def _next_ready(heard: Ints, ready: Ints, first: int, day: int, number: int) -> Ints:
    """Places in line of the next so many who are not heard yet and may be today; nobody before ``first`` waits still."""
    size = number + 64
    while True:  # nearly always the first of the line: the others are not looked at
        there = slice(first, first + size)
        turn = first + np.flatnonzero((heard[there] < 0) & (ready[there] <= day))[:number]
        if len(turn) == number or first + size >= len(heard):
            return turn
        size *= 4


def without_changes(entrants: Entrants, paths: tuple[str, ...]) -> Entrants | None:
    """Return whoever would come in the world before the changes of the scenario; None if these paths are not changed."""
    before = scenario_without_changes(entrants.scenario, paths)
    return None if before is None else Entrants(before, entrants.draws, (entrants.home_shares, entrants.home_quarters))
