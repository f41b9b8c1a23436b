"""The sentence adjustments (*aménagements de peine*), in the order in which a file examines them.

A new adjustment is one file here, one line in :data:`ADJUSTMENTS`, one text of law, and its cases.
"""

from __future__ import annotations

from sim.law.adjustments.adjustment import Adjustment, Regime
from sim.law.adjustments.conditional_release import ConditionalRelease
from sim.law.adjustments.external_placement import ExternalPlacement
from sim.law.adjustments.home_detention import HomeDetention
from sim.law.adjustments.release_under_constraint import ReleaseUnderConstraint
from sim.law.adjustments.release_under_constraint_as_of_right import ReleaseUnderConstraintAsOfRight
from sim.law.adjustments.semi_liberty import SemiLiberty

ADJUSTMENTS: tuple[Adjustment, ...] = (
    ConditionalRelease(),
    SemiLiberty(),
    ExternalPlacement(),
    HomeDetention(),
    ReleaseUnderConstraint(),
    ReleaseUnderConstraintAsOfRight(),
)

__all__ = ["ADJUSTMENTS", "Adjustment", "Regime"]
