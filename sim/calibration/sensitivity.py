"""What moves each headline: indices on the emulator, the sources of its variance, and what a missing statistic would be worth.

*First-order* index of a parameter: share of the headline's variance over the prior ranges that knowing it would remove.
*Total* index: share that would remain if all but it were known (Sobol; Saltelli 2010). Both are reckoned on the emulator of
the runs of a calibration, and each parameter that matters is checked by two direct runs at the ends of its range.

*Value of a missing statistic*: by how much the 90 % interval of the headline over the draws would shrink if the
parameter were known, by regression over many plausible points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.runs import with_overrides
from sim.calibration.targets import measured_on
from sim.randomness import Draws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.calibration.emulator import Emulator
    from sim.calibration.runs import Runner
    from sim.calibration.space import Space
    from sim.calibration.targets import Target
    from sim.experiments.plausible_draws import Plausible

HEADLINES = (
    "dry_2024", "detained_2025", "density_ma_2025", "not_detained_2025", "hearing_wait_2025", "exits_delits_2024",
    "dry_1y_2024", "reconviction_60",
)  # fmt: skip
ASSUMPTIONS = ("none", "central", "all_causal")
_MATTERS = 0.05
_SAMPLE = 512


def indices(emulator: Emulator, names: Sequence[str], headline: str, sample: int = _SAMPLE) -> list[dict[str, Any]]:
    """First-order and total indices of every parameter for one headline, strongest first."""
    from scipy.stats import sobol_indices, uniform  # noqa: PLC0415 (slow to import)

    def values(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return emulator.predict(points.T, [headline]).mean[:, 0][None, :]

    found = sobol_indices(func=values, n=sample, dists=[uniform()] * len(names), rng=1)
    first, total = np.ravel(found.first_order), np.ravel(found.total_order)
    rows = [
        {"path": name, "first": float(max(0.0, one)), "total": float(max(0.0, whole))}
        for name, one, whole in zip(names, first, total, strict=True)
    ]
    return sorted(rows, key=lambda row: -float(str(row["total"])))


def value_of_statistics(
    emulator: Emulator, names: Sequence[str], headline: str, points: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """How much narrower the interval of a headline over plausible points would be if each parameter were known.

    The headline is regressed on a cubic of each parameter; what is left is its spread once that one is known.
    """
    output = emulator.predict(points, [headline]).mean[:, 0]
    spread = float(output.std())
    rows = []
    for column, name in enumerate(names):
        if spread == 0:
            shrinks = 0.0
        else:
            rest = output - np.polyval(np.polyfit(points[:, column], output, 3), points[:, column])
            shrinks = max(0.0, 1.0 - float(rest.std()) / spread)
        rows.append({"path": name, "shrinks": shrinks})
    return sorted(rows, key=lambda row: -float(str(row["shrinks"])))


def posterior_points(space: Space, draws: Plausible, seed: int) -> NDArray[np.float64]:
    """Points of the cube of the draws of a posterior, drawn again by their weights: shape ``(512, n_parameters)``."""
    columns = [draws.names.index(name) for name in space.names]
    low = np.array([value.low for value in space.values])
    points = (draws.levels[1:, columns] - low) / (np.array([value.high for value in space.values]) - low)
    weights = np.ones(len(points)) if draws.weights is None else draws.weights[1:]
    share = np.cumsum(weights) / weights.sum()
    uniform = Draws(seed, 0).uniform("sensitivity.points", np.arange(_SAMPLE))
    chosen: NDArray[np.float64] = points[np.minimum(np.searchsorted(share, uniform, side="right"), len(points) - 1)]
    return chosen


def variance_of(
    headline: Target, emulator: Emulator, chance: float, points: NDArray[np.float64], central: pd.DataFrame
) -> dict[str, Any]:
    """Split the variance of one run of one draw: chance, parameters, causal assumption.

    The causal assumption moves what is reckoned on reconviction only; its three values count alike.
    """
    parameters = float(emulator.predict(points, [headline.name]).mean[:, 0].var())
    causal = 0.0
    if "assumption=central" in headline.measure:
        values = []
        for assumption in ASSUMPTIONS:
            figures = central.copy()
            # Read the same target under another assumption: its own figures are renamed.
            figures["group"] = figures["group"].str.replace(f"assumption={assumption}", "assumption=central", regex=False)
            mine = central["group"].str.contains(f"assumption={assumption}", regex=False)
            other = central["group"].str.contains("assumption=", regex=False)
            values.append(measured_on(figures[mine | ~other], [headline])[headline.name])
        causal = float(np.var(values))
    total = chance + parameters + causal
    parts = {"chance": chance, "parameters": parameters, "causal": causal}
    shares = {name: part / total if total > 0 else 0.0 for name, part in parts.items()}
    return {"headline": headline.name, "sd": float(np.sqrt(total)), **shares}


def sensitivity(
    space: Space,
    emulator: Emulator,
    noise: Mapping[str, float],
    points: NDArray[np.float64],
    targets: Sequence[Target],
    central: pd.DataFrame,
    runner: Runner | None,
) -> dict[str, Any]:
    """Reckon everything for the headlines; with a runner, check by direct runs the parameters that matter.

    ``emulator`` knows the headlines, ``noise`` the variance of one run by chance, ``points`` are of the posterior, ``central``
    are the figures of one run of the central draw.
    """
    by_name = {target.name: target for target in targets}
    headlines = [by_name[name] for name in HEADLINES if name in by_name and name in emulator.names]
    found: dict[str, Any] = {"points": len(points), "indices": {}, "value": {}, "variance": []}
    for headline in headlines:
        found["indices"][headline.name] = indices(emulator, space.names, headline.name)
        found["value"][headline.name] = value_of_statistics(emulator, space.names, headline.name, points)
        found["variance"].append(variance_of(headline, emulator, noise.get(headline.name, 0.0), points, central))
    if runner is not None:
        found["checked"] = checked(space, emulator, found["indices"], headlines, runner)
    return found


def checked(
    space: Space, emulator: Emulator, found: dict[str, list[dict[str, Any]]], headlines: Sequence[Target], runner: Runner
) -> list[dict[str, Any]]:
    """Run the model at both ends of the range of each parameter that matters, all else as in the baseline."""
    paths = sorted({row["path"] for rows in found.values() for row in rows[:3] if row["total"] >= _MATTERS})
    ends = []
    for path in paths:
        column = space.names.index(path)
        for end in (0.0, 1.0):
            point = np.clip(space.centre, 0.0, 1.0)
            point[column] = end
            ends.append(point)
    if not ends:
        return []
    runs = runner.run("sensitivity", [with_overrides(space.scenario, space.overrides(point)) for point in ends])
    direct = [measured_on(run.indicators(), headlines) for run in runs]
    told = emulator.predict(np.array(ends), [headline.name for headline in headlines]).mean
    rows = []
    for number, path in enumerate(paths):
        for column, headline in enumerate(headlines):
            low, high = direct[2 * number][headline.name], direct[2 * number + 1][headline.name]
            emulated = float(told[2 * number + 1, column] - told[2 * number, column])
            row = {"path": path, "headline": headline.name, "direct": high - low, "emulated": emulated}
            value = space.values[space.names.index(path)]
            rows.append({**row, "levels": [value.low, value.high], "outputs": [low, high]})
    return rows
