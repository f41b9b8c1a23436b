"""No painted door: who reads each rule and each parameter, and the refusal of what no run reads."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.law import Statutes
from sim.law.readers import engine_rules
from sim.policies import POLICIES
from sim.scenario import describe, load_scenario, readers
from sim.scenario.readers import reader_of, simulated_by, stand_ins, without_effect

STATUTES = Statutes.load()
DAYS = {"start": parse_day("2022-01-01"), "measure_from": parse_day("2025-10-01")}


def other_value(rule):
    """A value a rule may take, as a scenario writes it; its own if there is no other."""
    known = [period.value for period in rule.periods if period.value is not None]
    value = known[-1] if known else 1
    if isinstance(value, bool):
        return "false" if value else "true"
    if rule.options:
        return next(option for option in rule.options if option != value)
    return value if isinstance(value, str) else 1


def law(extended, path, rest="", **options):
    value = other_value(STATUTES.rule(path))
    return extended(f"changes: [{{on: 2026-07-01, set: law.{path}, to: {value}, applies_to: everyone{rest}}}]\n", **options)


def test_every_rule_has_its_reader():
    table = {path: reader_of(f"law.{path}") for path in STATUTES.paths()}

    assert set(table.values()) == {"engine", "nobody concerned", "rule book only"}
    assert {path for path, reader in table.items() if reader != "rule book only"} == engine_rules()
    assert engine_rules() < set(table)
    assert table["release_under_constraint.fraction_served"] == "engine"
    assert table["sentencing.ab_initio_up_to_months"] == "rule book only"


def test_a_change_of_any_rule_that_no_run_reads_is_refused_and_of_any_other_accepted(extended):
    for path in STATUTES.paths():
        reform = STATUTES.rule(path).amends
        if reader_of(f"law.{path}") == "engine" or (reform and set(reform) <= engine_rules()):
            assert law(extended, path).amendments, path
            continue
        with pytest.raises(ScenarioError, match=r"policy\d+.yaml:3: changes\[0\].set: .*told_only") as refused:
            law(extended, path)
        for stand_in in simulated_by(f"law.{path}"):
            assert f"'{stand_in.removeprefix('policies.')}'" in str(refused.value)


def test_a_rule_told_only_is_for_sortie_law_alone(extended):
    for path in ("sentencing.ab_initio_up_to_months", "pending_reforms.kervran", "long_sentences.terrorism_court"):
        told = law(extended, path, ", told_only: true", law_alone=True)
        assert [(change.path, change.told_only) for change in told.changes] == [(f"law.{path}", True)]
        assert told.changes[0].plain()["told_only"] is True
        for options in ({"law_alone": False}, {}):
            with pytest.raises(ScenarioError, match="for 'sortie law' alone"):
                law(extended, path, ", told_only: true", **options)
        with pytest.raises(ScenarioError, match="With 'told_only: true' the change is for 'sortie law' alone"):
            law(extended, path, law_alone=True)


def test_a_whole_file_may_be_told_only(extended):
    lines = "told_only: true\nchanges: [{on: 2026-07-01, set: law.suspension.medical_experts, to: 2, applies_to: everyone}]\n"
    assert STATUTES.amended(extended(lines, law_alone=True).amendments).value("suspension.medical_experts", 99_999) == 2
    with pytest.raises(ScenarioError, match=r"told_only\): no run is made of it. Nothing in the model stands for it"):
        extended(lines)


def test_a_reform_that_a_run_reads_whole_is_applied(extended):
    amended = STATUTES.amended(law(extended, "pending_reforms.kervran_no_release_as_of_right").amendments)
    assert amended.value("release_under_constraint_as_of_right.in_force", parse_day("2026-07-01")) is False


def test_what_stands_in_for_a_rule_exists_and_is_read():
    baseline = load_scenario("baseline")
    for key, paths in stand_ins().items():
        rules = [path for path in STATUTES.paths() if path == key or path.startswith(f"{key}.")]
        assert rules, f"{key}: no such rule, nor notion"
        assert not set(rules) & engine_rules(), f"{key} is read: nothing need stand in for it"
        for path in paths:
            if path.startswith("policies."):
                assert path.removeprefix("policies.") in POLICIES
                continue
            assert path in baseline.leaves or baseline.number(path, baseline.start_day) is not None
            assert reader_of(path) in {"engine", "measures"}, path


def test_a_rule_without_effect_is_one_that_a_run_reads():
    for reasons in without_effect().values():
        assert set(reasons) <= engine_rules()
    assert not set(without_effect()["nobody"]) & set(without_effect()["hidden"])


def test_a_rule_that_another_hides_is_accepted_with_a_remark(extended):
    scenario = extended("changes: [{on: 2026-07-01, set: law.sentence.projected_share, to: 0.5, applies_to: everyone}]\n")
    assert "(by itself, this rule changes nothing in a run: it is read only if law.sentence.end_counted" in describe(
        scenario, "en"
    )
    assert "(seule, cette règle ne change rien à un calcul : elle n'est lue que si" in describe(scenario, "fr")


def test_parameters_have_a_reader_each(made_up):
    world = load_scenario("baseline").world
    assert {reader_of(path) for path in world} == {"engine", "first day", "measures", "measures by day"}
    assert reader_of("costs.per_day.cell") == "measures"
    assert reader_of("stock.serving") == "first day"
    assert reader_of("practices.files.hours.DDSE") == reader_of("practices.files.hours") == "engine"
    assert reader_of("practices.files.ours") == "nobody"
    entries = {f"{path}.{entry}" for path, leaf in world.items() for entry in leaf.shape[1:]}
    assert set(readers.parameter_readers()) - made_up <= {*world, *entries}


def test_a_table_read_in_part_may_be_changed_in_the_part_that_is_read(monkeypatch):
    monkeypatch.setattr(readers, "parameter_readers", lambda: {"a.table.x": "engine", "a.table.y": "nobody", "b": "measures"})

    def refused(moved):
        return readers.unread_parameter("a.table", "a.table", moved, DAYS["start"], DAYS)

    assert refused({"x"}) is None
    assert refused({"x", "y"}) is None
    assert "no code reads 'a.table'" in refused({"y"})
    assert reader_of("a.table") == "engine"
    assert readers.unread_parameter("b", "b", (), DAYS["measure_from"], DAYS) is None
    assert "(2025-10-01)" in readers.unread_parameter("b", "b", (), DAYS["measure_from"] + 1, DAYS)


def test_a_parameter_that_no_code_reads_is_neither_changed_nor_drawn(monkeypatch, extended):
    monkeypatch.setattr(readers, "parameter_readers", dict)
    with pytest.raises(ScenarioError, match=r"changes\[0\].scale: no code reads 'means.courts.sittings'"):
        extended("changes: [{on: 2026-07-01, scale: means.courts.sittings, by: 2}]\n")
    with pytest.raises(ScenarioError, match=r"overrides.*: no code reads 'means.courts.sittings'"):
        extended("overrides: {means.courts.sittings: 2}\n")


def test_a_scenario_writes_a_share_as_the_law_does(extended):
    lines = "changes: [{on: 2026-07-01, set: law.release_under_constraint.fraction_served, to: 1/2, applies_to: everyone}]\n"

    assert [amendment.value for amendment in extended(lines).amendments] == [0.5]
