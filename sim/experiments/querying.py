"""Questions in SQL to a whole tree of results, answered by DuckDB from the Parquet files as they lie.

Views, whatever is under the folder asked (one run, one experiment, all results):

``units``           one row for each replication: experiment, scenario, draw, run, seed, replication, dates, file
``parameters``      one row for each value drawn: experiment, draw, path, value
``levers``          one row for each lever of each arm: experiment, scenario, lever (``add means…posts``), setting, number
``figures``         every indicator of every replication: … period, indicator, "group", value
``differences``     the same against the base of the experiment (else ``baseline``), paired: base, policy, difference
``releases``        exits from detention by route and procedure, a year
``causes``          dry releases by binding cause, a year
``waits``           waits and workload, the whole country
``waiting_lists``   people waiting and days waited so far, by list and territory, on each 1 January and over each period
``establishments``  one row for each establishment: density, people, dry rate, waits
``exits`` …         each table that was kept, codes beside their names; ``event_log`` in the columns of process mining

Only what a manifest announces is read: a replication being written is not half seen.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.dates import iso
from sim.errors import RequestError, RunFolderError
from sim.records.codes import Cause, Movement, Offence, Outcome, Status, WaitingList
from sim.records.run_folder import open_run
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import IntEnum
    from types import TracebackType

    import pandas as pd

    from sim.records.run_folder import RunFolder
    from sim.records.tables import Codebook

_INDEX = "experiment.json"
# Times as XES has them, the standard of event logs.
_FORMS = {
    ".csv": "format csv, header, timestampformat '%Y-%m-%dT%H:%M:%S'",
    ".parquet": "format parquet, compression zstd",
}
_UNITS = "experiment, scenario, draw, run, seed, replication"
_PAIRED = "experiment, source, seed, start_date, measure_from, end_date, fraction, draw, replication, period, indicator"
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


class Results:
    """A results tree, open for questions. Close it, or use it in a ``with``."""

    def __init__(self, path: Path) -> None:
        import duckdb  # noqa: PLC0415 (0.1 s, and only questions need it)

        self.path = path
        self._problems = duckdb.Error
        self._connection = duckdb.connect(":memory:")
        # Nothing leaves the machine: DuckDB would fetch an extension that a question happens to name.
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            self._connection.execute(f"set {setting} = false")
        self._views: list[str] = []
        _Views(self._connection, path, self._views).make()

    @property
    def views(self) -> tuple[str, ...]:
        """Names of the views there are."""
        return tuple(self._views)

    def sql(self, question: str) -> pd.DataFrame:
        """Answer a question as a data frame.

        Raises
        ------
        RequestError
            If DuckDB cannot answer, in its own words.
        """
        try:
            answer: Any = self._connection.sql(question)
            if answer is None:
                msg = "the statement answers nothing: ask a question that begins with `select`."
                raise RequestError(msg)
            frame: pd.DataFrame = answer.df()
        except self._problems as problem:
            raise self._refused(problem) from problem
        return frame

    def write(self, question: str, path: Path) -> None:
        """Write the answer to a question into a file, ``.csv`` or ``.parquet``, without holding it in memory.

        Raises
        ------
        RequestError
            If DuckDB cannot answer, or the name ends otherwise.
        """
        form = _FORMS.get(path.suffix)
        if form is None:
            msg = f"--to: met '{path}', expected a name that ends with {' or '.join(_FORMS)}."
            raise RequestError(msg)
        temporary = path.with_name(f".{path.name}-{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection.execute(f"copy ({question.rstrip().rstrip(';')}) to {_quoted(str(temporary))} ({form})")
            temporary.replace(path)
        except OSError as problem:
            msg = f"--to: {path}: cannot be written ({problem.strerror})."
            raise RequestError(msg) from problem
        except self._problems as problem:
            raise self._refused(problem) from problem
        finally:
            temporary.unlink(missing_ok=True)

    def _refused(self, problem: Exception) -> RequestError:
        return RequestError(
            f"{problem}\nViews here: {', '.join(self._views)}. A table that is missing was not kept (`keep:`, `events:`)."
        )

    def close(self) -> None:
        """Free what DuckDB holds."""
        self._connection.close()

    def __enter__(self) -> Results:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_results(path: Path | str = "results") -> Results:
    """Open a results tree (one run, one experiment, or everything) for questions in SQL.

    Raises
    ------
    RunFolderError
        If nothing finished is there.
    """
    return Results(Path(path))


class _Views:
    """Makes the views of one connection."""

    def __init__(self, connection: Any, path: Path, names: list[str]) -> None:
        self.connection = connection
        self.path = path
        self.names = names
        self.units: list[dict[str, Any]] = []
        self.drawn: dict[tuple[str, int], dict[str, Any]] = {}
        self.levers: dict[tuple[str, str, str], str] = {}
        self.codebook: Codebook | None = None

    def make(self) -> None:
        import pandas as pd  # noqa: PLC0415

        for run, place in _runs(self.path):
            self._gather(run, place)
        if not self.units:
            msg = f"{self.path}: no finished replication below this folder. Make some with `sortie run` or `sortie batch`."
            raise RunFolderError(msg)
        self.connection.register("_units", pd.DataFrame(self.units).drop(columns="tables"))
        self._view("units", "select * exclude (file, source, base, folder), file from _units")
        rows = [(*key, path, json.dumps(value)) for key, values in self.drawn.items() for path, value in values.items()]
        drawn = pd.DataFrame(rows, columns=["experiment", "draw", "path", "value"])
        self.connection.register("_drawn", drawn)
        self._view("parameters", "select * from _drawn")
        levers = pd.DataFrame(
            [(*key, setting) for key, setting in self.levers.items()], columns=["experiment", "scenario", "lever", "setting"]
        )
        self.connection.register("_levers", levers)
        self._view("levers", "select experiment, scenario, lever, setting, try_cast(setting as double) as number from _levers")
        self._figures()
        for table in SCHEMA:
            self._table(table)

    def _gather(self, run: RunFolder, place: dict[str, Any]) -> None:
        manifest = run.manifest
        for number, files in manifest.replications.items():
            folder = run.path / "replications" / f"{number:03d}"
            self.units.append(
                {
                    "experiment": place["experiment"],
                    "scenario": manifest.scenario,
                    "draw": place["draw"],
                    "run": manifest.run_id,
                    "seed": manifest.seed,
                    "replication": number,
                    "start_date": iso(manifest.start_day),
                    "measure_from": iso(manifest.measure_from_day),
                    "end_date": iso(manifest.end_day),
                    "fraction": manifest.sampling_fraction,
                    "base": place["base"],
                    "source": f"{manifest.source}/{manifest.measures.get(number, '')}",
                    "folder": str(folder),
                    "file": str(folder / "indicators.parquet"),
                    "tables": sorted(name.removesuffix(".parquet") for name in files),
                }
            )
        if self.codebook is None and any("exits.parquet" in files for files in manifest.replications.values()):
            self.codebook = run.codebook
        if (place["experiment"], place["draw"]) not in self.drawn:  # each arm of a draw has the same values
            self.drawn[place["experiment"], place["draw"]] = place["parameters"]

        self.levers |= {
            (place["experiment"], manifest.scenario, lever): json.dumps(setting) for lever, setting in place["levers"].items()
        }

    def _view(self, name: str, question: str) -> None:
        self.connection.execute(f"create view {name} as {question}")
        self.names.append(name)

    def _read(self, table: str) -> str:
        files = [str(Path(unit["folder"]) / f"{table}.parquet") for unit in self.units if table in unit["tables"]]
        listed = ", ".join(_quoted(file) for file in files)
        return f"read_parquet([{listed}], filename = true)" if files else ""

    def _figures(self) -> None:
        reading = self._read("indicators")
        source = f'select {_UNITS}, period, indicator, "group", value from {reading} i join _units u on u.file = i.filename'  # noqa: S608
        self._view("figures", source)
        self.connection.execute(
            f'create view _full as select u.*, period, indicator, "group", value '  # noqa: S608
            f"from {reading} i join _units u on u.file = i.filename"
        )
        self._view(
            "differences",
            f"select p.experiment, b.scenario as base_scenario, p.scenario, p.draw, p.seed, p.replication, p.period, "  # noqa: S608
            f'p.indicator, p."group", b.value as base, p.value as policy, p.value - b.value as difference '
            f'from _full p join _full b using ({_PAIRED}, "group") where b.scenario = p.base and p.scenario <> p.base',
        )
        one = """regexp_extract("group", '(?:^|,){}=([^,]*)', 1)"""
        route, procedure, cause, site = (one.format(word) for word in ("route", "procedure", "cause", "site"))
        listed, region = one.format("list"), one.format("interregion")
        self._view(
            "releases",
            f"select {_UNITS}, period, {route} as route, nullif({procedure}, '') as procedure, value as people_per_year "  # noqa: S608
            f"from figures where indicator = 'releases'",
        )
        self._view(
            "causes",
            f"select {_UNITS}, period, {cause} as cause, value as people_per_year from figures "  # noqa: S608
            f"""where indicator = 'dry_cause' and not contains("group", ',')""",
        )
        columns = ", ".join(f"max(value) filter (where indicator = '{name}') as {name}" for name in _WAITS)
        self._view(
            "waits",
            f"""select {_UNITS}, period, {columns} from figures where "group" = 'all' """  # noqa: S608
            f"and indicator in {_WAITS} group by all",
        )
        self._view(
            "waiting_lists",
            f"""select {_UNITS}, period, {listed} as list, nullif({region}, '') as interregion, """  # noqa: S608
            f"nullif({site}, '') as establishment, max(value) filter (where indicator = 'waiting_list') as waiting, "
            f"max(value) filter (where indicator = 'waiting_list_days') as days_waited from figures "
            f"where indicator in ('waiting_list', 'waiting_list_days') group by all",
        )
        columns = ", ".join(f"max(value) filter (where indicator = '{name}') as {name}" for name in _OF_ESTABLISHMENTS)
        self._view(
            "establishments",
            f"""select {_UNITS}, period, {site} as establishment, {columns} from figures """  # noqa: S608
            f"""where starts_with("group", 'site=') and indicator in {_OF_ESTABLISHMENTS} group by all""",
        )

    def _table(self, table: str) -> None:
        reading = self._read(table)
        if not reading or self.codebook is None:
            return
        columns = [column.name for column in SCHEMA[table]]
        named = _named(table, columns, self.codebook)
        words = "".join(f", {expression} as {name}" for name, expression in named.items())
        joined = f"from {reading} t join _units u on t.filename = u.folder || '/{table}.parquet'"
        listed = ", ".join(f't."{column}"' for column in columns)
        self._view(table, f"select {_UNITS}, {listed}{words} {joined}")
        if table == "events":
            self._view(
                "event_log",
                # The attribute names of XES, the standard of event logs, as process-mining tools expect them in a CSV. A case
                # is one stay of one person in one world: tools tell cases by their name alone.
                "select scenario, draw, replication, "
                "concat_ws('/', run, replication, person, stay) as \"case:concept:name\", "
                'movement_name as "concept:name", date::timestamp as "time:timestamp", quarter_name as "org:resource", '
                'detail, value from events order by scenario, draw, replication, "case:concept:name", date',
            )


def _named(table: str, columns: list[str], book: Codebook) -> dict[str, str]:
    """Expressions that give names to the codes of a table."""
    coded: dict[str, type[IntEnum]] = {
        "cause": Cause,
        "movement": Movement,
        "offence": Offence,
        "outcome": Outcome,
        "status": Status,
        "list": WaitingList,
    }
    lists: dict[str, tuple[str, ...]] = {
        "adjustment": book.adjustments,
        "stream": book.streams,
        "kind": book.kinds,
        "interregion": book.interregions,
        "site": book.sites,
        "quarter": book.quarters,
    }
    named = {"date": "date '1970-01-01' + t.day"}
    for column in columns:
        if column in coded:
            names = {member.value: member.name for member in coded[column]}
            lists[column] = tuple(names.get(code, "") for code in range(max(names) + 1))
        if column in lists:
            named[f"{column}_name"] = _pick(lists[column], f"t.{column}")
        elif column == "regime":
            # Codes of `exits`, `ends` and `decisions` begin with 1: 0 is no measure.
            shift = table in {"exits", "ends", "decisions"}
            names_of = ("dry" if table == "exits" else "none", *book.regimes) if shift else book.regimes
            named["regime_name"] = _pick(names_of, "t.regime")
    return named


def _pick(names: tuple[str, ...], code: str) -> str:
    listed = ", ".join(_quoted(name) for name in names)
    return f"case when {code} >= 0 then list_extract([{listed}], {code}::integer + 1) end"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _runs(path: Path) -> Iterator[tuple[RunFolder, dict[str, Any]]]:
    """Give every run below a folder, with the experiment, draw, base and drawn values it belongs to."""
    if (path / "manifest.json").is_file():
        yield open_run(path), _alone()
        return
    if not path.is_dir():
        msg = f"{path}: no such folder. Results are under results/; make some with `sortie run` or `sortie batch`."
        raise RunFolderError(msg)
    taken: set[Path] = set()
    for index in sorted([*path.glob(_INDEX), *path.glob(f"*/{_INDEX}")]):
        content = read_index(index)
        levers = {arm["name"]: arm["levers"] for arm in content["arms"]}
        for row in content["runs"]:
            folder = index.parent / row["arm"] / row["run"]
            if not (folder / "manifest.json").is_file():
                continue
            place = {
                "experiment": content["name"],
                "draw": int(row["draw"]),
                "base": content["base"],
                "parameters": content["draws"][int(row["draw"])],
                "levers": levers[row["arm"]],
            }
            yield open_run(folder), place
        taken.add(index.parent)
    if path in taken:
        return
    for pattern in ("*/manifest.json", "*/*/manifest.json"):
        for manifest in sorted(path.glob(pattern)):
            yield open_run(manifest.parent), _alone()


def _alone() -> dict[str, Any]:
    return {"experiment": "", "draw": 0, "base": "baseline", "parameters": {}, "levers": {}}


def read_index(index: Path) -> dict[str, Any]:
    """Read the ``experiment.json`` of an experiment's folder.

    Raises
    ------
    RunFolderError
        If it is not there, or is not one.
    """
    try:
        content: dict[str, Any] = json.loads(index.read_text(encoding="utf-8"))
        for key in ("name", "base", "runs", "draws", "arms"):
            content[key]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        msg = f"{index}: not the index of an experiment ({type(problem).__name__}). Run `sortie batch` again."
        raise RunFolderError(msg) from problem
    return content
