"""A unit says what is possible, at every door."""

from __future__ import annotations

import time
from datetime import date, timedelta

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.experiments.experiment import read_experiment
from sim.law.statutes import Statutes
from sim.policies import POLICIES
from sim.presentation.messages import french
from sim.presentation.outside import outside_told
from sim.presentation.texts import Texts
from sim.scenario import load_scenario, read_scenario
from sim.scenario.bounds import (
    _KIND,
    BY_ENTRY,
    EXTRA_PLACES,
    POSSIBLE,
    held_by_kind,
    in_table,
    places_there_are,
    possible,
    why_impossible,
)
from sim.scenario.checking_changes import check_changes
from sim.scenario.geography import _KIND_OF
from sim.scenario.policy_settings import SETTINGS, SHARES_OF_ONE, check_settings
from sim.scenario.ranges import outside_ranges
from sim.scenario.values import entries_of, number_of

HEAD = "extends: baseline.yaml\ntitle: {fr: Essai, en: Trial}\n"
WORDS = {"flag", "statement", "base", "regime", "end"}
"""Units of the law whose values are words or switches."""


@pytest.fixture(scope="module")
def world():
    return load_scenario("baseline").world


def _read(lines: str, **more):
    return read_scenario(HEAD + lines, name="trial.yaml", known_policies=frozenset(POLICIES), **more)


def _entries(world):
    for path, leaf in world.items():
        if leaf.shape[0] == "number":
            yield path, path, None, leaf
        elif leaf.shape[0] != "switch":
            for entry in entries_of(leaf.timeline.values[0]):
                yield f"{path}.{entry}", path, entry, leaf


def test_every_unit_of_the_baseline_and_of_the_law_is_in_the_table(world):
    units = {leaf.unit for leaf in world.values() if leaf.shape[0] != "switch"}
    statutes = Statutes.load()
    units |= {statutes.rule(path).unit for path in statutes.paths()} - WORDS
    assert len(units) > 50
    assert [unit for unit in units if in_table(unit) is None] == []


def test_the_range_of_every_value_is_possible_and_its_bounds_are_wider(world):
    """Factors of shares may pass 1 by a little: what is drawn from them is cut at 1."""
    for name, path, entry, leaf in _entries(world):
        limits = possible(leaf.unit, entry, path)
        for day in leaf.timeline.days:
            bounds = leaf.bounds(day, entry)
            if bounds is not None:
                assert bounds[0] >= limits.low, name
                assert bounds[1] <= limits.high or limits.high == 1, name


def test_no_number_of_the_world_may_be_a_thousand_million_nor_below_what_there_is(world):
    """All 230: what is set far outside is refused, each in the words of its unit; only logarithms have both signs."""
    tried = 0
    for name, path, entry, leaf in _entries(world):
        for number in (-1e9, 1e9, 1e308, -101.0):
            assert why_impossible(number, leaf.unit, entry, path) is not None or path.endswith("extra_places"), (name, number)
        signed = possible(leaf.unit, entry, path).low < 0
        assert signed == any(word in leaf.unit for word in ("log", "correlation", "adjusted less dry")) or (
            path.endswith(("extra_places", "extra_judges")) or entry == "months" or leaf.unit in BY_ENTRY
        ), name
        tried += 1
    assert tried > 400


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("changes:\n  - {on: 2026-01-01, set: means.probation_service.posts, to: -1000}\n", ["-1000", "from 0 to 1,000,000"]),
        ("changes:\n  - {on: 2026-01-01, add: means.probation_service.posts, by: -5000}\n", ["-3980", "from 0"]),
        ("changes:\n  - {on: 2026-01-01, scale: flows.committals.fast_track, by: -1}\n", ["committals a year go from 0"]),
        ("changes:\n  - {on: 2026-01-01, scale: flows.committals.fast_track, by: 1e+300}\n", ["changes[0].by", "50 at most"]),
        ("changes:\n  - {on: 2026-01-01, set: means.probation_service.caseload_limit, to: 0.6}\n", ["from 1 to 10,000"]),
        (
            "changes:\n  - {on: 2026-01-01, add: means.establishments.extra_places.CD, by: -50000}\n",
            ["no more places can be closed than there are"],
        ),
        (
            "changes:\n  - {on: 2026-01-01, add: means.establishments.extra_places.MA, by: -30000}\n",
            ["people in 36,779 places on 2026-01-01", "a density is 5 at most", "No more than 24,804"],
        ),
        ("policies:\n  - {name: population_cap, on: 2026-07-01, with: {density: 130}}\n", ["with.density", "write 1.3"]),
        (
            "policies:\n  - {name: population_cap, on: 2026-07-01, with: {densite: 1.3}}\n",
            ["no setting 'densite'", "'density'"],
        ),
        ("policies:\n  - {name: population_cap, on: 2026-07-01, with: {within_days: -1}}\n", ["within_days", "days go from 0"]),
        ("policies:\n  - {name: collective_remission, on: 2026-07-14, with: {days_a_month: 400}}\n", ["from 0 to 31"]),
        ("policies:\n  - {name: collective_remission, on: 2026-07-14, with: {felonies: 7}}\n", ["expected 0 or 1"]),
        ("policies:\n  - {name: type_cap, on: 2026-07-14, with: {DDSE: -0.5}}\n", ["-1 for no cap"]),
        ("policies:\n  - {name: type_cap, on: 2026-07-14, with: {to_SL: 0.7, to_PE: 0.6}}\n", ["sum to 1.3"]),
        ("overrides: {means.probation_service.posts: -2000}\n", ["overrides", "from 0"]),
        (
            "changes:\n  - {on: 2026-01-01, set: law.semi_liberty.max_months, to: 1000000000, applies_to: everyone}\n",
            ["months go from 0 to 1,200"],
        ),
        (
            "changes:\n  - {on: 2026-01-01, set: law.release_under_constraint.fraction_served, to: 50, applies_to: everyone}\n",
            ["If 50 % is meant, write 0.5"],
        ),
        ("start: 1990-01-01\n", ["start", "2010-01-01"]),
        ("end: 2100-12-31\n", ["end", "2060-12-31"]),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_perhaps_meant(lines, words):
    with pytest.raises(ScenarioError) as caught:
        _read(lines)
    for word in words:
        assert word in str(caught.value)
    assert "trial.yaml:" in str(caught.value)


def test_what_is_outside_its_range_but_possible_is_accepted():
    scenario = _read("changes:\n  - {on: 2026-01-01, set: means.probation_service.posts, to: 5000}\n")
    assert scenario.number("means.probation_service.posts", scenario.end_day) == 5000


def test_places_can_be_closed_down_to_what_there_is():
    there = places_there_are()["CD"]
    assert 15_000 < there < 21_000
    assert _read(f"changes:\n  - {{on: 2026-01-01, set: means.establishments.extra_places.CD, to: -{there}}}\n")


def test_where_whoever_comes_is_held_five_people_for_one_place_are_the_most():
    held = held_by_kind()["MA"]
    assert held.people / held.places > 1.5
    most = -round(possible("places", "MA", EXTRA_PLACES).low)
    for more, told in ((0, None), (1, "a density is 5 at most")):
        assert (why_impossible(-most - more, "places", "MA", EXTRA_PLACES) or "").count(told or "a density") == more
    assert held.people / (held.places - most) == pytest.approx(5, abs=0.01)


@pytest.mark.parametrize(("closed", "said"), [(270, 0), (300, 1)])
def test_places_below_the_people_held_there_are_said_in_words(closed, said):
    """20,350 people in 20,628 places of detention centres: 278 may go unnoticed."""
    scenario = _read(f"changes:\n  - {{on: 2027-01-01, add: means.establishments.extra_places.CD, by: -{closed}}}\n")
    found = outside_ranges(scenario)
    assert len(found) == said
    for item in found:
        assert item.told() == (
            "'means.establishments.extra_places.CD' leaves 20,328 places from 2027-01-01 for the 20,350 people held there on "
            "2026-01-01: 1 for one place"
        )
        assert "20\u202f328 places restantes pour 20\u202f350 personnes le 01/01/2026" in item.briefly("fr")
        (line,) = check_changes(scenario)
        assert item.told() in line.remarks
        note = outside_told(Texts("fr"), (), {"outside": found, "file": "trial.yaml"})
        assert note.startswith("Places fermées sous le nombre de personnes détenues")


TYPED = "means.probation_service.posts"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (f"changes:\n  - {{on: 2026-07-01, set: {TYPED}, to: 1.720}}\n", "met 1.720, which could be 1720 or 1.72"),
        (f"changes:\n  - {{on: 2026-07-01, set: {TYPED}, to: '2.000'}}\n", "met 2.000, which could be 2000 or 2.0"),
        (f"changes:\n  - {{on: 2026-07-01, add: {TYPED}, by: 1.725}}\n", "met 1.725, which could be 1725 or 1.7250"),
        (f"changes:\n  - {{on: 2026-07-01, set: {TYPED}, to: 1.72}}\n", "a fraction of a count that is 1020. If thousands"),
        (f"overrides: {{{TYPED}: 1.720}}\n", "which could be 1720"),
        ("changes:\n  - {on: 2026-07-01, add: means.establishments.extra_places.CD, by: -1.500}\n", "-1500 or -1.5"),
        ("policies:\n  - {name: population_cap, on: 2026-07-01, with: {within_days: 1.000}}\n", "1000 or 1.0"),
        ("changes:\n  - {on: 2026-07-01, set: law.semi_liberty.max_months, to: 1.000, applies_to: everyone}\n", "1000 or 1.0"),
        ("changes:\n  - {on: 2026-07-01, set: practices.boards.compatible_home, to: 1.000}\n", None),
        (f"changes:\n  - {{on: 2026-07-01, scale: {TYPED}, by: 1.125}}\n", None),
        (f"changes:\n  - {{on: 2026-07-01, set: {TYPED}, to: 1020.125}}\n", None),
        (f"changes:\n  - {{on: 2026-07-01, add: {TYPED}, by: 1.5}}\n", None),
        ("policies:\n  - {name: population_cap, on: 2026-07-01, with: {density: 1.250}}\n", None),
    ],
)
def test_thousands_with_a_point_are_asked_about_where_there_could_be_thousands(lines, told):
    if told is None:
        assert _read(lines)
        return
    with pytest.raises(ScenarioError) as caught:
        _read(lines)
    assert told in str(caught.value)
    assert french(str(caught.value)) is not None


def test_thousands_with_a_point_are_asked_about_in_levers(tmp_path):
    file = tmp_path / "e.yaml"
    lever = f"levers:\n  - {{on: 2026-07-01, add: {TYPED}, by: [500, 1.000]}}\n"
    file.write_text("scenarios: [baseline]\nreplications: 2\n" + lever, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"e.yaml:4: levers\[0\].by: met 1.000, which could be 1000 or 1.0"):
        read_experiment(file)


@pytest.mark.parametrize(
    "lines",
    [
        "policies:\n  - {name: population_cap, on: 2026-07-01, with: {density: 1,3}}\n",
        f"overrides: {{{TYPED}: 1,3}}\n",
        f"changes:\n  - {{on: 2026-07-01, scale: {TYPED}, by: 1,3}}\n",
    ],
)
def test_a_comma_between_braces_is_recognised_wherever_it_stands(lines):
    with pytest.raises(ScenarioError, match=r"a comma between braces begins another key: write a decimal with a point \(0.3\)"):
        _read(lines)


def test_kinds_of_quarters_are_those_of_the_model():
    assert {name: kind.name for name, kind in _KIND_OF.items()} == _KIND


def test_settings_are_those_of_the_behaviours():
    assert {name: set(settings) for name, settings in SETTINGS.items()} == {
        name: set(policy.defaults) for name, policy in POLICIES.items()
    }
    for name, policy in POLICIES.items():
        check_settings(name, policy.defaults)
    assert set(SHARES_OF_ONE) <= set(SETTINGS)


@pytest.mark.parametrize("number", [np.int64(2000), np.int32(7), np.float64(0.5), np.float32(0.5), np.uint8(3)])
def test_numbers_of_numpy_are_numbers(number):
    assert number_of(number) == float(number)
    assert load_scenario("baseline", overrides={"means.probation_service.posts": np.int64(2000)})


def test_a_number_too_long_for_a_float_is_told():
    with pytest.raises(ScenarioError, match="finite"):
        load_scenario("baseline", overrides={"means.probation_service.posts": 10**400})


@pytest.mark.parametrize("unit", ["share", "persons/place"])
def test_a_percentage_is_recognised(unit):
    assert "write 0.06" in (why_impossible(6.0, unit) or "")
    assert POSSIBLE[unit].low == 0


def test_three_thousand_dated_changes_load_in_a_second():
    """And give the value of the last one: processor time, since the machine may be busy."""
    first = date(2022, 1, 2)
    days = [(first + timedelta(days=count)).isoformat() for count in range(3_000)]
    lines = "".join(
        f"  - {{on: {day}, set: means.probation_service.posts, to: {900 + count % 200}}}\n" for count, day in enumerate(days)
    )
    begun = time.process_time()
    scenario = _read("changes:\n" + lines)
    assert time.process_time() - begun < 3
    assert scenario.number("means.probation_service.posts", scenario.end_day) == 900 + 2_999 % 200


def test_the_law_is_not_amended_every_day():
    first = date(2022, 1, 2)
    days = [first + timedelta(days=count) for count in range(600)]
    rule = "law.semi_liberty.max_months"
    lines = "".join(f"  - {{on: {day}, set: {rule}, to: {day.day}, applies_to: everyone}}\n" for day in days)
    with pytest.raises(ScenarioError, match="500 at most"):
        _read("changes:\n" + lines)
