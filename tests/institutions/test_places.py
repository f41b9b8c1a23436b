"""Scarce places: each kind is declared once, and a regime that names another one stops the run before it begins."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import LawError
from sim.institutions import first_tables, parameters, placements
from sim.institutions import world as worlds
from sim.institutions.placements import POOLS, PlaceKind, kind_of_places, pool_number
from sim.institutions.prisons import QuarterKind
from sim.law.adjustments import ADJUSTMENTS, Regime, regimes_of
from sim.law.adjustments.home_detention import HomeDetention
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.tables import Records
from sim.simulation.run import codebook, geography
from tests.worlds import scenario


class Bracelet(HomeDetention):
    """An adjustment with places of its own."""

    code = "PBM"
    regimes = (Regime("PBM", {"en": "Bracelet", "fr": "Bracelet"}, places="bracelets"),)


def world(overrides=None):
    chosen = scenario(fraction=1.0, overrides=overrides)
    places = geography()
    return worlds.World(chosen, Draws(1, 0), Records(codebook(places), keep_events=False), places, sampled_returns(chosen))


def test_every_kind_of_places_of_the_law_is_declared_once():
    assert [pool.kind for pool in POOLS] == [kind for kind in PlaceKind if kind != PlaceKind.UNLIMITED]
    needed = {regime.places for regime in regimes_of(ADJUSTMENTS) if regime.places is not None}
    assert needed == {pool.code for pool in POOLS}


def test_a_regime_whose_places_are_not_declared_is_refused(monkeypatch):
    monkeypatch.setattr(worlds, "ADJUSTMENTS", (*ADJUSTMENTS, Bracelet()))
    with pytest.raises(LawError, match=r"regime PBM: places: met 'bracelets', .*'SL', 'PE', 'devices'.*Declare it in POOLS"):
        world()


def test_a_kind_of_places_declared_is_limited_by_its_parameter(monkeypatch):
    kept = [each for each in ADJUSTMENTS if all(regime.places != "devices" for regime in each.regimes)]
    monkeypatch.setattr(worlds, "ADJUSTMENTS", (*kept, Bracelet()))
    bracelets = POOLS[2]._replace(code="bracelets", regional=True, parameter="means.placements.external_places")
    declared = (*POOLS[:2], bracelets)
    for module in (placements, first_tables, worlds):
        monkeypatch.setattr(module, "POOLS", declared)
    paths = tuple(pool.parameter for pool in declared)
    monkeypatch.setattr(parameters.MeansOfDay, "places", parameters.MeansOfDay.places._replace(parts=paths))

    built = world()
    pools, code = built.state.pools, built.regime_code["PBM"]
    mine = np.flatnonzero(pools.kind == PlaceKind.DEVICES)
    assert len(mine) == len(built.geography.interregions)
    assert pools.places[mine].sum() == pytest.approx(
        built.scenario.number("means.placements.external_places", built.day), abs=1
    )
    for quarter in range(0, len(built.state.quarters), 20):
        assert pool_number(built.state, code, quarter) == mine[built.state.quarters[quarter].region]


def test_places_of_semi_liberty_are_those_of_the_quarters_and_of_others():
    built = world()
    pools, quarters = built.state.pools, built.state.quarters
    elsewhere = built.scenario.number("means.placements.semi_liberty_elsewhere", built.day)
    own = quarters.limit[quarters.kind == QuarterKind.SL].sum()
    assert pools.places[pools.kind == PlaceKind.SEMI_LIBERTY].sum() == pytest.approx(own + elsewhere, abs=1)
    assert kind_of_places(Regime("LC", {}, ends_committal=True)) == PlaceKind.UNLIMITED
    assert pool_number(built.state, built.regime_code["LC"], 0) == -1


@pytest.mark.parametrize(("days", "places"), [(100_000_000, 1_050.0), (309_000, 309_000 / 365.25), (0, 0.0)])
def test_external_places_are_those_the_budget_pays_the_days_of(days, places):
    paid = world({"means.placements.external_days_paid": days, "means.placements.external_places": 1_050})
    unlimited = world({"means.placements.external_places": 1_050})
    found, others = paid.state.pools, unlimited.state.pools
    mine = found.kind == PlaceKind.EXTERNAL
    assert found.places[mine].sum() == pytest.approx(places * paid.fraction, abs=1)
    assert (found.places[~mine] == others.places[~mine]).all(), "the others are not theirs to pay"
