"""The judge: the hearing of a request, put off or held, the decision, the prosecutor's appeal, and the chamber.

A request is notified, waits for a sitting of its court (the judge of the establishment, or the court of three of the
interregion for conditional release from long sentences), may be put off once, and is decided. A grant takes effect after the
deliberation and the day the prosecutor has; an appeal suspends it until the chamber rules or the appeal lapses. A request
that is not heard within the legal delay may be taken to the chamber (law.md §7).
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.density import left_of
from sim.institutions.enforcement_court import list_request, take_sitting
from sim.institutions.expected_end import planned_end
from sim.institutions.parameters_of_detention import ESCORTS
from sim.institutions.queues import QueueKind, leave_queue
from sim.institutions.state import (
    Table,
    draw,
    law_for,
    lognormal_at,
    new_row,
    parameters_at_office,
    parameters_for,
    parameters_in,
    parameters_of_region,
    write,
)
from sim.law.long_sentences import measure_before_three_judges
from sim.law.reckoning import first_day
from sim.law.reinforced import reinforced
from sim.law.sentence import competent_court
from sim.law.two_thirds import pending_request_granted
from sim.pathways.care import cared_for
from sim.pathways.contact import confidence
from sim.pathways.custody import housed
from sim.pathways.occurrences import of_request
from sim.pathways.temporary_leave import credit_of_leave, occupied
from sim.pathways.ties import credit_of_ties
from sim.population.person import FileState
from sim.records.codes import Movement, Offence, Outcome

if TYPE_CHECKING:
    from sim.institutions.enforcement_court import Court
    from sim.institutions.parameter_readers import Opinion
    from sim.institutions.state import State
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12
_FAMILIES = len(Offence)
_YOUNG_DAYS = 25 * 365.25
_LONGEST_MONTHS = 360.0
"""Months left at most: life has no end."""


def list_for_hearing(person: Person, state: State) -> None:
    """Opinions and report are in: the request joins the hearing queue of the court that decides it."""
    if person.file != FileState.LODGED or person.list_day != state.nation.day:
        return
    list_request(state, state.courts[court_of(person, state)], person)


def court_of(person: Person, state: State) -> int:
    """Court that decides what the person asks for."""
    if before_three_judges(person, state):
        return int(len(state.offices) + state.quarters[person.home_quarter].region)
    return int(person.site)


def before_three_judges(person: Person, state: State) -> bool:
    """Whether the court of three decides (*tribunal de l'application des peines*).

    It does of conditional release from long sentences, and of the probation that art. 730-2 asks before it, whatever is left
    to serve; of that measure the judge alone does once what is left opens it by itself.
    """
    region = state.quarters[person.home_quarter].region
    if parameters_of_region(state, region).enforcement_courts.panel_slots <= 0:
        return False
    day, law = state.nation.day, law_for(state, person)
    if person.asked != state.nation.release_code:
        return measure_before_three_judges(person, day, law)
    return reinforced(person, law) or competent_court(person, day, law) == "TAP"


def date_referral(person: Person, state: State) -> None:
    """Date the day a request not heard may be taken to the chamber (D422-8), for those who would."""
    if (
        draw(state, DecisionPoint.HEARING_REFERRAL, person, of_request(person))
        >= parameters_for(state, person).hearings.referral_share
    ):
        return
    law = law_for(state, person).procedure
    months = law.court_months if before_three_judges(person, state) else law.hearing_months
    person.chamber_day = add_months(person.requested_day, months) + 1
    schedule(state, person.chamber_day, Step.CHAMBER, person)


def go_to_chamber(person: Person, state: State) -> None:
    """The legal delay has lapsed without a hearing: the chamber is seized; later, it decides."""
    day = state.nation.day
    if person.chamber_day != day:
        return
    if person.file == FileState.SEIZED:
        decide(person, state, False)
    elif person.file == FileState.LODGED or person.file == FileState.LISTED:
        leave_queue(state, QueueKind.HEARING, person)
        person.file = FileState.SEIZED
        person.chamber_day = day + 1 + _chamber_days(person, state)
        schedule(state, person.chamber_day, Step.CHAMBER, person)
    else:
        person.chamber_day = -1


def _chamber_days(person: Person, state: State) -> int:
    luck = draw(state, DecisionPoint.HEARING_CHAMBER, person, of_request(person))
    return int(lognormal_at(parameters_for(state, person).hearings.chamber, luck))


def hold_sitting(court: Court, state: State) -> None:
    """Adversarial hearings (*débats contradictoires*): so many files a sitting, and whoever would be late by the next one."""
    longest = parameters_in(state, court.place).enforcement_courts.longest_wait_days
    overdue = state.nation.day + court.interval - longest if longest < NEVER else -1
    for slot in take_sitting(state, court, overdue, parameters_in(state, court.place).hearings.order):
        person = state.people[slot]
        state.offices[person.site].hearings_due += parameters_at_office(state, person).probation_service.hearing_hours
        if put_off(person, court, state):
            court.adjourned += 1
        else:
            decide(person, state, False)


def last_listing(person: Person, day: int, state: State) -> int:
    """Day a request is listed: as it would be, or earlier where a deadline is enforced, so that a sitting comes before it."""
    court = court_of(person, state)
    longest = parameters_in(state, state.courts[court].place).enforcement_courts.longest_wait_days
    if longest >= NEVER:
        return day
    latest = person.requested_day + longest - state.courts[court].interval + 1
    return int(min(day, latest))


def put_off(person: Person, court: Court, state: State) -> bool:
    """Adjourn the hearing to a fixed day, once at most for a request (*renvoi*): the slot is lost."""
    hearings = parameters_for(state, person).hearings
    if person.adjourned:
        return False
    # For want of the counsellor's report, or for another reason; or the person is not brought to the court.
    late = state.offices[person.site].late
    share = hearings.adjourned_share + (1.0 - hearings.adjourned_share) * late
    adjourned = share > 0 and draw(state, DecisionPoint.HEARING_ADJOURNED, person, of_request(person)) < share
    missed = hearings.extraction_share * min(
        1.0, hearings.extraction_cancelled_share * (2.0 - left_of(state, person.site, ESCORTS))
    )
    cancelled = (
        not adjourned and missed > 0 and draw(state, DecisionPoint.HEARING_EXTRACTION, person, of_request(person)) < missed
    )
    if not adjourned and not cancelled:
        return False
    again = last_listing(person, state.nation.day + hearings.adjourned_days, state)
    if again <= state.nation.day:
        return False  # it would be late
    if cancelled:
        court.cancelled += 1
    person.adjourned = True
    person.file = FileState.LODGED
    person.list_day = again
    schedule(state, person.list_day, Step.LIST, person)
    return True


def decide(person: Person, state: State, at_board: bool) -> None:
    """The judge decides (recidivism.md §4.2); a grant is dated, a refusal may bar a new request for a while.

    ``at_board`` says that the request never had its hearing: the board decided it.
    """
    day = state.nation.day
    hearings = parameters_for(state, person).hearings
    occurrence = of_request(person)
    person.last_outcome_day = day
    law = law_for(state, person)
    opens = first_day(person.asked, person, law)
    against = hearings.unfavourable_share_removal if person.removal else hearings.unfavourable_share
    unfavourable = draw(state, DecisionPoint.HEARING_REQUISITION, person, occurrence) < against
    logit, ground = decision_logit(person, hearings.decision, day, state, housed(person, state), unfavourable)
    logit += two_thirds_bonus(person, state)
    if person.file != FileState.SEIZED:  # the chamber is no court of an establishment
        logit += state.courts[court_of(person, state)].leaning * hearings.court_spread
    granted = opens < person.end_day and draw(state, DecisionPoint.HEARING_GRANT, person, occurrence) < 1.0 / (
        1.0 + exp(-logit)
    )
    delay = hearings.deliberation_days + hearings.prosecutor_days
    if granted:
        luck = draw(state, DecisionPoint.HEARING_APPEAL, person, occurrence)
        if luck < hearings.suspensive_appeal_share:
            delay = _after_appeal(person, day + delay, luck, state) - day
    regime = state.adjustments[person.asked].first_regime
    if granted and state.regimes[regime].closed_by_cap:
        asked = substitute_adjustment(person, regime, state)
        granted = asked >= 0
        if granted:
            person.asked = asked
            regime = state.adjustments[asked].first_regime
        else:
            ground, person.refused_regime, person.overturned = Outcome.NO_PLACE, regime, False
    outcome = Outcome.GRANTED if granted else ground
    person.last_outcome = outcome
    record_decision(person, state, person.asked, regime, outcome, person.requested_day, at_board)
    write(state, Movement.HEARD, person, outcome, day - person.requested_day)
    person.hearings += 1
    person.adjourned = False
    person.chamber_day = -1
    if granted:
        grant(person, state, person.asked, regime, max(day + delay, opens))
    else:
        refuse(person, state)


def substitute_adjustment(person: Person, regime: int, state: State) -> int:
    """Adjustment granted instead of one whose form a cap keeps shut, by the shares of the cap; -1 if none."""
    luck = draw(state, DecisionPoint.HEARING_DISPLACED, person, of_request(person))
    edge = 0.0
    for code in state.hearing_codes:
        form = state.adjustments[code].first_regime
        if form == regime or state.regimes[form].closed_by_cap:
            continue
        edge += state.regimes[form].absorbs
        if luck < edge:
            return int(code) if first_day(code, person, law_for(state, person)) < person.end_day else -1
    return -1


def _after_appeal(person: Person, appealed: int, luck: float, state: State) -> int:
    """Day a grant appealed by the prosecutor may take effect: the chamber has ruled, or its two months have lapsed (712-14).

    An appeal that lapses cannot overturn the grant.
    """
    hearings = parameters_for(state, person).hearings
    lapses = add_months(appealed, law_for(state, person).procedure.suspensive_lapse_months)
    ruled = appealed + 1 + _chamber_days(person, state)
    if ruled > lapses:
        return lapses + 1
    person.overturned = luck < hearings.suspensive_appeal_share * hearings.appeal_reversed_share
    return ruled


def overturn(person: Person, state: State) -> None:
    """The chamber overturns a grant before it took effect."""
    person.overturned = False
    person.last_outcome = Outcome.REFUSED_RISK
    person.last_outcome_day = state.nation.day
    write(state, Movement.HEARD, person, Outcome.REFUSED_RISK, state.nation.day - person.requested_day)
    refuse(person, state)


def refuse(person: Person, state: State) -> None:
    """Close a request refused; a like one is barred for a while, never longer than the law allows (D49-33)."""
    day = state.nation.day
    parameters = parameters_for(state, person)
    person.file = FileState.REFUSED
    longest = add_months(day, law_for(state, person).procedure.bar_hearing_months)
    barred = day + parameters.hearings.bar_days
    person.barred_until = barred if barred < longest else longest
    if planned_end(person, state) - person.barred_until >= parameters.files.shortest_remaining_days:
        person.file = FileState.NONE
        person.open_day = max(person.barred_until, day + 1)
        schedule(state, person.open_day, Step.FILE, person)


def decision_logit(
    person: Person, weights: Opinion, day: int, state: State, at_home: bool, unfavourable: bool
) -> tuple[float, Outcome]:
    """Log-odds of a grant, and the ground if it is refused: what weighs most against the person.

    ``weights`` are the coefficients of recidivism.md §4.2; months left count from today to the end that is planned on. Where
    lodging alone suffices (a share of the weight of an activity), a home stands for the activity one lacks. The hours a file
    lacks count against: a complete one leaves the level as it is.
    """
    months = min((planned_end(person, state) - day) / _DAYS_PER_MONTH, _LONGEST_MONTHS)
    if months < 0.5:
        months = 0.5
    risk = weights.score * person.score + weights.seen * person.seen
    housing, occupation = weights.housing, weights.occupation
    removal = weights.removal if person.removal else 0.0
    logit = weights.level + weights.months * log(months) - risk - removal + confidence(person, state)
    # What weighs most against the person; when nothing does, the project did not convince.
    ground, against = Outcome.REFUSED_PROJECT, 0.0
    if at_home:
        logit += housing
    else:
        ground, against = Outcome.NO_HOUSING, housing
    if removal > against:
        ground, against = Outcome.REMOVAL_MEASURE, removal
    missing = weights.file * (1.0 - person.quality)
    logit -= missing
    if missing > against:
        ground, against = Outcome.REFUSED_PROJECT, missing
    if occupied(person, state):
        logit += occupation
    elif at_home and parameters_for(state, person).hearings.housing_suffices > 0:
        logit += occupation * parameters_for(state, person).hearings.housing_suffices
    elif occupation > against:
        ground, against = Outcome.REFUSED_PROJECT, occupation
    if person.care and not cared_for(person, state):
        logit -= weights.care
        if weights.care > against:
            ground, against = Outcome.REFUSED_PROJECT, weights.care
    if person.felony:
        logit -= weights.felony
    if unfavourable:
        logit -= weights.requisition
    logit += credit_of_leave(person, state) + group_term(person, state) + credit_of_ties(person, state)
    return logit, Outcome.REFUSED_RISK if risk > against else ground


def group_term(person: Person, state: State) -> float:
    """Log-odds of the groups a person belongs to: offence family, nationality, sex, age under 25 (figures.md §3.4)."""
    groups = parameters_for(state, person).hearings.groups
    term = groups[person.offence]
    if person.foreign:
        term += groups[_FAMILIES]
    if person.female:
        term += groups[_FAMILIES + 1]
    if state.nation.day - person.birth_day < _YOUNG_DAYS:
        term += groups[_FAMILIES + 2]
    return float(term)


def two_thirds_bonus(person: Person, state: State) -> float:
    """Log-odds that art. 720 § I adds to the opinion of a request decided at two thirds or later; 0 before.

    One standard at two thirds, whichever door: a request may then be refused only if no measure is possible.
    """
    bonus = parameters_for(state, person).hearings.two_thirds_bonus
    if bonus == 0:
        return 0.0
    law = law_for(state, person)
    if not pending_request_granted(law):
        return 0.0
    reached = state.nation.day + parameters_for(state, person).boards.examined_ahead_days
    for code in state.board_codes:
        if first_day(code, person, law) <= reached:
            return float(bonus)
    return 0.0


def decide_at_board(person: Person, state: State) -> None:
    """Decide a pending request at the examination at two thirds: it waits no more for its hearing or for the chamber."""
    leave_queue(state, QueueKind.HEARING, person)
    decide(person, state, True)


def grant(person: Person, state: State, adjustment: int, regime: int, day: int) -> None:
    """Date the day a granted measure takes effect; whatever else was under way is closed."""
    fitting = 0 if person.overturned else int(parameters_for(state, person).placements.fitting_days[regime])
    person.file = FileState.GRANTED
    person.due_day = day
    person.granted_adjustment = adjustment
    person.granted_regime = regime
    person.waiting_place = False
    # Not before tomorrow, even where no step takes a day: what takes effect today has been applied before hearings are held.
    person.effect_day = max(day + fitting, state.nation.day + 1)
    schedule(state, person.effect_day, Step.EFFECT, person)


def legal_months(person: Person, state: State) -> int:
    """Months the law gives to the hearing of a request: of the judge (D49-33) or of the court of three (D49-36).

    The assessment that it asks before, for the longest sentences, comes first (D527-1).
    """
    law = law_for(state, person)
    months = law.procedure.court_months if before_three_judges(person, state) else law.procedure.hearing_months
    return int(months + (law.long_sentences.assessment_months if reinforced(person, law) else 0))


def record_decision(
    person: Person, state: State, adjustment: int, regime: int, outcome: Outcome, since: int, at_board: bool
) -> None:
    """Write a decision of the judge or the board."""
    row = state.decisions[new_row(state, Table.DECISIONS, len(state.decisions))]
    row.day = state.nation.day
    row.person = person.id
    row.site = person.site
    row.adjustment = adjustment
    row.regime = regime
    row.outcome = outcome
    row.board = at_board
    row.requested_day = since
    needs_hearing = state.adjustments[adjustment].needs_hearing
    row.quality = person.quality if needs_hearing else -1.0
    row.legal_months = legal_months(person, state) if needs_hearing else 0
    row.foreign = person.foreign
    row.removal = person.removal
