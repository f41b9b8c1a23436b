"""Calibration from its settings to its plausible draws: waves of runs, each where the last one left room.

::

    <output>/calibration/
        centre/ wave1/ wave2/ … draws/      run folders; a run that is there is not run again
        calibration.json                    what was found: waves, fit, what the data do not identify
        runs.parquet                        every run of the waves: where, and what it gave
        plausible.parquet                   the plausible draws (sim.experiments.plausible_draws)

Every step is a function of the scenario, the settings, the seed and the code, so the same command resumes where it stopped.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.emulator import Emulator, as_columns, needs_sklearn
from sim.calibration.history_matching import History, Judged, design, downhill, noise_of, spread_out, thinned, walk
from sim.calibration.identifiability import identified
from sim.calibration.runs import TABLE, Ran, Runner, with_overrides
from sim.calibration.targets import compare_with, measured_on
from sim.errors import RequestError
from sim.experiments.plausible_draws import Plausible, write_plausible
from sim.records.atomic import write_atomically
from sim.records.manifest import package_version, source_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.calibration.history_matching import Sample
    from sim.calibration.space import Space
    from sim.calibration.targets import Target
    from sim.experiments.execution import Backend
    from sim.experiments.progress import Listener
    from sim.scenario import Scenario

RESULT = "calibration.json"
DRAWS = "plausible.parquet"
CENTRE_RUNS = 4
DRAW_ROUNDS = 4
"""How often points are run for the plausible draws before it is said that too few are left."""
CLOSEST_ROUNDS = 2
CLOSEST_RUNS = 8
"""How often, and with how many runs, the point closest to what is published is sought among what is plausible."""


@dataclass(frozen=True)
class Budget:
    """How much is run."""

    waves: int = 3
    runs: int = 120
    """Runs of each wave."""
    draws: int = 100
    """Plausible draws kept."""
    seed: int = 1
    spared: tuple[int, ...] = (2, 1, 0)
    """Targets that may pass the limit before a point is ruled out, wave by wave (the last one holds on)."""

    def spares(self, wave: int) -> int:
        """Targets spared after a wave, the first being 1."""
        return self.spared[min(wave, len(self.spared)) - 1]


@dataclass(frozen=True)
class Drawn:
    """Points whose own run is not ruled out."""

    points: NDArray[np.float64]
    outputs: list[dict[str, float]]
    judged: Judged
    run: int
    """How many points were run to find them."""

    def extended(
        self, points: NDArray[np.float64], runs: list[dict[str, float]], judged: Judged, limit: float, most: int
    ) -> Drawn:
        """Return these and, in their order, the points whose run is within the limit, up to so many in all."""
        good = np.flatnonzero(judged.worst <= limit)[: most - len(self.points)]
        return Drawn(
            np.vstack([self.points, points[good]]),
            [*self.outputs, *(runs[position] for position in good.tolist())],
            Judged(*(np.concatenate([old, new[good]]) for old, new in zip(self.judged, judged, strict=True))),
            self.run + len(points),
        )


class Calibration:
    """A calibration under way."""

    def __init__(
        self, space: Space, targets: Sequence[Target], budget: Budget, folder: Path, means: Backend, listener: Listener
    ) -> None:
        self.space, self.targets, self.budget = space, tuple(targets), budget
        self.folder = folder
        self.runner = Runner(folder, budget.seed, means, listener)
        self.points: list[NDArray[np.float64]] = []
        self.outputs: list[dict[str, float]] = []
        self.noise: dict[str, float] = {}
        self.told: list[dict[str, Any]] = []

    @property
    def fitted(self) -> tuple[Target, ...]:
        """Targets that are fitted."""
        return tuple(target for target in self.targets if target.kind == "fit")

    def run(self) -> dict[str, Any]:
        """Run everything that is missing and write what was found.

        Raises
        ------
        RequestError
            If scikit-learn is not there, before anything is run.
        """
        needs_sklearn()
        began = time.perf_counter()
        before = self._centre()
        self.noise = noise_of(before, self.targets)
        points = design(self.budget.runs, len(self.space.values), self.budget.seed)
        for wave in range(1, self.budget.waves + 1):
            self._simulate(f"wave{wave}", points)
            history = self._history(wave)
            sample = walk(history, len(self.space.values), seed=self.budget.seed + wave)
            self._tell(wave, history, sample.ruled_out, sample.accepted, len(sample.points))
            if len(sample.points) < self.budget.draws:
                msg = f"after wave {wave}"
                raise self._too_few(msg, len(sample.points), before)
            if wave < self.budget.waves:
                points = sample.points[spread_out(sample.points, self.budget.runs)]
        drawn = self._draws(sample, history, before)
        centre, worst = self._closest(drawn)
        central_runs = self._central(centre)
        plausible = Plausible(
            names=self.space.names,
            levels=np.array([list(self.space.levels(point).values()) for point in [centre, *drawn.points]]),
            worst=np.concatenate([[worst], drawn.judged.worst]),
            wave=self.budget.waves,
            seed=self.budget.seed,
            version=package_version(),
            source=source_digest(),
            digest=self.space.scenario.digest(),
        )
        write_plausible(plausible, self.folder / DRAWS)
        found = {
            "version": package_version(),
            "source": source_digest(),
            "budget": asdict(self.budget),
            "frame": _frame(self.space.scenario),
            "seconds": time.perf_counter() - began,
            "runs": len(self.outputs) + len(before) + len(central_runs),
            "drawn": {"run": drawn.run, "kept": len(drawn.points)},
            "waves": self.told,
            "before": _rows(self.targets, before),
            "central": _rows(self.targets, central_runs),
            "draws": _rows(self.targets, drawn.outputs),
            "noise_sd": {name: float(np.sqrt(variance)) for name, variance in self.noise.items()},
            "identified": identified(self.space, drawn.points, centre),
        }
        self._write(found)
        return found

    def _centre(self) -> list[dict[str, float]]:
        run = self.runner.run("centre", [self.space.scenario], range(CENTRE_RUNS))[0]
        return [measured_on(rows, self.targets) for _, rows in run.indicators().groupby("replication")]

    def _closest(self, drawn: Drawn) -> tuple[NDArray[np.float64], float]:
        """Find the point whose run comes closest to what is published, and its largest implausibility.

        The draws spread over all that is plausible, so the best of them is seldom good everywhere. From them the emulator's
        slope is followed down; the ends are run, shown to the emulator, and followed once more.
        """
        points, judged = drawn.points, drawn.judged
        for attempt in range(1, CLOSEST_ROUNDS + 1):
            history = self._history(self.budget.waves)
            ends = downhill(history, points, CLOSEST_RUNS, seed=self.budget.seed + attempt)
            first = len(self.outputs)
            self._simulate(f"closest{attempt}", ends)
            found = history.judged_on(self.outputs[first:])
            points = np.vstack([points, ends])
            judged = Judged(*(np.concatenate([old, new]) for old, new in zip(judged, found, strict=True)))
        allowed = np.where(judged.worst <= history.limit, judged.squares, np.inf)
        best = int(np.argmin(allowed))
        return points[best], float(judged.worst[best])

    def _central(self, centre: NDArray[np.float64]) -> list[dict[str, float]]:
        """Run the central draw with other luck too: it was chosen on one run."""
        scenario = with_overrides(self.space.scenario, self.space.overrides(centre))
        run = self.runner.run("central", [scenario], range(CENTRE_RUNS))[0]
        return [measured_on(rows, self.targets) for _, rows in run.indicators().groupby("replication")]

    def _simulate(self, name: str, points: NDArray[np.float64]) -> None:
        self.outputs += self._runs_of(name, points)
        self.points.append(points)
        names = [target.name for target in self.targets]
        ran = Ran(self.space.names, np.vstack(self.points), tuple(names), as_columns(self.outputs, names))
        ran.write(self.folder / TABLE)

    def _runs_of(self, name: str, points: NDArray[np.float64]) -> list[dict[str, float]]:
        scenarios = [with_overrides(self.space.scenario, self.space.overrides(point)) for point in points]
        return [measured_on(run.indicators(), self.targets) for run in self.runner.run(name, scenarios)]

    def _draws(self, sample: Sample, history: History, before: Sequence[Mapping[str, float]]) -> Drawn:
        """Run points that the emulator leaves and keep those that the model's own run does not rule out.

        What is run is also shown to the emulator, from which further points are sampled if too few were kept.
        """
        wanted = self.budget.draws
        kept = Drawn(np.empty((0, len(self.space.values))), [], Judged(np.empty(0), np.empty(0)), 0)
        for attempt in range(1, DRAW_ROUNDS + 1):
            missing = wanted - len(kept.points)
            seed = self.budget.seed + attempt
            points = sample.points[thinned(sample.points, missing + missing // 3 + 1, seed)]
            first = len(self.outputs)
            self._simulate(f"draws{attempt}", points)
            runs = self.outputs[first:]
            kept = kept.extended(points, runs, history.judged_on(runs), history.limit, wanted)
            if len(kept.points) == wanted:
                return kept
            history = self._history(self.budget.waves)
            sample = walk(history, len(self.space.values), seed=self.budget.seed + self.budget.waves + attempt)
        msg = f"of {kept.run} points run after the last wave"
        raise self._too_few(msg, len(kept.points), before)

    def _too_few(self, when: str, left: int, before: Sequence[Mapping[str, float]]) -> RequestError:
        self._write({"waves": self.told, "before": _rows(self.targets, before)})
        msg = (
            f"{when} {left} points are left, {self.budget.draws} were asked for: what is published rules out nearly all of "
            f"the ranges. See {self.folder / RESULT}; widen ranges, admit more discrepancy in targets.yaml, or spare more "
            f"targets (--spare)."
        )
        return RequestError(msg)

    def _history(self, wave: int) -> History:
        # Only what is fitted: the others are for `sortie sensitivity`, which reads the table of runs.
        names = [target.name for target in self.fitted]
        outputs = as_columns(self.outputs, names)
        known = np.asarray(np.isfinite(outputs).all(axis=0))
        lost = [name for name, there in zip(names, known.tolist(), strict=True) if not there]
        if lost:
            msg = f"targets {', '.join(lost)} could not be measured on every run of wave {wave}."
            raise RequestError(msg)
        emulator = Emulator(names, np.vstack(self.points), outputs)
        return History(emulator, self.fitted, self.noise, self.budget.spares(wave))

    def _tell(self, wave: int, history: History, ruled_out: float, accepted: float, points: int) -> None:
        quality = history.emulator.quality()
        self.told.append(
            {
                "wave": wave,
                "runs": len(self.outputs),
                "spared": self.budget.spares(wave),
                "ruled_out": ruled_out,
                "accepted": accepted,
                "points": points,
                "emulator": {name: asdict(value) for name, value in quality.items()},
            }
        )

    def _write(self, found: Mapping[str, Any]) -> None:
        write_json(self.folder / RESULT, found)


def write_json(path: Path, found: Mapping[str, Any]) -> None:
    """Write what was found, so that the page and a reader find it again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())


def _frame(scenario: Scenario) -> dict[str, Any]:
    plain = scenario.resolved()
    return {key: plain[key] for key in ("start", "measure_from", "end", "sampling_fraction")}


def _rows(targets: Sequence[Target], runs: Sequence[Mapping[str, float]]) -> list[dict[str, Any]]:
    return [row._asdict() for row in compare_with(targets, runs)]
