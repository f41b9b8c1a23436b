"""Means and practices of the probation service inside prisons as they stand on a day (:mod:`sim.institutions.parameters`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.parameter_readers import by_grade, consenting, plan
from sim.scenario.values_of_day import Reading, group, value

if TYPE_CHECKING:
    from sim.institutions.parameter_readers import Row

whole = Reading.whole


@group("means.probation_service")
class ProbationServiceOfDay:
    """The probation service inside prisons."""

    week_hours: float = value("Hours of a week at full time.")
    leave_share: float = value("Share of the year's hours that leave and public holidays take.")
    absence_share: float = value("Share of the rest that sickness, training and part time take.")
    administration_hours: float = value("Hours a week for each counsellor of meetings, mail, records.")
    travel_hours: float = value("Hours a week for each counsellor between sites, courts and partners.")
    hearing_hours: float = value("Hours of preparing and attending a hearing.")
    opinions_wanted: float = value("Opinions a year for the board about each person held.")
    opinion_hours: float = value("Hours of an opinion.")
    survey_hours: float = value("Hours a survey for a tag takes inside: asked for, followed, read.")
    duty_hours: float = value("Hours a week each person held takes from them (on call: letters, moves, urgent matters).")
    arrival_hours: float = value("Hours of the assessment of each newcomer, assigned or not.")
    report_hours: float = value("Hours of the report a request lodged calls for; one that is late may put the hearing off.")
    interview_hours: float = value("Hours of an interview.")
    interviews_kept: float = value("Interviews a year with each person held, besides arrival and files, whatever the load.")
    interviews_wanted: float = value("The same, those kept included, if hours are left.")
    interview_days: float = value("Most days a week, of five, that follow-up interviews may take.")
    priority: Row = value("Tasks (Task) in the order they are served.", plan)
    turnover: float = value("Counsellors who leave in a year, per counsellor.")
    turnover_lost: float = value("Share of the hours spent on an open file that the successor spends again.")
    arrival_days: int = value("Days before a newcomer can be assigned (arrival unit, board of arrivals).", whole)


@group("means.support")
class SupportStaffOfDay:
    """Other grades of the probation service inside prisons (Grade)."""

    posts: Row = value("Posts of each grade, whole country.", by_grade)
    work: Row = value("Hours a week of its own work for each person held.", by_grade)


@group("practices.contact")
class ContactOfDay:
    """What follow-up interviews do, one by one, beyond what is usual (:mod:`sim.pathways.contact`)."""

    usual_interviews: float = value("Interviews a year at which practices are those of the baseline.")
    most_interviews: float = value("Interviews more or fewer beyond which nothing more changes; 0: contact does nothing.")
    consent: float = value("Log-odds of consenting that an interview adds; 0: none.")
    consenting: float = value("Share of people who consent with the usual contact.", consenting, "population.person")
    again_days: int = value("Days after which somebody who does not consent is asked again.", whole)
    lodging: float = value("Log of how much an interview shortens the search for a lodging.")
    papers: float = value("Log of how much an interview shortens the answers of others: host, employer, papers.")
    project: float = value("Log of how much an interview makes up of what the hours of a file lack.")
    confidence: float = value("Log-odds of a grant that an interview adds.")
    incidents: float = value("Log of how much an interview multiplies the incidents of a measure; below 0: fewer.")
