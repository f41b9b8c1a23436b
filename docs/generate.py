"""Write the pages that the code dictates, all those of :data:`PAGES`: ``python docs/generate.py``.

The column lists of :mod:`sim.records.tables` and the strings under the members of :mod:`sim.records.codes` are the
only place where the meaning of a figure is written; the texts of :mod:`sim.law` the only place where a rule is;
``scenarios/baseline.yaml`` the only place where a value is.
``tests/architecture`` fails when a page lags behind.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import typer

import sim.cli.fitting  # noqa: F401 (its commands join the others)
from sim.api.file_schemas import FILES, experiment_file_schema, scenario_file_schema, text_of
from sim.api.page import document as api_page
from sim.api.scenario_page import plain, scenario_schema
from sim.cli.command_tree import LIMITS
from sim.cli.commands import app
from sim.experiments.result_views import MEANINGS, UNIT
from sim.indicators.catalogue import CATALOGUE
from sim.law.rulebook.description import document
from sim.population.marginals import Row, marginals
from sim.publication.observed import write_description
from sim.publication.tables import ROWS
from sim.records import codes, tables
from sim.records.identities import IDENTITIES
from sim.scenario import load_scenario
from sim.scenario.describe import source_table
from sim.scenario.numbering import UNNUMBERED, number_new, retired
from sim.scenario.readers import reader_of, simulated_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TYPES = {"b": "int8", "h": "int16", "i": "int32", "f": "float32"}

_HEAD = """# Data dictionary

<!-- Written by docs/generate.py from sim/records. Change those, then run it. -->

A run is a folder, `results/<scenario>/<run>/`: `manifest.json` (software, seed, time), `scenario.yaml` (every parameter
as it was used), `indicators.csv`, and under `replications/` one Parquet file per table and replication. The name of a run holds
the scenario, the seed, the version and the code of the engine (`source` in the manifest); the code that measured each replication
is apart (`measures`), so that indicators can be measured anew: `sortie remeasure RUN`. `Results.table` gives a table with names
and dates ([from Python](api.md)).

A day is a date (Arrow `date32`), null if it did not come. Codes that the law or the run decides (stream, regime, adjustment, kind,
interregion, site, quarter) are positions in the lists of the *codebook*, which travels with the tables; the others are the lists at the
end of this page. A person keeps the same number in every scenario run with the same seed, so two runs can be joined on `person` and
`stay`.

A row is about people who were simulated. In a run of a sample each stands for 1 / `sampling_fraction` people of the country
(`manifest.json`); indicators are of the country already, and the views of `sortie query` carry that number as `weight`.

Same scenario, seed and code: same values, on any machine. The bytes of a Parquet file also depend on the version of Arrow that wrote it.

The published tables that the model starts from (`scenarios/observed/`) are described for other programs: a Frictionless
`datapackage.json` says what each column is, `ro-crate-metadata.json` what each file is and where it comes from. `sortie publish RUN
--to DIR` makes the same of a run: every table with its columns, units and codes, licence, version and digests.

Every JSON output of a command (`--json`, `query --form json`) is an object with a `schema`, the number of its form, now 1; lists are
under `rows`. `format` is that number in the files sortie writes: `manifest.json`, `reference.json`, the index of an experiment.
"""

_ADDS_UP_HEAD = """## What adds up

These accounts hold to the person, in every month of every run; the view `identities` of `sortie query` checks them:
`sortie query "select identity, holds, gap from identities" -o RUN`.

| account | what it says |
| --- | --- |"""

_VIEWS_HEAD = """## Views

What `sortie query` asks ([experiments](experiments.md#reading-the-answer)). Each view but the lists (`views`, `units`, `parameters`,
`levers`) says in every row which world it is of:
{unit}.
The tables above are views too, with `weight` and a column `…_name` beside each code.

| view | a row is |
| --- | --- |"""


def members(source: Path, class_name: str) -> list[tuple[str, str]]:
    """Names and the strings under them, in the order of the class body.

    Parameters
    ----------
    source
        Python file that holds the class.
    class_name
        Class whose assignments (or annotated fields) are wanted.

    Raises
    ------
    LookupError
        If the file has no such class.
    """
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == class_name:
            return _documented(node.body)
    msg = f"{source}: no class {class_name}"
    raise LookupError(msg)


def _documented(body: list[ast.stmt]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found.append((name, ""))
            case ast.Expr(value=ast.Constant(value=str(text))) if found:
                found[-1] = (found[-1][0], " ".join(text.split()))
    return found


def _type(column: tables.Column) -> str:
    return "date32" if tables.is_date(column.name) else _TYPES[column.code]


def data_dictionary() -> str:
    """Return the text of docs/data.md."""
    parts = [_HEAD, "## Tables\n"]
    for name, columns in tables.SCHEMA.items():
        parts.append(f"### `{name}`\n\n{ROWS[name]}\n\n| column | type | meaning |\n| --- | --- | --- |")
        parts += [f"| `{c.name}` | {_type(c)} | {plain(c.meaning)} |" for c in columns]
        parts.append("")
    parts.append(_ADDS_UP_HEAD)
    parts += [f"| `{identity.name}` | {plain(identity.says)} |" for identity in IDENTITIES]
    parts.append("")
    parts.append(_VIEWS_HEAD.format(unit=fill(", ".join(f"`{name}`" for name in UNIT), 128)))
    parts += [f"| `{name}` | {plain(meaning)} |" for name, meaning in MEANINGS.items()]
    parts.append("")
    parts.append("## Codebook\n\n| list | meaning |\n| --- | --- |")
    parts += [f"| `{name}` | {plain(text)} |" for name, text in members(Path(tables.__file__), "Codebook")]
    parts.append("\n## Codes\n")
    for enum in (
        codes.Status,
        codes.Movement,
        codes.Answer,
        codes.Outcome,
        codes.Cause,
        codes.WaitingList,
        codes.Offence,
        codes.Purpose,
        codes.Removal,
        codes.LeaveEnd,
    ):
        summary = plain((enum.__doc__ or "").partition("\n")[0])
        parts.append(f"### `{enum.__name__}`\n\n{summary}\n\n| code | name | meaning |\n| --- | --- | --- |")
        meanings = dict(members(Path(codes.__file__), enum.__name__))
        parts += [f"| {member.value} | `{member.name}` | {plain(meanings[member.name])} |" for member in enum]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


_PARAMETERS_HEAD = """# Parameters of the baseline

<!-- Written by docs/generate.py from scenarios/baseline.yaml. Change that, then run it. -->

{count} values: {kinds}. Rules of law are not here: they are [dated texts](law.md). Short names of sources are written
out in [sources.md](sources.md); "recidivism.md §5.2" and the like are pages of [the evidence](evidence/README.md).

An **assumption** is a value that no source gives: it has a number, HYP-nn, kept for good, and its *why* stands
in the place of a source. A value with dates is a step function: each holds from its date on, the first also before.
A range written × is a factor on the value; it is what an uncertainty run may draw from.

**Read by** is found in the code ([read_by.py](read_by.py)): the *engine*, on every day; the engine on the *first day* of a run,
once; the *measures* taken on a run, on the first day measured or *by day*; *nobody*. A change that comes after its value was read,
or of a value that nobody reads, is refused.
"""

_PARTS = {
    "flows": "Who comes",
    "population": "Who they are, and their sentences",
    "stock": "The first day",
    "means": "Means",
    "practices": "Practices",
    "reconviction": "Reconviction",
    "costs": "Costs",
}


def parameters() -> str:
    """Return the text of docs/parameters.md.

    Raises
    ------
    LookupError
        If the baseline has a part that no title is written for.
    """
    scenario = load_scenario("baseline")
    rows = source_table(scenario)
    found = dict.fromkeys(row.path.partition(".")[0] for row in rows)
    if unknown := sorted(set(found) - set(_PARTS)):
        msg = f"docs/generate.py: no title for the part {unknown[0]!r} of the baseline"
        raise LookupError(msg)
    kinds = [row.kind for row in rows]
    counted = ", ".join(f"{kinds.count(kind)} of kind *{kind}*" for kind in ("statistic", "study", "law", "assumption"))
    parts = [_PARAMETERS_HEAD.format(count=len(rows), kinds=counted)]
    labels = scenario.parameters()
    for part, title in _PARTS.items():
        parts.append(f"## {title}\n\n| parameter | value, unit | range | kind, date | source, or why | read by |")
        parts.append("| --- | --- | --- | --- | --- | --- |")
        for row in rows:
            if row.path.partition(".")[0] != part:
                continue
            label = labels[row.path].label
            source = f"[{_cell(row.source)}]({row.href})" if row.href else _cell(row.source)
            note = labels[row.path].note
            cells = (
                f"{_cell(label['en'])}<br>`{row.path}`" if label else f"`{row.path}`",
                f"{_cell(row.value)} ({_cell(row.unit)})",
                _cell(row.range),
                _cell(", ".join(text for text in (row.hypothesis or row.kind, row.date) if text)),
                f"{source}. Note: {_cell(note)}" if note else source,
                row.read_by,
            )
            parts.append("| " + " | ".join(cells) + " |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _cell(text: str) -> str:
    """One cell of a Markdown table: brackets and bars would end a link or the cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("[", "(").replace("]", ")")


_POPULATION_HEAD = """# Who is drawn: published figures and the model's

<!-- Written by docs/generate.py from sim/population/marginals.py and scenarios/baseline.yaml. Change those, then run it. -->

People as the baseline draws them, before any run, beside what is published. {agree} of {rows} rows agree within the tolerance
beside them; the others are misses, left as they are. The bands of the stock are those of a
steady flow, further sentences of the stay included; the mean firm part is that of first sentences, as pronounced.

What goes with what: each attribute is tied to the observed score by one correlation (`population.joint` in
[parameters.md](parameters.md)), so its marginal stays exactly its own; two attributes are related only through the score.
Figures from memory are flagged in [the evidence](evidence/figures.md).
"""


def population() -> str:
    """Return the text of docs/population.md."""
    rows = marginals(load_scenario("baseline"))
    parts = [_POPULATION_HEAD.format(agree=sum(row.agrees for row in rows), rows=len(rows))]
    for part in dict.fromkeys(row.part for row in rows):
        parts.append(
            f"## {part}\n\n| what | published | model | unit | within | source |\n| --- | ---: | ---: | --- | --- | --- |"
        )
        parts += [_row(row) for row in rows if row.part == part]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _row(row: Row) -> str:
    digits = 0 if row.unit.startswith("people") else 1
    verdict = f"yes (± {row.tolerance:,.{digits}f})" if row.agrees else f"**no** (± {row.tolerance:,.{digits}f})"
    cells = (row.what, f"{row.published:,.{digits}f}", f"{row.model:,.{digits}f}", row.unit, verdict, _cell(row.source))
    return "| " + " | ".join(cells) + " |"


_INDICATORS_HEAD = """# Indicators

<!-- Written by docs/generate.py from sim/indicators/catalogue.py. Change that, then run it. -->

{count} indicators. Each is a row of `indicators.csv` for a replication, a period (`measured`, a year, a month) and a group
(`all`, `band=≤6 months`, `kind=MA` …); `sortie query` asks them in SQL ([experiments](experiments.md)), `Results.levels` gives
them as a frame ([from Python](api.md)). They are measured when a run is made. A run made before an indicator was added or mended
says so, and `sortie remeasure RUN` brings it up to date from the tables it kept.

| indicator | what | unit | how it is counted |
| --- | --- | --- | --- |
"""


def indicators() -> str:
    """Return the text of docs/indicators.md."""
    rows = [
        f"| `{name}` | {_cell(entry.label)} | {_cell(entry.unit)} | {_cell(entry.meaning)} |"
        for name, entry in CATALOGUE.items()
    ]
    return _INDICATORS_HEAD.format(count=len(CATALOGUE)) + "\n".join(rows) + "\n"


_ASSUMPTIONS_HEAD = """# Assumption log / Journal des hypothèses

<!-- Written by docs/generate.py from scenarios/baseline.yaml and sim/scenario/assumptions.yaml. Change those, then run it. -->

{count} values that no source gives, each with its number, its range and why it was chosen so. They are the answer to "what does it
lean on": a result that a value of this list could reverse is not established. A number is given once: it never moves, and is not used
again when its assumption is settled. / *{count} valeurs qu'aucune source ne donne. Un numéro est donné une fois pour toutes : on peut le citer.*

| | what / quoi | value, unit | range | why |
| --- | --- | --- | --- | --- |
"""


def assumptions() -> str:
    """Return the text of docs/assumptions.md."""
    scenario = load_scenario("baseline")
    labels = scenario.parameters()
    rows = [row for row in source_table(scenario) if row.hypothesis]
    if lacking := [row.path for row in rows if row.hypothesis == UNNUMBERED]:
        msg = f"sim/scenario/assumptions.yaml: no number for {', '.join(lacking)}: python docs/generate.py gives the next ones"
        raise LookupError(msg)
    parts = [_ASSUMPTIONS_HEAD.format(count=len(rows))]
    for row in sorted(rows, key=lambda row: int(str(row.hypothesis).split("-")[1])):
        label = labels[row.path].label
        words = f"{_cell(label['en'])} / *{_cell(label['fr'])}*<br>" if label else ""
        cells = (
            str(row.hypothesis),
            f"{words}`{row.path}`",
            f"{_cell(row.value)} ({_cell(row.unit)})",
            _cell(row.range),
            _cell(row.source),
        )
        parts.append("| " + " | ".join(cells) + " |\n")
    if gone := retired():
        parts.append("\n## Settled\n\n")
        parts += [f"- {code}: {_cell(text)}\n" for code, text in gone.items()]
    return "".join(parts)


_CLI_HEAD = """# Commands

<!-- Written by docs/generate.py from sim/cli. Change that, then run it. -->

`sortie COMMAND --help` says the same. Exit codes: 0 done, 1 part of the work failed or a target is not reached, 2 something to mend in
the request, 130 interrupted.

**Language.** Every command takes `--lang en` or `--lang fr`, anywhere; without it, `SORTIE_LANG`, then the locale of the system. Help,
errors, progress and reports follow it; JSON, names of indicators and of columns do not. `SORTIE_TRACEBACK=1` shows where an error
comes from.

**Numbers and dates** are read as people write them where they cannot be mistaken, here and in files: `0,5`, `2/3`, `1 500`,
`01/06/2026` (day first). `1,500` could be two numbers and is refused. Each option is given once, and each number has bounds:

"""


def commands() -> str:
    """Return the text of docs/cli.md."""
    root = typer.main.get_command(app)
    limits = (f"`{option}` {limits.words()}" for option, limits in LIMITS.items())
    parts = [_CLI_HEAD + textwrap.fill("; ".join(limits) + ".", 126, break_on_hyphens=False, break_long_words=False) + "\n"]
    for name, command in _every(root, "sortie"):
        parts.append(f"## `{name}`\n\n{_paragraphs(command.help or '')}\n\n| | what |\n| --- | --- |")
        for parameter in command.params:
            option = parameter.param_type_name == "option"
            words = ", ".join([*parameter.opts, *parameter.secondary_opts]) if option else str(parameter.name).upper()
            value = getattr(parameter.default, "value", parameter.default)
            told = option and value is not None and not isinstance(value, bool)
            default = f" Default: `{value}`." if told else ""
            parts.append(f"| `{_cell(words)}` | {_cell(getattr(parameter, 'help', None) or '')}{default} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _every(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for key, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from _every(command, f"{name} {key}")
        else:
            yield f"{name} {key}", command


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).replace("<", "\\<")


def law() -> str:
    """Return the text of docs/law.md: who reads each rule, and what to change for a run to do what one says that it does not read."""

    def read_by(rule: str) -> str:
        stand_in = ", ".join(f"`{path}`" for path in simulated_by(f"law.{rule}"))
        return reader_of(f"law.{rule}") + (f": {stand_in}" if stand_in else "")

    return document(read_by=read_by)


def _schema(make: Callable[[], dict[str, Any]]) -> Callable[[], str]:
    return lambda: text_of(make())


PAGES = {
    f"schemas/{FILES['experiment']}": _schema(experiment_file_schema),
    f"schemas/{FILES['scenario']}": _schema(scenario_file_schema),
    "api.md": api_page,
    "assumptions.md": assumptions,
    "cli.md": commands,
    "data.md": data_dictionary,
    "indicators.md": indicators,
    "law.md": law,
    "parameters.md": parameters,
    "population.md": population,
    "scenario.md": scenario_schema,
}


if __name__ == "__main__":
    for target in write_description(Path("scenarios/observed")):  # first: tables that differ from it are not read
        print(target)
    assumed = [leaf.path for leaf in load_scenario("baseline").world.values() if leaf.kind == "assumption"]
    for line in number_new(assumed):
        print(f"sim/scenario/assumptions.yaml: {line}")
    # Apart: it imports the engine uncompiled.
    subprocess.run([sys.executable, str(Path(__file__).with_name("read_by.py"))], check=True)  # noqa: S603
    for name, text in PAGES.items():
        target = Path(__file__).parent / name
        target.write_text(text(), encoding="utf-8")
        print(target)
    subprocess.run([sys.executable, str(Path(__file__).with_name("changelog.py"))], check=True)  # noqa: S603
