"""The one standard of art. 720 § I at two thirds: what binds whoever decides there, a judge at a hearing or at the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.law.statutes import StatutesInForce


def pending_request_granted(statutes: StatutesInForce) -> bool:
    """Whether a request pending at two thirds may be refused only if no measure is possible (720 § I, second half).

    Source
    ------
    Code de procédure pénale, art. 720 § I, from 1 June 2019 (texts/release_under_constraint.yaml).
    """
    return bool(statutes.release_under_constraint.pending_request_granted)


def refusal_is_reasoned(statutes: StatutesInForce) -> bool:
    """Whether the judge may refuse only by a specially reasoned order, the grant being the principle (720 § I)."""
    return bool(statutes.release_under_constraint.grant_is_principle)
