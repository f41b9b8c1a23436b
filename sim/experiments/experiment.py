"""The experiment file: which scenarios, levers, parameter draws and replications, and how precisely.

::

    title: {fr: Postes de CPIP, en: Counsellors' posts}
    scenarios: [baseline, fill_vacant_posts]   # the first is the base of every comparison
    start: 2022-01-01                          # optional: start, measure_from, end, sampling_fraction, as in a scenario
    levers:                                    # optional: each combination is a further arm of the base
      - {on: 2027-01-01, add: means.probation_service.posts, by: [50, 100, 200]}
    design: {kind: sobol, points: 64}          # optional: points that cover the levers' ranges (between: [0, 300]) instead
    draws: {number: 100, parameters: assumptions}          # optional: draw 0 is always the central values
    draws: plausible                           # or those a calibration left; or {file: plausible.parquet, number: 30}
    replications: 30                           # or {floor: 30, cap: 200, until: [{output: dry_rate_exits, half_width: 0.005}]}
    keep: indicators                           # or all, or a list of tables; events: none, first or all
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator

from sim.dates import day_of, iso
from sim.errors import DataError, ScenarioError, suggestion
from sim.experiments.draws import ASSUMPTIONS, drawn_overrides, uncertain_values
from sim.experiments.plausible_draws import PLAUSIBLE, read_plausible
from sim.experiments.sweep import DesignBlock, LeverBlock, arms_asked, listed, settings_of
from sim.indicators.catalogue import CATALOGUE
from sim.policies import POLICIES
from sim.records.tables import SCHEMA
from sim.scenario import lines_of_mix, load_scenario, read_scenario
from sim.scenario.document import Document, read_file, shown
from sim.scenario.library import find, label_of
from sim.scenario.naming import why_no_name
from sim.scenario.problems import validated
from sim.scenario.schema import Bilingual, Day, Text, country_share, in_both
from sim.scenario.slips import as_numbers, thousands_meant
from sim.scenario.values import EntryError, number_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiments.draws import Uncertain
    from sim.scenario import Scenario
    from sim.scenario.document import Place

FLOOR, CAP, STEP = 30, 200, 10
"""Fewest and most replications under a stopping rule, and how many are added at a time (recidivism.md §7 for the floor)."""
MOST_REPLICATIONS, MOST_DRAWS, MOST_ARMS = 100_000, 10_000, 5_000
"""Largest sizes of an experiment: beyond them it is a slip of the keyboard, or months of computing."""


_GROUP = re.compile(r"[a-z_]+=.+")
_OF_LINE = re.compile(r"[^\n:]*:\d+: (?P<place>[\w.\[\]]+): (?P<why>.*)", re.DOTALL)
_OF_CHANGE = re.compile(r"changes\[(?P<number>\d+)\]\.?(?P<key>\w*)")
"""Where an error stands in the lines that an experiment adds to a scenario."""


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Precision(_Block):
    """How narrow the interval of one output must be."""

    output: Text
    group: Text = "all"
    period: Text = "measured"
    of: Literal["level", "difference"] = "level"
    half_width: Annotated[float | None, BeforeValidator(number_of)] = None
    """In the unit of the output."""
    relative: Annotated[float | None, BeforeValidator(number_of)] = None
    """As a share of the output itself; with both, the easier of the two is enough."""

    @model_validator(mode="after")
    def _whole(self) -> Precision:
        if self.output not in CATALOGUE:
            msg = f"no indicator '{self.output}'.{suggestion(self.output, CATALOGUE)}"
            raise EntryError(msg, "output")
        if self.group != "all" and not all(_GROUP.fullmatch(part) for part in self.group.split(",")):
            msg = f"met {self.group!r}: expected all, or a group such as kind=MA, as the view `figures` writes it"
            raise EntryError(msg, "group")
        asked = [width for width in (self.half_width, self.relative) if width is not None]
        if not asked or any(width <= 0 for width in asked):
            msg = "say how narrow: `half_width:` in the unit of the output, or `relative:`, a number above 0"
            raise EntryError(msg)
        return self


class Rule(_Block):
    """Replications until every output is known well enough."""

    floor: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)] = FLOOR
    cap: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)] = CAP
    step: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)] = STEP
    until: Annotated[tuple[Precision, ...], BeforeValidator(lambda raw: tuple(raw) if isinstance(raw, list) else raw)] = ()

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if self.cap < self.floor:
            msg = f"met a cap of {self.cap} below the floor of {self.floor}"
            raise EntryError(msg, "cap")
        return self


def _rule(raw: object) -> object:
    """Read a bare number as a rule without outputs."""
    return {"floor": raw, "cap": raw} if isinstance(raw, int) and not isinstance(raw, bool) else raw


class DrawsBlock(_Block):
    """Draws of the uncertain values."""

    number: Annotated[int | None, Field(ge=1, le=MOST_DRAWS)] = None
    """Needed for draws over ranges; of a file, by default all."""
    parameters: Annotated[Any, PlainValidator(listed)] = (ASSUMPTIONS,)
    """Drawn over their ranges; beside a file, those it says nothing of and that no published figure ties to it."""
    seed: int = 1
    file: Text | None = None
    """Plausible draws: ``plausible`` for the packaged ones, or a file that ``sortie calibrate`` wrote."""

    @model_validator(mode="after")
    def _whole(self) -> DrawsBlock:
        if self.file is None and self.number is None:
            msg = "say how many: `number: 100` (or `draws: plausible` for those a calibration left)"
            raise EntryError(msg)
        if self.file is not None and "parameters" in self.model_fields_set and ASSUMPTIONS in self.parameters:
            msg = f"a file of draws holds the assumptions that are fitted: name what is drawn beside it, not `{ASSUMPTIONS}`"
            raise EntryError(msg, "parameters")
        return self


def _draws(raw: object) -> object:
    """Read a bare word as the file of plausible draws it names."""
    return {"file": raw} if isinstance(raw, str) else raw


class ExperimentBlock(_Block):
    """An experiment file."""

    name: Text | None = None
    title: Annotated[Bilingual | None, BeforeValidator(in_both)] = None
    seed: int = 1
    scenarios: Annotated[Any, PlainValidator(listed)]
    start: Day | None = None
    measure_from: Day | None = None
    end: Day | None = None
    sampling_fraction: Annotated[float | None, BeforeValidator(country_share)] = None
    levers: list[LeverBlock] = Field(default=[])
    design: DesignBlock | None = None
    draws: Annotated[DrawsBlock | None, BeforeValidator(_draws)] = None
    replications: Annotated[Rule, BeforeValidator(_rule)] = Rule(floor=FLOOR, cap=FLOOR)
    keep: Literal["all", "indicators"] | list[str] = "all"
    events: Literal["none", "first", "all"] = "none"
    share_past: bool = True

    @model_validator(mode="after")
    def _whole(self) -> ExperimentBlock:
        if isinstance(self.keep, list):
            for table in self.keep:
                if table not in SCHEMA:
                    msg = f"no table '{table}'.{suggestion(table, SCHEMA)} Tables: {', '.join(SCHEMA)}"
                    raise EntryError(msg, "keep")
        ranges = [lever.path for lever in self.levers if lever.between is not None]
        if self.design is None and ranges:
            msg = f"'{ranges[0]}' moves 'between:' two ends: say how, as in `design: {{kind: latin_hypercube, points: 50}}`"
            raise EntryError(msg, "levers")
        if self.design is not None and not self.levers:
            msg = "a design moves levers, and there are none: add `levers:`, with `between: [low, high]` or a list each"
            raise EntryError(msg, "design")
        return self


@dataclass(frozen=True)
class Arm:
    """One scenario of an experiment, central values: what is compared with the base."""

    name: str
    scenario: Scenario
    levers: Mapping[str, Any]
    """Setting of each lever, by ``operation path``; empty for the scenarios of the list."""


@dataclass(frozen=True)
class Experiment:
    """What is to be run."""

    name: str
    title: Mapping[str, str]
    seed: int
    arms: tuple[Arm, ...]
    """The first is the base."""
    draws: tuple[Mapping[str, Any], ...]
    """Overrides of each draw; the first is empty: the central values."""
    weights: tuple[float, ...]
    """How much each draw counts, the first as much as the mean of the others."""
    rule: Rule
    tables: tuple[str, ...] | None
    events: str
    share_past: bool
    text: str
    """The file as it was written."""

    def scenarios(self, draw: int) -> tuple[Scenario, ...]:
        """Return the scenarios of one draw, in the order of the arms."""
        if not self.draws[draw]:
            return tuple(arm.scenario for arm in self.arms)
        return tuple(_drawn(arm.scenario, self.draws[draw]) for arm in self.arms)


def read_experiment(path: Path | str) -> Experiment:
    """Read an experiment file, load its scenarios and make its arms and draws.

    Raises
    ------
    ScenarioError
        If anything in it, or in a scenario it names, is wrong.
    """
    path = Path(path)
    document = read_file(path, label_of(path), "Give the path of an experiment file (YAML); see docs/experiments.md")
    block = validated(ExperimentBlock, document.data, document, ())
    frame = {
        key: value.isoformat() if key != "sampling_fraction" else value
        for key in ("start", "measure_from", "end", "sampling_fraction")
        if (value := getattr(block, key)) is not None
    }
    arms = _arms(block, document, path.parent, frame)
    draws: list[Mapping[str, Any]] = [{}]
    weights = [1.0]
    if block.draws is not None:
        drawn, weight = _drawn_from(block.draws, arms[0].scenario, document, path.parent)
        draws, weights = [*draws, *drawn], [*weights, *weight]
    tables = None if block.keep == "all" else () if block.keep == "indicators" else tuple(block.keep)
    name = block.name or path.stem
    why = why_no_name(name)
    if why is not None:
        message = f"met {shown(name)}, which {why}: expected a name that a folder of results can have on every system (name:)"
        raise document.error(("name",), message)
    return Experiment(
        name=name,
        title={} if block.title is None else {"fr": block.title.fr, "en": block.title.en},
        seed=block.seed,
        arms=tuple(arms),
        draws=tuple(draws),
        weights=tuple(weights),
        rule=block.replications,
        tables=tables,
        events=block.events,
        share_past=block.share_past,
        text=path.read_text(encoding="utf-8"),
    )


def _drawn_from(
    block: DrawsBlock, base: Scenario, document: Document, folder: Path
) -> tuple[list[dict[str, Any]], list[float]]:
    """Overrides of the draws beside the central values, and how much each counts (1 on average)."""
    if block.file is None:
        try:
            values = uncertain_values(base, [str(name) for name in block.parameters])
        except ScenarioError as problem:
            raise document.error(("draws", "parameters"), str(problem)) from problem
        made = drawn_overrides(base, values, block.number or 1, block.seed)
        return made, [1.0] * len(made)
    local = folder / block.file
    try:
        plausible = read_plausible(block.file if block.file == PLAUSIBLE or not local.is_file() else local)
        there = len(plausible.levels) - 1
        if block.number is not None and block.number > there:
            msg = f"met number: {block.number}, and {block.file} holds {there} draws"
            raise document.error(("draws", "number"), msg)
        number = block.number or there
        fitted = [plausible.overrides(base, draw) for draw in range(1, 1 + number)]
        weights = plausible.relative_weights(number)
    except (DataError, ScenarioError) as problem:
        raise document.error(("draws", "file"), str(problem)) from problem
    if "parameters" not in block.model_fields_set:
        return fitted, weights
    beside = _beside(block, base, document, plausible.names)
    drawn = drawn_overrides(base, beside, number, block.seed)
    return [{**one, **other} for one, other in zip(fitted, drawn, strict=True)], weights


def _beside(block: DrawsBlock, base: Scenario, document: Document, fitted: Sequence[str]) -> list[Uncertain]:
    """Values drawn over their ranges beside those of a file; whole parameters, none of which the file has a part of."""
    try:
        values = uncertain_values(base, [str(name) for name in block.parameters])
    except ScenarioError as problem:
        raise document.error(("draws", "parameters"), str(problem)) from problem
    both = next((name for value in values for name in fitted if name == value.leaf or name.startswith(value.leaf + ".")), None)
    if both is not None:
        msg = f"'{both}' is in {block.file} already: leave it out here"
        raise document.error(("draws", "parameters"), msg)
    return values


def _arms(block: ExperimentBlock, document: Document, folder: Path, frame: Mapping[str, Any]) -> list[Arm]:
    if not block.scenarios:
        raise document.error(("scenarios",), "met an empty list: expected names or files, the base first")
    arms = []
    files: list[Path | str] = []
    for position, name in enumerate(block.scenarios):
        place = ("scenarios", position)
        asked_by = f"{document.label}:{document.line(place)}: scenarios[{position}]: "
        text = str(name)
        local = folder / text
        here = local.suffix and local.exists()
        try:
            together = None if here else lines_of_mix(text)
        except ScenarioError as problem:
            raise document.error(place, str(problem)) from problem
        files.append(text if together else find(local if here else text, asked_by=asked_by))
        try:
            scenario = with_lines(files[-1], frame, [])
        except ScenarioError as problem:
            raise _placed(problem, document, place, frame) from problem
        arms.append(Arm(scenario.name, scenario, {}))
    _check_typed(block.levers, document, arms[0].scenario)
    many = arms_asked(block.levers, block.design)
    if many > MOST_ARMS:
        message = f"met {many:,} combinations of settings, {MOST_ARMS:,} at most: use fewer settings, or a `design:` of points"
        raise document.error(("levers",), message)
    for settings in settings_of(block.levers, block.design):
        pairs = list(zip(block.levers, settings, strict=True))
        changes = [lever.change(setting) for lever, setting in pairs]
        try:
            scenario = with_lines(files[0], frame, changes)
        except ScenarioError as problem:
            raise _placed(problem, document, ("levers",), frame) from problem
        words = [f"{lever.path.rpartition('.')[2]}={_short(setting)}" for lever, setting in pairs]
        name = f"{arms[0].name}+{'+'.join(words)}"
        levers = {f"{lever.operation} {lever.path}": setting for lever, setting in pairs}
        arms.append(Arm(name, replace(scenario, name=name), levers))
    names = [arm.name for arm in arms]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise document.error(("scenarios",), f"two arms are called '{twice}': expected each once")
    return arms


def _check_typed(levers: Sequence[LeverBlock], document: Document, base: Scenario) -> None:
    """Refuse levers after the end, and ask about settings typed as thousands are by some (:mod:`sim.scenario.slips`)."""
    for position, lever in enumerate(levers):
        if day_of(lever.on) > base.end_day:  # its settings would all be the same arm
            run = f"{iso(base.start_day)} to {iso(base.end_day)}"
            message = f"met {lever.on.isoformat()}, outside the run ({run}): this change has no effect"
            raise document.error(("levers", position, "on"), message)
        leaf = base.world.get(lever.path) or base.world.get(lever.path.rpartition(".")[0])
        if leaf is None or lever.operation == "scale":
            continue
        entry = lever.path.removeprefix(leaf.path)[1:] or None
        for key in ("to", "by", "between"):
            question = thousands_meant(document, ("levers", position, key), leaf.unit, entry)
            if question is not None:
                raise document.error(("levers", position, key), question)


def _placed(problem: ScenarioError, document: Document, place: Place, frame: Mapping[str, Any]) -> ScenarioError:
    """Tell an error of a scenario at the line of the experiment that made it, not at the one it would have in the scenario."""
    found = _OF_LINE.fullmatch(str(problem))
    if found is not None and found["place"] in frame:
        return document.error((found["place"],), found["why"])
    change = None if found is None else _OF_CHANGE.fullmatch(found["place"])
    if found is not None and change is not None and place == ("levers",):
        keys = [key for key in (change["key"],) if key]
        return document.error((*place, int(change["number"]), *keys), found["why"])
    return document.error(place, str(problem))


def _short(setting: object) -> str:
    text = f"{setting:g}" if isinstance(setting, int | float) and not isinstance(setting, bool) else str(setting)
    return "".join(letter if letter.isalnum() or letter in "-." else "_" for letter in text)[:40]


def with_lines(file: Path | str, frame: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> Scenario:
    """Return the scenario of a file, or of files put together (``a+b``), over another frame and with changes.

    The frame: start, measure_from, end, sampling_fraction.

    The text goes through the reader of scenario files, so that a change is checked, and refused, as it would be in a file.
    """
    known = frozenset(POLICIES)
    loaded = load_scenario(file, known_policies=known)
    if not frame and not changes:
        return loaded
    lines = {
        "extends": (lines_of_mix(file) or {"extends": str(Path(file).resolve())})["extends"],
        "name": loaded.name,
        "title": dict(loaded.title),
        **frame,
        "changes": list(changes),
    }
    text = as_numbers(yaml.safe_dump(lines, allow_unicode=True, sort_keys=False))
    # Dates must be read as dates: the dumper quotes them.
    for day in [*(str(frame[key]) for key in frame if key != "sampling_fraction"), *(str(c["on"]) for c in changes)]:
        text = text.replace(f"'{day}'", day)
    scenario = read_scenario(text, name=loaded.name, known_policies=known)
    words = {"question": loaded.question, "asked_by": loaded.asked_by, "source": loaded.source}
    return replace(scenario, **words)  # type: ignore[arg-type]


def _drawn(scenario: Scenario, overrides: Mapping[str, Any]) -> Scenario:
    """Return a scenario with values drawn: its own complete text, read again with the overrides."""
    drawn = read_scenario(scenario.to_yaml(), name=scenario.name, overrides=overrides, known_policies=frozenset(POLICIES))
    return replace(drawn, name=scenario.name)


def describe_frame(scenario: Scenario) -> str:
    """Say the dates and the fraction of a scenario."""
    return (
        f"{iso(scenario.start_day)} to {iso(scenario.end_day)}, measured from {iso(scenario.measure_from_day)}, "
        f"fraction {scenario.sampling_fraction:g}"
    )
