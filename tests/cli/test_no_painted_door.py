"""A scenario that changes what no run reads is refused by every door, in the same words, before anything is run."""

from __future__ import annotations

import pytest

import sortie as front
from sim.errors import ScenarioError
from sim.explorer.scenario_form import loaded

CHANGE = "{on: 2026-07-01, set: law.sentencing.ab_initio_up_to_months, to: 24, applies_to: everyone}"
HEAD = "extends: baseline.yaml\ntitle: {fr: Deux ans, en: Two years}\n"
SCENARIO = f"{HEAD}changes:\n  - {CHANGE}\n"
LEVERS = "scenarios: [baseline]\nlevers:\n  - {CHANGE}\nreplications: 2\n"
REFUSAL = "'law.sentencing.ab_initio_up_to_months' is told by the rule book and read by no run"
WAY_OUT = "To simulate it, change 'flows.ab_initio.outcome'"

DOORS = {
    "show": ("show", "two_years.yaml"),
    "check": ("check", "two_years.yaml"),
    "run": ("run", "baseline", "two_years.yaml", "-n", "1"),
    "plan": ("plan", "experiment.yaml"),
    "batch": ("batch", "experiment.yaml"),
    "batch of levers": ("batch", "levers.yaml"),
    "solve": ("solve", "two_years.yaml", "--lever", "means.probation_service.posts", "--target", "dry_rate_exits <= 0.4"),
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "two_years.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "experiment.yaml").write_text("scenarios: [baseline, two_years.yaml]\nreplications: 2\n", encoding="utf-8")
    (tmp_path / "levers.yaml").write_text(LEVERS.replace("{CHANGE}", CHANGE), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("door", DOORS)
def test_a_command_refuses_it(sortie, folder, door):
    answer = sortie(*DOORS[door])
    assert answer.code == 2
    assert REFUSAL in answer.err
    assert WAY_OUT in answer.err
    assert "changes[0].set" in answer.err or "levers" in answer.err
    assert answer.out == ""
    assert not (folder / "results").exists()


def test_the_explorer_refuses_it():
    with pytest.raises(ScenarioError, match=WAY_OUT):
        loaded(SCENARIO)


def test_python_refuses_it(folder):
    with pytest.raises(ScenarioError, match=WAY_OUT):
        front.Scenario(SCENARIO)
    with pytest.raises(ScenarioError, match=WAY_OUT):
        front.Scenario(folder / "two_years.yaml")
    with pytest.raises(ScenarioError, match=f"change of 'law.sentencing.ab_initio_up_to_months': {REFUSAL}"):
        front.Scenario("baseline").change(
            "law.sentencing.ab_initio_up_to_months", to=24, on="2026-07-01", applies_to="everyone"
        )


def test_told_only_is_for_the_law_alone(sortie, folder):
    told = SCENARIO.replace("title", "told_only: true\ntitle")
    (folder / "two_years.yaml").write_text(told, encoding="utf-8")
    answer = sortie("run", "two_years.yaml", "-n", "1")
    assert answer.code == 2
    assert "is changed for 'sortie law' alone (told_only): no run is made of it. To simulate it, change" in answer.err
    with pytest.raises(ScenarioError, match=r'Read it with: sortie.Law\(scenario="two_years.yaml"\).rules\(\)'):
        front.Scenario("two_years.yaml")
    rules = front.Law(at="2027-01-01", scenario="two_years.yaml").rules("sentencing").set_index("path")
    assert rules.loc["law.sentencing.ab_initio_up_to_months", "value"] == "24 months"


def test_a_run_over_other_dates_asks_again_when_what_changes_is_read(sortie, folder):
    (folder / "prices.yaml").write_text(
        f"{HEAD}changes: [{{on: 2025-01-01, scale: costs.per_day.cell, by: 1.1}}]\n", encoding="utf-8"
    )
    assert sortie("check", "prices.yaml").code == 0
    answer = sortie("run", "prices.yaml", "-n", "1", "--measure-from", "2024-01-01")
    assert answer.code == 2
    assert "'costs.per_day.cell' is read once, on the first day measured (2024-01-01)" in answer.err
