"""What goes with what, and whose returns are taken off the entries."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.population.attributes import Attributes, draw_person, draw_stay, normal
from sim.population.drawing import correlated_normal, quantile
from sim.population.risk import reconviction_model
from sim.population.who_returns import kept_share
from sim.randomness import Draws
from sim.records.codes import Offence
from sim.scenario import load_scenario

pytestmark = pytest.mark.nightly

DAY = parse_day("2023-05-01")
N = 120_000


@pytest.fixture(scope="module")
def people() -> dict[str, np.ndarray]:
    """Draw people tried fast and after an investigation, half and half, with their chance of reconviction if they leave dry."""
    scenario = load_scenario("baseline")
    attributes = Attributes.read(scenario, DAY)
    ids, stream = np.arange(N), np.arange(N) % 2
    drawn = draw_person(Draws(3, 0), ids, np.full(N, DAY), attributes.who, attributes.joint)
    drawn |= draw_stay(Draws(3, 0), ids, 0, stream, attributes, returning=False)
    model, dry = reconviction_model(scenario), (np.zeros(N, dtype=np.int64), np.full(N, -1))
    for months in (12, 60):
        columns = (drawn["score"], drawn["seen"], drawn["unseen"])
        drawn[f"within_{months}"] = model.probability(*columns, *dry, months=months, assumption="none")
    drawn["age"] = (DAY - drawn["birth_day"]) / 365.25
    return drawn


def test_reconviction_by_age_and_sex_is_as_published(people: dict[str, np.ndarray]) -> None:
    """Five years: under 25 77 %, men 64, women 42 (figures.md §5), within two points; past 55 the model stays above 29 %."""
    within, age, female = people["within_60"], people["age"], people["female"]

    assert within[age < 25].mean() == pytest.approx(0.77, abs=0.02)
    assert within[female].mean() == pytest.approx(0.42, abs=0.02)
    assert within[~female].mean() == pytest.approx(0.64, abs=0.02)
    assert 0.29 < within[age >= 55].mean() < 0.37


def test_reconviction_by_offence_and_record_is_in_order(people: dict[str, np.ndarray]) -> None:
    """One year: theft near 43 %, sexual offences and homicide least; in récidive more than not."""
    within, offence = people["within_12"], people["offence"]

    assert within[offence == Offence.PROPERTY].mean() == pytest.approx(0.43, abs=0.03)
    rates = [within[(offence == o) & ~people["felony"]].mean() for o in (Offence.PROPERTY, Offence.VIOLENCE, Offence.SEXUAL)]
    assert rates[0] > rates[1] > rates[2]
    assert within[people["recidive"]].mean() > 1.3 * within[~people["recidive"]].mean()


def test_the_tie_moves_no_marginal() -> None:
    """With or without a correlation, the share is the share and the distribution normal."""
    luck, common = (np.arange(N) + 0.5) / N, normal(Draws(1, 0).uniform("z", np.arange(N)))
    for correlation in (-0.7, 0.0, 0.5):
        latent = np.array([correlated_normal(*pair, correlation) for pair in zip(luck.tolist(), common.tolist(), strict=True)])
        assert (latent < quantile(0.037)).mean() == pytest.approx(0.037, abs=0.003)
        assert latent.std() == pytest.approx(1, abs=0.01)
        assert np.corrcoef(latent, common)[0, 1] == pytest.approx(correlation, abs=0.01)


def test_age_and_sex_are_tied_to_risk_but_not_to_each_other_beyond(people: dict[str, np.ndarray]) -> None:
    """At equal score women are as old as men."""
    narrow = np.abs(people["score"] + 0.5) < 0.1
    ages = people["age"][narrow]

    assert ages[people["female"][narrow]].mean() == pytest.approx(ages[~people["female"][narrow]].mean(), abs=1.0)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.8])
def test_returns_are_taken_off_those_like_the_ones_who_return(share: float) -> None:
    """So many are taken off in all; what is left, with the returning, has the risk of everybody."""
    tables = reconviction_model(load_scenario("baseline")).tables("central")
    z = normal((np.arange(N) + 0.5) / N)
    kept = kept_share(z, share, 1.0, tables)
    assert kept.mean() == pytest.approx(1 - share, abs=1e-3)
    assert (np.diff(kept) <= 0).all()
    if share < 0.5:
        months = np.clip(24 - tables.edges[:-1], 0, np.diff(tables.edges))
        returns = -np.expm1(-np.exp(z) * (tables.hazard * months).sum())
        assert np.average(z, weights=kept + share * returns / returns.mean()) == pytest.approx(0, abs=1e-3)


def test_nothing_taken_off_changes_nobody() -> None:
    """Without returns of the baseline everybody is kept."""
    tables = reconviction_model(load_scenario("baseline")).tables("central")

    assert (kept_share(np.linspace(-3, 3, 7), 0.0, 1.0, tables) == 1).all()
