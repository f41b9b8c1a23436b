"""Intensive programmes after the release, as they stand on a day (:mod:`sim.pathways.programmes`)."""

from __future__ import annotations

from sim.scenario.values_of_day import group, value


@group("means.programmes")
class ProgrammesOfDay:
    """Intensive programmes after the release (:mod:`sim.pathways.programmes`)."""

    intake: float = value("People they can take in a year, in the whole country; 0: there is none.")


@group("practices.programmes")
class ProgrammePracticesOfDay:
    """Who is directed there."""

    directed_share: float = value("Share of people at risk, held by a counsellor, whom the service directs there.")
    agreed_share: float = value("Share of those who agree.")
    least_score: float = value("Observed score from which somebody may be directed there.")


@group("reconviction.programmes")
class ProgrammeEffectOfDay:
    """What a programme does to what follows."""

    at_risk: float = value("Log hazard of a new offence that a programme adds for people at risk; below 0: fewer.")
    low_risk: float = value("The same for the others.")
    risk_score: float = value("Observed score from which somebody is at risk.")
