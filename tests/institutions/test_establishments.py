"""Places: the ministry's table, its masked lines, and what a fraction or a scenario makes of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.dates import parse_day
from sim.errors import DataError
from sim.institutions.prisons import KINDS, QuarterKind, groups, home_shares, places_on, read_geography, roomiest
from sim.scenario import observed_file
from sim.simulation.run import geography

if TYPE_CHECKING:
    from pathlib import Path

BASE = parse_day("2025-10-01")


def test_the_country_has_its_published_places() -> None:
    """Operational places on 1 October 2025 add up to the published 62,501, by kind as published."""
    places = geography()
    by_kind = [0] * len(KINDS)
    for quarter in places.quarters:
        by_kind[quarter.kind] += quarter.places.at(BASE)

    assert sum(by_kind) == 62_501
    assert by_kind[:5] == [36_090, 20_438, 1_843, 1_908, 1_629]
    # 277 lines on that date, two of them without places.
    assert len([q for q in places.quarters if q.places.at(BASE)]) == 275


def test_masked_counts_are_imputed_at_the_density_of_the_kind() -> None:
    """People held add up to what is published by establishment, and a little more for the masked lines."""
    held = sum(quarter.base_detainees for quarter in geography().quarters)

    assert 84_560 < held < 85_300


def test_homes_are_remand_prisons_in_proportion() -> None:
    """People are committed to remand prisons only: an interregion in proportion to all it holds, each to the people there."""
    places = geography()
    shares, quarters = home_shares(places)
    each = np.diff(shares, prepend=0.0)
    region = np.array([q.interregion for q in places.quarters])
    held = np.array([q.base_detainees for q in places.quarters], dtype=np.float64)

    by_region = np.bincount(region[quarters], weights=each)
    assert by_region == pytest.approx(np.bincount(region, weights=held) / held.sum())
    first = region[quarters] == region[quarters][0]
    assert each[first] / each[first].sum() == pytest.approx(held[quarters][first] / held[quarters][first].sum())

    assert shares[-1] == pytest.approx(1.0)
    assert {places.quarters[q].kind for q in quarters} == {QuarterKind.MA}
    assert (shares[1:] > shares[:-1]).all()


def places_by_kind(extra: dict[int, float], fraction: float) -> list[int]:
    """Add up the places of the base date, kind by kind."""
    kinds = [quarter.kind for quarter in geography().quarters]
    return np.bincount(kinds, weights=places_on(geography(), BASE, extra, fraction), minlength=len(KINDS)).astype(int).tolist()


@pytest.mark.parametrize("fraction", [1.0, 0.1, 0.01])
def test_a_fraction_keeps_the_total_of_each_kind(fraction: float) -> None:
    """Rounding in cumulation loses no more than half a place of a kind."""
    by_kind = places_by_kind({}, fraction)
    for found, total in zip(by_kind[:5], [36_090, 20_438, 1_843, 1_908, 1_629], strict=True):
        assert found == pytest.approx(total * fraction, abs=0.51)


def test_extra_places_are_shared_among_the_kind() -> None:
    """A scenario's places come on top, in proportion, and nowhere else."""
    assert places_by_kind({QuarterKind.SL: 1_000.0}, 1.0)[:5] == [36_090, 20_438, 1_843, 1_908, 2_629]


def test_the_roomiest_quarter_is_chosen_and_full_ones_are_not() -> None:
    """Free places count the filling practised; a full interregion has no roomiest quarter."""
    places = geography()
    limits = places_on(places, BASE, {}, 1.0).tolist()
    order, first = groups(places)
    state = SimpleNamespace(
        nation=SimpleNamespace(regions=len(places.interregions)),
        by_group=order,
        first_of_group=first,
        quarters=[SimpleNamespace(limit=limit, remand=0, sentenced=0) for limit in limits],
    )
    quarters = next(
        mine
        for region in range(len(places.interregions))
        if len(mine := [q.index for q in places.quarters if q.kind == QuarterKind.SL and q.interregion == region]) > 1
    )
    region = places.quarters[quarters[0]].interregion
    best = roomiest(state, QuarterKind.SL, region)
    assert best in quarters
    assert limits[best] == max(limits[q] for q in quarters)
    state.quarters[best].remand, state.quarters[best].sentenced = 1, limits[best] - 1
    assert roomiest(state, QuarterKind.SL, region) in set(quarters) - {best}
    for quarter in quarters:
        state.quarters[quarter].sentenced = limits[quarter]
    assert roomiest(state, QuarterKind.SL, region) == -1


def test_a_broken_table_says_where(tmp_path: Path) -> None:
    """An unknown kind of quarter names the file and the line; a missing base date names the dates there are."""
    text = observed_file("establishments.csv").read_text(encoding="utf-8").splitlines()
    broken = tmp_path / "establishments.csv"
    broken.write_text("\n".join([text[0], text[1].replace("CD/QCD", "CD/QQQ")]), encoding="utf-8")
    with pytest.raises(DataError, match=r"line 2: quarter_type 'CD/QQQ'"):
        read_geography(broken, BASE)
    broken.write_text("\n".join(text[:3]), encoding="utf-8")
    with pytest.raises(DataError, match="base date"):
        read_geography(broken, BASE)
    with pytest.raises(DataError, match="cannot be read"):
        read_geography(tmp_path / "nowhere.csv", BASE)
