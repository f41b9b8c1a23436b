"""What the commands of ``sortie law`` read and say alike: days, quanta, the language, the day the texts were last read."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.law.rulebook.words import Language
    from sim.law.statutes import Statutes


class Tongue(StrEnum):
    """Language of labels, notes and errors."""

    en = "en"
    fr = "fr"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else.")]
Lang = Annotated[Tongue, typer.Option("--lang", help="Language of labels, notes and errors.")]
OfScenario = Annotated[
    str | None,
    typer.Option("--scenario", help="Scenario whose changes of the law are made, also those no run would show (told_only)."),
]

DAY_HELP = "YYYY-MM-DD or DD/MM/YYYY"
_YEARS = (1910, 2120)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def said(lang: Tongue, en: str, fr: str) -> str:
    """One of two wordings."""
    return fr if lang is Tongue.fr else en


def language(lang: Tongue) -> Language:
    """The language as the rule book takes it."""
    return "fr" if lang is Tongue.fr else "en"


def refuse(lang: Tongue, en: str, fr: str) -> NoReturn:
    """Refuse a request, in the language of the reader.

    Raises
    ------
    RequestError
        Always.
    """
    from sim.errors import RequestError  # noqa: PLC0415

    raise RequestError(said(lang, en, fr))


def statutes_of(scenario: str | None) -> Statutes:
    """The law of the texts, or as a scenario changes it; no run is made, so rules that none reads may be changed."""
    from sim.law.statutes import Statutes  # noqa: PLC0415

    if scenario is None:
        return Statutes.load()
    from sim.scenario import load_scenario  # noqa: PLC0415

    return Statutes.load().amended(load_scenario(scenario, law_alone=True).amendments)


def today() -> int:
    """Today as a day number."""
    from sim.dates import day_of  # noqa: PLC0415

    return day_of(date.today())  # noqa: DTZ011  a day of the calendar, wherever the reader is


def day(text: str, option: str, lang: Tongue = Tongue.en) -> int:
    """Day number of an option, written ``2024-02-01`` or ``01/02/2024``.

    Raises
    ------
    RequestError
        If it is not a date, or not one of the calendar of :mod:`sim.dates`.
    """
    from sim.dates import day_of  # noqa: PLC0415

    found = None
    first = _DAY_FIRST.fullmatch(text.strip())
    try:
        if first:
            found = date(int(first[3]), int(first[2]), int(first[1]))
        elif _ISO.fullmatch(text.strip()):
            found = date.fromisoformat(text.strip())
    except ValueError:
        pass
    if found is None:
        refuse(
            lang,
            f"{option}: '{text}' is not a date; expected year-month-day or day/month/year, as in 2024-02-01 or 01/02/2024",
            f"{option} : « {text} » n'est pas une date ; attendu jour/mois/année ou année-mois-jour, comme 01/02/2024",
        )
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        refuse(
            lang,
            f"{option}: '{text}'; expected a day of the years {_YEARS[0]} to {_YEARS[1]}",
            f"{option} : « {text} » ; attendu un jour des années {_YEARS[0]} à {_YEARS[1]}",
        )
    return day_of(found)


def optional_day(text: str | None, option: str, lang: Tongue, default: int) -> int:
    """Day number of an option that may not be given."""
    return default if text is None else day(text, option, lang)


def quantum(text: str, option: str = "--quantum", lang: Tongue = Tongue.en) -> tuple[int, int, bool]:
    """Months, days and whether it is for life, of a duration in words.

    Raises
    ------
    RequestError
        If nothing can be made of it.
    """
    from sim.law.rulebook.quantum import read_quantum  # noqa: PLC0415

    return read_quantum(text, option, language(lang))


def named(text: str, option: str, words: Mapping[str, str], lang: Tongue) -> str:
    """The word of the code for a word that the reader gives, in English or in French.

    Raises
    ------
    RequestError
        If it is none of them; those of the reader's language are said.
    """
    given = text.strip().lower()
    for word, french in words.items():
        if given in {word, french}:
            return word
    refuse(
        lang,
        f"{option}: '{text}'; expected one of: {', '.join(words)}",
        f"{option} : « {text} » ; attendu l'un de : {', '.join(words.values())}",
    )


def printed(lines: Iterable[str], lang: Tongue) -> None:
    """Print lines, then the day the texts were last read."""
    from sim.cli.output import console  # noqa: PLC0415
    from sim.law.rulebook.description import LAST_READ  # noqa: PLC0415

    screen = console()
    for line in (*lines, "", LAST_READ[lang.value]):
        screen.print(line, markup=False, soft_wrap=True)


def out(plain: Mapping[str, object], lines: list[str], lang: Tongue, *, as_json: bool) -> None:
    """Print JSON, or lines and the day the texts were last read."""
    if as_json:
        from sim.cli.output import print_json  # noqa: PLC0415
        from sim.law.rulebook.description import LAST_READ  # noqa: PLC0415

        print_json({**plain, "last_read": LAST_READ[lang.value]})
        return
    printed(lines, lang)
