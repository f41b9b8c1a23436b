"""Values are reached by dotted path, and a value that changes cannot be read as if it did not."""

from __future__ import annotations

import pickle

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.timeline import Timeline

POSTS = "means.probation_service.posts"
HOURS = "means.probation_service.hours"


def test_header(world):
    assert world.name == "world"
    assert world.title == {"fr": "Petit monde", "en": "Small world"}
    assert world.source == {"title": "Tests", "href": "https://example.org/tests"}
    assert (world.start_day, world.measure_from_day, world.end_day) == (
        parse_day("2022-01-01"),
        parse_day("2025-10-01"),
        parse_day("2030-12-31"),
    )
    assert world.sampling_fraction == 1.0
    assert world.policies == world.amendments == world.changes == ()


@pytest.mark.parametrize(
    ("day", "posts"),
    [("2018-01-01", 950), ("2022-01-01", 950), ("2025-09-30", 950), ("2025-10-01", 1050), ("2040-01-01", 1050)],
)
def test_a_dated_value_holds_until_the_next(world, day, posts):
    assert world.number(POSTS, parse_day(day)) == posts


def test_each_sort_of_value(world):
    assert world.number("means.courts.sittings") == 4.5
    assert world.table(HOURS) == {"DDSE": 7.0, "SL": 8.0}
    assert world.number(f"{HOURS}.SL") == 8.0
    assert world.timeline(f"{HOURS}.DDSE").values == (7.0,)
    assert world.numbers("flows.season") == (1.0, 0.9, 1.1, 1.0)
    assert world.number("flows.season.1") == 0.9
    assert world.flag("practices.double_file") is False
    assert world.timeline(POSTS) == Timeline([(parse_day("2022-01-01"), 950.0), (parse_day("2025-10-01"), 1050.0)])


def test_a_moving_value_is_not_read_once_for_all(world):
    with pytest.raises(ScenarioError, match=rf"'{POSTS}' changes on 2025-10-01, but it is read once"):
        world.number(POSTS)
    assert world.moves(POSTS)
    assert not world.moves(HOURS)
    assert not world.moves(f"{HOURS}.SL")


def test_a_value_that_moved_before_the_start_is_steady(extended):
    scenario = extended("start: 2025-10-01\n")
    assert scenario.number(POSTS) == 1050
    assert not scenario.moves(POSTS)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda s: s.number("means.courts.sitings"), "Did you mean 'means.courts.sittings'?"),
        (lambda s: s.number(HOURS), f"a table of DDSE, SL; one of its entries is '{HOURS}.DDSE'"),
        (lambda s: s.timeline("flows.season"), "it is a list of 4 numbers"),
        (lambda s: s.table(POSTS), "was asked for as a table, but it is a number"),
        (lambda s: s.numbers(HOURS), "was asked for as a list, but it is a table"),
        (lambda s: s.flag(POSTS), "was asked for as true or false, but it is a number"),
        (lambda s: s.number("practices.double_file"), "was asked for as a number, but it is true or false"),
        (lambda s: s.table("nothing.like.it"), "no parameter 'nothing.like.it' (a table)"),
        (lambda s: s.moves("nothing.like.it"), "no parameter 'nothing.like.it'"),
    ],
)
def test_asking_for_what_is_not_there(world, ask, words):
    with pytest.raises(ScenarioError) as caught:
        ask(world)
    assert words in str(caught.value)


def test_a_leaf_carries_its_source(world):
    leaf = world.parameters()[POSTS]
    assert (leaf.unit, leaf.kind, leaf.date) == ("counsellors", "statistic", "2025")
    assert leaf.source == "Sénat, avis n° 145 (2025-2026)"
    assert leaf.href == "https://www.senat.fr/rap/a25-145.html"
    assert leaf.label == {"fr": "Postes de CPIP en milieu fermé", "en": "CPIP posts in prisons"}
    assert list(world.parameters()) == sorted(world.parameters())


def test_bounds_are_in_the_unit_of_the_value(world):
    day = world.measure_from_day
    leaves = world.parameters()
    assert leaves[POSTS].bounds(day) == (1000, 1100)
    assert leaves["means.courts.sittings"].bounds(day) == (2.25, 9.0)
    assert leaves[HOURS].bounds(day, "SL") == (4, 14)
    assert leaves["flows.season"].bounds(day, "2") == pytest.approx((0.99, 1.21))
    assert leaves["flows.committals"].bounds(day) is None


def test_a_scenario_travels_between_processes(world, extended):
    policy = extended(
        """\
        changes:
          - {on: 2026-07-01, set: law.semi_liberty.max_months, to: 12, applies_to: everyone}
          - {on: 2026-07-01, scale: means.probation_service.hours, by: 2}
        policies:
          - {name: population_cap, on: 2026-07-01, with: {density: 1.3}}
        """
    )
    for scenario in (world, policy):
        twin = pickle.loads(pickle.dumps(scenario))  # noqa: S301  (our own bytes)
        assert twin == scenario
        assert twin.digest() == scenario.digest()
        assert twin.number(f"{HOURS}.SL", scenario.end_day) == scenario.number(f"{HOURS}.SL", scenario.end_day)


def test_resolved_is_plain_sorted_and_has_the_changes_made(extended):
    plain = extended("changes:\n  - {on: 2026-07-01, set: means.probation_service.hours.SL, to: 9}\n").resolved()
    assert list(plain) == sorted(plain)
    assert plain["parameters"]["means"]["probation_service"]["hours"]["values"] == {
        "1990-01-01": {"DDSE": 7, "SL": 8},
        "2026-07-01": {"DDSE": 7, "SL": 9},
    }
    assert plain["start"] == "2022-01-01"
    assert plain["law"] == []


class TestDigest:
    """The digest moves with what can move a result, and with nothing else."""

    def test_words_do_not_count(self, world, extended):
        assert extended("question: {fr: Autre, en: Other}\nasked_by: Sénat\nsource: A report\n").digest() == world.digest()

    @pytest.mark.parametrize(
        "lines",
        [
            "sampling_fraction: 0.1\n",
            "end: 2030-12-30\n",
            "measure_from: 2025-11-01\n",
            "changes:\n  - {on: 2026-07-01, scale: flows.committals, by: 1.0000001}\n",
            "changes:\n  - {on: 2026-07-01, set: law.semi_liberty.max_months, to: 24, applies_to: everyone}\n",
            "policies:\n  - {name: population_cap, on: 2026-07-01}\n",
            "overrides: {means.courts.sittings: 4.6}\n",
        ],
    )
    def test_what_moves_a_result_counts(self, world, extended, lines):
        assert extended(lines).digest() != world.digest()

    def test_two_ways_to_say_one_world(self, extended):
        one = extended("changes:\n  - {on: 2026-07-01, scale: means.courts.sittings, by: 2}\n")
        other = extended("changes:\n  - {on: 2026-07-01, add: means.courts.sittings, by: 4.5}\n")
        assert one.digest() == other.digest()
        assert one != other

    def test_it_is_64_hexadecimal_digits(self, world):
        assert len(world.digest()) == 64
        int(world.digest(), 16)
