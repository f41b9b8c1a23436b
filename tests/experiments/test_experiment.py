"""The experiment file: arms, draws, mistakes told with their place; the plan; the batch and its resumption."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from scipy.stats import qmc

from sim.errors import RunFolderError, ScenarioError
from sim.experiments import batch as batch_module
from sim.experiments.batch import check_disk, plan, run_experiment
from sim.experiments.draws import drawn_overrides, hypercube, uncertain_values
from sim.experiments.execution import Backend
from sim.experiments.experiment import read_experiment
from sim.scenario import load_scenario

pytestmark = pytest.mark.nightly

FRAME = "start: 2022-01-01\nmeasure_from: 2022-04-01\nend: 2022-12-31\nsampling_fraction: 0.003\n"
LEVERS = (
    "levers:\n"
    "  - {on: 2022-09-01, scale: means.probation_service.posts, by: [1.5, 2]}\n"
    "  - {on: 2022-10-01, scale: means.enforcement_courts.hearing_slots, by: [1, 1.5]}\n"
)
SMALL = "scenarios: [baseline]\n" + FRAME + LEVERS + "replications: 2\nkeep: indicators\n"


@pytest.fixture
def experiment(tmp_path):
    def read(text: str):
        path = tmp_path / "trial.yaml"
        path.write_text(text, encoding="utf-8")
        return read_experiment(path)

    return read


def files_of(path):
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*.parquet"))}


def test_levers_on_a_grid_make_arms_of_the_base(experiment):
    found = experiment(SMALL)
    assert [arm.name for arm in found.arms] == [
        "baseline",
        "baseline+posts=1.5+hearing_slots=1",
        "baseline+posts=1.5+hearing_slots=1.5",
        "baseline+posts=2+hearing_slots=1",
        "baseline+posts=2+hearing_slots=1.5",
    ]
    base, last = found.arms[0].scenario, found.arms[-1].scenario
    day = last.end_day
    path = "means.probation_service.posts"
    assert last.number(path, day) == 2 * base.number(path, day)
    assert last.number(path, last.start_day) == base.number(path, base.start_day)
    assert last.sampling_fraction == 0.003


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenarios: [baseline, baselin]\n", r"trial.yaml:1: scenarios\[1\].*no scenario 'baselin'.*Did you mean 'baseline'"),
        ("scenarios: [baseline]\nreplication: 3\n", "no such key. Did you mean 'replications'"),
        ("scenarios: [baseline, baseline]\n", "two arms are called 'baseline'"),
        ("scenarios: []\n", "met an empty list"),
        (SMALL.replace("probation_service.posts", "probation_service.post"), "no parameter.*Did you mean"),
        (SMALL.replace("2022-09-01", "2031-09-01"), "outside the run"),
        (SMALL.replace("keep: indicators", "keep: [exit]"), "no table 'exit'. Did you mean 'exits'"),
        (SMALL + "draws: {number: 2, parameters: means.nothing}\n", "draws.*no parameter of this name"),
        (
            SMALL.replace("replications: 2", "replications: {until: [{output: dry, half_width: 1}]}"),
            "no indicator 'dry'",
        ),
        (
            SMALL.replace("replications: 2", "replications: {until: [{output: dry_rate_exits}]}"),
            "say how narrow",
        ),
        (SMALL.replace("replications: 2", "replications: {floor: 30, cap: 20}"), "cap of 20 below the floor of 30"),
        (SMALL.replace("by: [1.5, 2]", "between: [1.5, 2]"), "moves 'between:' two ends: say how"),
        (SMALL.replace("by: [1.5, 2]", "between: [2, 1.5]"), "expected two numbers, the lower first"),
        (SMALL.replace("by: [1.5, 2]", "by: []"), "'scale' needs 'by:'"),
        (SMALL.replace("by: [1.5, 2]", "by: [1.5], between: [1, 2]"), "expected one of 'by:' and 'between:'"),
        (SMALL + "design: {kind: sobol, points: 10}\n", "met 10, expected 8 or 16"),
        ("scenarios: [baseline]\ndesign: {points: 10}\n", "a design moves levers, and there are none"),
    ],
)
def test_mistakes_are_told_with_their_place_and_way_out(experiment, text, words):
    with pytest.raises(ScenarioError, match=words):
        experiment(text)


def test_a_hypercube_meets_each_part_of_each_range_once():
    cube = hypercube(40, ["a", "b", "c"], seed=3)
    assert (np.sort((cube * 40).astype(int), axis=0) == np.arange(40)[:, None]).all()
    random = np.random.default_rng(1).uniform(size=(40, 3))
    assert qmc.discrepancy(cube) < qmc.discrepancy(random)
    assert (hypercube(40, ["c", "new", "a"], seed=3)[:, [0, 2]] == cube[:, [2, 0]]).all(), "a column is its path's own"
    assert not (hypercube(40, ["a", "b", "c"], seed=4) == cube).any()


def test_draws_stay_within_ranges_and_keep_wholes_whole():
    scenario = load_scenario("baseline")
    values = uncertain_values(scenario, ["assumptions"])
    assert len(values) > 50
    for value in values:
        assert value.low <= value.high
    for overrides in drawn_overrides(scenario, values, 5, seed=1):
        world = load_scenario("baseline", overrides=overrides)
        for value in values:
            leaf = world.world[value.leaf]
            if leaf.total is None and leaf.shape == ("number",):
                met = world.world[value.leaf].at(scenario.measure_from_day)
                assert value.low - 1e-9 <= met <= value.high + 1e-9, value.path


def test_effects_are_drawn_from_the_priors_of_the_evidence():
    """recidivism.md §5.3: means, deviations, P(no benefit) and the correlation of 0.5 between classic measures."""
    scenario = load_scenario("baseline")
    values = uncertain_values(scenario, ["reconviction.effects"])
    drawn = drawn_overrides(scenario, values, 4000, seed=1)
    effects = {value.path.rsplit(".", 1)[1]: np.array([row[value.path] for row in drawn]) for value in values}
    for name, mean, deviation, favourable in (
        ("DDSE", -0.12, 0.08, 0.93),
        ("SL", -0.14, 0.11, 0.90),
        ("PE", -0.15, 0.20, 0.77),
        ("LC", -0.22, 0.15, 0.93),
        ("LSC-DDSE", -0.04, 0.06, 0.74),
        ("LSC-PE", -0.05, 0.09, 0.70),
    ):
        assert effects[name].mean() == pytest.approx(mean, abs=0.006), name
        assert effects[name].std() == pytest.approx(deviation, abs=0.012), name
        assert (effects[name] < 0).mean() == pytest.approx(favourable, abs=0.04), name
    assert np.corrcoef(effects["DDSE"], effects["LC"])[0, 1] == pytest.approx(0.5, abs=0.04)
    assert np.corrcoef(effects["LSC-LC"], effects["LC"])[0, 1] > 0.2


def test_one_group_of_parameters_may_be_drawn_and_a_value_without_range_not():
    scenario = load_scenario("baseline")
    (value,) = uncertain_values(scenario, ["means.probation_service.posts"]) or [None]
    assert value.path == "means.probation_service.posts"
    free = next(path for path, leaf in scenario.parameters().items() if leaf.range is None)
    with pytest.raises(ScenarioError, match="has no range"):
        uncertain_values(scenario, [free])


def test_a_batch_is_run_resumed_and_the_same_by_every_local_means(experiment, tmp_path):
    one = SMALL.replace("replications: 2", "replications: 1")
    found = experiment(one + "draws: {number: 1, parameters: assumptions}\n")
    planned = plan(found, tmp_path / "forked")
    assert (planned.units, planned.waiting) == (10, 10)
    assert planned.months_shared == 2 * (8 + 8 + 8 + 8)
    first = run_experiment(found, output=tmp_path / "forked", means=Backend(2))
    assert (first.failures, first.simulated, first.skipped) == ((), 10, 0)
    assert plan(found, tmp_path / "forked").waiting == 0
    again = run_experiment(found, output=tmp_path / "forked", means=Backend(2))
    assert (again.simulated, again.skipped) == (0, 10)
    alone = run_experiment(found, output=tmp_path / "alone", means=Backend(backend="serial"))
    assert alone.failures == ()
    assert files_of(tmp_path / "forked") == files_of(tmp_path / "alone")
    indexes = [(tmp_path / name / "trial" / "experiment.json").read_bytes() for name in ("forked", "alone")]
    assert indexes[0] == indexes[1]
    assert json.loads(indexes[0])["base"] == "baseline"
    assert not list(tmp_path.rglob(".*-*-*"))


def test_a_disk_too_small_is_refused_before_anything_is_run(experiment, tmp_path, monkeypatch):
    found = experiment(SMALL)
    monkeypatch.setattr(batch_module, "free_space", lambda _folder: 1000)
    with pytest.raises(RunFolderError, match=r"MB are needed for 10 replications, 0.0 MB are free.*--no-disk-check"):
        check_disk(plan(found, tmp_path / "none"), tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_replications_go_on_until_the_rule_is_met_and_no_further_than_the_cap(experiment, tmp_path):
    rule = "{floor: 3, cap: 14, step: 3, until: [{output: posts, half_width: 1}]}"
    text = "scenarios: [baseline]\n" + FRAME.replace("2022-12-31", "2022-06-30") + f"replications: {rule}\nkeep: indicators\n"
    here = Backend(backend="serial")  # rounds are what is tried: no process is started for each
    met = run_experiment(experiment(text), output=tmp_path / "met", means=here)
    assert met.replications == 9, "3, then 6, then 9: the look-ahead of five needs 8"
    assert met.reached[0].enough == 3
    strict = text.replace("posts, half_width: 1", "dry_rate_exits, half_width: 1.0e-9").replace("cap: 14", "cap: 4")
    capped = run_experiment(experiment(strict), output=tmp_path / "capped", means=here)
    assert capped.replications == 4
    assert capped.reached[0].enough is None


DESIGN = (
    "levers:\n"
    "  - {on: 2022-09-01, add: means.probation_service.posts, between: [0, 400]}\n"
    "  - {on: 2022-10-01, scale: means.enforcement_courts.hearing_slots, between: [0.5, 1.5]}\n"
    "  - {on: 2022-11-01, scale: means.probation_service.posts, by: [1, 2]}\n"
)


@pytest.mark.parametrize(("kind", "points"), [("latin_hypercube", 10), ("sobol", 16)])
def test_a_design_covers_the_ranges_of_the_levers_together(experiment, kind, points):
    text = f"scenarios: [baseline]\n{FRAME}{DESIGN}design: {{kind: {kind}, points: {points}}}\nreplications: 2\n"
    found = experiment(text)
    arms = found.arms[1:]
    assert len(arms) == points
    posts, slots, twice = np.array([list(arm.levers.values()) for arm in arms]).T
    # One point in each of as many parts of each range; both settings of a list in turn.
    assert sorted((posts / 400 * points).astype(int)) == list(range(points))
    assert sorted(((slots - 0.5) * points).astype(int)) == list(range(points))
    assert sorted(twice) == [1] * (points // 2) + [2] * (points // 2)
    cube = np.stack([posts / 400, slots - 0.5], axis=1)
    assert qmc.discrepancy(cube) < qmc.discrepancy(np.random.default_rng(1).uniform(size=(points, 2)))
    arm, day = arms[3], found.arms[0].scenario.end_day
    path = "means.probation_service.posts"
    expected = (found.arms[0].scenario.number(path, day) + posts[3]) * twice[3]
    assert arm.scenario.number(path, day) == pytest.approx(expected)
    assert [a.name for a in experiment(text).arms] == [a.name for a in found.arms]
    assert [a.name for a in experiment(text.replace("points", "seed: 2, points")).arms] != [a.name for a in found.arms]


def test_a_sobol_design_is_even_for_two_levers_at_once(experiment):
    text = f"scenarios: [baseline]\n{FRAME}{DESIGN}design: {{kind: sobol, points: 16}}\n"
    posts, slots, _ = np.array([list(arm.levers.values()) for arm in experiment(text).arms[1:]]).T
    boxes = 4 * (posts // 100) + (slots - 0.5) // 0.25
    assert np.unique(boxes, return_counts=True)[1].max() <= 2, "at most twice its share of 16 points in any of 16 boxes"
    assert len(np.unique(boxes)) >= 12


def test_points_of_a_design_that_say_the_same_are_one_arm(experiment):
    levers = "levers: [{on: 2022-09-01, scale: means.probation_service.posts, by: [1, 2]}]\n"
    found = experiment(f"scenarios: [baseline]\n{FRAME}{levers}design: {{points: 6}}\n")
    assert sorted(arm.name for arm in found.arms) == ["baseline", "baseline+posts=1", "baseline+posts=2"]


def test_the_examples_of_the_manual_are_experiments(experiment, root):
    text = (root / "docs" / "experiments.md").read_text(encoding="utf-8")
    whole, part = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    found = experiment(whole)
    assert (len(found.arms), len(found.draws)) == (2 + 3, 101)
    assert len(experiment("scenarios: [baseline]\n" + part).arms) == 1 + 64


def test_policies_put_together_are_an_arm(experiment):
    text = "scenarios: [baseline, fill_vacant_posts, population_cap_130, fill_vacant_posts+population_cap_130]\n"
    arms = experiment(text + "end: 2029-12-31\n").arms
    assert [arm.name for arm in arms][-1] == "fill_vacant_posts+population_cap_130"
    together = arms[-1].scenario
    assert [call.name for call in together.policies] == ["population_cap"]
    assert [change.plain() for change in together.changes] == [change.plain() for change in arms[1].scenario.changes]
    with pytest.raises(ScenarioError, match=r"scenarios\[1\]: .*'baseline' is a complete world"):
        experiment("scenarios: [baseline, fill_vacant_posts+baseline]\n")
