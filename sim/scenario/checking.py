"""A report on the values of a world: assumptions numbered, sources, ranges and age looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.dates import iso, year_of
from sim.scenario.numbering import UNNUMBERED, numbers
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.scenario import Scenario
    from sim.scenario.sourced import Sourced

STALE_AFTER_YEARS = 5
"""A statistic older than this when measuring begins is called stale (the validity figures.md asks to be watched)."""

FindingSort = Literal["unsourced", "outside_range", "no_range", "undated", "stale"]

_EXPLAINED: dict[FindingSort, str] = {
    "unsourced": "without a source or a reason",
    "outside_range": "outside their own plausible range",
    "no_range": "without a range, hence held exact by uncertainty runs",
    "undated": "statistics and studies that do not say which date they speak of",
    "stale": f"statistics more than {STALE_AFTER_YEARS} years old when measuring begins",
}
_FAULTS: frozenset[FindingSort] = frozenset({"unsourced", "outside_range"})


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """An assumption of the world, with its number."""

    code: str
    """``HYP-07``, as :mod:`sim.scenario.numbering` keeps it; ``HYP`` if it is not one of the baseline's."""
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about one value."""

    sort: FindingSort
    path: str
    message: str

    @property
    def is_fault(self) -> bool:
        """Whether it must be mended (no source, or a value outside its range) rather than known."""
        return self.sort in _FAULTS


@dataclass(frozen=True, slots=True)
class Report:
    """What :func:`check` found."""

    scenario: str
    parameters: int
    """How many values the world has."""
    hypotheses: tuple[Hypothesis, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing must be mended."""
        return not any(finding.is_fault for finding in self.findings)

    def of(self, sort: FindingSort) -> tuple[Finding, ...]:
        """Return the findings of one sort, by path."""
        return tuple(finding for finding in self.findings if finding.sort == sort)

    def lines(self) -> list[str]:
        """Return the report as lines of text: counts, then each finding, then each assumption with its reason."""
        return [*self.counts(), *self.reasons()]

    def counts(self) -> list[str]:
        """Return how many values of each sort there are, with each finding."""
        text = [f"{self.scenario}: {self.parameters} values, {len(self.hypotheses)} assumptions"]
        for sort, words in _EXPLAINED.items():
            found = self.of(sort)
            text.append(f"{len(found)} {words}")
            text += [f"  {finding.path}: {finding.message}" for finding in found]
        return text

    def reasons(self) -> list[str]:
        """Return each assumption with its reason, in the language of the files."""
        return [f"{item.code} {item.path}: {item.why}" for item in self.hypotheses]


def hypotheses(scenario: Scenario) -> tuple[Hypothesis, ...]:
    """Return the assumptions of a world in the order of their numbers, those without one last."""
    assumed = [leaf for leaf in scenario.world.values() if leaf.kind == "assumption"]
    found = [Hypothesis(numbers().get(leaf.path, UNNUMBERED), leaf.path, leaf.why or "") for leaf in assumed]
    return tuple(sorted(found, key=lambda item: (item.code == UNNUMBERED, len(item.code), item.code, item.path)))


def check(scenario: Scenario) -> Report:
    """Look at every value of a scenario's world, as it is before the scenario changes it.

    A value is compared with its range on the day measuring begins: that is the day ranges speak of, earlier dated
    values being history.
    """
    day = scenario.measure_from_day
    findings = [finding for leaf in scenario.world.values() for finding in _findings(leaf, day)]
    return Report(
        scenario=scenario.name,
        parameters=len(scenario.world),
        hypotheses=hypotheses(scenario),
        findings=tuple(sorted(findings, key=lambda finding: (finding.sort, finding.path))),
    )


def _findings(leaf: Sourced, day: int) -> Iterator[Finding]:
    if leaf.source is None and leaf.why is None:
        yield Finding("unsourced", leaf.path, "no 'source' and no 'why'")
    if leaf.kind in {"statistic", "study"}:
        year = leaf.last_year
        if year is None:
            yield Finding("undated", leaf.path, "add 'date:' (year, month, day or years)")
        elif leaf.kind == "statistic" and year < year_of(day) - STALE_AFTER_YEARS:
            yield Finding("stale", leaf.path, f"speaks of {leaf.date}; measuring begins on {iso(day)}")
    if leaf.shape[0] == "switch":
        return
    if leaf.range is None:
        if leaf.kind != "law":
            yield Finding("no_range", leaf.path, f"a {leaf.kind} without 'range:'")
        return
    value = leaf.at(day)
    named = {"": value} if isinstance(value, float) else entries_of(value)
    for name, number in named.items():
        bounds = leaf.bounds(day, name or None)
        assert bounds is not None
        if not bounds[0] <= number <= bounds[1]:
            path = f"{leaf.path}.{name}" if name else leaf.path
            yield Finding("outside_range", path, f"{number:g} is not within {bounds[0]:g} to {bounds[1]:g}")
