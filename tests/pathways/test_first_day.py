"""The first day of the baseline is found as the model leaves its days: who sleeps where, and where requests stand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.institutions.prisons import QuarterKind
from sim.population.person import FileState
from sim.records.codes import Status
from tests.worlds import BASELINE, FinishedRun, run, scenario

pytestmark = pytest.mark.nightly

FRACTION = 0.05


@cache
def _lived(end: str) -> FinishedRun:
    return run(scenario(end=end, fraction=FRACTION, world=BASELINE))


def _shares(world: FinishedRun) -> dict[str, float]:
    """Of the people serving in a cell who want something: file under way, before the judge."""
    people = world.people[world.people.status == Status.SENTENCED]
    barred = (people.file == FileState.NONE) & (people.barred_until > world.world.day)
    wanting = int(
        np.isin(people.file, (FileState.WANTED, FileState.OPEN, FileState.READY, FileState.LODGED, FileState.LISTED)).sum()
        + barred.sum()
    )
    under_way = int(np.isin(people.file, (FileState.OPEN, FileState.READY)).sum())
    before_the_judge = int(np.isin(people.file, (FileState.LODGED, FileState.LISTED)).sum())
    return {"under way": under_way / wanting, "before the judge": before_the_judge / wanting}


def test_requests_stand_about_as_two_years_later() -> None:
    """A month after the first day files are under way and requests before the judge, as in a world that has run in."""
    first, later = _shares(_lived("2022-02-01")), _shares(_lived("2024-01-01"))

    assert first["under way"] > 0.5 * later["under way"]
    assert first["before the judge"] == pytest.approx(later["before the judge"], abs=0.10)


def test_adjusted_exits_do_not_fall_through_the_first_year() -> None:
    """As many leave on a measure in the second half-year as in the first: no hole where the first day had no file under way."""
    world = _lived("2024-01-01")
    exits, start = world.tables["exits"], world.scenario.start_day
    granted = exits["day"][(exits["regime"] >= 0) & (exits["day"] < start + 365)] - start
    first, second = int((granted < 183).sum()), int((granted >= 183).sum())

    assert second > 0.75 * first


def test_establishments_for_sentenced_people_are_full_on_the_first_day() -> None:
    """As full as is practised, since people were moved on before the run: not remand prisons in their stead."""
    quarters = _lived("2022-01-15").tables["quarters"]
    world = _lived("2022-01-15")
    kinds = np.array(world.world.state.quarters.kind)[quarters["quarter"]]
    found = quarters["day"] == quarters["day"].min()
    density = {
        kind: (quarters["remand"] + quarters["sentenced"])[found & (kinds == kind)].sum()
        / quarters["capacity"][found & (kinds == kind)].sum()
        for kind in (QuarterKind.MA, QuarterKind.CD)
    }

    assert density[QuarterKind.CD] > 0.85
    assert density[QuarterKind.MA] < 1.45


def test_whoever_was_found_is_not_assessed_again() -> None:
    """The hours of arrival assessments of the first month are those of the people who came in it."""
    services = _lived("2024-01-01").tables["services"]
    hours = [float(services["hours_arrivals"][services["day"] == day].sum()) for day in np.unique(services["day"])[:13]]

    assert max(hours[:3]) < 2.0 * np.mean(hours[6:])


def test_whoever_is_found_on_a_measure_has_left_a_cell_or_never_was_in_one() -> None:
    """A new offence is dated from that day: with none, it would be dated in 1970, and the return be at once."""
    people = _lived("2022-01-15").people
    on_measure = np.isin(people.status, (Status.MEASURE_INSIDE, Status.MEASURE_OUTSIDE, Status.CONDITIONAL_RELEASE))
    assert on_measure.sum() > 500
    from_cell = people[on_measure & (people.home_stay == 0)]
    assert len(from_cell) > 200
    assert from_cell.left_day.min() == _lived("2022-01-15").scenario.start_day - 1
    assert (from_cell.left_regime >= 0).all()
