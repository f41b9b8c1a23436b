"""Questions in SQL to a whole tree of results, answered by DuckDB from the Parquet files as they lie.

Views, whatever is under the folder asked (one run, one experiment, all results), stand in
:data:`~sim.experiments.result_views.MEANINGS`; ``show views`` lists them. Only what a manifest announces is read: a replication
being written is not half seen, and a file that is not the one that was written is refused.

A question reads these files and nothing else. Once the views are made DuckDB is locked: no other file, no network, no
extension, no setting. One statement, which reads.
"""

from __future__ import annotations

import os
import tempfile
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import RequestError, RunFolderError, reason
from sim.experiments.export import csv_cells, write_batches
from sim.experiments.named_codes import quoted
from sim.experiments.query_refusals import refusal
from sim.experiments.questions import LISTS, must_not_pool, read_question
from sim.experiments.result_views import ViewMaker, pattern_of
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    import pandas as pd

    from sim.experiments.questions import Question
    from sim.experiments.results_tree import Placed

Answer = TypeVar("Answer")
_FORMS = (".csv", ".parquet")
_ROWS_AT_ONCE = 100_000
_WAYS = "select, with, from, describe, summarize, show views"


class SampleWarning(UserWarning):
    """Rows of people were counted of whom only a sample was simulated."""


class Results:
    """A results tree, open for questions. Close it, or use it in a ``with``."""

    def __init__(self, path: Path, placed: Iterable[Placed] | None = None) -> None:
        import duckdb  # noqa: PLC0415 (0.1 s, and only questions need it)

        self.path = path
        self._problems = duckdb.Error
        self._interrupted = duckdb.InterruptException
        self._unknown = duckdb.CatalogException
        self._reading = duckdb.StatementType.SELECT
        self._connection = duckdb.connect(":memory:")
        self._maker = ViewMaker(self._connection, path, placed)
        try:
            self._maker.make()
        except self._problems as problem:  # a table whose head is damaged is found when its columns are asked for
            self._name_the_damaged()
            msg = (
                f"{path}: a table cannot be read (damaged, or not Parquet). Run again with the same --output: the rest is kept."
            )
            raise RunFolderError(msg) from problem
        named = "select distinct function_name from duckdb_functions() where function_type = 'aggregate'"
        self._aggregates = frozenset(str(row[0]) for row in self._connection.execute(named).fetchall())
        self._lock()

    @property
    def views(self) -> tuple[str, ...]:
        """Names of the views there are."""
        return tuple(self._maker.reads)

    def sql(self, question: str, *, seconds: float | None = None, most: int | None = None) -> pd.DataFrame:
        """Answer a question as a data frame.

        Parameters
        ----------
        question
            One SELECT (or ``show views``, ``describe VIEW``).
        seconds
            Give up after so long.
        most
            Rows at most: the first ones.

        Raises
        ------
        RequestError
            If it is not one question that reads, would add different worlds together, or cannot be answered.
        RunFolderError
            If a file it reads is damaged.

        Warns
        -----
        SampleWarning
            If it counts simulated people of whom each stands for several.
        """
        checked = self._checked(question)
        for notice in self.notices(question):
            warnings.warn(notice, SampleWarning, stacklevel=2)

        def answer() -> pd.DataFrame:
            relation = self._connection.sql(checked)
            frame: pd.DataFrame = (relation if most is None else relation.limit(most)).df()
            return frame

        return self._answered(answer, seconds)

    def write(self, question: str, path: Path, *, seconds: float | None = None) -> None:
        """Write the answer to a question into a file, ``.csv`` or ``.parquet``, without holding it in memory.

        Raises
        ------
        RequestError
            If it cannot be answered or written, or the name ends otherwise.
        RunFolderError
            If a file it reads is damaged.
        """
        if path.suffix not in _FORMS:
            msg = f"--to: met '{path}', expected a name that ends with {' or '.join(_FORMS)}."
            raise RequestError(msg)
        checked = self._checked(question)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The lock lets DuckDB write nothing: it hands over rows, and they are written here.
            self._answered(lambda: write_batches(self._rows(checked, text_only=path.suffix == ".csv"), path), seconds)
        except OSError as problem:
            msg = f"--to: {path}: cannot be written ({reason(problem)})."
            raise RequestError(msg) from problem

    def _rows(self, statement: str, *, text_only: bool) -> Any:
        """Return the rows of an answer as Arrow hands them over, a few at a time; for CSV, as :func:`csv_cells` has them."""
        relation = self._connection.sql(statement)
        if text_only:
            cells = csv_cells(dict(zip(relation.columns, map(str, relation.types), strict=True)))
            relation = self._connection.sql(f"select {cells} from ({statement})")  # noqa: S608
        if hasattr(relation, "to_arrow_reader"):
            return relation.to_arrow_reader(_ROWS_AT_ONCE)
        return relation.fetch_record_batch(_ROWS_AT_ONCE)  # DuckDB 1.4

    def notices(self, question: str) -> tuple[str, ...]:
        """Say what must be known beside an answer: that people of a sample are counted without their weight."""
        asked = self._read(question)
        if asked is None or "weight" in asked.columns:
            return ()
        people = [name for name in asked.tables if name in {*SCHEMA, "event_log"} and name in self._maker.reads]
        shares = sorted({unit["fraction"] for name in people for unit in self._of(name) if unit["fraction"] != 1})
        if not shares:
            return ()
        told = ", ".join(f"1 person in {1 / share:g}" for share in shares)
        notice = (
            f"{', '.join(sorted(people))}: rows of people simulated, {told} of the country. For the country, add up `weight` "
            f"(`sum(weight)` for a count, `sum(detained * weight)` for a number of people), or ask the indicators."
        )
        return (notice,)

    def _checked(self, question: str) -> str:
        """Return the statement to be run, once what it reads is known to be whole and not to be added up wrongly."""
        statement = self._one_statement(question)
        if statement.lower() == "show views":
            statement = "select name, a_row_is from views"
        asked = self._read(statement)
        if asked is None:
            return statement
        self._maker.prepare(asked.tables)
        tables = [name for name in asked.tables if name in self._maker.reads and name not in LISTS]
        if asked.adds_up(self._aggregates):
            must_not_pool(asked, _distinct([unit for name in tables for unit in self._of(name)]))
        for kind in sorted({kind for name in tables for kind in self._maker.reads[name]}):
            self._must_be_intact(kind)
        return statement

    def _one_statement(self, question: str) -> str:
        """Return the one statement of a question, without its semicolon.

        Raises
        ------
        RequestError
            If it cannot be read, is not one, or does something else than read.
        """
        text = question.strip().rstrip(";").strip()
        if text.lower() == "show views":
            return text
        try:
            statements = self._connection.extract_statements(question)
        except self._problems as problem:
            raise self._refused(problem) from problem
        if len(statements) != 1:
            met = "no statement" if not statements else f"{len(statements)} statements"
            msg = f"met {met}, expected one question ({_WAYS})."
            raise RequestError(msg)
        if statements[0].type != self._reading:
            word = (text.split() or [""])[0][:20]
            msg = f"met '{word}', expected a question that reads ({_WAYS})."
            raise RequestError(msg)
        return text

    def _read(self, statement: str) -> Question | None:
        """Return what a statement reads; nothing where DuckDB says only whether it can be run (``describe``, ``pivot`` …)."""
        try:
            rows = self._connection.execute("select json_serialize_sql(?::varchar)", [statement]).fetchall()
        except self._problems as problem:
            raise self._refused(problem) from problem
        tree = str(rows[0][0]) if rows else "{}"
        return read_question(statement, tree)

    def _of(self, view: str) -> Sequence[dict[str, Any]]:
        """Return the replications that a view is made of."""
        kinds = set(self._maker.reads[view])
        return [unit for unit in self._maker.units if kinds & set(unit["tables"])]

    def _name_the_damaged(self) -> None:
        """Refuse the first file that is not the one announced: DuckDB does not always name the file it could not read."""
        for kind in sorted({kind for unit in self._maker.units for kind in unit["tables"]}):
            self._must_be_intact(kind)

    def _must_be_intact(self, kind: str) -> None:
        for unit in self._maker.units:
            if kind in unit["tables"]:
                run = self._maker.runs[unit["folder"], unit["replication"]]
                run.intact_file(unit["replication"], f"{kind}.parquet")

    def _answered(self, answer: Callable[[], Answer], seconds: float | None) -> Answer:
        """Ask DuckDB, for so long at most, and turn whatever goes wrong into a message."""
        timer = None if seconds is None else threading.Timer(seconds, self._connection.interrupt)
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            return answer()
        except self._interrupted as problem:
            if seconds is None:
                raise KeyboardInterrupt from problem
            msg = f"no answer after {seconds:g} s. Ask for less: one period, one scenario, fewer rows joined."
            raise RequestError(msg) from problem
        except self._problems as problem:
            raise self._refused(problem) from problem
        except (ValueError, OverflowError, TypeError) as problem:
            msg = f"the answer cannot be made a table ({problem}). Cast what is unusual in it, as in `x::varchar`."
            raise RequestError(msg) from problem
        except MemoryError as problem:
            msg = "the answer does not fit into memory. Write it into a file with --to, or ask for less."
            raise RequestError(msg) from problem
        finally:
            if timer is not None:
                timer.cancel()

    def _lock(self) -> None:
        """Leave DuckDB nothing but the files of the views; from here on no setting can be changed."""
        kinds = {kind for reads in self._maker.reads.values() for kind in reads}
        files = [file for kind in kinds for file in self._maker.files(kind)]
        allowed = sorted({text for file in files for text in (str(file), pattern_of(file))})
        spill = Path(tempfile.gettempdir()) / f"sortie-query-{os.getpid()}"
        for setting in (
            f"temp_directory = {quoted(str(spill))}",
            "python_enable_replacements = false",  # a variable of the caller is no view
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            f"allowed_paths = [{', '.join(map(quoted, allowed))}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"set {setting}")

    def _refused(self, problem: Exception) -> RequestError:
        text = refusal(str(problem))
        if isinstance(problem, self._unknown):
            text += f"\nViews here: {', '.join(self.views)}. A table that is missing was not kept (`keep:`, `events:`)."
        return RequestError(text)

    def close(self) -> None:
        """Free what DuckDB holds."""
        self._connection.close()

    def __enter__(self) -> Results:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_results(path: Path | str = "results", placed: Iterable[Placed] | None = None) -> Results:
    """Open a results tree (one run, one experiment, or everything) for questions in SQL.

    Parameters
    ----------
    path
        Folder whose runs are asked.
    placed
        Runs asked instead, wherever they are.

    Raises
    ------
    RunFolderError
        If nothing finished is there, or a run there is damaged.
    """
    return Results(Path(path), placed)


def _distinct(units: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(unit["folder"], unit["experiment"], unit["draw"]): unit for unit in units}.values())
