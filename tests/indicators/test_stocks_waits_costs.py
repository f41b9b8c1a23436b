"""Stocks, density, waits, work, measures and costs on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.dates import add_months, parse_day
from sim.indicators.catalogue import CATALOGUE
from sim.indicators.costs import MEANS, costs
from sim.indicators.judges import judges
from sim.indicators.little import little
from sim.indicators.measures import measures
from sim.indicators.probation import probation
from sim.indicators.stocks import stocks
from sim.indicators.summary import TablesInMemory, measure
from sim.indicators.tidy import Figures
from sim.indicators.waits import waits
from sim.records.codes import Outcome
from sim.records.tables import Records
from sim.scenario import load_scenario
from tests.fabricated import CODEBOOK, START, add, census, context, fabricate

DAY = parse_day("2025-06-01")


def figures_of(indicator, records: Records, **settings: object):
    figures = Figures()
    indicator(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


@pytest.fixture
def steady() -> Records:
    records = Records(CODEBOOK)
    census(records, held=150, places=100, posts=2.0)
    return records


def test_stocks_are_means_of_the_censuses_and_add_up(steady):
    found = figures_of(stocks, steady)["measured"]["stock"]
    assert found["status=detained"] == 160
    assert found["status=under committal"] == 180
    assert found["status=remand"] + found["status=sentenced in a cell"] + found["status=measure inside"] == 160


def test_a_sample_is_weighted_but_density_is_not(steady):
    found = figures_of(stocks, steady, weight=20.0)["2025"]
    assert found["stock"]["status=detained"] == 3200
    assert found["density"]["all"] == pytest.approx(160 / 120)
    assert found["places"]["all"] == 2400


def test_density_by_kind_and_establishment(steady):
    found = figures_of(stocks, steady)["measured"]
    assert found["density"]["kind=MA"] == pytest.approx(1.5)
    assert found["density"]["kind=SL"] == pytest.approx(0.5)
    assert "kind=CD" not in found["density"].index, "no place and nobody: no figure"
    assert found["density"]["site=Fresnes"] == pytest.approx(1.5)
    assert found["over_capacity"]["all"] == 50
    assert found["share_in_crowded_quarters"]["density=≥150 %"] == pytest.approx(150 / 160)
    assert found["share_in_crowded_quarters"]["density=≥200 %"] == 0


def test_each_month_has_its_census(steady):
    found = figures_of(stocks, steady)
    assert found["2025-06-01"]["stock"]["status=detained"] == 160
    assert found["2025-06-01"]["density"]["kind=MA"] == pytest.approx(1.5)


def test_flows_are_yearly_even_when_the_last_month_is_not_told(steady):
    assert figures_of(stocks, steady)["2026"]["flow"]["flow=entries"] == 120
    short = Records(CODEBOOK)
    for month in range(11):
        add(short, "flows", day=add_months(parse_day("2026-01-01"), month + 1), entries=10)
    assert figures_of(stocks, short)["2026"]["flow"]["flow=entries"] == 120


def test_hearing_waits_leave_out_the_board_and_count_calendar_months():
    records = Records(CODEBOOK)
    for days in (30, 60, 90, 200):
        add(records, "decisions", day=DAY, adjustment=3, requested_day=DAY - days, outcome=Outcome.GRANTED)
    add(records, "decisions", day=DAY, adjustment=4, requested_day=DAY - 1, outcome=Outcome.NO_HOUSING, board=1)
    add(records, "decisions", day=DAY, adjustment=1, requested_day=DAY - 1, outcome=Outcome.NOT_EXAMINED)
    found = figures_of(waits, records)["2025"]
    assert found["hearing_wait_mean"]["all"] == pytest.approx(95)
    assert found["hearing_wait_median"]["all"] == pytest.approx(75)
    assert found["hearing_wait_p90"]["all"] == pytest.approx(167)
    assert found["hearing_past_legal_delay"]["all"] == pytest.approx(1 / 4)
    assert found["hearing_wait_mean"]["procedure=DDSE"] == pytest.approx(95)
    assert found["grant_rate"]["procedure=DDSE"] == 1
    assert found["grant_rate"]["procedure=LSC"] == 0
    assert "procedure=SL" not in found["grant_rate"].index, "not examined is not refused"


def test_a_request_that_a_board_decides_at_two_thirds_is_no_hearing():
    """Heard after 30 and 200 days, granted once; a board refuses three more after 400: the hearings are the two, to the day."""
    records = Records(CODEBOOK)
    add(records, "decisions", day=DAY, adjustment=3, requested_day=DAY - 30, outcome=Outcome.GRANTED)
    add(records, "decisions", day=DAY, adjustment=3, requested_day=DAY - 200, outcome=Outcome.REFUSED_RISK)
    for _ in range(3):
        add(records, "decisions", day=DAY, adjustment=3, requested_day=DAY - 400, outcome=Outcome.REFUSED_RISK, board=1)
    add(records, "decisions", day=DAY, adjustment=0, requested_day=DAY - 400, outcome=Outcome.GRANTED, board=1)
    found = figures_of(waits, records)["2025"]
    for group in ("all", "procedure=DDSE"):
        assert found["hearing_wait_mean"][group] == pytest.approx(115)
        assert found["hearing_past_legal_delay"][group] == pytest.approx(1 / 2)
    assert found["hearing_wait_median"]["all"] == pytest.approx(115)
    assert found["hearing_wait_p90"]["all"] == pytest.approx(183)
    assert found["grant_rate"].to_dict() == {"procedure=DDSE": 1 / 2}
    # What is decided is counted whoever decides it.
    assert found["decisions"]["procedure=DDSE,outcome=REFUSED_RISK"] == pytest.approx(4)
    assert found["decisions"]["procedure=LC,outcome=GRANTED"] == pytest.approx(1)


@pytest.mark.parametrize(("after", "late"), [(0, 0), (1, 1)])
def test_the_legal_delay_ends_on_the_same_day_of_the_fourth_month(after, late):
    requested = parse_day("2025-01-31")
    records = Records(CODEBOOK)
    add(records, "decisions", day=add_months(requested, 4) + after, adjustment=3, requested_day=requested)
    assert figures_of(waits, records)["2025"]["hearing_past_legal_delay"]["all"] == late


def test_the_legal_delay_is_that_of_the_court_and_of_the_assessment():
    """Five months: late before the judge, in time before the court of three; thirteen before it after an assessment of six."""
    records = Records(CODEBOOK)
    day = parse_day("2025-12-20")
    for months, given in ((5, 4), (5, 6), (13, 12), (11, 12)):
        add(records, "decisions", day=day, adjustment=3, requested_day=add_months(day, -months), legal_months=given)
    assert figures_of(waits, records)["2025"]["hearing_past_legal_delay"]["all"] == 0.5


def test_the_service(steady):
    found = figures_of(waits, steady)["measured"]
    assert found["caseload"]["all"] == 75
    assert found["assignment_wait_mean"]["all"] == 20
    assert found["waiting_for_counsellor"]["all"] == 5
    assert found["hours_used_share"]["all"] == pytest.approx(0.9)
    assert found["hours_offered"]["all"] == pytest.approx(1200)
    assert found["unmet_slots"]["all"] == 10
    assert found["caseload"]["site=Fresnes"] == 75


def test_measures_by_regime_and_origin():
    records = Records(CODEBOOK)
    add(records, "measures", day=DAY, regime=3, adjustment=3, start_day=DAY - 100)
    add(records, "measures", day=DAY, regime=3, adjustment=3, start_day=DAY - 50, withdrawn=1)
    add(records, "measures", day=DAY, regime=3, adjustment=-2, start_day=DAY - 200)
    add(records, "exits", day=DAY, regime=3, adjustment=3, sentenced=1)
    found = figures_of(measures, records)["2025"]
    assert found["measure_length_mean"]["regime=DDSE,origin=custody"] == 75
    assert found["measure_length_mean"]["regime=DDSE,origin=liberty"] == 200
    assert found["measure_withdrawn_share"]["regime=DDSE,origin=custody"] == pytest.approx(1 / 2)
    assert found["measures_begun"]["regime=DDSE,origin=custody"] == 1


def test_costs_are_people_times_days_times_price(steady):
    found = figures_of(costs, steady)["measured"]["cost"]
    assert found["place=cell,price=central"] == pytest.approx(150 * 365.25 * 105)
    assert found["place=DDSE,price=low"] == pytest.approx(20 * 365.25 * 9)
    parts = [found[f"place={place},price=high"] for place in ("cell", "SL", "PE", "DDSE", "LC", "probation")]
    assert found["place=places,price=high"] == pytest.approx(sum(parts))
    assert not [group for group in found.index if "all" in group], "days at the average price are added to nothing"


def test_what_is_paid_for_adds_up_and_is_counted_once(steady):
    found = figures_of(costs, steady)["measured"]
    means = found["cost_of_means"]
    for price in ("low", "central", "high"):
        assert sum(means[f"item={item},price={price}"] for item in MEANS if f"item={item},price={price}" in means.index) == (
            pytest.approx(means[f"item=all,price={price}"])
        )
    assert means["item=counsellors_inside,price=central"] == pytest.approx(2 * 60_000)
    assert means["item=counsellors_outside,price=central"] == pytest.approx(2 * 1.5 * 60_000), "those without files too"
    assert means["item=secretaries,price=high"] == pytest.approx(3 * 50_000)
    assert means["item=hearings,price=high"] == pytest.approx(20 * 12 * 300)
    assert means["item=hearings_elsewhere,price=low"] == pytest.approx(100 * 120)
    assert means["item=buildings,price=central"] == pytest.approx((100 * 300_000 + 20 * 120_000) / 40)
    assert means["item=buildings,price=low"] == pytest.approx((100 * 150_000 + 20 * 60_000) / 60), (
        "the longest life is the cheapest"
    )
    day = steady_prices()
    fixed = 100 * (day["cell"] - 25) + 20 * (day["SL"] - 12)
    assert means["item=running,price=central"] == pytest.approx(365.25 * fixed)
    assert means["item=devices,price=central"] == pytest.approx(20 * 365.25 * 5)
    marginal = found["cost_marginal"]
    assert marginal["place=cell,price=low"] == pytest.approx(150 * 365.25 * 10)
    assert "place=DDSE,price=central" not in marginal.index, "bought by the day: in the means"
    assert marginal["place=places,price=central"] == pytest.approx(
        sum(marginal[f"place={place},price=central"] for place in ("cell", "SL", "LC", "probation"))
    )


def test_a_full_prison_costs_the_same_at_both_readings():
    """As many people as places, no measures: running and marginal days are the average price, building apart."""
    records = Records(CODEBOOK)
    census(records, held=100, places=100)
    found = figures_of(costs, records)["measured"]
    cell = 100 * 365.25 * (steady_prices()["cell"] - 25) + found["cost_marginal"]["place=cell,price=central"]
    assert cell == pytest.approx(found["cost"]["place=cell,price=central"])


def test_a_tag_is_its_contract_and_the_people_who_follow(steady):
    found = figures_of(costs, steady)["measured"]
    lines = found["cost_of_tags"]
    assert lines["line=devices,price=central"] == pytest.approx(20 * 365.25 * 5)
    both = lines["line=devices,price=central"] + lines["line=people,price=central"]
    assert both == pytest.approx(found["cost"]["place=DDSE,price=central"])
    shares = found["budget_share"]
    assert shares["line=devices"] == pytest.approx(20 * 365.25 * 5 / 28e6)
    assert shares["line=alternatives"] == pytest.approx(20 * 365.25 * 5 / 52e6)
    assert shares["line=building"] == 0


def test_the_contract_of_the_baseline_is_the_budget_line_that_was_published():
    """Some 15,150 people tagged in 2023: 28 M€ of contract, and nearly as much again at the average price of the day."""
    world = load_scenario("baseline")
    day = parse_day("2023-07-01")
    days = 15_150 * 365.25
    budget = world.table("costs.budget", day)["devices"]
    assert days * world.number("costs.marginal_day.DDSE", day) / 1e6 == pytest.approx(budget, rel=0.02)
    assert days * world.number("costs.per_day.DDSE", day) / 1e6 > 1.8 * budget


def steady_prices() -> dict[str, float]:
    return {place: price.central for place, price in context().cost_per_day.items()}


def test_what_the_tables_do_not_hold_is_averaged_over_the_window():
    told = context(steps={"secretaries": ((START, 2.0), (parse_day("2025-07-02"), 4.0))})
    window = next(window for window in told.windows() if window.label == "2025")
    before = (parse_day("2025-07-02") - window.start_day) / 365
    assert told.mean_of("secretaries", window) == pytest.approx(2 * before + 4 * (1 - before))
    assert told.mean_of("nobody", window) == 0


def test_judges_and_free_convicts(steady):
    """Six heard a month of ten who come, 200 days each; fifteen hearings in prisons a month, of 352 a judge holds in a year."""
    found = figures_of(judges, steady)["measured"]
    assert found["free_convict_wait_mean"]["all"] == 200
    assert found["free_convicts_absent_share"]["all"] == pytest.approx(1 / 6)
    assert found["free_convicts_decided"]["outcome=enforced"] == 24
    assert found["judges"]["use=in_post"] == 450
    assert found["judges"]["use=prisons"] == pytest.approx(15 * 12 / 352)
    assert found["judges"]["use=free_convicts"] == pytest.approx(6 * 12 / 352)
    assert found["judges"]["use=deadline"] == 0


def test_probation_is_counted_a_year(steady):
    found = figures_of(probation, steady, weight=10.0)["measured"]
    assert found["on_probation"]["all"] == 500
    assert found["on_probation"]["against=unchanged"] == 100
    assert found["probation_flow"]["movement=began"] == pytest.approx(4 * 12 * 10)
    assert found["community_work_hours"]["all"] == pytest.approx(200 * 12 * 10)
    assert found["community_work_not_done"]["all"] == 0.25


def test_free_convicts_keep_littles_law(steady):
    """Ten a month, 180 days each: 59 in line, where 60 are."""
    found = figures_of(little, steady)["measured"]
    assert found["time_inside_mean"]["stock=free convicts"] == 180
    assert found["little_ratio"]["stock=free convicts"] == pytest.approx(120 * 180 / 365.25 / 60)


def test_the_lever_costs_its_posts():
    cost = []
    for posts in (2.0, 3.0):
        records = Records(CODEBOOK)
        census(records, posts=posts)
        cost.append(figures_of(costs, records)["measured"]["cost_of_means"])
    assert cost[1]["item=all,price=low"] - cost[0]["item=all,price=low"] == pytest.approx(50_000)
    assert cost[1]["item=all,price=high"] - cost[0]["item=all,price=high"] == pytest.approx(1.2 * 70_000)


def test_every_figure_is_in_the_catalogue_and_every_entry_is_computed():
    computed = set(measure(TablesInMemory(fabricate()), context())["indicator"])
    assert computed == set(CATALOGUE)


def test_each_figure_is_given_once():
    frame = measure(TablesInMemory(fabricate()), context())
    assert not frame.duplicated(["period", "indicator", "group"]).any()
