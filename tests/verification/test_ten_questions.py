"""The page of the ten questions asks for worlds, indicators and assumptions that exist, and reads signs as they are."""

from __future__ import annotations

import importlib.util
import sys

import pandas as pd
import pytest

import sortie
from sim.indicators.catalogue import CATALOGUE


@pytest.fixture(scope="module")
def script(root):
    sys.path.insert(0, str(root / "docs"))
    try:
        spec = importlib.util.spec_from_file_location("ten_questions", root / "docs" / "ten_questions.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["ten_questions"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(root / "docs"))
    return module


def test_ten_questions_each_with_worlds_figures_and_assumptions(script):
    text = script.asked()
    assert len(text["questions"]) == 10
    shipped = set(sortie.scenarios()["name"])
    for question in text["questions"]:
        assert question["ask"]
        assert question["asked_by"]
        assert question["worlds"]
        assert set(question["worlds"]) <= shipped | set(text["worlds"]), question["ask"]
        read = [*question["read"], question["hangs"]["read"], question.get("told", question["read"][0])]
        assert len(question["read"]) > 3
        assert {each.partition(" ")[0] for each in read} <= set(CATALOGUE), question["ask"]
        assert question["hangs"]["world"] in question["worlds"]
        assert len(question["hangs"]["paths"]) > 1
    named = {name for question in text["questions"] for name in question["worlds"]}
    assert set(text["worlds"]) <= named, "worlds that no question reads"
    assert set(text["unpriced"]) <= named


def test_every_world_loads_at_both_ends_of_what_it_hangs_on(script, tmp_path):
    text = script.asked()
    for question in text["questions"]:
        for name in question["worlds"]:
            sortie.Scenario(str(script.world_file(name, text, tmp_path)))
        one = question["hangs"]
        for path in one["paths"]:
            for end in script.ends(path):
                held = sortie.Scenario(str(script.world_file(one["world"], text, tmp_path, {path: end})))
                assert held.loaded.overrides, path


def test_a_place_where_nothing_is_read_is_told(script, tmp_path):
    text = script.asked()
    text["worlds"]["siao_in_15_days"]["changes"][0]["set"] = "practices.lodging.siao"
    with pytest.raises(sortie.ScenarioError):
        sortie.Scenario(str(script.world_file("siao_in_15_days", text, tmp_path)))


def _row(difference: float, low: float, high: float) -> dict[str, object]:
    return {"difference": difference, "low": low, "high": high, "unit": "share", "baseline": 0.5}


def test_a_sign_that_turns_is_said_and_chance_is_no_sign(script):
    path = "practices.contact.consent"
    assert "The sign turns" in script.hang_line(path, [_row(0.02, 0.01, 0.03), _row(-0.02, -0.03, -0.01)])
    line = script.hang_line(path, [_row(0.02, -0.01, 0.05), _row(-0.02, -0.03, -0.01)])
    assert "The sign turns" not in line
    assert "Nothing is seen at the low end" in line


def test_money_saved_while_more_leave_dry_is_no_price(script):
    table = pd.DataFrame(
        [
            ("cost_of_means", "item=all,price=central", -5e6, -6e6, -4e6, "euros/year"),
            ("dry_releases", "all", 300.0, 200.0, 400.0, "people/year"),
        ],
        columns=["indicator", "group", "difference", "low", "high", "unit"],
    )
    assert script.price(None, {"secretaries": table}, "secretaries", "dry release avoided") == "none: they rise"
