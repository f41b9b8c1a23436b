"""What a case may ask: one function a question, over the public functions of the law.

A case gives a sentence in the registry's words, the day whose law applies, and what is expected; this module turns it
into calls. Days are written as ISO dates, ``never`` when they do not come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from sim.dates import NEVER, day_of, iso
from sim.law import Amendment, Sentence, Statutes, calendar, leave, long_sentences, procedure, remission, withdrawal
from sim.law import sentence as arithmetic
from sim.law.adjustments import ADJUSTMENTS
from sim.law.adjustments.release_under_constraint import examined
from sim.law.adjustments.release_under_constraint_as_of_right import (
    breach_max_days,
    lawful_refusal,
    listed_exclusion,
    open_from,
)
from sim.law.reinforced import reinforced
from sim.law.rulebook import (
    allocation,
    delays,
    execution,
    first_days,
    foreigners,
    free_convicts,
    minors,
    penalties,
    pregnancy,
    remand,
    sentencing,
    simplified,
    special_remission,
    supervision,
    suspension,
)
from sim.law.rulebook.timeline import life_of
from sim.law.two_thirds import refusal_is_reasoned

FLAGS = {
    "recidive",
    "felony",
    "terrorism",
    "lsc_excluded",
    "removal",
    "ssj_incurred",
    "listed_felony",
    "mobile_tag",
    "on_officials",
}
BY_CODE = {adjustment.code: adjustment for adjustment in ADJUSTMENTS}
_PART = re.compile(r"(\d+) (year|month|day)s?")


def quantum(text: str) -> tuple[int, int, bool]:
    """Months, days, and whether for life."""
    if text == "life":
        return 0, 0, True
    months = days = 0
    assert not _PART.sub("", text).strip(), f"cannot read the quantum {text!r}"
    for count, unit in _PART.findall(text):
        if unit == "day":
            days += int(count)
        else:
            months += int(count) * (12 if unit == "year" else 1)
    return months, days, False


def days(value: Any) -> Any:
    """Dates as day numbers, all the way down."""
    if isinstance(value, date):
        return day_of(value)
    if isinstance(value, dict):
        return {key: days(item) for key, item in value.items()}
    return [days(item) for item in value] if isinstance(value, list) else value


def sentence_of(spec: dict[str, Any]) -> Sentence:
    """The sentence of a case; ``reduced`` days are already off its end."""
    spec = days(spec)
    months, more, life = quantum(spec.pop("quantum"))
    flags = spec.pop("flags", [])
    assert set(flags) <= FLAGS, f"unknown flag in {flags}"
    reduced = spec.pop("reduced", 0)
    made = Sentence.of(
        spec.pop("committed"),
        months,
        days=more,
        remand_days=spec.pop("remand", 0),
        sentenced_day=spec.pop("judged", None),
        life=life,
        birth_day=spec.pop("born", day_of(date(1995, 1, 1))),
        child_born_day=spec.pop("child_born", NEVER),
        child_due_day=spec.pop("child_due", NEVER),
        surety_end_day=spec.pop("surety_end", -1),
        facts_day=spec.pop("facts", -1),
        **dict.fromkeys(flags, True),
    )
    assert not spec, f"unknown in the sentence: {sorted(spec)}"
    made.end_day -= reduced
    return made


@dataclass
class Asked:
    """What a question has at hand."""

    sentence: Sentence | None
    statutes: Statutes
    day: int
    given: dict[str, Any]

    @property
    def law(self):
        if self.sentence is not None:
            return self.sentence.law(self.statutes, self.day)
        return self.statutes.dated().at(self.day, facts_day=self.given.pop("facts", None))


def plain(value: Any) -> Any:
    """Enumerations, tuples and sets as a case writes them."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def dated(value: int | None) -> str:
    return "none" if value is None else "none" if value == -1 else iso(value)


def eligible(q: Asked):
    seen = pregnancy.as_seen_on(q.sentence, q.day, q.law)
    return {code: iso(first_days.first_day_of(a, seen, q.law, q.given.get("share", 0))) for code, a in BY_CODE.items()}


def reviews(q: Asked):
    """All examinations in order, a share of each being granted: day, most days, end after it."""
    sentence, found, after = q.sentence, [], q.sentence.sentenced_day
    share, sentence.on_officials = q.given.get("share", 1), q.given.get("on_officials", sentence.on_officials)
    sentence.end_day = remission.reduced_end(sentence, remission.credit_days(sentence, q.law), q.law)
    while review := remission.next_review(sentence, after, q.law):
        sentence.end_day = remission.reduced_end(sentence, round(share * review.max_days), q.law)
        found.append([iso(review.day), review.max_days, iso(sentence.end_day)])
        after = review.day
    return found


def life(q: Asked):
    """Lines of the life of a sentence, by event: their dates; with ``say``, the line of one event in words."""
    given = q.given
    said = given.pop("say", None)
    rows = life_of(q.sentence, q.statutes, share_granted=given.pop("share", 1), **given)
    if said is None:
        return {row.event: iso(row.day) for row in reversed(rows)}
    row = next(row for row in rows if row.event == said)
    return {"day": iso(row.day), "article": row.article, "decider": row.decider, "operation": row.operation, "note": row.note}


def lives_of_several(q: Asked):
    """The same for several sentences under one committal."""
    given = q.given
    extracts = []
    for spec in given.pop("sentences"):
        months, more, _ = quantum(spec.pop("quantum"))
        judged, facts = spec.pop("judged", -1), spec.pop("facts", -1)
        extracts.append(execution.Extract(months, more, judged_day=judged, facts_day=facts, **spec))
    born = given.pop("born", day_of(date(1995, 1, 1)))
    made = execution.under_committal(extracts, given.pop("committed"), remand_days=given.pop("remand", 0), birth_day=born)
    rows = life_of(made, q.statutes, share_granted=given.pop("share", 1), extracts=extracts, **given)
    over = made.total_days - (arithmetic.add_months(made.start_day, made.total_months) - made.start_day)
    return {row.event: iso(row.day) for row in reversed(rows)} | {"total": f"{made.total_months} months {over} days"}


def leaves(q: Asked):
    final = q.given.get("final", q.sentence.sentenced_day)
    return {
        found.kind: [found.max_days, iso(found.from_day)]
        for found in leave.leaves(q.sentence, q.given["place"], final, q.law, for_release=q.given.get("for_release", False))
    }


def order(q: Asked):
    extracts = []
    for spec in q.given["extracts"]:
        months, more, _ = quantum(spec.pop("quantum"))
        extracts.append(execution.Extract(months, more, **spec))
    return {"order": list(execution.execution_order(extracts)), "total": list(execution.total(extracts))}


def strictest(q: Asked):
    """Caps of the sentence of the case and of others served with it, each as a case writes it."""
    others = [sentence_of(dict(spec)) for spec in q.given["others"]]
    return list(special_remission.strictest_caps([q.sentence, *others], q.law))


def allowed(q: Asked):
    """Whether a penalty may be pronounced: ``with: {penalty: name, …}``."""
    given = q.given
    match given.pop("penalty"):
        case "community work":
            return penalties.community_work_allowed(given["hours"], q.day, q.law)
        case "day fines":
            return penalties.day_fines_allowed(given["count"], given["euros"], q.day, q.law)
        case "contrainte pénale":
            return penalties.contrainte_penale_allowed(given["months"], given["years"], q.day, q.law)
        case "reinforced probation":
            return penalties.reinforced_probation_allowed(q.day, q.law)
        case "réclusion":
            return penalties.felony_sentence_allowed(given["years"], given["incurred"], q.day, q.law)
    return None


def firm(given: dict[str, Any]) -> tuple[int, int]:
    months, more, _ = quantum(given.pop("firm"))
    return months, more


def duty(q: Asked):
    months, more = firm(q.given)
    return sentencing.duty(months, q.day, q.law, firm_days=more, **q.given)


def who(q: Asked):
    matter = q.given["matter"]
    found = procedure.competence(BY_CODE.get(matter, matter), q.sentence, q.day, q.law)
    return [found.court, found.form, found.article]


def removal(q: Asked):
    given = dict(q.given)
    adjustment = BY_CODE[given.pop("adjustment")]
    effect = foreigners.removal_effect(adjustment, q.sentence, q.law)
    return [effect.value, foreigners.may_be_granted(adjustment, q.sentence, q.law, **given)]


QUESTIONS = {
    # adjustments
    "eligible": eligible,
    "excluded": lambda q: sorted(code for code, a in BY_CODE.items() if first_days.excluded(a, q.sentence, q.law)),
    "removal": removal,
    "listed exclusion": lambda q: listed_exclusion(q.law, **q.given),
    "lawful refusal": lambda q: lawful_refusal(q.law, **q.given) or "none",
    "examined": lambda q: examined(q.law, **q.given),
    "refusal is reasoned": lambda q: refusal_is_reasoned(q.law),
    "open from": lambda q: open_from(q.given["measure"], q.law),
    "breach": lambda q: breach_max_days(q.sentence, q.day, q.given["reductions"], q.law),
    "revocation": lambda q: supervision.revocation_max_days(q.sentence, q.day),
    # whole lives
    "life": life,
    "several": lives_of_several,
    # arithmetic
    "dates": lambda q: {
        "end": iso(q.sentence.end_day),
        "half": iso(arithmetic.half_day(q.sentence)),
        "two thirds": iso(arithmetic.two_thirds_day(q.sentence)),
    },
    "served and remaining": lambda q: [arithmetic.served(q.sentence, q.day), arithmetic.remaining(q.sentence, q.day)],
    "court": lambda q: arithmetic.competent_court(q.sentence, q.day, q.law),
    "order": order,
    "working days": lambda q: iso(calendar.working_days_after(q.day, q.given["count"])),
    "prorogued": lambda q: iso(calendar.prorogued(q.day)),
    # reductions
    "regime": lambda q: remission.regime(q.sentence.committed_day, q.law),
    "credit": lambda q: remission.credit_days(q.sentence, q.law),
    "caps": lambda q: list(remission.caps(replace(q.sentence, **q.given), q.law)),
    "reviews": reviews,
    "withdrawal": lambda q: withdrawal.withdrawal_max_days(q.sentence, q.given["granted_on"], q.given["granted"], q.day, q.law),
    "exceptional": lambda q: [
        special_remission.exceptional_max_days(q.sentence, q.law, **q.given),
        special_remission.exceptional_court(q.sentence, q.law, **q.given),
    ],
    "reduced end": lambda q: iso(remission.reduced_end(q.sentence, q.given["reductions"], q.law)),
    "strictest caps": strictest,
    "reductions open": lambda q: special_remission.reductions_open(q.law, **q.given),
    "lost on leave": lambda q: special_remission.lost_on_leave_max_days(q.given["granted"], q.law),
    # sentencing
    "penalty": allowed,
    "longest prison": lambda q: penalties.longest_prison_months(q.given.pop("years"), q.day, q.law, **q.given),
    "committed at once": lambda q: penalties.felony_committed_at_once(q.day, q.law, **q.given),
    "longest SSJ": lambda q: penalties.longest_socio_judicial_years(q.day, q.law, **q.given) or "no limit",
    "SSJ breach": lambda q: penalties.socio_judicial_breach_months(q.day, q.law, **q.given),
    "community work until": lambda q: iso(penalties.community_work_end_day(q.day, q.given["judged"], q.law)),
    "duty": duty,
    "committals": lambda q: sentencing.committals(firm(q.given)[0], q.day, q.law, **q.given),
    "deferred summons": lambda q: iso(sentencing.deferred_summons_day(q.day, q.law)),
    "terms": lambda q: iso(sentencing.terms_day(q.day, q.law, **q.given)),
    "DDSE sentence": lambda q: sentencing.home_detention_sentence_allowed(q.given.pop("days"), q.day, q.law, **q.given),
    "DDSE early end": lambda q: iso(sentencing.home_detention_early_end_day(q.day, q.given["end"], q.law)),
    "suspended": lambda q: sentencing.suspension_allowed(
        q.given["months"], q.day, q.law, prison_in_last_years=q.given.get("years_since_prison")
    ),
    "probation": lambda q: sentencing.probation_allowed(
        q.given.pop("prison"), q.given.pop("probation"), q.day, q.law, **q.given
    ),
    "shortest felony": lambda q: sentencing.shortest_felony_months(q.day, q.law, **q.given),
    # free convicts
    "723-15": lambda q: free_convicts.eligible(q.sentence, q.law, **q.given),
    "723-15 must adjust": lambda q: free_convicts.must_adjust(q.sentence, q.law),
    "convertible": lambda q: free_convicts.convertible(q.sentence, q.law),
    "723-15 measures": lambda q: free_convicts.measures_open(q.sentence, q.law),
    "723-15 enforced": lambda q: free_convicts.may_be_enforced(q.given.pop("informed"), q.day, q.law, **q.given),
    # Told to the judge on the day the sentence is final.
    "723-15 delays": lambda q: {k: dated(v) for k, v in free_convicts.delays(q.day, q.law, final_day=q.day)._asdict().items()},
    # procedure
    "who decides": who,
    "final": lambda q: iso(procedure.final_day(q.day, q.law)),
    "yearly review": lambda q: iso(procedure.yearly_review_day(q.day, q.law)),
    "delay": lambda q: iso(delays.ends(q.given["rule"], q.day, q.statutes)),
    "delay before": lambda q: iso(delays.begins(q.given["rule"], q.day, q.statutes)),
    "simplified approval": lambda q: dated(simplified.approval_day(q.day, q.law)),
    "SEFIP": lambda q: iso(simplified.end_tagging_day(q.sentence, q.law)),
    "deadline": lambda q: iso(procedure.decision_deadline(q.day, q.given["form"], q.law)),
    "appeal end": lambda q: iso(procedure.appeal_end_day(q.day, q.given.pop("form"), q.law, **q.given)),
    "enforceable": lambda q: iso(procedure.enforceable_day(q.day, q.law, **q.given)),
    "suspends": lambda q: procedure.appeal_suspends(q.day, q.given["notified"], q.law),
    "lapsed": lambda q: procedure.has_lapsed(q.given["appeal"], q.day, q.law),
    "bar end": lambda q: iso(procedure.bar_end_day(q.day, q.given["form"], q.law)),
    "earliest hearing": lambda q: iso(procedure.earliest_hearing_day(q.day, q.law)),
    "incident": lambda q: iso(procedure.incident_deadline(q.day, q.law)),
    "undignified": lambda q: dated(procedure.undignified_conditions_deadline(q.day, q.law)),
    # leave, allocation
    "leaves": leaves,
    "kinds of leave": lambda q: sorted(leaves(q)),
    "leave on a measure": lambda q: iso(leave.leave_on_a_measure_from(q.sentence, q.day, q.law)),
    "leave decided by": lambda q: leave.leave_decider(q.law, **q.given),
    "remand prison": lambda q: allocation.may_stay_in_remand_prison(q.sentence, q.day, q.law),
    "transfer due": lambda q: dated(allocation.transfer_due_day(q.sentence, q.day, q.law)),
    "orientation file": lambda q: allocation.orientation_file_compulsory(q.sentence, q.day, q.law),
    "papers block": lambda q: allocation.missing_papers_block(q.sentence, q.day, q.law),
    "allocated by": lambda q: allocation.decider(q.sentence, q.day, q.law, **q.given),
    "SAS": lambda q: dated(allocation.release_preparation_day(q.sentence, q.law)),
    # remand
    "remand possible": lambda q: remand.remand_possible(q.given.pop("years"), q.law, **q.given),
    "remand ceiling": lambda q: remand.ceiling_months(q.given.pop("years"), q.law, **q.given),
    "remand terms": lambda q: list(remand.remand_terms(q.given.pop("ceiling"), q.law, **q.given)),
    "deferred hearing open": lambda q: remand.deferred_hearing_open(q.given["years"], q.law),
    "trial deadline": lambda q: remand.trial_deadline_months(q.given.pop("court"), q.law, **q.given),
    "fast track open": lambda q: remand.fast_track_open(q.given.pop("years"), q.law, **q.given),
    "fast track hearing": lambda q: iso(remand.fast_track_hearing_day(q.day, q.law)),
    "fast track": lambda q: [iso(day) for day in remand.fast_track(q.day, q.given["years"], q.law)],
    "deferred hearing": lambda q: dated(remand.deferred_hearing_day(q.day, q.law)),
    # suspension
    "court splits": lambda q: suspension.court_may_split(q.given.pop("months"), q.day, q.law, **q.given),
    "suspension from": lambda q: iso(suspension.judge_may_suspend_from(q.sentence, q.law, **q.given)),
    "medical court": lambda q: procedure.medical_court(q.sentence, q.day, q.law, **q.given),
    "provisional hearing": lambda q: iso(procedure.provisional_hearing_day(q.day, q.given["court"], q.law)),
    "released on": lambda q: iso(calendar.released_on(q.day)),
    "minor remand": lambda q: [
        f"{n} {unit}" for n, unit in minors.remand_terms(q.given.pop("age"), q.given.pop("years"), q.law, **q.given)
    ],
    "minor prison": lambda q: minors.longest_prison_years(q.given.pop("years"), q.law, **q.given),
    "suspension until": lambda q: iso(suspension.longest_suspension_end_day(q.day, q.law)),
    "medical": lambda q: suspension.medical_suspension_open(q.sentence, q.day, q.law, **q.given),
    "medical reports": lambda q: suspension.medical_reports_needed(q.law, **q.given),
    "medical release": lambda q: iso(suspension.medical_release_day(q.day, q.law)),
    # long sentences
    "automatic surety": lambda q: dated(long_sentences.automatic_surety_end(q.sentence, q.law, **q.given)),
    "longest surety": lambda q: dated(long_sentences.longest_surety_end(q.sentence, q.law, **q.given)),
    "reinforced": lambda q: reinforced(q.sentence, q.law),
    "probation window": lambda q: [iso(day) for day in long_sentences.probation_window(q.day, q.law)],
    "assessment": lambda q: iso(long_sentences.assessment_deadline(q.day, q.law)),
    "life trial end": lambda q: iso(long_sentences.life_trial_end(q.sentence, q.law, **q.given)),
    "LC supervision": lambda q: [iso(d) for d in long_sentences.supervision_end_range(q.sentence, q.day, q.law)],
    # supervision
    "721-2": lambda q: dated(supervision.reduction_supervision_end(q.day, q.given.pop("reductions"), q.law, **q.given)),
    "no contact": lambda q: dated(supervision.no_contact_end(q.day, q.given["reductions"], q.law)),
    "judicial supervision": lambda q: supervision.judicial_supervision_open(q.sentence, q.law, **q.given),
    "judicial supervision end": lambda q: dated(supervision.judicial_supervision_end(q.day, q.given["reductions"], q.law)),
    "reduction breach": lambda q: supervision.reduction_breach_max_days(q.given["reductions"], q.law),
    "care bars release": lambda q: long_sentences.release_barred_by_refusal_of_care(q.law, **q.given),
    "security notice": lambda q: supervision.security_notice(q.sentence, q.law),
    "first appointment": lambda q: dated(supervision.first_appointment_day(q.day, q.given["adjustment"], q.law)),
    # a rule itself
    "rule": lambda q: {path: q.statutes.value(path, q.day) for path in q.given["paths"]},
}


def amended(statutes: Statutes, changes: list[dict[str, Any]]) -> Statutes:
    """The statutes with the changes of a case: ``{on, set|scale|add, to|by, applies_to}`` as in a scenario."""
    made = []
    for change in changes:
        operation = next(name for name in ("set", "scale", "add") if name in change)
        value = change["to" if operation == "set" else "by"]
        made.append(
            Amendment(
                change[operation],
                day_of(change["on"]),
                operation,
                value,
                change.get("applies_to", "everyone"),
            )
        )
    return statutes.amended(made)
