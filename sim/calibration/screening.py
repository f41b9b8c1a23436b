"""Which assumptions matter: a cheap design over all of them at once, and what moves the differences policies make.

A fit that moves thirty values says nothing of the others. Here every named assumption and every flow with a range is drawn
at once (a Latin hypercube: :mod:`sim.experiments.draws`), in a small world, with and without each of the main policies; the
worlds of a point share their past and their luck. What is explained is the difference a policy makes, and each fitted
figure.

With more parameters than points nothing like a Sobol index can be reckoned for all. Parameters are named one after the
other, as long as the next one's line and curve explain more of what is left than the best of as many that do nothing would,
once in twenty (an F test, corrected for their number). What is named is fitted; all else is still drawn, and what it does
is in the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.runs import framed, with_overrides
from sim.calibration.targets import FIT, measured_on
from sim.experiments.draws import drawn_levels, overrides_for, uncertain_values
from sim.indicators.catalogue import CATALOGUE
from sim.policies import POLICIES
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.calibration.runs import Runner
    from sim.calibration.targets import Target
    from sim.experiments.draws import Uncertain
    from sim.scenario import Scenario

    Values = NDArray[np.float64]

ONCE_IN = 0.05
MOST_NAMED = 12
"""Parameters named at most for one figure."""
MATTERS = 0.02
"""Share of the spread of a figure above which a parameter that is named is worth fitting."""
BATCH = 16
"""Points run at a time: what is finished of them is kept."""


@dataclass(frozen=True)
class Design:
    """What is screened, and how."""

    frame: Mapping[str, str]
    fraction: float
    policies: tuple[str, ...]
    years: tuple[str, ...]
    """Years whose mean is compared."""
    indicators: Mapping[str, str]
    """Groups by indicator: differences are told of these."""
    left_out: tuple[str, ...]
    """First words of the paths of parameters that no figure here can depend on."""


@dataclass(frozen=True)
class Screened:
    """Points and what was met there."""

    names: tuple[str, ...]
    levels: Values
    """Shape ``(n_points, n_parameters)``."""
    figures: tuple[str, ...]
    outputs: Values


def screened_values(scenario: Scenario, left_out: Sequence[str]) -> list[Uncertain]:
    """List every number that has a range of two ends, apart from those left out."""
    paths = [path for path, leaf in scenario.parameters().items() if leaf.range is not None]
    wanted = [path for path in paths if not path.startswith(tuple(left_out))]
    return [value for value in uncertain_values(scenario, wanted) if value.high > value.low]


def screen(scenario: Scenario, design: Design, targets: Sequence[Target], points: int, seed: int, runner: Runner) -> Screened:
    """Run the design; what is there is not run again."""
    base = framed(scenario, design.frame, design.fraction)
    arms = [
        base,
        *(
            framed(load_scenario(name, known_policies=frozenset(POLICIES)), design.frame, design.fraction)
            for name in design.policies
        ),
    ]
    values = screened_values(base, design.left_out)
    levels = drawn_levels(base, values, points, seed)
    measured = [target for target in targets if target.use == FIT]
    rows: list[list[float]] = []
    for first in range(0, points, BATCH):
        families = [
            [with_overrides(arm, draw) for arm in arms]
            for draw in (overrides_for(base, values, row) for row in levels[first : first + BATCH])
        ]
        rows.extend(_row(met, design, measured) for met in runner.run_families("screening", families, first))
    names = [f"{policy}: {indicator}" for policy in design.policies for indicator in design.indicators]
    outputs = np.array(rows)
    figures = (*names, *(target.name for target in measured))
    there = np.isfinite(outputs).all(axis=0)  # a target of a year before the frame is not measured
    kept = tuple(name for name, known in zip(figures, there.tolist(), strict=True) if known)
    return Screened(tuple(v.path for v in values), np.array([list(row.values()) for row in levels]), kept, outputs[:, there])


def _row(met: Sequence[pd.DataFrame], design: Design, targets: Sequence[Target]) -> list[float]:
    told = [[_mean(frame, indicator, group, design.years) for indicator, group in design.indicators.items()] for frame in met]
    differences = [after - before for arm in told[1:] for after, before in zip(arm, told[0], strict=True)]
    return [*differences, *measured_on(met[0], targets).values()]


def _mean(frame: pd.DataFrame, indicator: str, group: str, years: Sequence[str]) -> float:
    assert indicator in CATALOGUE, indicator
    chosen = frame[(frame["indicator"] == indicator) & (frame["group"] == group) & frame["period"].isin(years)]
    return float(chosen["value"].mean())


def named(levels: Values, output: Values) -> list[tuple[int, float, int]]:
    """Parameters that an output hangs on: column, share of its spread, direction; the strongest first.

    Each is the one that explains most of what those before it leave.
    """
    points, parameters = levels.shape
    z = _standard(levels)
    both = np.stack([z, _standard(z**2)], axis=2)
    left = output - output.mean()
    whole = float(left @ left)
    basis = np.full((points, 1), 1 / np.sqrt(points))
    found: list[tuple[int, float, int]] = []
    freedom = points - 1
    while whole > 0 and len(found) < MOST_NAMED and freedom > 4:
        gains = np.array([_gain(both[:, column], basis, left)[0] for column in range(parameters)])
        best = int(np.argmax(gains))
        gain, directions = _gain(both[:, best], basis, left)
        freedom -= directions.shape[1]
        if _by_chance(gain / float(left @ left), directions.shape[1], freedom) * parameters > ONCE_IN:
            break
        found.append((best, gain / whole, 1 if float(z[:, best] @ (output - output.mean())) >= 0 else -1))
        basis = np.column_stack([basis, directions])
        left = left - directions @ (directions.T @ left)
    return found


def _standard(columns: Values) -> Values:
    spread = columns.std(axis=0)
    found: Values = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return found


def _gain(columns: Values, basis: Values, left: Values) -> tuple[float, Values]:
    """Sum of squares that a line and a curve take of what is left, and their directions."""
    apart = columns - basis @ (basis.T @ columns)
    u, s, _ = np.linalg.svd(apart, full_matrices=False)
    directions = u[:, s > 1e-6 * np.sqrt(len(left))]
    return float(((directions.T @ left) ** 2).sum()), directions


def _by_chance(share: float, rank: int, freedom: int) -> float:
    """Probability that directions which mean nothing explain so large a share of what is left (F test)."""
    from scipy.special import betaincc  # noqa: PLC0415 (slow to import)

    return float(betaincc(rank / 2, freedom / 2, min(share, 1.0))) if rank else 1.0


def what_matters(met: Screened, fitted: Sequence[str]) -> dict[str, Any]:
    """Name what moves each figure; ``chosen`` is what a fit should move, ``missing`` what of it is not fitted yet."""
    figures = []
    worth: dict[str, float] = {}
    for column, figure in enumerate(met.figures):
        parts = [
            {"path": met.names[number], "share": share, "direction": direction}
            for number, share, direction in named(met.levels, met.outputs[:, column])
        ]
        for part in parts:
            path, share = str(part["path"]), float(str(part["share"]))
            worth[path] = max(worth.get(path, 0.0), share)
        output = met.outputs[:, column]
        low, middle, high = np.quantile(output, [0.05, 0.5, 0.95]).tolist()
        figures.append(
            {"figure": figure, "low": low, "median": middle, "high": high, "sd": float(output.std()), "parts": parts}
        )
    chosen = sorted((path for path, share in worth.items() if share >= MATTERS), key=lambda path: -worth[path])
    return {
        "points": len(met.levels),
        "parameters": len(met.names),
        "figures": figures,
        "worth": {path: worth[path] for path in sorted(worth, key=lambda path: -worth[path])},
        "chosen": chosen,
        "missing": [path for path in chosen if path not in fitted],
    }
