"""Values that act only where another has some value, and are told by ``sortie check`` where they cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.effects_of_changes import ChangeTold
    from sim.scenario.scenario import Scenario

NO_LIMIT = 1_000_000
"""Examinations a year that stand for a board without a limit, shared out to no establishment."""
ORDER = "practices.boards.order"
SLOTS = "means.enforcement_courts.board_slots"
ARRANGED = "practices.files.care_arranged"
ASKING = "practices.care.asking_share"
_WITH_A_LINE = (
    f"it moves nothing while people ask for care inside ('{ASKING}' above 0): care is then arranged where a treatment has "
    "begun. Change 'means.care.slots', or set that share to 0"
)
_WITHOUT_LIMIT = (
    f"boards have no limit ('{SLOTS}'): everybody is examined at the session they are due at, and the order only says who "
    "of that day has the last place"
)


def told_of_boards(scenario: Scenario, item: ChangeTold) -> tuple[str, ...]:
    """Say that an order of boards puts nobody off where no board has a limit from that day on; nothing of other changes."""
    if item.change.path != ORDER:
        return ()
    return _told(scenario, item.change.on_day, item.change.until_day)


def told_of_care(scenario: Scenario, item: ChangeTold) -> tuple[str, ...]:
    """Say that care arranged by counsellors moves nothing while care inside is a line; nothing of other changes."""
    if item.change.path != ARRANGED or ASKING not in scenario.leaves:
        return ()
    last_day = scenario.end_day if item.change.until_day is None else item.change.until_day - 1
    days = [item.change.on_day, *(day for day in scenario.leaves[ASKING].timeline.days if item.change.on_day < day <= last_day)]
    return () if any(scenario.number(ASKING, day) <= 0 for day in days) else (_WITH_A_LINE,)


def told_of_order_set(scenario: Scenario) -> tuple[str, ...]:
    """Say the same of an order that is set beside the file, for the whole run."""
    return _told(scenario, scenario.start_day, None) if ORDER in scenario.overrides else ()


def _told(scenario: Scenario, first_day: int, until_day: int | None) -> tuple[str, ...]:
    last_day = scenario.end_day if until_day is None else until_day - 1
    if SLOTS not in scenario.leaves or any(room < NO_LIMIT for room in _rooms(scenario, first_day, last_day)):
        return ()
    return (_WITHOUT_LIMIT,)


def _rooms(scenario: Scenario, first_day: int, last_day: int) -> Iterator[float]:
    """Examinations a year there is room for, in the country and in each place that changes name, on each day they move."""
    for there in (scenario, *(scenario.at(names) for names in scenario.local)):
        days = (day for day in there.leaves[SLOTS].timeline.days if first_day < day <= last_day)
        yield from (there.number(SLOTS, day) for day in (first_day, *days))
