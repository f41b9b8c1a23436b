"""``sortie law``: the rules in force, what changed between two days, and the dated life of one sentence."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.law.rulebook.description import RuleInForce

law_app = typer.Typer(
    help="The law the simulation applies: rules in force, changes, and the life of one sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Place(StrEnum):
    """Kind of prison, for the permissions to go out."""

    MA = "MA"
    MC = "MC"
    CSL = "CSL"
    CD = "CD"
    SAS = "SAS"


class Tongue(StrEnum):
    """Language of labels and notes."""

    en = "en"
    fr = "fr"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else.")]
Lang = Annotated[Tongue, typer.Option("--lang", help="Language of labels and notes.")]


@law_app.command("show")
def show(
    notion: Annotated[str | None, typer.Argument(help="A notion of law, or LC, SL, PE, DDSE, LSC, LSC-PD, RP.")] = None,
    *,
    at: Annotated[str | None, typer.Option("--at", help="Day, YYYY-MM-DD; today if not given.")] = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Print the rules in force on a day, each with its article and its source."""
    from sim.law.rulebook.description import rules_in_force  # noqa: PLC0415
    from sim.law.statutes import Statutes  # noqa: PLC0415

    day = _today() if at is None else _day(at, "--at")
    rules = rules_in_force(Statutes.load(), day, notion, lang.value)
    if as_json:
        _json([asdict(rule) for rule in rules])
        return
    if not rules:
        from sim.cli.output import console  # noqa: PLC0415

        console().print(f"No rule of these texts was dated by {at}.", markup=False, soft_wrap=True)
    _print_rules(rules, lang)


@law_app.command("diff")
def diff(
    before: Annotated[str, typer.Argument(help="Earlier day, YYYY-MM-DD.")],
    after: Annotated[str, typer.Argument(help="Later day, YYYY-MM-DD.")],
    *,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Say what changed in the law between two days."""
    from sim.cli.output import console  # noqa: PLC0415
    from sim.law.rulebook.description import changes_between  # noqa: PLC0415
    from sim.law.statutes import Statutes  # noqa: PLC0415

    changes = changes_between(Statutes.load(), _day(before, "DATE1"), _day(after, "DATE2"), lang.value)
    if as_json:
        _json([asdict(change) for change in changes])
        return
    out = console()
    if not changes:
        out.print(f"Nothing changed in these texts between {before} and {after}.", markup=False, soft_wrap=True)
    for change in changes:
        out.print(f"law.{change.path}", markup=False, style="bold", soft_wrap=True)
        out.print(f"  {change.label} ({change.article})", markup=False, soft_wrap=True)
        since = "à compter du" if lang is Tongue.fr else "from"
        line = f"  {change.before} → {change.after}, {since} {change.on}{_basis(change.basis, lang)}"
        out.print(line, markup=False, soft_wrap=True)


@law_app.command("timeline")
def timeline(
    *,
    committed: Annotated[str, typer.Option("--committed", help="Day of committal (mise sous écrou), YYYY-MM-DD.")],
    quantum: Annotated[str, typer.Option("--quantum", help='Firm part: "36 months", "2 years 15 days", "life".')],
    judged: Annotated[str | None, typer.Option("--judged", help="Day of judgment; that of the committal if not given.")] = None,
    remand: Annotated[
        int, typer.Option("--remand", min=0, max=7300, help="Days of remand to credit, before the committal.")
    ] = 0,
    recidive: Annotated[bool, typer.Option("--recidive", help="Legal recidivism (récidive).")] = False,
    felony: Annotated[bool, typer.Option("--felony", help="A felony among the sentences.")] = False,
    terrorism: Annotated[bool, typer.Option("--terrorism", help="A terrorism offence among them.")] = False,
    excluded: Annotated[
        bool, typer.Option("--excluded", help="Excluded from release as of right by art. 720 III (partner, minor …).")
    ] = False,
    removal: Annotated[bool, typer.Option("--removal", help="Under a removal measure (OQTF, ITF …).")] = False,
    born: Annotated[str | None, typer.Option("--born", help="Birth, YYYY-MM-DD.")] = None,
    child_born: Annotated[
        str | None, typer.Option("--child-born", help="Birth of the youngest child living with the person.")
    ] = None,
    child_due: Annotated[
        str | None, typer.Option("--child-due", help="Expected birth, for a pregnant person (art. 729-3).")
    ] = None,
    surety_end: Annotated[str | None, typer.Option("--surety-end", help="End of the période de sûreté.")] = None,
    ssj: Annotated[bool, typer.Option("--ssj", help="Socio-judicial supervision incurred (suivi socio-judiciaire).")] = False,
    share_granted: Annotated[
        float, typer.Option("--share-granted", min=0, max=1, help="Share of each reduction that is granted.")
    ] = 0.65,
    place: Annotated[Place, typer.Option("--place", help="Kind of prison.")] = Place.MA,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Print the dated life of one sentence: reductions, eligibilities, who decides, legal deadlines, end."""
    from sim.cli.output import console  # noqa: PLC0415
    from sim.dates import NEVER  # noqa: PLC0415
    from sim.law.rulebook.quantum import read_quantum  # noqa: PLC0415
    from sim.law.rulebook.timeline import life_of  # noqa: PLC0415
    from sim.law.sentence import Sentence  # noqa: PLC0415
    from sim.law.statutes import Statutes  # noqa: PLC0415

    months, days, life = read_quantum(quantum, "--quantum")
    committed_day = _day(committed, "--committed")
    sentence = Sentence.of(
        committed_day,
        months,
        days=days,
        remand_days=remand,
        sentenced_day=None if judged is None else _day(judged, "--judged"),
        life=life,
        felony=felony or life,
        recidive=recidive,
        terrorism=terrorism,
        lsc_excluded=excluded,
        removal=removal,
        # Without a birth the variant of seventy years must stay shut: any recent day does.
        birth_day=committed_day if born is None else _day(born, "--born"),
        child_born_day=NEVER if child_born is None else _day(child_born, "--child-born"),
        child_due_day=NEVER if child_due is None else _day(child_due, "--child-due"),
        surety_end_day=-1 if surety_end is None else _day(surety_end, "--surety-end"),
    )
    rows = life_of(
        sentence,
        Statutes.load(),
        share_granted=share_granted,
        place=place.value,
        ssj_incurred=ssj,
        language="fr" if lang is Tongue.fr else "en",
    )
    if as_json:
        _json([row.to_plain() for row in rows])
        return
    out = console()
    for row in rows:
        plain = row.to_plain()
        decider = f" · {row.decider}" if row.decider else ""
        out.print(f"{plain['date']}  {row.label} ({row.article}){decider}", markup=False, soft_wrap=True)
        if row.note:
            out.print(f"            {row.note}", markup=False, soft_wrap=True)


_BASES = {
    "date_of_decision": {"en": "", "fr": ""},
    "date_of_sentence": {"en": ", by date of judgment", "fr": ", selon la date du jugement"},
    "date_of_ecrou": {"en": ", by date of committal (écrou)", "fr": ", selon la date d'écrou"},
}


def _basis(basis: str, lang: Tongue) -> str:
    return _BASES[basis][lang.value]


def _print_rules(rules: Iterable[RuleInForce], lang: Tongue) -> None:
    from sim.cli.output import console  # noqa: PLC0415

    out = console()
    notion = ""
    for rule in rules:
        head, _, name = rule.path.partition(".")
        if head != notion:
            notion = head
            out.print(f"\nlaw.{notion}", markup=False, style="bold", soft_wrap=True)
        out.print(f"  {name}: {rule.value}", markup=False, soft_wrap=True)
        since, end = ("depuis le", " ; ") if lang is Tongue.fr else ("since", "; ")
        dated = f"{since} {rule.since}{_basis(rule.basis, lang)}"
        out.print(f"    {rule.label} ({rule.article}){end}{dated}{end}{rule.quality}", markup=False, soft_wrap=True)


def _json(content: object) -> None:
    from sim.cli.output import print_json  # noqa: PLC0415

    print_json(content)


def _today() -> int:
    from sim.dates import day_of  # noqa: PLC0415

    return day_of(date.today())  # noqa: DTZ011  a day of the calendar, wherever the reader is


def _day(text: str, option: str) -> int:
    """Day number of an option.

    Raises
    ------
    RequestError
        If it is not a date, or not one of the calendar of :mod:`sim.dates`.
    """
    from sim.dates import parse_day  # noqa: PLC0415
    from sim.errors import RequestError  # noqa: PLC0415

    try:
        day = parse_day(text)
    except ValueError as error:
        msg = f"{option}: '{text}' is not a date; expected year-month-day, as in 2024-02-01"
        raise RequestError(msg) from error
    if not _YEARS[0] <= int(text[:4]) <= _YEARS[1]:
        msg = f"{option}: '{text}'; expected a day of the years {_YEARS[0]} to {_YEARS[1]}"
        raise RequestError(msg)
    return day


_YEARS = (1910, 2120)
