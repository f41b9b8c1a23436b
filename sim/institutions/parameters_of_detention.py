"""Work inside, and what density takes away, as they stand on a day (:mod:`sim.institutions.parameters`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.parameter_readers import lognormal, row_of
from sim.scenario.values_of_day import Reading, group, value

if TYPE_CHECKING:
    from sim.institutions.parameter_readers import Row

whole = Reading.whole
TAKEN = ("hours", "escorts", "work", "care", "visits")
"""What density takes away, in the order of its row: hours of counsellors, escorts, jobs, care, visits."""
HOURS, ESCORTS, WORK, CARE, VISITS = range(len(TAKEN))


@group("practices.work")
class WorkOfDay:
    """Jobs inside, and the line for them."""

    asking_share: float = value("Share of people who ask for a job; 0: nobody waits for one, the same people always work.")
    asked_days: int = value("Days from the arrival in a quarter to the line for its jobs.", whole)
    shown_days: int = value("Days a job must have been had for it to count before the judge and the board.", whole)
    job_days: float = value("Days a job is had on average, for those who stay.")


@group("practices.care")
class CareOfDay:
    """Care for addictions inside, and the line for it."""

    asking_share: float = value("Share of people in need of care who would be treated inside; 0: the coin of a file.")
    asked_days: int = value("Days from the arrival in an establishment to the line for care.", whole)
    treatment: Row = value("Days a treatment lasts, as a log-normal.", lognormal, "treatment_days", "treatment_variation")


@group("practices.density")
class DensityOfDay:
    """What a density above the usual one of the establishment takes away."""

    takes: Row = value("Share taken for each person a place has more than usual, given back for each fewer.", row_of(*TAKEN))


@group("practices.ties")
class TiesOfDay:
    """What family ties do for people who are visited, beside those who never are."""

    never_visited: Row = value("Share of people never visited: men, women.", row_of("men", "women"))
    usual_share: float = value("Share of people visited at which practices are those of the baseline.")
    lodging: float = value("Log of how much visits shorten the search for a home.")
    decision: float = value("Log-odds that visits add to the judge's opinion of a measure.")
    incidents: float = value("Log of how much visits multiply the incidents of a measure; below 0: fewer.")
