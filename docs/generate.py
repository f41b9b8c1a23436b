"""Write the pages that the code dictates, docs/data.md, law.md, parameters.md and population.md: ``python docs/generate.py``.

The column lists of :mod:`sim.records.tables` and the strings under the members of :mod:`sim.records.codes` are the
only place where the meaning of a figure is written; the texts of :mod:`sim.law` the only place where a rule is;
``scenarios/baseline.yaml`` the only place where a value is.
``tests/architecture`` fails when a page lags behind.
"""

from __future__ import annotations

import ast
from pathlib import Path

from sim.law.description import document
from sim.population.marginals import Row, marginals
from sim.records import codes, tables
from sim.scenario import load_scenario
from sim.scenario.describe import source_table

_TYPES = {"b": "int8", "h": "int16", "i": "int32", "f": "float32"}

_ROWS = {
    "events": "One row per movement of a person; kept only when a run is asked for it (`story` needs it).",
    "exits": "One row per exit from detention: a measure begins, or the committal ends from a cell.",
    "ends": "One row per end of committal (*levée d'écrou*), or entry into the measure that ends it.",
    "decisions": "One row per decision of a judge or a board.",
    "measures": "One row per measure that ended.",
    "quarters": "One row per quarter and month: the census of the 1st at 0 h.",
    "services": "One row per establishment and month: probation service and court.",
    "panels": "One row per interregion and month: court of three.",
    "nation": "One row per month: the country on the 1st at 0 h.",
    "flows": "One row per month: what moved in the month before.",
    "standing": "One row per regime and month: who is on it, who waits for it.",
}

_HEAD = """# Data dictionary

<!-- Written by docs/generate.py from sim/records. Change those, then run it. -->

A run is a folder, `results/<scenario>/<run>/`: `manifest.json` (software, seed, time), `scenario.yaml` (every parameter
as it was used), `indicators.csv`, and under `replications/` one Parquet file per table and replication.

A day is an integer, days since 1970-01-01 (`date32` in Parquet terms). A day that did not come is -1. Codes that the
law or the run decides (stream, regime, adjustment, kind, interregion, site, quarter) are positions in the lists of the
*codebook*, which travels with the tables; the others are the lists at the end of this page. A person keeps the same
number in every scenario run with the same seed, so two runs can be joined on `person` and `stay`.
"""


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


def _plain(text: str) -> str:
    """Sphinx roles and literals as Markdown code, table bars escaped."""
    for role in (":class:", ":attr:", ":meth:"):
        text = text.replace(role, "")
    return text.replace("|", "\\|").replace("``", "`").replace("`~", "`")


def data_dictionary() -> str:
    """Return the text of docs/data.md."""
    parts = [_HEAD, "## Tables\n"]
    for name, columns in tables.SCHEMA.items():
        parts.append(f"### `{name}`\n\n{_ROWS[name]}\n\n| column | type | meaning |\n| --- | --- | --- |")
        parts += [f"| `{c.name}` | {_TYPES[c.code]} | {_plain(c.meaning)} |" for c in columns]
        parts.append("")
    parts.append("## Codebook\n\n| list | meaning |\n| --- | --- |")
    parts += [f"| `{name}` | {_plain(text)} |" for name, text in members(Path(tables.__file__), "Codebook")]
    parts.append("\n## Codes\n")
    for enum in (codes.Status, codes.Movement, codes.Outcome, codes.Cause, codes.Offence):
        summary = _plain((enum.__doc__ or "").partition("\n")[0])
        parts.append(f"### `{enum.__name__}`\n\n{summary}\n\n| code | name | meaning |\n| --- | --- | --- |")
        meanings = dict(members(Path(codes.__file__), enum.__name__))
        parts += [f"| {member.value} | `{member.name}` | {_plain(meanings[member.name])} |" for member in enum]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


_PARAMETERS_HEAD = """# Parameters of the baseline

<!-- Written by docs/generate.py from scenarios/baseline.yaml. Change that, then run it. -->

{count} values: {kinds}. Rules of law are not here: they are [dated texts](law.md). Short names of sources are written
out in [sources.md](sources.md); "recidivism.md §5.2" and the like are pages of [the evidence](evidence/README.md).

An **assumption** is a value that no source gives: it has a number, HYP-nn, in the order of paths, and its *why* stands
in the place of a source. A value with dates is a step function: each holds from its date on, the first also before.
A range written × is a factor on the value; it is what an uncertainty run may draw from. Numbers of HYP change when
an assumption is added: quote the path as well.
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
        parts.append(f"## {title}\n\n| parameter | value, unit | range | kind, date | source, or why |")
        parts.append("| --- | --- | --- | --- | --- |")
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
beside them; the others are misses, left as they are. Two of the reasons: one sentence a stay stands for all those served in it,
so its mean is above that of sentences pronounced; and the bands of the stock are those of a steady flow.

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


PAGES = {"data.md": data_dictionary, "law.md": document, "parameters.md": parameters, "population.md": population}


if __name__ == "__main__":
    for name, text in PAGES.items():
        target = Path(__file__).with_name(name)
        target.write_text(text(), encoding="utf-8")
        print(target)
