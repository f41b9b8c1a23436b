"""The processes of a run: who acts, on which days, in which order within a day (decision 0002).

Everything that acts is a SimPy process; people do not run (architecture.md §5.5). Same-day order is in the fractions of a
day of :mod:`sim.institutions.clock`: new texts, census, the month's cohort, what falls due, the weekly plans, sittings,
transfers, committals.

What an institution does to people is compiled (:mod:`sim.engine.compile`); the functions called from here are where
Python ends.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from sim.dates import first_of_month, first_of_next_month
from sim.engine.compile import entry
from sim.engine.generated import choice
from sim.institutions.agenda import Step
from sim.institutions.clock import CENSUS, COHORT, COMMITTALS, DUE, PLANS, SITTINGS, TEXTS, TRANSFERS, wait_until
from sim.institutions.placements import open_week
from sim.pathways.application import weekly_plan
from sim.pathways.care import treat_everywhere
from sim.pathways.early_release import release_early
from sim.pathways.hearing import hold_sitting
from sim.pathways.lodging import give_places
from sim.pathways.measure import serve_next
from sim.pathways.prisons_moved import move_between_prisons
from sim.pathways.stay import reckon_again
from sim.pathways.steps import apply_due
from sim.pathways.transfers import move_people
from sim.pathways.work import hire_everywhere
from sim.simulation.census import take_census

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from simpy import Event

    from sim.institutions.state import State
    from sim.institutions.world import World
    from sim.pathways.intake import Intake

    Process = Generator[Event, None, None]

_WEEK = 7
_MORNING = tuple(step for step in Step if step != Step.COMMITTAL)
"""Steps applied in the morning, in the order of a day."""


def start_processes(world: World, intake: Intake, change_days: list[int], on_month: Callable[[int], None] | None) -> None:
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


class Action(IntEnum):
    """What an institution does to people, in the order of a day."""

    NEW_TEXTS = 0
    """A new text is in force: dates are reckoned again."""
    MORNING = 1
    """What falls due but committals."""
    PLANS = 2
    """Weekly plans of the offices of a weekday."""
    SITTING = 3
    """Sitting of a court."""
    TRANSFERS = 4
    """What is done once a week: early releases, transfers, fittings, places that are free."""
    COMMITTALS = 5
    """Committals."""


def apply_morning(state: State) -> None:
    """Apply everything that falls due today but committals, kind by kind, persons by identifier."""
    for step in _MORNING:
        apply_due(state, step)


def carry_out_plans(state: State, weekday: int) -> None:
    """Carry out the weekly plans of the offices whose day it is."""
    for site in range(weekday, len(state.offices), _WEEK):
        weekly_plan(state.offices[site], state)


def hold_sitting_of(state: State, court: int) -> None:
    """Hold the sitting of a court."""
    hold_sitting(state.courts[court], state)


def open_places(state: State) -> None:
    """Release early, move people, give the week's fittings, and the free places to those who wait."""
    release_early(state)
    move_people(state, -1.0)
    move_between_prisons(state)
    open_week(state, state.nation.fraction)
    for pool in range(len(state.pools)):
        serve_next(state.pools[pool], state)
    give_places(state)
    hire_everywhere(state)
    treat_everywhere(state)


def apply_committals(state: State) -> None:
    """Apply the committals of today, after the day's sittings."""
    apply_due(state, Step.COMMITTAL)


ACTIONS: Mapping[Action, Callable[..., None]] = {
    Action.NEW_TEXTS: reckon_again,
    Action.MORNING: apply_morning,
    Action.PLANS: carry_out_plans,
    Action.SITTING: hold_sitting_of,
    Action.TRANSFERS: open_places,
    Action.COMMITTALS: apply_committals,
}
"""Functions of the tables of a run, and of a target if they have one."""

_act = choice([ACTIONS[action] for action in Action], arguments=2)


@entry(0, 0, on_tables=True)
def institution_acts(state: State, action: int, target: int) -> None:
    """Let an institution act: one compiled function of all actions, so that what they share is compiled once.

    Parameters
    ----------
    action
        Which of :data:`ACTIONS`.
    target
        Day of the week (PLANS) or number of the court (SITTING); 0 for the others.
    """
    _act(action, state, target)


def act(world: World, action: Action, target: int = 0) -> None:
    """Call :func:`institution_acts`, compiled, on the tables of a run."""
    world.call(institution_acts, action.value, target)


# ---- processes ---------------------------------------------------------------------------------------------------------


def texts(world: World, change_days: list[int]) -> Process:
    """Put new texts, means and practices in force on their day."""
    for day in change_days:
        yield wait_until(world, day, TEXTS)
        world.day = day
        if world.apply_parameters():
            world.ensure_capacity()
            act(world, Action.NEW_TEXTS)


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
    else:
        world.collect(all_rows=True)  # a month that the run does not end has no census, but things happened in it


def days(world: World) -> Process:
    """Open each day of the register: what falls due in the morning, committals in the evening."""
    changes = world.pool_change
    for day in range(world.start_day, world.end_day):
        yield wait_until(world, day, DUE)
        world.day = day
        world.count_in_pool(changes[day - world.start_day])
        act(world, Action.MORNING)
        yield wait_until(world, day, COMMITTALS)
        act(world, Action.COMMITTALS)
        world.collect()


def plans(weekday: int, world: World) -> Process:
    """Carry out the weekly plans; offices are spread over the week."""
    for day in range(world.start_day + weekday, world.end_day, _WEEK):
        yield wait_until(world, day, PLANS)
        world.day = day
        act(world, Action.PLANS, weekday)


def sittings(site: int, world: World) -> Process:
    """Sittings of a court; the interval follows its volume."""
    courts: Any = world.state.courts
    interval = courts["interval"]  # a column: Python reads it faster than a record
    day = world.start_day + int(courts[site].board_offset % interval[site])
    while day < world.end_day:
        yield wait_until(world, day, SITTINGS)
        world.day = day
        act(world, Action.SITTING, site)
        day += int(interval[site])


def transfers(world: World) -> Process:
    """Move people once a week where places are free."""
    for day in range(world.start_day, world.end_day, _WEEK):
        yield wait_until(world, day, TRANSFERS)
        world.day = day
        act(world, Action.TRANSFERS)
