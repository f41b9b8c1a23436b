"""Judges as posts, courts that differ, people not brought to a hearing, and hearings beyond the slots."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.experiments.measurement import context_for
from sim.indicators.summary import TablesInMemory, measure
from sim.institutions.enforcement_court import list_request, take_sitting
from sim.institutions.parameters import read_means
from sim.records.codes import Cause
from sim.scenario.checking_changes import check_changes
from tests.worlds import FinishedRun, bare_system, run, scenario

COURTS, HEARINGS = "means.enforcement_courts", "practices.hearings"
SMALL: dict[str, Any] = {"start": "2022-01-01", "end": "2024-06-01", "fraction": 0.01}
IN_PRISONS = {f"{COURTS}.extra_judges_share": {"prisons": 1.0, "free_convicts": 0.0, "open_setting": 0.0}}


@cache
def world(*overrides: tuple[str, Any]) -> FinishedRun:
    return run(scenario(overrides={path: dict(v) if isinstance(v, tuple) else v for path, v in overrides}, **SMALL))


@cache
def in_prisons(judges: float) -> FinishedRun:
    return run(scenario(overrides={**IN_PRISONS, f"{COURTS}.extra_judges": judges}, **SMALL))


def test_a_judge_hears_sittings_times_files_and_shares_them() -> None:
    """Twenty judges of 44 sittings of 8 files: 7,040 a year, 14 % in prisons and 23 % of free convicts; none below 0."""
    base, more = scenario(), scenario(overrides={f"{COURTS}.extra_judges": 20})
    day = more.end_day
    before, after = read_means(base, day), read_means(more, day)
    assert after.hearing_slots - before.hearing_slots == pytest.approx(20 * 44 * 8 * 0.14)
    assert after.extra_free_slots == pytest.approx(20 * 44 * 8 * 0.23)
    assert before.extra_free_slots == 0
    none = read_means(scenario(overrides={**IN_PRISONS, f"{COURTS}.extra_judges": -90}), day)
    assert none.hearing_slots == 0


def test_more_judges_move_hearings_waits_and_dry_releases() -> None:
    """Fewer, none and more on the same luck: hearings rise, waits fall, and so do those not heard in time."""
    told = []
    for judges in (-25.0, 0.0, 60.0):
        here = in_prisons(judges)
        services, decisions, exits = (here.tables[name] for name in ("services", "decisions", "exits"))
        heard = decisions[(decisions["quality"] >= 0) & (decisions["day"] > here.scenario.start_day + 365)]
        left = exits[(exits["sentenced"] == 1) & (exits["day"] > here.scenario.start_day + 365)]
        told.append(
            (
                int(services["heard"].sum()),
                -float((heard["day"] - heard["requested_day"]).mean()),
                -float((left["cause"] == Cause.NOT_HEARD).mean()),
                -float((left["regime"] < 0).mean()),
            )
        )
    for fewer, none, more in zip(*told, strict=True):
        assert fewer < none < more


def test_check_tells_hearings_in_judges() -> None:
    """A change of hearings says how many judges it stands for, one of judges how many hearings."""
    changes = """changes:
  - {on: 2022-07-01, add: means.enforcement_courts.hearing_slots, by: 3520}
  - {on: 2022-07-01, add: means.enforcement_courts.extra_judges, by: 10}
  - {on: 2022-07-01, set: means.enforcement_courts.longest_wait_days, to: 120}
"""
    slots, judges, deadline = (line.remarks for line in check_changes(scenario(changes)))
    assert any("+10.0 judges" in remark and "extra_judges" in remark for remark in slots)
    assert any("+493 hearings a year in prisons" in remark and "+810" in remark for remark in judges)
    assert any("hearings_beyond_slots" in remark for remark in deadline)


# ---- courts differ -----------------------------------------------------------------------------------------------------


def test_a_court_leans_alike_in_every_scenario_and_unlike_in_another_replication() -> None:
    spread = world((f"{HEARINGS}.court_spread", 0.6))
    plain, other = world(), run(scenario(end="2022-02-01"), replication=1)
    leans: Any = spread.world.state.courts
    assert np.array_equal(leans.leaning, plain.world.state.courts.leaning)
    assert not np.array_equal(leans.leaning, other.world.state.courts.leaning)
    sites = len(spread.world.site_share)
    assert np.average(leans.leaning[:sites], weights=spread.world.site_share) == pytest.approx(0, abs=1e-12)
    assert 0.8 < leans.leaning.std() < 1.2


def test_courts_that_differ_grant_differently_and_as_much_in_all() -> None:
    """The lenient half of the courts grants more than the severe half, only where courts differ; the mean moves little."""

    def rates(here: FinishedRun) -> tuple[float, float, float]:
        decisions = here.tables["decisions"]
        heard = decisions[decisions["quality"] >= 0]
        lenient = here.world.state.courts.leaning[heard["site"]] > 0
        granted = heard["outcome"] == 0
        return float(granted[lenient].mean()), float(granted[~lenient].mean()), float(granted.mean())

    alike, differ = rates(world()), rates(world((f"{HEARINGS}.court_spread", 1.0)))
    assert differ[0] - differ[1] > 0.15
    assert abs(alike[0] - alike[1]) < 0.1
    assert differ[2] == pytest.approx(alike[2], abs=0.05)


# ---- people not brought, hearings beyond the slots ---------------------------------------------------------------------


def test_a_cancelled_extraction_puts_the_hearing_off() -> None:
    """Half of the hearings out of the prison, half of these cancelled: a quarter put off, once each, and counted as such."""
    off = {f"{HEARINGS}.adjourned_share": 0.0, "means.probation_service.report_hours": 0.0}
    none = world(*off.items())
    cut = world(*off.items(), (f"{HEARINGS}.extraction_share", 0.5), (f"{HEARINGS}.extraction_cancelled_share", 0.5))
    services = cut.tables["services"]
    assert none.tables["services"]["adjourned"].sum() == 0
    assert (services["cancelled"] == services["adjourned"]).all()
    # A quarter of those called for the first time: a quarter of all if nobody put off is called again, a fifth if all are.
    assert 0.2 - 0.03 < services["cancelled"].sum() / services["heard"].sum() < 0.25 + 0.03


def test_what_a_deadline_takes_is_counted() -> None:
    """Two slots and five people, three of whom would be late: one of them is heard beyond the slots."""
    state, people = bare_system(5)
    court = state.courts[0]
    nation: Any = state.nation
    court.per_day, court.interval, court.notice, court.credit, nation.season = 2.0, 1, 0, 0.0, 1.0
    for person, since in zip(people, (5, 200, 5, 200, 200), strict=True):
        person.requested_day = nation.day - since
        list_request(state, court, person)
    assert len(take_sitting(state, court, nation.day - 120)) == 4
    assert (court.slots, court.heard, court.beyond) == (4, 4, 2)


def test_hearings_beyond_the_slots_and_judges_are_told() -> None:
    """A deadline kept with few hearings: what it takes a year, and the judges that are; none where nothing is kept."""
    few = {f"{COURTS}.hearing_slots": 8_000.0}
    told = {}
    for longest in (100_000, 120):
        here = run(scenario(overrides={**few, f"{COURTS}.longest_wait_days": longest}, **SMALL))
        frame = measure(TablesInMemory(here.world.records), context_for(here.scenario))
        told[longest] = frame[frame["period"] == "2023"].set_index(["indicator", "group"])["value"]
    assert told[100_000]["hearings_beyond_slots", "all"] == 0
    assert told[100_000]["hearing_past_legal_delay", "all"] > 0.3
    assert told[120]["hearing_past_legal_delay", "all"] == 0
    beyond = told[120]["hearings_beyond_slots", "all"]
    assert beyond > 1_000
    # Those of courts of three are among them.
    assert told[120]["judges", "use=deadline"] >= beyond / (44 * 8)
    assert told[120]["judges", "use=in_post"] == 450
    assert told[120]["free_convict_wait_mean", "all"] == pytest.approx(250, abs=40)
    assert told[120]["little_ratio", "stock=free convicts"] == pytest.approx(1, abs=0.1)
