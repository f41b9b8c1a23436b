"""Whether two versions of the code give the same results: every table of a run, value by value.

``python benchmarks/same_results.py OLD NEW`` compares two run folders, or two folders of runs scenario by scenario. Where OLD
or NEW is a checkout (it holds ``sim/__init__.py``), the scenarios named by ``--scenarios`` are run there first, with the
options given (``--fraction``, ``--end``, ``--plain`` …).

Values are compared and not the bytes of files, whose metadata say what columns mean and may be reworded. A date is the same as
the number of its day, and tables of an older format are brought to the present one (:func:`modern`). Exit code 1 if anything
differs: each table that does is named with its first row and column that differ.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.records.codes import Movement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def main() -> int:
    """Run what is to be run, compare, print; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("old", type=Path, help="checkout, run folder, or folder of runs")
    parser.add_argument("new", type=Path, help="likewise")
    parser.add_argument("--scenarios", nargs="+", default=["baseline"], help="names or paths, where a checkout is to run them")
    parser.add_argument("--fraction", type=float, default=0.005)
    parser.add_argument("--end", help="last day, YYYY-MM-DD")
    parser.add_argument("--measure-from", help="first day measured, YYYY-MM-DD")
    parser.add_argument("--plain", action="store_true", help="run uncompiled (SORTIE_PLAIN=1)")
    parser.add_argument("--python", default=sys.executable, help="interpreter that runs the checkouts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        old, new = (runs_of(path, Path(made) / side, options) for side, path in (("old", options.old), ("new", options.new)))
        missing = sorted(set(old) ^ set(new))
        for name in missing:
            print(f"{name}: only in {'the old' if name in old else 'the new'}")
        different = 0
        for name in sorted(set(old) & set(new)):
            for line in differences(old[name], new[name]):
                print(f"{name}: {line}")
                different += 1
    print(f"{len(set(old) & set(new))} runs compared, {different} tables differ")
    return 1 if different or missing or not set(old) & set(new) else 0


def runs_of(path: Path, made: Path, options: argparse.Namespace) -> dict[str, Path]:
    """Run folders by scenario: those of a folder, or those a checkout makes."""
    if (path / "sim" / "__init__.py").exists():
        run(path.resolve(), made, options)
        path = made
    found: dict[str, Path] = {}
    for manifest in sorted(path.glob("**/manifest.json")):
        name = json.loads(manifest.read_text(encoding="utf-8"))["scenario"]
        if name in found:
            message = f"{path}: two runs of {name} ({found[name].name}, {manifest.parent.name}); name one of them"
            raise SystemExit(message)
        found[name] = manifest.parent
    if not found:
        message = f"{path}: no run (a folder with manifest.json) and no checkout (a folder with sim/__init__.py)"
        raise SystemExit(message)
    return found


def run(checkout: Path, output: Path, options: argparse.Namespace) -> None:
    """Run the scenarios with the code of a checkout, one replication each, seed 1."""
    command = [options.python, "-m", "sim", "run", *options.scenarios, "-n", "1", "--workers", "1", "--events"]
    command += ["--fraction", str(options.fraction), "--output", str(output), "--progress", "none"]
    for option in ("end", "measure_from"):
        if value := getattr(options, option):
            command += [f"--{option.replace('_', '-')}", value]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "SORTIE_PLAIN": "1" if options.plain else ""}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{checkout}: {' '.join(command)} failed:\n{done.stderr}"
        raise SystemExit(message)


def differences(old: Path, new: Path) -> Iterator[str]:
    """Say of each table of two runs that differs where it first does."""
    tables = [sorted(path.relative_to(folder) for path in folder.glob("replications/*/*.parquet")) for folder in (old, new)]
    for place in sorted(set(tables[0]) | set(tables[1])):
        name = f"{place.parts[1]}/{place.stem}"
        if place not in tables[0] or place not in tables[1]:
            yield f"{name}: only in {old if place in tables[0] else new}"
            continue
        one, other = (modern(place.stem, plain(pq.read_table(folder / place)), folder) for folder in (old, new))
        if said := first_difference(one, other):
            yield f"{name}: {said}"


def plain(table: pa.Table) -> pa.Table:
    """Return a table whose dates are day numbers, -1 where there is none, whichever way they were written."""
    for position, field in enumerate(table.schema):
        if pa.types.is_date32(field.type):
            table = table.set_column(position, field.name, table.column(position).cast(pa.int32()).fill_null(-1))
    return table


def modern(name: str, table: pa.Table, folder: Path) -> pa.Table:
    """Bring a table to the present format: before format 3, some wrote 1 + the position of a regime, 0 if there was none."""
    if json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["format"] >= 3:
        return table
    if name in ("exits", "ends", "decisions"):
        table = lowered(table, "regime", pa.array(np.ones(len(table), dtype=bool)))
    if name == "events":
        table = lowered(table, "detail", pc.equal(table["movement"], Movement.RELEASED.value))
    return table


def lowered(table: pa.Table, column: str, chosen: pa.Array) -> pa.Table:
    """Take one off the values of a column in some rows."""
    values = table[column]
    less = pc.if_else(chosen, pc.subtract(values, pa.scalar(1, values.type)), values)
    return table.set_column(table.column_names.index(column), table.schema.field(column), less)


def first_difference(one: pa.Table, other: pa.Table) -> str | None:
    """First row and column in which two tables differ; nothing if they hold the same values."""
    if one.column_names != other.column_names:
        return f"columns differ: {sorted(set(one.column_names) ^ set(other.column_names)) or 'in their order'}"
    if one.equals(other):  # true of tables without NaN
        return None
    rows = min(len(one), len(other))
    found: list[tuple[int, str]] = []
    for column in one.column_names:
        left, right = (table[column].combine_chunks() for table in (one, other))
        if left.type != right.type:
            return f"column {column} is of type {left.type} and of type {right.type}"
        apart = unequal(left[:rows], right[:rows])
        if len(apart):
            found.append((int(apart[0]), column))
    if found:
        row, column = min(found)
        told = {name: one[name][row].as_py() for name in one.column_names[:3]}
        values = f"{one[column][row].as_py()!r} became {other[column][row].as_py()!r}"
        return f"row {row} ({told}), column {column}: {values}; columns that differ: {', '.join(name for _, name in found)}"
    return None if len(one) == len(other) else f"{len(one)} rows became {len(other)}"


def unequal(left: pa.Array, right: pa.Array) -> NDArray[np.int64]:
    """Rows in which two columns of one length differ; NaN is equal to NaN."""
    one, other = (np.asarray(column.to_numpy(zero_copy_only=False)) for column in (left, right))
    same = one == other
    if one.dtype.kind == "f":
        same |= np.isnan(one) & np.isnan(other)
    return np.flatnonzero(~same)


if __name__ == "__main__":
    raise SystemExit(main())
