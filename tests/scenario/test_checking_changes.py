"""``sortie check FILE`` speaks of the file: before, after, range, readers, whom it reaches; it refuses what ``run`` refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli.describing import check_scenario
from sim.cli.running import run_scenarios
from sim.errors import ScenarioError
from sim.policies import POLICIES
from sim.presentation.outside import MOST, outside_told
from sim.presentation.texts import Texts
from sim.scenario import check, load_scenario, read_scenario
from sim.scenario.checking_changes import check_changes, lines_of_file
from sim.scenario.ranges import outside_ranges

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
TEXT = """\
extends: baseline.yaml
title: {fr: Essai, en: Trial}
policies:
  - {name: population_cap, on: 2026-07-01, with: {density: 1.3}}
changes:
  - {on: 2026-01-01, set: means.probation_service.posts, to: 3000}
  - {on: 2026-07-01, set: law.release_under_constraint.fraction_served, to: 0.5, applies_to: new_committals}
  - {on: 2026-07-02, set: means.enforcement_courts.board_slots, to: 1000}
  - {on: 2026-07-03, scale: practices.files.hours, by: 5}
  - {on: 2030-12-01, scale: flows.committals.fast_track, by: 0.98}
  - {on: 2030-12-31, scale: flows.committals.investigation, by: 1}
"""


@pytest.fixture(scope="module")
def scenario():
    return read_scenario(TEXT, name="trial.yaml", known_policies=frozenset(POLICIES))


@pytest.fixture(scope="module")
def checked(scenario):
    return {line.what: line for line in check_changes(scenario)}


def test_each_line_says_before_after_unit_reader_and_whom(checked):
    posts = checked["means.probation_service.posts"]
    assert (posts.before, posts.after) == (1020, 3000)
    assert posts.unit == "counsellors in post inside prisons"
    assert posts.read_by == "a run, every day"
    assert posts.where == "trial.yaml:6"
    assert posts.remarks == (
        "'means.probation_service.posts' is 3,000 from 2026-01-01, outside its plausible range, 950 to 1,100",
    )


def test_whom_a_change_reaches_is_counted_where_the_world_counts_it(checked, scenario):
    fast = scenario.number("flows.committals.fast_track", scenario.end_day)
    assert checked["flows.committals.fast_track"].reaches.endswith(f"{fast:,.0f} a year")
    day = checked["law.release_under_constraint.fraction_served"].on_day
    some = sum(scenario.number(f"flows.committals.{way}", day) for way in ("fast_track", "investigation", "sentenced"))
    assert f"{some:,.0f} a year" in checked["law.release_under_constraint.fraction_served"].reaches


def test_what_begins_late_or_changes_nothing_is_said(checked):
    assert "30 days before the end" in " ".join(checked["flows.committals.fast_track"].remarks)
    last = " ".join(checked["flows.committals.investigation"].remarks)
    assert "nothing changes" in last
    assert "last day" in last


@pytest.mark.parametrize(
    ("rule", "to", "remark"),
    [
        # Three months since 2015, and two for those judged before.
        ("remission.credit_months_first_year_recidive", "3", "not at every date"),
        ("remission.months_per_year", "6", "nothing changes"),
        ("remission.months_per_year", "5", ""),
        ("surety.automatic_life_months", "216", "nothing changes"),
    ],
)
def test_already_so_is_said_of_every_date_a_rule_is_read_at(rule, to, remark):
    text = (
        TEXT.partition("policies:")[0] + f"changes:\n  - {{on: 2026-01-01, set: law.{rule}, to: {to}, applies_to: everyone}}\n"
    )
    (line,) = check_changes(read_scenario(text, name="trial.yaml", known_policies=frozenset(POLICIES)))
    assert remark in " ".join(line.remarks)
    assert bool(line.remarks) is bool(remark)


def test_behaviours_are_told_with_their_settings(checked):
    assert checked["policy population_cap"].after == {"density": 1.3}


def test_the_assumptions_are_one_line_and_the_file_is_the_rest(scenario):
    lines = lines_of_file(scenario, check(scenario))
    assert len(lines) < 35
    assert sum("assumptions" in line for line in lines) == 1
    assert not any("HYP-" in line for line in lines)


def test_entries_outside_their_range_are_named_once(scenario):
    found = {item.path for item in outside_ranges(scenario)}
    assert "means.probation_service.posts" in found
    assert {f"practices.files.hours.{form}" for form in ("DDSE", "SL", "LC", "PE")} <= found
    assert "flows.committals.investigation" not in found


def test_a_note_says_it_in_both_languages(scenario):
    found = outside_ranges(scenario)
    assert len(found) > MOST
    for lang, words in (("en", "(range 950 to 1,100)"), ("fr", "(plage 950 à 1\u202f100)")):
        told = outside_told(Texts(lang), ["trial"], {"outside": found, "file": "trial.yaml"})
        assert words in told
        assert "means.probation" not in told
        assert f" {len(found) - MOST} " in told
        assert "sortie check trial.yaml" in told
        assert outside_told(Texts(lang), ["trial"], {"outside": ()}) == ""


def test_a_range_of_one_point_is_no_range():
    scenario = load_scenario("hearings_within_four_months", known_policies=frozenset(POLICIES))
    parameter = next(change.path for change in scenario.changes if change.path.endswith("longest_wait_days"))
    bounds = scenario.world[parameter].bounds(scenario.start_day)
    assert bounds is not None
    assert bounds[0] == bounds[1]
    assert outside_ranges(scenario) == ()


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_check_and_run_have_one_verdict_on_what_is_broken(path, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.cli.running.load_scenario", _load_and_stop)
    with pytest.raises(ScenarioError) as checked:
        check_scenario(str(path), as_json=False)
    with pytest.raises(ScenarioError) as ran:
        run_scenarios(
            [str(path)], replications=1, seed=1, workers=1, output=tmp_path, days={}, fraction=None, events="none",
            disk_check=False, progress="none", as_json=False,
        )  # fmt: skip
    assert str(checked.value) == str(ran.value)


def _load_and_stop(*arguments, **options):
    """The reader of ``run``, which fails the test where it would let a run begin."""
    load_scenario(*arguments, **options)
    pytest.fail("run would have begun")


_ORDER = "  - {on: 2026-07-01, set: practices.boards.order, to: nearest_end}\n"
_ROOM = "  - {{on: {day}, set: means.enforcement_courts.board_slots, to: 9000{more}}}\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (_ORDER, True),
        (_ORDER + _ROOM.format(day="2026-01-01", more=""), False),
        (_ORDER + _ROOM.format(day="2028-01-01", more=""), False),
        (_ORDER + _ROOM.format(day="2026-01-01", more=", until: 2026-06-01"), True),
        (_ORDER + _ROOM.format(day="2026-01-01", more=", where: {interregion: Paris}"), False),
    ],
)
def test_an_order_of_boards_without_a_limit_is_told(lines, said):
    """It puts nobody off, unless some board, somewhere, has a limit from that day on."""
    extended = "extends: baseline.yaml\ntitle: {fr: Essai, en: Trial}\nchanges:\n" + lines
    checked = check_changes(read_scenario(extended, name="trial.yaml"))
    (remarks,) = [line.remarks for line in checked if line.what == "practices.boards.order"]
    assert any("boards have no limit" in remark for remark in remarks) == said


@pytest.mark.parametrize(("slots", "said"), [({}, True), ({"means.enforcement_courts.board_slots": 9_000}, False)])
def test_an_order_of_boards_set_beside_the_file_is_told_too(slots, said):
    scenario = load_scenario("fill_vacant_posts", overrides={"practices.boards.order": 1, **slots})
    assert any("boards have no limit" in line for line in lines_of_file(scenario, check(scenario))) == said


@pytest.mark.parametrize(
    ("first", "said"), [("", True), ("  - {on: 2026-01-01, set: practices.care.asking_share, to: 0}\n", False)]
)
def test_care_arranged_by_counsellors_is_said_to_move_nothing_beside_a_line(first, said):
    lines = "extends: baseline.yaml\ntitle: {fr: Essai, en: Trial}\nchanges:\n" + first
    lines += "  - {on: 2026-07-01, set: practices.files.care_arranged, to: 0.7}\n"
    checked = check_changes(read_scenario(lines, name="trial.yaml"))
    (remarks,) = [line.remarks for line in checked if line.what == "practices.files.care_arranged"]
    assert any("moves nothing while people ask" in remark for remark in remarks) == said


_OPEN = "  - {on: 2027-01-01, set: means.programmes.intake, to: 500}\n"


@pytest.mark.parametrize(
    ("path", "value", "before", "told"),
    [
        ("practices.programmes.least_score", "0.5", "", "no programme"),
        ("practices.programmes.least_score", "0.5", _OPEN, None),
        ("reconviction.programmes.at_risk", "-0.2", "", "no programme"),
        ("practices.files.first_days", "200", "", None),
        (
            "practices.files.first_days", "200", "  - {on: 2026-01-01, set: practices.files.order, to: nearest_end}\n",
            "one by one",
        ),
    ],
)  # fmt: skip
def test_a_value_that_needs_another_is_said_to_move_nothing(path, value, before, told):
    lines = "extends: baseline.yaml\ntitle: {fr: Essai, en: Trial}\nchanges:\n" + before
    lines += f"  - {{on: 2026-07-01, set: {path}, to: {value}}}\n"
    checked = check_changes(read_scenario(lines, name="trial.yaml"))
    (remarks,) = [line.remarks for line in checked if line.what == path]
    found = [remark for remark in remarks if "moves nothing while" in remark]
    assert found == [] if told is None else told in found[0]


@pytest.mark.parametrize(("day", "said"), [("2025-10-01", False), ("2026-07-01", True)])
def test_an_effect_on_returns_measured_at_one_day_is_told(day, said):
    lines = f"extends: baseline.yaml\ntitle: {{fr: Essai, en: Trial}}\nchanges:\n{_OPEN}"
    lines += f"  - {{on: {day}, set: reconviction.programmes.at_risk, to: -0.2}}\n"
    checked = check_changes(read_scenario(lines, name="trial.yaml"))
    (remarks,) = [line.remarks for line in checked if line.what == "reconviction.programmes.at_risk"]
    assert any("first day measured" in remark for remark in remarks) == said
