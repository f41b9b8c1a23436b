"""The scenarios that come with the project load, are whole, and load fast."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from sim.scenario import check, describe, load_scenario, loading, read_scenario, source_table

FOLDER = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_whole(path):
    scenario = load_scenario(path)
    assert scenario.title["fr"]
    assert scenario.title["en"]
    assert scenario.question is not None, "a scenario says which question it answers"
    assert read_scenario(scenario.to_yaml(), name="saved") == scenario
    for lang in ("fr", "en"):
        assert describe(scenario, lang).startswith(scenario.title[lang])
    assert len(source_table(scenario)) == len(scenario.leaves)
    faults = [f"{finding.path}: {finding.message}" for finding in check(scenario).findings if finding.is_fault]
    assert faults == []


@pytest.mark.skipif(not SHIPPED, reason="this checkout has no scenarios")
def test_the_reference_world_changes_nothing():
    baseline = load_scenario(FOLDER / "baseline.yaml")
    assert baseline.changes == baseline.policies == ()
    assert dict(baseline.overrides) == {}
    assert baseline.leaves == baseline.world


@pytest.fixture
def large(tmp_path):
    """The path of a world of 288 values."""
    text = (Path(__file__).parent / "world.yaml").read_text(encoding="utf-8")
    header, rest = text.split("parameters:\n")
    block = "".join(f"  {line}\n" for line in rest.split("policies:")[0].splitlines())
    path = tmp_path / "large.yaml"
    path.write_text(header + "parameters:\n" + "".join(f"  copy{i}:\n{block}" for i in range(36)), encoding="utf-8")
    return path


def test_each_of_288_values_is_read_once(large, monkeypatch):
    """One pass over the text, one check of each value: what loading costs grows as the file does, and no faster."""
    check, read, checked, passes = loading.validated, loading.read_file, [], []
    monkeypatch.setattr(loading, "validated", lambda block, *rest: checked.append(block) or check(block, *rest))
    monkeypatch.setattr(loading, "read_file", lambda *told: passes.append(told) or read(*told))
    scenario = load_scenario(large)
    assert len(scenario.leaves) == 288
    assert len(checked) == 288 + 1, "the values, and the header"
    assert len(passes) == 1


@pytest.mark.benchmark
def test_a_world_of_288_values_loads_within_a_third_of_a_second(large):
    began = process_time()
    load_scenario(large)
    assert process_time() - began < 0.3


POLICIES = [path for path in SHIPPED if path.stem != "baseline"]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_policy_of_the_library_changes_one_thing_says_when_and_where_it_was_asked(path):
    scenario = load_scenario(path)
    assert scenario.source is not None, "say which document asks it, or gives the means it moves"
    days = [change.on_day for change in scenario.changes] + [call.on_day for call in scenario.policies]
    assert days, "a policy changes something"
    assert all(scenario.start_day <= day <= scenario.end_day for day in days)
    text = path.read_text(encoding="utf-8")
    assert 6 <= len(text.splitlines()) <= 30
    assert "\n# " in text, "say with which transition, and what was assumed"


def test_no_two_policies_of_the_library_are_the_same_world():
    digests = {}
    for path in SHIPPED:
        digests.setdefault(load_scenario(path).digest(), []).append(path.stem)
    assert [names for names in digests.values() if len(names) > 1] == []


def test_whom_a_policy_displaces_goes_somewhere():
    baseline = load_scenario(FOLDER / "baseline.yaml")
    for path in POLICIES:
        scenario = load_scenario(path)
        for table in ("practices.files.asked_housed", "practices.files.asked_unhoused", "flows.pool.outcome"):
            weights = scenario.table(table, scenario.end_day)
            assert set(weights) == set(baseline.table(table, baseline.end_day))
            assert min(weights.values()) >= 0
            assert sum(weights.values()) > 0.5, f"{path.stem}: {table}"


def test_short_sentences_replaced_by_probation_are_followed_not_taken_away():
    world, baseline = (load_scenario(FOLDER / f"{name}.yaml") for name in ("short_sentences_to_probation", "baseline"))
    day = world.end_day
    assert world.table("flows.ab_initio.outcome", day)["converted"] == 0.5
    assert world.table("flows.pool.outcome", day)["converted"] == 0.6
    for stream in ("ab_initio", "free_convict", "sentenced", "fast_track"):
        path = f"flows.committals.{stream}"
        assert world.number(path, day) == baseline.number(path, day)
