"""What a result leans on: the assumptions that a policy of a family meets on its way, by their numbers.

Chosen by hand, path by path, from what the engine reads between the lever and the release; how much each weighs is another
question, which `sortie sensitivity` answers.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sim.policies import POLICIES
from sim.scenario import load_scenario
from sim.scenario.describe import source_table, unit_in_words, value_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.presentation.texts import Texts
    from sim.scenario import Scenario
    from sim.scenario.describe import Language, SourceRow

_HEARINGS = "means.enforcement_courts.hearing_slots"
_DECISION = "practices.hearings.decision"
KEY_ASSUMPTIONS = {
    "means": ("practices.files.hours", "means.probation_service.administration_hours", _HEARINGS),
    "places": (
        "means.placements.external_places",
        "means.placements.semi_liberty_elsewhere",
        "practices.boards.modality_housed",
    ),
    "law": ("population.excluded_from_lsc", "practices.boards.examined_with_counsellor", "practices.boards.modality_housed"),
    "practices": (_DECISION, "practices.files.asked_housed", _HEARINGS),
    "entries": ("flows.ab_initio.outcome", "population.sentence.mean_months", _HEARINGS),
    "other": ("practices.files.hours", _DECISION, _HEARINGS),
}
"""Paths of the three assumptions to read first, by family of scenarios."""
MOST = 4
LONGEST = 60
"""Characters of a value that fit in a line of a note; a table of many entries is left to the page of assumptions."""


@cache
def _world() -> Scenario:
    return load_scenario("baseline", known_policies=frozenset(POLICIES))


@cache
def _rows(lang: Language) -> dict[str, SourceRow]:
    return {row.path: row for row in source_table(_world(), lang)}


def key_assumptions(t: Texts, families: Sequence[str]) -> list[str]:
    """Return a line for each assumption that results of these families lean on: number, name, value, unit, range."""
    lang: Language = "en" if t.lang == "en" else "fr"
    lines = []
    for path in list(dict.fromkeys(path for family in families for path in KEY_ASSUMPTIONS[family]))[:MOST]:
        row, leaf = _rows(lang)[path], _world().parameters()[path]
        assert leaf.label is not None, path
        value = value_in_words(leaf.at(_world().measure_from_day), lang)
        said = f"{value} {unit_in_words(row.unit, lang)}".strip()
        told = "" if len(said) > LONGEST else t("note.value", value=said, range=row.range)
        lines.append(f"{row.hypothesis} · {leaf.label[lang]}{told}")
    return lines
