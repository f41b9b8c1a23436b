"""What every command has in common: its language, ``--lang``, options given once, numbers within bounds, grouped help.

Commands are declared in English beside their code. Once the language is known the tree is gone through, and each text found
in the catalogue is put into the reader's language.
"""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
import typer.core

from sim.cli.language import LANGUAGES, OPTION, say, spoken
from sim.errors import RequestError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator


HEADINGS = FIRST, QUESTIONS, MATERIAL, MAKING, ABOUT = (
    "First steps",
    "Further questions",
    "Law and published tables",
    "Fitting and making the library",
    "The command itself",
)
"""What ``sortie --help`` lists the commands under, in this order."""


class Limits(NamedTuple):
    """Smallest and largest number an option takes."""

    low: float
    high: float

    def words(self) -> str:
        """Say them: ``1 to 100,000``."""
        low, high = (f"{end:,}" if isinstance(end, int) else f"{end:g}" for end in self)
        return f"{low} to {high}"


_MANY = Limits(1, 100_000)
_NONE_OR_MANY = Limits(0, 100_000)
_SHARE = Limits(1e-6, 1)
_LARGEST_SEED = 2**63 - 1

LIMITS: dict[str, Limits] = {
    "--replications": _MANY,
    "--draw-replications": _MANY,
    "--people-replications": _NONE_OR_MANY,
    "--sweep-replications": _MANY,
    "--most": _NONE_OR_MANY,
    "--draws": _NONE_OR_MANY,
    "--runs": _MANY,
    "--waves": Limits(1, 1_000),
    "--rounds": Limits(1, 100),
    "--steps": Limits(16, 1_000_000),
    "--truths": Limits(0, 10_000),
    "--points": Limits(8, 100_000),
    "--workers": Limits(1, 4_096),
    "--memory": Limits(64, 100_000_000),
    "--seed": Limits(0, _LARGEST_SEED),
    "--port": Limits(1, 65_535),
    "--person": Limits(0, _LARGEST_SEED),
    "--replication": _NONE_OR_MANY,
    "--fraction": _SHARE,
    "--draws-fraction": _SHARE,
    "--share-granted": Limits(0, 1),
    "--tolerance": Limits(1e-12, 1e12),
    "--seconds": Limits(0.001, 86_400),
    "--up-to": Limits(-1e12, 1e12),
    "--remand": Limits(0, 7_300),
    "--incurred": Limits(0, 30),
    "--exceptional": Limits(0, 2),
    "--age": Limits(0, 120),
    "--days": Limits(0, 4_000),
    "--published-detainees": Limits(0, 10_000_000),
    "--published-places": Limits(0, 10_000_000),
}
"""What each option that takes a number may be; a size without an upper bound is a hang."""

DAYS = frozenset({
    "--start", "--measure-from", "--end", "--on", "--from", "--at", "--committed", "--judged", "--born", "--child-born",
    "--child-due", "--surety-end", "--date", "--facts", "--notified", "--since", "--misconduct", "--enforced", "--granted",
})  # fmt: skip
"""Options that take a day."""
DECIMALS = frozenset({"--draws-fraction", "--fraction", "--incurred", "--seconds", "--share-granted", "--tolerance", "--up-to"})
"""Options that take a number with decimals."""


def commands_of(root: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each command of a tree with its name (``law show``), groups included."""
    yield name, root
    for key, command in getattr(root, "commands", {}).items():
        yield from commands_of(command, f"{name} {key}".strip())


def built(app: typer.Typer) -> Any:
    """Return the commands of the application, in the language of the reader."""
    root = typer.main.get_command(app)
    option = _language_option()
    for _, command in commands_of(root):
        _said(command)
        if not hasattr(command, "commands"):
            _with_language(command, option)
            _guarded(command)
        else:
            command.no_args_is_help = True
            _grouped(command)
        if spoken() != "en":
            _french_help(command)
    return root


def help_of(ctx: Any, names: list[str]) -> str:
    """Return the help of a command of the tree that a context belongs to.

    Raises
    ------
    RequestError
        If there is none of that name.
    """
    here = ctx.find_root()
    for name in names:
        known = getattr(here.command, "commands", {})
        if name not in known:
            msg = f"no command '{name}'.{suggestion(name, known)} List them with: sortie help"
            raise RequestError(msg)
        here = type(here)(known[name], info_name=name, parent=here)
    told: str = here.command.get_help(here)
    return told


def _said(command: Any) -> None:
    if command.help:
        command.help = say(inspect.cleandoc(command.help))
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = say(parameter.help)


def _with_language(command: Any, option: Any) -> None:
    own = next((parameter for parameter in command.params if OPTION in parameter.opts), None)
    if own is not None:
        own.default = spoken()
        own.help = say(_LANGUAGE)
        return
    command.params.append(option)


_LANGUAGE = "Language: en or fr; by default SORTIE_LANG, then that of the system."


def _language_option() -> Any:
    """Return the option ``--lang``: it is read before the commands are built, and stands here to be shown and completed."""
    probe = typer.Typer(add_completion=False)

    @probe.command()
    def _probe(*, lang: str = typer.Option(spoken(), OPTION, help=say(_LANGUAGE), metavar="|".join(LANGUAGES))) -> None: ...

    (option,) = [parameter for parameter in typer.main.get_command(probe).params if OPTION in parameter.opts]
    option.expose_value = False
    option.show_default = False  # type: ignore[attr-defined]
    return option


def _guarded(command: Any) -> None:
    """Make a command take each option once, French numbers and dates, and numbers within bounds."""
    parse = command.parse_args
    single = {
        name for parameter in command.params if not getattr(parameter, "multiple", False) for name in parameter.opts
    }  # fmt: skip

    def parse_args(ctx: Any, args: list[str]) -> Any:
        plain = _plain(args)
        if not ctx.resilient_parsing:
            _once(command, ctx, plain, single)
        rest = parse(ctx, plain)
        if not ctx.resilient_parsing:
            for parameter in command.params:
                check_limits(parameter.opts, ctx.params.get(parameter.name))
        return rest

    command.parse_args = parse_args


def _plain(args: list[str]) -> list[str]:
    """Return the arguments with French numbers and dates written as the commands read them."""
    plain: list[str] = []
    before = ""
    for word in args:
        name, equal, value = word.partition("=")
        if equal and name in DAYS | DECIMALS:
            plain.append(f"{name}={_read(name, value)}")
        else:
            plain.append(_read(before, word))
        before = word
    return plain


def _read(option: str, value: str) -> str:
    if option not in DAYS and option not in DECIMALS:
        return value
    from sim.scenario.numerals import percent_meant, plain_day, plain_number  # noqa: PLC0415 (--help needs none of it)

    if option in DAYS:
        return plain_day(value)
    guess = percent_meant(value)
    if guess:
        limits = LIMITS[option]
        guess = f"{guess}." if limits.high == 1 and float(guess.rpartition(" ")[2]) <= 1 else ""
        msg = f"{option}: met {value!r}, expected a number from {limits.words()}{guess or '.'}"
        raise RequestError(msg)
    return plain_number(value)


def _once(command: Any, ctx: Any, args: list[str], single: set[str]) -> None:
    given = [parameter for parameter in command.make_parser(ctx).parse_args(list(args))[2] if single & set(parameter.opts)]
    for parameter in given:
        times = sum(1 for other in given if other is parameter)
        if parameter.param_type_name == "option" and times > 1:
            msg = f"{max(parameter.opts, key=len)}: given {times} times, expected once."
            raise RequestError(msg)


def check_limits(names: list[str], value: object) -> None:
    """Check a number against the limits of its option.

    Raises
    ------
    RequestError
        If it is outside, or no finite number.
    """
    limits = next((LIMITS[name] for name in names if name in LIMITS), None)
    if limits is None or isinstance(value, bool) or not isinstance(value, int | float):
        return
    option = max(names, key=len)
    if not math.isfinite(value) or not limits.low <= value <= limits.high:
        hint = f" Write {value / 100:g} for {value:g} %." if option == "--fraction" and 1 < value <= 100 else ""
        msg = f"{option}: met {value:g}, expected a number from {limits.words()}.{hint}"
        raise RequestError(msg)


def _grouped(group: Any) -> None:
    """List the commands under the heading of each, whole sentences, in place of one list cut at the margin."""

    def format_commands(ctx: Any, formatter: Any) -> None:
        headings: dict[str, list[tuple[str, str]]] = {heading: [] for heading in HEADINGS}
        for name in group.list_commands(ctx):
            command = group.get_command(ctx, name)
            if command is None or command.hidden:
                continue
            heading = getattr(command, "rich_help_panel", None)
            heading = heading if isinstance(heading, str) else "Commands"
            sentence = (command.help or "").partition("\n\n")[0].replace("\n", " ")
            headings.setdefault(heading, []).append((name, sentence))
        for heading, rows in headings.items():
            if not rows:
                continue
            with formatter.section(say(heading)):
                formatter.write_dl(rows)

    group.format_commands = format_commands


def _french_help(command: Any) -> None:
    """Put the words that the library writes around the help into French."""
    # The library looks its own words up under this name, as gettext wants it; there is no other way in.
    vars(typer.core)["_"] = say
    get_help, get_help_option, get_usage = command.get_help, command.get_help_option, command.get_usage

    def help_option(ctx: Any) -> Any:
        option = get_help_option(ctx)
        if option is not None and option.help:
            option.help = say(option.help)
        return option

    def told(ctx: Any) -> str:
        lines = [_of_library(line) for line in get_help(ctx).split("\n")]
        return "\n".join(lines)

    for parameter in command.params:
        _french_kind(parameter)
    command.get_help_option = help_option
    command.get_help = told
    command.get_usage = lambda ctx: _of_library(get_usage(ctx))


_KINDS = {
    "str": "texte",
    "int": "entier",
    "int range": "entier",
    "float": "nombre",
    "float range": "nombre",
    "path": "chemin",
    "list[str]": "texte …",
    "list[path]": "chemin …",
    "list[int]": "entier …",
    "list[float]": "nombre …",
}
"""Kinds of values, as the library names them in the help, and in French; those of ``[A|B]`` are left as they are."""


def _french_kind(parameter: Any) -> None:
    english = parameter.display_type

    def kind(ctx: Any) -> str:
        told: str = english(ctx)
        bare = told.removeprefix("<").removesuffix(">")
        return told.replace(bare, _KINDS[bare]) if bare in _KINDS else told

    parameter.display_type = kind


_WORDS = (("Usage: ", "Utilisation : "), ("COMMAND [ARGS]...", "COMMANDE [ARGUMENTS]..."))


def _of_library(line: str) -> str:
    if line.startswith("Usage: "):
        for english, french in _WORDS:
            line = line.replace(english, french)
    return line[:-1].rstrip() + " :" if line.endswith(":") and not line.startswith(" ") else line
