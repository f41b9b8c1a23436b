"""Two sets of hypotheses side by side, on an engine whose figures are a formula: the parts are those of the formula."""

from __future__ import annotations

import pytest

from sim.errors import RequestError, ScenarioError
from sim.experiments.execution import Backend
from sim.experiments.hypotheses import ESTABLISHMENTS, differing, explain, mixed, worlds_needed
from sim.experiments.progress import NullListener
from sim.policies import POLICIES
from sim.scenario import read_scenario
from tests.experiments.conftest import known_engine

SLOTS, POSTS, LEAD = "means.enforcement_courts.hearing_slots", "means.probation_service.posts", "practices.files.lead_days"
HOURS = "practices.files.hours"
DRY = ("dry_rate_exits", "all")
HEAD = "extends: baseline.yaml\ntitle: {{fr: t, en: t}}\nstart: 2022-01-01\nmeasure_from: 2026-01-01\nend: 2026-12-31\n{}"
POLICY = "changes: [{on: 2026-06-01, add: means.probation_service.posts, by: 700}]\n"
UNION = f"changes:\n  - {{on: 2024-01-01, set: {SLOTS}, to: 30000}}\n  - {{on: 2023-01-01, set: {HOURS}.DDSE, to: 10}}\n"
MINISTRY = f"overrides: {{{SLOTS}: 20000}}\nchanges:\n  - {{on: 2023-01-01, set: {LEAD}, to: 100}}\n"


def world(text: str, name: str = "world"):
    return read_scenario(HEAD.format(text), name=name, known_policies=frozenset(POLICIES))


@pytest.fixture
def pair():
    return world(UNION, "union"), world(MINISTRY, "ministry")


@pytest.fixture
def policy():
    return world(POLICY, "policy")


def levels(scenario) -> tuple[float, float, float]:
    day = scenario.measure_from_day
    return scenario.number(SLOTS, day) / 10_000, scenario.number(f"{HOURS}.DDSE", day), scenario.number(LEAD, day) / 100


def formula(scenario, replication):
    """What 700 posts are worth: hearings times hours, and nothing of the days ahead; a replication is another world."""
    posts = (scenario.number(POSTS, scenario.end_day) - scenario.number(POSTS, scenario.start_day)) / 700
    slots, hours, _ = levels(scenario)
    return {DRY: 0.5 - posts * slots * hours * (0.001 + 0.0001 * replication), ("stock", "status=detained"): 85_000.0}


def explained(monkeypatch, tmp_path, pair, policy, **settings):
    asked = known_engine(monkeypatch, formula)
    found = explain(
        *pair, policy, output=tmp_path, means=Backend(1, "serial"), listener=NullListener(), replications=2, **settings
    )
    return found, asked


def test_what_differs_is_found_whatever_way_it_is_written(pair):
    found = {each.name: each for each in differing(*pair)}
    assert set(found) == {SLOTS, HOURS, LEAD}
    assert (found[SLOTS].one, found[SLOTS].other) == ("30000", "20000")
    assert found[HOURS].one == "DDSE 10", "of a table, what differs"
    assert found[LEAD].label["en"]
    families = {each.name: each.members for each in differing(*pair, families=True)}
    assert families == {"means.enforcement_courts": (SLOTS,), "practices.files": (HOURS, LEAD)}


def test_the_parts_are_those_of_the_formula_and_add_up(monkeypatch, tmp_path, pair, policy):
    found, asked = explained(monkeypatch, tmp_path, pair, policy)
    gap = found.gaps[0]
    (s1, h1, _), (s2, h2, _) = (levels(each) for each in pair)
    unit = -0.00105
    assert gap.one.mean == pytest.approx(unit * s1 * h1)
    assert gap.other.mean == pytest.approx(unit * s2 * h2)
    parts = {each.hypothesis.name: each for each in gap.parts}
    assert parts[SLOTS].part.mean == pytest.approx(unit * (s2 - s1) * (h1 + h2) / 2), "Shapley value of a product"
    assert parts[HOURS].part.mean == pytest.approx(unit * (h2 - h1) * (s1 + s2) / 2)
    assert parts[LEAD].part.mean == 0
    assert sum(each.part.mean for each in gap.parts) == pytest.approx(gap.gap.mean)
    assert sum(each.share for each in gap.parts) == pytest.approx(1)
    assert parts[SLOTS].alone == pytest.approx(unit * (s2 - s1) * h1)
    assert parts[SLOTS].last == pytest.approx(unit * (s2 - s1) * h2)
    assert parts[SLOTS].part.half_width > 0
    assert (found.exact, found.worlds, gap.interactions) == (True, 8, 0)
    assert len(set(asked)) == 16, "each world with and without the policy"
    assert len(asked) == 32


def test_beyond_the_most_each_is_changed_alone_and_the_rest_is_told(monkeypatch, tmp_path, pair, policy):
    found, asked = explained(monkeypatch, tmp_path, pair, policy, most=2)
    gap = found.gaps[0]
    assert (found.exact, found.worlds, len(set(asked))) == (False, 8, 16)
    assert sum(each.part.mean for each in gap.parts) + gap.interactions == pytest.approx(gap.gap.mean)
    assert gap.interactions == pytest.approx(0, abs=1e-12), "of two that multiply, both ways are enough"
    assert len(worlds_needed(9, exact=True)) == 512
    assert len(worlds_needed(9, exact=False)) == 20


def test_given_again_nothing_is_run_again(monkeypatch, tmp_path, pair, policy):
    first, asked = explained(monkeypatch, tmp_path, pair, policy)
    again, more = explained(monkeypatch, tmp_path, pair, policy)
    assert (len(asked), len(more)) == (32, 0)
    assert again.frame().equals(first.frame())
    assert again.parts().equals(first.parts())


def test_the_worlds_at_both_ends_are_the_two_that_were_given(pair, policy):
    found = differing(*pair)
    everything = frozenset(range(len(found)))
    assert mixed(*pair, found, frozenset(), None).digest() == pair[0].digest()
    assert mixed(*pair, found, everything, None).digest() == pair[1].digest()
    both = mixed(*pair, found, everything, policy)
    assert both.number(POSTS, both.end_day) == pair[1].number(POSTS, both.end_day) + 700


def test_law_behaviours_and_prisons_are_hypotheses_too():
    law = "changes:\n  - {on: 2024-06-01, set: law.release_under_constraint.fraction_served, to: 0.5, applies_to: everyone}\n"
    cap = "policies: [{name: population_cap, on: 2025-01-01, with: {density: 1.4}}]\n"
    built = "establishments: [{resize: MA ANGERS, places: {2025-01-01: 300}}]\n"
    place = f"changes: [{{on: 2024-01-01, set: {LEAD}, to: 100, where: {{interregion: Lyon}}}}]\n"
    one, other = world(law + cap, "one"), world(place + built, "other")
    found = differing(one, other)
    names = {each.name for each in found}
    assert names == {"law.release_under_constraint.fraction_served", "policies.population_cap", ESTABLISHMENTS, LEAD}
    assert next(each.one for each in found if each.name.startswith("policies")) == "2025-01-01 density 1.4"
    everything = frozenset(range(len(found)))
    assert mixed(one, other, found, frozenset(), None).digest() == one.digest()
    assert mixed(one, other, found, everything, None).digest() == other.digest()
    only = frozenset({[each.name for each in found].index(ESTABLISHMENTS)})
    half = mixed(one, other, found, only, None)
    assert (half.establishments, half.policies, half.amendments) == (other.establishments, one.policies, one.amendments)


def test_what_cannot_be_compared_is_said(monkeypatch, tmp_path, pair, policy):
    settings = {"output": tmp_path, "means": Backend(1, "serial"), "listener": NullListener()}
    with pytest.raises(RequestError, match="are one world during the run"):
        explain(pair[0], pair[0], policy, **settings)
    with pytest.raises(RequestError, match="'empty' changes nothing"):
        explain(*pair, world("", "empty"), **settings)
    longer = read_scenario(HEAD.format("").replace("2026-12-31", "2027-12-31"), name="longer")
    with pytest.raises(RequestError, match=r"differ in their frame: end 2026-12-31 and 2027-12-31.*--end"):
        explain(pair[0], longer, policy, **settings)
    same_day = world(f"changes: [{{on: 2024-01-01, set: {SLOTS}, to: 25000}}]\n", "same day")
    with pytest.raises(ScenarioError, match="changed twice on 2024-01-01"):
        explain(*pair, same_day, **settings)
