"""The law: rules in force on a day, and the dated life of one sentence."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.api.scenario import language, read_law
from sim.api.words import Dated, day_number, told_in_python
from sim.dates import NEVER, day_of, iso
from sim.errors import RequestError, suggestion
from sim.law.adjustments import ADJUSTMENTS
from sim.law.rulebook.description import Change, RuleInForce, changes_between, rules_in_force
from sim.law.rulebook.quantum import read_quantum
from sim.law.rulebook.timeline import life_of
from sim.law.sentence import Sentence as Facts
from sim.law.statutes import Statutes
from sim.records.named import dates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas.api.typing import NaTType

    from sim.api.held import Which

CODES = tuple(adjustment.code for adjustment in ADJUSTMENTS)
"""Adjustments, as :meth:`Sentence.eligible` names them."""

_LONGEST_REMAND = 7_300


class Law:
    """The law on a day, as the texts have it or as a scenario changes it.

    Parameters
    ----------
    at
        Day of :meth:`rules`, and of the committal of :meth:`sentence` unless it says another; by default today. A sentence
        lives under the law of each of its days.
    scenario
        Whose changes of the law are made, also those no run would show (``told_only: true`` in its file); by default none.

    Examples
    --------
    >>> law = sortie.Law(at="2026-01-01")
    """

    def __init__(self, at: Dated | None = None, scenario: Which | None = None) -> None:
        self._day = day_of(date.today()) if at is None else day_number(at, "at")  # noqa: DTZ011 (a day of the calendar)
        with told_in_python():
            changed = None if scenario is None else read_law(scenario)
        self._statutes = Statutes.load() if changed is None else Statutes.load().amended(changed.amendments)
        self._of = "" if changed is None else f" under {changed.name}"

    def __repr__(self) -> str:
        return f"<Law on {iso(self._day)}{self._of}: {len(self._statutes.paths())} rules>"

    def rules(self, notion: str | None = None, lang: str = "en") -> pd.DataFrame:
        """List the rules in force on the day.

        Parameters
        ----------
        notion
            A notion of law, or LC, SL, PE, DDSE, LSC, LSC-PD, RP, 723-15; by default all.

        Returns
        -------
            ``path`` (``law.…``, what :meth:`Scenario.change` takes), ``label, value, article, basis, since, quality,
            reference, href, note, asked`` (whether a run reads it; else it is told only).

        Raises
        ------
        RequestError
            If there is no such notion.

        Examples
        --------
        >>> law.rules("LSC")[["path", "value", "article", "since"]]
        """
        with told_in_python():
            found = rules_in_force(self._statutes, self._day, notion, language(lang))
        return _frame(RuleInForce, found, "since")

    def changes(self, since: Dated, lang: str = "en") -> pd.DataFrame:
        """List what changed between an earlier day and this one: ``path, label, article, basis, before, after, on, reference``.

        Examples
        --------
        >>> law.changes(since="2023-01-01")
        """
        with told_in_python():
            found = changes_between(self._statutes, day_number(since, "since"), self._day, language(lang))
        return _frame(Change, found, "on")

    def sentence(
        self,
        quantum: str,
        *,
        committed: Dated | None = None,
        judged: Dated | None = None,
        remand: int = 0,
        recidive: bool = False,
        felony: bool = False,
        terrorism: bool = False,
        excluded: bool = False,
        removal: bool = False,
        born: Dated | None = None,
        child_born: Dated | None = None,
        child_due: Dated | None = None,
        surety_end: Dated | None = None,
        facts: Dated | None = None,
        on_officials: bool = False,
        ssj: bool = False,
        listed: bool = False,
        mobile_tag: bool = False,
        share_granted: float = 0.65,
        place: str = "MA",
    ) -> Sentence:
        """Describe a sentence, with the usual defaults of a délit.

        Parameters
        ----------
        quantum
            Firm part: ``"12 months"``, ``"2 years 15 days"``, ``"life"``.
        committed, judged
            Days of committal (*mise sous écrou*; by default that of the law) and of judgment (by default that of committal).
        remand
            Days of remand to credit, before the committal.
        recidive, felony, terrorism
            Legal recidivism, a felony or a terrorism offence among the sentences.
        excluded
            Excluded from release as of right by art. 720.
        removal
            Under a removal measure (OQTF, ITF …).
        born, child_born, child_due, surety_end
            Birth, birth of the youngest child living with the person, expected birth, end of the *période de sûreté*.
        facts
            Day of the facts: a harsher law of enforcement binds later ones only (CP 112-2). Not given, they count as recent.
        on_officials
            Violence on the public officials of art. 721-1-2: lower reductions, no release as of right.
        ssj, listed, mobile_tag
            Socio-judicial supervision incurred; a felony of art. 706-53-13; conditional release under a mobile tag (730-2).
        share_granted
            Share of each reduction that is granted.
        place
            Kind of prison: MA, MC, CSL, CD or SAS.

        Raises
        ------
        LawError, RequestError
            If the facts do not hold together.

        Examples
        --------
        >>> sentence = law.sentence("12 months", committed="2025-03-01")
        """
        with told_in_python():
            # What a program gives is not always what the signature says.
            text: Any = quantum
            held: Any = remand
            if not isinstance(text, str):
                msg = f"quantum: met {quantum!r}, expected a text such as '12 months' or '2 years 15 days', or 'life'."
                raise RequestError(msg)
            if isinstance(held, bool) or not isinstance(held, Integral):
                msg = f"remand: met {remand!r}, expected a whole number of days."
                raise RequestError(msg)
            flags: dict[str, Any] = {
                "recidive": recidive, "felony": felony, "terrorism": terrorism, "excluded": excluded, "removal": removal,
                "on_officials": on_officials, "ssj": ssj, "listed": listed, "mobile_tag": mobile_tag,
            }  # fmt: skip
            for word, flag in flags.items():
                if not isinstance(flag, bool | np.bool_):  # a text such as "no" would count as true
                    msg = f"{word}: met {flag!r}, expected True or False."
                    raise RequestError(msg)
            months, days, life = read_quantum(quantum)
            if not 0 <= remand <= _LONGEST_REMAND:
                msg = f"remand: met {remand}, expected 0 to {_LONGEST_REMAND:,} days."
                raise RequestError(msg)
            day = self._day if committed is None else day_number(committed, "committed")

            def given(value: Dated | None, what: str, otherwise: int) -> int:
                return otherwise if value is None else day_number(value, what)

            sentence = Facts.of(
                day,
                months,
                days=days,
                remand_days=remand,
                sentenced_day=given(judged, "judged", day),
                life=life,
                felony=felony or life,
                recidive=recidive,
                terrorism=terrorism,
                lsc_excluded=excluded or on_officials,
                removal=removal,
                # Without a birth the variant of seventy years must stay shut: any recent day does.
                birth_day=given(born, "born", day),
                child_born_day=given(child_born, "child_born", NEVER),
                child_due_day=given(child_due, "child_due", NEVER),
                surety_end_day=given(surety_end, "surety_end", -1),
                facts_day=given(facts, "facts", -1),
                on_officials=on_officials,
                ssj_incurred=ssj,
                listed_felony=listed,
                mobile_tag=mobile_tag,
            )
            return Sentence(quantum, sentence, self._statutes, share_granted, place)


def _frame(kind: type, rows: Sequence[Any], dated: str) -> pd.DataFrame:
    names = [field.name for field in fields(kind)]
    frame = pd.DataFrame([tuple(getattr(row, name) for name in names) for row in rows], columns=names)
    frame["path"] = [f"law.{path}" for path in frame["path"]]
    frame[dated] = pd.to_datetime(frame[dated]).astype("datetime64[s]")
    return frame


class Sentence:
    """One sentence under the law. Made by :meth:`Law.sentence`."""

    def __init__(self, quantum: str, facts: Facts, statutes: Statutes, share_granted: float, place: str) -> None:
        self._quantum = quantum
        self._facts = facts
        self._lived = {
            lang: life_of(facts, statutes, share_granted=share_granted, place=place, language=language(lang))
            for lang in ("en", "fr")
        }

    def __repr__(self) -> str:
        return f"<Sentence {self._quantum}, committed {iso(self._facts.committed_day)}: {len(self._lived['en'])} dates>"

    def timeline(self, lang: str = "en") -> pd.DataFrame:
        """Tell the dated life of the sentence: reductions, every eligibility, who decides, legal deadlines, end.

        Returns
        -------
            ``date, event, label, article, decider, operation, note``, in order; ``NaT`` for what never comes. ``operation`` is
            how the day is found: ``880 days ÷ 2 = 440``.

        Examples
        --------
        >>> sentence.timeline()
        """
        rows = self._lived[language(lang)]
        frame = pd.DataFrame(
            [(row.event, row.label, row.article, row.decider, row.operation, row.note) for row in rows],
            columns=["event", "label", "article", "decider", "operation", "note"],
        )
        frame.insert(0, "date", dates_of(np.array([row.day for row in rows], dtype=np.int64)))
        return frame

    def eligible(self, adjustment: str) -> pd.Timestamp | NaTType:
        """Return the first day on which an adjustment is open to this sentence; ``NaT`` if it never is.

        Parameters
        ----------
        adjustment
            LC, SL, PE, DDSE, LSC or LSC-PD.

        Raises
        ------
        RequestError
            If there is none of that name.

        Examples
        --------
        >>> sentence.eligible("LSC")
        """
        code = adjustment.upper()
        if code not in CODES:
            msg = f"no adjustment '{adjustment}'.{suggestion(code, CODES)} There are: {', '.join(CODES)}."
            raise RequestError(msg)
        days = [row.day for row in self._lived["en"] if row.event == code]
        return pd.Timestamp(iso(min(days))) if days else pd.NaT
