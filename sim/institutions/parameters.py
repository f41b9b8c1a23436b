"""Practices and means as they stand on a day: each written once, with its path, how it is read and what it says.

Two tables. :class:`ParametersOfDay` is what compiled code reads: one record of numbers, in groups named as in the scenario, so
that ``parameters.files.lead_days`` is ``practices.files.lead_days``. :class:`MeansOfDay` is what Python shares out between
institutions. Both are read once per day on which a parameter changes, never in the loop.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

import numpy as np

from sim.institutions.parameter_readers import (
    Opinion,
    asked,
    by_kind,
    by_regime,
    extra_hearings,
    hearings_held,
    lognormal,
    lognormals,
    numbers,
    opinion,
    row_of,
    shortest_path,
    staff,
    staff_outside,
)
from sim.institutions.parameters_of_detention import (  # get_type_hints asks for them at run time
    CareOfDay,  # noqa: TC001
    DensityOfDay,  # noqa: TC001
    TiesOfDay,  # noqa: TC001
    WorkOfDay,  # noqa: TC001
)
from sim.institutions.parameters_of_leave import (  # get_type_hints asks for them at run time
    LeaveOfDay,  # noqa: TC001
    ReleaseUnitsOfDay,  # noqa: TC001
    RemovalOfDay,  # noqa: TC001
)
from sim.institutions.parameters_of_lodging import LodgingOfDay  # noqa: TC001 (read as types at run time)
from sim.institutions.parameters_of_measures import MeasuresOfDay, PrisonOfDay  # noqa: TC001 (read as types at run time)
from sim.institutions.parameters_of_programmes import ProgrammeEffectOfDay, ProgrammePracticesOfDay, ProgrammesOfDay  # noqa: TC001
from sim.institutions.placements import POOLS
from sim.institutions.probation_parameters import (  # get_type_hints asks for them at run time
    ContactOfDay,  # noqa: TC001
    ProbationServiceOfDay,  # noqa: TC001
    SupportStaffOfDay,  # noqa: TC001
)
from sim.population.attributes import STREAMS
from sim.population.further_sentences import PERIODS
from sim.scenario.values_of_day import Reading, group, paths_of, read, value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.institutions.parameter_readers import Row, Rows
    from sim.law.adjustments import Adjustment, Regime
    from sim.scenario import Scenario

GROUPS = ("property", "violence", "drugs", "sexual", "road", "homicide", "other", "foreign", "female", "under_25")
"""Groups whose decisions differ at equal files: offence families (:class:`sim.records.codes.Offence`), then the others."""
JUDGES = tuple(
    f"enforcement_courts.{name}" for name in ("extra_judges", "sittings_a_year", "files_a_sitting", "extra_judges_share")
)
"""What extra judges hear in a year, and how they share it."""
number, whole, table, listed = Reading.number, Reading.whole, Reading.table, Reading.listed


@group("means.open_setting")
class OpenSettingOfDay:
    """The probation service outside prisons."""

    usual_load: float = value("People for one counsellor at which surveys take their usual time.")
    survey_power: float = value("Power of the load with which surveys take longer; 0: they do not.")


@group("practices.files")
class FilesOfDay:
    """Files of requests at the probation service."""

    lead_days: int = value("Preparation begins this many days before the law opens.", whole)
    asked_within_days: int = value("An adjustment is asked for that the law opens this soon, or first.", whole)
    shortest_remaining_days: int = value("No file is begun when fewer days than this are left to serve.", whole)
    pressed_days: float = value("With no more days than this left to serve, a file is lodged as it stands.")
    least_share: float = value("Share of the hours it needs that must be spent for that; 1: only complete files are lodged.")
    lodged_ahead_days: int = value("A request may be lodged this many days before the law opens.", whole)
    most_hours_a_week: float = value("Most hours one file can use in a week.")
    order: int = value("Who is served first (Order); 0: all open files share the hours alike.", whole)
    first_days: int = value("Files for what the law opens within so many days are worked on before the others.", whole)
    hours: Rows = value("Hours of work a file needs, by adjustment.", lognormals, "", "hours_variation")
    external_days: Rows = value(
        "Days others take, by adjustment: host's answer, survey of the home, job, papers.", lognormals, "", "external_variation"
    )
    shortest_path_days: float = value(
        "Days a request takes when nothing is queued for, a measure worth beginning included.",
        shortest_path,
        "external_days",
        "practices.hearings.instruction_days",
        "practices.hearings.deliberation_days",
        "practices.hearings.prosecutor_days",
        "practices.placements.shortest_measure_days",
    )
    asked_housed: Row = value("Weight of each adjustment among the requests of people with a lodging.", asked)
    asked_unhoused: Row = value("The same for people without one.", asked)
    long_remaining_days: int = value("With more days left, conditional release is asked for, once it is near.", whole)
    long_release_share: float = value("Share of those people who do.")
    serve_out_days: int = value(
        "Of the unwilling, those to whom a measure would have saved fewer days than this preferred to serve them; 0: none.",
        whole,
    )
    care_arranged: float = value("Share of the files of people in need of care that have it arranged.")


@group("practices.hearings")
class HearingsOfDay:
    """Requests before the judge."""

    instruction_days: float = value("Days from the request to a file ready to be heard, on average: opinions, report, notice.")
    instruction: Row = value("The same, as a log-normal.", lognormal, "instruction_days", "instruction_variation")
    deliberation_days: int = value("Days from the hearing to the decision.", whole)
    prosecutor_days: int = value(
        "Days within which the prosecutor may appeal with suspension: a grant waits for them (CPP, art. 712-14).", whole
    )
    suspensive_appeal_share: float = value("Share of grants the prosecutor appeals with suspension.")
    appeal_reversed_share: float = value("Share of those appeals the chamber grants.")
    chamber: Row = value("Days the chamber takes, as a log-normal.", lognormal, "appeal_days", "appeal_variation")
    referral_share: float = value("Share of requests taken to the chamber once the legal delay has lapsed.")
    adjourned_share: float = value("Share of hearings put off for another reason than a late report.")
    adjourned_days: int = value("Days to the hearing that is then fixed.", whole)
    season: Row = value("Sittings by month, relative to one another.", listed)
    unfavourable_share: float = value("Share of unfavourable opinions of the prosecutor.")
    unfavourable_share_removal: float = value("The same for people under a removal measure.")
    housing_suffices: float = value("How far a home makes up for want of an activity, 0 to 1.")
    bar_days: int = value("Days for which a refusal bars a like request.", whole)
    decision: Opinion = value("Coefficients of the judge's decision (recidivism.md §4.2).", opinion, "", "file_weight")
    order: int = value("Who is heard first (Order); 0: whoever became ready first.", whole)
    groups: Row = value("Log-odds added for each group of people: offence family, foreign, woman, under 25.", row_of(*GROUPS))
    court_spread: float = value("Spread between courts of their opinion of like requests, in log-odds; 0: all alike.")
    extraction_share: float = value("Share of hearings held out of the prison, to which the person must be brought.")
    extraction_cancelled_share: float = value("Share of those at which the person is not brought; 0: none.")
    two_thirds_bonus: float = value(
        "Log-odds added to the judge's opinion of a request decided at two thirds or later (art. 720 § I); 0: none."
    )


@group("means.enforcement_courts")
class EnforcementCourtsOfDay:
    """The judge of each establishment and the courts of three."""

    panel_slots: float = value("Files a year the courts of three hear, whole country; 0: the judge hears all.")
    longest_wait_days: int = value("A request lodged longer ago than this is heard whatever the slots.", whole)


@group("practices.boards")
class BoardsOfDay:
    """Releases under constraint before the board."""

    notice_days: int = value("Days from the judgment to the first board that may examine the person.", whole)
    examined_with_counsellor: float = value("Share of files that reach the board in time, for people a counsellor holds.")
    examined_without_counsellor: float = value("The same for the others.")
    decision: Opinion = value("Coefficients of the board's decision for the release of § I.", opinion)
    modality_housed: Row = value("Weight of each form of the release for people with a lodging, and of none.", by_regime)
    modality_unhoused: Row = value("The same for people without one.", by_regime)
    removal_executed: float = value("Share of removal measures carried out, on which the release may depend.")
    compatible_home: float = value("Share of homes that suit a measure.")
    order: int = value("Who takes the places of a session first (Order); 0: whoever came first.", whole)
    form_first_share: float = value(
        "Share of examinations at which the form is decided before a place is looked for; 0: among the places there are."
    )
    turned_to_tag_share: float = value(
        "Of the people with a suitable home whose form so decided has no place: share released on a tag instead."
    )
    right_informed_share: float = value("Share of people told in time of the release as of right, and entered on the list.")
    right_reached_factor: float = value("Files that reach the board in time for the release as of right, relative to § I.")
    right_refused_share: float = value("Share of people who refuse the release as of right.")
    right_lodging_share: float = value(
        "Share of people without lodging refused the release as of right for want of it, whatever places there are."
    )
    examined_ahead_days: int = value("The release of § I is examined this many days before two thirds, at most.", whole)
    requests_decided_share: float = value(
        "Share of the requests pending at that examination that are decided there; the others wait for their hearing, and the"
        " examination for them."
    )
    same_standard: float = value(
        "Weight of the judge's opinion of a request at two thirds in that on the release of § I; 0: boards' own opinion."
    )


@group("practices.placements")
class PlacementsOfDay:
    """Scarce places outside the cell."""

    fitting_days: Row = value("Days from the day a grant takes effect to the beginning of the measure, by regime.", by_regime)
    shortest_measure_days: Row = value("A measure is not begun for fewer days than this, by regime.", by_regime)
    external_hosted_share: float = value("Share of external placements who sleep in prison.")
    external_agreed_share: float = value("Share of files of external placement for which a host agrees.")
    patience_days: int = value(
        "Days a person at liberty waits for a place other than a tag before the measure is turned into one.", whole
    )
    tag_patience_days: int = value(
        "Days a person at liberty waits for a tag before the judge converts the sentence or has it enforced.", whole
    )
    untagged_converted_share: float = value("Share of those whose sentence is converted; the others are committed.")
    fittings_a_week: float = value(
        "Tags that can be fitted in a week, whole country.", number, "means.placements.fittings_a_week"
    )


@group("population.further")
class FurtherOfDay:
    """Further sentences that come during a stay (:mod:`sim.population.further_sentences`)."""

    per_year: Row = value("Put into execution in a year of stay, by stream.", row_of(*STREAMS))
    record_factor: Row = value("Factor on it: not in récidive, in récidive.", row_of("first", "recidive"))
    pace: Row = value("Factor on it, by time since the judgment.", row_of(*PERIODS))
    months: Row = value("Length of one in months, as a log-normal.", lognormal, "", "variation")
    absorbed_share: float = value("Share absorbed by the sentence under way (concurrent).")
    longest_months: int = value("Longest sum of sentences.", whole, "population.sentence.longest_months.felony")


@group("practices.early_release")
class EarlyReleaseOfDay:
    """The early releases of spring 2020."""

    reduction_a_week: float = value("Chance of the reduction in a week, for the people the ordinance allows it to.")
    home_a_week: float = value("Chance in a week of those it allows to go home for the last months.")


@group("practices.allocation")
class AllocationOfDay:
    """Where sentenced people are held."""

    detention_centre_months: int = value("Months left from which a detention centre is the destination.", whole)
    central_months: int = value("Total from which a *maison centrale* may be.", whole)
    central_share: float = value("Share of those people who go there.")
    support_months: Row = value(
        "Least and most months left for a release unit.",
        numbers,
        "support_months.shortest",
        "support_months.longest",
    )
    transfers_per_week: float = value("Most transfers a week into a kind of quarter of an interregion.")


@group("practices.remission")
class RemissionOfDay:
    """Remission granted for efforts."""

    expected_share: float = value("Share of what may be granted that is on average.", number, "share")
    foreseen: float = value("Part of the remission expected that who plans counts on; 0: the end as it stands.")
    work_gain: float = value("Share of what may be granted that work or an activity adds.")
    work_usual: float = value("Share of people with one at which the mean share granted is that of the population's draw.")
    credit_withdrawn: float = value("Share of the days of automatic credit that misconduct costs, committals before 2023.")
    reduction_withdrawn: float = value("Share of the days granted by boards that misconduct costs, committals since.")
    misconduct_share: float = value("Share of credits, and of grants, that misconduct costs part of.")


@group("means.establishments")
class EstablishmentsOfDay:
    """Prisons."""

    occupation: Row = value("Share of people with work or activity, by kind of quarter.", by_kind("MA"))


@group("flows.returns")
class ReturnsOfDay:
    """Returns to prison after a release."""

    prison_share: float = value("Share of reconvictions that lead back to prison.")
    lag_days: float = value("Days from the offence to the committal, on average.")


@group("stock")
class StockOfDay:
    """Requests of the people found serving on the first day."""

    decided: float = value("Share of those who could ask whose request is decided.", number, "requests.decided")
    pending: float = value("The same: before the judge.", number, "requests.pending")
    prepared: float = value("The same: file under way.", number, "requests.prepared")
    request_wait_days: float = value("Days those before the judge have waited at most.")


class ParametersOfDay:
    """What compiled code reads of the practices and means of a day, by group of the scenario."""

    probation_service: ProbationServiceOfDay
    support: SupportStaffOfDay
    contact: ContactOfDay
    open_setting: OpenSettingOfDay
    files: FilesOfDay
    leave: LeaveOfDay
    hearings: HearingsOfDay
    enforcement_courts: EnforcementCourtsOfDay
    boards: BoardsOfDay
    placements: PlacementsOfDay
    lodging: LodgingOfDay
    work: WorkOfDay
    care: CareOfDay
    density: DensityOfDay
    ties: TiesOfDay
    measures: MeasuresOfDay
    further: FurtherOfDay
    early_release: EarlyReleaseOfDay
    allocation: AllocationOfDay
    release_units: ReleaseUnitsOfDay
    remission: RemissionOfDay
    establishments: EstablishmentsOfDay
    returns: ReturnsOfDay
    prison: PrisonOfDay
    programmes: ProgrammesOfDay
    programme_practices: ProgrammePracticesOfDay
    programme_effect: ProgrammeEffectOfDay
    removal: RemovalOfDay
    stock: StockOfDay


@group("means")
class MeansOfDay:
    """What is shared out between institutions on the day it changes; compiled code sees the shares."""

    posts: float = value(
        "Counsellors in post inside prisons, whole country.",
        staff,
        "probation_service.posts",
        "probation_service.theoretical_posts",
        "probation_service.target_posts",
        "probation_service.vacancies_filled",
        "probation_service.target_reached",
        "probation_service.training_days",
    )
    posts_by_kind: Mapping[str, float] = value(
        "Weight of the people of each kind of quarter in their share.", table, "probation_service.posts_by_kind"
    )
    caseload_limit: float = value("Most people one counsellor holds.", number, "probation_service.caseload_limit")
    posts_outside: float = value(
        "Counsellors in post who hold cases outside prisons, whole country.",
        staff_outside,
        "open_setting.posts",
        "open_setting.vacant_posts",
        "open_setting.vacancies_filled",
        "probation_service.training_days",
    )
    background: float = value("People they follow who are not in the model.", number, "open_setting.background")
    hearing_slots: float = value(
        "Hearing slots a year in prisons, whole country: those there are, and what extra judges hear there.",
        hearings_held("prisons"),
        "enforcement_courts.hearing_slots",
        *JUDGES,
    )
    extra_free_slots: float = value(
        "Hearings a year that extra judges give to free convicts, whole country.", extra_hearings("free_convicts"), *JUDGES
    )
    slots_by_kind: Mapping[str, float] = value(
        "Weight of the people of each kind of quarter in them.", table, "enforcement_courts.slots_by_kind"
    )
    panel_slots: float = value("Files a year the courts of three hear.", number, "enforcement_courts.panel_slots")
    board_slots: float = value(
        "Releases under constraint the boards can examine in a year, whole country.", number, "enforcement_courts.board_slots"
    )
    places: Row = value(
        "Scarce places of each kind declared, whole country.",
        numbers,
        *(pool.parameter for pool in POOLS),
    )
    lodging_places: float = value("Places to live in open to anybody, whole country.", number, "lodging.places")
    lodging_reserved: float = value("The same, for people who leave prison only.", number, "lodging.reserved")
    external_days_paid: float = value(
        "Days a year of external placement that the budget pays: more places than that stay empty.",
        number,
        "placements.external_days_paid",
    )
    care_slots: float = value("People treated for an addiction at a time in prisons, whole country.", number, "care.slots")
    extra_places: Mapping[str, float] = value("Places added, by kind of quarter.", table, "establishments.extra_places")
    fill: Row = value("People a place is practised for, by kind of quarter.", by_kind(1.0), "practices.allocation.fill")


class Run(NamedTuple):
    """What readers know of a run beside its scenario."""

    adjustments: Sequence[Adjustment]
    regimes: Sequence[Regime]


def groups_of_parameters() -> dict[str, type]:
    """Groups of the record of parameters, by name."""
    return dict(get_type_hints(ParametersOfDay))


def read_parameters(
    scenario: Scenario, day: int, adjustments: Sequence[Adjustment], regimes: Sequence[Regime]
) -> dict[str, dict[str, Any]]:
    """Read :class:`ParametersOfDay` on a day: values by group and name."""
    reading = Reading(scenario, day, Run(adjustments, regimes))
    return {name: read(group_of_day, reading) for name, group_of_day in groups_of_parameters().items()}


def read_means(scenario: Scenario, day: int) -> MeansOfDay:
    """Read :class:`MeansOfDay` on a day."""
    found: Any = SimpleNamespace(**read(MeansOfDay, Reading(scenario, day)))
    return found  # type: ignore[no-any-return]


def readers() -> dict[str, tuple[str, ...]]:
    """Which values of a day are made of each parameter of the scenario, by its path.

    A value of compiled code is named ``parameters.files.lead_days``; what Python shares out, ``means.posts``.
    """
    found: dict[str, list[str]] = {}
    named = {f"parameters.{name}": each for name, each in groups_of_parameters().items()} | {"means": MeansOfDay}
    for prefix, each in named.items():
        for name, paths in paths_of(each).items():
            for path in paths:
                found.setdefault(path, []).append(f"{prefix}.{name}")
    return {path: tuple(names) for path, names in sorted(found.items())}


def as_record(values: Mapping[str, Any]) -> Any:
    """Record of named numbers: whole numbers, reals, rows of reals, and records within it."""
    return as_records([values])[0]


def as_records(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Table of such records, all of the same numbers."""
    table = np.zeros(len(rows), dtype=_dtype(rows[0]))
    for row, values in zip(table, rows, strict=True):
        _write(row, values)
    return table.view(np.recarray)


def _dtype(values: Mapping[str, Any]) -> np.dtype[Any]:
    columns: list[Any] = []
    for name, given in values.items():
        if isinstance(given, dict):
            columns.append((name, _dtype(given)))
        elif isinstance(given, list):
            columns.append((name, "f8", np.shape(given)))
        else:
            columns.append((name, "i8" if isinstance(given, int) else "f8"))
    return np.dtype(columns)


def _write(row: Any, values: Mapping[str, Any]) -> None:
    for name, given in values.items():
        if isinstance(given, dict):
            _write(row[name], given)
        else:
            row[name] = given
