"""Who comes: published shares, the same people in every scenario, a first day that matches the tables."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.population.attributes import STREAMS, Attributes, LogNormal, choose, draw_person, draw_stay, lognormal, normal
from sim.population.drawing import STAY, StayPoint, category, draw_stays, one_lognormal, one_normal
from sim.population.entrants import FIRST_ENTRANT, month_starts
from sim.randomness import Draws
from sim.records.codes import Offence
from sim.scenario import load_scenario
from tests.worlds import WORLD, run, scenario

DAY = parse_day("2023-05-01")


@pytest.fixture(scope="module")
def people() -> dict[str, np.ndarray]:
    """Draw 60,000 people tried fast, with the baseline's shares."""
    attributes = Attributes.read(load_scenario(WORLD), DAY)
    ids = np.arange(60_000)
    drawn = draw_person(Draws(3, 0), ids, np.full(len(ids), DAY), attributes.who, attributes.joint)
    return drawn | draw_stay(Draws(3, 0), ids, 0, np.zeros(len(ids), dtype=np.int64), attributes, returning=False)


@pytest.mark.parametrize(
    ("name", "share"), [("female", 0.037), ("foreign", 0.24), ("homeless", 0.09), ("consents", 0.80), ("recidive", 0.40)]
)
def test_shares_are_those_of_the_scenario(people: dict[str, np.ndarray], name: str, share: float) -> None:
    """Yes-or-no attributes come out at their share, within four standard errors."""
    assert people[name].mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 60_000))


def test_minors_and_ages(people: dict[str, np.ndarray]) -> None:
    """One in a hundred is a minor, half are under thirty, nobody is younger than thirteen or over eighty."""
    age = (DAY - people["birth_day"]) / 365.25

    assert (age < 18).mean() == pytest.approx(0.011, abs=0.002)
    assert np.median(age) == pytest.approx(30, abs=0.5)
    assert age.min() > 13
    assert age.max() < 81


def test_sentences_and_remand_stay_within_the_law(people: dict[str, np.ndarray]) -> None:
    """No firm part under two months or over ten years for a délit; no remand beyond the ceiling of the stream."""
    assert people["total_months"].min() == 2
    assert people["total_months"].max() <= 120
    assert people["remand_days"].max() <= 190
    assert people["remand_days"].min() >= 1
    assert people["remand_days"].mean() == pytest.approx(36, rel=0.06)


def test_offences_come_in_their_shares(people: dict[str, np.ndarray]) -> None:
    """Offence families follow the stream's table."""
    assert (people["offence"] == Offence.PROPERTY).mean() == pytest.approx(0.38, abs=0.01)
    assert (people["offence"] == Offence.HOMICIDE).sum() == 0


def test_who_lacks_lodging_at_entry_lacks_it_longer(people: dict[str, np.ndarray]) -> None:
    """The homeless are among those without a solution, who search; the others are housed at once."""
    assert (people["lodging_day"][people["homeless"]] > 0).all()
    assert (people["lodging_day"] > 0).mean() == pytest.approx(0.23, abs=0.01)


def test_violence_on_officials_excludes_however_often_it_comes() -> None:
    """More of it than was excluded before: all of them count, and all are excluded from the release as of right."""
    attributes = Attributes.read(scenario("", {"population.on_officials": {"violence": 0.9, "homicide": 0.0}}), DAY)
    ids = np.arange(20_000)
    drawn = draw_stay(Draws(3, 0), ids, 0, np.zeros(len(ids), dtype=np.int64), attributes, returning=False)
    violence = drawn["offence"] == Offence.VIOLENCE

    assert drawn["on_officials"][violence].mean() == pytest.approx(0.9, abs=0.02)
    assert drawn["lsc_excluded"][drawn["on_officials"]].all()
    assert not drawn["on_officials"][~violence].any()


def test_only_those_between_two_rates_change() -> None:
    """A share moved from 0.30 to 0.35 flips only the persons between; a second stay redraws the stay, not the person."""
    attributes = Attributes.read(load_scenario(WORLD), DAY)
    ids, stream = np.arange(5_000), np.zeros(5_000, dtype=np.int64)
    who = dict(attributes.who)
    first = draw_person(Draws(3, 0), ids, np.full(5_000, DAY), who | {"foreign": 0.30}, attributes.joint)
    more = draw_person(Draws(3, 0), ids, np.full(5_000, DAY), who | {"foreign": 0.35}, attributes.joint)
    assert not (first["foreign"] & ~more["foreign"]).any()
    assert np.array_equal(first["score"], more["score"])

    once = draw_stay(Draws(3, 0), ids, 0, stream, attributes, returning=False)
    again = draw_stay(Draws(3, 0), ids, 1, stream, attributes, returning=True)
    assert (once["total_months"] != again["total_months"]).mean() > 0.5
    assert again["recidive"].all()
    assert not again["felony"].any()


def test_people_are_drawn_alike_plain_and_compiled() -> None:
    """Somebody drawn by the functions one reads is the one the compiled engine draws, to the last digit."""
    attributes, draws, ids = Attributes.read(load_scenario(WORLD), DAY), Draws(3, 0), np.arange(400)
    luck, streams = draws.luck(ids), ids % len(STREAMS)
    keys = [np.uint64(draws.key(point.key)) for point in StayPoint]
    for returning in (False, True):
        columns = draw_stay(draws, ids, 2, streams, attributes, returning=returning)
        plain = np.zeros(len(ids), dtype=STAY).view(np.recarray)
        draw_stays(plain, keys, draws.key("person.score"), luck, ids * 0 + 2, streams, attributes.numbers, returning)
        assert all(np.array_equal(plain[name], column) for name, column in columns.items())


def test_one_number_is_that_of_a_column() -> None:
    """What is drawn for one person is, to the last digit, what the same uniforms give for a cohort."""
    uniform = np.concatenate([[0.0], (np.arange(2_000) + 0.5) / 2_000])
    shares = {"b": 2.0, "a": 6.0, "c": 0.5}

    assert [one_normal(u) for u in uniform.tolist()] == normal(uniform).tolist()
    assert [one_lognormal(u, 62.0, 0.4) for u in uniform.tolist()] == lognormal(uniform, 62.0, 0.4).tolist()
    edges = np.cumsum([6.0, 2.0, 0.5]) / 8.5
    assert [category(edges, u) for u in uniform.tolist()] == choose(uniform, shares, ("a", "b", "c")).tolist()


def test_log_normal_for_one_is_that_of_a_cohort() -> None:
    """The scalar inversion gives what the column gives, and the mean asked for."""
    uniform = (np.arange(20_000) + 0.5) / 20_000
    column = lognormal(uniform, 62.0, 0.4)
    one = LogNormal.of(62.0, 0.4)

    assert [one.at(u) for u in uniform[::500]] == pytest.approx(column[::500].tolist(), rel=1e-9)
    assert column.mean() == pytest.approx(62.0, rel=0.01)
    assert column.std() / column.mean() == pytest.approx(0.4, rel=0.02)


def test_choice_follows_shares_that_need_not_add_to_one() -> None:
    """Categories come out in proportion, in the order of the names, and never beyond the last."""
    uniform = np.arange(1_000) / 1_000
    found = choose(uniform, {"b": 2.0, "a": 6.0}, ("a", "b", "c"))

    assert np.bincount(found, minlength=3).tolist() == [750, 250, 0]


def test_months_of_a_run() -> None:
    """Months touched by a run, the one under way included."""
    assert month_starts(parse_day("2022-01-15"), parse_day("2022-03-01")) == [parse_day("2022-01-01"), parse_day("2022-02-01")]


def test_the_first_day_is_the_published_one() -> None:
    """People on remand, serving, and on each measure number what the tables say, at the fraction."""
    world = run(scenario(end="2022-01-20", fraction=0.05))
    number = world.scenario.number
    first = world.tables["nation"][0]

    assert first["remand"] == round(number("stock.remand", world.scenario.start_day) * 0.05)
    assert first["sentenced"] == round(number("stock.serving", world.scenario.start_day) * 0.05)
    standing = {row["regime"]: row["custody"] + row["liberty"] for row in world.tables["standing"][:4]}
    for code, regime in enumerate(world.world.regimes):
        if regime.code in ("SL", "PE", "DDSE"):
            assert standing[code] == round(number(f"stock.measures.{regime.code}", world.scenario.start_day) * 0.05)


def test_elapsed_time_is_that_of_a_steady_flow() -> None:
    """Found inside, people on remand have spent on average half the length-biased mean: E[L²] / 2E[L]."""
    attributes = Attributes.read(load_scenario(WORLD), parse_day("2022-01-01"))
    ids = np.arange(200_000)
    flows = np.array([30_500.0, 22_600.0])
    stream = (np.arange(200_000) % 1_000 >= 1_000 * flows[0] / flows.sum()).astype(np.int64)
    length = draw_stay(Draws(5, 0), ids, 0, stream, attributes, returning=False)["remand_days"].astype(float)
    expected = (length**2).mean() / (2 * length.mean())

    from sim.population.entrants import Entrants  # noqa: PLC0415
    from sim.population.initial_stock import Stock  # noqa: PLC0415

    world = scenario(fraction=1.0)
    shares = (np.array([1.0]), np.array([0]))
    found = Stock(Entrants(world, Draws(1, 0), shares), world.start_day).remand(19_000)

    assert found.days.mean() == pytest.approx(expected, rel=0.05)
    assert len(np.unique(found.ids)) == 19_000
    assert found.ids.max() < FIRST_ENTRANT


def test_streams_are_five() -> None:
    """The five streams of model.md §3."""
    assert len(STREAMS) == 5
