"""The highest legal maximum of concurrent offences (*maximum légal le plus élevé*): what it takes off the sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.dates import NEVER, parse_day
from sim.law.procedure import final_day
from sim.law.rulebook.execution import execution_order, total
from sim.law.rulebook.words import dated, lasting
from sim.law.statutes import Statutes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.law.rulebook.execution import Extract
    from sim.law.rulebook.words import Language


_SINCE = parse_day("2025-06-14")
"""Day after the law that created art. 132-6-1, recalled."""


class Cut(NamedTuple):
    """What the maximum takes off one sentence."""

    name: str
    """How the reader calls it; empty if it has no name."""
    pronounced: tuple[int, int]
    """Months and days before."""
    served: tuple[int, int]
    """Months and days left to serve; none of either if the sentence is not served at all."""


class Within(NamedTuple):
    """Sentences within the maximum, and what it took off which."""

    extracts: tuple[Extract, ...]
    cuts: tuple[Cut, ...]


def counted(extract: Extract) -> bool:
    """Whether the maximum bears on a sentence: not on a withdrawal, nor on a suspended one that another revoked.

    The offence that revokes a suspension comes after a final conviction: the two are not concurrent (132-2).
    """
    return not extract.withdrawal and extract.revoked_by is None


def concurrent(extracts: Sequence[Extract], statutes: Statutes) -> tuple[frozenset[int], ...]:
    """Positions of the sentences that one maximum bounds together: all of each set are concurrent with one another.

    Two offences are concurrent if neither was committed once the other was judged for good (132-2): a sentence lies between
    its facts and the day it is final, and sets are those that some day of facts has in common. A day that is not known
    parts nothing.
    """
    spans = [
        (extract.facts_day, NEVER if extract.judged_day < 0 else final_day(extract.judged_day, statutes.at(extract.judged_day)))
        for extract in extracts
    ]
    bounded = [position for position, extract in enumerate(extracts) if counted(extract)]
    found = [frozenset(at for at in bounded if spans[at][0] <= spans[of][0] < spans[at][1]) for of in bounded]
    return tuple(sorted(set(found), key=sorted))


def within_maximum(extracts: Sequence[Extract], months: int, statutes: Statutes | None = None) -> Within:
    """Sentences for concurrent offences, cut where their sum passes the highest legal maximum: the last served first.

    The maximum is thirty years where life was incurred and not pronounced (132-5). Withdrawals of reductions are no sentence;
    a suspended sentence that another revoked is not concurrent with it: neither is counted, nor cut. Sentences that are not
    concurrent with one another (:func:`concurrent`) are not added up. The text says what the sum may not pass, not which
    sentence is cut: what thresholds see, the sum, does not depend on it. ``statutes``: those of the texts if not given.

    Source
    ------
    Code pénal, art. 132-2, 132-4, 132-5 (read): served one after the other *dans la limite du maximum légal le plus élevé*.
    """
    found = list(extracts)
    for together in concurrent(extracts, statutes or Statutes.load()):
        for position in reversed(execution_order(extracts)):
            summed, days = total([found[at] for at in together])
            if position not in together or (summed, days) <= (months, 0):
                continue
            extract = found[position]
            others = summed - extract.months
            if others >= months:
                found[position] = replace(extract, months=0, days=0)
            elif summed >= months:
                found[position] = replace(extract, months=months - others, days=0)
            else:
                found[position] = replace(extract, days=0)
    cuts = tuple(
        Cut(given.name or str(position + 1), (given.months, given.days), (left.months, left.days))
        for position in reversed(execution_order(extracts))
        for given, left in ((extracts[position], found[position]),)
        if (given.months, given.days) != (left.months, left.days)
    )
    kept = [position for position, extract in enumerate(found) if extract.months or extract.days]
    places = {position: place for place, position in enumerate(kept)}
    served = tuple(
        replace(found[position], revoked_by=None if by is None else places.get(by))
        for position in kept
        for by in (found[position].revoked_by,)
    )
    return Within(served, cuts)


def cut_said(cuts: Sequence[Cut], months: int, language: Language) -> Iterator[str]:
    """Lines that say what the maximum took off which sentence, or that it takes nothing."""
    most = lasting(months, 0, language)
    head = {
        "en": f"Highest legal maximum of the concurrent offences (CP 132-4, 132-5): {most}",
        "fr": f"Maximum légal le plus élevé des infractions en concours (CP 132-4, 132-5) : {most}",
    }[language]
    if not cuts:
        yield head + {"en": "; nothing is cut", "fr": " ; rien n'est réduit"}[language]
        return
    yield head
    for cut in cuts:
        before, after = lasting(*cut.pronounced, language), lasting(*cut.served, language)
        if cut.served == (0, 0):
            yield {"en": f"  {cut.name}: {before}, not served", "fr": f"  {cut.name} : {before}, non exécutée"}[language]
        else:
            yield {
                "en": f"  {cut.name}: {before}, of which {after} are served",
                "fr": f"  {cut.name} : {before}, dont {after} à exécuter",
            }[language]


def in_detention(
    extracts: Sequence[Extract], committed_day: int, language: Language, *, maximum: bool = False
) -> Iterator[str]:
    """Doubts on sentences merged, or brought within a maximum, whose facts come after the committal, since June 2025.

    Source
    ------
    Code pénal, art. 132-6-1 (read in the code of 2026; law of 13 June 2025, date recalled).
    """
    for number, extract in enumerate(extracts):
        together = extract.merged_into is not None or (maximum and counted(extract))
        if together and extract.facts_day >= max(committed_day, _SINCE):
            name = extract.name or number + 1
            yield {
                "en": f"'{name}': facts after the committal; if of organised crime (706-73), neither merged nor limited, "
                "unless the court says otherwise (CP 132-6-1).",
                "fr": f"« {name} » : faits postérieurs à l'écrou ; en criminalité organisée (706-73), ni confusion ni "
                "limite, sauf décision contraire (CP 132-6-1).",
            }[language]


def not_concurrent(
    extracts: Sequence[Extract], statutes: Statutes, language: Language, *, maximum: bool = False
) -> Iterator[str]:
    """Doubts on sentences merged, or brought within a maximum, whose facts come after another was final (132-2).

    ``maximum``: the sentences are said to be within one maximum, so that all are held to be concurrent.
    """
    for later, extract in enumerate(extracts):
        for former, other in enumerate(extracts):
            merged = former == extract.merged_into or later == other.merged_into
            together = merged or (maximum and counted(extract) and counted(other))
            if later == former or not together or extract.facts_day < 0 or other.judged_day < 0:
                continue
            final = final_day(other.judged_day, statutes.at(other.judged_day))
            if extract.facts_day >= final:
                name, first = extract.name or later + 1, other.name or former + 1
                yield {
                    "en": f"'{name}': facts of {dated(extract.facts_day, 'en')}, after '{first}' was final "
                    f"({dated(final, 'en')}, without appeal): not concurrent (CP 132-2), neither merged nor limited.",
                    "fr": f"« {name} » : faits du {dated(extract.facts_day, 'fr')}, alors que « {first} » était définitive "
                    f"({dated(final, 'fr')}, sans appel) : pas de concours (CP 132-2), ni confusion ni limite.",
                }[language]
