"""Prisons that a scenario opens, closes and resizes: what a file may say of them, and the prisons there are then."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.experiments.forking import parting_day
from sim.presentation.messages import french
from sim.scenario import describe, load_scenario, read_scenario
from sim.scenario.checking_changes import check_changes
from sim.scenario.geography import published_geography
from sim.scenario.where import departements
from tests.worlds import scenario

OPEN = '{open: MA VENDEE, kind: MA, departement: "85", places: {2023-01-01: 100, 2023-06-01: 250}, posts: {2023-01-01: 5}}'
BEFORE, AFTER = parse_day("2022-12-31"), parse_day("2023-06-01")


def prisons(*lines: str) -> str:
    return "establishments:\n" + "".join(f"  - {line}\n" for line in lines)


def test_one_that_opens_comes_after_all_others_which_stay_as_they_were():
    made, published = scenario(prisons(OPEN)).geography(), published_geography()
    assert made.quarters[:-1] == published.quarters
    assert made.sites == (*published.sites, "MA VENDEE")
    assert departements(made)["MA VENDEE"] == "85"
    assert made.interregions[made.site_interregion[-1]] == "Rennes"
    assert [made.quarters[-1].places_on(day) for day in (BEFORE, AFTER)] == [0, 250]
    assert made.site_shares(day=BEFORE) == [*published.site_shares(), 0.0]


def test_what_it_is_not_given_is_its_part_by_its_places():
    made, published = scenario(prisons(OPEN)).geography(), published_geography()
    held = sum(quarter.base_detainees for quarter in published.quarters)
    assert made.site_shares(day=AFTER)[-1] == pytest.approx(250 / (held + 250))
    assert made.given("posts", AFTER) == {len(published.sites): 5}
    assert made.given("posts", BEFORE) == {}
    assert made.site_shares(None, AFTER, made.given("posts", AFTER))[-1] == 0


def test_one_that_closes_has_no_weight_from_its_day_on():
    made, published = scenario(prisons("{close: MA ARRAS, on: 2023-06-01}")).geography(), published_geography()
    site = published.sites.index("MA ARRAS")
    assert made.site_shares(day=BEFORE) == published.site_shares()
    assert made.site_shares(day=AFTER)[site] == 0
    assert sum(made.site_shares(day=AFTER)) == pytest.approx(1)
    assert [quarter.name for quarter in made.quarters if quarter.closed_on(AFTER)] == ["MA ARRAS — MA"]


def test_one_quarter_of_an_establishment_may_close_alone():
    made = scenario(prisons("{close: CP LONGUENESSE, kind: SL, on: 2023-06-01}")).geography()
    assert [quarter.name for quarter in made.quarters if quarter.closed_on(AFTER)] == ["CP LONGUENESSE — SL"]


def test_what_a_file_says_is_written_again_and_makes_another_world():
    made = scenario(prisons(OPEN, "{close: MA ARRAS, on: 2023-06-01}", "{resize: MA BETHUNE, places: {2023-06-01: 300}}"))
    again = read_scenario(made.to_yaml(), name="small")
    assert again.establishments == made.establishments
    assert again.digest() == made.digest() != scenario().digest()
    assert parting_day(made, scenario()) == made.start_day
    assert parting_day(made, again) > made.start_day


def test_check_and_show_say_it_in_both_languages():
    made = scenario(prisons(OPEN, "{close: MA ARRAS, on: 2023-06-01}"))
    opens, closes = check_changes(made)
    assert "MA VENDEE opens (MA, Rennes · 85): 100 places on 1 January 2023" in opens.after
    assert french(opens.reaches) is not None
    assert "MA ARRAS ferme à partir du 1er juin 2023" in describe(made, "fr")
    assert closes.on_day == parse_day("2023-06-01")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{open: X, kind: ZZ, departement: '85', places: {2023-01-01: 1}}", "no kind 'ZZ'"),
        ("{open: X, departement: '85', places: {2023-01-01: 1}}", "of which 'kind'"),
        ("{open: X, kind: CD, places: {2023-01-01: 1}}", "say where it is"),
        ("{open: X, kind: MA, interregion: Lyon, places: {2023-01-01: 1}}", "receives the people of its département"),
        ("{open: X, kind: CD, departement: '99', places: {2023-01-01: 1}}", "no departement '99'"),
        ("{open: X, kind: CD, departement: '62', interregion: Lyon, places: {2023-01-01: 1}}", "are of interregion Lille"),
        ("{open: MA ARRAS, kind: CD, departement: '62', places: {2023-01-01: 1}}", "already"),
        ("{open: X, kind: CD, departement: '62'}", "how many places"),
        ("{open: X, close: Y, on: 2023-01-01}", "open and close"),
        ("{close: MA ARAS, on: 2023-01-01}", "no establishment 'MA ARAS'. Did you mean 'MA ARRAS'"),
        ("{close: MA ARRAS}", "what closes has its day"),
        ("{close: MA ARRAS, on: 2030-01-01}", "outside the run"),
        ("{resize: CP LONGUENESSE, places: {2023-01-01: 1}}", "several quarters"),
        ("{resize: CP LONGUENESSE, kind: MC, places: {2023-01-01: 1}}", "no quarter of kind MC"),
        ("{resize: MA ARRAS, places: {2023-01-01: -1}}", "met -1"),
        ("{resize: MA ARRAS, places: 3}", "lines, met 3"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out_in_both_languages(line, why):
    with pytest.raises(ScenarioError, match="establishments") as refused:
        scenario(prisons(line))
    assert why in str(refused.value)
    assert french(str(refused.value)) is not None


def test_nothing_is_said_twice_of_one_prison():
    with pytest.raises(ScenarioError, match="spoken of twice"):
        scenario(prisons("{close: MA ARRAS, on: 2023-06-01}", "{resize: MA ARRAS, places: {2023-01-01: 3}}"))


def test_a_prison_of_a_scenario_can_be_named_where_its_practices_differ():
    made = scenario(
        prisons(OPEN)
        + "changes:\n  - {on: 2023-02-01, set: practices.files.lead_days, to: 9, where: {establishment: ma vendée}}\n"
    )
    assert {leaves["practices.files.lead_days"].at(AFTER) for leaves in made.local.values()} == {9}


def test_inserre_arras_is_one_prison_with_its_six_counsellors():
    made = load_scenario("inserre_arras")
    (one,) = made.establishments
    assert (one.kind, one.interregion, one.departement) == ("SAS", "Lille", "62")
    assert one.places[-1][1] == 180
    assert [number for _, number in one.posts] == [6]
