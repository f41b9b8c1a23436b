"""Files that people ask for: a change with an end, scenarios added up, a ramp past the end; and days told where written."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import RequestError, ScenarioError
from sim.experiments.run_options import adapted, steps_left_out
from sim.presentation.messages import french
from sim.scenario import load_scenario, read_scenario
from sim.scenario.checking_changes import check_changes
from sim.scenario.describe import describe

HEAD = "extends: {extends}\ntitle: {{fr: Essai, en: Try}}\nquestion: {{fr: Quoi ?, en: What?}}\n"
POSTS = "means.probation_service.posts"
SLOTS = "means.enforcement_courts.hearing_slots"


@pytest.fixture
def written(tmp_path):
    def write(name, lines, extends="baseline.yaml"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(HEAD.format(extends=extends) + lines, encoding="utf-8")
        return path

    return write


def value(scenario, path, day):
    return scenario.leaves[path].timeline.at(parse_day(day))


# ---- until -----------------------------------------------------------------------------------------------------------


def test_a_change_with_an_end_gives_the_value_back(written):
    world = load_scenario("baseline")
    summer = load_scenario(written("summer", f"changes:\n  - {{on: 2027-07-01, until: 2027-09-01, scale: {POSTS}, by: 0.8}}\n"))
    for day, factor in (("2027-06-30", 1), ("2027-07-01", 0.8), ("2027-08-31", 0.8), ("2027-09-01", 1), ("2030-01-01", 1)):
        assert value(summer, POSTS, day) == pytest.approx(factor * value(world, POSTS, day))
    assert "jusqu'au 1er septembre 2027" in describe(summer, "fr")
    (line,) = check_changes(summer)
    assert "until 2027-09-01, from which it is again what it would have been" in line.remarks
    assert french(line.remarks[-1]) is not None


def test_what_changes_meanwhile_still_has_changed_after_it(written):
    """Ten more from July, a hundred off from August on, until September for the first: September has the hundred off alone."""
    world = load_scenario("baseline")
    lines = f"changes:\n  - {{on: 2027-07-01, until: 2027-09-01, add: {POSTS}, by: 10}}\n"
    both = load_scenario(written("both", lines + f"  - {{on: 2027-08-01, add: {POSTS}, by: -100}}\n"))
    for day, more in (("2027-07-15", 10), ("2027-08-15", -90), ("2027-09-15", -100)):
        assert value(both, POSTS, day) == value(world, POSTS, day) + more


def test_a_file_written_from_it_says_the_same(written):
    path = written("summer", f"changes:\n  - {{on: 2027-07-01, until: 2027-09-01, scale: {POSTS}, by: 0.8}}\n")
    loaded = load_scenario(path)
    again = read_scenario(loaded.to_yaml(), name=loaded.name)
    assert again.leaves[POSTS].timeline == loaded.leaves[POSTS].timeline
    assert again.digest() == loaded.digest()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (f"changes:\n  - {{on: 2027-07-01, until: 2027-07-01, add: {POSTS}, by: 1}}\n", r"changes\[0\].until: met 2027-07-01"),
        (
            "changes: [{on: 2027-07-01, until: 2028-07-01, set: law.semi_liberty.max_months, to: 3, applies_to: everyone}]\n",
            "write a second change, on that day",
        ),
        (
            "policies:\n  - {name: population_cap, on: 2027-01-01, until: 2026-01-01}\n",
            r"policies\[0\].until: met 2026-01-01",
        ),
        ("policies:\n  - {name: collective_remission, on: 2027-01-01, until: 2028-01-01}\n", "acts on one day"),
        (f"changes:\n  - {{on: 2027-07-01, add: {POSTS}, by: 1, establishment: Fresnes}}\n", "under 'where'"),
    ],
)
def test_what_cannot_end_or_be_local_is_refused_with_a_way_out_in_both_languages(written, lines, told):
    with pytest.raises(ScenarioError, match=told) as refused:
        load_scenario(written("refused", lines))
    assert french(str(refused.value)) is not None


# ---- scenarios added up ----------------------------------------------------------------------------------------------


def test_a_file_may_extend_several_and_has_what_each_changes(written):
    posts, slots = load_scenario("fill_vacant_posts"), load_scenario("hearings_within_four_months")
    both = load_scenario(written("both", "", "[fill_vacant_posts.yaml, hearings_within_four_months.yaml]"))
    assert len(both.changes) == len(posts.changes) + len(slots.changes)
    assert len(both.policies) == len(posts.policies) + len(slots.policies)
    for single in (posts, slots):
        for change in single.changes:
            path = change.path if change.path in single.leaves else change.path.rpartition(".")[0]
            assert both.leaves[path].timeline == single.leaves[path].timeline


def test_what_two_of_them_rest_on_is_made_once(written):
    written("shared", f"changes:\n  - {{on: 2027-01-01, add: {POSTS}, by: 100}}\n")
    for name, day in (("one", "2027-02-01"), ("two", "2027-03-01")):
        written(name, f"changes:\n  - {{on: {day}, add: {POSTS}, by: 1}}\n", "shared.yaml")
    both = load_scenario(written("both", "", "[one.yaml, two.yaml]"))
    world = load_scenario("baseline")
    assert value(both, POSTS, "2027-04-01") == value(world, POSTS, "2027-04-01") + 102


@pytest.mark.parametrize(
    ("extends", "told"),
    [
        ("[one.yaml, two.yaml]", r"is changed twice on 2027-07-01: here and at .*one.yaml"),
        ("[one.yaml, one]", "one file is named twice"),
        ("[one.yaml, itself.yaml]", "in a circle"),
        ("[]", "expected the name of a file, or a list of names"),
        ("[one.yaml, 3]", "expected the name of a file, or a list of names"),
        ("[one.yaml, nowhere.yaml]", "nowhere"),
    ],
)
def test_a_sum_that_cannot_be_is_refused(written, extends, told):
    for name, to in (("one", 1_001), ("two", 1_002)):  # two that add, or scale, are both done: test_put_together.py
        written(name, f"changes:\n  - {{on: 2027-07-01, set: {POSTS}, to: {to}}}\n")
    with pytest.raises(ScenarioError, match=told) as refused:
        load_scenario(written("itself", "", extends))
    assert french(str(refused.value)) is not None


# ---- a ramp that goes on after the end -------------------------------------------------------------------------------


RAMP = f"changes:\n  - {{on: 2026-01-01, add: {POSTS}, by: 10}}\n  - {{on: 2028-01-01, add: {POSTS}, by: 10}}\n"


def test_a_run_may_end_before_the_last_steps_of_a_ramp_and_says_so(written):
    ramp = load_scenario(written("ramp", RAMP))
    short = adapted(ramp, days={"end": "2027-06-30"})
    assert value(short, POSTS, "2027-06-30") == value(ramp, POSTS, "2027-06-30")
    (said,) = steps_left_out(short)
    assert "'means.probation_service.posts' goes on changing after the end, on 2028-01-01" in said
    assert french(said) is not None
    assert steps_left_out(ramp) == []


def test_a_file_may_end_there_as_well(written):
    assert load_scenario(written("short", "end: 2027-06-30\n" + RAMP)).end_day == parse_day("2027-06-30")


@pytest.mark.parametrize("where", ["in the file", "asked for"])
def test_one_rule_for_changes_and_behaviours_after_the_end(written, where):
    """What begins after the end is left out, and said, if something else is in the run; a run of none of it is refused."""
    later = f"changes:\n  - {{on: 2026-01-01, add: {POSTS}, by: 10}}\n  - {{on: 2028-01-01, scale: {SLOTS}, by: 1.1}}\n"
    later += "policies:\n  - {name: population_cap, on: 2028-02-01}\n"

    def read(end):
        if where == "in the file":
            return load_scenario(written("late", f"end: {end}\n" + later))
        return adapted(load_scenario(written("late", later)), days={"end": end})

    scenario = read("2027-06-30")
    said = steps_left_out(scenario)
    assert [sentence.partition(" on ")[0] for sentence in said] == [
        f"scenario 'late': '{SLOTS}' begins after the end,",
        "scenario 'late': 'population_cap' begins after the end,",
    ]
    assert all(french(sentence) is not None for sentence in said)
    remarks = [line.remarks for line in check_changes(scenario)]
    assert [any("after the end" in remark for remark in found) for found in remarks] == [False, True, True]
    with pytest.raises((ScenarioError, RequestError), match="outside the run"):
        read("2025-12-31")


def test_a_run_that_holds_none_of_the_steps_is_refused(written):
    ramp = load_scenario(written("ramp", RAMP))
    with pytest.raises(RequestError, match="it would have no effect"):
        adapted(ramp, days={"start": "2023-01-01", "measure_from": "2024-01-01", "end": "2025-06-30"})


# ---- days told where they were written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("start: 2026-01-01\n", r"mine.yaml:4: start: met 2026-01-01: the first measured day, 2025-10-01 \('baseline'\)"),
        ("end: 2025-06-30\n", r"mine.yaml:4: end: met 2025-06-30: the first measured day, 2025-10-01 \('baseline'\)"),
        ("start: 2031-01-01\n", r"mine.yaml:4: start: met 2031-01-01: expected a day before the end, 2030-12-31"),
        ("end: 2021-01-01\n", r"mine.yaml:4: end: met 2021-01-01: expected a day after the start, 2022-01-01"),
        ("measure_from: 2031-06-01\n", r"mine.yaml:4: measure_from: met 2031-06-01: expected a day of the run"),
        (
            "start: 2026-01-01\nmeasure_from: 2025-01-01\n",
            r"mine.yaml:5: measure_from: met 2025-01-01: expected a day of the run",
        ),
    ],
)
def test_days_that_do_not_hold_together_are_told_at_the_line_of_whoever_wrote_one(written, lines, told):
    with pytest.raises(ScenarioError, match=told) as refused:
        load_scenario(written("mine", lines))
    assert french(str(refused.value)) is not None


# ---- per cent typed for a share --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "more"),
    [("law.release_under_constraint.fraction_served", ", applies_to: everyone"), ("practices.boards.compatible_home", "")],
)
@pytest.mark.parametrize("typed", ["50 %", "50%", "50 pour cent"])
def test_per_cent_typed_for_a_share_is_guessed_in_the_law_as_elsewhere(written, path, more, typed):
    with pytest.raises(ScenarioError, match=r"If 50 % is meant, write 0\.5") as refused:
        load_scenario(written("share", f"changes:\n  - {{on: 2026-07-01, set: {path}, to: {typed}{more}}}\n"))
    assert "S'il s'agit de 50 %, écrire 0.5" in (french(str(refused.value)) or "")
