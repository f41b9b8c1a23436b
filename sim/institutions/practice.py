"""Practices and means as they stand on a day, as plain attributes.

Read once per day on which a parameter changes, never in the loop. Every value comes from the scenario; the names below are
the last parts of its paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.population.attributes import LogNormal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Practice:
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
    arrival_days: int
    """Days before a newcomer can be assigned (arrival unit, board of arrivals)."""
    # files
    lead_days: int
    """Preparation begins this long before the law opens."""
    shortest_days: int
    """No file is begun when less than this is left to serve."""
    ahead_days: int
    """A request may be lodged this long before the law opens."""
    hours: Mapping[str, LogNormal]
    """Hours of work a file needs, by adjustment."""
    external_days: Mapping[str, LogNormal]
    """Wait for what depends on others: host's answer, survey of the home, job, papers."""
    shortest_path_days: float
    """Days a request takes when nothing is queued for, a measure worth beginning included."""
    weights_housed: Mapping[str, float]
    weights_unhoused: Mapping[str, float]
    long_remaining_days: int
    """With more than this left to serve, conditional release is what one asks for, once it is near."""
    long_release_share: float
    # hearings
    slots: float
    """Hearing slots a year, whole country."""
    instruction_days: float
    """From the request to a file ready to be heard: opinions, report, notice."""
    instruction: LogNormal
    deliberation_days: int
    appeal_share: float
    appeal_days: int
    appeal_reversed: float
    longest_wait_days: int
    """A request older than this is heard whatever the slots."""
    bar_days: int
    decision: Mapping[str, float]
    """Coefficients of the judge's decision (recidivism.md §4.2)."""
    # boards
    notice_days: int
    examined_held: float
    examined_unheld: float
    board: Mapping[str, float]
    """Coefficients of the board's decision for the LSC of § I."""
    modality_housed: Mapping[str, float]
    modality_unhoused: Mapping[str, float]
    removal_executed: float
    compatible_home: float
    # placements
    fitting_days: Mapping[str, float]
    shortest_measure_days: Mapping[str, float]
    hosted: float
    external_places: float
    devices: float
    semi_liberty_elsewhere: float
    """Semi-liberty places outside the quarters made for it."""
    withdrawn: Mapping[str, float]
    probation_share: float
    """Share of the measures granted at a hearing that lead to conditional release when it is open."""
    probation_days: int
    probation_worth_days: int
    """Not turned into conditional release for less than this."""
    withdrawn_lsc: float
    """Factor on the withdrawal rate of a release under constraint."""
    # allocation
    fill: Mapping[str, float]
    detention_centre_months: int
    central_months: int
    central_share: float
    support_months: tuple[int, int]
    transfers_per_week: float
    prison_after_reconviction: float
    commit_lag_days: float

    @classmethod
    def read(cls, scenario: Scenario, day: int) -> Practice:
        """Take the values in force on a day from a scenario."""

        def number(path: str) -> float:
            return scenario.number(path, day)

        def table(path: str) -> Mapping[str, float]:
            return scenario.table(path, day)

        def spread(path: str, variation: float) -> Mapping[str, LogNormal]:
            return {name: LogNormal.of(mean, variation) for name, mean in table(path).items()}

        service, courts, files = "means.probation_service", "means.enforcement_courts", "practices.files"
        hearings, boards, places = "practices.hearings", "practices.boards", "practices.placements"
        return cls(
            posts=number(f"{service}.posts"),
            limit=number(f"{service}.caseload_limit"),
            file_hours=number(f"{service}.follow_up_hours"),
            duty_hours=number(f"{service}.duty_hours"),
            arrival_hours=number(f"{service}.arrival_hours"),
            most_hours=number(f"{files}.most_hours_a_week"),
            arrival_days=int(number(f"{service}.arrival_days")),
            lead_days=int(number(f"{files}.lead_days")),
            shortest_days=int(number(f"{files}.shortest_remaining_days")),
            ahead_days=int(number(f"{files}.lodged_ahead_days")),
            hours=spread(f"{files}.hours", number(f"{files}.hours_variation")),
            external_days=spread(f"{files}.external_days", number(f"{files}.external_variation")),
            shortest_path_days=min(table(f"{files}.external_days").values())
            + number(f"{hearings}.instruction_days")
            + number(f"{hearings}.deliberation_days")
            + 1
            + min(table(f"{places}.shortest_measure_days").values()),
            weights_housed=table(f"{files}.asked_housed"),
            weights_unhoused=table(f"{files}.asked_unhoused"),
            long_remaining_days=int(number(f"{files}.long_remaining_days")),
            long_release_share=number(f"{files}.long_release_share"),
            slots=number(f"{courts}.hearing_slots"),
            instruction_days=number(f"{hearings}.instruction_days"),
            instruction=LogNormal.of(number(f"{hearings}.instruction_days"), number(f"{hearings}.instruction_variation")),
            deliberation_days=int(number(f"{hearings}.deliberation_days")),
            appeal_share=number(f"{hearings}.suspensive_appeal_share"),
            appeal_days=int(number(f"{hearings}.appeal_days")),
            appeal_reversed=number(f"{hearings}.appeal_reversed_share"),
            longest_wait_days=int(number(f"{courts}.longest_wait_days")),
            bar_days=int(number(f"{hearings}.bar_days")),
            decision=table(f"{hearings}.decision"),
            notice_days=int(number(f"{boards}.notice_days")),
            examined_held=number(f"{boards}.examined_with_counsellor"),
            examined_unheld=number(f"{boards}.examined_without_counsellor"),
            board=table(f"{boards}.decision"),
            modality_housed=table(f"{boards}.modality_housed"),
            modality_unhoused=table(f"{boards}.modality_unhoused"),
            removal_executed=number(f"{boards}.removal_executed"),
            compatible_home=number(f"{boards}.compatible_home"),
            fitting_days=table(f"{places}.fitting_days"),
            shortest_measure_days=table(f"{places}.shortest_measure_days"),
            hosted=number(f"{places}.external_hosted_share"),
            external_places=number("means.placements.external_places"),
            devices=number("means.placements.devices"),
            semi_liberty_elsewhere=number("means.placements.semi_liberty_elsewhere"),
            withdrawn=table("practices.measures.withdrawn"),
            probation_share=number("practices.measures.probation_share"),
            probation_days=int(number("practices.measures.probation_days")),
            probation_worth_days=int(number("practices.measures.probation_worth_days")),
            withdrawn_lsc=number("practices.measures.withdrawn_lsc_factor"),
            fill=table("practices.allocation.fill"),
            detention_centre_months=int(number("practices.allocation.detention_centre_months")),
            central_months=int(number("practices.allocation.central_months")),
            central_share=number("practices.allocation.central_share"),
            support_months=(
                int(number("practices.allocation.support_months.shortest")),
                int(number("practices.allocation.support_months.longest")),
            ),
            transfers_per_week=number("practices.allocation.transfers_per_week"),
            prison_after_reconviction=number("flows.returns.prison_share"),
            commit_lag_days=number("flows.returns.lag_days"),
        )
