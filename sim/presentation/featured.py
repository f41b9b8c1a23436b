"""The policies of the reference as people look for them: by family, a few in front, all of them in one searched list."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from sim.library.families import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.library.read import Reference
    from sim.presentation.texts import Texts

FEATURED = 6
"""Policies one click away on the first screen."""

IN_FRONT = (
    "fill_vacant_posts",
    "hearings_within_four_months",
    "fewer_ddse",
    "no_release_as_of_right",
    "population_cap_130",
    "semi_liberty_1000_places",
)
"""Our choice among the policies asked for in public (docs/evidence/model.md §11), one for each lever: counsellors, judges,
tags, law, cap, places."""


def by_family(told: Reference) -> dict[str, list[str]]:
    """Names of the policies, family by family; families without any are left out."""
    base = told.figures.base
    found = {family: [row["name"] for row in told.scenarios if _family(row) == family] for family in FAMILIES}
    return {family: kept for family, names in found.items() if (kept := [name for name in names if name != base])}


def _family(row: dict[str, object]) -> str:
    family = str(row.get("family", "other"))
    return family if family in FAMILIES else "other"


def ordered(told: Reference) -> list[str]:
    """Names of the policies, one family after the other."""
    return [name for names in by_family(told).values() for name in names]


def featured(told: Reference, most: int | None = None) -> list[str]:
    """The few that are put in front: those of :data:`IN_FRONT`, then the first of each family, then the second.

    ``most`` is :data:`FEATURED` unless it is given.
    """
    rounds = zip_longest(*by_family(told).values())
    others = [name for names in rounds for name in names if name is not None]
    chosen = [name for name in IN_FRONT if name in others]
    return [*chosen, *(name for name in others if name not in chosen)][: FEATURED if most is None else most]


def label(t: Texts, told: Reference, name: str) -> str:
    """Name of a policy after its family, as lists have it: typing either finds it."""
    return t("library.label", family=t(f"family.{_family(told.scenario(name))}"), title=t.title(told.scenario(name)["title"]))


def labels(t: Texts, told: Reference, names: Sequence[str]) -> dict[str, str]:
    """Labels of several policies, by name."""
    return {name: label(t, told, name) for name in names}
