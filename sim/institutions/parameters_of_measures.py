"""Practices about measures being served, as they stand on a day (:mod:`sim.institutions.parameters`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.parameter_readers import by_regime, numbers, row_of
from sim.scenario.values_of_day import Reading, group, value

if TYPE_CHECKING:
    from sim.institutions.parameter_readers import Row

whole = Reading.whole


@group("practices.measures")
class MeasuresOfDay:
    """Measures being served."""

    withdrawn: Row = value("Share withdrawn, by regime.", by_regime)
    withdrawn_lsc_factor: float = value("Factor on it for a release under constraint.")
    withdrawn_over_days: Row = value("Days of a measure for which that share holds, by regime.", by_regime)
    length_power: float = value("Power of its length with which the incidents of a measure grow; 0: they do not.")
    incident_person: float = value("Log-hazard of an incident by unit of the person's score.")
    incident_load: float = value("Power of the load of the open setting with which incidents outside prison grow.")
    incident_hours: float = value("Log-hazard of an incident on a tag by hour a day that may not be spent out of the home.")
    hours_out: Row = value(
        "Hours a day out of the home on a tag: with and without an activity, usual, and those a judge adds.",
        numbers,
        "hours_out.active",
        "hours_out.idle",
        "hours_out.usual",
        "hours_out.more",
    )
    active_share: float = value("Share of people on a tag with work or an activity.")
    after_probation: float = value(
        "Incidents of a conditional release that a measure was turned into, relative to one granted at once; 0: none."
    )
    incidents_per_withdrawal: float = value("Incidents for one that ends in a withdrawal.")
    answers: Row = value(
        "Share of incidents answered otherwise than by a withdrawal: reminder, hours, remission, suspension, another measure.",
        row_of("reminder", "hours", "remission", "suspension", "other"),
    )
    remission_withdrawn_days: int = value("Days of remission that an incident may cost.", whole)
    suspended_days: int = value("Days in a cell while the judge decides.", whole)
    other_measure_days: int = value(
        "Days given to find another measure when a host leaves, for the share turned; 0: it is found at once or not.", whole
    )
    warned_share: float = value("Share of the withdrawals of the baseline's practice that a warning replaces.")
    again_share: float = value("Share of the people so warned whose measure fails all the same.")
    absent_share: Row = value("Share of withdrawals that are a failure to come back, by regime.", by_regime)
    absent_days: int = value("Days a failure to come back adds to what is left to serve.", whole)
    turned_share: float = value("Share of failing external placements turned into semi-liberty, if a place is free.")
    second_share: float = value(
        "Share of the people back from a withdrawn measure who ask, or are examined, again; 0: none does."
    )
    second_days: int = value("Days before they may.", whole)
    probation_share: float = value(
        "Share of the measures granted at a hearing that lead to conditional release when it is open."
    )
    probation_days: Row = value("Days of a measure before it turns into conditional release, by regime.", by_regime)
    reinforced_days: int = value("The same for the longest sentences (730-2), whatever the regime.", whole)
    probation_worth_days: int = value("Days left for which it is no longer turned into conditional release.", whole)


@group("reconviction.prison")
class PrisonOfDay:
    """What prison itself does to what follows (:mod:`sim.pathways.after_release`)."""

    per_month: float = value("Log hazard of a new offence that a month inside adds.")
    per_stay: float = value("The same for an earlier stay.")
    usual_months: float = value("Months inside at which the published curve holds.")
    usual_stays: float = value("Earlier stays in the run at which it holds.")
    most_months: float = value("Months beyond which nothing more is added.")
    most_stays: float = value("Earlier stays beyond which nothing more is.")
