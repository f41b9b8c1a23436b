"""A policy against its baseline: paired, exactly 0 where nothing changes, person by person."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.dates import iso
from sim.errors import RequestError
from sim.experiments.compare import ABSENT, compare, latest_pair, route_changes
from tests.experiments.conftest import FakeScenario

BASE, POLICY = FakeScenario("world"), FakeScenario("policy", grant=0.6)


def row(comparison, indicator: str, group: str) -> pd.Series:
    figures = comparison.figures
    (found,) = figures[
        (figures["period"] == "measured") & (figures["indicator"] == indicator) & (figures["group"] == group)
    ].to_dict("records")
    return pd.Series(found)


def test_differences_are_those_of_each_pair(run):
    outcome = run(BASE, POLICY)
    comparison = compare(*outcome.runs)
    dry = row(comparison, "dry_rate_exits", "all")
    each = [
        frame[(frame["period"] == "measured") & (frame["indicator"] == "dry_rate_exits") & (frame["group"] == "all")][
            "value"
        ].to_numpy()
        for frame in (outcome.runs[0].indicators(), outcome.runs[1].indicators())
    ]
    assert dry["difference"] == pytest.approx((each[1] - each[0]).mean())
    assert dry["difference"] < 0
    assert dry["half_width"] > 0
    assert dry["n"] == 3
    assert "chance only, 3 replications" in comparison.interval
    assert comparison.caveats


def test_two_worlds_that_are_the_same_differ_by_exactly_nothing(run):
    comparison = compare(*run(BASE, FakeScenario("same")).runs)
    assert len(comparison.figures) > 500
    assert (comparison.figures["difference"] == 0).all()
    assert comparison.figures["half_width"].isna().all(), "no interval of width zero"
    changes = route_changes(comparison)
    assert (changes["base"] == changes["policy"]).all()


def test_with_one_replication_there_is_no_interval(run):
    comparison = compare(*run(BASE, POLICY, replications=1).runs)
    assert math.isnan(row(comparison, "dry_rate_exits", "all")["half_width"])
    assert "no interval" in comparison.interval


def test_who_changes_route_is_counted_person_by_person(run):
    outcome = run(BASE, POLICY, replications=2)
    changes = route_changes(compare(*outcome.runs)).set_index(["base", "policy"])["people_per_year"]
    expected: dict[tuple[str, str], int] = {}
    for replication in (0, 1):
        routes = []
        for arm in outcome.runs:
            exits = arm.table("exits", replication)
            manifest = arm.manifest
            chosen = exits[
                (exits["sentenced"] == 1)
                & (exits["spell"] == 0)
                & exits["day"].between(manifest.measure_from_day, manifest.end_day)
            ]
            routes.append(
                {
                    person: "DDSE" if regime >= 0 else "dry"
                    for person, regime in zip(chosen["person"], chosen["regime"], strict=True)
                }
            )
        for person in routes[0].keys() | routes[1].keys():
            pair = (routes[0].get(person, ABSENT), routes[1].get(person, ABSENT))
            expected[pair] = expected.get(pair, 0) + 1
    per_year = 365.25 / 730 / 2
    assert changes.to_dict() == pytest.approx({pair: number * per_year for pair, number in expected.items()})
    assert ("DDSE", "dry") not in changes.index, "more grants take a measure from nobody"
    assert ("dry", "DDSE") in changes.index


@pytest.mark.parametrize(
    ("other", "settings", "words"),
    [
        (POLICY, {"seed": 2}, "seed 1 and 2.*Run both with the same --seed"),
        (FakeScenario("policy", end_day=BASE.end_day - 1), {}, "last day"),
        (FakeScenario("policy", sampling_fraction=0.5), {}, "fraction 1.0 and 0.5"),
    ],
)
def test_runs_that_cannot_be_paired_are_refused_with_the_way_out(run, other, settings, words):
    first, second = run(BASE, replications=1), run(other, replications=1, **settings)
    with pytest.raises(RequestError, match=words):
        compare(first.runs[0], second.runs[0])


def test_runs_of_two_versions_are_not_paired(run, monkeypatch):
    first = run(BASE, replications=1)
    monkeypatch.setattr("sim.experiments.units.engine_digest", lambda: "another")
    second = run(POLICY, replications=1)
    with pytest.raises(RequestError, match=r"code .* and another.*Run both again"):
        compare(first.runs[0], second.runs[0])


def test_runs_without_a_common_replication_are_refused(run, monkeypatch):
    first, second = run(BASE, replications=2).runs[0], run(POLICY, replications=1).runs[0]
    first.manifest.replications.pop(0)
    with pytest.raises(RequestError, match="none in common"):
        compare(first, second)


def test_names_mean_the_latest_runs_that_can_be_paired(run, tmp_path):
    run(BASE, POLICY, replications=1)
    run(BASE, replications=1, seed=9)  # later, but the policy has no run of this seed
    base, policy = latest_pair("world", "policy", tmp_path / "results")
    assert (base.manifest.seed, policy.manifest.seed) == (1, 1)
    by_path = latest_pair(str(base.path), "policy", tmp_path / "results")
    assert by_path[0].run_id == base.run_id
    with pytest.raises(RequestError, match="no finished run of 'polcy'"):
        latest_pair("world", "polcy", tmp_path / "results")
    assert iso(base.manifest.start_day) == "2024-01-01"


def test_what_a_lever_costs_is_divided_by_what_it_moves_pair_by_pair():
    """Known answer: 2,000 euros more for four dry releases fewer and two people held fewer, and one arm that costs nothing."""
    import pandas as pd  # noqa: PLC0415

    from sim.experiments.compare import cost_ratios  # noqa: PLC0415

    def arm(cost, dry, held):
        rows = []
        for number in range(3):
            rows += [
                (number, "measured", "cost_of_means", "item=all,price=central", cost + number),
                (number, "measured", "dry_releases", "all", dry - 0.01 * number),
                (number, "measured", "stock", "status=detained", held),
            ]
        return pd.DataFrame(rows, columns=["replication", "period", "indicator", "group", "value"])

    base, policy = arm(10_000.0, 100.0, 50.0), arm(12_000.0, 96.0, 48.0)
    policy.loc[policy["indicator"] == "dry_releases", "value"] += [0.1, -0.1, 0.0]
    found = cost_ratios(base, policy).set_index("per")
    assert found.loc["dry release avoided", "value"] == pytest.approx(500)
    assert found.loc["dry release avoided", "low"] < 500 < found.loc["dry release avoided", "high"]
    assert found.loc["place freed", "value"] == pytest.approx(1_000)
    assert set(found["cost"]) == {"central"}
    assert len(cost_ratios(base, base)) == 0, "what costs nothing more has no price"
    assert len(cost_ratios(policy, base)) == 0, (
        "what saves money while more leave dry has no price, though the ratio is positive"
    )
    worse = arm(12_000.0, 104.0, 48.0)
    assert set(cost_ratios(base, worse)["per"]) == {"place freed"}, "money spent on more dry releases avoids none"
