"""The tables of practices and means: every value has its path, its name and somebody who reads it."""

from __future__ import annotations

import ast

import pytest

from sim.institutions.parameters import (
    MeansOfDay,
    groups_of_parameters,
    read_means,
    read_parameters,
    readers,
)
from sim.law.adjustments import ADJUSTMENTS, regimes_of
from sim.scenario import load_scenario
from sim.scenario.values_of_day import Reading, group, paths_of, read, value, values_of
from tests.worlds import WORLD, scenario

READ_BY_COMPILED_CODE = ("institutions", "pathways", "policies", "simulation")
SEVERAL = {
    "care_slots",
    "lodging_places",
    "lodging_reserved",
    "chamber",
    "consenting",
    "decided",
    "expected_share",
    "fill",
    "instruction",
    "longest_months",
    "pending",
    "posts_outside",
    "prepared",
}
"""Values made of several parameters, or told apart from another of the same name, which say their paths."""


def attributes_read(root) -> set[str]:
    found = set()
    for package in READ_BY_COMPILED_CODE:
        for path in (root / "sim" / package).glob("*.py"):
            found |= {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    return found


def test_every_path_is_one_of_the_scenario():
    known = load_scenario(WORLD)
    for path in readers():
        assert path in known.leaves or path.rpartition(".")[0] in known.leaves, path


def test_a_value_is_named_by_the_last_part_of_its_path():
    for table in (*groups_of_parameters().values(), MeansOfDay):
        for name, paths in paths_of(table).items():
            ends = [path.rpartition(".")[2] for path in paths]
            assert name in ends or name in SEVERAL or len(ends) > 1, (table.__name__, name, paths)


def test_every_value_is_read_by_the_engine(root):
    """A value nobody reads would be a parameter that changes nothing."""
    read_there = attributes_read(root)
    for name, table in {**groups_of_parameters(), "means": MeansOfDay}.items():
        unread = set(values_of(table)) - read_there
        assert not unread, (name, unread)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("practices.files.lead_days", ("parameters.files.lead_days",)),
        ("practices.hearings.prosecutor_days", ("parameters.files.shortest_path_days", "parameters.hearings.prosecutor_days")),
        ("means.probation_service.training_days", ("means.posts", "means.posts_outside")),
        ("means.enforcement_courts.panel_slots", ("parameters.enforcement_courts.panel_slots", "means.panel_slots")),
    ],
)
def test_readers_of_a_parameter(path, names):
    assert readers()[path] == names


def test_a_parameter_moves_the_values_that_say_they_are_made_of_it():
    paths = ("practices.hearings.appeal_days", "practices.files.hours_variation", "stock.requests.pending")
    before, after = (
        read_parameters(chosen, chosen.start_day, ADJUSTMENTS, regimes_of(ADJUSTMENTS))
        for chosen in (scenario(), scenario(overrides={path: 0.5 * scenario().number(path) for path in paths}))
    )
    moved = {
        f"parameters.{group}.{name}"
        for group, values in before.items()
        for name, found in values.items()
        if found != after[group][name]
    }
    assert moved == {name for path in paths for name in readers()[path]}


def test_recruits_are_in_post_once_trained():
    hired = scenario(
        "changes:\n  - {on: 2022-03-01, set: means.probation_service.vacancies_filled, to: 1}\n",
        {"means.probation_service.training_days": 100.0},
    )
    day = hired.start_day + 59  # 1 March
    posts = [read_means(hired, day + after).posts for after in (0, 99, 100)]
    theoretical, in_post = (hired.number(f"means.probation_service.{name}", day) for name in ("theoretical_posts", "posts"))
    assert posts[0] == posts[1] == in_post < theoretical
    assert posts[2] == pytest.approx(theoretical)


@group("practices.files")
class Example:
    lead_days: int = value("Days.", Reading.whole)
    longest: float = value("A whole path.", Reading.number, "practices.allocation.central_months")


def test_a_table_is_read_where_its_group_is():
    chosen = scenario()
    assert read(Example, Reading(chosen, chosen.start_day)) == {
        "lead_days": int(chosen.number("practices.files.lead_days")),
        "longest": chosen.number("practices.allocation.central_months"),
    }
