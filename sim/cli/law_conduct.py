"""``sortie law withdrawal`` and ``silence``: what misconduct may cost, and what it means that nobody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli.law_reading import DAY_HELP, AsJson, Lang, Tongue, day, language, named, optional_day, out, quantum, refuse, said

if TYPE_CHECKING:
    from sim.law.rulebook.silence import Silence
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce


ASKED = {
    "examination": "examen",
    "order": "ordonnance",
    "judgment": "jugement",
    "court": "tribunal",
    "hearing": "débat",
    "opinion": "avis",
    "approval": "agrément",
    "named": "nominatif",
}
"""What nobody has answered: words of the code, and French ones."""


def withdrawal(
    *,
    committed: Annotated[str, typer.Option("--committed", help=f"Day of committal (mise sous écrou), {DAY_HELP}.")],
    misconduct: Annotated[str, typer.Option("--misconduct", help="Day of the last misconduct.")],
    firm: Annotated[str | None, typer.Option("--quantum", help='Sentence, for committals before 2023: "3 years".')] = None,
    recidive: Annotated[bool, typer.Option("--recidive", help="Legal recidivism (récidive).")] = False,
    on_remand: Annotated[
        str | None, typer.Option("--enforced", help="Misconduct on remand: day the sentence was put into execution.")
    ] = None,
    examined: Annotated[
        str | None, typer.Option("--examined", help="First day of the detention examined; that of the committal if not given.")
    ] = None,
    granted: Annotated[
        str | None, typer.Option("--granted", help="Day of the last reduction, for committals from 2023.")
    ] = None,
    granted_days: Annotated[int, typer.Option("--days", min=0, max=4000, help="Days that last reduction granted.")] = 0,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Say what misconduct may cost of the reductions, by when the judge must have said so, and when it is served (721)."""
    from sim.law.remission import regime  # noqa: PLC0415
    from sim.law.rulebook.special_remission import withdrawal_order_end_day  # noqa: PLC0415
    from sim.law.rulebook.words import dated  # noqa: PLC0415
    from sim.law.statutes import Statutes  # noqa: PLC0415

    since, on = day(committed, "--committed", lang), day(misconduct, "--misconduct", lang)
    law = Statutes.load().dated().at(on)
    old = regime(since, law) == "OLD"
    _options_of_regime(lang, old=old, of_old=(firm, on_remand, examined), of_new=(granted, granted_days or None))
    enforced = optional_day(on_remand, "--enforced", lang, -1)
    begun = optional_day(examined, "--examined", lang, since)
    _ordered(lang, since, on, enforced, begun)
    if old:
        found = _of_credit(since, on, begun, firm, law, lang, recidive=recidive)
    else:
        found = _of_last_reduction(since, on, granted, granted_days, law, lang, recidive=recidive)
    until = withdrawal_order_end_day(found.sentence, on, found.granted_day, law, remand_enforced_day=enforced)
    last = dated(until, language(lang))
    lines = [
        said(
            lang,
            f"{found.had}: {found.most} days at most may be withdrawn{found.scope} ({found.article}).",
            f"{found.had} : {found.most} jours au plus{found.scope} ({found.article}).",
        )
    ]
    if found.most:
        lines += [
            said(
                lang,
                f"{last}  last day of the judge's order, after the board (712-5); the prison head or the prosecutor asks",
                f"{last}  dernier jour de l'ordonnance du JAP, après CAP (712-5), saisi par l'établissement ou le parquet",
            ),
            said(
                lang,
                "Served after the last sentence under committal (C. pénit. D212-5), with no reduction on it (D115-5, D116-1).",
                "Exécuté à la suite de la dernière peine portée à l'écrou (C. pénit. D212-5), sans réduction (D115-5, D116-1).",
            ),
        ]
    out({"at_most_days": found.most, "order_by": dated(until, "en") if found.most else None}, lines, lang, as_json=as_json)


class _Withdrawable(NamedTuple):
    """What misconduct may cost of the reductions of a sentence."""

    sentence: Sentence
    granted_day: int
    most: int
    """Days at most."""
    had: str
    """Reductions that may be withdrawn, in words."""
    scope: str
    """What the most is counted on, in words; empty if on nothing else."""
    article: str


def _ordered(lang: Tongue, since: int, on: int, enforced: int, begun: int) -> None:
    """Refuse days of misconduct that do not follow one another."""
    if on < since:
        refuse(
            lang,
            "--misconduct: a day before the committal; expected one under committal",
            "--misconduct : un jour antérieur à l'écrou ; attendu un jour sous écrou",
        )
    if 0 <= enforced < on:
        refuse(
            lang,
            "--enforced: misconduct on remand comes before the sentence is enforced; expected a day after --misconduct",
            "--enforced : l'inconduite précède la mise à exécution ; attendu un jour postérieur à --misconduct",
        )
    if not since <= begun <= on:
        refuse(
            lang,
            "--examined: expected a day between the committal and the misconduct",
            "--examined : attendu un jour entre l'écrou et l'inconduite",
        )


def _of_credit(
    since: int, on: int, begun: int, firm: str | None, law: StatutesInForce, lang: Tongue, *, recidive: bool
) -> _Withdrawable:
    """Credit of a committal before 2023 that misconduct may cost, on the detention examined."""
    from sim.law.remission import credit_days  # noqa: PLC0415
    from sim.law.rulebook.withdrawn import of_detention  # noqa: PLC0415
    from sim.law.rulebook.words import dated  # noqa: PLC0415
    from sim.law.sentence import Sentence  # noqa: PLC0415
    from sim.law.statutes import Statutes  # noqa: PLC0415

    if firm is None:
        refuse(
            lang,
            "--quantum: the credit of a committal before 2023 is that of the sentence",
            "--quantum : le crédit d'un écrou d'avant 2023 est celui de la peine",
        )
    months, days, life = quantum(firm, "--quantum", lang)
    made = Sentence.of(since, months, days=days, recidive=recidive, life=life)
    if on >= made.end_day:
        refuse(
            lang,
            f"--misconduct: the sentence ends on {dated(made.end_day, 'en')}; expected a day before",
            f"--misconduct : la peine finit le {dated(made.end_day, 'fr')} ; attendu un jour antérieur",
        )
    credit = credit_days(made, made.law(Statutes.load(), since))
    article = said(lang, "CPP 721 (former)", "CPP 721 (ancien)")
    scope = said(lang, " for the misconduct of a year", " pour les faits d'une année")
    if law.special_remission.credit_withdrawal_by_detention:
        first, last = dated(begun, language(lang)), dated(on, language(lang))
        scope = said(lang, f" for the detention from {first} to {last}", f" pour la détention du {first} au {last}")
        article += ", D115-14-1"
    had = said(lang, f"{credit} days of credit", f"{credit} jours de crédit")
    return _Withdrawable(made, since, of_detention(made, begun, on, credit, law), had, scope, article)


def _of_last_reduction(
    since: int, on: int, granted: str | None, granted_days: int, law: StatutesInForce, lang: Tongue, *, recidive: bool
) -> _Withdrawable:
    """Last reduction of a committal since 2023 that misconduct may cost, within a year of its grant."""
    from sim.law.rulebook.words import dated  # noqa: PLC0415
    from sim.law.sentence import Sentence  # noqa: PLC0415
    from sim.law.withdrawal import withdrawal_max_days  # noqa: PLC0415

    if granted is None or not granted_days:
        refuse(
            lang,
            "--granted and --days: for a committal from 2023, the last reduction granted is what may be withdrawn",
            "--granted et --days : pour un écrou à compter de 2023, seule la dernière réduction accordée peut être retirée",
        )
    granted_on = day(granted, "--granted", lang)
    if granted_on < since:
        refuse(
            lang,
            "--granted: a day before the committal; expected one under committal",
            "--granted : un jour antérieur à l'écrou ; attendu un jour sous écrou",
        )
    made = Sentence.of(since, 12, recidive=recidive)
    when = dated(granted_on, language(lang))
    had = said(lang, f"{granted_days} days granted on {when}", f"{granted_days} jours accordés le {when}")
    return _Withdrawable(made, granted_on, withdrawal_max_days(made, granted_on, granted_days, on, law), had, "", "CPP 721")


def _options_of_regime(
    lang: Tongue, *, old: bool, of_old: tuple[object | None, ...], of_new: tuple[object | None, ...]
) -> None:
    """Refuse the options of the other regime: they would be read and change nothing."""
    if old and any(each is not None for each in of_new):
        refuse(
            lang,
            "--granted and --days are for committals from 2023: before, the credit of the sentence is what may be withdrawn",
            "--granted et --days valent pour les écrous à compter de 2023 : avant, c'est le crédit de la peine qui se retire",
        )
    if not old and any(each is not None for each in of_old):
        refuse(
            lang,
            "--quantum, --enforced and --examined are for committals before 2023: since, the last reduction is withdrawn",
            "--quantum, --enforced et --examined valent pour un écrou d'avant 2023 : depuis, la dernière réduction se retire",
        )


def silence(
    *,
    asked: Annotated[
        str,
        typer.Option(
            "--of",
            help="examination (at two thirds, 720), order, judgment, court (judgment of the three), hearing (730-3), opinion "
            "(of the board), approval (of a host), named (approval for named persons alone, R424-18).",
        ),
    ],
    since: Annotated[str, typer.Option("--since", help=f"Day of the request, or of two thirds, {DAY_HELP}.")],
    end: Annotated[str | None, typer.Option("--end", help="End of the sentence, for the examination at two thirds.")] = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Say what silence means and from when: the chamber, a refusal, an opinion deemed given; it never grants (D147-18 …)."""
    from sim.law.rulebook.silence import Effect  # noqa: PLC0415
    from sim.law.rulebook.words import dated  # noqa: PLC0415
    from sim.law.statutes import Statutes  # noqa: PLC0415

    on = day(since, "--since", lang)
    asked = named(asked, "--of", ASKED, lang)
    if end is not None and asked != "examination":
        refuse(
            lang,
            "--end: only the examination at two thirds depends on what is left to serve; take it out",
            "--end : seul l'examen aux deux tiers dépend du reliquat ; à retirer",
        )
    found = _silence(asked, on, optional_day(end, "--end", lang, -1), Statutes.load().dated().at(on), lang)
    tongue = language(lang)
    words = {
        Effect.CHAMBER: said(lang, "the person may seize the chamber", "la personne peut saisir la chambre"),
        Effect.CHAMBER_BY_ANY: said(
            lang,
            "the chamber may be seized by the person or the prosecutor, or act of its own motion",
            "la chambre peut être saisie par la personne ou le parquet, ou se saisir d'office",
        ),
        Effect.PRESIDENT: said(
            lang, "the person may seize the president of the chamber", "la personne peut saisir le président de la chambre"
        ),
        Effect.PRESIDENT_BY_ANY: said(
            lang,
            "the president of the chamber may be seized by the person or the prosecutor, or act of his own motion",
            "le président de la chambre peut être saisi par la personne ou le parquet, ou se saisir d'office",
        ),
        Effect.REFUSED: said(lang, "silence is a refusal", "le silence vaut refus"),
        Effect.OPINION_GIVEN: said(lang, "the opinion is deemed given", "l'avis est réputé rendu"),
    }
    last, then = dated(found.last_day, tongue), words[found.effect]
    lines = [
        said(lang, f"{last}  last day; then {then} ({found.article}).", f"{last}  terme ; ensuite {then} ({found.article}).")
    ]
    if found.answer_day >= 0:
        answer = dated(found.answer_day, tongue)
        lines.append(
            said(
                lang,
                f"{answer}  last day to decide, when seized on that day",
                f"{answer}  terme pour statuer, si la saisine est de ce jour",
            )
        )
    plain = {"last_day": dated(found.last_day, "en"), "effect": found.effect.value, "article": found.article}
    out(plain, lines, lang, as_json=as_json)


def _silence(asked: str, on: int, end: int, law: StatutesInForce, lang: Tongue) -> Silence:
    from sim.law.rulebook import silence as told  # noqa: PLC0415
    from sim.law.sentence import Sentence  # noqa: PLC0415

    if asked == "examination":
        if end <= on:
            refuse(
                lang,
                "--end: the delay depends on what is left to serve at two thirds; expected a day after --since",
                "--end : le délai dépend du reliquat aux deux tiers ; attendu un jour postérieur à --since",
            )
        return told.of_examination(Sentence.of(on, 0, days=end - on), on, law)
    if asked == "hearing":
        return told.of_two_thirds_hearing(on, law)
    if asked == "opinion":
        return told.of_board_opinion(on, law)
    if asked in {"approval", "named"}:
        return told.of_approval(on, law, ad_hoc=asked == "named")
    return told.of_request(on, "court judgment" if asked == "court" else asked, law)
