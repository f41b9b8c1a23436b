"""Where each value that a scenario changes comes from: the source, or the reason, of the value as it stood before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.scenario.days import days_in
from sim.scenario.law_paths import law_source
from sim.scenario.numbering import UNNUMBERED, numbers
from sim.scenario.scenario import LAW

if TYPE_CHECKING:
    from sim.scenario.effects_of_changes import ChangeTold
    from sim.scenario.scenario import Scenario

_KINDS = {
    "fr": {"statistic": "statistique", "study": "étude", "law": "droit", "assumption": "hypothèse"},
    "en": {"statistic": "statistic", "study": "study", "law": "law", "assumption": "assumption"},
}
_GRADES = {
    "fr": {"read": "lu", "derived": "déduit", "memory": "de mémoire", "recalled": "de mémoire"},
    "en": {},
}
_WORDS = {"fr": ("valeur d'avant : ", "plage"), "en": ("value before: ", "range")}


def where_from(scenario: Scenario, item: ChangeTold, lang: Literal["fr", "en"], spread: str = "") -> str:
    """Say where the value before a change comes from: kind or number of the assumption, source or reason, date, range.

    Parameters
    ----------
    spread
        Its plausible range, in words; left out if empty.
    """
    before, of_range = _WORDS[lang]
    if item.change.path.startswith(LAW):
        article, title, grade = law_source(item.change)
        said = [article, title, _GRADES[lang].get(grade, grade)]
        return before + days_in(" · ".join(part for part in said if part), lang)
    path = item.change.path
    leaf = scenario.leaves.get(path) or scenario.leaves[path.rpartition(".")[0]]
    kind = _KINDS[lang].get(leaf.kind, leaf.kind)
    code = numbers().get(leaf.path, UNNUMBERED) if leaf.kind == "assumption" else ""
    said = [f"{kind} {code}".strip(), leaf.why or leaf.source or "", leaf.date or "", f"{of_range} {spread}" if spread else ""]
    return before + days_in(" · ".join(part for part in said if part), lang)
