"""Release-preparation units (SAS): a move there keeps the file, by agreement; partners work on it, counsellors are more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.institutions.prisons import QuarterKind
from sim.pathways.application import open_file
from sim.pathways.transfers import move_people, transfer
from sim.population.person import CounsellorState, FileState
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

FORMS = ("DDSE", "SL", "LC", "PE")
UNIT = {
    **OFF,
    **NO_BOARDS,
    **NO_HEARINGS,
    "practices.files.hours": dict.fromkeys(FORMS, 100.0),
    "practices.files.external_days": dict.fromkeys(FORMS, 40.0),
    "practices.files.hours_variation": 0.01,
    "practices.files.external_variation": 0.01,
    "practices.files.most_hours_a_week": 2.0,
}


def unit_of(small: Small) -> int:
    """Give the establishment a quarter of the kind, as many do; its other quarters are left alone."""
    quarters: Any = small.state.quarters
    return int(np.flatnonzero(quarters.kind == QuarterKind.SAS)[0])


@pytest.mark.parametrize(("kept", "left"), [(1.0, 60.0), (0.5, 80.0)])
def test_a_move_to_a_unit_keeps_the_file(kept: float, left: float) -> None:
    """Forty hours of a hundred were spent: sixty are left to the next counsellor, eighty where half of the work is lost."""
    small = prison(1, UNIT | {"practices.release_units.file_kept": kept}, {"total_months": 20})
    state = small.state
    person = state.people[small.slots[0]]
    _open(person, state)
    state.offices[small.site].progress += 0.4 * person.needed
    needed = person.needed
    transfer(person, unit_of(small), state)
    assert person.file == FileState.WANTED
    assert person.hours_left == pytest.approx(left / 100.0 * needed, rel=1e-6)
    assert person.counsellor == CounsellorState.WAITING
    assert state.offices[small.site].active == 0
    open_file(person, state)
    assert person.file == FileState.OPEN
    assert state.files[person.file_place].until - state.offices[person.site].progress == pytest.approx(left / 100.0 * needed)
    assert (small.state.quarters[person.quarter].kind, person.site) == (QuarterKind.SAS, state.quarters[person.quarter].site)


@pytest.mark.parametrize(("kept", "kind"), [(0.0, QuarterKind.SAS), (1.0, QuarterKind.CD)])
def test_elsewhere_the_file_is_begun_again(kept: float, kind: QuarterKind) -> None:
    """Another kind of establishment, or the mechanism off."""
    small = prison(1, UNIT | {"practices.release_units.file_kept": kept}, {"total_months": 20})
    state = small.state
    person = state.people[small.slots[0]]
    _open(person, state)
    state.offices[small.site].progress += 0.4 * person.needed
    quarters: Any = state.quarters
    transfer(person, int(np.flatnonzero(quarters.kind == kind)[0]), state)
    assert person.hours_left == -1.0
    assert person.file in (FileState.NONE, FileState.WANTED)


def _open(person: Any, state: Any) -> None:
    person.file = FileState.WANTED
    person.counsellor = CounsellorState.HELD
    state.offices[person.site].held += 1
    state.queues[state.offices[person.site].queue].length -= 1
    open_file(person, state)


def test_what_is_ready_stays_ready() -> None:
    """The request is lodged on its day, at the new court."""
    small = prison(1, UNIT | {"practices.release_units.file_kept": 1.0}, {"total_months": 20})
    person = small.state.people[small.slots[0]]
    person.file, person.lodge_day = FileState.READY, small.world.day + 10
    transfer(person, unit_of(small), small.state)
    assert (person.file, person.lodge_day) == (FileState.READY, small.world.day + 10)


@pytest.mark.parametrize(("chosen", "moved"), [(0.0, 10), (1.0, 0)])
def test_nobody_goes_who_wants_no_measure(chosen: float, moved: int) -> None:
    """Ten people unwilling, for as many places: none goes where agreement is asked for."""
    small = prison(10, UNIT | {"practices.release_units.chosen_share": chosen}, {"total_months": 11, "consents": False})
    state = small.state
    quarters: Any = state.quarters
    quarters.region[unit_of(small)] = quarters.region[state.people[small.slots[0]].home_quarter]
    quarters.limit[quarters.kind == QuarterKind.SAS] = 50
    move_people(state, 100.0)
    assert (quarters.kind[small.people["quarter"]] == QuarterKind.SAS).sum() == moved


def test_partners_do_part_of_the_work_and_answer_sooner() -> None:
    """Two thirds of the hours and half of the days of a file begun elsewhere."""
    changes = {"practices.release_units.hours_factor": 2 / 3, "practices.release_units.answers_factor": 0.5}
    found = []
    for inside in (False, True):
        small = prison(1, UNIT | changes, {"total_months": 20})
        state = small.state
        person = state.people[small.slots[0]]
        if inside:
            transfer(person, unit_of(small), state)
            person.file = FileState.WANTED
        open_file(person, state)
        found.append((person.needed, person.external_day - small.world.day))
    assert found[1][0] == pytest.approx(found[0][0] * 2 / 3)
    assert found[1][1] == pytest.approx(found[0][1] / 2, abs=1)


def test_a_unit_has_a_ratio_of_its_own() -> None:
    """Posts follow weighted people: where units are, more; elsewhere less; as many in all."""
    even, weighted = (
        prison(1, UNIT | {"means.probation_service.posts_by_kind": {"SAS": weight}}, {}).state for weight in (1.0, 3.0)
    )
    quarters: Any = even.quarters
    with_unit = np.unique(quarters.site[(quarters.kind == QuarterKind.SAS)])
    before, after = (np.array(state.offices["posts"]) for state in (even, weighted))
    assert after.sum() == pytest.approx(before.sum())
    assert after[with_unit].sum() > before[with_unit].sum()
    others = np.setdiff1d(np.arange(len(before)), with_unit)
    assert (after[others] <= before[others]).all()
