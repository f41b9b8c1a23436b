"""Files as people have them: a title in one language, links that lead nowhere."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.experiments.experiment import read_experiment
from sim.presentation.messages import french
from sim.scenario import load_scenario
from tests.cli.test_half_english import ENGLISH


def test_a_title_in_one_language_is_that_of_both(tmp_path):
    file = tmp_path / "essai.yaml"
    file.write_text("extends: baseline.yaml\ntitle: Mon essai\nquestion: Et si ?\n", encoding="utf-8")
    scenario = load_scenario(file)
    assert scenario.title == {"fr": "Mon essai", "en": "Mon essai"}
    assert scenario.question == {"fr": "Et si ?", "en": "Et si ?"}


@pytest.mark.parametrize(("leads", "why"), [("round", "too many levels of symbolic links"), ("nowhere", "no such file")])
def test_a_link_that_cannot_be_followed_is_told(tmp_path, leads, why):
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.symlink_to(other)
    if leads == "round":
        other.symlink_to(one)
    with pytest.raises(ScenarioError, match=f"cannot be read .*{why}") as refused:
        load_scenario(one)
    told = french(str(refused.value))
    assert told is not None
    assert not ENGLISH.search(told)
    assert "Did you mean" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "read", "told"),
    [
        ("scenarios: [baseline]\nreplications: 2\n", load_scenario, "this is an experiment, .* sortie batch "),
        ("extends: baseline\ntitle: Essai\n", read_experiment, "this is a scenario. .* sortie run "),
    ],
)
def test_a_file_given_to_the_wrong_command_is_recognised(tmp_path, text, read, told):
    file = tmp_path / "essai.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=told) as refused:
        read(file)
    assert not ENGLISH.search((french(str(refused.value)) or "met").replace(str(tmp_path), ""))
