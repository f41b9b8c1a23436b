"""More than a hundred ways in which a run folder is damaged: by a disk, by a copy that stopped, by hand, by somebody else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Harm = Callable[[Path], None]

UNIT = "replications/000"


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


def _longer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0" * 10)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _loop(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _text(file: Path) -> None:
    file.write_text("PAR1 not a table PAR1", encoding="utf-8")


_OF_A_FILE: dict[str, Harm] = {
    "cut": _cut,
    "flipped": _flip,
    "lost": lambda file: file.unlink(),
    "longer": _longer,
    "empty": _empty,
    "a folder": _folder_instead,
    "a loop": _loop,
    "a pipe": _pipe,
    "a text": _text,
}

_TEXTS: dict[str, bytes] = {
    "nothing but a brace": b"{",
    "a list": b"[]",
    "null": b"null",
    "a number": b"3",
    "a word": b'"manifest"',
    "lists in lists": b"[" * 100_000,
    "lists in lists, closed": b"[" * 900 + b"]" * 900,
    "objects in objects": b'{"a":' * 50_000,
    "no UTF-8": b'{"format": 2, "run_id": "\xff\xfe"}',
    "a mark of order": b"\xef\xbb\xbf{}",
    "a comment": b"// nothing\n{}",
}

_VALUES: dict[str, tuple[object, ...]] = {
    "run_id": ("", "..", "a/b", 7, None),
    "scenario": ("../../etc", "a\0b", "a\nb", "", 7),
    "title": ("Baseline", {"en": 3}),
    "digest": (5, None),
    "seed": (10**40, "1", 1.5),
    "start_day": (10**12, "2022-01-01", -(10**9)),
    "measure_from_day": (0, 10**9),
    "end_day": (0, float("nan"), 1e308),
    "sampling_fraction": (0, 2, -1, "0.1", float("inf")),
    "version": (2, None),
    "source": (None, []),
    "context": ("x", None),
    "made": ([], None),
    "replications": (
        [],
        None,
        {"x": {}},
        {"-1": {}},
        {"0": []},
        {"0": {}},
        {"0": {"indicators.parquet": {}}},
        {"0": {"indicators.parquet": {"sha256": "0", "bytes": 1, "rows": 1}}},
        {"0": {"../../../../etc/passwd": {"sha256": "0" * 64, "bytes": 1, "rows": 1}}},
        {"7": {"indicators.parquet": {"sha256": "0" * 64, "bytes": 1, "rows": 1}}},
    ),
    "format": (1, 99, "2", None, {"a": 1}),
}


def harms() -> Iterator[tuple[str, Harm]]:
    """Give each harm by name: a function of the folder of a run."""
    for name in ("exits.parquet", "events.parquet", "indicators.parquet", "nation.parquet", "unit.json"):
        for words, harm in _OF_A_FILE.items():
            yield f"{name}: {words}", _inside(f"{UNIT}/{name}", harm)
    for words, harm in _OF_A_FILE.items():
        yield f"manifest.json: {words}", _inside("manifest.json", harm)
        yield f"scenario.yaml: {words}", _inside("scenario.yaml", harm)
    for words, text in _TEXTS.items():
        yield f"manifest.json: {words}", _written(text)
    for key, values in _VALUES.items():
        yield f"manifest.json: no {key}", _changed(key, ...)
        for value in values:
            yield f"manifest.json: {key} = {str(value)[:40]!r}", _changed(key, value)
    yield "manifest.json: a key of nobody", _changed("surprise", 1)
    yield "replications: lost", lambda run: shutil.rmtree(run / "replications")
    yield "replications: one lost", lambda run: shutil.rmtree(run / UNIT)
    yield "replications: a file", lambda run: (shutil.rmtree(run / "replications"), (run / "replications").write_text("x"))[0]
    yield "exits.parquet: another table", _remade("exits", lambda run, _: pq.read_table(run / UNIT / "nation.parquet"))
    yield "exits.parquet: no codebook", _remade("exits", lambda _, table: table.replace_schema_metadata(None))
    yield "exits.parquet: a short codebook", _remade("exits", lambda _, table: _short_codebook(table))
    yield "exits.parquet: no regime", _remade("exits", lambda _, table: table.drop_columns(["regime"]))
    yield "exits.parquet: a regime of nobody", _remade("exits", lambda _, table: _all(table, "regime", 99))
    yield "exits.parquet: an offence of nobody", _remade("exits", lambda _, table: _all(table, "offence", 99))
    yield "events.parquet: a movement of nobody", _remade("events", lambda _, table: _all(table, "movement", 99))
    yield "events.parquet: an outcome of nobody", _remade("events", lambda _, table: _all(table, "detail", 99))
    yield "indicators.parquet: no values", _remade("indicators", lambda _, table: table.drop_columns(["value"]))
    yield "indicators.parquet: words for values", _remade("indicators", lambda _, table: _words(table, "value"))
    yield "indicators.parquet: no rows", _remade("indicators", lambda _, table: table.slice(0, 0))


def _inside(name: str, harm: Harm) -> Harm:
    return lambda run: harm(run / name)


def _written(text: bytes) -> Harm:
    return lambda run: (run / "manifest.json").write_bytes(text) and None


def _changed(key: str, value: Any) -> Harm:
    def change(run: Path) -> None:
        plain = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        if value is ...:
            del plain[key]
        else:
            plain[key] = value
        (run / "manifest.json").write_text(json.dumps(plain), encoding="utf-8")

    return change


def _remade(table: str, made: Callable[[Path, pa.Table], pa.Table]) -> Harm:
    """Write a table anew and announce it as it is: no hash differs."""

    def remake(run: Path) -> None:
        file = run / UNIT / f"{table}.parquet"
        pq.write_table(made(run, pq.read_table(file)), file)
        plain = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        content = file.read_bytes()
        record = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": 1}
        plain["replications"]["0"][file.name] = record
        (run / "manifest.json").write_text(json.dumps(plain), encoding="utf-8")

    return remake


def _all(table: pa.Table, column: str, code: int) -> pa.Table:
    field = table.schema.field(column)
    return table.set_column(table.schema.get_field_index(column), field, pa.array([code] * len(table), type=field.type))


def _words(table: pa.Table, column: str) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), column, pa.array(["many"] * len(table)))


def _short_codebook(table: pa.Table) -> pa.Table:
    about = json.loads(table.schema.metadata[b"sortie"])
    about["codebook"] = {name: [] for name in about["codebook"]}
    return table.replace_schema_metadata({b"sortie": json.dumps(about)})
