"""Facts of a sentence that cannot be, or that leave its dates in doubt: said beside the answer, never passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months, iso, parse_day
from sim.errors import LawError
from sim.law.reinforced import reinforced
from sim.law.rulebook.minors import OF_AGE, OLDER, minor_at_facts
from sim.law.rulebook.remand import ceiling_months, trial_deadline_months
from sim.law.rulebook.words import dated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.law.rulebook.execution import Extract
    from sim.law.rulebook.words import Language
    from sim.law.sentence import Sentence
    from sim.law.statutes import Statutes

TOLD_FROM = parse_day("2005-01-01")
"""First day of most texts."""
REINFORCED_FROM = parse_day("2012-01-01")
"""Art. 730-2 in force."""
_YOUNGEST = 13
_GRAVEST_YEARS = 30
_HEAVIEST_YEARS = 10
_YOUNG_YEARS = 20
"""Most that replaces life for who was under sixteen (CJPM L121-5)."""
_FIRST, _LAST = parse_day("1971-01-01"), parse_day("2100-12-31")
"""Nobody committed before is left; day numbers below zero also mean *none* in a sentence."""
_LONGEST_YEARS = 80
"""Sentences added up may be long; the calendar of :mod:`sim.dates` has an end."""


def possible(sentence: Sentence) -> None:
    """Refuse dates that cannot be those of one sentence.

    Raises
    ------
    LawError
        If a day is out of the calendar, or does not come where it should.
    """
    days = {"committed": sentence.committed_day, "judged": sentence.sentenced_day, "begun": sentence.start_day}
    for what, day in days.items():
        if not _FIRST <= day <= _LAST:
            msg = f"{what} on {iso(day)}; expected a day from {iso(_FIRST)} to {iso(_LAST)}"
            raise LawError(msg)
    if sentence.birth_day > sentence.committed_day:
        msg = f"born on {iso(sentence.birth_day)}, after the committal of {iso(sentence.committed_day)}"
        raise LawError(msg)
    if not sentence.life and sentence.end_day > add_months(sentence.start_day, 12 * _LONGEST_YEARS):
        msg = f"a sentence that ends on {iso(sentence.end_day)}; expected {_LONGEST_YEARS} years at most"
        raise LawError(msg)
    surety = sentence.surety_end_day
    if surety != -1 and not sentence.start_day < surety <= sentence.end_day:
        msg = f"minimum term that ends on {iso(surety)}; expected a day of the sentence, {iso(sentence.start_day)} to "
        msg += iso(sentence.end_day)
        if sentence.life:
            msg = f"minimum term that ends on {iso(surety)}; expected a day after {iso(sentence.start_day)}"
        raise LawError(msg)


def refused(sentence: Sentence, language: Language, extracts: Sequence[Extract] = ()) -> None:
    """Refuse facts that no court could have before it, and penalties that it could not pronounce on a minor.

    ``extracts``: the sentences that ``sentence`` is the sum of; it is one alone if there is none.

    Raises
    ------
    LawError
        If the person was under thirteen, or a minor who is given a minimum term or more than the most a minor may have; if the
        facts come after the judgment.

    Source
    ------
    CJPM, art. L121-5, L121-7.
    """
    facts = sentence.facts_day if sentence.facts_day >= 0 else sentence.committed_day
    born_known = sentence.birth_day < sentence.committed_day
    if born_known and facts < add_months(sentence.birth_day, 12 * _YOUNGEST):
        msg = {
            "en": f"born on {dated(sentence.birth_day, 'en')}: under thirteen at the facts, no prison may be pronounced",
            "fr": f"né le {dated(sentence.birth_day, 'fr')} : moins de treize ans aux faits, aucune peine de prison possible",
        }[language]
        raise LawError(msg)
    if sentence.facts_day > sentence.sentenced_day:
        msg = {
            "en": f"facts of {dated(sentence.facts_day, 'en')}, after the judgment of {dated(sentence.sentenced_day, 'en')}",
            "fr": f"faits du {dated(sentence.facts_day, 'fr')}, après le jugement du {dated(sentence.sentenced_day, 'fr')}",
        }[language]
        raise LawError(msg)
    if minor_at_facts(sentence):
        _refused_to_a_minor(sentence, language, extracts)


def _refused_to_a_minor(sentence: Sentence, language: Language, extracts: Sequence[Extract]) -> None:
    """Refuse a minimum term, life, and more than twenty years below sixteen at the facts, thirty from then on."""
    if sentence.surety_end_day != -1:
        msg = {
            "en": "minimum term: none applies to who was a minor at the facts (CJPM L121-5 al. 4); take --surety-end out",
            "fr": "période de sûreté : aucune pour un mineur aux faits (CJPM L121-5 al. 4) ; retirez --surety-end",
        }[language]
        raise LawError(msg)
    longest = max([extract.months for extract in extracts if not extract.withdrawal], default=sentence.total_months)
    facts = sentence.facts_day if sentence.facts_day >= 0 else sentence.committed_day
    young = facts < add_months(sentence.birth_day, 12 * OLDER)
    years, article = (_YOUNG_YEARS, "CJPM L121-5") if young else (_GRAVEST_YEARS, "CJPM L121-7")
    if sentence.life or longest > 12 * years:
        msg = {
            "en": f"a minor at the facts, {'under' if young else 'from'} sixteen: {years} years at most, not life ({article})",
            "fr": f"mineur aux faits, {'moins' if young else 'plus'} de seize ans : {years} ans au plus, jamais la perpétuité "
            f"({article})",
        }[language]
        raise LawError(msg)


def doubts(
    sentence: Sentence, statutes: Statutes, share: float, language: Language, extracts: Sequence[Extract] = ()
) -> Iterator[str]:
    """What a reader must know before trusting the dates of a sentence, or of the sum of ``extracts``, one sentence each."""

    def say(en: str, fr: str) -> str:
        return en if language == "en" else fr

    yield from _of_the_file(sentence, statutes, language)
    longest = max([(extract.months, extract.days) for extract in extracts], default=(sentence.total_months, 0))
    if longest > (12 * _GRAVEST_YEARS, 0) and not sentence.life:
        yield say(
            f"More than {_GRAVEST_YEARS} years: the longest term of a felony, below life (CP 131-1); several sentences?",
            f"Plus de {_GRAVEST_YEARS} ans : le maximum de la réclusion à temps (CP 131-1) ; plusieurs peines ?",
        )
    known = sentence.law(statutes, max(sentence.sentenced_day, REINFORCED_FROM))
    if 0 <= sentence.facts_day < REINFORCED_FROM and reinforced(sentence, known):
        yield say(
            "Facts before 2012: that art. 730-2 reaches them is recalled (Crim. 4 April 2013), not read. If it does not, no "
            "measure comes first: conditional release opens at the end of the trial period.",
            "Faits antérieurs à 2012 : que l'art. 730-2 s'y applique est de mémoire (Crim. 4 avril 2013), non lu. Sinon, "
            "aucune mesure préalable : la libération conditionnelle s'ouvre à la fin du temps d'épreuve.",
        )
    if sentence.facts_day < 0:
        yield say(
            "No day of the facts was given: they count as recent, so that every law in force binds them, the harsher ones too.",
            "Pas de date des faits : ils sont tenus pour récents, toute loi en vigueur s'y applique, la plus sévère comprise.",
        )
    yield say(
        f"The reductions are those of the law times {share:.0%} at every board: a share to choose, not a forecast.",
        f"Les réductions sont celles de la loi multipliées par {100 * share:.0f} % à chaque commission : une part à choisir, "
        "non une prévision.",
    )


def _of_the_file(sentence: Sentence, statutes: Statutes, language: Language) -> Iterator[str]:
    """Doubts that the dates and the facts of the file raise."""

    def say(en: str, fr: str) -> str:
        return en if language == "en" else fr

    felony = sentence.felony or sentence.life
    law = sentence.law(statutes, max(sentence.committed_day, TOLD_FROM))
    most = ceiling_months(_GRAVEST_YEARS if felony else _HEAVIEST_YEARS, law, felony=felony, grave=True, exceptional=2)
    most += trial_deadline_months("assizes" if felony else "correctional", law, extensions=2)
    remand = sentence.committed_day - sentence.start_day
    if remand > add_months(0, most):
        yield say(
            f"{remand} days of remand are above any ceiling, {most} months with every extension (145-1, 145-2, 179, 181).",
            f"{remand} jours de détention provisoire dépassent tout plafond, {most} mois avec toutes les prolongations "
            "(145-1, 145-2, 179, 181).",
        )
    if not sentence.life and sentence.sentenced_day > sentence.end_day:
        yield say(
            "The judgment comes after the end of the sentence: check its day.",
            "Le jugement est postérieur à la fin de la peine : vérifiez sa date.",
        )
    if not felony and sentence.total_months > 12 * _HEAVIEST_YEARS and not sentence.recidive:
        yield say(
            "More than ten years for a misdemeanour without récidive: a felony, or several sentences?",
            "Plus de dix ans pour un délit sans récidive : un crime, ou plusieurs peines ?",
        )
    facts = sentence.facts_day if sentence.facts_day >= 0 else sentence.committed_day
    born_known = 0 < sentence.birth_day < sentence.committed_day
    if born_known and facts < add_months(sentence.birth_day, 12 * OF_AGE):
        yield say(
            "A minor at the facts: the juge des enfants stands in the place of the enforcement judge until twenty-one, no "
            "minimum term applies, remand has other ceilings (sortie law remand --age); the delays told are those of adults.",
            "Mineur aux faits : juge des enfants en place du JAP jusqu'à vingt et un ans, aucune période de sûreté, "
            "autres plafonds de détention provisoire (sortie law remand --age) ; les délais donnés sont ceux des majeurs.",
        )
    if sentence.child_born_day < NEVER and sentence.child_born_day > sentence.committed_day:
        yield say(
            f"The child is born on {dated(sentence.child_born_day, 'en')}, after the committal: it counts from then on only.",
            f"L'enfant naît le {dated(sentence.child_born_day, 'fr')}, après l'écrou : il ne compte qu'à partir de là.",
        )
    if sentence.child_born_day < NEVER:
        yield say(
            "Art. 729-3 is closed to a felony or misdemeanour committed on a minor: if so, give --on-minor.",
            "L'art. 729-3 est fermé aux crimes et délits commis sur un mineur : dans ce cas, ajoutez --on-minor.",
        )
    if sentence.on_officials and sentence.committed_day < law.remission.regime.days[-1]:
        yield say(
            "Violence on officials committed to prison between 27 May 2021 and 2022: art. 721-1-2 of then was not read.",
            "Violences sur agents, écrou du 27 mai 2021 à 2022 : l'art. 721-1-2 d'alors n'a pas été lu.",
        )
