"""``list``, ``show`` and ``check``: what the scenarios say before anything is run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from sim.cli.language import say, spoken
from sim.cli.output import console, filled, print_json
from sim.errors import RequestError
from sim.policies import POLICIES
from sim.presentation.texts import Texts
from sim.scenario import available_scenarios, check, describe, load_scenario, source_table
from sim.scenario.checking_changes import check_changes, lines_of_file
from sim.scenario.days import days_in
from sim.scenario.describe import unit_in_words
from sim.scenario.ranges import outside_ranges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario

_FAULTS = 1
_IN_ENGLISH = "Sources et raisons ci-dessous : dans la langue des fichiers, l'anglais."


def _loaded(name: str) -> Scenario:
    return load_scenario(name, known_policies=frozenset(POLICIES))


def list_cards(*, as_json: bool) -> None:
    """Print the scenarios that have a name, with title and question."""
    cards = available_scenarios()
    if as_json:
        print_json(
            [
                {
                    "name": card.name,
                    "path": str(card.path),
                    "title": dict(card.title),
                    "question": None if card.question is None else dict(card.question),
                    "asked_by": card.asked_by,
                    "source": None if card.source is None else dict(card.source),
                    "extends": card.extends,
                    "problem": card.problem,
                }
                for card in cards
            ]
        )
        return
    from rich.markup import escape  # noqa: PLC0415

    out = console()
    for card in cards:
        if card.problem is not None:
            out.print(f"[bold]{escape(card.name)}[/bold]  {escape(say(f'cannot be read: {card.problem}'))}")
            continue
        out.print(f"[bold]{escape(card.name)}[/bold]  {escape(_words(card.title))}")
        if card.question is not None:
            out.print(f"    {escape(_words(card.question))}")
    if not cards:
        print(say("no scenario here: expected YAML files in ./scenarios"), file=sys.stderr)


def _words(words: Mapping[str, str]) -> str:
    return words.get(spoken()) or next(iter(words.values()), "")


def show_scenario(name: str, search: str, *, as_json: bool) -> None:
    """Print a scenario in words and its table of parameters.

    Raises
    ------
    RequestError
        If no parameter matches the text.
    """
    language = spoken()
    scenario = _loaded(name)
    rows = [row for row in source_table(scenario, language) if search in row.path]
    if search and not rows:
        msg = f"no parameter of '{scenario.name}' holds {search!r} in its path. List them with: sortie show {name}"
        raise RequestError(msg)
    if as_json:
        plain = scenario.resolved()
        plain["table"] = [row._asdict() for row in rows]
        plain["digest"] = scenario.digest()
        print_json(plain)
        return
    from rich.markup import escape  # noqa: PLC0415

    out = console()
    words = Texts(language)
    out.print(escape(describe(scenario, language, words.name)))
    out.print()
    if language == "fr":
        out.print(_IN_ENGLISH + "\n", style="dim")
    with out:  # written at once, and not line by line
        for row in rows:
            out.print(
                f"[bold]{escape(row.path)}[/bold] = {escape(row.value)} {escape(unit_in_words(row.unit, language))}".rstrip(),
                soft_wrap=True,
            )
            about = [row.hypothesis or say(row.kind), row.source, row.date, say(f"range {row.range}") if row.range else ""]
            text = " · ".join(part for part in about if part)
            out.print(f"    {escape(text)}", style="dim")


def check_scenario(name: str, *, as_json: bool) -> None:
    """Print what a scenario's own lines do, or what the values of a world lack; exit code 1 if one must be mended."""
    scenario = _loaded(name)
    report = check(scenario)
    own = bool(scenario.changes or scenario.policies or scenario.overrides)
    if as_json:
        print_json(
            {
                "scenario": report.scenario,
                "ok": report.ok,
                "parameters": report.parameters,
                "changes": [line.plain() for line in check_changes(scenario)],
                "outside_ranges": [item.told() for item in outside_ranges(scenario)],
                "findings": [
                    {"sort": f.sort, "path": f.path, "message": f.message, "fault": f.is_fault} for f in report.findings
                ],
                "hypotheses": [{"code": h.code, "path": h.path, "why": h.why} for h in report.hypotheses],
            }
        )
    else:
        from rich.markup import escape  # noqa: PLC0415

        out = console()
        for line in lines_of_file(scenario, report, spoken()) if own else report.counts():
            out.print(escape(filled(days_in(say(line), spoken()))), soft_wrap=True)
        reasons = [] if own else report.reasons()
        if reasons and spoken() == "fr":
            out.print(_IN_ENGLISH, style="dim")
        for line in reasons:  # as the files have them: the catalogue would find words of its own in them
            out.print(escape(filled(days_in(line, spoken()))), soft_wrap=True)
    if not report.ok:
        raise typer.Exit(_FAULTS)
