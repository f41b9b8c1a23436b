"""The sentence adjustments (*aménagements de peine*), in the order in which a file examines them.

A new adjustment is one file here, one line in :data:`ADJUSTMENTS`, one text of law, and its cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.law.adjustments.adjustment import Adjustment, Regime
from sim.law.adjustments.conditional_release import ConditionalRelease
from sim.law.adjustments.external_placement import ExternalPlacement
from sim.law.adjustments.home_detention import HomeDetention
from sim.law.adjustments.release_under_constraint import ReleaseUnderConstraint
from sim.law.adjustments.release_under_constraint_as_of_right import ReleaseUnderConstraintAsOfRight
from sim.law.adjustments.semi_liberty import SemiLiberty

if TYPE_CHECKING:
    from collections.abc import Sequence

ADJUSTMENTS: tuple[Adjustment, ...] = (
    ConditionalRelease(),
    SemiLiberty(),
    ExternalPlacement(),
    HomeDetention(),
    ReleaseUnderConstraint(),
    ReleaseUnderConstraintAsOfRight(),
)


def regimes_of(adjustments: Sequence[Adjustment]) -> tuple[Regime, ...]:
    """Regimes that some adjustments may take the form of, each once, in the order of the law."""
    found: dict[str, Regime] = {}
    for adjustment in adjustments:
        for regime in adjustment.regimes:
            found.setdefault(regime.code, regime)
    return tuple(found.values())


__all__ = ["ADJUSTMENTS", "Adjustment", "Regime", "regimes_of"]
