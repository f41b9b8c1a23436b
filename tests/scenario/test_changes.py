"""Changes: dated, in order, each on the value in force; overrides below them."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.scenario import describe, load_scenario, read_scenario
from sim.timeline import Timeline

POSTS = "means.probation_service.posts"
HOURS = "means.probation_service.hours"


def _at(scenario, path, day):
    return scenario.number(path, parse_day(day))


def test_set_holds_over_later_dated_values(extended):
    scenario = extended("changes:\n  - {on: 2024-01-01, set: means.probation_service.posts, to: 900}\n")
    assert [_at(scenario, POSTS, day) for day in ("2023-12-31", "2024-01-01", "2025-10-01")] == [950, 900, 900]


@pytest.mark.parametrize(
    ("written", "read"),
    [("by: 1,5", 951.5), ("by: '1,5'", 951.5), ("by: 1.5", 951.5), ("by: 1 000", 1_950), ("by: 1 000,5", 1_950.5)],
)
@pytest.mark.parametrize("day", ["2024-07-01", "01/07/2024", "1/7/2024", "'01/07/2024'"])
def test_numbers_and_days_written_as_in_french_are_what_they_say(extended, written, read, day):
    scenario = extended(f"changes:\n  - on: {day}\n    add: means.probation_service.posts\n    {written}\n")
    assert [_at(scenario, POSTS, when) for when in ("2024-06-30", "2024-07-01")] == [950, read]


@pytest.mark.parametrize("written", ["78 000", "78 000,0", "'78 000'", "78000"])
def test_thousands_in_a_value_are_what_they_say(written):
    scenario = read_scenario(
        f"""\
title: {{fr: Essai, en: Trial}}
start: 2022-01-01
measure_from: 2025-10-01
end: 2030-12-31
parameters:
  means:
    posts:
      value: {written}
      unit: counsellors
      kind: statistic
      source: a report
      date: 2025
""",
        name="trial",
    )
    assert scenario.number("means.posts", parse_day("2026-01-01")) == 78_000


def test_scale_and_add_reach_later_dated_values(extended):
    scaled = extended("changes:\n  - {on: 2024-01-01, scale: means.probation_service.posts, by: 2}\n")
    assert [_at(scaled, POSTS, day) for day in ("2023-12-31", "2024-01-01", "2025-10-01")] == [950, 1900, 2100]
    added = extended("changes:\n  - {on: 2024-01-01, add: means.probation_service.posts, by: -50}\n")
    assert [_at(added, POSTS, day) for day in ("2023-12-31", "2024-01-01", "2025-10-01")] == [950, 900, 1000]


def test_changes_are_made_in_order_of_date_not_of_writing(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2027-01-01, scale: means.courts.sittings, by: 2}
          - {on: 2026-01-01, set: means.courts.sittings, to: 6}
        """
    )
    path = "means.courts.sittings"
    assert [_at(scenario, path, day) for day in ("2025-12-31", "2026-06-01", "2027-01-01")] == [4.5, 6, 12]
    assert [change.on_day for change in scenario.changes] == [parse_day("2026-01-01"), parse_day("2027-01-01")]


def test_one_entry_of_a_table_and_the_whole_table(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2026-01-01, set: means.probation_service.hours.SL, to: 10}
          - {on: 2027-01-01, scale: means.probation_service.hours, by: 0.5}
          - {on: 2028-01-01, set: means.probation_service.hours, to: {SL: 1, DDSE: 2}}
        """
    )
    tables = [scenario.table(HOURS, parse_day(f"{year}-06-01")) for year in (2025, 2026, 2027, 2028)]
    assert tables == [{"DDSE": 7, "SL": 8}, {"DDSE": 7, "SL": 10}, {"DDSE": 3.5, "SL": 5}, {"DDSE": 2, "SL": 1}]
    assert _at(scenario, f"{HOURS}.SL", "2027-06-01") == 5


def test_entry_of_a_list_and_a_switch(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2026-01-01, add: flows.season.3, by: 0.5}
          - {on: 2026-01-01, set: practices.double_file, to: true}
        """
    )
    assert scenario.numbers("flows.season", parse_day("2026-01-01")) == (1.0, 0.9, 1.1, 1.5)
    assert scenario.flag("practices.double_file", parse_day("2026-01-01")) is True
    assert scenario.flag("practices.double_file", parse_day("2025-12-31")) is False


def test_a_change_on_the_first_or_the_last_day(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2022-01-01, set: means.courts.sittings, to: 1}
          - {on: 2030-12-31, set: means.courts.sittings, to: 2}
        """
    )
    assert _at(scenario, "means.courts.sittings", "2022-01-01") == 1
    assert _at(scenario, "means.courts.sittings", "2030-12-31") == 2


def test_whom_a_change_reaches(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2026-01-01, scale: flows.committals, by: 0.9}
          - {on: 2026-01-02, scale: means.courts.sittings, by: 2, applies_to: everyone}
          - {on: 2026-01-03, set: law.semi_liberty.max_months, to: 12, unit: months, applies_to: new_committals}
        """
    )
    assert [change.applies_to for change in scenario.changes] == ["new_committals", "everyone", "new_committals"]


def test_changes_of_the_law_become_amendments(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2027-01-01, scale: law.semi_liberty.max_months, by: 0.5, applies_to: everyone}
          - on: 2026-01-01
            set: law.release_under_constraint_as_of_right.in_force
            to: false
            applies_to: new_committals
        """
    )
    first, second = scenario.amendments
    assert (first.path, first.operation, first.value) == ("release_under_constraint_as_of_right.in_force", "set", False)
    assert first.applies_to == "new_committals"
    assert (second.path, second.on_day) == ("semi_liberty.max_months", parse_day("2027-01-01"))
    assert scenario.leaves == extended().leaves


def test_a_rule_of_law_may_cease_to_be_in_force(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2026-01-01, set: law.semi_liberty.max_months, to: null, unit: months, applies_to: everyone}
        """
    )
    assert scenario.amendments[0].value is None
    assert "24 → no longer in force, from 1 January 2026" in describe(scenario, "en")
    assert read_scenario(scenario.to_yaml(), name="saved") == scenario


def test_a_rule_of_law_may_be_nought(extended):
    lines = "changes:\n  - {on: 2026-01-01, set: law.semi_liberty.max_months, to: 0, applies_to: everyone}\n"
    assert extended(lines).amendments[0].value == 0


def test_a_run_goes_from_2010_to_2060_at_most(extended):
    lines = "changes:\n  - {on: 2010-01-01, set: means.courts.sittings, to: 1}\n"
    scenario = extended("start: 2010-01-01\nend: 2060-12-31\n" + lines)
    assert scenario.number("means.courts.sittings") == 1
    assert scenario.end_day == parse_day("2060-12-31")


def test_a_chain_of_extends_makes_all_changes(tmp_path, extended):
    extended(
        """\
        changes:
          - {on: 2027-01-01, scale: means.courts.sittings, by: 2}
        policies:
          - {name: a, on: 2027-01-01}
        """
    )
    (tmp_path / "child.yaml").write_text(
        "extends: policy0.yaml\ntitle: {fr: Enfant, en: Child}\nend: 2029-12-31\n"
        "changes:\n  - {on: 2026-01-01, set: means.courts.sittings, to: 5}\npolicies:\n  - {name: b, on: 2026-01-01}\n"
    )
    child = load_scenario(tmp_path / "child.yaml")
    assert _at(child, "means.courts.sittings", "2027-06-01") == 10
    assert [call.name for call in child.policies] == ["b", "a"]
    assert child.end_day == parse_day("2029-12-31")
    assert (child.name, child.title["en"]) == ("child", "Child")


def test_a_child_cannot_undo_its_parent_silently(tmp_path, extended):
    extended("changes:\n  - {on: 2027-01-01, scale: means.courts.sittings, by: 2}\n")
    (tmp_path / "child.yaml").write_text(
        "extends: policy0.yaml\ntitle: {fr: Enfant, en: Child}\n"
        "changes:\n  - {on: 2027-01-01, set: means.courts.sittings, to: 5}\n"
    )
    with pytest.raises(ScenarioError, match=r"child\.yaml:4: changes\[0\]\.set: .*here and at .*policy0\.yaml:4"):
        load_scenario(tmp_path / "child.yaml")


def test_shares_of_a_whole_move_together(extended):
    scenario = extended(
        """\
        changes:
          - {on: 2028-06-01, add: practices.modality.DDSE, by: -0.2}
          - {on: 2028-06-01, add: practices.modality.PE, by: 0.2}
        """
    )
    moved = scenario.table("practices.modality", parse_day("2028-06-01"))
    assert moved == pytest.approx({"DDSE": 0.3, "SL": 0.3, "PE": 0.4})


class TestOverrides:
    """Drawn values replace those of the world on all dates, before the changes."""

    def test_a_number_holds_on_all_dates(self, extended):
        scenario = extended(overrides={POSTS: 1000})
        assert scenario.timeline(POSTS) == Timeline([(parse_day("2022-01-01"), 1000.0)])
        assert scenario.number(POSTS) == 1000

    def test_a_factor_keeps_the_dates(self, extended):
        scenario = extended(overrides={POSTS: {"scale": 1.1}})
        assert scenario.timeline(POSTS).values == pytest.approx((1045, 1155))

    def test_changes_come_after(self, extended):
        lines = "changes:\n  - {on: 2026-01-01, scale: means.courts.sittings, by: 2}\n"
        scenario = extended(lines, overrides={"means.courts.sittings": 3})
        assert _at(scenario, "means.courts.sittings", "2025-12-31") == 3
        assert _at(scenario, "means.courts.sittings", "2026-01-01") == 6

    def test_entries_tables_lists_and_switches(self, extended):
        drawn = {f"{HOURS}.SL": 5, "flows.season": (1, 1, 1, 1), "practices.double_file": True}
        scenario = extended(overrides=drawn)
        assert scenario.table(HOURS) == {"DDSE": 7, "SL": 5}
        assert scenario.numbers("flows.season") == (1, 1, 1, 1)
        assert scenario.flag("practices.double_file")
        assert extended(overrides={HOURS: {"scale": 2}}).table(HOURS) == {"DDSE": 14, "SL": 16}

    def test_they_are_kept_in_the_saved_file(self, extended):
        scenario = extended(overrides={POSTS: {"scale": 1.1}, "flows.season": (1, 1, 1, 2), "practices.consent": 0.75})
        assert read_scenario(scenario.to_yaml(), name="saved") == scenario
        assert "overrides:" in scenario.to_yaml()

    @pytest.mark.parametrize(
        ("drawn", "words"),
        [
            ({"flows.commitals": 1}, "overrides: flows.commitals: no parameter 'flows.commitals'. Did you mean"),
            ({"flows.committals": True}, "expected a number, met true"),
            ({"flows.committals": "many"}, "expected a number, met 'many'"),
            ({"practices.double_file": {"scale": 2}}, "expected true or false"),
            ({"flows": 1}, "'flows' is a group"),
            ({"practices.consent": 1.2}, "makes 'practices.consent' 1.2, but a probability goes from 0 to 1"),
            ({"flows.committals": float("nan")}, "finite"),
            ({"law.semi_liberty.max_months": 12}, "the law is not drawn"),
        ],
    )
    def test_a_wrong_override_is_told(self, extended, drawn, words):
        with pytest.raises(ScenarioError) as caught:
            extended(overrides=drawn)
        assert words in str(caught.value)


@pytest.mark.parametrize(("by", "told"), [(110, "write 1.1"), ("5000", "write 50"), (-60, "write -0.6")])
def test_a_percentage_typed_for_a_factor_is_told(by, told):
    with pytest.raises(ScenarioError, match=rf"changes\[0\]\.by: met .*a factor, 50 at most.*{told}"):
        read_scenario(
            "extends: baseline\ntitle: {fr: a, en: a}\n"
            f"changes: [{{on: 2026-01-01, scale: means.probation_service.posts, by: {by}}}]\n",
            name="factor",
        )
