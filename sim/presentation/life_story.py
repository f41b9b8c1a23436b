"""One simulated life in sentences, in the two languages, from the movements and exits that a run wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.dates import DAYS_PER_MONTH, parse_day
from sim.records.codes import Answer, Cause, LeaveEnd, Movement, Offence, Outcome, Purpose

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from sim.presentation.texts import Texts
    from sim.records.tables import Codebook


class Moment(NamedTuple):
    """One line of a life."""

    day: int
    text: str
    legal: bool
    """A date that the law sets, rather than something that happened."""


def portrait(t: Texts, exits: pd.DataFrame) -> str:
    """Say who the person is, from their first exit."""
    if not len(exits):
        return t("portrait.inside")
    row = exits.iloc[0]
    words = [
        t("portrait.woman" if row["female"] else "portrait.man"),
        t("portrait.age", n=int(row["age"])),
        t("portrait.foreign" if row["foreign"] else "portrait.french"),
    ]
    if row["removal"]:
        words.append(t("portrait.removal"))
    words.append(
        t("portrait.crime" if row["felony"] else "portrait.delit", offence=t(f"offence.{Offence(int(row['offence'])).name}"))
    )
    if row["quantum_days"]:
        words.append(t("portrait.quantum", span=span(t, int(row["quantum_days"]))))
    if row["homeless"]:
        words.append(t("portrait.homeless"))
    return t("portrait.all", words=", ".join(words))


def legal_dates(t: Texts, exits: pd.DataFrame) -> list[Moment]:
    """Dates that the law sets: first eligibility, end of the sentence as it stood at the exit."""
    found = []
    for row in exits.to_dict("records"):
        if row["eligible_day"] >= 0:
            found.append(Moment(int(row["eligible_day"]), t("legal.eligible"), legal=True))
        if row["end_day"] >= 0:
            found.append(Moment(int(row["end_day"]), t("legal.end"), legal=True))
    return list(dict.fromkeys(found))


def moments(t: Texts, life: pd.DataFrame, codebook: Codebook, start: str) -> list[Moment]:
    """Tell the movements of one person, in order."""
    told = []
    if len(life) and life["movement"].iloc[0] != Movement.COMMITTED:
        told.append(Moment(parse_day(start), t("event.already"), legal=False))
    stay = 0
    rows = life.to_dict("records")
    lost = {_lost_at(rows, last) for last, row in enumerate(rows) if row["movement"] == Movement.RELEASED and row["value"] > 0}
    for place, row in enumerate(rows):
        text = _sentence(t, row, codebook)
        if place in lost:
            text += " " + t("event.lost")
        if row["movement"] == Movement.COMMITTED and row["stay"] > stay:
            stay = row["stay"]
            text += " " + t("event.again")
        told.append(Moment(int(row["day"]), text, legal=False))
    return told


_DECISIONS = (Movement.HEARD, Movement.EXAMINED)
_AT = {
    Cause.NO_COUNSELLOR: (Movement.TRANSFERRED,),
    Cause.FILE_NOT_READY: (Movement.FILE_OPENED, Movement.ASSIGNED),
    Cause.NOT_HEARD: (Movement.REQUESTED,),
    Cause.REFUSED_PROJECT: _DECISIONS,
    Cause.REFUSED_RISK: _DECISIONS,
    Cause.NO_HOUSING: _DECISIONS,
    Cause.NO_PLACE_SL: _DECISIONS,
    Cause.NO_PLACE_PE: _DECISIONS,
    Cause.NO_DEVICE: _DECISIONS,
    Cause.REMOVAL_MEASURE: _DECISIONS,
    Cause.GRANTED_TOO_LATE: _DECISIONS,
    Cause.DECLINED_RELEASE: _DECISIONS,
    Cause.DECLINED_EXAMINED: _DECISIONS,
    Cause.NOT_INFORMED: _DECISIONS,
    Cause.MEASURE_WITHDRAWN: (Movement.WITHDRAWN,),
}
"""Movements at which a race is lost, by cause; where a stay has none, and for the other causes, it was at the judgment."""
_BEGUN = (Movement.COMMITTED, Movement.CONVICTED)


def _lost_at(rows: Sequence[Mapping[Hashable, Any]], last: int) -> int:
    """Place of the movement at which the race with the end was lost, for a dry release at ``last``; ``last`` if unknown."""
    kinds = _AT.get(Cause(int(rows[last]["value"]) - 1), ())
    stay = [place for place in range(last) if rows[place]["stay"] == rows[last]["stay"]]
    for wanted in (kinds, _BEGUN):
        found = [place for place in stay if rows[place]["movement"] in wanted]
        if found:
            return found[-1]
    return last


def span(t: Texts, days: int) -> str:
    """Write a length of time as people say it."""
    if days == 1:
        return t("span.day")
    if days < 60:
        return t("span.days", n=days)
    months = round(days / DAYS_PER_MONTH)
    if months < 36:
        return t("span.months", n=months)
    years, rest = divmod(months, 12)
    return t("span.years_months", years=years, months=rest) if rest else t("span.years", years=years)


def _sentence(t: Texts, row: Mapping[Hashable, Any], codebook: Codebook) -> str:
    detail, value = int(row["detail"]), int(row["value"])
    movement = Movement(int(row["movement"]))
    quarter = int(row["quarter"])
    where = codebook.quarters[quarter] if 0 <= quarter < len(codebook.quarters) else ""
    facts = {"where": where, "span": span(t, max(value, 0)), "hours": t.number(value / 10)}
    if movement is Movement.COMMITTED:
        facts["stream"] = t.name("stream", codebook.streams[detail]) if 0 <= detail < len(codebook.streams) else ""
    elif movement in {Movement.FILE_OPENED, Movement.REQUESTED}:
        facts["measure"] = _measure(t, codebook.adjustments, detail)
    elif movement is Movement.HEARD:
        facts["outcome"] = t(f"outcome_of.{Outcome(detail).name}")
    elif movement is Movement.EXAMINED:
        facts |= {"outcome": t(f"outcome_of.{Outcome(detail).name}"), "measure": _measure(t, codebook.adjustments, value)}
    elif movement is Movement.PLACED:
        facts |= {"measure": _measure(t, codebook.regimes, detail), "granted": _measure(t, codebook.adjustments, value)}
        if facts["measure"] == facts["granted"]:
            return t("event.PLACED.same", **facts)
    elif movement is Movement.WITHDRAWN:
        facts["measure"] = _measure(t, codebook.regimes, detail)
    elif movement in {Movement.LEAVE_DECIDED, Movement.INCIDENT}:
        facts |= _answered(t, movement, detail, value, codebook)
    elif movement is Movement.TRANSFERRED:
        facts["from_"] = codebook.quarters[value] if 0 <= value < len(codebook.quarters) else "–"
    elif movement is Movement.RELEASED and value > 0:
        return t("event.RELEASED.dry", cause=t(f"cause.{Cause(value - 1).name}"))
    elif movement is Movement.RELEASED and detail >= 0:
        return t("event.RELEASED.measure", measure=_measure(t, codebook.regimes, detail))
    silent = {Movement.COMMITTED, Movement.CONVICTED, Movement.ASSIGNED, Movement.FURTHER}
    nothing = movement in silent and value <= 0
    lost = movement is Movement.REMITTED and value < 0
    facts |= {"span": span(t, -value)} if lost else {}
    return t(f"event.{movement.name}{'.lost' if lost else '.at_once' if nothing else ''}", **facts)


def _answered(t: Texts, movement: Movement, detail: int, value: int, codebook: Codebook) -> dict[str, str]:
    if movement is Movement.INCIDENT:
        return {"measure": _measure(t, codebook.regimes, detail), "answer": t(f"answer_of.{Answer(value).name}")}
    return {"purpose": t(f"purpose.{Purpose(detail).name}"), "result": t(f"leave_end.{LeaveEnd(value).name}")}


def _measure(t: Texts, names: tuple[str, ...], code: int) -> str:
    return t.name("measure", names[code]) if 0 <= code < len(names) else t("measure.none")
