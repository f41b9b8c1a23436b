"""Waits cut short, rights not met, Little's law, subgroups, and who changes route: worked out by hand on small tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from sim.dates import parse_day
from sim.indicators.censored import Wait, censored_waits, survival
from sim.indicators.little import little
from sim.indicators.returns import returns
from sim.indicators.rights import rights
from sim.indicators.routes_changed import DRY, NOT_THERE, NOT_YET, matrix_of_changes, routes_changed
from sim.indicators.subgroups import AGES, subgroups
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.codes import Outcome
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, add, census, context, fabricate

DAY = parse_day("2025-06-01")


def figures_of(indicator, records: Records, **settings: object):
    figures = Figures()
    indicator(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


def test_the_curve_is_that_of_scipy():
    """Product-limit estimate against ``scipy.stats.ecdf`` on ties, zeros and a last wait cut short."""
    luck = np.random.default_rng(3).random((2, 500))
    wait = Wait((luck[0] * 40).astype(np.int64), luck[1] < 0.6)
    days, still = survival(wait)
    curve = ecdf(CensoredData(uncensored=wait.days[wait.reached], right=wait.days[~wait.reached])).sf

    assert np.array_equal(days, curve.quantiles)
    assert still == pytest.approx(curve.probabilities, abs=1e-12)


def test_a_wait_cut_short_counts_as_a_wait():
    """Two heard after 30 and 90 days, one who left after 60: the median is 90, not 60."""
    records = Records(CODEBOOK)
    for days in (30, 90):
        add(records, "decisions", day=DAY, adjustment=3, outcome=Outcome.GRANTED, requested_day=DAY - days)
    add(records, "exits", day=DAY, person=9, sentenced=1, committed_day=DAY - 100, requested_day=DAY - 60, cause=3)
    found = figures_of(censored_waits, records)["2025"]

    assert found["wait_quantile"]["step=hearing,quantile=0.5"] == 90
    assert found["wait_unserved"]["step=hearing"] == pytest.approx(1 / 3)
    assert found["wait_served"]["step=hearing,days=60"] == pytest.approx(1 / 3)
    assert "step=counsellor" not in found["wait_unserved"].index  # nobody was ever assigned


def test_a_wait_for_a_hearing_that_a_board_ends_is_cut_short():
    """Heard after 30 and 90 days, one decided by a board after 60, one who left after 100, and a release of § I: no request."""
    records = Records(CODEBOOK)
    for days, board in ((30, 0), (90, 0), (60, 1)):
        add(records, "decisions", day=DAY, adjustment=3, outcome=Outcome.GRANTED, requested_day=DAY - days, board=board)
    add(records, "decisions", day=DAY, adjustment=4, outcome=Outcome.GRANTED, requested_day=DAY - 5, board=1)
    add(records, "exits", day=DAY, person=9, sentenced=1, committed_day=DAY - 200, requested_day=DAY - 100, cause=3)
    found = figures_of(censored_waits, records)["2025"]

    # 3/4 still wait after 30 days; of the two left at 90 one is heard: 3/8.
    assert found["wait_quantile"].to_dict() == {"step=hearing,quantile=0.5": 90}
    assert found["wait_served"]["step=hearing,days=60"] == pytest.approx(1 / 4)
    assert found["wait_served"]["step=hearing,days=122"] == pytest.approx(5 / 8)
    assert found["wait_unserved"]["step=hearing"] == pytest.approx(1 / 3), "of three, one by the end of the stay"


def test_room_and_floor():
    """150 people in 100 places every month, 10 in 20 elsewhere: 50 above, the floor their square over the places."""
    records = Records(CODEBOOK)
    census(records)
    found = figures_of(rights, records, weight=2.0)["2025"]

    assert found["days_above_capacity"]["all"] == pytest.approx(2 * 50 * 365.25)
    assert found["days_above_capacity"]["kind=CD"] == 0
    assert found["on_the_floor"]["all"] == pytest.approx(2 * 0.345 * 50 * 50 / 100)


def test_days_past_eligibility_and_past_the_legal_delay():
    """Counted from the day the law opened, for those it opened for; beyond four calendar months, the never heard included."""
    records = Records(CODEBOOK)
    add(records, "exits", day=DAY, person=1, sentenced=1, eligible_day=DAY - 80, cause=3, requested_day=parse_day("2025-01-01"))
    add(records, "exits", day=DAY, person=2, sentenced=1, eligible_day=DAY - 20, regime=3, adjustment=3)
    add(records, "exits", day=DAY, person=3, sentenced=1, cause=0)
    add(records, "decisions", day=DAY, adjustment=3, requested_day=parse_day("2025-01-22"))
    add(records, "decisions", day=DAY, adjustment=4, requested_day=parse_day("2024-01-22"), board=1)
    add(records, "decisions", day=DAY, adjustment=3, requested_day=parse_day("2025-01-12"), board=1)
    add(records, "decisions", day=DAY, adjustment=3, requested_day=parse_day("2025-01-02"), legal_months=6)
    found = figures_of(rights, records)["2025"]

    assert found["days_past_eligibility"]["all"] == 100
    assert found["days_past_eligibility_mean"]["route=dry"] == 80
    assert found["days_past_legal_delay"]["all"] == sum(
        max(DAY - parse_day(day), 0) for day in ("2025-05-01", "2025-05-22", "2025-05-12", "2025-07-02")
    ), "a request decided by a board waited for its hearing until then; the court of three has six months"


def test_little_is_one_in_a_steady_state():
    """A bed taken for 73 days, five times a year, over again: flow times time is the stock."""
    records = Records(CODEBOOK)
    start, person = parse_day("2024-01-01"), 0
    for first in range(start, start + 1096, 73):
        for _ in range(20):
            person += 1
            add(records, "exits", day=first + 73, person=person, sentenced=1, committed_day=first, cause=0)
            add(records, "measures", day=first + 73, person=person, regime=3, adjustment=3, start_day=first)
    from tests.fabricated import months  # noqa: PLC0415

    for day in months():
        add(records, "nation", day=day, detained=20)
        add(records, "flows", day=day, entries=100 / 12 + 0.5)
        add(records, "standing", day=day, regime=3, custody=15, liberty=5)
    found = figures_of(little, records)["2025"]

    assert found["little_ratio"]["stock=DDSE"] == pytest.approx(1, abs=0.01)
    assert found["time_inside_mean"]["stock=detained"] == 73
    assert found["little_ratio"]["stock=detained"] == pytest.approx(8 * 12 * 73 / 365.25 / 20)


def test_subgroups_add_up():
    """Ages partition the exits; so do bands within the two halves of a group."""
    found = figures_of(subgroups, fabricate())["measured"]["exits_per_year"]
    ages = sum(found[f"age={name}"] for name in AGES)
    crossed = found[[g.startswith("sex=") for g in found.index]].sum()

    assert ages == pytest.approx(crossed)
    assert found["age=25–34"] == ages > 0


def test_who_changes_route():
    """Person by person: an earlier tag, a return that no longer happens, a stay still under way; the rest stay put."""
    arms = [Records(CODEBOOK), Records(CODEBOOK)]
    for records in arms:
        add(records, "exits", day=DAY, person=1, sentenced=1, cause=3)
        add(records, "ends", day=DAY, person=1, sentenced=1)
    add(arms[0], "exits", day=DAY + 9, person=2, sentenced=1, cause=3)
    add(arms[0], "ends", day=DAY + 9, person=2, sentenced=1)
    add(arms[1], "exits", day=DAY - 21, person=2, sentenced=1, regime=3, adjustment=3)
    add(arms[0], "exits", day=DAY + 200, person=2, stay=1, sentenced=1, cause=3)
    add(arms[1], "exits", day=DAY, person=3, sentenced=1, regime=0, adjustment=0)
    found = routes_changed(*(TablesInMemory(r) for r in arms), context())

    assert found[["person", "stay", "base", "policy"]].to_numpy().tolist() == [
        [1, 0, DRY, DRY],
        [2, 0, DRY, "DDSE"],
        [2, 1, DRY, NOT_THERE],
        [3, 0, NOT_YET, "LC"],
    ]
    assert found["days_earlier"].tolist()[:2] == [0, 30]
    assert np.isnan(found["days_earlier"].to_numpy()[2:]).all()
    table = matrix_of_changes(found, context(weight=4.0))
    assert table.loc[DRY, "DDSE"] == pytest.approx(4 / context().windows()[0].years)
    assert table.to_numpy().sum() == pytest.approx(16 / context().windows()[0].years)


def test_two_equal_arms_change_nobody():
    """The same tables twice: the matrix is its diagonal, nobody earlier; and no reconviction differs, by exactly nothing."""
    arms = [fabricate(), fabricate()]
    changes = routes_changed(*(TablesInMemory(r) for r in arms), context())

    assert (changes["base"] == changes["policy"]).all()
    assert (changes["days_earlier"].dropna() == 0).all()
    figures = [figures_of(returns, records) for records in arms]
    assert (figures[0] - figures[1]).eq(0).all()


def test_a_policy_that_changes_no_route_changes_no_reconviction():
    """Other decisions, other waits, other quarters, the same exits: the difference is exactly 0 under all three assumptions."""
    base, policy = fabricate(), fabricate()
    add(policy, "decisions", day=DAY, adjustment=3, outcome=Outcome.REFUSED_RISK, requested_day=DAY - 400)
    census(policy, held=90, posts=9.0)
    found = [figures_of(returns, records) for records in (base, policy)]

    assert len(found[0]) > 50
    assert (found[0] - found[1]).eq(0).all()
