"""The processes of a run: who acts, on which days, in which order within a day (decision 0002).

Everything that acts is a SimPy process; people do not run (architecture.md §5.5). Same-day order is in the fractions of a
day below: new texts, census, the month's cohort, what falls due, the weekly plans, sittings, transfers, committals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import first_of_month, first_of_next_month
from sim.institutions.register import MORNING, Register, Step
from sim.pathways import application, boards, measure, stay
from sim.pathways.observers import take_census
from sim.pathways.transfers import move_people

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from simpy import Event

    from sim.institutions.enforcement_court import Court
    from sim.institutions.probation_service import Antenna
    from sim.institutions.system import PenalSystem
    from sim.pathways.intake import Intake

    Process = Generator[Event, None, None]

# Fractions of a day; powers of two, so that adding whole days to them is exact.
TEXTS, CENSUS, COHORT, DUE, PLANS, SITTINGS, TRANSFERS, POLICIES, COMMITTALS = (i / 16 for i in range(9))
_WEEK = 7


def begin(system: PenalSystem, intake: Intake, change_days: list[int], on_month: Callable[[int], None] | None) -> None:
    """Start every process of a run; the stock of the first day must be in place."""
    connect(system.register, intake)
    env = system.env
    env.process(texts(system, change_days))
    env.process(months(system, intake, on_month))
    env.process(days(system))
    for antenna in system.antennae:
        env.process(plans(antenna, system))
    for court in system.courts:
        env.process(sittings(court, system))
    env.process(transfers(system))


def connect(register: Register, intake: Intake) -> None:
    """Say what each kind of dated step does."""
    register.handle(Step.END, stay.end_of_sentence)
    register.handle(Step.TRIAL, stay.try_case)
    register.handle(Step.REMISSION, stay.review_remission)
    register.handle(Step.WITHDRAWAL, measure.withdraw)
    register.handle(Step.EFFECT, measure.take_effect)
    register.handle(Step.PROBATION, measure.end_probation)
    register.handle(Step.BOARD, boards.examine)
    register.handle(Step.BOARD_OF_RIGHT, boards.examine_of_right)
    register.handle(Step.FILE, application.consider_file)
    register.handle(Step.LODGE, application.lodge)
    register.handle(Step.LIST, application.list_for_hearing)
    register.handle(Step.COMMITTAL, lambda person, _: intake.arrive(person))


def wait_until(system: PenalSystem, day: int, part: float) -> Event:
    """Wait for a part of a day (at once if it is now)."""
    return system.env.timeout(day + part - system.env.now)


def texts(system: PenalSystem, change_days: list[int]) -> Process:
    """Put new texts, means and practices in force on their day."""
    for day in change_days:
        yield wait_until(system, day, TEXTS)
        system.day = day
        stay.enact(system)


def months(system: PenalSystem, intake: Intake, on_month: Callable[[int], None] | None) -> Process:
    """Census at 0 h on the first of each month, then the month's cohort."""
    day = system.start_day
    while day < system.end_day:
        yield wait_until(system, day, CENSUS)
        system.day = day
        take_census(system)
        if on_month is not None:
            on_month(day)
        yield wait_until(system, day, COHORT)
        intake.month()
        day = first_of_next_month(day)
    yield wait_until(system, system.end_day, CENSUS)
    system.day = system.end_day
    if first_of_month(system.end_day) == system.end_day:
        take_census(system)


def days(system: PenalSystem) -> Process:
    """Open each day of the register: what falls due in the morning, committals in the evening."""
    register = system.register
    changes = system.pool_change
    for day in range(system.start_day, system.end_day):
        yield wait_until(system, day, DUE)
        system.day = day
        system.pool += changes[day - system.start_day]
        register.apply(day, MORNING, system)
        yield wait_until(system, day, COMMITTALS)
        register.apply(day, (Step.COMMITTAL,), system)


def plans(antenna: Antenna, system: PenalSystem) -> Process:
    """Carry out the weekly plan of an antenna; antennae are spread over the week."""
    day = system.start_day + antenna.site % _WEEK
    while day < system.end_day:
        yield wait_until(system, day, PLANS)
        system.day = day
        application.weekly_plan(antenna, system)
        day += _WEEK


def sittings(court: Court, system: PenalSystem) -> Process:
    """Sittings of a court; the interval follows its volume."""
    day = system.start_day + court.board_offset % court.interval
    while day < system.end_day:
        yield wait_until(system, day, SITTINGS)
        system.day = day
        application.hold_sitting(court, system)
        day += court.interval


def transfers(system: PenalSystem) -> Process:
    """Move people once a week where places are free."""
    day = system.start_day
    while day < system.end_day:
        yield wait_until(system, day, TRANSFERS)
        system.day = day
        move_people(system, system.practice.transfers_per_week)
        for pool in (*system.placements.semi_liberty, *system.placements.external, system.placements.devices):
            measure.serve_next(pool, system)
        day += _WEEK
