"""Results folders: written so that a crash leaves nothing half done, reopened so that damage is seen.

::

    results/<scenario>/<run_id>/
        manifest.json        who made it, from what (records.manifest)
        scenario.yaml        the resolved scenario, complete
        indicators.csv       every indicator of every replication
        replications/000/    <table>.parquet, indicators.parquet, unit.json

A replication is written in a folder of its own under a temporary name, flushed to the disk, and renamed: it is either
there and whole, or not there. ``manifest.json`` is rebuilt from the ``unit.json`` of the replications that are there.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import RunFolderError, reason
from sim.records.atomic import clear_remains, flush, machine, write_atomically, write_flushed
from sim.records.json_text import read_text
from sim.records.manifest import FileRecord, Manifest, Resources, measures_digest
from sim.records.parquet import encode, read_codebook, read_frame
from sim.records.table_checks import check_table
from sim.records.tables import SCHEMA, Codebook, Records
from sim.records.unit_file import INDICATORS, UNIT, UnitFile, read_unit, replace_indicators, unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_MANIFEST, _SCENARIO, _INDICATORS = "manifest.json", "scenario.yaml", "indicators.csv"
_TABLES_OF_RESULTS = tuple(name for name in SCHEMA if name != "events")
_MEASURED_ON = {f"{name}.parquet" for name in _TABLES_OF_RESULTS}


class RunFolder:
    """A results folder that exists. Open one with :func:`open_run`, begin one with :func:`begin_run`."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._sound: dict[tuple[int, str], tuple[int, int]] = {}

    @property
    def run_id(self) -> str:
        """Name of the run: the last part of its path."""
        return self.manifest.run_id

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return self.manifest.scenario

    @property
    def replications(self) -> tuple[int, ...]:
        """Numbers of the replications that are finished, in order."""
        return tuple(sorted(self.manifest.replications))

    @property
    def scenario_text(self) -> str:
        """The resolved scenario, as YAML text."""
        file = self.path / _SCENARIO
        try:
            return read_text(file)
        except (OSError, ValueError) as problem:
            raise RunFolderError(self._damaged(file, f"cannot be read ({reason(problem)})")) from problem

    @property
    def codebook(self) -> Codebook:
        """What the codes of the tables stand for: the same in every replication, and in each table that was kept."""
        first = self._first()
        files = self.manifest.replications[first]
        kept = [f"{name}.parquet" for name in SCHEMA if f"{name}.parquet" in files]
        return read_codebook(self.intact_file(first, min(kept, key=lambda name: files[name].bytes, default="exits.parquet")))

    def table(self, name: str, replication: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read one table of one replication; the columns are those of :data:`~sim.records.tables.SCHEMA`.

        Raises
        ------
        RunFolderError
            If the run has no such replication or table, or the file is damaged.
        """
        if name not in SCHEMA:
            msg = f"{self.path}: no table {name!r}. Tables: {', '.join(SCHEMA)}."
            raise RunFolderError(msg)
        self._must_have(replication)
        if f"{name}.parquet" not in self.manifest.replications[replication]:
            kept = [n for n in self.replications if f"{name}.parquet" in self.manifest.replications[n]]
            raise RunFolderError(
                f"{self.path}: replication {replication} was run without its {name}"
                + (f"; replication {kept[0]} has them." if kept else f". Run again {_way_to_keep(name)}.")
            )
        return read_frame(self.intact_file(replication, f"{name}.parquet"), columns)

    def indicators(self) -> pd.DataFrame:
        """Read the indicators: columns ``replication, period, indicator, group, value``."""
        import pandas as pd  # noqa: PLC0415 (0.3 s, and opening a folder needs no frame)

        frames = []
        for number in self.replications:
            frame = read_frame(self.intact_file(number, INDICATORS))
            frame.insert(0, "replication", number)
            frames.append(frame)
        if not frames:
            msg = f"{self.path}: no replication is finished. Run the scenario again with the same --output."
            raise RunFolderError(msg)
        return pd.concat(frames, ignore_index=True)

    def intact_file(self, replication: int, name: str) -> Path:
        """Return the path of a file of a replication, once it is known to have the bytes it was written with.

        It is read whole for that the first time, and again only if its size or its date has changed since; it is also the table
        that its name says (:mod:`sim.records.table_checks`).

        Raises
        ------
        RunFolderError
            If it is missing, or is not the file that the manifest announces.
        """
        file = self._unit(replication) / name
        try:
            found = file.stat()
            seen = (found.st_size, found.st_mtime_ns)
            if self._sound.get((replication, name)) != seen:
                with file.open("rb") as content:
                    met = hashlib.file_digest(content, "sha256").hexdigest()
                if met != self.manifest.replications[replication][name].sha256 and name == INDICATORS:
                    self._take_what_was_measured_since(replication)
                if met != self.manifest.replications[replication][name].sha256:
                    raise RunFolderError(self._damaged(file, "is not the file that was written (its SHA-256 differs)"))
                check_table(file, self.manifest.replications[replication][name].rows)
                self._sound[replication, name] = seen
        except OSError as problem:
            raise RunFolderError(self._damaged(file, f"cannot be read ({reason(problem)})")) from problem
        return file

    def _damaged(self, file: Path, what: str) -> str:
        return (
            f"{file}: {what}. The folder is damaged: run `sortie run {self.manifest.scenario} --seed {self.manifest.seed}` "
            f"again with the same --output, which makes anew only what is damaged."
        )

    def verify(self, replication: int) -> bool:
        """Say whether every file of a finished replication still has the bytes it was written with."""
        try:
            return all(
                hashlib.sha256((self._unit(replication) / name).read_bytes()).hexdigest() == record.sha256
                for name, record in self.manifest.replications[replication].items()
            )
        except (OSError, KeyError):
            return False

    def write_summary(self) -> None:
        """Rebuild ``manifest.json`` and ``indicators.csv`` from the replications that are there."""
        self.manifest.replications, self.manifest.measures = {}, {}
        resources = {}
        for folder in sorted((self.path / "replications").glob("[0-9]*")):
            unit = read_unit(folder)
            if unit is not None:
                self._take(int(folder.name), unit)
                resources[folder.name] = unit.resources
        self.manifest.made["resources"] = resources
        self.manifest.made["updated"] = datetime.now(UTC).isoformat(timespec="microseconds")
        if self.manifest.replications:
            # Arrow writes a national run's 500,000 lines in 0.1 s where pandas takes 2 s.
            import pyarrow as pa  # noqa: PLC0415
            import pyarrow.csv as pa_csv  # noqa: PLC0415

            sink = io.BytesIO()
            pa_csv.write_csv(
                pa.Table.from_pandas(self.indicators(), preserve_index=False),
                sink,
                pa_csv.WriteOptions(quoting_style="needed"),
            )
            write_atomically(self.path / _INDICATORS, sink.getvalue())
        write_atomically(self.path / _MANIFEST, self.manifest.to_json().encode())

    @property
    def older_measures(self) -> tuple[int, ...]:
        """Replications whose indicators were measured by other code than that of this version."""
        now = measures_digest()
        return tuple(number for number in self.replications if self.manifest.measures.get(number, "") != now)

    def can_be_measured(self, replication: int) -> bool:
        """Say whether a finished replication has every table that indicators are made of."""
        return self.manifest.replications[replication].keys() >= _MEASURED_ON

    def replace_indicators(self, replication: int, indicators: pd.DataFrame) -> None:
        """Put indicators measured by this version in the place of those of a replication; then :meth:`write_summary`."""
        replace_indicators(self._unit(replication), encode_indicators(indicators), len(indicators), measures_digest())

    def _take_what_was_measured_since(self, replication: int) -> None:
        """Believe ``unit.json`` where indicators are not those that the manifest announces: they came after the summary."""
        unit = read_unit(self._unit(replication))
        if unit is not None and INDICATORS in unit.files:
            self._take(replication, unit)

    def _take(self, replication: int, unit: UnitFile) -> None:
        self.manifest.replications[replication] = unit.files
        if unit.measures:
            self.manifest.measures[replication] = unit.measures

    def _unit(self, replication: int) -> Path:
        return self.path / "replications" / f"{replication:03d}"

    def _first(self) -> int:
        if not self.manifest.replications:
            msg = f"{self.path}: no replication is finished. Run the scenario again with the same --output."
            raise RunFolderError(msg)
        return self.replications[0]

    def _must_have(self, replication: int) -> None:
        if replication not in self.manifest.replications:
            finished = ", ".join(map(str, self.replications)) or "none"
            msg = f"{self.path}: no replication {replication}. Finished: {finished}."
            raise RunFolderError(msg)


def _way_to_keep(table: str) -> str:
    return "with --events" if table == "events" else "with `keep: all` in the experiment file"


def begin_run(output: Path, manifest: Manifest, scenario_text: str) -> RunFolder:
    """Open the folder of a run, making it if it is not there yet; what it already holds is left alone.

    Raises
    ------
    RunFolderError
        If the folder cannot be written, or holds something else than this run.
    """
    if Path(manifest.scenario).name != manifest.scenario or manifest.scenario in {"", ".."}:
        msg = f"scenario name {manifest.scenario!r}: expected a name that can be a folder's, without '/' or '..'."
        raise RunFolderError(msg)
    path = output / manifest.scenario / manifest.run_id
    try:
        (path / "replications").mkdir(parents=True, exist_ok=True)
        if (path / _MANIFEST).exists():
            found = Manifest.from_json((path / _MANIFEST).read_text(encoding="utf-8"), path=path / _MANIFEST)
            if (found.digest, found.seed, found.source) != (manifest.digest, manifest.seed, manifest.source):
                msg = (
                    f"{path}: this folder holds another run (seed {found.seed}, scenario {found.digest[:12]}). "
                    f"Choose another --output."
                )
                raise RunFolderError(msg)
        else:
            write_atomically(path / _MANIFEST, manifest.to_json().encode())
        write_atomically(path / _SCENARIO, scenario_text.encode())
    except OSError as problem:
        msg = f"{path}: cannot be written ({reason(problem)}). Choose another --output."
        raise RunFolderError(msg) from problem
    folder = RunFolder(path, manifest)
    clear_remains(path / "replications")
    clear_remains(path)
    return folder


def open_run(path: Path | str) -> RunFolder:
    """Open a results folder, and check that what its manifest announces is there.

    Parameters
    ----------
    path
        ``results/<scenario>/<run_id>``.

    Raises
    ------
    RunFolderError
        If the folder is missing, is not a run, is of another version, or has lost files.
    """
    path = Path(path)
    if not path.is_dir():
        msg = f"{path}: no such folder. Runs are under results/<scenario>/<run_id>; make one with `sortie run`."
        raise RunFolderError(msg)
    try:
        text = read_text(path / _MANIFEST)
    except (OSError, ValueError) as problem:
        # A folder of runs, or of scenarios that each have some.
        inside = sorted(p.parent for p in (*path.glob(f"*/{_MANIFEST}"), *path.glob(f"*/*/{_MANIFEST}")))
        why = f" ({reason(problem)})" if (path / _MANIFEST).exists() else ""
        raise RunFolderError(
            f"{path}: not a run, {_MANIFEST} is missing or unreadable{why}."
            + (f" Did you mean '{inside[-1]}'?" if inside else " Make one with `sortie run`.")
        ) from problem
    manifest = Manifest.from_json(text, path=path / _MANIFEST)
    folder = RunFolder(path, manifest)
    for number in folder.replications:
        for name in (INDICATORS, *manifest.replications[number]):
            file = folder._unit(number) / name  # noqa: SLF001 (same module)
            size = file.stat().st_size if file.is_file() else None
            if name == INDICATORS and size != manifest.replications[number][name].bytes:
                folder._take_what_was_measured_since(number)  # noqa: SLF001
            record = manifest.replications[number][name]
            if size != record.bytes:
                met = "is missing" if size is None else f"has {size} bytes"
                raise RunFolderError(folder._damaged(file, f"{met}, {record.bytes} bytes were written"))  # noqa: SLF001
    return folder


def find_runs(output: Path, scenario: str) -> list[RunFolder]:
    """List the runs of a scenario under an output folder that can be opened, the latest first."""
    found = []
    for manifest in sorted((output / scenario).glob(f"*/{_MANIFEST}")):
        try:
            found.append(open_run(manifest.parent))
        except RunFolderError:
            continue
    return sorted(found, key=lambda run: str(run.manifest.made.get("updated", "")), reverse=True)


def save_replication(
    path: Path,
    replication: int,
    records: Records,
    indicators: pd.DataFrame,
    resources: Resources,
    *,
    tables: Sequence[str] | None = None,
) -> None:
    """Write one replication into the run folder at ``path``, whole or not at all.

    ``tables`` are those kept beside the indicators (all by default); events follow ``records.keep_events``.

    Safe beside other processes writing other replications, and beside one writing the same: the bytes would be equal.
    """
    final = path / "replications" / f"{replication:03d}"
    temporary = path / "replications" / f".{replication:03d}-{machine()}-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        names = [name for name in _TABLES_OF_RESULTS if tables is None or name in tables]
        names += ["events"] if records.keep_events else []
        files: dict[str, FileRecord] = {}
        for name in names:
            table = records.tables[name]
            content = encode(name, table.blocks(), records.codebook)
            files[f"{name}.parquet"] = _write(temporary / f"{name}.parquet", content, len(table))
        files[INDICATORS] = _write(temporary / INDICATORS, encode_indicators(indicators), len(indicators))
        unit = UnitFile(files, asdict(resources), measures_digest())
        write_flushed(temporary / UNIT, unit_text(replication, unit))
        flush(temporary)
        shutil.rmtree(final, ignore_errors=True)
        temporary.rename(final)
        flush(final.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write(path: Path, content: bytes, rows: int) -> FileRecord:
    write_flushed(path, content)
    return FileRecord(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), rows=rows)


def is_intact(
    path: Path,
    replication: int,
    *,
    with_events: bool = False,
    tables: Sequence[str] | None = None,
    current: bool = False,
) -> bool:
    """Say whether a replication is already in the folder, whole, with the tables (all by default) and events asked for.

    With ``current``, it must also be measured by this version of the indicators, or keep the tables to be.
    """
    folder = path / "replications" / f"{replication:03d}"
    unit = read_unit(folder)
    if unit is None:
        return False
    wanted = {*(_TABLES_OF_RESULTS if tables is None else tables), *(["events"] if with_events else [])}
    if not {f"{name}.parquet" for name in wanted} <= unit.files.keys():
        return False
    if current and unit.measures != measures_digest() and not unit.files.keys() >= _MEASURED_ON:
        return False
    try:
        return all(
            hashlib.sha256((folder / name).read_bytes()).hexdigest() == record.sha256 for name, record in unit.files.items()
        )
    except OSError:
        return False


def encode_indicators(frame: pd.DataFrame) -> bytes:
    """Return an indicator frame as the bytes of a Parquet file, without what pandas adds to it."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    encoded: bytes = sink.getvalue().to_pybytes()
    return encoded
