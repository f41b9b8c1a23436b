"""The views of a results tree: their names, what one row of each is, and the SQL that makes them.

Every view but the lists says in each row which world it is of (:data:`UNIT`): scenario, draw, run, seed, replication, and the
frame: share of the country simulated, window, version.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.dates import date_of
from sim.experiments.event_log import LogOfUnit, event_log, first_rows, variable
from sim.experiments.named_codes import names_of, quoted
from sim.experiments.results_tree import runs_below
from sim.indicators.catalogue import CATALOGUE
from sim.indicators.headline import HEADLINE
from sim.records.identities import IDENTITIES, MONTHS
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sim.experiments.results_tree import Placed
    from sim.records.run_folder import RunFolder
    from sim.records.tables import Codebook

UNIT = ("experiment", "scenario", "draw", "run", "seed", "replication", "fraction", "start_date", "measure_from", "end_date",
        "version", "code")  # fmt: skip
"""Columns that say which replication of which world a row is of."""

_UNIT = ", ".join(UNIT)
_FRAME = "experiment, code, seed, start_date, measure_from, end_date, fraction, draw, replication, period, indicator"
"""What two figures have in common that are paired."""
_WAITS = (
    "hearing_wait_mean",
    "hearing_wait_median",
    "hearing_wait_p90",
    "hearing_past_legal_delay",
    "requests_waiting",
    "assignment_wait_mean",
    "waiting_for_counsellor",
    "caseload",
)
_OF_ESTABLISHMENTS = (
    "density",
    "held",
    "over_capacity",
    "exits_per_year",
    "dry_rate_exits",
    "caseload",
    "assignment_wait_mean",
    "hearing_wait_mean",
    "requests_waiting",
)

MEANINGS: dict[str, str] = {
    "views": "a view: its name, what one of its rows is, its columns",
    "units": "a replication: experiment, scenario, draw, run, seed, frame, folder",
    "parameters": "a value drawn: experiment, draw, path, value",
    "levers": "a lever of an arm: experiment, scenario, lever (`add means…posts`), setting, number",
    "headline": "a replication: the dozen figures told first, over the measured window",
    "headline_differences": "a replication: the same, less those of its base (the experiment's, else `baseline`)",
    "measured": "a replication: every indicator of the whole country, over the measured window",
    "figures": 'an indicator of a replication, for a period and a "group"',
    "differences": "the same beside its base, paired by seed, draw and replication: base, policy, difference",
    "releases": "a route of exits from detention, or a route and procedure, people a year",
    "causes": "a binding cause of dry releases, people a year",
    "waits": "a period: waits and workload, the whole country",
    "waiting_lists": "a list, the country's, an interregion's or an establishment's, on a 1 January or over a period",
    "establishments": "an establishment and a period: density, people, dry rate, waits",
    "identities": "an account of a replication: whether it holds to the person in every month, and the greatest gap",
    "event_log": "a movement of a stay, in the order things happened, in the columns of process mining",
}


class ViewMaker:
    """Makes the views of one connection, and knows which files each of them reads."""

    def __init__(self, connection: Any, path: Path, placed: Iterable[Placed] | None = None) -> None:
        self.connection = connection
        self.path = path
        self._given = placed
        self.reads: dict[str, tuple[str, ...]] = {}
        """Files that each view is made of: ``indicators`` or names of tables; none for lists."""
        self.units: list[dict[str, Any]] = []
        self.runs: dict[tuple[str, int], RunFolder] = {}
        """Run folder by the path of a replication's folder and its number."""
        self._books: dict[Codebook, int] = {}
        self._placed: list[Placed] = []
        self._logs: list[LogOfUnit] = []
        self._described = False

    def make(self) -> None:
        """Gather what is below the folder, and make every view of it."""
        from sim.errors import RunFolderError  # noqa: PLC0415

        self.connection.execute("create schema internal")
        for placed in runs_below(self.path) if self._given is None else self._given:
            self._gather(placed)
        if not self.units:
            msg = f"{self.path}: no finished replication below this folder. Make some with `sortie run` or `sortie batch`."
            raise RunFolderError(msg)
        self._lists()
        self._figures()
        for table in SCHEMA:
            self._table(table)
        self._identities()
        self._list_of_views()

    def files(self, kind: str) -> list[Path]:
        """Paths of one file of every replication that kept it."""
        return [Path(unit["folder"]) / f"{kind}.parquet" for unit in self.units if kind in unit["tables"]]

    def _gather(self, placed: Placed) -> None:
        run, manifest = placed.run, placed.run.manifest
        self._placed.append(placed)
        for number, files in manifest.replications.items():
            folder = str((run.path / "replications" / f"{number:03d}").resolve())
            self.runs[folder, number] = run
            tables = sorted(name.removesuffix(".parquet") for name in files)
            self.units.append(
                {
                    "experiment": placed.experiment,
                    "scenario": manifest.scenario,
                    "draw": placed.draw,
                    "run": manifest.run_id,
                    "seed": manifest.seed,
                    "replication": number,
                    "fraction": manifest.sampling_fraction,
                    "start_date": date_of(manifest.start_day),
                    "measure_from": date_of(manifest.measure_from_day),
                    "end_date": date_of(manifest.end_day),
                    "version": manifest.version,
                    # What made the tables, and what measured them: figures of two codes are not added up, nor compared.
                    "code": f"{manifest.source[:12]}/{manifest.measures.get(number, '')[:12] or 'unknown'}",
                    "digest": manifest.digest[:12],
                    "base": placed.base,
                    "folder": folder,
                    "tables": tables,
                    "book": self._book(run) if set(tables) & set(SCHEMA) else -1,
                }
            )

    def _book(self, run: RunFolder) -> int:
        """Number of the run's codebook: runs whose lists differ give their codes different names."""
        return self._books.setdefault(run.codebook, len(self._books))

    def _view(self, name: str, question: str, *reads: str) -> None:
        self.connection.execute(f"create view {name} as {question}")
        self.reads[name] = reads

    def _lists(self) -> None:
        import pandas as pd  # noqa: PLC0415

        kept = [*UNIT, "digest", "base", "folder", "book"]
        rows = [{**{name: unit[name] for name in kept}, "tables": ",".join(unit["tables"])} for unit in self.units]
        self._keep("units", pd.DataFrame(rows))
        self._view("units", f"select {_UNIT}, digest, folder from internal.units")  # noqa: S608
        drawn = {(p.experiment, p.draw): p.parameters for p in self._placed}  # each arm of a draw has the same values
        values = [(*key, path, json.dumps(value)) for key, drawn_of in drawn.items() for path, value in drawn_of.items()]
        self._keep("drawn", pd.DataFrame(values, columns=["experiment", "draw", "path", "value"]).astype({"draw": "int64"}))
        self._view("parameters", "select * from internal.drawn")
        settings = {
            (p.experiment, p.run.scenario, lever): json.dumps(setting)
            for p in self._placed
            for lever, setting in p.levers.items()
        }
        columns = ["experiment", "scenario", "lever", "setting"]
        self._keep("levers", pd.DataFrame([(*key, setting) for key, setting in settings.items()], columns=columns))
        self._view(
            "levers",
            "select experiment::varchar as experiment, scenario::varchar as scenario, lever::varchar as lever, "
            "setting::varchar as setting, try_cast(setting as double) as number from internal.levers",
        )

    def _keep(self, name: str, frame: Any) -> None:
        """Copy a frame into the connection, which from then on needs nothing of Python."""
        self.connection.register("_arriving", frame)
        self.connection.execute(f"create table internal.{name} as select * from _arriving")  # noqa: S608
        self.connection.unregister("_arriving")

    def _figures(self) -> None:
        reading = _reading(self.files("indicators"))
        self.connection.execute(
            f'create view internal.figures as select u.*, period, indicator, "group", value '  # noqa: S608
            f"from {reading} i join internal.units u on i.filename = u.folder || '/indicators.parquet'"
        )
        self._view("figures", f'select {_UNIT}, period, indicator, "group", value from internal.figures', "indicators")  # noqa: S608
        frame = ", ".join(f"p.{name}" for name in UNIT if name not in {"experiment", "scenario"})
        self._view(
            "differences",
            f"select p.experiment, b.scenario as base_scenario, p.scenario, {frame}, p.period, "  # noqa: S608
            f'p.indicator, p."group", b.value as base, p.value as policy, p.value - b.value as difference '
            f'from internal.figures p join internal.figures b using ({_FRAME}, "group") '
            f"where b.scenario = p.base and p.scenario <> p.base",
            "indicators",
        )
        self._one_row_a_replication()
        one = """regexp_extract("group", '(?:^|,){}=([^,]*)', 1)"""
        route, procedure, cause, site = (one.format(word) for word in ("route", "procedure", "cause", "site"))
        listed, region = one.format("list"), one.format("interregion")
        self._view(
            "releases",
            f"select {_UNIT}, period, {route} as route, nullif({procedure}, '') as procedure, value as people_per_year "  # noqa: S608
            f"from figures where indicator = 'releases'",
            "indicators",
        )
        self._view(
            "causes",
            f"select {_UNIT}, period, {cause} as cause, value as people_per_year from figures "  # noqa: S608
            f"""where indicator = 'dry_cause' and not contains("group", ',')""",
            "indicators",
        )
        self._view(
            "waits",
            f"""select {_UNIT}, period, {_wide({name: (name, "all") for name in _WAITS})} from figures """  # noqa: S608
            f"""where "group" = 'all' and indicator in {_WAITS} group by all""",
            "indicators",
        )
        self._view(
            "waiting_lists",
            f"""select {_UNIT}, period, {listed} as list, nullif({region}, '') as interregion, """  # noqa: S608
            f"nullif({site}, '') as establishment, max(value) filter (where indicator = 'waiting_list') as waiting, "
            f"max(value) filter (where indicator = 'waiting_list_days') as days_waited from figures "
            f"where indicator in ('waiting_list', 'waiting_list_days') group by all",
            "indicators",
        )
        columns = ", ".join(f"max(value) filter (where indicator = '{name}') as {name}" for name in _OF_ESTABLISHMENTS)
        self._view(
            "establishments",
            f"""select {_UNIT}, period, {site} as establishment, {columns} from figures """  # noqa: S608
            f"""where starts_with("group", 'site=') and indicator in {_OF_ESTABLISHMENTS} group by all""",
            "indicators",
        )

    def _one_row_a_replication(self) -> None:
        found = "select distinct indicator from figures where period = 'measured' and \"group\" = 'all'"
        of_country = {row[0] for row in self.connection.execute(found).fetchall()}
        measured = {name: (name, "all") for name in CATALOGUE if name in of_country}
        for view, columns in {"headline": HEADLINE, "measured": measured}.items():
            self._view(
                view,
                f"select {_UNIT}, {_wide(columns)} from figures where period = 'measured' group by all order by {_UNIT}",  # noqa: S608
                "indicators",
            )
        wide = ", ".join(
            f'max(difference) filter (where indicator = {quoted(indicator)} and "group" = {quoted(group)}) as {name}'
            for name, (indicator, group) in HEADLINE.items()
        )
        self._view(
            "headline_differences",
            f"select base_scenario, {_UNIT}, {wide} from differences where period = 'measured' group by all order by {_UNIT}",  # noqa: S608
            "indicators",
        )

    def _table(self, table: str) -> None:
        files = self.files(table)
        if not files:
            return
        columns = ", ".join(f't."{column.name}"' for column in SCHEMA[table])
        parts = [(_reading(mine, numbered=table == "events"), names) for mine, names in self._by_codebook(table)]
        selects = []
        for reading, names in parts:
            words = "".join(f", {expression} as {name}" for name, expression in names.items())
            selects.append(
                f"select {_UNIT}, 1 / fraction as weight, {columns}{words} from {reading} t "  # noqa: S608
                f"join internal.units u on t.filename = u.folder || '/{table}.parquet'"
            )
        self._view(table, " union all ".join(selects), table)
        if table == "events":
            self._logs = list(self._logs_of_units())
            self._view("event_log", event_log(self._logs), "events")

    def _logs_of_units(self) -> Iterator[LogOfUnit]:
        books = {number: book for book, number in self._books.items()}
        for number, unit in enumerate(self.units):
            if "events" in unit["tables"]:
                told = [f"{_value(unit[name])} as {name}" for name in UNIT] + [f"{1 / unit['fraction']!r} as weight"]
                case = [unit["experiment"], unit["run"], unit["draw"], unit["replication"]]
                yield LogOfUnit(
                    number,
                    _reading([Path(unit["folder"]) / "events.parquet"], numbered=True),
                    names_of("events", books[unit["book"]]),
                    ", ".join(told),
                    quoted("/".join(str(part) for part in case if part != "")),
                    unit["start_date"],
                )

    def prepare(self, views: Iterable[str]) -> None:
        """Find out what these views need and that is too long to find for every tree that is opened."""
        if "views" in views:
            self._describe()
        if "event_log" in views:
            while self._logs:
                log = self._logs.pop()
                rows = self.connection.execute(first_rows(log)).fetchall()
                many = self.connection.execute(f"select count(*) from {log.reading}").fetchall()[0][0]  # noqa: S608
                self.connection.execute(variable(log, rows, many))

    def _by_codebook(self, table: str) -> Iterator[tuple[list[Path], dict[str, str]]]:
        """Give the files of a table by the codebook of their runs, with the names it gives to their codes."""
        for book, number in self._books.items():
            units = [unit for unit in self.units if table in unit["tables"] and unit["book"] == number]
            if units:
                yield [Path(unit["folder"]) / f"{table}.parquet" for unit in units], names_of(table, book)

    def _identities(self) -> None:
        """Make the view that checks the accounts whose tables were kept, replication by replication."""
        kept = [identity for identity in IDENTITIES if set(identity.needs) <= set(self.reads)]
        if not kept:
            return
        each = " union all ".join(
            f"select experiment, run, replication, {number} as number, {quoted(identity.name)} as identity, "  # noqa: S608
            f"{quoted(','.join(identity.needs))} as needs, {quoted(identity.says)} as says, count(*) as months, "
            f"max(abs(gap)) as gap from ({identity.gap}) group by experiment, run, replication"
            for number, identity in enumerate(kept)
        )
        self._view(
            "identities",
            f"with months as ({MONTHS}), told as ({each}) select {_UNIT}, identity, gap = 0 as holds, "  # noqa: S608
            f"gap::bigint as gap, months, says from told join internal.units using (experiment, run, replication) "
            f"where list_has_all(string_split(tables, ','), string_split(needs, ',')) order by {_UNIT}, number",
            *dict.fromkeys(table for identity in kept for table in identity.needs),
        )

    def _list_of_views(self) -> None:
        self.connection.execute("create table internal.views (name varchar, a_row_is varchar, columns varchar)")
        self._view("views", "select * from internal.views")
        self.reads = {"views": (), **{name: reads for name, reads in self.reads.items() if name != "views"}}

    def _describe(self) -> None:
        """Fill the list of views: their columns are those that DuckDB finds, which takes longer than a question."""
        if self._described:
            return
        self._described = True
        for name in self.reads:
            meaning = MEANINGS.get(name) or f"a row of the table `{name}`, codes beside their names"
            columns = ", ".join(str(row[0]) for row in self.connection.execute(f"describe {name}").fetchall())
            self.connection.execute("insert into internal.views values (?, ?, ?)", [name, meaning, columns])


def _wide(columns: dict[str, tuple[str, str]]) -> str:
    """Turn rows of figures into columns: name -> indicator and group."""
    return ", ".join(
        f'max(value) filter (where indicator = {quoted(indicator)} and "group" = {quoted(group)}) as {name}'
        for name, (indicator, group) in columns.items()
    )


def _value(value: str | float | date) -> str:
    """Return a value of SQL, of the type that the column has in ``internal.units``."""
    match value:
        case str():
            return quoted(value)
        case int():
            return f"{value}::bigint"
        case float():
            return f"{value!r}::double"
    return f"date {quoted(value.isoformat())}"


def _reading(files: list[Path], *, numbered: bool = False) -> str:
    listed = ", ".join(quoted(pattern_of(file)) for file in files)
    return f"read_parquet([{listed}], filename = true{', file_row_number = true' if numbered else ''})"


def pattern_of(file: Path) -> str:
    """Return the pattern that stands for one file and no other: DuckDB reads a path as a pattern."""
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in str(file))
