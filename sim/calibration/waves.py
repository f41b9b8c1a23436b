"""Calibration from its settings to the draws of a posterior: waves of runs, each where the last one found what is published.

::

    <output>/calibration/
        centre/ wave1/ … draws1/ … central/   run folders; a run that is there is not run again
        calibration.json                      what was found: waves, posterior, fit, what the data do not identify
        runs.parquet                          every run of the waves: where, and what it gave
        plausible.parquet                     the draws with their weights (sim.experiments.plausible_draws)

Every step is a function of the scenario, the settings, the seed and the code, so the same command resumes where it stopped.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.agreement import Agreement
from sim.calibration.emulator import Emulator, as_columns
from sim.calibration.identifiability import identified
from sim.calibration.posterior import Emulated, Weighed, nearest_to_the_mean, weigh
from sim.calibration.runs import TABLE, Ran, Runner, framed, with_overrides
from sim.calibration.sampling import design, needs_emcee, thinned
from sim.calibration.targets import FIT, compare_with, measured_on, packaged_groups
from sim.calibration.truths import recovered
from sim.errors import RequestError
from sim.experiments.plausible_draws import Plausible, write_plausible
from sim.records.atomic import write_atomically
from sim.records.manifest import package_version, source_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.calibration.space import Space
    from sim.calibration.targets import Target
    from sim.experiments.execution import Backend
    from sim.experiments.progress import Listener
    from sim.scenario import Scenario

    Values = NDArray[np.float64]

RESULT = "calibration.json"
DRAWS = "plausible.parquet"
CENTRE_RUNS = 8
"""Replications of the baseline: what chance does to a run."""
ANCHORS = 12
"""Points run at both sizes, where draws are run at another than waves: what the size does."""
RUNS_A_DIMENSION = 10
ENOUGH = 0.5
"""Effective share of the draws at which no further round is run."""
CENTRAL_RUNS = 4
FEWEST = 5
"""Runs of a wave, and draws: below, nothing can be told."""


@dataclass(frozen=True)
class Budget:
    """How much is run."""

    waves: int = 3
    runs: int | None = None
    """Runs of each wave; None: ten for each parameter."""
    draws: int = 200
    """Points of the posterior that are run, weighted and kept."""
    rounds: int = 3
    """How often that is done at most, the emulator learning each time."""
    seed: int = 1
    steps: int = 4000
    """Steps of the sampler."""
    truths: int = 40
    """Synthetic truths on which the posterior is tried before the real figures."""

    def of_a_wave(self, parameters: int) -> int:
        """Runs of each wave."""
        return self.runs or RUNS_A_DIMENSION * parameters


@dataclass(frozen=True)
class Drawn:
    """Points of the posterior that were run."""

    points: Values
    beside: list[dict[str, float]]
    outputs: list[dict[str, float]]
    weighed: Weighed
    sampled: dict[str, float]


class Calibration:
    """A calibration under way."""

    def __init__(
        self,
        space: Space,
        targets: Sequence[Target],
        budget: Budget,
        folder: Path,
        means: Backend,
        listener: Listener,
        draws_fraction: float | None = None,
        only: Sequence[str] = (),
    ) -> None:
        self.space, self.targets, self.budget = space, tuple(targets), budget
        self.fitted = tuple(target for target in targets if target.use == FIT and (not only or target.name in only))
        self.agreement = Agreement.of(self.fitted, packaged_groups())
        self.folder = folder
        self.runner = Runner(folder, budget.seed, means, listener)
        self.fraction = float(space.scenario.resolved()["sampling_fraction"])
        self.draws_fraction = draws_fraction or self.fraction
        self.points: list[Values] = []
        self.outputs: list[dict[str, float]] = []
        self.chance = np.zeros(len(self.fitted))
        self.shift, self.shift_variance = np.zeros(len(self.fitted)), np.zeros(len(self.fitted))
        self.told: list[dict[str, Any]] = []
        self.cost: dict[str, dict[str, float]] = {}

    @property
    def names(self) -> list[str]:
        """Rows that are fitted."""
        return [target.name for target in self.fitted]

    @property
    def planned(self) -> dict[str, int]:
        """Runs of each stage at most."""
        wave = self.budget.of_a_wave(len(self.space.values))
        sizes = {"centre": CENTRE_RUNS} | {f"wave{n}": wave for n in range(1, self.budget.waves + 1)}
        if self.draws_fraction != self.fraction:
            sizes |= {"anchors": ANCHORS, "anchors_large": ANCHORS}
        return sizes | {f"draws{n}": self.budget.draws for n in range(1, self.budget.rounds + 1)} | {"central": CENTRAL_RUNS}

    def run(self) -> dict[str, Any]:
        """Run everything that is missing and write what was found.

        Raises
        ------
        RequestError
            If emcee is not there, or too little is asked for, before anything is run.
        """
        needs_emcee()
        if min(self.budget.draws, self.budget.of_a_wave(len(self.space.values))) < FEWEST:
            msg = f"--draws and --runs: met {self.budget.draws} and {self.budget.runs}, expected {FEWEST} or more of each."
            raise RequestError(msg)
        began = time.perf_counter()
        with _one_thread():
            before = self._replicates("centre", self.space.scenario, CENTRE_RUNS)
            self.chance = as_columns(before, self.names).var(axis=0, ddof=1)
            truths = self._waves()
            self._anchors()
            drawn = self._draws()
            emulated = self._emulated(self.budget.waves)
            with self._timed("left out"):
                sampled = emulated.sample(len(self.space.values), seed=self.budget.seed, steps=self.budget.steps)
                left_out = emulated.left_out(sampled, seed=self.budget.seed + 1, steps=self.budget.steps // 2)
        central, central_runs = self._central(drawn)
        self._keep(drawn, central, central_runs)
        rows = _rows(self.targets, drawn.outputs, drawn.weighed.weights)
        found = {
            "version": package_version(),
            "source": source_digest(),
            "budget": asdict(self.budget),
            "frame": _frame(self.space.scenario),
            "draws_fraction": self.draws_fraction,
            "seconds": time.perf_counter() - began,
            "cost": self.cost,
            "runs": len(self.outputs) + len(before) + len(central_runs) + sum(row["run"] for row in self.told if "run" in row),
            "parameters": list(self.space.names),
            "drawn_beside": len(self.space.beside),
            "waves": [row for row in self.told if "wave" in row],
            "rounds": [row for row in self.told if "round" in row],
            "truths": truths,
            "sampled": drawn.sampled,
            "before": _rows(self.targets, before),
            "central": _rows(self.targets, central_runs),
            "draws": rows,
            "coverage": coverage(rows, left_out),
            "left_out": left_out,
            "noise_sd": dict(zip(self.names, np.sqrt(self.chance).tolist(), strict=True)),
            "shift": dict(zip(self.names, self.shift.tolist(), strict=True)),
            "identified": identified(self.space, drawn.points, central, drawn.weighed.weights),
        }
        self._write(found)
        return found

    @contextmanager
    def _timed(self, stage: str, runs: int = 0) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.cost[stage] = {"runs": runs, "seconds": time.perf_counter() - began}

    def _waves(self) -> dict[str, Any]:
        parameters = len(self.space.values)
        points = design(self.budget.of_a_wave(parameters), parameters, self.budget.seed)
        truths: dict[str, Any] = {}
        for wave in range(1, self.budget.waves + 1):
            self._simulate(f"wave{wave}", points)
            with self._timed(f"emulator of wave {wave}"):
                emulated = self._emulated(wave)
                quality = {name: asdict(value) for name, value in emulated.emulator.quality().items()}
            if wave == 1 and self.budget.truths:
                with self._timed("synthetic truths"):
                    truths = self._truths(emulated)
            told = {"wave": wave, "runs": len(self.outputs), "emulator": quality}
            if wave < self.budget.waves:
                temperature = 2.0 ** (self.budget.waves - wave)
                with self._timed(f"sample of wave {wave}"):
                    sampled = emulated.sample(
                        parameters, seed=self.budget.seed + wave, steps=self.budget.steps // 2, temperature=temperature
                    )
                points = sampled.points[thinned(sampled.points, len(points), self.budget.seed + wave)]
                told["sampled"] = _mixed(sampled)
            self.told.append(told)
        return truths

    def _truths(self, emulated: Emulated) -> dict[str, Any]:
        """Try the posterior on runs of the first wave, which come from the prior, by an emulator of the others."""
        number = min(self.budget.truths, len(self.outputs) // 3)
        held = np.zeros(len(self.outputs), dtype=np.bool_)
        held[np.linspace(0, len(held) - 1, number).astype(int)] = True
        points, outputs = np.vstack(self.points), as_columns(self.outputs, self.names)
        others = replace(emulated, emulator=Emulator(self.names, points[~held], outputs[~held]))
        return recovered(
            others, points[held], outputs[held], self.space.names, seed=self.budget.seed, steps=self.budget.steps // 2
        )

    def _emulated(self, wave: int) -> Emulated:
        outputs = as_columns(self.outputs, self.names)
        known = np.asarray(np.isfinite(outputs).all(axis=0))
        lost = [name for name, there in zip(self.names, known.tolist(), strict=True) if not there]
        if lost:
            msg = f"targets {', '.join(lost)} could not be measured on every run of wave {wave}."
            raise RequestError(msg)
        emulator = Emulator(self.names, np.vstack(self.points), outputs)
        if len(self.points) > 1:
            # What comes next is sought where the last runs were.
            last = np.arange(len(outputs)) >= len(outputs) - len(self.points[-1])
            emulator.about(last)
        return Emulated(emulator, self.agreement, self.chance, self.fraction, self.shift, self.shift_variance)

    def _anchors(self) -> None:
        """Run some points of the posterior at both sizes: what the size of a run does to each row."""
        if self.draws_fraction == self.fraction:
            return
        emulated = self._emulated(self.budget.waves)
        sampled = emulated.sample(len(self.space.values), seed=self.budget.seed + 50, steps=self.budget.steps // 2)
        points = sampled.points[thinned(sampled.points, ANCHORS, self.budget.seed)]
        beside = self.space.drawn_beside(ANCHORS, self.budget.seed + 50)
        small, large = (
            as_columns(self._runs_of(name, points, beside, size), self.names)
            for name, size in (("anchors", None), ("anchors_large", self.draws_fraction))
        )
        apart = large - small
        self.shift = apart.mean(axis=0)
        self.shift_variance = apart.var(axis=0, ddof=1) / ANCHORS

    def _draws(self) -> Drawn:
        """Run points of the emulated posterior and weight them by their own runs; the emulator learns, and again."""
        parameters = len(self.space.values)
        best: Drawn | None = None
        own_chance = self.chance * self.fraction / self.draws_fraction
        for round_ in range(1, self.budget.rounds + 1):
            emulated = self._emulated(self.budget.waves)
            with self._timed(f"sample of round {round_}"):
                sampled = emulated.sample(parameters, seed=self.budget.seed + 100 + round_, steps=self.budget.steps)
            points = sampled.points[thinned(sampled.points, self.budget.draws, self.budget.seed + round_)]
            beside = self.space.drawn_beside(len(points), self.budget.seed + 100 + round_)
            runs = self._runs_of(f"draws{round_}", points, beside, self.draws_fraction)
            outputs = as_columns(runs, self.names)
            weighed = weigh(emulated, points, outputs, own_chance)
            drawn = Drawn(points, beside, runs, weighed, _mixed(sampled))
            self.told.append(
                {
                    "round": round_,
                    "run": len(points),
                    "effective": weighed.effective,
                    "untruncated": weighed.untruncated,
                    "largest": weighed.largest,
                }
            )
            if best is None or weighed.effective > best.weighed.effective:
                best = drawn
            if weighed.effective >= ENOUGH * len(points):
                break
            # Shown to the emulator as a run of the size of the others would have been.
            self.points.append(points)
            moved = dict(zip(self.names, self.shift.tolist(), strict=True))
            self.outputs += [{name: value - moved.get(name, 0.0) for name, value in run.items()} for run in runs]
        assert best is not None
        return best

    def _central(self, drawn: Drawn) -> tuple[Values, list[dict[str, float]]]:
        """Choose the draw nearest the mean that is inside every fitted row's interval, and run it with other luck too."""
        rows = _rows(self.fitted, drawn.outputs, drawn.weighed.weights)
        outputs = as_columns(drawn.outputs, self.names)
        low, high = (np.array([row[key] for row in rows]) for key in ("low", "high"))
        inside: NDArray[np.bool_] = np.all((outputs >= low) & (outputs <= high), axis=1)
        point = drawn.points[nearest_to_the_mean(drawn.points, drawn.weighed.weights, inside)]
        scenario = self._sized(self.draws_fraction)
        runs = self._replicates("central", with_overrides(scenario, self.space.overrides(point)), CENTRAL_RUNS)
        return point, runs

    def _keep(self, drawn: Drawn, central: Values, central_runs: Sequence[Mapping[str, float]]) -> None:
        points = np.vstack([central, drawn.points])
        besides = [self.space.central_beside, *drawn.beside]
        levels = [[*self.space.levels(p).values(), *b.values()] for p, b in zip(points, besides, strict=True)]
        figures = np.vstack([as_columns(central_runs, self.names).mean(axis=0), as_columns(drawn.outputs, self.names)])
        far = self.agreement.distances(figures, self.chance * self.fraction).max(axis=1)
        plausible = Plausible(
            names=(*self.space.names, *(value.path for value in self.space.beside)),
            levels=np.array(levels),
            worst=far,
            wave=self.budget.waves,
            seed=self.budget.seed,
            version=package_version(),
            source=source_digest(),
            digest=self.space.scenario.digest(),
            weights=np.concatenate([[1.0], drawn.weighed.weights]),
        )
        write_plausible(plausible, self.folder / DRAWS)

    def _replicates(self, name: str, scenario: Scenario, number: int) -> list[dict[str, float]]:
        with self._timed(name, number):
            run = self.runner.run(name, [scenario], range(number))[0]
        return [measured_on(rows, self.targets) for _, rows in run.indicators().groupby("replication")]

    def _simulate(self, name: str, points: Values) -> None:
        beside = self.space.drawn_beside(len(points), self.budget.seed + len(self.points))
        self.outputs += self._runs_of(name, points, beside)
        self.points.append(points)
        names = [target.name for target in self.targets]
        ran = Ran(self.space.names, np.vstack(self.points), tuple(names), as_columns(self.outputs, names))
        ran.write(self.folder / TABLE)

    def _sized(self, fraction: float | None) -> Scenario:
        return self.space.scenario if fraction in {None, self.fraction} else framed(self.space.scenario, {}, fraction)

    def _runs_of(
        self, name: str, points: Values, beside: Sequence[Mapping[str, float]], fraction: float | None = None
    ) -> list[dict[str, float]]:
        scenario = self._sized(fraction)
        pairs = zip(points, beside, strict=True)
        with self._timed(name, len(points)):
            runs = self.runner.run(name, [with_overrides(scenario, self.space.overrides(*pair)) for pair in pairs])
        return [measured_on(run.indicators(), self.targets) for run in runs]

    def _write(self, found: Mapping[str, Any]) -> None:
        write_json(self.folder / RESULT, found)


def _one_thread() -> Any:
    """Limit linear algebra to one thread: on small matrices threads that wait for each other cost ten times more."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 (optional)

    return threadpool_limits(1)


def _mixed(sampled: Any) -> dict[str, float]:
    return {"accepted": sampled.accepted, "spread": sampled.spread, "correlation": sampled.correlation}


def coverage(rows: Sequence[Mapping[str, Any]], left_out: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Count the rows that lie inside their intervals, those that follow others apart, and of those left out of the fit."""
    counted = [row for row in rows if not row["follows"] and row["n"]]
    return {
        "rows": len(counted),
        "covered": sum(bool(row["covered"]) for row in counted),
        "left_out": len(left_out),
        "left_out_covered": sum(bool(row["covered"]) for row in left_out),
    }


def write_json(path: Path, found: Mapping[str, Any]) -> None:
    """Write what was found, so that the page and a reader find it again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())


def _frame(scenario: Scenario) -> dict[str, Any]:
    plain = scenario.resolved()
    return {key: plain[key] for key in ("start", "measure_from", "end", "sampling_fraction")}


def _rows(
    targets: Sequence[Target], runs: Sequence[Mapping[str, float]], weights: Values | None = None
) -> list[dict[str, Any]]:
    return [row._asdict() for row in compare_with(targets, runs, weights)]
