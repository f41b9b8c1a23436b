"""Places: what a change may say of where it holds, what it is there, and what has no place."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.experiments.forking import parting_day
from sim.institutions.parameters import readers
from sim.presentation.messages import french
from sim.scenario import changes_told, describe, load_scenario, read_scenario
from sim.scenario.checking_changes import check_changes
from sim.scenario.geography import KINDS, published_geography
from sim.scenario.locally import PlacesNamed
from sim.scenario.where import departements, level_of, shared_by, where_of
from tests.worlds import scenario

POSTS, LEAD = "means.probation_service.posts", "practices.files.lead_days"
DAY = parse_day("2023-01-01")
BY_PLACE = ("institutions", "pathways", "simulation")
HEAD = "extends: baseline.yaml\ntitle: {fr: Ici, en: Here}\n"


def changed(*lines: str) -> str:
    return "changes:\n" + "".join(f"  - {{on: 2023-01-01, {line}}}\n" for line in lines)


def there(made, **words):
    """The scenario as it stands in the first quarter of some places."""
    places = published_geography()
    quarter = min(where_of(words, places).quarters(places))
    return made.at(PlacesNamed(places, made.places_named()).quarters[quarter])


def test_every_establishment_has_one_departement():
    assert all(departements(published_geography()).values())
    assert departements(published_geography())["101665"] == "85"


def test_words_narrow_down_and_names_widen():
    places = published_geography()

    def many(**words):
        return len(where_of(words, places).quarters(places))

    assert many(interregion="Lyon") + many(interregion="Paris") == many(interregion=["Lyon", "Paris"])
    assert 0 < many(interregion="Lyon", kind="MA") < min(many(interregion="Lyon"), many(kind="MA"))
    assert where_of({"establishment": "ma béthune"}, places) == where_of({"establishment": 101621}, places)
    assert where_of({"departement": "85"}, places).quarters(places) == where_of(
        {"establishment": ["MA FONTENAY LE COMTE", "MA LA ROCHE SUR YON"]}, places
    ).quarters(places)


def test_a_change_holds_there_and_nowhere_else():
    made = scenario(changed(f"set: {LEAD}, to: 300, where: {{departement: '85'}}"))
    assert there(made, departement="85").number(LEAD, DAY) == 300
    assert there(made, interregion="Lyon").number(LEAD, DAY) == made.number(LEAD, DAY) == scenario().number(LEAD, DAY) != 300


def test_a_change_made_everywhere_holds_there_too_and_the_nearer_one_last():
    made = scenario(changed(f"scale: {LEAD}, by: 2", f"add: {LEAD}, by: 1, where: {{interregion: Lyon}}"))
    assert there(made, interregion="Lyon").number(LEAD, DAY) == scenario().number(LEAD, DAY) * 2 + 1
    later = scenario(
        f"changes:\n  - {{on: 2022-12-01, add: {LEAD}, by: 1, where: {{interregion: Lyon}}}}\n"
        f"  - {{on: 2023-01-01, scale: {LEAD}, by: 2}}\n"
    )
    assert there(later, interregion="Lyon").number(LEAD, DAY) == (scenario().number(LEAD, DAY) + 1) * 2


def test_an_end_gives_back_the_values_of_the_baseline_there():
    made = scenario(
        f"changes:\n  - {{on: 2022-06-01, until: 2023-06-01, scale: {LEAD}, by: 2, where: {{interregion: Lyon}}}}\n"
        f"  - {{on: 2022-09-01, add: {LEAD}, by: 5}}\n"
    )
    base = scenario(f"changes:\n  - {{on: 2022-09-01, add: {LEAD}, by: 5}}\n")
    lyon = there(made, interregion="Lyon")
    assert lyon.number(LEAD, DAY) == scenario().number(LEAD, DAY) * 2 + 5
    for day in ("2022-05-31", "2023-06-01", "2023-12-31"):
        assert lyon.number(LEAD, parse_day(day)) == base.number(LEAD, parse_day(day))


@pytest.mark.parametrize(
    ("line", "after"), [("add: {}, by: 20", 20.0), ("set: {}, to: 20", None), ("scale: {}, by: 1.5", None)]
)
def test_an_amount_shared_out_is_changed_by_what_those_places_have(line, after):
    made = scenario(changed(line.format(POSTS) + ", where: {interregion: Lyon}"))
    (told,) = changes_told(made)
    if line.startswith("add"):
        assert told.after - told.before == pytest.approx(after)
    elif line.startswith("set"):
        assert told.after == pytest.approx(20)
    else:
        assert told.after == pytest.approx(told.before * 1.5)


def test_what_a_file_says_is_written_again_and_tells_two_worlds_apart():
    one = scenario(changed(f"add: {POSTS}, by: 20, where: {{interregion: Lyon}}"))
    other = scenario(changed(f"add: {POSTS}, by: 20, where: {{interregion: Paris}}"))
    everywhere = scenario(changed(f"add: {POSTS}, by: 20"))
    again = read_scenario(one.to_yaml(), name="small")
    assert again.digest() == one.digest()
    assert len({one.digest(), other.digest(), everywhere.digest()}) == 3
    assert parting_day(one, other) == parting_day(one, scenario()) == DAY


def test_check_and_show_say_where_and_how_many_places():
    made = scenario(changed(f"add: {POSTS}, by: 20, where: {{interregion: Lyon, kind: MA}}"))
    (line,) = check_changes(made)
    assert "interregion Lyon, quarters of kind MA (" in line.reaches
    assert french(f"    reaches {line.reaches} · read by {line.read_by}") is not None
    assert "interrégion Lyon" in describe(made, "fr")
    assert "there alone: interregion Lyon" in describe(made, "en")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("add: flows.committals.fast_track, by: 20, where: {interregion: Lyon}", "flows are drawn for the whole country"),
        ("set: law.remission.share, to: 1, applies_to: everyone, where: {kind: MA}", "the law is the same everywhere"),
        ("add: population.person.score_sd, by: 1, where: {interregion: Lyon}", "describes people or the country"),
        ("add: means.placements.devices, by: 20, where: {interregion: Lyon}", "once for the whole country"),
        ("add: means.open_setting.posts, by: 20, where: {kind: MA}", "Say where by interregion"),
        ("set: practices.measures.active_share, to: 0.5, where: {kind: MA}", "of people outside"),
        ("set: means.probation_service.duty_hours, to: 1, where: {kind: CNE}", "Name the establishments"),
        ("add: means.establishments.extra_places.CD, by: 20, where: {departement: '85'}", "have none of"),
        ("add: means.establishments.extra_places, by: 20, where: {departement: '85'}", "of which kind"),
        (f"set: {LEAD}, to: 3, where: {{departement: 85}}", "between quotes"),
        (f"set: {LEAD}, to: 3, where: {{region: Lyon}}", "no word 'region'. Did you mean 'interregion'"),
        (f"set: {LEAD}, to: 3, where: {{interregion: Lion}}", "no interregion 'Lion'. Did you mean 'Lyon'"),
        (f"set: {LEAD}, to: 3, where: {{establishment: MA ARAS}}", "no establishment 'MA ARAS'. Did you mean 'MA ARRAS'"),
        (f"set: {LEAD}, to: 3, where: {{interregion: Lyon, departement: '85'}}", "no place is all of"),
        (f"set: {LEAD}, to: 3, where: {{interregion: []}}", "met an empty list"),
        (f"set: {LEAD}, to: 3, where: Lyon", "expected places between braces"),
    ],
)
def test_what_has_no_place_is_refused_with_the_way_out_in_both_languages(line, why):
    with pytest.raises(ScenarioError, match="where") as refused:
        read_scenario(HEAD + changed(line).replace("2023", "2026"), name="small")
    assert why in str(refused.value)
    assert french(str(refused.value)) is not None


def test_two_places_that_overlap_may_not_change_one_value_on_one_day():
    lines = [f"set: {LEAD}, to: 1, where: {{interregion: Lyon}}", f"set: {LEAD}, to: 2, where: {{kind: MA}}"]
    with pytest.raises(ScenarioError, match="changed twice"):
        scenario(changed(*lines))
    apart = scenario(changed(lines[0], lines[1].replace("kind: MA", "interregion: Paris")))
    assert there(apart, interregion="Paris").number(LEAD, DAY) == 2


def test_a_behaviour_that_acts_on_the_country_has_no_place():
    with pytest.raises(ScenarioError, match="acts on the whole country at once"):
        scenario("policies:\n  - {name: type_cap, on: 2023-01-01, where: {interregion: Lyon}}\n")


# ---- the table of where values are read, against the code ---------------------------------------------------------------


def read_nationally(root) -> set[str]:
    """Values read as they stand in the country: ``state.parameters.files.lead_days`` gives ``files.lead_days``.

    A group named by itself (``hearings = state.parameters.hearings``) is an error: nothing would follow its values.
    """
    found = set()
    for package in BY_PLACE:
        for path in (root / "sim" / package).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Attribute(attr=name, value=ast.Attribute(attr=group, value=ast.Attribute(attr="parameters"))):
                        found.add(f"{group}.{name}")
                    case ast.Assign(value=value) | ast.Return(value=value) if value is not None:
                        for part in value.elts if isinstance(value, ast.Tuple) else [value]:
                            match part:
                                case ast.Attribute(attr=group, value=ast.Attribute(attr="parameters")):
                                    found.add(f"{group}.*")
    return found


def test_what_may_differ_from_place_to_place_is_read_in_its_place(root):
    """Compiled code reads ``parameters_for(…)`` of it; ``state.parameters`` is the country, for what has no place."""
    national = read_nationally(root)
    for path, fields in readers().items():
        if level_of(path) == "country":
            continue
        wrong = {field for field in fields if field.removeprefix("parameters.") in national}
        wrong |= {field for field in fields if f"{field.removeprefix('parameters.').partition('.')[0]}.*" in national}
        assert not wrong - READ_FOR_THE_COUNTRY_TOO, f"'{path}' may say where, but {wrong} is read of the country"


READ_FOR_THE_COUNTRY_TOO = {"parameters.open_setting.survey_power", "parameters.open_setting.usual_load"}
"""Of free convicts, who are in no place (World.survey_load)."""


def test_every_path_of_the_table_is_one_of_the_baseline():
    from sim.scenario.where import _table  # noqa: PLC0415

    known = load_scenario("baseline").leaves
    table = _table()
    paths = [path for level, those in table.items() if level != "shared" for path in those]
    paths += [path for those in table["shared"].values() for path in those]
    for path in paths:
        assert path in known or any(name.startswith(f"{path}.") for name in known), path
    assert {shared_by(path) for path in ("means.support.posts.secretaries", "means.establishments.extra_places.MA")} == {
        "support",
        "places",
    }


def test_a_kind_of_quarter_is_one_of_the_model():
    places = published_geography()
    assert sum(len(where_of({"kind": kind}, places).quarters(places)) for kind in KINDS) == len(places.quarters)
    assert replace(places).opened_in == ()
