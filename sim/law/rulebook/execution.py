"""Several sentences under one committal: their order, and their sum (*cumul*, conventions C5 and C6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.errors import LawError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Extract:
    """One sentence to serve, as the extract of judgment gives it (*extrait de jugement*)."""

    months: int
    days: int = 0
    against_the_state: bool = False
    """Offence against the security of the State, or terrorism."""
    recidive: bool = False
    follows_remand: bool = False
    """Whether it follows uninterrupted remand."""
    revoked_by: int | None = None
    """Position, in the list, of the sentence that revoked this suspended one; none if it was not suspended."""
    withdrawal: bool = False
    """A withdrawal of reductions rather than a sentence."""


def execution_order(extracts: Sequence[Extract]) -> tuple[int, ...]:
    """Positions of the sentences received at once, in the order they are served.

    State security and terrorism; récidive; then the longest first, but that which follows uninterrupted remand
    before the others; the suspended sentence before the one that revoked it; withdrawals of reductions last.

    Raises
    ------
    LawError
        If a sentence is said to be revoked by one that is not in the list.

    Source
    ------
    Code pénitentiaire, art. D212-5.
    """

    def rank(position: int) -> tuple[bool, bool, bool, bool, int, int]:
        extract = extracts[position]
        length = add_months(0, extract.months) + extract.days
        return (
            extract.withdrawal,
            not extract.against_the_state,
            not extract.recidive,
            not extract.follows_remand,
            -length,
            position,
        )

    order = sorted(range(len(extracts)), key=rank)
    for position, extract in enumerate(extracts):
        if extract.revoked_by is None:
            continue
        if not 0 <= extract.revoked_by < len(extracts) or extract.revoked_by == position:
            msg = (
                f"extract {position}: revoked by sentence {extract.revoked_by}; "
                f"expected the position of another of the {len(extracts)} sentences"
            )
            raise LawError(msg)
        if order.index(position) > order.index(extract.revoked_by):
            order.remove(position)
            order.insert(order.index(extract.revoked_by), position)
    return tuple(order)


def total(extracts: Sequence[Extract]) -> tuple[int, int]:
    """Months and days of the sentences added up, withdrawals apart: what the thresholds are compared with."""
    sentences = [extract for extract in extracts if not extract.withdrawal]
    return sum(extract.months for extract in sentences), sum(extract.days for extract in sentences)
