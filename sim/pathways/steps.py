"""What each dated step does to a person: the one table from which steps are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.generated import choice
from sim.institutions.agenda import Step, take_due
from sim.institutions.order_of_service import in_order
from sim.pathways.application import consider_file, lodge, lose_counsellor
from sim.pathways.arrivals import arrive
from sim.pathways.boards import examine, examine_of_right
from sim.pathways.care import follow_care
from sim.pathways.further_sentences import enforce_additional_sentence
from sim.pathways.hearing import go_to_chamber, list_for_hearing
from sim.pathways.incidents import meet_incident
from sim.pathways.lodging import follow_request
from sim.pathways.measure import end_probation, take_effect
from sim.pathways.sessions import hold_boards, limited, put_off_first
from sim.pathways.stay import ask_again, decide_leave, end_of_sentence, lose_remission, review_remission, try_case
from sim.pathways.work import follow_job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.institutions.state import State
    from sim.population.person import Person

STEPS: Mapping[Step, Callable[[Person, State], None]] = {
    Step.END: end_of_sentence,
    Step.TRIAL: try_case,
    Step.REMISSION: review_remission,
    Step.FURTHER: enforce_additional_sentence,
    Step.WITHDRAWAL: meet_incident,
    Step.EFFECT: take_effect,
    Step.PROBATION: end_probation,
    Step.AGAIN: ask_again,
    Step.LEAVE: decide_leave,
    Step.BOARD: examine,
    Step.BOARD_OF_RIGHT: examine_of_right,
    Step.TURNOVER: lose_counsellor,
    Step.FILE: consider_file,
    Step.LODGE: lodge,
    Step.LIST: list_for_hearing,
    Step.CHAMBER: go_to_chamber,
    Step.COMMITTAL: arrive,
    Step.REMISSION_WITHDRAWN: lose_remission,
    Step.LODGING: follow_request,
    Step.WORK: follow_job,
    Step.CARE: follow_care,
}

apply_step: Callable[[Step, Person, State], None] = choice([STEPS[step] for step in Step], arguments=2)
"""Apply one dated step to one person."""


def apply_due(state: State, step: Step) -> None:
    """Apply a kind of step to everybody it falls due for today: by identifier, boards in their order of service."""
    if step in (Step.BOARD, Step.BOARD_OF_RIGHT) and limited(state):
        if step == Step.BOARD:
            hold_boards(state)  # of both kinds at once
        return
    due = take_due(state, step)
    if step == Step.LEAVE:
        due = put_off_first(state, due)
    if step in (Step.BOARD, Step.BOARD_OF_RIGHT):
        due = in_order(state, due, state.parameters.boards.order)
    for slot in due:
        apply_step(step, state.people[slot], state)
