"""More means never make the thing they are for worse, on common random numbers; what is off changes nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.records.codes import Cause
from tests.neutral import OFF, OTHERWISE
from tests.worlds import BASELINE, run, scenario

pytestmark = pytest.mark.nightly

FRACTION = 0.04
PLAN = scenario().table("means.probation_service.priority", scenario().start_day)
"""Ranks of the tasks of the week."""
NOISE = 0.02
"""Share of dry releases within which two runs with the same luck may differ by chance."""


@cache
def causes(path: str, factor: float) -> Any:
    """Dry releases by cause over three years, a means being scaled, per hundred sentenced people who left."""
    extra = f"changes:\n  - {{on: 2022-01-01, scale: {path}, by: {factor}}}\n"
    exits = run(scenario(extra, end="2025-01-01", fraction=FRACTION)).tables["exits"]
    left = exits[(exits["sentenced"] == 1) & (exits["day"] > exits["day"].min() + 365)]
    return np.bincount(left["cause"][left["cause"] >= 0], minlength=len(Cause)) / len(left)


@pytest.mark.parametrize(
    ("path", "answers_for"),
    [
        ("means.probation_service.posts", (Cause.NO_COUNSELLOR, Cause.FILE_NOT_READY)),
        ("means.enforcement_courts.hearing_slots", (Cause.NOT_HEARD,)),
        ("means.placements.semi_liberty_elsewhere", (Cause.NO_PLACE_SL,)),
    ],
)
def test_more_of_a_means_lowers_what_it_answers_for(path: str, answers_for: tuple[Cause, ...]) -> None:
    """Half of it, what there is, three times as much: fewer dry releases for want of it, beyond chance."""
    least, today, most = (float(causes(path, factor)[list(answers_for)].sum()) for factor in (0.5, 1.0, 3.0))
    assert today <= least + NOISE
    assert most <= today + NOISE
    assert most < least


CHANGES = {
    "twice the counsellors": "- {on: 2023-01-01, scale: means.probation_service.posts, by: 2}",
    "hours half as many again": "- {on: 2023-01-01, scale: means.probation_service.week_hours, by: 1.5}",
    "thirty for one, with the posts": (
        "- {on: 2023-01-01, scale: means.probation_service.posts, by: 2.77}\n"
        "  - {on: 2023-01-01, set: means.probation_service.caseload_limit, to: 30}"
    ),
    "secretaries": "- {on: 2023-01-01, set: means.support.posts.secretaries, to: 200}",
    "social workers": "- {on: 2023-01-01, set: means.support.posts.social_workers, to: 282}",
}
SHARPEST = "twice the counsellors"
"""Tried at every corner of contact; the others at the corners by night."""
CONTACT = "practices.contact"
LEAST = ("consent", "lodging", "papers", "project", "confidence")
"""Effects of contact that are worst for releases at the low end of their ranges; of incidents, at the high one."""


@cache
def dry(change: str, contact: str) -> float:
    """Share of dry releases over two years of a tenth of the baseline, at a corner of what contact does."""
    base = scenario(world=BASELINE)
    overrides: dict[str, float] = {}
    if contact == "none":
        overrides = {f"{CONTACT}.most_interviews": 0}
    elif contact == "harmful":
        ranges = {name: base.parameters()[f"{CONTACT}.{name}"].range for name in (*LEAST, "incidents")}
        overrides = {f"{CONTACT}.{name}": ranges[name][name == "incidents"] for name in ranges}
    extra = f"changes:\n  {change}\n" if change else ""
    exits = run(scenario(extra, overrides, end="2026-01-01", fraction=0.1, world=BASELINE)).tables["exits"]
    left = exits[(exits["sentenced"] == 1) & (exits["day"] >= exits["day"].min() + 730)]
    return float((left["regime"] < 0).mean())


CORNERS = [
    pytest.param(
        words, contact, id=f"{name}-{contact}", marks=() if contact == "as it is" or name == SHARPEST else pytest.mark.slow
    )
    for name, words in CHANGES.items()
    for contact in ("as it is", "none", "harmful")
]


@pytest.mark.parametrize(("change", "contact"), CORNERS)
def test_more_of_a_service_never_raises_dry_releases(change: str, contact: str) -> None:
    """With common luck, whatever contact does within its ranges: no more dry releases than chance makes."""
    assert dry(change, contact) <= dry("", contact) + 0.005


def test_what_is_off_changes_nothing() -> None:
    """With each mechanism off, all that only it reads leaves every exit, decision and measure as they are, to the byte."""
    one = run(scenario(overrides=OFF, end="2023-07-01"))
    other = run(scenario(overrides={**OFF, **OTHERWISE}, end="2023-07-01"))
    for name in ("exits", "ends", "decisions", "measures", "leaves", "quarters", "nation"):
        assert one.tables[name].tobytes() == other.tables[name].tobytes(), name
    assert one.tables["services"]["adjourned"].sum() == one.tables["services"]["files_lost"].sum() == 0
    assert one.tables["panels"]["heard"].sum() == 0


def test_the_plan_of_the_week_can_be_reordered() -> None:
    """Interviews before files: more interviews, fewer files; hours are neither lost nor made."""
    first = {**PLAN, "more_interviews": 10.5}
    plain, talking = (
        run(scenario(overrides=overrides, fraction=0.02)).tables["services"]
        for overrides in ({}, {"means.probation_service.priority": first})
    )
    assert talking["interviews"].sum() > plain["interviews"].sum()
    assert talking["files_done"].sum() < plain["files_done"].sum()
    for services in (plain, talking):
        tasks = ("hours_used", "hours_duty", "hours_arrivals", "hours_reports", "hours_interviews")
        spent = sum(float(services[task].sum()) for task in tasks)
        # Sixteen hours a post and week.
        assert spent <= services["posts"].sum() * 16 * 365.25 / 12 / 7 * 1.02


def test_late_reports_put_hearings_off() -> None:
    """Where reports come last and files take all, the judge waits for them."""
    last = {**PLAN, "reports": 20}
    starved = {"means.probation_service.priority": last, "means.probation_service.interviews_wanted": 200}
    off = {"practices.hearings.adjourned_share": 0.0}
    services = run(scenario(overrides=off | starved, fraction=0.02)).tables["services"]
    on_time = run(scenario(overrides=off, fraction=0.02)).tables["services"]
    assert services["adjourned"].sum() > on_time["adjourned"].sum()
    assert services["adjourned"].sum() > 0.3 * services["heard"].sum()


def test_recruits_come_after_their_training() -> None:
    """Vacancies filled on a day are posts a training later, up to the theoretical staff."""
    extra = "changes:\n  - {on: 2022-03-01, set: means.probation_service.vacancies_filled, to: 1.0}\n"
    days = {"means.probation_service.training_days": 200}
    services = run(scenario(extra, overrides=days, end="2023-06-01", fraction=0.005)).tables["services"]
    posts = {day: float(services["posts"][services["day"] == day].sum()) / 0.005 for day in np.unique(services["day"])}
    trained = 19_052 + 200  # 1 March 2022 is day 19,052
    before = [number for day, number in posts.items() if day <= trained]
    after = [number for day, number in posts.items() if day > trained]
    assert max(before) < 1000
    assert after == pytest.approx([1200.0] * len(after), rel=0.001)
