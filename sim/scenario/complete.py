"""What a complete world says of every adjustment and every form of measure: asked for when it is read.

A table with no entry for one of them would be read as 0 (a weight, a rate) or 1 (an hour of work): a new adjustment would run,
plausible and wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sim.law.adjustments import Adjustment, Regime
    from sim.scenario.document import Document
    from sim.scenario.sourced import Sourced

    Named = Iterator[tuple[str, Mapping[str, str]]]

Adjustments = tuple["Adjustment", ...]


def _forms(adjustments: Adjustments, keep: Callable[[Adjustment, Regime], bool]) -> Named:
    for adjustment in adjustments:
        for regime in adjustment.regimes:
            if keep(adjustment, regime):
                yield regime.code, regime.label


def _every_form(adjustments: Adjustments) -> Named:
    return _forms(adjustments, lambda _, __: True)


def _forms_of_boards(adjustments: Adjustments) -> Named:
    return _forms(adjustments, lambda adjustment, _: not adjustment.needs_hearing)


def _forms_under_committal(adjustments: Adjustments) -> Named:
    return _forms(adjustments, lambda _, regime: not regime.ends_committal)


def _asked_for(adjustments: Adjustments) -> Named:
    return ((adjustment.code, adjustment.label) for adjustment in adjustments if adjustment.needs_hearing)


NEEDED: Mapping[str, Callable[[Adjustments], Named]] = {
    "costs.marginal_day": _every_form,
    "costs.per_day": _every_form,
    "practices.boards.modality_housed": _forms_of_boards,
    "practices.boards.modality_unhoused": _forms_of_boards,
    "practices.files.asked_housed": _asked_for,
    "practices.files.asked_unhoused": _asked_for,
    "practices.files.external_days": _asked_for,
    "practices.files.hours": _asked_for,
    "practices.measures.probation_days": _forms_under_committal,
    "practices.measures.withdrawn": _every_form,
    "practices.measures.withdrawn_over_days": _every_form,
    "practices.placements.fitting_days": _every_form,
    "practices.placements.shortest_measure_days": _every_form,
    "reconviction.effects": _every_form,
}
"""Tables, or groups of values, by adjustment or by form: which of them each must name."""

FREE: Mapping[str, str] = {
    "practices.measures.absent_share": "nobody fails to come back from a form that is not named",
    "reconviction.cohort_routes": "the routes of a cohort that was observed",
    "flows.ab_initio.outcome": "what courts choose for those who are free",
    "flows.pool.outcome": "what becomes of those who are free (723-15)",
    "stock.measures": "who was on a measure on the first day, as counted",
    "stock.measures_from_custody": "who was on a measure on the first day, as counted",
}
"""Tables and groups by form that may leave some out, and what it means."""


def check_complete(world: Mapping[str, Sourced], document: Document) -> None:
    """Ask for every entry of :data:`NEEDED` of the tables and groups a world has.

    Raises
    ------
    ScenarioError
        For the first one that is missing, at the table.
    """
    from sim.law.adjustments import ADJUSTMENTS  # noqa: PLC0415 (only a whole world asks)

    for path, names in NEEDED.items():
        given = named(world, path)
        if not given:
            continue
        for code, label in names(ADJUSTMENTS):
            if code not in given:
                message = (
                    f"no entry '{code}' ({label['en']}, of sim/law/adjustments), which would be read as if it did not count;"
                    f" there are: {', '.join(sorted(given))}. Add it, with its source or why"
                )
                raise document.error(("parameters", *path.split(".")), message)


def named(world: Mapping[str, Sourced], path: str) -> set[str]:
    """Entries of a table, or values of a group; none if the world has neither."""
    if path in world:
        return set(entries_of(world[path].timeline.values[0]))
    return {leaf.removeprefix(f"{path}.") for leaf in world if leaf.startswith(f"{path}.")}
