"""Practices and means as they stand on a day, as one record of numbers.

Read once per day on which a parameter changes, never in the loop. Every value comes from the scenario; the names below are
the last parts of its paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.prisons import KINDS
from sim.institutions.probation_service import TASKS
from sim.population.attributes import LogNormal
from sim.population.further_sentences import UNTIL, Further

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.law.adjustments import Adjustment, Regime
    from sim.scenario import Scenario

    Row = Sequence[float]
    """One number a regime, an adjustment or a kind of quarter, in the order of the run's lists; or a log-normal."""
    Rows = Sequence[Row]
    """One log-normal an adjustment."""


class Opinion:
    """Coefficients of a decision (recidivism.md §4.2)."""

    level: float
    score: float
    seen: float
    months: float
    housing: float
    occupation: float
    care: float
    """Against, for somebody in need of care for whom none is arranged."""
    removal: float
    felony: float
    requisition: float
    """Of the prosecutor's unfavourable opinion, against."""
    file: float
    """Of the hours the file lacks (1: all of them), against; the board has no file before it."""


class ParametersOfDay:
    """Everything institutions do that no text decides."""

    # probation service
    posts: float
    """Counsellors in post inside prisons, whole country."""
    limit: float
    """Most people one counsellor holds."""
    file_hours: float
    """Hours a week a counsellor has for individual follow-up, duties aside."""
    duty_hours: float
    """Hours a week each person held takes from them (letters, moves, opinions for the board)."""
    arrival_hours: float
    """Hours of the arrival assessment of each person newly assigned."""
    most_hours: float
    """Most hours one file can use in a week."""
    report_hours: float
    """Hours of the report a request lodged calls for; a report that is late may put the hearing off."""
    interview_hours: float
    interviews_wanted: float
    """Interviews a year with each person held, besides arrival and files, when hours are left."""
    priority: Row
    """Rank of each task of :data:`sim.institutions.probation_service.TASKS`: the smallest is served first."""
    turnover: float
    """Counsellors who leave in a year, per counsellor."""
    turnover_lost: float
    """Share of the hours spent on an open file that the successor spends again."""
    open_posts: float
    """Counsellors in post who hold cases outside prisons, whole country."""
    open_background: float
    """People they follow who are not in the model."""
    usual_load: float
    """People for one of them at which surveys take their usual time."""
    survey_power: float
    """Power of the load with which surveys take longer; 0: they do not."""
    arrival_days: int
    """Days before a newcomer can be assigned (arrival unit, board of arrivals)."""
    # files
    lead_days: int
    """Preparation begins this long before the law opens."""
    shortest_days: int
    """No file is begun when less than this is left to serve."""
    pressed_days: float
    """With no more than this left to serve, a file is lodged as it stands."""
    least_share: float
    """Share of the hours it needs that must be spent for that; 1: only complete files are lodged."""
    ahead_days: int
    """A request may be lodged this long before the law opens."""
    hours: Rows
    """Hours of work a file needs, by adjustment."""
    external_days: Rows
    """Wait for what depends on others: host's answer, survey of the home, job, papers."""
    shortest_path_days: float
    """Days a request takes when nothing is queued for, a measure worth beginning included."""
    weights_housed: Row
    weights_unhoused: Row
    long_remaining_days: int
    """With more than this left to serve, conditional release is what one asks for, once it is near."""
    long_release_share: float
    leave_share: float
    """Share of the people who may have one and prepare a file who are granted a permission to go out; 0: nobody."""
    leave_removal: float
    """The same for people under a removal measure, relative to others."""
    leave_host: float
    """Share of the hosts' refusals that meeting the person during a permission turns into agreements."""
    leave_work: float
    """Share of the people without an activity who find one during a permission."""
    leave_lodging: float
    """Share of what is left of the search for a lodging that a permission saves."""
    # hearings
    slots: float
    """Hearing slots a year, whole country."""
    found_decided: float
    found_pending: float
    found_prepared: float
    """Of those who could ask on the first day: request decided, before the judge, file under way."""
    found_wait_days: float
    instruction_days: float
    """From the request to a file ready to be heard: opinions, report, notice."""
    instruction: Row
    deliberation_days: int
    prosecutor_days: int
    """Days within which the prosecutor may appeal with suspension: a grant waits for them (CPP, art. 712-14)."""
    appeal_share: float
    appeal_reversed: float
    chamber: Row
    """Days the chamber takes."""
    referral_share: float
    """Share of requests taken to the chamber once the legal delay has lapsed."""
    adjourned_share: float
    adjourned_days: int
    season: Row
    """Sittings by month, relative to one another."""
    panel_slots: float
    """Files a year the courts of three hear, whole country; 0: the judge hears all."""
    board_slots: float
    """Releases under constraint the boards can examine in a year, whole country."""
    unfavourable: float
    """Share of unfavourable opinions of the prosecutor."""
    unfavourable_removal: float
    """The same for people under a removal measure."""
    housing_suffices: float
    """How far a home makes up for want of an activity, 0 to 1."""
    longest_wait_days: int
    """A request older than this is heard whatever the slots."""
    bar_days: int
    decision: Opinion
    """Coefficients of the judge's decision (recidivism.md §4.2)."""
    # boards
    notice_days: int
    examined_held: float
    examined_unheld: float
    board: Opinion
    """Coefficients of the board's decision for the LSC of § I."""
    modality_housed: Row
    modality_unhoused: Row
    removal_executed: float
    compatible_home: float
    # placements
    fitting_days: Row
    shortest_measure_days: Row
    hosted: float
    external_places: float
    devices: float
    semi_liberty_elsewhere: float
    """Semi-liberty places outside the quarters made for it."""
    withdrawn: Row
    probation_share: float
    """Share of the measures granted at a hearing that lead to conditional release when it is open."""
    probation_days: Row
    """Days of a measure before it turns into conditional release, by regime."""
    probation_worth_days: int
    """Not turned into conditional release for less than this."""
    warned_share: float
    """Share of the withdrawals of the baseline's practice that a warning replaces."""
    again_share: float
    """Share of the people so warned whose measure fails all the same."""
    absent: Row
    """Share of withdrawals that are a failure to come back, by regime."""
    absent_days: int
    """Days a failure to come back adds to what is left to serve."""
    turned_share: float
    """Share of failing external placements turned into semi-liberty, if a place is free."""
    second_share: float
    """Share of the people back from a withdrawn measure who ask again, or are examined again; 0: none does."""
    second_days: int
    """Days before they may."""
    agreed_share: float
    """Share of files of external placement for which a host agrees."""
    fittings: float
    """Tags that can be fitted in a week, whole country."""
    withdrawn_lsc: float
    """Factor on the withdrawal rate of a release under constraint."""
    # further sentences (sim.population.further_sentences)
    further_rate: Row
    """Put into execution in a year of stay, by stream."""
    further_record: Row
    further_pace: Row
    further_until: Row
    further_months: Row
    further_absorbed: float
    further_longest: int
    early_reduction: float
    """Chance of the reduction of 2020 in a week, for the people the ordinance allows it to."""
    early_home: float
    """Chance in a week of those it allows to go home for the last months."""
    care_arranged: float
    """Share of the files of people in need of care that have it arranged."""
    # allocation
    filling: Row
    detention_centre_months: int
    central_months: int
    central_share: float
    support_months: Row
    transfers_per_week: float
    prison_after_reconviction: float
    commit_lag_days: float
    occupation: Row
    """Share of people with work or activity, by kind of quarter."""
    work_gain: float
    """Share of the possible remission that people with work or an activity are granted more than those without."""
    work_usual: float
    """Share of people with one at which the mean share granted is that of the population's draw."""


def read_parameters(
    scenario: Scenario, day: int, adjustments: Sequence[Adjustment], regimes: Sequence[Regime]
) -> dict[str, Any]:
    """Take the values in force on a day from a scenario, by the names of :class:`Practice`."""

    def number(path: str) -> float:
        return float(scenario.number(path, day))  # a whole number in a scenario makes no other record

    def table(path: str) -> Mapping[str, float]:
        return scenario.table(path, day)

    def by_regime(path: str) -> list[float]:
        values = table(path)
        return [*(values.get(regime.code, 0.0) for regime in regimes), values.get("none", 0.0)]

    def asked(path: str) -> list[float]:
        weights = table(path)
        return [weights.get(adjustment.code, 0.0) if adjustment.needs_hearing else 0.0 for adjustment in adjustments]

    def spreads(path: str, variation: float) -> list[list[float]]:
        means = table(path)
        return [list(LogNormal.of(means.get(adjustment.code, 1.0), variation)) for adjustment in adjustments]

    def coefficients(path: str, file: float = 0.0) -> dict[str, float]:
        weights = table(path)
        return {name: float(weights[name]) for name in Opinion.__annotations__ if name != "file"} | {"file": file}

    further = Further.read(scenario, day)
    work = table("means.establishments.occupation")
    outside = "means.open_setting"
    service, courts, files = "means.probation_service", "means.enforcement_courts", "practices.files"
    hearings, boards, places = "practices.hearings", "practices.boards", "practices.placements"
    return {
        "posts": _staff(scenario, day, service),
        "limit": number(f"{service}.caseload_limit"),
        "file_hours": number(f"{service}.follow_up_hours"),
        "duty_hours": number(f"{service}.duty_hours"),
        "arrival_hours": number(f"{service}.arrival_hours"),
        "report_hours": number(f"{service}.report_hours"),
        "interview_hours": number(f"{service}.interview_hours"),
        "interviews_wanted": number(f"{service}.interviews_wanted"),
        "priority": [float(table(f"{service}.priority")[task]) for task in TASKS],
        "turnover": number(f"{service}.turnover"),
        "turnover_lost": number(f"{service}.turnover_lost"),
        "most_hours": number(f"{files}.most_hours_a_week"),
        "open_posts": _open_staff(scenario, day, outside, service),
        "open_background": number(f"{outside}.background"),
        "usual_load": number(f"{outside}.usual_load"),
        "survey_power": number(f"{outside}.survey_power"),
        "arrival_days": int(number(f"{service}.arrival_days")),
        "lead_days": int(number(f"{files}.lead_days")),
        "shortest_days": int(number(f"{files}.shortest_remaining_days")),
        "pressed_days": number(f"{files}.pressed_days"),
        "least_share": number(f"{files}.least_share"),
        "ahead_days": int(number(f"{files}.lodged_ahead_days")),
        "hours": spreads(f"{files}.hours", number(f"{files}.hours_variation")),
        "external_days": spreads(f"{files}.external_days", number(f"{files}.external_variation")),
        "shortest_path_days": min(table(f"{files}.external_days").values())
        + number(f"{hearings}.instruction_days")
        + number(f"{hearings}.deliberation_days")
        + number(f"{hearings}.prosecutor_days")
        + min(table(f"{places}.shortest_measure_days").values()),
        "weights_housed": asked(f"{files}.asked_housed"),
        "weights_unhoused": asked(f"{files}.asked_unhoused"),
        "long_remaining_days": int(number(f"{files}.long_remaining_days")),
        "long_release_share": number(f"{files}.long_release_share"),
        "leave_share": number("practices.leave.granted_share"),
        "leave_removal": number("practices.leave.removal_factor"),
        "leave_host": number("practices.leave.host_gain"),
        "leave_work": number("practices.leave.occupation_gain"),
        "leave_lodging": number("practices.leave.lodging_gain"),
        "slots": number(f"{courts}.hearing_slots"),
        "found_decided": table("stock.requests")["decided"],
        "found_pending": table("stock.requests")["pending"],
        "found_prepared": table("stock.requests")["prepared"],
        "found_wait_days": number("stock.request_wait_days"),
        "instruction_days": number(f"{hearings}.instruction_days"),
        "instruction": list(LogNormal.of(number(f"{hearings}.instruction_days"), number(f"{hearings}.instruction_variation"))),
        "deliberation_days": int(number(f"{hearings}.deliberation_days")),
        "prosecutor_days": int(number(f"{hearings}.prosecutor_days")),
        "appeal_share": number(f"{hearings}.suspensive_appeal_share"),
        "appeal_reversed": number(f"{hearings}.appeal_reversed_share"),
        "chamber": list(LogNormal.of(number(f"{hearings}.appeal_days"), number(f"{hearings}.appeal_variation"))),
        "referral_share": number(f"{hearings}.referral_share"),
        "adjourned_share": number(f"{hearings}.adjourned_share"),
        "adjourned_days": int(number(f"{hearings}.adjourned_days")),
        "season": [float(value) for value in scenario.numbers(f"{hearings}.season", day)],
        "panel_slots": number(f"{courts}.panel_slots"),
        "board_slots": number(f"{courts}.board_slots"),
        "unfavourable": number(f"{hearings}.unfavourable_share"),
        "unfavourable_removal": number(f"{hearings}.unfavourable_share_removal"),
        "housing_suffices": number(f"{hearings}.housing_suffices"),
        "longest_wait_days": int(number(f"{courts}.longest_wait_days")),
        "bar_days": int(number(f"{hearings}.bar_days")),
        "decision": coefficients(f"{hearings}.decision", number(f"{hearings}.file_weight")),
        "notice_days": int(number(f"{boards}.notice_days")),
        "examined_held": number(f"{boards}.examined_with_counsellor"),
        "examined_unheld": number(f"{boards}.examined_without_counsellor"),
        "board": coefficients(f"{boards}.decision"),
        "modality_housed": by_regime(f"{boards}.modality_housed"),
        "modality_unhoused": by_regime(f"{boards}.modality_unhoused"),
        "removal_executed": number(f"{boards}.removal_executed"),
        "compatible_home": number(f"{boards}.compatible_home"),
        "fitting_days": by_regime(f"{places}.fitting_days"),
        "shortest_measure_days": by_regime(f"{places}.shortest_measure_days"),
        "hosted": number(f"{places}.external_hosted_share"),
        "external_places": number("means.placements.external_places"),
        "devices": number("means.placements.devices"),
        "semi_liberty_elsewhere": number("means.placements.semi_liberty_elsewhere"),
        "withdrawn": by_regime("practices.measures.withdrawn"),
        "probation_share": number("practices.measures.probation_share"),
        "probation_days": by_regime("practices.measures.probation_days"),
        "probation_worth_days": int(number("practices.measures.probation_worth_days")),
        "warned_share": number("practices.measures.warned_share"),
        "again_share": number("practices.measures.again_share"),
        "absent": by_regime("practices.measures.absent_share"),
        "absent_days": int(number("practices.measures.absent_days")),
        "turned_share": number("practices.measures.turned_share"),
        "second_share": number("practices.measures.second_share"),
        "second_days": int(number("practices.measures.second_days")),
        "agreed_share": number(f"{places}.external_agreed_share"),
        "fittings": number("means.placements.fittings_a_week"),
        "withdrawn_lsc": number("practices.measures.withdrawn_lsc_factor"),
        "further_rate": further.rate,
        "further_record": further.record,
        "further_pace": further.pace,
        "further_until": list(UNTIL),
        "further_months": list(further.spread),
        "further_absorbed": further.absorbed,
        "further_longest": further.longest,
        "early_reduction": number("practices.early_release.reduction_a_week"),
        "early_home": number("practices.early_release.home_a_week"),
        "care_arranged": number("practices.files.care_arranged"),
        "filling": [table("practices.allocation.fill").get(kind, 1.0) for kind in KINDS],
        "detention_centre_months": int(number("practices.allocation.detention_centre_months")),
        "central_months": int(number("practices.allocation.central_months")),
        "central_share": number("practices.allocation.central_share"),
        "support_months": [
            number("practices.allocation.support_months.shortest"),
            number("practices.allocation.support_months.longest"),
        ],
        "occupation": [work.get(kind, work["MA"]) for kind in KINDS],
        "work_gain": number("practices.remission.work_gain"),
        "work_usual": number("practices.remission.work_usual"),
        "transfers_per_week": number("practices.allocation.transfers_per_week"),
        "prison_after_reconviction": number("flows.returns.prison_share"),
        "commit_lag_days": number("flows.returns.lag_days"),
    }


def _staff(scenario: Scenario, day: int, service: str) -> float:
    """Counsellors in post: recruits of a day are in post once trained, up to the theoretical staff, then up to the target."""
    in_post, theory, target = (
        scenario.number(f"{service}.{name}", day) for name in ("posts", "theoretical_posts", "target_posts")
    )
    hired_on = day - int(scenario.number(f"{service}.training_days", day))
    filled = scenario.number(f"{service}.vacancies_filled", hired_on)
    reached = scenario.number(f"{service}.target_reached", hired_on)
    return float(in_post + filled * max(0.0, theory - in_post) + reached * max(0.0, target - theory))


def _open_staff(scenario: Scenario, day: int, outside: str, service: str) -> float:
    """Counsellors in post in the open setting: recruits of a day are in post once trained, up to the posts there are."""
    hired_on = day - int(scenario.number(f"{service}.training_days", day))
    vacant = scenario.number(f"{outside}.vacant_posts", day)
    return float(scenario.number(f"{outside}.posts", day) + scenario.number(f"{outside}.vacancies_filled", hired_on) * vacant)


def as_record(values: Mapping[str, Any]) -> Any:
    """Record of named numbers: whole numbers, reals, rows of reals, and records within it."""
    row = np.zeros(1, dtype=_dtype(values))
    _write(row[0], values)
    return row.view(np.recarray)[0]


def _dtype(values: Mapping[str, Any]) -> np.dtype[Any]:
    columns: list[Any] = []
    for name, value in values.items():
        if isinstance(value, dict):
            columns.append((name, _dtype(value)))
        elif isinstance(value, list):
            columns.append((name, "f8", np.shape(value)))
        else:
            columns.append((name, "i8" if isinstance(value, int) else "f8"))
    return np.dtype(columns)


def _write(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, dict):
            _write(row[name], value)
        else:
            row[name] = value
