"""Each mechanism that a scenario can switch off, on and off: it changes those it is for, and nobody else.

Where nothing is scarce no life touches another, so that a mechanism may change only the people it is about. They are read in
the world where it is off: whoever asked, was heard, was granted, was withdrawn. Everybody else has the same rows everywhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from sim.institutions.prisons import QuarterKind
from sim.records.codes import Cause, Lodging, Movement, Outcome
from tests.neutral import OFF, PLENTY
from tests.worlds import FinishedRun, run, scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    People = Callable[[FinishedRun], NDArray[np.int64]]

pytestmark = pytest.mark.nightly

FORMS = ("DDSE", "SL", "PE", "LC")
SERVICE, COURTS, PLACES = "means.probation_service", "means.enforcement_courts", "means.placements"
HEARINGS, MEASURES, UNITS = "practices.hearings", "practices.measures", "practices.release_units"
GROUPS = {
    "property": 0.6,
    "violence": -0.5,
    "drugs": 0.4,
    "sexual": -0.5,
    "road": 0.7,
    "homicide": 0.2,
    "other": 0.1,
    "foreign": -0.7,
    "female": 0.4,
    "under_25": 0.3,
}
PLAIN: Mapping[str, Any] = {
    **OFF,
    **PLENTY,
    # Nobody is found before the judge: whoever is heard has asked in the run.
    "stock.requests": {"decided": 0.45, "pending": 0.0, "prepared": 0.0},
    # Enough of what is rare.
    f"{MEASURES}.withdrawn": dict.fromkeys(FORMS, 0.5),
}
FEW_SITTINGS = {f"{COURTS}.hearing_slots": 12_000.0}
"""For what only shows where hearings are waited for."""
SLOW = {f"{HEARINGS}.instruction_days": 120}
UNITS_OPEN = {
    "practices.allocation.fill.SAS": 5.0,
    "means.establishments.extra_places.SAS": 20_000.0,
    "practices.allocation.transfers_per_week": 100.0,
}
"""Room in release units for everybody, and in no other kind of establishment for sentenced people."""
HOURS = {"practices.files.most_hours_a_week": 0.5}
"""For what only shows where a file takes weeks."""
PROSECUTOR_DAYS = 20
NO_NOTICE = "changes:\n  - {on: 2022-09-01, set: law.procedure.notice_days, to: 0, applies_to: everyone}\n"


# ---- whom a mechanism is about ---------------------------------------------------------------------------------------


def movers(movement: Movement, *, detail: str = "", value: str = "") -> People:
    """People with a movement, of a regime (``detail``) or by procedures whose code begins so (``value``)."""

    def found(world: FinishedRun) -> NDArray[np.int64]:
        events = world.tables["events"]
        mine = events["movement"] == movement
        if detail:
            codes = [a.code for a in world.world.adjustments] if movement in _OF_ADJUSTMENTS else list(world.world.regime_code)
            mine &= events["detail"] == codes.index(detail)
        if value:
            codes = [i for i, a in enumerate(world.world.adjustments) if a.code.startswith(value)]
            mine &= np.isin(events["value"], codes)
        return np.unique(events["person"][mine])

    return found


_OF_ADJUSTMENTS = (Movement.FILE_OPENED, Movement.REQUESTED)
asked = movers(Movement.REQUESTED)
opened = movers(Movement.FILE_OPENED)
withdrawn = movers(Movement.WITHDRAWN)


def decided(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever a judge or a board decided about."""
    return np.unique(world.tables["decisions"]["person"])


def granted_by_the_judge(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever a hearing granted something."""
    decisions = world.tables["decisions"]
    heard = np.isin(decisions["adjustment"], world.world.state.hearing_codes)
    return np.unique(decisions["person"][heard & (decisions["outcome"] == Outcome.GRANTED)])


def granted_or_nearly_too_late(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever a hearing granted something, and whoever never asked and had just the days of the shortest path left.

    Of these only the cause changes: with twenty days more, what a counsellor had not begun could not have been heard.
    """
    exits, parameters = world.tables["exits"], world.world.state.parameters
    begun = np.maximum(exits["convicted_day"], exits["committed_day"] + parameters.probation_service.arrival_days)
    spare = [exits["end_day"] - day - parameters.files.shortest_path_days for day in (begun, exits["assigned_day"])]
    nearly = np.any([(days >= 0) & (days < PROSECUTOR_DAYS) for days in spare], axis=0)
    never_asked = (exits["regime"] < 0) & (exits["requested_day"] < 0)
    return np.union1d(granted_by_the_judge(world), exits["person"][nearly & never_asked])


def examined_or_put_off(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever a board examined, or put off until they left."""
    exits = world.tables["exits"]
    return np.union1d(movers(Movement.EXAMINED)(world), exits["person"][exits["cause"] == Cause.NOT_HEARD])


def tagged_or_decided(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever began a tag, and whoever was decided about: a board gives no tag that nobody can fit."""
    return np.union1d(movers(Movement.PLACED, detail="DDSE")(world), decided(world))


def not_heard_in_time(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever asked and was heard some four months later, or never."""
    events = world.tables["events"]
    heard = events[events["movement"] == Movement.HEARD]
    size = int(events["person"].max()) + 1
    requests, hearings = (
        np.bincount(people, minlength=size)
        for people in (events["person"][events["movement"] == Movement.REQUESTED], heard["person"])
    )
    return np.union1d(heard["person"][heard["value"] > 118], np.flatnonzero(requests > hearings))


def went_before_the_board(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever a permission to go out was decided of."""
    return np.unique(world.tables["leaves"]["person"])


def unwilling(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever left dry for having asked for nothing."""
    exits = world.tables["exits"]
    return np.unique(exits["person"][exits["cause"] == Cause.DECLINED])


def without_a_home(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever has no home to go to at first."""
    exits = world.tables["exits"]
    people = world.people
    return np.union1d(exits["person"][exits["lodging"] != Lodging.HOME], people["id"][people["lodging_day"] > 0])


def moved_to_a_unit(world: FinishedRun) -> NDArray[np.int64]:
    """Whoever was moved to a release unit."""
    events, quarters = world.tables["events"], world.world.state.quarters
    moved = events[events["movement"] == Movement.TRANSFERRED]
    return np.unique(moved["person"][quarters.kind[moved["quarter"]] == QuarterKind.SAS])


def nobody(_world: FinishedRun) -> NDArray[np.int64]:
    """Where hours have no end, what they are spent on changes nobody."""
    return np.zeros(0, dtype=np.int64)


class Mechanism(NamedTuple):
    """What switches it on, whom it is about, and the world it is tried in."""

    on: Mapping[str, Any]
    about: People
    beside: Mapping[str, Any] = {}
    either: bool = False
    """Whether those it is about may show in the world where it is on only."""


MECHANISMS = {
    "hearings put off": Mechanism({f"{HEARINGS}.adjourned_share": 0.4}, asked),
    "people not brought": Mechanism(
        {f"{HEARINGS}.extraction_share": 0.8, f"{HEARINGS}.extraction_cancelled_share": 0.5}, asked
    ),
    "courts that differ": Mechanism({f"{HEARINGS}.court_spread": 0.8}, decided),
    "the prosecutor's suspensive appeal": Mechanism({f"{HEARINGS}.suspensive_appeal_share": 0.4}, granted_by_the_judge),
    "the day the prosecutor has": Mechanism({f"{HEARINGS}.prosecutor_days": PROSECUTOR_DAYS}, granted_or_nearly_too_late),
    "the prosecutor's requisitions": Mechanism({f"{HEARINGS}.unfavourable_share": 0.6}, decided),
    "requisitions under a removal measure": Mechanism({f"{HEARINGS}.unfavourable_share_removal": 0.9}, decided),
    "referral to the chamber": Mechanism({f"{HEARINGS}.referral_share": 0.6}, not_heard_in_time, SLOW),
    "the season": Mechanism(
        {f"{HEARINGS}.season": [1.05, 1.0, 1.1, 1.0, 1.0, 1.1, 0.8, 0.45, 1.1, 1.1, 1.1, 0.8]}, asked, FEW_SITTINGS
    ),
    "an enforced deadline": Mechanism({f"{COURTS}.longest_wait_days": 100}, asked, FEW_SITTINGS),
    "a home that suffices": Mechanism({f"{HEARINGS}.housing_suffices": 1.0}, decided),
    "courts of three": Mechanism({f"{COURTS}.panel_slots": 4_000_000.0}, movers(Movement.REQUESTED, detail="LC")),
    "boards that are full": Mechanism({f"{COURTS}.board_slots": 6_000}, examined_or_put_off, either=True),
    "counsellors who leave": Mechanism({f"{SERVICE}.turnover": 0.5}, movers(Movement.ASSIGNED)),
    "reports to the judge": Mechanism({f"{SERVICE}.report_hours": 4.0}, nobody),
    "interviews": Mechanism({f"{SERVICE}.interviews_wanted": 12.0}, nobody),
    "interviews that are kept": Mechanism({f"{SERVICE}.interviews_kept": 2.0}, nobody),
    "administration": Mechanism({f"{SERVICE}.administration_hours": 5.0}, nobody),
    "travel": Mechanism({f"{SERVICE}.travel_hours": 1.0}, nobody),
    "attending hearings": Mechanism({f"{SERVICE}.hearing_hours": 1.0}, nobody),
    "opinions for the board": Mechanism({f"{SERVICE}.opinions_wanted": 3.0}, nobody),
    "surveys for a tag": Mechanism({f"{SERVICE}.survey_hours": 1.0}, nobody),
    "the work of other grades": Mechanism(
        {"means.support.work": {"secretaries": 0.1, "social_workers": 0.1, "psychologists": 0.1, "managers": 0.1}}, nobody
    ),
    "recruits": Mechanism({f"{SERVICE}.vacancies_filled": 1.0, f"{SERVICE}.target_reached": 1.0}, nobody),
    "hosts who refuse": Mechanism(
        {"practices.placements.external_agreed_share": 0.2}, movers(Movement.FILE_OPENED, detail="PE")
    ),
    "tags that are fitted slowly": Mechanism({f"{PLACES}.fittings_a_week": 100.0}, tagged_or_decided),
    "failures to come back": Mechanism({f"{MEASURES}.absent_share": {"SL": 0.9, "PE": 0.9}}, withdrawn),
    "warnings": Mechanism({f"{MEASURES}.warned_share": 0.7}, withdrawn),
    "placements turned into semi-liberty": Mechanism(
        {f"{MEASURES}.turned_share": 1.0}, movers(Movement.WITHDRAWN, detail="PE")
    ),
    "probationary measures": Mechanism({f"{MEASURES}.probation_share": 0.9}, granted_by_the_judge),
    "second measures": Mechanism({f"{MEASURES}.second_share": 0.9}, withdrawn),
    "permissions": Mechanism({"practices.leave.asking_share": 0.6}, went_before_the_board, either=True),
    "permissions asked for with a file": Mechanism(
        {"practices.leave.with_file_share": 0.6}, went_before_the_board, either=True
    ),
    "places to live in": Mechanism({"practices.lodging.asked_share": 0.8}, without_a_home, either=True),
    "the pace of searches for a home": Mechanism({"practices.lodging.search_pace": 2.0}, without_a_home),
    "groups in decisions": Mechanism({f"{HEARINGS}.groups": GROUPS}, decided),
    "unwilling people with little to gain": Mechanism({"practices.files.serve_out_days": 300}, unwilling),
    "the ratio of release units": Mechanism({f"{SERVICE}.posts_by_kind": {"SAS": 2.0}}, nobody),
    "a file kept by a move to a release unit": Mechanism({f"{UNITS}.file_kept": 1.0}, moved_to_a_unit, UNITS_OPEN, either=True),
    "agreement to a release unit": Mechanism({f"{UNITS}.chosen_share": 1.0}, moved_to_a_unit, UNITS_OPEN, either=True),
    "hours of partners in release units": Mechanism(
        {f"{UNITS}.hours_factor": 0.5}, moved_to_a_unit, {**HOURS, **UNITS_OPEN}, either=True
    ),
    "answers in release units": Mechanism({f"{UNITS}.answers_factor": 0.3}, moved_to_a_unit, UNITS_OPEN, either=True),
    "thin files": Mechanism({"practices.files.least_share": 0.3, "practices.files.pressed_days": 400}, opened, HOURS),
    "the load of the open setting": Mechanism({"means.open_setting.survey_power": 1.0}, opened),
    "withdrawals under constraint": Mechanism({f"{MEASURES}.withdrawn_lsc_factor": 0.2}, movers(Movement.PLACED, value="LSC")),
}


ELSEWHERE = {
    "flows.pool.absent_per_month": "pathways/test_free_convicts.py",
    "means.enforcement_courts.deadline_from_free_convicts": "pathways/test_free_convicts.py",
    "means.enforcement_courts.extra_judges": "institutions/test_judges.py",
    "means.enforcement_courts.free_convicts_follow": "pathways/test_free_convicts.py",
    "means.establishments.extra_places": "institutions/test_establishments.py",
    "means.probation_service.interview_days": "institutions/test_working_week.py",
    "practices.contact.confidence": "pathways/test_contact.py",
    "practices.contact.consent": "pathways/test_contact.py",
    "practices.contact.incidents": "pathways/test_contact.py",
    "practices.contact.lodging": "pathways/test_contact.py",
    "practices.contact.most_interviews": "pathways/test_contact.py",
    "practices.contact.papers": "pathways/test_contact.py",
    "practices.contact.project": "pathways/test_contact.py",
    "flows.probation.failed_load": "pathways/test_probation.py",
    "flows.probation.instead": "pathways/test_probation.py",
    "means.open_setting.vacancies_filled": "verification/test_monotone.py",
    "means.placements.external_days_paid": "institutions/test_places.py",
    "means.programmes.intake": "pathways/test_programmes.py",
    "practices.removal.executed": "pathways/test_removal.py",
    "reconviction.prison.per_month": "pathways/test_series.py",
    "reconviction.prison.per_stay": "pathways/test_series.py",
    "reconviction.probation": "pathways/test_probation.py",
    "population.further.per_year": "pathways/test_further.py",
    "population.long_sentences.life": "pathways/test_law_in_the_run.py",
    "population.long_sentences.listed": "verification/test_every_rule_moves.py",
    "population.long_sentences.ssj_incurred": "pathways/test_law_in_the_run.py",
    "population.long_sentences.surety": "pathways/test_law_in_the_run.py",
    "population.on_officials": "pathways/test_edges_of_law.py",
    "practices.allocation.fill": "institutions/test_establishments.py",
    "practices.boards.examined_ahead_days": "pathways/test_two_thirds.py",
    "practices.boards.form_first_share": "pathways/test_form_before_place.py",
    "practices.boards.order": "pathways/test_order_and_deadline.py",
    "practices.boards.requests_decided_share": "pathways/test_two_thirds.py",
    "practices.boards.right_informed_share": "pathways/test_causes.py",
    "practices.boards.right_lodging_share": "pathways/test_causes.py",
    "practices.boards.right_reached_factor": "pathways/test_causes.py",
    "practices.boards.right_refused_share": "pathways/test_causes.py",
    "practices.boards.same_standard": "pathways/test_two_thirds.py",
    "practices.care.asking_share": "pathways/test_care.py",
    "practices.density.takes": "pathways/test_density_and_ties.py",
    "practices.ties.decision": "pathways/test_density_and_ties.py",
    "practices.ties.incidents": "pathways/test_density_and_ties.py",
    "practices.ties.lodging": "pathways/test_density_and_ties.py",
    "practices.work.asking_share": "pathways/test_work.py",
    "practices.early_release.home_a_week": "pathways/test_early_release.py",
    "practices.early_release.reduction_a_week": "pathways/test_early_release.py",
    "practices.files.first_days": "pathways/test_order_and_deadline.py",
    "practices.files.order": "pathways/test_order_and_deadline.py",
    "practices.hearings.order": "pathways/test_order_and_deadline.py",
    "practices.hearings.two_thirds_bonus": "pathways/test_two_thirds.py",
    "practices.remission.credit_withdrawn": "pathways/test_remission_withdrawn.py",
    "practices.remission.reduction_withdrawn": "pathways/test_remission_withdrawn.py",
    "practices.measures.after_probation": "pathways/test_incidents.py",
    "practices.measures.answers": "pathways/test_incidents.py",
    "practices.measures.incident_hours": "pathways/test_incidents.py",
    "practices.measures.incident_load": "pathways/test_incidents.py",
    "practices.measures.incident_person": "pathways/test_incidents.py",
    "practices.measures.incidents_per_withdrawal": "pathways/test_incidents.py",
    "practices.measures.length_power": "pathways/test_incidents.py",
    "practices.measures.other_measure_days": "pathways/test_incidents.py",
    "practices.placements.tag_patience_days": "pathways/test_nobody_vanishes.py",
    "practices.remission.foreseen": "pathways/test_expected_end.py",
    "practices.remission.work_gain": "pathways/test_mechanisms.py",
}
"""Mechanisms that reach everybody or need another world, and the tests that switch them on."""


def test_every_mechanism_that_can_be_off_is_switched_on_somewhere() -> None:
    """Whatever has a neutral value is tried here, or named by the test that tries it."""
    here = {path for mechanism in MECHANISMS.values() for path in mechanism.on}
    assert OFF.keys() - here - ELSEWHERE.keys() == set()
    assert ELSEWHERE.keys() - OFF.keys() == set()
    tests = Path(__file__).resolve().parents[1]
    unnamed = {path for path, file in ELSEWHERE.items() if path.rsplit(".", 1)[1] not in (tests / file).read_text("utf-8")}
    assert unnamed == set()


# ---- the same people, twice --------------------------------------------------------------------------------------------


def live(overrides: Mapping[str, Any], extra: str = "") -> FinishedRun:
    """Sixteen months, around the beginning of the release as of right."""
    return run(scenario(extra, {**PLAIN, **overrides}, start="2022-09-01", end="2023-12-31"), keep_events=True)


@cache
def _off(*beside: tuple[str, Any]) -> FinishedRun:
    return live(dict(beside))


def lives(world: FinishedRun) -> dict[int, bytes]:
    """Every row about each person, in every table that has one, in its order."""
    found: dict[int, bytes] = {}
    for name in ("events", "exits", "ends", "decisions", "measures", "leaves"):
        table = world.tables[name]
        if not len(table):
            continue
        table = table[np.argsort(table["person"], kind="stable")]
        people, first = np.unique(table["person"], return_index=True)
        for person, rows in zip(people.tolist(), np.split(table, first[1:]), strict=True):
            found[person] = found.get(person, b"") + name.encode() + rows.tobytes()
    return found


def changed(one: FinishedRun, other: FinishedRun) -> NDArray[np.int64]:
    """People of whom some row differs, or who are in one world only."""
    before, after = lives(one), lives(other)
    return np.array(sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p)), dtype=np.int64)


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_changes_those_it_is_about(name: str) -> None:
    """On against off: some of them, and nobody else, to the byte; none at all where it only takes hours nobody lacks."""
    mechanism = MECHANISMS[name]
    off = _off(*mechanism.beside.items())
    on = live({**mechanism.beside, **mechanism.on})
    about, moved = mechanism.about(off), changed(off, on)
    if mechanism.either:
        about = np.union1d(about, mechanism.about(on))

    assert len(about) < 0.8 * len(lives(off))
    assert np.setdiff1d(moved, about).tolist() == []
    if mechanism.about is nobody:
        assert on.tables["services"].tobytes() != off.tables["services"].tobytes()
    else:
        assert len(moved) > 0


def test_the_notice_changes_whoever_asks() -> None:
    """Ten days between the notice and the hearing, or none: those who ask, sooner or later; nobody else."""
    with_notice = _off()
    without = live({}, NO_NOTICE)
    moved = changed(with_notice, without)

    assert np.setdiff1d(moved, asked(with_notice)).tolist() == []
    assert len(moved) > 0
    waits = []
    for world in (with_notice, without):
        events = world.tables["events"]
        waits.append(events["value"][events["movement"] == Movement.HEARD].mean())
    # Ten days, and the days to the next weekly sitting are as many on average before and after.
    assert waits[0] - waits[1] == pytest.approx(10, abs=2)


def test_nobody_leaves_before_the_day_the_prosecutor_has() -> None:
    """A grant takes effect after the deliberation and the 24 hours within which the prosecutor may appeal with suspension."""
    world = live({f"{HEARINGS}.prosecutor_days": 1})
    exits, adjustments = world.tables["exits"], world.world.adjustments
    heard = exits[(exits["regime"] >= 0) & np.array([adjustments[code].needs_hearing for code in exits["adjustment"]])]
    fitting = {"DDSE": 5, "SL": 7, "PE": 10, "LC": 7}
    regimes = list(world.world.regime_code)
    least = np.array([7 + 1 + fitting[regimes[code]] for code in heard["regime"]])
    waited = heard["day"] - heard["heard_day"]

    assert len(heard) > 20
    assert (waited >= least).all()
    assert (waited == least).any()
