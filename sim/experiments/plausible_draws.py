"""The file of plausible draws: one row a draw, one column a parameter, with what made them (Parquet).

Row 0 is the central draw. Draws of a posterior do not count alike: a column ``weight`` says how much each does. The file is
data: `sortie batch` takes it as the draws of an experiment, whatever the scenario.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import DataError
from sim.experiments.draws import overrides_for, uncertain_values
from sim.records.atomic import write_atomically
from sim.records.parquet import cause
from sim.scenario import observed_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario import Scenario

FILE = "plausible.parquet"
PLAUSIBLE = "plausible"
"""Word for the packaged file, in an experiment's ``draws:``."""
_FIRST = ("draw", "worst_implausibility")
_WEIGHT = "weight"
_WAY_OUT = "Make one with: sortie calibrate"
_MADE = ("wave", "seed", "version", "source", "digest")


@dataclass(frozen=True)
class Plausible:
    """Plausible draws, the central one first."""

    names: tuple[str, ...]
    levels: NDArray[np.float64]
    """Shape ``(1 + n_draws, n_parameters)``."""
    worst: NDArray[np.float64]
    """Largest implausibility that counted, by draw."""
    wave: int
    seed: int
    version: str
    source: str
    """SHA-256 of the code they were fitted with."""
    digest: str
    """SHA-256 of the scenario they were fitted on."""
    weights: NDArray[np.float64] | None = None
    """How much each draw counts; None if all count alike."""

    def overrides(self, scenario: Scenario, draw: int) -> dict[str, Any]:
        """Overrides of a scenario that make it the one of a draw."""
        values = uncertain_values(scenario, self.names)
        levels = dict(zip(self.names, self.levels[draw].tolist(), strict=True))
        return overrides_for(scenario, values, levels)

    def relative_weights(self, number: int) -> list[float]:
        """How much each of the first draws after the central one counts, 1 on average.

        Raises
        ------
        DataError
            If none of them counts.
        """
        if self.weights is None:
            return [1.0] * number
        chosen = self.weights[1 : 1 + number]
        if chosen.sum() <= 0:
            msg = f"the first {number} draws have no weight at all: ask for more of them"
            raise DataError(msg)
        return [float(weight) for weight in chosen / chosen.mean()]


def write_plausible(draws: Plausible, path: Path) -> None:
    """Write the file, whole or not at all."""
    import pyarrow as pa  # noqa: PLC0415 (slow to import)
    import pyarrow.parquet as pq  # noqa: PLC0415

    columns: dict[str, Any] = {"draw": np.arange(len(draws.levels)), "worst_implausibility": draws.worst}
    if draws.weights is not None:
        columns[_WEIGHT] = draws.weights
    columns |= {name: draws.levels[:, column] for column, name in enumerate(draws.names)}
    made = {key: str(getattr(draws, key)) for key in _MADE}
    made["content"] = _content(draws.names, draws.levels, draws.worst, draws.weights)
    table = pa.table(columns).replace_schema_metadata(made)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, sink.getvalue().to_pybytes())


def read_plausible(path: Path | str = PLAUSIBLE) -> Plausible:
    """Read a file of plausible draws; ``plausible`` is the packaged one.

    Raises
    ------
    DataError
        If it is not there or is something else.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = observed_file(FILE) if str(path) == PLAUSIBLE else Path(path)
    try:
        table = pq.read_table(file)
        made = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    except (OSError, pa.ArrowException, UnicodeDecodeError) as problem:
        msg = f"{file}: no file of plausible draws can be read there ({cause(problem)}). {_WAY_OUT}"
        raise DataError(msg) from problem
    numbers = all(pa.types.is_floating(field.type) for field in table.schema if field.name != "draw")
    first = table.column_names[: len(_FIRST)]
    weighted = _WEIGHT in table.column_names
    names = tuple(name for name in table.column_names[len(_FIRST) :] if name != _WEIGHT)
    if tuple(first) != _FIRST or not set(_MADE) <= set(made) or not numbers or not table.num_rows or not names:
        met = f"{table.num_rows} rows of {', '.join(table.column_names[:3])} …"
        msg = f"{file}: met {met}, expected a file written by sortie calibrate. {_WAY_OUT}"
        raise DataError(msg)
    worst = table.column("worst_implausibility").to_numpy()
    levels = np.column_stack([table.column(name).to_numpy() for name in names])
    weights = table.column(_WEIGHT).to_numpy() if weighted else None
    # Files of before there was a digest of the content have none to be held against.
    count = weights is None or (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0)
    found = _content(names, levels, worst, weights)
    if made.get("content", found) != found or not np.isfinite(levels).all() or not count:
        msg = f"{file}: met values that are not those written (SHA-256). {_WAY_OUT}"
        raise DataError(msg)
    if not made["wave"].isdigit() or not made["seed"].isdigit():
        msg = f"{file}: met wave {made['wave']!r}, seed {made['seed']!r}, expected whole numbers. {_WAY_OUT}"
        raise DataError(msg)
    return Plausible(
        names=names,
        levels=levels,
        worst=worst,
        wave=int(made["wave"]),
        seed=int(made["seed"]),
        version=made["version"],
        source=made["source"],
        digest=made["digest"],
        weights=weights,
    )


def _content(
    names: tuple[str, ...], levels: NDArray[np.float64], worst: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> str:
    """SHA-256 of what a file holds, whatever wrote it."""
    told = hashlib.sha256("\n".join(names).encode())
    for values in (levels, worst) if weights is None else (levels, worst, weights):
        told.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
    return told.hexdigest()
