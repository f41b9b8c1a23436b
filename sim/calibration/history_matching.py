"""History matching: what parameters cannot be ruled out by what is published (Vernon, Goldstein and Bower, 2010).

The implausibility of a point for a target is the distance between the emulated and the published figure, in standard
deviations of all that could explain it: the emulator's doubt, sampling noise of one run, error of the published figure,
and the discrepancy the model admits. A point is ruled out when its implausibility passes 3 for more than a few targets
(``spared``): a model that is wrong somewhere would otherwise leave no point at all.

Points that are left are a tiny part of the cube, so they are sought by walkers: many random walks whose steps are accepted
by the sum of squared implausibilities (Metropolis), cut at the limit. They are a sample of what remains, denser where the
fit is better; none is "the" answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import qmc

from sim.randomness import Draws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.calibration.emulator import Emulator
    from sim.calibration.targets import Target

LIMIT = 3.0
"""Implausibility beyond which a target rules a point out (three sigmas: Pukelsheim, 1994)."""


@dataclass(frozen=True)
class History:
    """Emulated targets and what they are held against."""

    emulator: Emulator
    targets: tuple[Target, ...]
    noise: Mapping[str, float]
    """Variance of one run's value by chance alone, by target."""
    spared: int = 0
    """How many targets may pass the limit before a point is ruled out."""
    limit: float = LIMIT

    def implausibility(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distance to each target: float64, shape ``(n_points, n_targets)``, not below 0."""
        mean, variance = self.emulator.predict(points, [target.name for target in self.targets])
        return self._distance(mean, variance)

    def judged(self, points: NDArray[np.float64]) -> Judged:
        """Judge points by what is emulated there."""
        return self._judged(self.implausibility(points))

    def judged_on(self, runs: Sequence[Mapping[str, float]]) -> Judged:
        """Judge points by what the model gave when it was run there: no emulator, hence none of its doubt."""
        return self._judged(self._distance(np.array([[run[t.name] for t in self.targets] for run in runs]), 0.0))

    def _distance(self, mean: NDArray[np.float64], variance: NDArray[np.float64] | float) -> NDArray[np.float64]:
        published = np.array([target.value for target in self.targets])
        fixed = np.array([t.error**2 + t.discrepancy**2 + self.noise.get(t.name, 0.0) for t in self.targets])
        distance: NDArray[np.float64] = np.abs(mean - published) / np.sqrt(variance + fixed)
        return distance

    def _judged(self, distance: NDArray[np.float64]) -> Judged:
        counted = np.sort(distance, axis=1)[:, max(0, distance.shape[1] - 1 - self.spared)]
        return Judged(counted, (distance**2).sum(axis=1))


class Judged(NamedTuple):
    """What is held against some points."""

    worst: NDArray[np.float64]
    """Largest implausibility that counts."""
    squares: NDArray[np.float64]
    """Sum of squared implausibilities of all targets."""


class Sample(NamedTuple):
    """Points that are not ruled out."""

    points: NDArray[np.float64]
    worst: NDArray[np.float64]
    accepted: float
    """Share of the last steps that were accepted."""
    ruled_out: float
    """Share of the whole cube that is ruled out."""


def design(number: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Space-filling points of the cube (scrambled Sobol, the first of a power of two): shape ``(number, dimensions)``."""
    exponent = max(0, int(np.ceil(np.log2(max(number, 1)))))
    points: NDArray[np.float64] = qmc.Sobol(dimensions, rng=seed).random_base2(exponent)[:number]
    return points


def walk(
    history: History,
    dimensions: int,
    *,
    walkers: int = 200,
    steps: int = 600,
    seed: int = 1,
    keep: int = 4,
) -> Sample:
    """Sample what is not ruled out.

    Walkers begin at the least implausible of a large space-filling set. A step is along the line between two other walkers
    (differential evolution, ter Braak 2006), so that its size and direction follow what is left. ``keep`` positions of each,
    spread over the second half, are kept if they differ.
    """
    luck = Draws(seed, 0)
    broad = design(4096, dimensions, seed)
    judged = history.judged(broad)
    order = np.argsort(judged.squares, kind="stable")[:walkers]
    here, score = broad[order].copy(), judged.squares[order].copy()
    worst = judged.worst[order].copy()
    ruled_out = float((judged.worst > history.limit).mean())
    numbers = np.arange(walkers)
    kept: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    accepted = 0.0
    last = set(np.linspace(steps // 2, steps - 1, keep).astype(int).tolist())
    for step in range(steps):
        proposal = _proposal(here, luck, numbers, step, dimensions)
        there = history.judged(proposal)
        chance = luck.uniform("walk.accept", numbers, step)
        within = ((proposal >= 0) & (proposal <= 1)).all(axis=1)
        # Outside the limit only a step towards it is taken; inside, none leads out again.
        allowed = (there.worst <= history.limit) | (there.worst < worst)
        taken = within & allowed & (np.log(chance) < 0.5 * (score - there.squares))
        here[taken], score[taken], worst[taken] = proposal[taken], there.squares[taken], there.worst[taken]
        accepted = float(taken.mean()) if step == 0 else 0.9 * accepted + 0.1 * float(taken.mean())
        if step in last:
            inside = worst <= history.limit
            kept.append((here[inside].copy(), worst[inside].copy()))
    points, values = np.concatenate([points for points, _ in kept]), np.concatenate([values for _, values in kept])
    # A walker that stood still is one point, not several.
    _, first = np.unique(points, axis=0, return_index=True)
    first.sort()
    return Sample(points[first], values[first], accepted, ruled_out)


def downhill(
    history: History, points: NDArray[np.float64], number: int, *, steps: int = 400, seed: int = 1
) -> NDArray[np.float64]:
    """Walk from some points by steps that lower the emulated sum of squares only: the best so many ends, shape ``(n, d)``."""
    luck = Draws(seed, 0)
    here = points.copy()
    judged = history.judged(here)
    score, worst = judged.squares.copy(), judged.worst.copy()
    numbers = np.arange(len(here))
    for step in range(steps):
        proposal = _proposal(here, luck, numbers, step, here.shape[1])
        there = history.judged(proposal)
        within = ((proposal >= 0) & (proposal <= 1)).all(axis=1)
        taken = within & (there.squares < score) & ((there.worst <= history.limit) | (there.worst < worst))
        here[taken], score[taken], worst[taken] = proposal[taken], there.squares[taken], there.worst[taken]
    best: NDArray[np.float64] = here[np.argsort(score, kind="stable")[:number]]
    return best


def _proposal(
    here: NDArray[np.float64], luck: Draws, numbers: NDArray[np.int64], step: int, dimensions: int
) -> NDArray[np.float64]:
    walkers = len(here)
    first = (luck.uniform("walk.first", numbers, step) * walkers).astype(int)
    second = (luck.uniform("walk.second", numbers, step) * walkers).astype(int)
    # Now and then a whole difference, so that walkers may change places; else the usual 2.38 / sqrt(2 d).
    size = 1.0 if step % 10 == 9 else 2.38 / np.sqrt(2 * dimensions)
    jitter = np.column_stack([luck.uniform(f"walk.jitter.{d}", numbers, step) - 0.5 for d in range(dimensions)])
    proposal: NDArray[np.float64] = here + size * (here[first] - here[second]) + 0.02 * jitter
    return proposal


def spread_out(points: NDArray[np.float64], number: int) -> NDArray[np.int64]:
    """Positions of so many points far from each other: each next one is the farthest from those chosen (maximin)."""
    chosen = [int(np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1)))]
    nearest = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < min(number, len(points)):
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return np.array(chosen, dtype=np.int64)


def thinned(points: NDArray[np.float64], number: int, seed: int = 1) -> NDArray[np.int64]:
    """Positions of so many points taken evenly at random: they keep the density of the sample."""
    order = np.argsort(Draws(seed, 0).uniform("walk.thin", np.arange(len(points))), kind="stable")
    return np.sort(order[:number])


def noise_of(runs: Sequence[Mapping[str, float]], targets: Sequence[Target]) -> dict[str, float]:
    """Variance by chance alone, from replications of one point."""
    return {t.name: float(np.var([run[t.name] for run in runs], ddof=1)) if len(runs) > 1 else 0.0 for t in targets}
