"""Places to live in at the exit, as they stand on a day (:mod:`sim.institutions.lodging`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.parameter_readers import lognormal
from sim.scenario.values_of_day import Reading, group, value

if TYPE_CHECKING:
    from sim.institutions.parameter_readers import Row

whole = Reading.whole


@group("practices.lodging")
class LodgingOfDay:
    """Requests for a place to live in at the exit, and what becomes of them."""

    search_pace: float = value("Pace of searches for a home of one's own, relative to the usual one.")
    asked_share: float = value("Share of people without a home to go to for whom a place is asked; 0: nobody asks.")
    ahead_days: int = value("It is asked this many days before the end that is planned on, or with a file.", whole)
    request_hours: float = value("Hours of writing a request and following it.")
    work_share: float = value("Share of the social work done in an establishment that goes to such requests.")
    siao: Row = value("Days the SIAO takes to direct somebody, as a log-normal.", lognormal, "siao_days", "siao_variation")
    own_share: float = value("Share of the places open to anybody that are offered to people who leave prison.")
    agreed_share: float = value("Share of the people offered whom a host takes.")
    kept_days: int = value("Days a host keeps a place for somebody who has not been granted a release.", whole)
    stay: Row = value("Days somebody stays there, as a log-normal.", lognormal, "stay_days", "stay_variation")
    stay_days: float = value("The same on average, for people from elsewhere.")
