"""``sortie law``: the rules in force, what changed between two days, the life of a sentence, and what a file asks."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.law_conduct import silence, withdrawal
from sim.cli.law_questions import ab_initio, appeal, free_convict, remand
from sim.cli.law_reading import DAY_HELP, AsJson, Lang, OfScenario, Tongue, day, printed, said, statutes_of, today
from sim.cli.law_sentence import sentence, timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.law.rulebook.description import RuleInForce


law_app = typer.Typer(
    help="The law the simulation applies: rules in force, changes, and the life of one sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@law_app.command("show")
def show(
    notion: Annotated[str | None, typer.Argument(help="A notion of law, or LC, SL, PE, DDSE, LSC, LSC-PD, RP.")] = None,
    *,
    at: Annotated[str | None, typer.Option("--at", help=f"Day, {DAY_HELP}; today if not given.")] = None,
    scenario: OfScenario = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Print the rules in force on a day, each with its article, its source, and who reads it: a run, or the rule book only."""
    from sim.law.rulebook.description import rules_in_force  # noqa: PLC0415
    from sim.scenario.readers import LAW, reader_of, simulated_by  # noqa: PLC0415

    on = today() if at is None else day(at, "--at", lang)
    rules = rules_in_force(statutes_of(scenario), on, notion, lang.value)
    if as_json:
        from sim.cli.output import print_json  # noqa: PLC0415

        read = [{"read_by": reader_of(LAW + rule.path), "simulated_by": simulated_by(LAW + rule.path)} for rule in rules]
        print_json([{**asdict(rule), **more} for rule, more in zip(rules, read, strict=True)])
        return
    none = said(lang, f"No rule of these texts was dated by {at}.", f"Aucune règle de ces textes n'est datée au {at}.")
    printed(_ruled(rules, lang) if rules else (none,), lang)


@law_app.command("diff")
def diff(
    before: Annotated[str, typer.Argument(metavar="DATE1", help=f"Earlier day, {DAY_HELP}.")],
    after: Annotated[str, typer.Argument(metavar="DATE2", help=f"Later day, {DAY_HELP}.")],
    *,
    scenario: OfScenario = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Say what changed in the law between two days."""
    from sim.law.rulebook.description import changes_between  # noqa: PLC0415

    changes = changes_between(statutes_of(scenario), day(before, "DATE1", lang), day(after, "DATE2", lang), lang.value)
    if as_json:
        from sim.cli.output import print_json  # noqa: PLC0415

        print_json([asdict(change) for change in changes])
        return
    lines = []
    if not changes:
        lines.append(
            said(
                lang,
                f"Nothing changed in these texts between {before} and {after}.",
                f"Rien n'a changé dans ces textes entre le {before} et le {after}.",
            )
        )
    for change in changes:
        since = said(lang, "from", "à compter du")
        lines += [
            f"law.{change.path}",
            f"  {change.label} ({change.article})",
            f"  {change.before} → {change.after}, {since} {_on(change.on, lang)}{_basis(change.basis, lang)}",
        ]
    printed(lines, lang)


law_app.command("timeline")(timeline)
law_app.command("sentence")(sentence)
law_app.command("ab-initio")(ab_initio)
law_app.command("free-convict")(free_convict)
law_app.command("remand")(remand)
law_app.command("appeal")(appeal)
law_app.command("withdrawal")(withdrawal)
law_app.command("silence")(silence)


_BASES = {
    "date_of_decision": {"en": "", "fr": ""},
    "date_of_sentence": {"en": ", by date of judgment", "fr": ", selon la date du jugement"},
    "date_of_ecrou": {"en": ", by date of committal (écrou)", "fr": ", selon la date d'écrou"},
    "date_of_facts": {"en": ", for facts committed since", "fr": ", pour les faits commis depuis"},
}


def _basis(basis: str, lang: Tongue) -> str:
    return _BASES[basis][lang.value]


def _on(iso_day: str, lang: Tongue) -> str:
    """A day as the reader writes it."""
    return "/".join(reversed(iso_day.split("-"))) if lang is Tongue.fr else iso_day


def _ruled(rules: Iterable[RuleInForce], lang: Tongue) -> Iterator[str]:
    notion = ""
    for rule in rules:
        head, _, name = rule.path.partition(".")
        if head != notion:
            notion = head
            yield f"\nlaw.{notion}"
        yield f"  {name}: {rule.value}"
        since, end = ("depuis le", " ; ") if lang is Tongue.fr else ("since", "; ")
        dated = f"{since} {_on(rule.since, lang)}{_basis(rule.basis, lang)}"
        yield f"    {rule.label} ({rule.article}){end}{dated}{end}{rule.quality}{end}{_read_by(rule.path, lang)}"


def _read_by(rule: str, lang: Tongue) -> str:
    """Who reads a rule, and what to change for a run to do what one says that it does not read."""
    from sim.scenario.readers import LAW, reader_of, simulated_by  # noqa: PLC0415

    reader = reader_of(LAW + rule)
    reader_said = _READERS_IN_FRENCH.get(reader, reader) if lang is Tongue.fr else reader
    found = ", ".join(simulated_by(LAW + rule))
    stand_in = said(lang, f" (in a run: {found})", f" (dans un calcul : {found})") if found else ""
    return f"{said(lang, 'read by: ', 'lue par : ')}{reader_said}{stand_in}"


_READERS_IN_FRENCH = {
    "engine": "la simulation",
    "rule book only": "le recueil de règles seul",
    "nobody concerned": "la simulation, qui n'a personne dans ce cas",
}
