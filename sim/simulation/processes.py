"""The processes of a run: who acts, on which days, in which order within a day (decision 0002).

Everything that acts is a SimPy process; people do not run (architecture.md §5.5). Same-day order is in the fractions of a
day of :mod:`sim.institutions.clock`: new texts, census, the month's cohort, what falls due, the weekly plans, sittings,
transfers, committals.

What an institution does to people is compiled (:mod:`sim.engine.compile`); the functions called from here are where
Python ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.dates import first_of_month, first_of_next_month
from sim.engine.compile import entry
from sim.institutions.agenda import (
    AGAIN,
    BOARD,
    BOARD_OF_RIGHT,
    CHAMBER,
    COMMITTAL,
    EFFECT,
    END,
    FILE,
    FURTHER,
    LIST,
    LODGE,
    PROBATION,
    REMISSION,
    TRIAL,
    TURNOVER,
    WITHDRAWAL,
    take_due,
)
from sim.institutions.clock import CENSUS, COHORT, COMMITTALS, DUE, PLANS, SITTINGS, TEXTS, TRANSFERS, wait_until
from sim.institutions.placements import open_week
from sim.pathways.application import consider_file, lodge, lose_counsellor, weekly_plan
from sim.pathways.arrivals import arrive
from sim.pathways.boards import examine, examine_of_right
from sim.pathways.early_release import release_early
from sim.pathways.further_sentences import put_into_execution
from sim.pathways.hearing import go_to_chamber, hold_sitting, list_for_hearing
from sim.pathways.measure import end_probation, serve_next, take_effect, withdraw
from sim.pathways.stay import ask_again, end_of_sentence, reckon_again, review_remission, try_case
from sim.pathways.transfers import move_people
from sim.simulation.census import take_census

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from simpy import Event

    from sim.institutions.state import State
    from sim.institutions.world import World
    from sim.pathways.intake import Intake
    from sim.population.person import Person

    Process = Generator[Event, None, None]

_WEEK = 7


def begin(world: World, intake: Intake, change_days: list[int], on_month: Callable[[int], None] | None) -> None:
    """Start every process of a run; the stock of the first day must be in place."""
    env = world.env
    env.process(texts(world, change_days))
    env.process(months(world, intake, on_month))
    env.process(days(world))
    for weekday in range(_WEEK):
        env.process(plans(weekday, world))
    for site in range(len(world.state.courts)):
        env.process(sittings(site, world))
    env.process(transfers(world))


# ---- what is compiled ------------------------------------------------------------------------------------------------


def apply_morning(state: State) -> None:
    """Apply everything that falls due today but committals, kind by kind, persons by identifier."""
    for step in range(COMMITTAL):
        for slot in take_due(state, step):
            apply(step, state.people[slot], state)


def apply_committals(state: State) -> None:
    """Apply the committals of today, after the day's sittings."""
    for slot in take_due(state, COMMITTAL):
        arrive(state.people[slot], state)


def apply(step: int, person: Person, state: State) -> None:  # noqa: C901, PLR0912 (a table, in the order of the steps)
    """Apply one dated step to one person."""
    if step == END:
        end_of_sentence(person, state)
    elif step == TRIAL:
        try_case(person, state)
    elif step == REMISSION:
        review_remission(person, state)
    elif step == FURTHER:
        put_into_execution(person, state)
    elif step == WITHDRAWAL:
        withdraw(person, state)
    elif step == EFFECT:
        take_effect(person, state)
    elif step == PROBATION:
        end_probation(person, state)
    elif step == AGAIN:
        ask_again(person, state)
    elif step == BOARD:
        examine(person, state)
    elif step == BOARD_OF_RIGHT:
        examine_of_right(person, state)
    elif step == TURNOVER:
        lose_counsellor(person, state)
    elif step == FILE:
        consider_file(person, state)
    elif step == LODGE:
        lodge(person, state)
    elif step == LIST:
        list_for_hearing(person, state)
    elif step == CHAMBER:
        go_to_chamber(person, state)


MORNING, EVENING, WEEK, SITTING, MOVES, NEW_TEXTS = range(6)
"""What an institution does: one compiled function holds them all, for machine code that is made once and not six times."""


@entry(0, 0, on_tables=True)
def act(state: State, what: int, which: int) -> None:
    """Let an institution act: ``which`` is the day of the week of a plan, or the establishment of a sitting."""
    if what == MORNING:
        apply_morning(state)
    elif what == EVENING:
        apply_committals(state)
    elif what == WEEK:
        for site in range(which, len(state.offices), _WEEK):
            weekly_plan(state.offices[site], state)
    elif what == SITTING:
        hold_sitting(state.courts[which], state)
    elif what == NEW_TEXTS:
        reckon_again(state)
    elif what == MOVES:
        release_early(state)
        move_people(state, state.parameters.transfers_per_week)
        open_week(state, state.nation.fraction)
        for pool in range(len(state.pools)):
            serve_next(state.pools[pool], state)


def run(world: World, what: int, which: int = 0) -> None:
    """Call :func:`act`, compiled, on the tables of a run."""
    world.call(act, what, which)


def texts(world: World, change_days: list[int]) -> Process:
    """Put new texts, means and practices in force on their day."""
    for day in change_days:
        yield wait_until(world, day, TEXTS)
        world.day = day
        if world.apply_parameters():
            world.ensure_capacity()
            run(world, NEW_TEXTS)


def months(world: World, intake: Intake, on_month: Callable[[int], None] | None) -> Process:
    """Census at 0 h on the first of each month, then the month's cohort."""
    day = world.start_day
    while day < world.end_day:
        yield wait_until(world, day, CENSUS)
        world.day = day
        world.open_month()
        take_census(world)
        if on_month is not None:
            on_month(day)
        yield wait_until(world, day, COHORT)
        intake.month()
        day = first_of_next_month(day)
    yield wait_until(world, world.end_day, CENSUS)
    world.day = world.end_day
    if first_of_month(world.end_day) == world.end_day:
        take_census(world)


def days(world: World) -> Process:
    """Open each day of the register: what falls due in the morning, committals in the evening."""
    changes = world.pool_change
    for day in range(world.start_day, world.end_day):
        yield wait_until(world, day, DUE)
        world.day = day
        world.count_in_pool(changes[day - world.start_day])
        run(world, MORNING)
        yield wait_until(world, day, COMMITTALS)
        run(world, EVENING)
        world.collect()


def plans(weekday: int, world: World) -> Process:
    """Carry out the weekly plans; offices are spread over the week."""
    for day in range(world.start_day + weekday, world.end_day, _WEEK):
        yield wait_until(world, day, PLANS)
        world.day = day
        run(world, WEEK, weekday)


def sittings(site: int, world: World) -> Process:
    """Sittings of a court; the interval follows its volume."""
    courts: Any = world.state.courts
    interval = courts["interval"]  # a column, not the record: 0.1 µs against 2.5, at each sitting
    day = world.start_day + int(courts[site].board_offset % interval[site])
    while day < world.end_day:
        yield wait_until(world, day, SITTINGS)
        world.day = day
        run(world, SITTING, site)
        day += int(interval[site])


def transfers(world: World) -> Process:
    """Move people once a week where places are free."""
    for day in range(world.start_day, world.end_day, _WEEK):
        yield wait_until(world, day, TRANSFERS)
        world.day = day
        run(world, MOVES)
