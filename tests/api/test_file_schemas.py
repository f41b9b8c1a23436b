"""The JSON Schemas of files: what ships is accepted, what they refuse the reader refuses, and every key is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from sim.api.file_schemas import FILES, experiment_file_schema, scenario_file_schema
from sim.errors import ScenarioError
from sim.experiments.experiment import ExperimentBlock, read_experiment
from sim.policies import POLICIES
from sim.scenario import load_scenario, read_scenario
from sim.scenario.document import read_bytes
from sim.scenario.library import files
from sim.scenario.schema import ChangeBlock, FileBlock

ROOT = Path(__file__).resolve().parents[2]
BROKEN = sorted((ROOT / "tests" / "scenario" / "broken").glob("*.yaml"))
MAKERS = {"scenario": scenario_file_schema, "experiment": experiment_file_schema}


def plain(content):
    """Content of a file as an editor has it: days are texts."""
    if isinstance(content, dict):
        return {str(plain(key)): plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [plain(value) for value in content]
    return content.isoformat() if hasattr(content, "isoformat") else content


def faults(kind, text):
    """What an editor underlines."""
    schema = json.loads((ROOT / "docs" / "schemas" / FILES[kind]).read_text(encoding="utf-8"))
    raw = text if isinstance(text, bytes) else text.encode()
    found = jsonschema.Draft202012Validator(schema).iter_errors(plain(read_bytes(raw, "file.yaml").data))
    return [problem.message for problem in found]


@pytest.mark.parametrize("kind", FILES)
def test_the_published_schema_is_one_and_that_of_the_code(kind):
    made = MAKERS[kind]()
    jsonschema.Draft202012Validator.check_schema(made)
    published = json.loads((ROOT / "docs" / "schemas" / FILES[kind]).read_text(encoding="utf-8"))
    assert published == made, "python docs/generate.py"


def test_every_key_of_a_file_is_in_its_schema():
    scenario, experiment = scenario_file_schema(), experiment_file_schema()
    assert scenario["properties"].keys() == FileBlock.model_fields.keys()
    assert experiment["properties"].keys() == ExperimentBlock.model_fields.keys()
    assert scenario["$defs"]["ChangeBlock"]["properties"].keys() == ChangeBlock.model_fields.keys()
    assert scenario["$defs"]["PolicyBlock"]["properties"]["name"]["enum"] == sorted(POLICIES)
    assert all(block["additionalProperties"] is False for block in (scenario, experiment, scenario["$defs"]["ChangeBlock"]))


@pytest.mark.parametrize("name", files())
def test_every_scenario_that_ships_is_accepted(name):
    assert faults("scenario", files()[name].read_bytes()) == []


def test_a_complete_scenario_as_a_run_writes_it_is_accepted():
    assert faults("scenario", load_scenario("fill_vacant_posts").to_yaml()) == []


@pytest.mark.parametrize("page", ["docs/experiments.md", "docs/tutorial.md", "docs/tutoriel.md", "docs/howto.md", "README.md"])
def test_the_examples_of_the_pages_are_accepted(page):
    blocks = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    whole = {"scenario": "extends:", "experiment": "scenarios:"}
    for block in blocks:
        for kind, key in whole.items():
            if re.search(f"^{key}", block, re.MULTILINE):
                assert faults(kind, block) == [], block


def test_what_a_schema_refuses_the_reader_refuses():
    refused = []
    for path in BROKEN:
        try:
            found = faults("scenario", path.read_bytes())
        except ScenarioError:  # no YAML at all: an editor says that by itself
            continue
        if found:
            refused.append(path)
            with pytest.raises(ScenarioError):
                load_scenario(path, known_policies=frozenset(POLICIES))
    assert len(refused) > 45


HEAD = "extends: baseline.yaml\ntitle: {fr: Essai, en: Trial}\n"


@pytest.mark.parametrize(
    "lines",
    [
        "change: []",
        "changes: [{on: 2026-07-01, set: means.probation_service.posts}]",
        "changes: [{on: 2026-07-01, set: means.probation_service.posts, to: 9, by: 1}]",
        "changes: [{on: 2026-07-01, set: means.probation_service.posts, add: means.open_setting.posts, to: 9}]",
        "changes: [{on: July, set: means.probation_service.posts, to: 9}]",
        "changes: [{on: 2026-07-01, set: law.release_under_constraint.fraction_served, to: 0.5}]",
        "policies: [{name: population_capp, on: 2026-07-01}]",
        "policies: [{name: population_cap, on: 2026-07-01, with: {densite: 1.3}}]",
        "asked_by: somebody",
        "parameters: {}",
    ],
)
def test_a_broken_scenario_is_refused_by_both(lines):
    assert faults("scenario", HEAD) == []
    assert faults("scenario", HEAD + lines) != []
    with pytest.raises(ScenarioError):
        read_scenario(HEAD + lines, name="trial.yaml", known_policies=frozenset(POLICIES))


@pytest.mark.parametrize(
    "lines",
    ["scenario: [baseline]", "scenarios: []", "scenarios: [baseline]\nreplications: 0", "scenarios: [baseline]\nevents: some",
     "scenarios: [baseline]\nlevers: [{on: 2027-01-01, add: means.probation_service.posts, bye: [1]}]"],
)  # fmt: skip
def test_a_broken_experiment_is_refused_by_both(lines, tmp_path):
    good = (
        "scenarios: [baseline]\nlevers: [{on: 2027-01-01, add: means.probation_service.posts, by: [1, 2]}]\nreplications: 4\n"
    )
    assert faults("experiment", good) == []
    assert faults("experiment", lines) != []
    (tmp_path / "trial.yaml").write_text(lines, encoding="utf-8")
    with pytest.raises(ScenarioError):
        read_experiment(tmp_path / "trial.yaml")
