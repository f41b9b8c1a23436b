"""Scenarios from Python: what a change does, what is refused, what is listed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import yaml

import sim as sortie
from sim.dates import iso, parse_day
from sim.errors import LawError, RequestError, ScenarioError
from sim.scenario import load_scenario

POSTS = "means.probation_service.posts"
HALF = "law.release_under_constraint.fraction_served"


def value(scenario, path, day):
    return scenario.loaded.number(path, parse_day(day))


@pytest.mark.parametrize("form", ["name", "path", "Path", "text", "scenario", "loaded"])
def test_a_scenario_is_a_name_a_path_or_a_text(form, root):
    path = root / "scenarios" / "fewer_ddse.yaml"
    source = {
        "name": "fewer_ddse", "path": str(path), "Path": path, "text": path.read_text(encoding="utf-8"),
        "scenario": sortie.Scenario("fewer_ddse"), "loaded": load_scenario(path),
    }[form]  # fmt: skip
    assert sortie.Scenario(source).loaded.digest() == load_scenario("fewer_ddse").digest()


def test_a_change_is_that_of_a_file(tmp_path):
    made = sortie.Scenario("baseline").change(HALF, to=0.5, on="2026-07-01", applies_to="everyone", name="half")
    file = tmp_path / "half.yaml"
    file.write_text(
        "extends: baseline.yaml\ntitle: {fr: x, en: x}\n"
        f"changes: [{{on: 2026-07-01, set: {HALF}, to: 0.5, applies_to: everyone}}]\n"
    )
    assert made.loaded.digest() == load_scenario(file).digest()
    assert (made.name, made.title["en"]) == ("half", "half")


@pytest.mark.parametrize(
    ("word", "by", "after"), [("to", 900, 900), ("add", 700, 1720), ("scale", 0.5, 510), ("add", np.float64(-20), 1000)]
)
def test_a_change_sets_adds_or_scales(base, word, by, after):
    made = base.change(POSTS, on="2026-07-01", **{word: by})
    assert value(made, POSTS, "2026-06-30") == value(base, POSTS, "2026-06-30") == 1020
    assert value(made, POSTS, "2026-07-01") == after
    assert base.loaded.changes == (), "a scenario never changes"


@pytest.mark.parametrize("day", [dt.date(2026, 7, 1), pd.Timestamp("2026-07-01"), dt.datetime(2026, 7, 1, 12)])  # noqa: DTZ001
def test_a_day_is_a_text_or_a_date(base, day):
    assert base.change(POSTS, add=1, on=day).loaded.digest() == base.change(POSTS, add=1, on="2026-07-01").loaded.digest()


def test_without_a_day_a_change_is_made_on_the_first_measured_one(base):
    (change,) = base.change(POSTS, add=1).loaded.changes
    assert change.on_day == base.loaded.measure_from_day


def test_a_change_that_ends_gives_back_what_would_have_been(base):
    later = base.change(POSTS, add=100, on="2028-01-01", name="later")
    made = later.change(POSTS, scale=0.5, on="2026-07-01", until="2027-01-01")
    days = ("2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01", "2030-01-01")
    assert [value(made, POSTS, day) for day in days] == [1020, 510, 510, 1020, 1020, 1120, 1120]


def test_a_change_of_one_entry_that_ends_leaves_the_others(base):
    tables = (p for p, leaf in base.loaded.leaves.items() if leaf.shape[0] == "table" and leaf.total is None)
    table = next(path for path in tables if path.startswith("means."))
    before = base.loaded.table(table, parse_day("2030-01-01"))
    entry = next(iter(before))
    made = base.change(f"{table}.{entry}", scale=0.5, on="2026-07-01", until="2027-01-01")
    assert value(made, f"{table}.{entry}", "2026-08-01") == before[entry] / 2
    assert made.loaded.table(table, parse_day("2030-01-01")) == before


def test_values_that_are_dated_are_given_back_on_each_of_their_days(base, root):
    """The past of the baseline is dated: a change that ends in it leaves no trace afterwards."""
    leaves = base.loaded.leaves
    start = base.loaded.start_day
    path = next(
        p for p, leaf in leaves.items() if leaf.shape == ("number",) and len(leaf.timeline.changes_after(start + 40)) > 1
    )
    days = [day for day, _ in leaves[path].timeline.changes_after(start + 40)]
    made = base.change(path, scale=0.5, on=iso(start + 1), until=iso(start + 30))
    assert value(made, path, iso(start + 2)) == value(base, path, iso(start + 2)) / 2
    for day in [start + 30, *days]:
        assert value(made, path, iso(day)) == value(base, path, iso(day))


def test_a_change_on_the_day_a_value_is_given_back_is_refused(base):
    both = base.change(POSTS, add=100, on="2027-01-01")
    with pytest.raises(ScenarioError, match="write the changes one by one"):
        both.change(POSTS, scale=0.5, on="2026-07-01", until="2027-01-01")


def test_a_change_of_the_law_that_ends(base):
    from sim.law import Statutes  # noqa: PLC0415

    made = base.change(HALF, to=0.5, on="2026-07-01", until="2027-07-01", applies_to="everyone")
    statutes = Statutes.load().amended(made.loaded.amendments)
    days = ("2026-06-30", "2026-07-01", "2027-06-30", "2027-07-01")
    assert [statutes.value(HALF.removeprefix("law."), parse_day(day)) for day in days] == [2 / 3, 0.5, 0.5, 2 / 3]


def test_a_rule_by_date_of_committal_cannot_be_given_back_exactly(base):
    from sim.law import Statutes  # noqa: PLC0415

    statutes = Statutes.load()
    rules = [statutes.rule(path) for path in statutes.paths()]
    rule = next(
        r for r in rules if r.basis != "date_of_decision" and len(r.periods) > 1 and isinstance(r.periods[-1].value, int)
    )
    with pytest.raises(LawError, match=rf"law\.{rule.path}: its value depends on the date of the \w+"):
        base.change(f"law.{rule.path}", to=1, on="2026-07-01", until="2027-01-01", applies_to="everyone")


def test_a_run_that_ends_earlier_needs_none_of_the_days_that_give_back(base):
    leaves, start = base.loaded.leaves, base.loaded.start_day
    path = next(
        p for p, leaf in leaves.items() if leaf.shape == ("number",) and len(leaf.timeline.changes_after(start + 40)) > 1
    )
    day = leaves[path].timeline.changes_after(start + 40)[-1][0]
    made = base.change(path, scale=0.5, on=iso(start + 1), until=iso(start + 30))
    ends = iso(day - 1)
    assert made.over(start=iso(start), measure_from=iso(start), end=ends).end_day == day - 1
    later = base.change(POSTS, add=100, on="2028-01-01", name="later")
    with pytest.raises(RequestError, match="changes on 2028-01-01, outside the run"):
        later.over(end="2027-12-31")


def test_the_file_it_gives_says_the_same_and_is_short(posts, tmp_path):
    made = posts.change(HALF, to=0.5, on="2026-07-01", applies_to="everyone").policy(
        "population_cap", on="2027-01-01", density=1.3
    )
    text = made.to_yaml()
    assert text.startswith("extends: baseline.yaml\n")
    assert len(text.splitlines()) < 30
    file = tmp_path / "made.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_scenario(file).digest() == made.loaded.digest()
    assert sortie.Scenario(text).loaded.digest() == made.loaded.digest()
    again = sortie.Scenario(file).change(POSTS, add=1, on="2026-08-01")
    assert yaml.safe_load(again.to_yaml())["extends"] == str(file), "a file without a name is named by its path"


def test_a_change_and_a_behaviour_say_where_and_until_when(base):
    there = base.change(POSTS, add=20, on="2026-07-01", until="2027-01-01", where={"interregion": "Lyon"})
    (change,) = there.loaded.changes
    assert change.plain()["where"] == {"interregion": "Lyon"}
    assert change.plain()["until"] == "2027-01-01"
    assert len(there.loaded.local) == 1
    capped = base.policy("population_cap", on="2027-01-01", until="2030-01-01", where={"interregion": ["Lyon", "Paris"]})
    (call,) = capped.loaded.policies
    assert call.plain()["where"] == {"interregion": ["Lyon", "Paris"]}
    assert call.plain()["until"] == "2030-01-01"
    with pytest.raises(ScenarioError, match="no interregion 'Lion'"):
        base.change(POSTS, add=20, on="2026-07-01", where={"interregion": "Lion"})


def test_a_prison_opens_closes_and_is_resized(base):
    made = base.establishment(open="MA VENDEE", kind="MA", departement="85", places={"2027-01-01": 250}, name="vendee")
    made = made.establishment(close="MA FONTENAY LE COMTE", on="2027-06-01")
    made = made.establishment(resize="MA ARRAS", places={"2027-06-01": 300})
    assert [each.done for each in made.loaded.establishments] == ["open", "close", "resize"]
    with pytest.raises(RequestError, match="expected one of open, close, resize"):
        base.establishment(kind="MA")


def test_names_say_what_was_changed(base):
    assert base.change(POSTS, add=700, on="2026-07-01").name == "baseline+posts+700"
    assert base.change(POSTS, add=-20, on="2026-07-01").name == "baseline+posts-20"
    assert base.change(POSTS, scale=0.9, on="2026-07-01").name == "baseline+posts×0.9"
    assert base.change(POSTS, to=900, on="2026-07-01").name == "baseline+posts=900"
    assert repr(base.change(POSTS, to=900, on="2026-07-01", name="few")) == (
        "<Scenario few: 1 change, 2022-01-01 to 2030-12-31>"
    )


@pytest.mark.parametrize(
    ("ask", "kind", "words"),
    [
        (lambda _: sortie.Scenario("basline"), ScenarioError, r"Did you mean 'baseline'\? .*sortie\.scenarios\(\)"),
        (lambda _: sortie.Scenario(3), RequestError, "met 3, expected a name"),
        (lambda b: b.change(POSTS), RequestError, "met none, expected one of to, add, scale"),
        (lambda b: b.change(POSTS, to=1, add=1), RequestError, "met add and to"),
        (lambda b: b.change("means.probation_service.post", add=1), ScenarioError, r"^change of .*Did you mean '.*posts'"),
        (
            lambda b: b.change(POSTS, to="many"),
            ScenarioError,
            r"^change of 'means\.probation_service\.posts': expected a number",
        ),
        (lambda b: b.change(POSTS, add=1, on="July"), RequestError, "on: met 'July', expected a date"),
        (lambda b: b.change(POSTS, add=1, on="2040-01-01"), ScenarioError, "outside the run"),
        (lambda b: b.change(POSTS, add=1, on="2026-07-01", until="2026-07-01"), RequestError, "expected a day after"),
        (lambda b: b.change(HALF, to=0.5), ScenarioError, "a change of the law says to whom it applies"),
        (lambda b: b.change(HALF + "x", to=0.5, applies_to="everyone", until="2030-01-01"), LawError, "no such rule of law"),
        (lambda b: b.change(POSTS, add=1, name="a/b"), RequestError, "met 'a/b', expected a name that can be a folder's"),
        (lambda b: b.policy("cap"), ScenarioError, "no policy 'cap'"),
        (lambda b: b.policy("population_cap", dens=1), RequestError, "no setting 'dens', expected density"),
        (lambda b: b.describe("de"), RequestError, "met 'de', expected 'en' or 'fr'"),
        (lambda b: b.over(end="2020-01-01"), RequestError, "Give start, measure_from and end together"),
        (lambda b: b.over(fraction=2), RequestError, "^fraction: met 2"),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_words_of_python(base, ask, kind, words):
    with pytest.raises(kind, match=words) as said:
        ask(base)
    assert "--" not in str(said.value)


def test_what_can_be_changed_is_listed(base, posts):
    frame = base.parameters()
    assert list(frame.columns) == [
        "path", "label", "value", "unit", "low", "high", "kind", "source", "hypothesis", "read_by",
    ]  # fmt: skip
    assert frame["path"].is_unique
    assert frame["path"].str.startswith("law.").sum() > 300
    row = base.parameters().set_index("path").loc[POSTS]
    assert (row["value"], row["unit"]) == (1020.0, "counsellors in post inside prisons")
    assert row["low"] < row["value"] < row["high"]
    assert posts.parameters().set_index("path").loc[POSTS, "value"] == 1720.0, "on the first measured day, changes made"


def test_every_number_that_is_listed_can_be_changed(base):
    frame = base.parameters("probation_service")
    numbers = frame[~frame["path"].str.startswith("law.")]
    assert len(numbers) > 10
    for path in numbers["path"]:
        base.loaded.number(path, base.loaded.measure_from_day)


@pytest.mark.parametrize(
    ("search", "path"),
    [("COUNSELLOR", POSTS), ("cpip en poste en milieu fermé", POSTS), ("HYP-120", "means.open_setting.background")],
)
def test_values_are_found_by_their_words(base, search, path):
    lang = "fr" if search.startswith("cpip") else "en"
    assert path in set(base.parameters(search, lang=lang)["path"])
    assert len(base.parameters(search, lang=lang)) < 100


def test_scenarios_are_listed_with_their_questions():
    frame = sortie.scenarios()
    assert list(frame.columns) == ["name", "title", "question", "asked_by"]
    assert frame["name"].iloc[0] == "baseline"
    assert {"fill_vacant_posts", "fewer_ddse"} <= set(frame["name"])
    assert (sortie.scenarios("fr")["title"] != frame["title"]).any()


def test_a_scenario_tells_itself(posts):
    assert "1,020 → 1,720" in posts.describe()
    assert "à partir du 1er juillet 2025" in posts.describe("fr")
