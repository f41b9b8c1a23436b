"""Days as the French write them wherever one is shown in French, and the source of each value that a scenario changes."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from sim.cli import main
from sim.law.statutes import Statutes
from sim.presentation.messages import french
from sim.scenario import load_scenario
from sim.scenario.describe import unit_in_words
from sim.scenario.library import files

ISO = re.compile(r"(?<![\w/'])\d{4}-\d{2}-\d{2}\b")
OWN = """extends: baseline.yaml
title: {fr: Essai, en: Try}
changes:
  - {on: 2026-07-01, add: means.probation_service.posts, by: 200, until: 2029-01-01}
  - {on: 2026-07-01, set: flows.pool.outcome.DDSE, to: 0.2}
  - {on: 2027-07-01, set: law.release_under_constraint.fraction_served, to: 0.5, applies_to: everyone}
policies:
  - {name: population_cap, on: 2026-09-01, with: {density: 1.3}}
"""


@pytest.fixture
def own(tmp_path):
    file = tmp_path / "essai.yaml"
    file.write_text(OWN.replace("flows.pool.outcome.DDSE, to: 0.2", "practices.files.lead_days, to: 240"), encoding="utf-8")
    return str(file)


def said(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--lang", "fr"])
    out, err = capsys.readouterr()
    assert left.value.code in {0, 1}, err
    return out + err


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "OWN"), ("check", "OWN"), ("show", "baseline"), ("check", "baseline"), ("list",),
        ("show", "fill_vacant_posts"),
        ("law", "show", "remission"), ("law", "diff", "2019-01-01", "2024-01-01"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_day_of_the_command_line_is_written_the_other_way(capsys, own, arguments):
    text = said(capsys, *(own if word == "OWN" else word for word in arguments))
    text = re.sub(r"« [^»]*»|https?://\S+|\S+/\S+|LEGI\S+", "", text)
    assert not ISO.findall(text), [line for line in text.splitlines() if ISO.search(line)][:5]


def test_a_day_in_a_message_is_french_and_one_that_was_typed_stays_as_typed():
    told = french("met 2031-01-01, outside the run (2022-01-01 to 2030-12-31)")
    assert told is not None
    assert "01/01/2031" in told
    assert not ISO.search(told)
    assert "'2026-13-01'" in (french("expected a number, met '2026-13-01'") or "")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_source_of_every_changed_value_is_shown(capsys, own, lang):
    with pytest.raises(SystemExit):
        main(["show", own, "--lang", lang])
    out = capsys.readouterr().out
    shown = out[: out.index("HYP)")]
    before = {"en": "value before: ", "fr": "valeur d'avant : "}[lang]
    assert shown.count(before) == 3
    flat = " ".join(shown.split())
    for source in ("Over 85 people held per counsellor", "CPP 720 § I · Loi n° 2014-896", "HYP-"):
        assert source in flat


@pytest.mark.parametrize("name", [name for name in files() if name != "baseline"])
def test_no_shipped_scenario_changes_a_value_without_a_source(capsys, name):
    with pytest.raises(SystemExit):
        main(["show", name, "--lang", "fr"])
    lines = capsys.readouterr().out.splitlines()
    sources = [line for line in lines if line.startswith("    valeur d'avant : ")]
    assert len(sources) == len(load_scenario(name).changes)
    assert all(len(line) > 30 for line in sources)


def test_every_unit_has_its_french():
    world, law = load_scenario("baseline"), Statutes.load()
    units = {leaf.unit for leaf in world.leaves.values()} | {law.rule(path).unit for path in law.paths()}
    alike = {"places", "EUR/an", "euros"}
    same = {unit for unit in units if unit and unit not in alike and unit_in_words(unit, "fr") == unit}
    assert not same


def test_a_behaviour_is_told_in_words(capsys):
    text = said(capsys, "show", "population_cap_130")
    assert "Régulation carcérale (plafond)" in text
    assert "population_cap" not in text[: text.index("HYP)")]


def _words(app):
    found = [
        element.value for kind in (app.markdown, app.title, app.header, app.caption, app.info, app.warning) for element in kind
    ]
    found += [option for box in app.selectbox for option in box.options]
    found += [str(cell) for frame in app.dataframe for row in frame.value.to_numpy().tolist() for cell in row]
    found += [str(cell) for frame in app.table for row in frame.value.to_numpy().tolist() for cell in row]
    return [word for word in found if isinstance(word, str)]


@pytest.mark.parametrize("page", ["overview", "compare", "build", "howmany", "sites", "sources", "method", "life"])
def test_no_day_of_a_page_is_written_the_other_way(root, page):
    app = AppTest.from_file(str(root / "app.py"), default_timeout=120)
    app.query_params["lang"] = "fr"
    app.run()
    app.switch_page(f"sim/explorer/pages/{page}.py").run()
    assert not app.exception
    words = [re.sub(r"`[^`]*`|https?://\S+", "", word) for word in _words(app)]
    assert not [word for word in words if ISO.search(word)]


def test_the_builder_offers_days_in_words_and_keeps_links(root):
    for lang, first in (("fr", "1er janvier 2027"), ("en", "1 January 2027")):
        app = AppTest.from_file(str(root / "app.py"), default_timeout=120)
        app.query_params["lang"] = lang
        app.query_params["on"] = "2027-01-01"
        app.run()
        app.switch_page("sim/explorer/pages/build.py").run()
        assert not app.exception
        box = next(box for box in app.selectbox if box.key == "on")
        assert first in box.options
        assert box.value == "2027-01-01"
