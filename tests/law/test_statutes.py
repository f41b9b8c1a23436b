"""What is in force on a day, and what amendments do to it."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.dates import parse_day
from sim.errors import LawError
from sim.law import Amendment, Statutes
from sim.timeline import Timeline

ON = parse_day("2026-07-01")
SHARE = "release_under_constraint.fraction_served"
MONTHS = "semi_liberty.max_months"


@pytest.fixture(scope="module")
def statutes():
    return Statutes.load()


def test_loading_twice_gives_the_same_object(statutes):
    assert Statutes.load() is statutes


def test_what_is_in_force_is_built_once_a_period(statutes):
    assert statutes.at(ON) is statutes.at(ON + 1)
    assert statutes.at(parse_day("2022-12-31")) is not statutes.at(parse_day("2023-01-01"))


def test_in_force_has_plain_attributes(statutes):
    law = statutes.at(parse_day("2022-12-31"))

    assert (law.semi_liberty.max_months, law.release_under_constraint.fraction_served) == (24, 2 / 3)
    assert law.release_under_constraint_as_of_right.in_force is False
    assert statutes.at(parse_day("2023-01-01")).release_under_constraint_as_of_right.in_force is True


def test_in_force_says_the_first_day_of_its_period(statutes):
    assert statutes.at(parse_day("2023-05-05")).day == parse_day("2023-01-01")


def test_long_ago_the_first_values_hold(statutes):
    law = statutes.at(parse_day("1950-01-01"))

    assert law.semi_liberty.max_months == 12
    assert law.day < parse_day("1950-01-01")


def test_rules_dated_by_judgment_are_timelines(statutes):
    rule = statutes.at(ON).free_convicts.must_adjust_up_to_months

    assert isinstance(rule, Timeline)
    assert [rule.at(parse_day(on)) for on in ("2020-03-23", "2020-03-24")] == [0, 6]


def test_in_force_cannot_be_changed(statutes):
    law = statutes.at(ON)

    with pytest.raises(AttributeError, match=r"amend them with Statutes.amended \('semi_liberty.max_months'\)"):
        law.semi_liberty.max_months = 36


def test_an_unknown_rule_is_named_with_the_nearest(statutes):
    with pytest.raises(LawError, match=r"law.semi_liberty.max_month: no such rule. Did you mean 'max_months'\?"):
        _ = statutes.at(ON).semi_liberty.max_month


def test_an_unknown_notion_is_named_with_the_nearest(statutes):
    with pytest.raises(LawError, match=r"law.statutes.semi_libertie: no such rule. Did you mean 'semi_liberty'\?"):
        _ = statutes.at(ON).semi_libertie


def test_in_force_survives_copying_and_pickling(statutes):
    law = statutes.at(ON)

    for twin in (pickle.loads(pickle.dumps(law)), copy.deepcopy(law)):  # noqa: S301  our own bytes
        assert twin.semi_liberty.max_months == law.semi_liberty.max_months
        assert twin.day == law.day
        with pytest.raises(LawError, match=r"law.statutes.nothing"):
            _ = twin.nothing


def test_change_days_are_the_dates_of_effect_and_of_the_amendments(statutes):
    days = statutes.change_days()

    assert list(days) == sorted(set(days))
    assert parse_day("2023-01-01") in days
    assert ON not in days
    assert ON in statutes.amended([Amendment(MONTHS, ON, "set", 36)]).change_days()


def test_nothing_changes_between_two_change_days(statutes):
    days = [day for day in statutes.change_days() if day > parse_day("2004-01-01")]

    for day, following in pairwise(days):
        assert statutes.at(day) is statutes.at(following - 1)


def test_paths_are_all_rules_in_order(statutes):
    paths = statutes.paths()

    assert list(paths) == sorted(paths)
    assert {SHARE, MONTHS, "remission.regime"} <= set(paths)
    assert statutes.rule(MONTHS).unit == "months"


def test_the_value_of_a_rule_follows_its_own_basis(statutes):
    assert statutes.value("remission.regime", parse_day("2022-12-31")) == "OLD"
    assert statutes.value("remission.regime", parse_day("2023-01-01")) == "NEW"


@pytest.mark.parametrize(
    ("operation", "value", "expected"), [("set", 36, 36), ("scale", 1.5, 36), ("add", 12, 36), ("add", -12, 12)]
)
def test_an_amendment_holds_from_its_day(statutes, operation, value, expected):
    amended = statutes.amended([Amendment(MONTHS, ON, operation, value)])

    assert amended.at(ON - 1).semi_liberty.max_months == 24
    assert amended.at(ON).semi_liberty.max_months == expected
    assert type(amended.at(ON).semi_liberty.max_months) is int
    assert amended.value(MONTHS, ON) == expected
    assert statutes.at(ON).semi_liberty.max_months == 24


def test_amendments_add_up_in_order_of_dates(statutes):
    later = Amendment(MONTHS, ON + 10, "add", 6)
    amended = statutes.amended([later]).amended([Amendment(MONTHS, ON, "set", 30)])

    assert [amended.at(ON + k).semi_liberty.max_months for k in (-1, 0, 9, 10)] == [24, 30, 30, 36]
    assert len(amended.amendments) == 2


def test_no_amendment_gives_the_same_statutes(statutes):
    assert statutes.amended([]) is statutes


def test_new_committals_only(statutes):
    amended = statutes.amended([Amendment(SHARE, ON, "set", 0.5, "new_committals")])

    def share(day, committed):
        return amended.at(day, committed).release_under_constraint.fraction_served

    assert share(ON + 5, ON) == 0.5
    assert share(ON + 5, ON - 1) == 2 / 3
    assert share(ON - 1, ON - 1) == 2 / 3
    assert amended.at(ON).release_under_constraint.fraction_served == 0.5
    assert amended.at(ON - 1).release_under_constraint.fraction_served == 2 / 3


def test_two_classes_of_committals(statutes):
    amended = statutes.amended(
        [
            Amendment(SHARE, ON, "set", 0.5, "new_committals"),
            Amendment(SHARE, ON + 100, "set", 0.25, "new_committals"),
        ]
    )

    found = [amended.at(ON + 200, ON + k).release_under_constraint.fraction_served for k in (-1, 0, 99, 100)]
    assert found == [2 / 3, 0.5, 0.5, 0.25]


def test_a_rule_dated_by_judgment_is_amended_for_all_judgments(statutes):
    amended = statutes.amended([Amendment("free_convicts.must_adjust_up_to_months", ON, "scale", 2)])

    after, before = (amended.at(day).free_convicts.must_adjust_up_to_months for day in (ON, ON - 1))
    assert [after.at(parse_day(on)) for on in ("2019-01-01", "2021-01-01")] == [0, 12]
    assert [before.at(parse_day(on)) for on in ("2019-01-01", "2021-01-01")] == [0, 6]


REFUSED = {
    "no such rule": (("semi_liberty.max_month", "set", 3), "no such rule of law. Did you mean 'semi_liberty.max_months'"),
    "operation": ((MONTHS, "put", 3), "operation 'put'; expected one of: set, scale, add"),
    "whole months": ((MONTHS, "scale", 1.1), "26.4 months; expected a whole number of months"),
    "set half a month": ((MONTHS, "set", 1.5), "1.5 months; expected a whole number"),
    "word for a number": ((MONTHS, "set", "two"), "'two' is not a number"),
    "yes for a number": ((MONTHS, "set", True), "True is not a number"),
    "number for a flag": (("free_convicts.in_force", "set", 1), "1 is not yes or no"),
    "scale a flag": (("free_convicts.in_force", "scale", 2), "'scale' wants a number"),
    "scale by a word": ((MONTHS, "scale", "two"), "'scale' wants a number"),
    "scale by yes": ((MONTHS, "add", True), "'add' wants a number"),
    "scale a word": (("remission.regime", "add", 2), "'add' wants a number"),
    "option": (("remission.base_up_to_one_year", "set", "HALF"), "'HALF' is not one of the options: NOMINAL, TRANCHE"),
}


@pytest.mark.parametrize(("amendment", "words"), REFUSED.values(), ids=REFUSED)
def test_an_impossible_amendment_is_refused(statutes, amendment, words):
    path, operation, value = amendment

    with pytest.raises(LawError) as error:
        statutes.amended([Amendment(path, ON, operation, value)])

    assert words in str(error.value)


def test_whom_it_applies_to_is_checked(statutes):
    with pytest.raises(LawError, match="applies to 'nobody'; expected one of: everyone, new_committals"):
        statutes.amended([Amendment(MONTHS, ON, "set", 3, "nobody")])


def test_a_rule_that_does_not_exist_cannot_be_scaled_but_can_be_set(statutes):
    path = "remand.adjournment_grave_above_years"

    with pytest.raises(LawError, match="no such rule is in force on 2026-07-01"):
        statutes.amended([Amendment(path, ON, "add", 1)])
    assert statutes.amended([Amendment(path, ON, "set", 7)]).value(path, ON) == 7
    assert statutes.amended([Amendment(path, ON, "set", None)]).value(path, ON) is None


def test_a_share_need_not_be_whole(statutes):
    assert statutes.amended([Amendment(SHARE, ON, "scale", 0.9)]).value(SHARE, ON) == pytest.approx(0.6)


def test_a_pending_reform_turned_off_amends_nothing(statutes):
    off = statutes.amended([Amendment("pending_reforms.kervran", ON, "set", value=False)])

    assert all(off.value(path, ON) == statutes.value(path, ON) for path in statutes.paths())


def test_a_pending_reform_for_new_committals(statutes):
    amended = statutes.amended([Amendment("pending_reforms.kervran_no_release_as_of_right", ON, "set", True, "new_committals")])

    assert amended.at(ON, ON - 1).release_under_constraint_as_of_right.in_force is True
    assert amended.at(ON, ON).release_under_constraint_as_of_right.in_force is False


NUMBERS = [path for path in Statutes.load().paths() if isinstance(Statutes.load().value(path, ON), int | float)]


@given(path=st.sampled_from(NUMBERS), later=st.integers(0, 4000))
@example(path="regime_calendar.new_code", later=915)
def test_an_amendment_shifts_only_the_rule_it_names(path, later):
    statutes = Statutes.load()
    value = statutes.value(path, ON)
    new = (not value) if isinstance(value, bool) else value + 1
    amended = statutes.amended([Amendment(path, ON, "set", new)])

    differing = {p for p in statutes.paths() if statutes.value(p, ON + later) != amended.value(p, ON + later)}
    effects = set(statutes.rule(path).amends) if new is True else set()
    # A change that the text itself foresees for a later day may be the one made earlier here.
    assert path in differing or statutes.value(path, ON + later) == new
    assert differing <= {path} | effects
    assert all(statutes.value(p, ON - 1) == amended.value(p, ON - 1) for p in statutes.paths())
