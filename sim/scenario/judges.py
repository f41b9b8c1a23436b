"""What a change of hearings means in posts of judges: told by ``sortie check`` beside the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.effects_of_changes import ChangeTold
    from sim.scenario.scenario import Scenario

_COURTS = "means.enforcement_courts"
_NEEDED = tuple(f"{_COURTS}.{name}" for name in ("judges", "sittings_a_year", "files_a_sitting"))


def told_in_judges(scenario: Scenario, item: ChangeTold) -> tuple[str, ...]:
    """Say how many judges a change of the hearings in prisons stands for, or what extra judges hear; nothing of other changes.

    Hearings in prisons are a lever by themselves (``hearing_slots``), and what extra judges add to: the first says nothing of
    who holds them, nor of free convicts.
    """
    path, day = item.change.path, item.change.on_day
    if any(name not in scenario.leaves for name in _NEEDED):
        return ()
    judges, sittings, files = (scenario.number(name, day) for name in _NEEDED)
    a_year = sittings * files
    if path == f"{_COURTS}.hearing_slots" and a_year > 0 and isinstance(item.before, float) and isinstance(item.after, float):
        posts = (item.after - item.before) / a_year
        said = (
            f"as many hearings as {posts:+,.1f} judges hold in a year, of {judges:,.0f} in post, if they hold no others: "
            f"'{_COURTS}.extra_judges' adds judges who share theirs with free convicts and the open setting"
        )
    elif path == f"{_COURTS}.extra_judges":
        shares = scenario.table(f"{_COURTS}.extra_judges_share", day)
        hearings = scenario.number(path, day) * a_year
        said = (
            f"{hearings * shares['prisons']:+,.0f} hearings a year in prisons, {hearings * shares['free_convicts']:+,.0f} of "
            f"free convicts, beside those of the {judges:,.0f} judges in post"
        )
    elif path == f"{_COURTS}.longest_wait_days":
        said = "the hearings it takes beyond the slots are told with the results: hearings_beyond_slots, judges (use=deadline)"
    else:
        return ()
    return (said,)
