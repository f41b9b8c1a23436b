"""Values that act only where another has some value, and are told by ``sortie check`` where they cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.effects_of_changes import ChangeTold
    from sim.scenario.scenario import Scenario

NO_LIMIT = 1_000_000
"""Examinations a year that stand for a board without a limit, shared out to no establishment."""
ORDER = "practices.boards.order"
SLOTS = "means.enforcement_courts.board_slots"
ASKING = "practices.care.asking_share"
INTAKE = "means.programmes.intake"
FILES_ORDER = "practices.files.order"
_WITH_A_LINE = (
    f"it moves nothing while people ask for care inside ('{ASKING}' above 0): care is then arranged where a treatment has "
    "begun. Change 'means.care.slots', or set that share to 0"
)
_WITHOUT_PROGRAMME = f"it moves nothing while there is no programme ('{INTAKE}' 0)"
_ONE_BY_ONE = f"it moves nothing while files are worked on one by one ('{FILES_ORDER}' other than 0)"
_AT_ONE_DAY = (
    "people come back by it from that day on, and expected reconviction is measured with its value on the first day measured"
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


class Needs(NamedTuple):
    """What a value needs in order to act."""

    path: str
    """Another number, which lets it act on the days on which it is none or some."""
    some: bool
    told: str


_NEEDS = {
    "practices.files.care_arranged": Needs(ASKING, False, _WITH_A_LINE),
    "practices.files.first_days": Needs(FILES_ORDER, False, _ONE_BY_ONE),
    "practices.programmes.": Needs(INTAKE, True, _WITHOUT_PROGRAMME),
    "reconviction.programmes.": Needs(INTAKE, True, _WITHOUT_PROGRAMME),
    "costs.programme": Needs(INTAKE, True, _WITHOUT_PROGRAMME),
}
"""By path, or by what a path begins with."""
_MEASURED_ONCE = ("reconviction.prison.", "reconviction.programmes.", "reconviction.contact")


def told_of_needs(scenario: Scenario, item: ChangeTold) -> tuple[str, ...]:
    """Say that a value moves nothing on any day of the change, as another stands; nothing of values that need none."""
    path = item.change.path
    needs = next(
        (needs for start, needs in _NEEDS.items() if path == start or (start[-1] == "." and path.startswith(start))), None
    )
    if needs is None or needs.path not in scenario.leaves:
        return ()
    first = item.change.on_day
    last = scenario.end_day if item.change.until_day is None else item.change.until_day - 1
    # Everywhere, and in each place that changes name.
    worlds = (scenario, *(scenario.at(names) for names in scenario.local))
    for there in worlds:
        days = [first, *(day for day in there.leaves[needs.path].timeline.days if first < day <= last)]
        if any((there.number(needs.path, day) > 0) == needs.some for day in days):
            return ()
    return (needs.told,)


def told_of_measures(scenario: Scenario, item: ChangeTold) -> tuple[str, ...]:
    """Say that a value which moves returns day by day is measured with that of one day."""
    change = item.change
    late = change.on_day > scenario.measure_from_day and change.path.startswith(_MEASURED_ONCE)
    return (_AT_ONE_DAY,) if late else ()


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
