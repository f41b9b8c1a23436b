"""What contact with a counsellor does: consent, lodging, answers of others, the project, the judge, incidents.

Contact is the number of follow-up interviews somebody has had more, or fewer, than usual practice would have given them over
the time a counsellor held them. Counted so, the practices of the baseline, which were observed with the contact of the day,
need no correction. Each effect is per interview, has a range that holds zero, and is off at zero; all of them are at
``practices.contact.most_interviews`` 0. A person's luck is the same in every world: nobody is lost by more contact who was
won with less.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.state import draw, parameters_for
from sim.population.person import CounsellorState

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def contact(person: Person, state: State) -> float:
    """Follow-up interviews more (or, below 0, fewer) than usual, within the bound; 0 while contact does nothing."""
    most = float(parameters_for(state, person).contact.most_interviews)
    if most <= 0:
        return 0.0
    had = float(person.contact)
    if person.counsellor == CounsellorState.HELD:
        had += state.offices[person.site].contact
    return min(max(had, -most), most)


def moved(share: float, log_odds: float) -> float:
    """Return a share moved by so many log-odds."""
    if log_odds == 0 or share <= 0 or share >= 1:
        return share
    return 1.0 / (1.0 + exp(-log(share / (1.0 - share)) - log_odds))


def willing(person: Person, state: State) -> bool:
    """Whether the person consents to an adjustment: as drawn for the stay, but for those whom contact has won or lost."""
    effect = parameters_for(state, person).contact.consent
    if effect == 0:
        return bool(person.consents)
    usual = parameters_for(state, person).contact.consenting
    share = moved(usual, effect * contact(person, state))
    luck = draw(state, DecisionPoint.CONTACT_CONSENT, person, person.stay)
    if person.consents:
        return luck * usual < share  # of those who would, a share is lost
    return luck * (1.0 - usual) < share - usual  # of those who would not, a share is won


def ask_later(person: Person, state: State) -> None:
    """Ask somebody who does not consent again some time later, where contact may change their mind."""
    contacts = parameters_for(state, person).contact
    if contacts.consent == 0 or contacts.most_interviews <= 0:
        return
    again = state.nation.day + max(1, contacts.again_days)
    if person.end_day - again >= parameters_for(state, person).files.shortest_remaining_days:
        person.open_day = again
        schedule(state, again, Step.FILE, person)


def hastened(days: float, effect: float, person: Person, state: State) -> float:
    """Days that a search or an answer takes, shortened by contact: exp(-effect) for each interview."""
    return days if effect == 0 else float(days * exp(-effect * contact(person, state)))


def known_file(quality: float, person: Person, state: State) -> float:
    """Share of a file that convinces: what its hours lack is made up in part for somebody the counsellor knows."""
    effect = parameters_for(state, person).contact.project
    if effect == 0 or quality >= 1:
        return quality
    return float(1.0 - min(1.0, (1.0 - quality) * exp(-effect * contact(person, state))))


def confidence(person: Person, state: State) -> float:
    """Log-odds that contact adds to a decision of the judge, at the board too."""
    effect = parameters_for(state, person).contact.confidence
    return 0.0 if effect == 0 else float(effect * contact(person, state))


def incidents(person: Person, state: State) -> float:
    """Factor on the incidents of a measure, by the contact there was before it."""
    effect = parameters_for(state, person).contact.incidents
    return 1.0 if effect == 0 else exp(effect * contact(person, state))
