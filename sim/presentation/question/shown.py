"""What a page of one question is made from: the figures, who asked, what changes, and how to make it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError
from sim.library.families import family_of
from sim.policies import POLICIES
from sim.presentation.key_assumptions import key_assumptions
from sim.presentation.texts import Texts
from sim.records.manifest import package_version
from sim.scenario import load_scenario
from sim.scenario.describe import describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.library.read import Figures, Reference
    from sim.scenario import Scenario
    from sim.scenario.describe import Language

ENOUGH = 20
"""Replications below which an interval is rough: nothing of the answer should be quoted."""


@dataclass(frozen=True)
class Shown:
    """One question, ready to be shown: of the library, or of a run somebody made."""

    t: Texts
    figures: Figures
    policy: str
    title: str
    question: str
    asked_by: str
    source: str
    """Where the policy comes from; empty if it is the reader's own."""
    version: str
    made: str
    """How the figures were made: replications, share of the country."""
    command: str
    """What makes them again."""
    routes: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """People a year who leave by another route, ``(base, policy)`` to number."""
    changes: Sequence[str] = ()
    """What the policy changes, a line each."""
    leans: Sequence[str] = ()
    """Assumptions the answer leans on first."""
    whose: str = ""
    """Said above the question if it is the reader's own: it is none of the library."""

    @property
    def foot(self) -> str:
        """Source that stands inside every picture."""
        return self.t("picture.source", version=self.version)


def changes_in_words(name: str, lang: Language) -> list[str]:
    """Return what a packaged scenario changes, a line each, as ``sortie show`` tells it; nothing if it is shipped no more."""
    try:
        scenario = load_scenario(name, known_policies=frozenset(POLICIES))
    except ScenarioError:
        return []
    return _changes(scenario, Texts(lang))


def _changes(scenario: Scenario, t: Texts) -> list[str]:
    return [line[2:] for line in describe(scenario, t.lang, t.name).split("\n") if line.startswith("- ")]


def of_reference(t: Texts, reference: Reference, policy: str, changes: Sequence[str] = ()) -> Shown:
    """Return a question of the library; ``changes`` says what it changes, in words."""
    row, manifest = reference.scenario(policy), reference.manifest
    table = reference.table("routes")
    mine = table[table["scenario"] == policy]
    routes = {
        (str(base), str(other)): float(people)
        for base, other, people in zip(mine["base"], mine["policy"], mine["people_per_year"], strict=True)
    }
    return Shown(
        t=t,
        figures=reference.figures,
        policy=policy,
        title=t.title(row["title"]),
        question=t.title(row["question"]) if row.get("question") else t.title(row["title"]),
        asked_by=t.title(row["asked_by"]) if row.get("asked_by") else "",
        source=_source(row),
        version=manifest["version"],
        made=t("page.made", n=manifest["replications"], draws=manifest["draws"], share=t.percent(float(manifest["fraction"]))),
        command=f"sortie run baseline {policy} -n {manifest['replications']} --seed {manifest['seed']}",
        routes=routes,
        changes=changes,
        leans=key_assumptions(t, [row["family"]]),
    )


def of_runs(t: Texts, figures: Figures, policy: str, scenario: Scenario, replications: int, command: str) -> Shown:
    """Return the page of a scenario that somebody ran: the same as those of the library, without what only they have."""
    title = t.title(figures.titles[policy])
    return Shown(
        t=t,
        figures=figures,
        policy=policy,
        title=title,
        question=title,
        asked_by="",
        source="",
        version=package_version(),
        made=t("page.made_own", n=replications, share=t.percent(scenario.sampling_fraction)),
        command=command,
        changes=_changes(scenario, t),
        leans=key_assumptions(t, [family_of(scenario)]),
        whose=t("page.own" if replications >= ENOUGH else "page.own_rough", n=replications),
    )


def _source(row: Mapping[str, Any]) -> str:
    told = row.get("source") or {}
    return str(told.get("title", "")) if isinstance(told, dict) else str(told)
