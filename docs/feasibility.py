"""Look for worlds that give the published composition of adjusted releases, and write ``docs/feasibility.md``.

``python docs/feasibility.py FOLDER [--fraction 0.2] [--first 64] [--rounds 4] [--each 16]``: a Latin hypercube over the ranges,
then rounds that follow an emulator (:mod:`sim.calibration.emulator`) towards the targets of ``feasibility.yaml``. What was run is
kept in FOLDER and not run again. Run by hand: some hundred and thirty simulations of five years.
"""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from sim.calibration.emulator import Emulator
from sim.calibration.runs import Runner, framed, with_overrides
from sim.calibration.sampling import design
from sim.calibration.space import Space, space_of
from sim.calibration.targets import Target, measured_on
from sim.experiments.execution import Backend
from sim.experiments.progress import progress_on
from sim.policies import POLICIES
from sim.scenario import load_scenario

HERE = Path(__file__).parent
LISTED = HERE / "feasibility.yaml"
PAGE = HERE / "feasibility.md"
SEED = 1
STEP = 0.3
"""How far from a point that was run an emulator is believed, in widths of the ranges."""
TRIES, STEPS, SHRINK = 256, 15, 0.8
"""Points tried around the best one so far, how often, and how much nearer each time."""

Points = NDArray[np.float64]


def target_of(name: str, row: dict[str, Any]) -> Target:
    """Return a figure to look for, as calibrations know them."""
    words = {key: str(row[key]) for key in ("what", "source", "measure")}
    value = float(row["value"])
    blank = {"quoi": "", "unit": "", "date": "", "scope": "", "why": "", "argued": ""}
    return Target(name=name, value=value, tolerance=value / 10, error=0.0, discrepancy=0.0, use="fit", **words, **blank)


@dataclass
class Search:
    """Points run so far, what they gave, and how far each is from what is published."""

    space: Space
    targets: tuple[Target, ...]
    """Those looked for, then those shown beside."""
    sought: int
    points: Points
    outputs: Points

    @property
    def published(self) -> Points:
        """Published values of those looked for."""
        return np.array([target.value for target in self.targets[: self.sought]])

    def gaps(self, outputs: Points) -> Points:
        """Departures from what is published, relative to it."""
        found: Points = outputs[:, : self.sought] / self.published - 1
        return found

    @property
    def worst(self) -> Points:
        """Largest departure of each point."""
        found: Points = np.abs(self.gaps(self.outputs)).max(axis=1)
        return found

    def simulate(self, runner: Runner, name: str, points: Points) -> None:
        """Run points and keep what they give."""
        scenarios = [with_overrides(self.space.scenario, self.space.overrides(point)) for point in points]
        for point, folder in zip(points, runner.run(name, scenarios), strict=True):
            found = measured_on(folder.indicators(), self.targets)
            self.points = np.vstack([self.points, point])
            self.outputs = np.vstack([self.outputs, [found[target.name] for target in self.targets]])

    def proposed(self, number: int, seed: int) -> Points:
        """Points at which an emulator of what was run comes closest to what is published, each from one of the best."""
        luck = np.random.default_rng(seed)
        names = [target.name for target in self.targets[: self.sought]]
        emulator = Emulator(names, self.points, self.outputs[:, : self.sought])

        best = np.argsort((self.gaps(self.outputs) ** 2).sum(axis=1))[: max(number // 2, 4)]
        found = []
        for middle in self.points[luck.choice(best, number)]:
            low, high = np.clip(middle - STEP, 0, 1), np.clip(middle + STEP, 0, 1)
            here, size = middle, STEP
            for _ in range(STEPS):
                # Some of the coordinates at a time: where there are thirty, moving all of them is seldom a gain.
                moved = luck.random((TRIES, len(middle))) < luck.uniform(0.1, 0.6, (TRIES, 1))
                tried = np.clip(here + moved * luck.normal(0, size, moved.shape), low, high)
                tried = np.vstack([here, tried])
                here = tried[np.argmin((self.gaps(emulator.predict(tried).mean) ** 2).sum(axis=1))]
                size *= SHRINK
            found.append(here)
        return np.array(found)


def looked_for(asked: dict[str, Any], fraction: float) -> Search:
    """Return a search that has run nothing yet."""
    frame = {key: str(day) for key, day in asked["frame"].items()}
    scenario = framed(load_scenario("baseline", known_policies=frozenset(POLICIES)), frame, fraction)
    space = space_of(scenario, tuple(asked["parameters"]))
    targets = tuple(target_of(name, row) for part in ("targets", "beside") for name, row in asked[part].items())
    return Search(space, targets, len(asked["targets"]), np.empty((0, len(space.values))), np.empty((0, len(targets))))


def again(search: Search, kept: list[int], runners: list[Runner]) -> Points:
    """Run worlds with luck of other seeds, and return the means, a row each.

    A world chosen because it came close on one draw of luck comes less close on another: only what it gives anew counts.
    """
    scenarios = [with_overrides(search.space.scenario, search.space.overrides(search.points[place])) for place in kept]
    found = np.array(
        [
            [
                [measured_on(folder.indicators(), search.targets)[target.name] for target in search.targets]
                for folder in runner.run("again", scenarios)
            ]
            for runner in runners
        ]
    )
    means: Points = found.mean(axis=0)
    return means


def told(search: Search, asked: dict[str, Any], fraction: float, kept: list[int], anew: Points, seeds: int) -> str:
    """Return the page: the baseline and the best worlds as they are with fresh luck, and where their parameters are."""
    within = float(asked["within"])
    worst = np.abs(search.gaps(anew)).max(axis=1)
    good = int((worst[1:] <= within).sum())
    order = [0, *(1 + np.argsort(worst[1:])[:6]).tolist()]
    names = ["baseline", *(f"world {kept[place]}" for place in order[1:])]
    inside = (search.points[[kept[place] for place in order[1:]]] > 0.02) & (
        search.points[[kept[place] for place in order[1:]]] < 0.98
    )
    edges = [value.path for value, free in zip(search.space.values, inside.any(axis=0), strict=True) if not free]
    lines = [
        "# Can one set of practices give the published composition?",
        "",
        f"<!-- Written by docs/feasibility.py on {dt.datetime.now(tz=dt.UTC):%d %B %Y}. -->",
        "",
        f"{len(search.points)} worlds of {fraction:g} of the country from {asked['frame']['start']}, one replication each: a Latin hypercube over",
        f"the ranges of {len(search.space.values)} assumptions, then points chosen by an emulator. No fit: the baseline is not touched. The best",
        f"{len(kept) - 1} were then run anew with {seeds} other draws of luck, and only these are told, by their mean: what is chosen on one",
        f"replication owes part of its place to it. **{good}** of them give all {search.sought} figures within {100 * within:.0f} %.",
        "",
        "Stocks of 1 October 2025 are means of 2025. One value stands for practices that are dated in the baseline (take-up,",
        "hearing slots, posts).",
        "",
        "| figure | published | " + " | ".join(names) + " |",
        "|---|--:|" + "--:|" * len(names),
    ]
    for column, target in enumerate(search.targets):
        cells = [target.value, *anew[order, column]]
        lines.append(
            f"| {target.what} | " + " | ".join(f"{cell:.3f}" if abs(cell) < 2 else f"{cell:,.0f}" for cell in cells) + " |"
        )
    lines.append("| largest departure, % | | " + " | ".join(f"{100 * worst[place]:.0f}" for place in order) + " |")
    if edges:
        lines += ["", "At an end of its range in all six worlds: " + ", ".join(f"`{path}`" for path in edges) + "."]
    lines += ["", "Where the assumptions of these worlds lie (range of each, value of the baseline, then of each world):", ""]
    lines += ["| assumption | range | " + " | ".join(names) + " |", "|---|--:|" + "--:|" * len(names)]
    for column, value in enumerate(search.space.values):
        levels = [
            value.low + point[column] * (value.high - value.low) for point in search.points[[kept[place] for place in order]]
        ]
        lines.append(
            f"| `{value.path}` | {value.low:.4g}–{value.high:.4g} | " + " | ".join(f"{level:.4g}" for level in levels) + " |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    """Search, and write the page."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--fraction", type=float, default=0.2)
    options.add_argument("--first", type=int, default=64)
    options.add_argument("--rounds", type=int, default=4)
    options.add_argument("--each", type=int, default=16)
    options.add_argument("--again", type=int, default=3, help="draws of luck with which the best are run anew")
    options.add_argument("--best", type=int, default=12)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    asked = yaml.safe_load(LISTED.read_text(encoding="utf-8"))
    search = looked_for(asked, given.fraction)
    with progress_on("lines") as listener:
        runner = Runner(given.folder, SEED, Backend(given.workers).checked(), listener)
        search.simulate(runner, "first", np.vstack([search.space.centre, design(given.first, len(search.space.values), SEED)]))
        for number in range(given.rounds):
            search.simulate(runner, f"round{number}", search.proposed(given.each, SEED + number))
            print(f"round {number}: best departs by {100 * search.worst.min():.1f} %", flush=True)
        kept = [0, *(place for place in np.argsort(search.worst).tolist() if place)][: given.best + 1]
        others = [
            Runner(given.folder / f"seed{SEED + number}", SEED + number, Backend(given.workers).checked(), listener)
            for number in range(1, given.again + 1)
        ]
        PAGE.write_text(told(search, asked, given.fraction, kept, again(search, kept, others), given.again), encoding="utf-8")


if __name__ == "__main__":
    main()
