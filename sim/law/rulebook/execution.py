"""Several sentences under one committal: their order, their sum (*cumul*, conventions C5 and C6), the credit of each.

Thresholds apply to the sum; the automatic credit of before 2023 is that of each sentence, on its own length (D115-2): of a
suspended sentence revoked, on what is revoked (D115-3); of sentences merged, on what results (D115-4); none of a withdrawal of
reductions (D115-5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.dates import add_months
from sim.errors import LawError
from sim.law.rulebook.words import dated, spanned
from sim.law.sentence import Sentence, nominal_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.law.rulebook.words import Language
    from sim.law.statutes import Statutes, StatutesInForce

_YEAR = 12
TOLD_SINCE = "remission.credit_months_first_year"
"""Rule whose first date is that of the courts of today: what came before is not told."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One sentence to serve, as the extract of judgment gives it (*extrait de jugement*)."""

    months: int
    days: int = 0
    against_the_state: bool = False
    """Offence against the security of the State, or terrorism."""
    recidive: bool = False
    follows_remand: bool = False
    """Whether it follows uninterrupted remand."""
    revoked_by: int | None = None
    """Position, in the list, of the sentence that revoked this suspended one; none if it was not suspended."""
    withdrawal: bool = False
    """A withdrawal of reductions rather than a sentence."""
    name: str = ""
    """How the reader calls it."""
    merged_into: int | None = None
    """Position of the sentence it is merged into (*confusion*, CP 132-4); none if it is served after the others."""
    merged_months: int | None = None
    """Months that the merger absorbs (*confusion partielle*); the whole if none."""
    judged_day: int = -1
    """Judgment; that of the sum if -1."""
    facts_day: int = -1
    """Facts; unknown if -1."""


def execution_order(extracts: Sequence[Extract]) -> tuple[int, ...]:
    """Positions of the sentences received at once, in the order they are served.

    State security and terrorism; récidive; then the longest first, but that which follows uninterrupted remand
    before the others; the suspended sentence before the one that revoked it; withdrawals of reductions last.

    Raises
    ------
    LawError
        If a sentence is said to be revoked by one that is not in the list.

    Source
    ------
    Code pénitentiaire, art. D212-5.
    """

    def rank(position: int) -> tuple[bool, bool, bool, bool, int, int]:
        extract = extracts[position]
        length = add_months(0, extract.months) + extract.days
        return (
            extract.withdrawal,
            not extract.against_the_state,
            not extract.recidive,
            not extract.follows_remand,
            -length,
            position,
        )

    order = sorted(range(len(extracts)), key=rank)
    for position, extract in enumerate(extracts):
        if extract.revoked_by is None:
            continue
        if not 0 <= extract.revoked_by < len(extracts) or extract.revoked_by == position:
            msg = (
                f"extract {position}: revoked by sentence {extract.revoked_by}; "
                f"expected the position of another of the {len(extracts)} sentences"
            )
            raise LawError(msg)
        if order.index(position) > order.index(extract.revoked_by):
            order.remove(position)
            order.insert(order.index(extract.revoked_by), position)
    return tuple(order)


def total(extracts: Sequence[Extract]) -> tuple[int, int]:
    """Months and days of the sentences added up, withdrawals apart: what the thresholds are compared with."""
    sentences = [extract for extract in extracts if not extract.withdrawal]
    return sum(extract.months for extract in sentences), sum(extract.days for extract in sentences)


def merged(extracts: Sequence[Extract]) -> tuple[Extract, ...]:
    """The sentences as they are served: those merged into another are left out, what a partial merger leaves is added to it.

    Raises
    ------
    LawError
        If a sentence is merged into one that is not in the list, or that is itself merged; if more is merged than there is.

    Source
    ------
    Code pénal, art. 132-4, 132-5 (read); code de procédure pénale, art. D115-4.
    """
    found = list(extracts)
    for position, extract in enumerate(extracts):
        into = extract.merged_into
        if into is None:
            continue
        if not 0 <= into < len(extracts) or into == position or extracts[into].merged_into is not None:
            msg = (
                f"sentence {position}: merged into sentence {into}; expected the position of another that is not merged itself"
            )
            raise LawError(msg)
        kept = found[into]
        if extract.merged_months is None:
            # A full merger: the longer of the two is what is served.
            if (extract.months, extract.days) > (kept.months, kept.days):
                found[into] = kept = replace(kept, months=extract.months, days=extract.days)
        else:
            if extract.merged_months > extract.months:
                absorbed, whole = extract.merged_months, extract.months
                msg = f"sentence {position}: {absorbed} months merged of {whole}; expected no more than the sentence has"
                raise LawError(msg)
            if extract.merged_months > extracts[into].months:
                # What two sentences share is no longer than the shorter of them: the longer one is always served.
                absorbed, whole = extract.merged_months, extracts[into].months
                msg = (
                    f"sentence {position}: {absorbed} months merged into one of {whole}; expected no more than the shorter has"
                )
                raise LawError(msg)
            left = extract.months - extract.merged_months
            found[into] = kept = replace(kept, months=kept.months + left, days=kept.days + extract.days)
        if kept.name and extract.name:
            found[into] = replace(kept, name=f"{kept.name} + {extract.name} (CP 132-4)")
    kept_as = [position for position, extract in enumerate(found) if extract.merged_into is None]

    def placed(extract: Extract) -> Extract:
        by = extract.revoked_by
        if by is None or not 0 <= by < len(found):
            return extract
        into = found[by].merged_into
        by = by if into is None else into
        # A sentence that revoked another and was merged into it stands for nothing of its own.
        place = None if into is not None and found[by] is extract else kept_as.index(by)
        return replace(extract, revoked_by=place)

    return tuple(placed(found[position]) for position in kept_as)


def under_committal(extracts: Sequence[Extract], committed_day: int, *, remand_days: int = 0, **facts: Any) -> Sentence:
    """The sum of several sentences served one after the other from a committal, remand credited.

    Each runs *de quantième à quantième* from the end of the one before, in the order of D212-5; the total in months and days,
    withdrawals apart, is what thresholds are compared with.

    Raises
    ------
    LawError
        If there is no sentence, or nothing to serve.
    """
    served = merged(extracts)
    if not served:
        msg = "no sentence to serve"
        raise LawError(msg)
    start = committed_day - remand_days
    end = served_end(start, served)
    months, days = total(served)
    judged = [extract.judged_day for extract in served if extract.judged_day >= 0]
    facts_days = [extract.facts_day for extract in served]
    return Sentence(
        committed_day=committed_day,
        sentenced_day=max(judged, default=committed_day),
        start_day=start,
        end_day=end,
        total_months=months,
        # One month is thirty days (716-1), in a list as alone.
        total_days=nominal_end(start, months, days) - start if months or days else 0,
        recidive=any(extract.recidive for extract in served),
        facts_day=max(facts_days) if all(day >= 0 for day in facts_days) else -1,
        **facts,
    )


def served_end(start_day: int, served: Sequence[Extract], *, withdrawals: bool = True) -> int:
    """End of sentences served one after the other from a day, in their order, before any reduction; or without withdrawals."""
    end = start_day
    for position in execution_order(served):
        extract = served[position]
        if withdrawals or not extract.withdrawal:
            end = nominal_end(end, extract.months, extract.days)
    return end


def withdrawn_days(extracts: Sequence[Extract], start_day: int) -> int:
    """Days to serve that come from withdrawals of reductions, on which no reduction is counted.

    Source
    ------
    Code de procédure pénale, art. D115-5, D116-1.
    """
    served = merged(extracts)
    end, found = start_day, 0
    for position in execution_order(served):
        extract = served[position]
        following = nominal_end(end, extract.months, extract.days)
        if extract.withdrawal:
            found += following - end
        end = following
    return found


def credit_parts(extract: Extract, judged_day: int, law: StatutesInForce) -> tuple[int, int, int]:
    """Automatic credit of one sentence judged on a day: months for full years, days for those over, cap of these in months.

    Source
    ------
    Code de procédure pénale, art. 721 before 2023, D115-1 (texts/remission.yaml).
    """
    if extract.withdrawal:
        return 0, 0, 0
    rules = law.remission
    if extract.recidive:
        first = rules.credit_months_first_year_recidive.at(judged_day)
        following = rules.credit_months_following_years_recidive.at(judged_day)
        by_month = rules.credit_days_per_month_recidive.at(judged_day)
        cap = rules.credit_part_cap_months_recidive.at(judged_day)
    else:
        first, following = rules.credit_months_first_year, rules.credit_months_following_years
        by_month, cap = rules.credit_days_per_month, rules.credit_part_cap_months
    years, months = divmod(extract.months, _YEAR)
    return (first + following * (years - 1) if years else 0), months * by_month, (cap if years else 0)


def credited_end(sentence: Sentence, extracts: Sequence[Extract], statutes: Statutes, language: Language) -> tuple[int, str]:
    """End of the sentences with the automatic credit of each off, and the operation that gives it.

    What was withdrawn is served after the sentences so reduced (D115-5). ``extracts``: the sentences that ``sentence`` is
    the sum of; it is one alone if there is none.
    """
    own = Extract(sentence.total_months, recidive=sentence.recidive, judged_day=sentence.sentenced_day)
    unit = {"en": "days", "fr": "jours"}[language]
    served, lines = merged(extracts) or (own,), []
    lost = [extract for extract in served if extract.withdrawal]
    end = sentence.end_day
    if lost:
        end = served_end(sentence.start_day, served, withdrawals=False)
    before = end
    for extract in served:
        judged = extract.judged_day if extract.judged_day >= 0 else sentence.sentenced_day
        facts = extract.facts_day if extract.facts_day >= 0 else sentence.facts_day
        judged = max(judged, statutes.rule(TOLD_SINCE).periods[0].from_day)
        law = replace(sentence, facts_day=facts).law(statutes, judged)
        if sentence.terrorism and not law.remission.credit_for_terrorism:
            continue
        months, days, cap = credit_parts(extract, judged, law)
        end = add_months(end, -months)
        capped = min(days, end - add_months(end, -cap)) if cap else days
        end -= capped
        said = [spanned(months, language)] if months else []
        if capped < days:
            said.append(f"{spanned(cap, language)} ({days} {unit})")
        elif days:
            said.append(f"{days} {unit}")
        if said:
            lines.append(" + ".join(said))
    if end == before:
        return sentence.end_day, ""
    operation = f"{dated(before, language)} − ({' + '.join(lines)})"
    for extract in lost:
        end = nominal_end(end, extract.months, extract.days)
        operation += f" + {spanned(extract.months, language)}" if extract.months else ""
        operation += f" + {extract.days} {unit}" if extract.days else ""
    return end, f"{operation} = {dated(end, language)}"
