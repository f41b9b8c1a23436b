"""The reference: the shipped scenarios run once, and what the explorer shows of them written as a few small tables.

::

    results/reference/
        reference.json    who made it, from what: code, seed, fraction, replications, scenarios with their hashes
        figures.parquet   means, spreads and paired differences of each scenario (sim.library.tables)
        sites.parquet     means by establishment
        routes.parquet    who leaves by another route, policy by policy
        paths.parquet     exits by way in, procedure and way out
        sweeps.parquet    outputs of each setting of each lever sought, replication by replication
        lives.parquet     movements of a few people under every scenario; portraits.parquet: their exits

It is made of experiments (:mod:`sim.experiments.batch`), whose run folders stay in the working folder: making it again
runs only what is missing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from sim.dates import iso
from sim.errors import RequestError
from sim.experiments.batch import plan, run_experiment
from sim.experiments.compare import compare
from sim.experiments.experiment import read_experiment
from sim.experiments.plausible_draws import FILE, PLAUSIBLE
from sim.experiments.policy_differences import differences
from sim.experiments.results_tree import INDEX, read_index
from sim.indicators.context import MEASURED
from sim.library import lives, tables
from sim.library.families import family_of
from sim.library.progress import Whole
from sim.policies import POLICIES
from sim.records.atomic import write_atomically
from sim.records.manifest import describe_machine, package_version, source_digest
from sim.records.run_folder import open_run
from sim.scenario import available_scenarios, load_scenario, observed_file
from sim.scenario.writing import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiments.execution import Backend
    from sim.experiments.experiment import Experiment
    from sim.experiments.progress import Listener
    from sim.records.run_folder import RunFolder

FORMAT = 1
MANIFEST = "reference.json"
SWEEPS = Path(__file__).with_name("sweeps.yaml")
CENTRAL, DRAWS, PEOPLE = "central", "draws", "people"
"""Experiments: central values, draws of the uncertain values, and the runs that keep people's tables."""
BESIDE = ("costs", "reconviction.effects", "reconviction.lsc_months", "reconviction.unseen_sd")
"""Values drawn over their ranges beside the plausible draws."""
HALF_WIDTH, RELATIVE = 0.0005, 0.1
"""When a difference of the dry-release rate is known well enough: five hundredths of a point, or a tenth of itself."""


@dataclass(frozen=True)
class Size:
    """How much is run."""

    fraction: float = 1.0
    replications: int = 30
    draws: int = 0
    """Draws of the uncertain values beside the central ones; 0 leaves parameters out of the intervals."""
    draw_replications: int = 4
    people_replications: int = 2
    sweep_replications: int = 10
    seed: int = 1
    most: int = 0
    """Most replications of the central values, added until the difference of the dry-release rate is known to
    :data:`HALF_WIDTH`, or to a tenth of itself; 0 stops at ``replications``."""

    def checked(self) -> Size:
        """Return the same.

        Raises
        ------
        RequestError
            If a number makes no sense.
        """
        least = {"replications": 2, "draw_replications": 2, "people_replications": 1, "sweep_replications": 2}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                msg = f"--{name.replace('_', '-')}: met {getattr(self, name)}, expected {smallest} or more."
                raise RequestError(msg)
        if 0 < self.most < self.replications:
            msg = f"--most: met {self.most}, expected 0 or --replications ({self.replications}) and more."
            raise RequestError(msg)
        return self

    @property
    def rule(self) -> int | dict[str, Any]:
        """Replications of the central values, as an experiment says them."""
        if self.most <= self.replications:
            return self.replications
        known = {"output": "dry_rate_exits", "of": "difference", "half_width": HALF_WIDTH, "relative": RELATIVE}
        return {"floor": self.replications, "cap": self.most, "until": [known]}


FULL = Size(draws=20, draw_replications=4, most=200)
"""What is published: the whole country, central values until differences are known, twenty draws of the uncertain values."""
QUICK = Size(fraction=0.05, replications=4, people_replications=1, sweep_replications=2)
"""One person in twenty and four replications: the whole library in minutes, to see that it runs and what it looks like."""


def make_reference(
    size: Size, *, output: Path, work: Path, means: Backend, listener: Listener, scenarios: Sequence[str] | None = None
) -> Path:
    """Run what is missing and write the reference.

    Parameters
    ----------
    scenarios
        Names, the base first; by default every shipped scenario that is whole.

    Raises
    ------
    RequestError
        If a unit fails, or a scenario is broken.
    """
    size = size.checked()
    names = list(scenarios) if scenarios else _shipped()
    work.mkdir(parents=True, exist_ok=True)
    planned = {name: _read(work, name, text) for name, text in _experiments(size, names).items()}
    left = {name: plan(experiment, work, current=True) for name, experiment in planned.items()}
    waiting = {name: each.waiting for name, each in left.items()}
    whole = Whole(listener, waiting, sum(each.units for each in left.values()) - sum(waiting.values()))
    folders = {name: _run(work, experiment, means, whole.part(name)) for name, experiment in planned.items()}
    content = _tables(folders, names[0], len(names))
    content |= _people(folders[PEOPLE], names[0])
    sweeps, outputs = _sweep_specifications()
    content["sweeps"] = pd.concat(
        [
            tables.sweep_rows(_settings(folders[f"sweep-{sweep['name']}"]), outputs).assign(sweep=sweep["name"])
            for sweep in sweeps
        ],
        ignore_index=True,
    )
    output.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, frame in content.items():
        encoded = tables.encoded(tables.rounded(frame))
        write_atomically(output / f"{name}.parquet", encoded)
        files[f"{name}.parquet"] = {"sha256": hashlib.sha256(encoded).hexdigest(), "bytes": len(encoded), "rows": len(frame)}
    described = _described(folders[CENTRAL], folders[PEOPLE], size, sweeps, files)
    write_atomically(output / MANIFEST, (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode())
    return output


def _shipped() -> list[str]:
    cards = [card for card in available_scenarios() if card.problem is None]
    return ["baseline", *(card.name for card in cards if card.name != "baseline")]


def _sweep_specifications() -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    read = yaml.safe_load(SWEEPS.read_text(encoding="utf-8"))
    return read["sweeps"], [(row["indicator"], row["group"]) for row in read["outputs"]]


def _experiments(size: Size, names: Sequence[str]) -> dict[str, str]:
    """Experiment files, as text, by name."""
    common = {"seed": size.seed, "sampling_fraction": size.fraction, "keep": "indicators"}
    people = {
        **common,
        "scenarios": list(names),
        "replications": size.people_replications,
        "keep": ["exits"],
        "events": "first",
    }
    content: dict[str, dict[str, Any]] = {
        CENTRAL: {**common, "scenarios": names, "replications": size.rule},
        PEOPLE: people,
    }
    if size.draws:
        drawn = {"draws": _drawn(size.draws), "replications": size.draw_replications}
        content[DRAWS] = {**common, "scenarios": names, **drawn}
    for sweep in _sweep_specifications()[0]:
        lever = {"on": sweep["since"].isoformat(), "add": sweep["add"], "by": sweep["by"]}
        content[f"sweep-{sweep['name']}"] = {
            **common, "scenarios": [names[0]], "levers": [lever], "replications": size.sweep_replications,
        }  # fmt: skip
    return {name: to_text(block) for name, block in content.items()}


def _drawn(number: int) -> dict[str, Any]:
    """Draws of the uncertain values: the plausible ones a calibration left, and beside them what no published figure ties."""
    if not observed_file(FILE).is_file():
        return {"number": number}
    return {"file": PLAUSIBLE, "number": number, "parameters": list(BESIDE)}


def _read(work: Path, name: str, text: str) -> Experiment:
    file = work / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return read_experiment(file)


def _run(work: Path, experiment: Experiment, means: Backend, listener: Listener) -> Path:
    batch = run_experiment(experiment, output=work, means=means, listener=listener, current=True)
    if batch.failures:
        many, why = len(batch.failures), batch.failures[0].message
        msg = f"{batch.folder}: {many} units failed. {why} The same command goes on from here."
        raise RequestError(msg)
    return batch.folder


def _runs(folder: Path, draw: int = 0) -> dict[str, RunFolder]:
    index = read_index(folder / INDEX)
    return {row["arm"]: open_run(folder / row["arm"] / row["run"]) for row in index["runs"] if row["draw"] == draw}


def _settings(folder: Path) -> dict[float, RunFolder]:
    """Run of each setting of a sweep; the base is the setting 0."""
    index = read_index(folder / INDEX)
    runs = _runs(folder)
    return {float(next(iter(arm["levers"].values()), 0.0)): runs[arm["name"]] for arm in index["arms"]}


def _tables(folders: Mapping[str, Path], base: str, many: int) -> dict[str, pd.DataFrame]:
    runs = _runs(folders[CENTRAL])
    drawn = folders.get(DRAWS)
    first = runs[base].indicators()
    # Reckoned once: for all arms together it takes a minute.
    # Each year of the window too: a difference is told with both kinds of doubt wherever it is told.
    periods = (MEASURED, *tables.whole_years(iso(runs[base].manifest.measure_from_day), iso(runs[base].manifest.end_day)))
    across = None if drawn is None or many == 1 else differences(drawn, periods=periods)
    figures, sites = [], []
    for name, run in runs.items():
        frame = run.indicators()
        spread = None if drawn is None else pd.concat([tables.kept(frame), _spread(drawn, name)], ignore_index=True)
        summary = tables.figures(tables.kept(first), None if name == base else tables.kept(frame), spread)
        summary = tables.with_parameters(summary, None if name == base else across, name)
        summary = tables.without_shared_past(summary, iso(run.manifest.measure_from_day))
        figures.append(summary.assign(scenario=name))
        sites.append(tables.sites(frame).assign(scenario=name))
    together = tables.without_unread_spread(pd.concat(figures, ignore_index=True), base)
    return {"figures": tables.alike_together(together), "sites": pd.concat(sites, ignore_index=True)}


def _spread(folder: Path, name: str) -> pd.DataFrame:
    """Indicators of every draw and replication of a scenario."""
    index = read_index(folder / INDEX)
    frames = [tables.kept(_runs(folder, draw)[name].indicators()) for draw in range(len(index["draws"]))]
    return pd.concat(frames, ignore_index=True)


def _people(folder: Path, base: str) -> dict[str, pd.DataFrame]:
    runs = _runs(folder)
    routes, paths, events, portraits = [], [], [], []
    chosen = lives.chosen_people(runs, base, 0)
    numbers = sorted(set(chosen["person"]))
    for name, run in runs.items():
        paths.append(tables.paths(run).assign(scenario=name))
        events.append(lives.events_of(run, 0, numbers).assign(scenario=name))
        portraits.append(lives.portraits_of(run, 0, numbers).assign(scenario=name))
        if name != base:
            routes.append(tables.routes(compare(runs[base], run)).assign(scenario=name))
    empty = pd.DataFrame(columns=["base", "policy", "people_per_year", "scenario"])
    return {
        "routes": pd.concat(routes, ignore_index=True) if routes else empty,
        "paths": pd.concat(paths, ignore_index=True),
        "lives": pd.concat(events, ignore_index=True),
        "portraits": pd.concat(portraits, ignore_index=True),
        "people": chosen,
    }


def _described(
    central: Path, people: Path, size: Size, sweeps: Sequence[Mapping[str, Any]], files: Mapping[str, Any]
) -> dict[str, Any]:
    runs = _runs(central)
    first = next(iter(runs.values()))
    codebook = next(iter(_runs(people).values())).codebook
    scenarios = []
    for name, run in runs.items():
        loaded = load_scenario(name, known_policies=frozenset(POLICIES))
        scenarios.append(
            {
                "name": name,
                "title": dict(loaded.title),
                "question": None if loaded.question is None else dict(loaded.question),
                "asked_by": None if loaded.asked_by is None else dict(loaded.asked_by),
                "source": None if loaded.source is None else dict(loaded.source),
                "family": family_of(loaded),
                "digest": run.manifest.digest,
                "run_id": run.run_id,
            }
        )
    made = describe_machine()
    seconds = [unit["wall_seconds"] for unit in first.manifest.made["resources"].values()]
    return {
        "format": FORMAT,
        "version": package_version(),
        "source": source_digest(),
        "start": iso(first.manifest.start_day),
        "measure_from": iso(first.manifest.measure_from_day),
        "end": iso(first.manifest.end_day),
        **asdict(size),
        "replications": len(first.replications),
        "scenarios": scenarios,
        "sweeps": [{**sweep, "since": sweep["since"].isoformat()} for sweep in sweeps],
        "codebook": asdict(codebook),
        "files": dict(files),
        "made": {
            "unit_seconds": round(float(np.median(seconds)), 2),
            "python": made["python"],
            "packages": made["packages"],
            "git": made["git"],
        },
    }
