"""Prisons that open, close and are resized: who fills them, who is moved, and that nobody is lost."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.institutions.prisons import QuarterKind
from sim.population.person import FileState
from sim.records.codes import Status
from tests.worlds import run, scenario

FRACTION, END = 0.2, "2023-12-31"
OPENS, CLOSES = "2022-07-01", "2023-01-01"
VENDEE = f"""establishments:
  - {{open: MA VENDEE, kind: MA, departement: "85", places: {{{OPENS}: 100, 2022-12-01: 250}}}}
  - {{close: MA FONTENAY LE COMTE, on: {CLOSES}}}
"""
PAS_DE_CALAIS = f"""establishments:
  - {{open: INSERRE ARRAS, kind: SAS, departement: "62", places: {{{OPENS}: 60, 2022-10-01: 180}}, posts: {{{OPENS}: 6}}}}
  - {{close: CP LONGUENESSE, on: {CLOSES}}}
  - {{resize: MA BETHUNE, places: {{{CLOSES}: 400}}}}
"""


@pytest.fixture(scope="module")
def base():
    return run(scenario(end=END, fraction=FRACTION))


@pytest.fixture(scope="module")
def vendee():
    return run(scenario(VENDEE, end=END, fraction=FRACTION))


@pytest.fixture(scope="module")
def pas_de_calais():
    return run(scenario(PAS_DE_CALAIS, end=END, fraction=FRACTION))


def quarters(finished, name: str) -> list[int]:
    return [quarter.index for quarter in finished.world.geography.quarters if quarter.name.startswith(f"{name} — ")]


def people(finished, name: str, day: str) -> int:
    table = finished.tables["quarters"]
    mine = table[(table["day"] == parse_day(day)) & np.isin(table["quarter"], quarters(finished, name))]
    return int((mine["remand"] + mine["sentenced"]).sum())


@pytest.mark.parametrize("made", ["base", "vendee", "pas_de_calais"])
def test_everybody_is_somewhere_to_the_person(made, request):
    finished = request.getfixturevalue(made)
    inside = finished.people[finished.people.quarter >= 0]
    cells = finished.state.quarters
    assert np.bincount(inside.quarter, minlength=len(cells)).tolist() == (cells.remand + cells.sentenced).tolist()
    on_remand = inside[inside.status == Status.REMAND]
    assert np.bincount(on_remand.quarter, minlength=len(cells)).tolist() == cells.remand.tolist()
    held = inside[inside.status != Status.MEASURE_INSIDE]
    assert (cells.site[held.quarter] == held.site).all()


@pytest.mark.parametrize("made", ["vendee", "pas_de_calais"])
def test_until_the_first_day_nothing_differs(base, made, request):
    finished = request.getfixturevalue(made)
    for name, table in base.tables.items():
        other = finished.tables[name]
        for column, known in (("site", len(base.world.geography.sites)), ("quarter", len(base.state.quarters))):
            if column in table.dtype.names:
                other = other[other[column] < known]
        if "day" in table.dtype.names and name != "exits":
            first = parse_day(OPENS)
            assert table[table["day"] < first].tobytes() == other[other["day"] < first].tobytes(), name


def test_a_prison_opened_in_vendee_receives_the_people_of_vendee(base, vendee):
    (new,) = quarters(vendee, "MA VENDEE")
    inside = vendee.people[vendee.people.quarter == new]
    homes = {*quarters(vendee, "MA LA ROCHE SUR YON"), *quarters(vendee, "MA FONTENAY LE COMTE")}
    assert len(inside) > 0
    assert set(inside.home_quarter.tolist()) <= homes
    assert people(vendee, "MA VENDEE", OPENS) == 0
    # All those of the département, the closed prison's included, are in the two that are open, where they were crowded.
    of_vendee = vendee.people[np.isin(vendee.people.home_quarter, list(homes)) & (vendee.people.quarter >= 0)]
    remand_prisons = vendee.state.quarters.kind[of_vendee.quarter] == QuarterKind.MA
    assert set(of_vendee.quarter[remand_prisons].tolist()) <= {new, *quarters(vendee, "MA LA ROCHE SUR YON")}


def test_a_quarter_that_closes_empties_and_stays_empty(base, vendee, pas_de_calais):
    assert people(base, "MA FONTENAY LE COMTE", "2023-06-01") > 0
    assert people(vendee, "MA FONTENAY LE COMTE", CLOSES) > 0
    for finished, name in ((vendee, "MA FONTENAY LE COMTE"), (pas_de_calais, "CP LONGUENESSE")):
        assert people(finished, name, "2023-12-01") == 0
        assert not np.isin(finished.people.quarter, quarters(finished, name)).any()
    kinds = {base.world.geography.quarters[index].kind for index in quarters(base, "CP LONGUENESSE")}
    assert {QuarterKind.MA, QuarterKind.CD, QuarterKind.SAS, QuarterKind.SL} == kinds
    # Nobody waits for a judge who is gone.
    closed = {finished.world.geography.sites.index("CP LONGUENESSE") for finished in (pas_de_calais,)}
    listed = pas_de_calais.people[pas_de_calais.people.file == FileState.LISTED]
    assert not np.isin(listed.site, list(closed)).any()


def test_it_is_emptied_by_so_many_a_week(base):
    slow = "changes:\n  - {on: 2022-07-01, set: practices.allocation.transfers_per_week, to: 40}\n"
    lines = f"establishments:\n  - {{close: CP LILLE ANNOEULLIN, on: {CLOSES}}}\n"
    finished = run(scenario(slow + lines, end=END, fraction=FRACTION))
    first = people(finished, "CP LILLE ANNOEULLIN", CLOSES)
    assert first > 15
    # Eight a week and kind at this fraction; ends of sentences come on top.
    assert 0 < people(finished, "CP LILLE ANNOEULLIN", "2023-02-01") < first
    assert people(finished, "CP LILLE ANNOEULLIN", "2023-12-01") == 0


def test_one_that_opens_fills_by_steps_and_has_its_own_counsellors(base, pas_de_calais):
    site = pas_de_calais.world.geography.sites.index("INSERRE ARRAS")
    (new,) = quarters(pas_de_calais, "INSERRE ARRAS")
    table = pas_de_calais.tables["quarters"]
    capacity = {
        day: int(table["capacity"][(table["day"] == parse_day(day)) & (table["quarter"] == new)][0])
        for day in ("2022-06-01", "2022-08-01", "2022-11-01")
    }
    assert list(capacity.values()) == [0, round(60 * FRACTION), round(180 * FRACTION)]
    assert people(pas_de_calais, "INSERRE ARRAS", "2023-06-01") >= 0.5 * 180 * FRACTION
    services = pas_de_calais.tables["services"]
    mine = services[(services["site"] == site) & (services["day"] >= parse_day(OPENS))]
    assert mine["posts"].tolist() == pytest.approx([6 * FRACTION] * len(mine))
    assert mine["slots"].sum() > 0
    # They are on top: the others share what the country has.
    day = parse_day("2022-12-01")
    national = [t["posts"][t["day"] == day].sum() for t in (base.tables["services"], services)]
    assert national[1] - national[0] == pytest.approx(6 * FRACTION, rel=1e-3)


def test_a_quarter_that_is_resized_has_the_places_said_and_no_other_moves(base, pas_de_calais):
    before, after = base.state.quarters.capacity, pas_de_calais.state.quarters.capacity[: len(base.state.quarters)]
    moved = {*quarters(base, "MA BETHUNE"), *quarters(base, "CP LONGUENESSE")}
    assert set(np.flatnonzero(before != after).tolist()) == moved
    assert after[quarters(base, "MA BETHUNE")].tolist() == pytest.approx([400 * FRACTION], abs=1)


def test_what_an_opened_prison_practises_is_changed_there(base):
    lines = PAS_DE_CALAIS + (
        "changes:\n"
        "  - {on: 2022-10-01, set: means.establishments.occupation.SAS, to: 1, where: {establishment: INSERRE ARRAS}}\n"
        "  - {on: 2022-10-01, set: means.support.posts.managers, to: 0, where: {establishment: INSERRE ARRAS}}\n"
    )
    finished = run(scenario(lines, end=END, fraction=FRACTION))
    place = finished.state.quarters.place[quarters(finished, "INSERRE ARRAS")[0]]
    assert place > 0
    assert finished.state.local[place].establishments.occupation[QuarterKind.SAS] == 1
    assert finished.state.local[0].establishments.occupation[QuarterKind.SAS] < 1
    assert finished.state.local[place].support.posts[3] == 0 < finished.state.local[0].support.posts[3]


def test_twenty_thousand_more_remand_places_change_places_and_what_counts_them_alone(base):
    """In the frozen world density takes nothing away: people are where they were; the jobs of a prison follow its places."""
    line = "{on: 2022-07-01, add: means.establishments.extra_places.MA, by: 20000}"
    more = run(scenario(f"changes:\n  - {line}\n", end=END, fraction=FRACTION))
    for name, table in base.tables.items():
        moved = {column for column in table.dtype.names if (table[column] != more.tables[name][column]).any()}
        assert moved == {"quarters": {"capacity"}, "jobs": {"jobs"}}.get(name, set()), name
    remand = base.state.quarters.kind == QuarterKind.MA
    added = more.state.quarters.capacity - base.state.quarters.capacity
    assert added[remand].sum() == pytest.approx(20000 * FRACTION, abs=1)
    assert not added[~remand].any()
