"""The week of a counsellor: its hours add up, each task asks what its table says, other grades leave what they cannot do."""

from __future__ import annotations

from typing import Any

import pytest

from sim.institutions.parameter_readers import in_order_of
from sim.institutions.probation_service import enrol, wait_for_counsellor
from sim.institutions.working_week import (
    GRADES,
    TASKS,
    WEEKS,
    Grade,
    Task,
    begin_week,
    hours_present,
    hours_wanted,
    serve_task,
    undone,
)
from sim.scenario import load_scenario
from tests.worlds import bare_system, run, scenario

SERVICE = "means.probation_service"
BASELINE = load_scenario("baseline")
HOURS = [task for task in TASKS if task not in {"preparation", "more_interviews"}]


def office(**values: float) -> tuple[Any, Any]:
    """An office of ten counsellors who hold 800 people, and the tables; parameters of the service by name."""
    state, _ = bare_system(1)
    one: Any = state.offices[0]
    one.posts, one.held, one.share = 10.0, 800, 0.01
    parameters: Any = state.parameters
    for name, value in values.items():
        setattr(parameters.probation_service, name, value)
    return one, state


def test_a_week_is_the_statutory_one_less_leave_and_absence() -> None:
    """35 hours, 1,607 a year, one in ten away: 27.7 a week of the year."""
    _, state = office(week_hours=35.0, leave_share=0.12, absence_share=0.10)
    assert hours_present(state.parameters.probation_service) == pytest.approx(27.72)
    year_hours = 35 * 365.25 / 7 * (1 - 0.12)
    assert year_hours == pytest.approx(1607, abs=1)


def test_tasks_are_served_by_rank() -> None:
    """The smallest number first; tasks ranked alike in the order they are listed; every task has a rank in the baseline."""
    assert in_order_of([9, 2, 2, 1, 0]) == [4, 3, 1, 2, 0]
    ranks = BASELINE.table(f"{SERVICE}.priority", BASELINE.start_day)
    assert set(ranks) == set(TASKS)
    assert in_order_of([ranks[task] for task in TASKS])[-2:] == [Task.PREPARATION, Task.MORE_INTERVIEWS]


@pytest.mark.parametrize(
    ("task", "values", "hours"),
    [
        (Task.TRAVEL, {"travel_hours": 0.7}, 7.0),
        (Task.ADMINISTRATION, {"administration_hours": 10.0}, 100.0),
        (Task.DUTY, {"duty_hours": 0.025}, 20.0),
        (Task.BOARDS, {"opinions_wanted": 3.0, "opinion_hours": 0.25}, 600 / WEEKS),
        (Task.INTERVIEWS, {"interviews_kept": 1.5, "interview_hours": 1.0}, 1200 / WEEKS),
        (Task.MORE_INTERVIEWS, {"interviews_kept": 1.5, "interviews_wanted": 6.0, "interview_hours": 1.0}, 3600 / WEEKS),
    ],
)
def test_a_task_asks_what_its_table_says(task: Task, values: dict[str, float], hours: float) -> None:
    """By post, by person held, by year."""
    one, state = office(interview_days=5.0, week_hours=35.0, **values)
    assert hours_wanted(one, task, state) == pytest.approx(hours)
    assert serve_task(one, task, 1000.0, state) == pytest.approx(hours)
    assert serve_task(one, task, 3.0, state) == pytest.approx(3.0)
    assert serve_task(one, task, -1.0, state) == 0.0


def test_follow_up_interviews_take_a_day_and_a_half_at_most() -> None:
    """interview_days of five, of the hours there are: those kept count in them."""
    values = {"interviews_kept": 1.0, "interviews_wanted": 50.0, "interview_hours": 1.0, "week_hours": 30.0}
    one, state = office(interview_days=1.5, **values)
    kept = hours_wanted(one, Task.INTERVIEWS, state)
    assert kept + hours_wanted(one, Task.MORE_INTERVIEWS, state) == pytest.approx(10 * 30 * 1.5 / 5)
    one, state = office(interview_days=0.1, **values)
    assert hours_wanted(one, Task.INTERVIEWS, state) == pytest.approx(10 * 30 * 0.1 / 5)
    assert hours_wanted(one, Task.MORE_INTERVIEWS, state) == 0.0


@pytest.mark.parametrize(("grade", "task"), [(0, Task.ADMINISTRATION), (1, Task.SOCIAL), (2, Task.ARRIVALS), (3, Task.BOARDS)])
def test_what_a_grade_cannot_do_falls_on_counsellors(grade: int, task: Task) -> None:
    """Its work less its hours, under the task it stands for; enough posts of it and nothing falls."""
    one, state = office(week_hours=30.0)
    support: Any = state.parameters.support
    support.work[:] = support.posts[:] = 0.0
    before = hours_wanted(one, task, state)
    support.work[grade], support.posts[grade] = 0.1, 100.0
    left = 800 * 0.1 - 0.01 * 100 * 30
    assert undone(one, grade, 30.0, state) == pytest.approx(left)
    begin_week(one, state)
    assert hours_wanted(one, task, state) - before == pytest.approx(left)
    for other in Task:
        if other not in (task, Task.PREPARATION):
            assert hours_wanted(one, other, state) == pytest.approx(hours_wanted(office(week_hours=30.0)[0], other, state))
    support.posts[grade] = 10_000.0
    assert undone(one, grade, 30.0, state) == 0.0
    assert [name for name in GRADES if Grade[name.upper()] == grade]


def test_what_waits_and_what_is_lost() -> None:
    """Arrivals, reports and surveys not done wait for another week; a hearing not attended is past."""
    one, state = office()
    one.arrivals_due = one.reports_due = one.surveys_due = one.hearings_due = 5.0
    for task in (Task.ARRIVALS, Task.REPORTS, Task.SURVEYS, Task.HEARINGS):
        assert serve_task(one, task, 2.0, state) == 2.0
    assert (one.arrivals_due, one.reports_due, one.surveys_due, one.hearings_due) == (3.0, 3.0, 3.0, 0.0)
    assert one.late == pytest.approx(0.6)


def spent(overrides: dict[str, Any], **kwargs: Any) -> dict[str, float]:
    """Hours a week for a post, by task, files and hours unused included, over some months of the baseline."""
    services = run(scenario(overrides=overrides, world="baseline.yaml", **kwargs)).tables["services"]
    assert set(HOURS) <= {name[6:] for name in services.dtype.names if name.startswith("hours_")}
    services = services[services["day"] > services["day"].min()]  # the first day tells no month
    weeks = float(services["posts"].sum()) * 365.25 / 12 / 7
    columns = {task: f"hours_{task}" for task in (*HOURS, "unused")} | {"preparation": "hours_used"}
    return {task: float(services[column].sum()) / weeks for task, column in columns.items()}


@pytest.mark.slow
def test_hours_of_the_tasks_add_up_to_the_week() -> None:
    """What is done and what is left over is what there was, in the baseline and when a whole grade is missing."""
    day = BASELINE.measure_from_day
    present = 1.0
    for name in ("leave_share", "absence_share"):
        present *= 1 - BASELINE.number(f"{SERVICE}.{name}", day)
    present *= BASELINE.number(f"{SERVICE}.week_hours", day)
    posts = dict(BASELINE.table("means.support.posts", day))
    here = {"start": "2022-01-01", "end": "2024-01-01", "fraction": 0.02}
    usual, alone = spent({}, **here), spent({"means.support.posts": {**posts, "secretaries": 0.0}}, **here)
    for hours in (usual, alone):
        assert sum(hours.values()) == pytest.approx(present, rel=0.01)
    assert alone["administration"] > usual["administration"] + 1
    gives_way = [sum(hours[task] for task in ("preparation", "interviews", "unused")) for hours in (usual, alone)]
    assert gives_way[1] < gives_way[0] - 1


def test_whoever_waits_for_a_counsellor_writes_moves_and_is_examined_as_others_are() -> None:
    """Two who wait beside 800 who are followed: 802 for duty, opinions and the work of other grades; interviews for the 800."""
    one, state = office(duty_hours=0.025, interviews_kept=1.0, interview_hours=1.0, opinions_wanted=2.0, opinion_hours=0.5)
    support: Any = state.parameters.support
    support.work[:] = support.posts[:] = 0.0
    before = {task: hours_wanted(one, task, state) for task in Task}
    state.queues[one.queue].length = 2
    more = {task: hours_wanted(one, task, state) - before[task] for task in Task}
    assert more[Task.DUTY] == pytest.approx(2 * 0.025)
    assert more[Task.BOARDS] == pytest.approx(2 * 2.0 * 0.5 * 7 / 365.25)
    assert more[Task.INTERVIEWS] == 0.0
    support.work[0] = 0.1
    assert undone(one, 0, 30.0, state) == pytest.approx(802 * 0.1)


@pytest.mark.parametrize(("listed", "hours"), [(enrol, 1.5), (wait_for_counsellor, 0.0)])
def test_newcomers_are_seen_when_they_arrive_and_who_was_found_there_is_not(listed: Any, hours: float) -> None:
    """The assessment is due on the day of arrival, whether or not a counsellor comes before the person leaves."""
    bare, people = bare_system(1)
    state: Any = bare
    state.parameters.probation_service.arrival_hours = 1.5
    people[0].site = 0
    listed(state, people[0], 40)
    assert state.offices[0].arrivals_due == pytest.approx(hours)
    assert people[0].enrolled_day == 40
