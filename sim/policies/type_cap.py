"""A cap on the people on one form of measure, with what becomes of those it displaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sim.errors import ScenarioError
from sim.law.adjustments import ADJUSTMENTS, regimes_of
from sim.policies.policy import WeeklyPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.institutions.world import World
    from sim.scenario.where import Where

_NONE = -1.0
_FORMS = tuple(regime.code for regime in regimes_of(ADJUSTMENTS) if not regime.ends_committal)
"""Forms of measure that leave a place to somebody else when they end: all but conditional release."""


class TypeCap(WeeklyPolicy):
    """Once a week, a form of measure on which more people stand than its cap is shut to new grants in custody.

    ``DDSE``, ``SL``, ``PE``: the caps, people of the whole country, from a cell or from liberty (-1: none). Whoever the judge
    would have granted a form that is shut is granted another one, in the shares ``to_DDSE``, ``to_SL`` and ``to_PE``, if the
    law opens it in time; the rest get no place, may ask again, and leave dry for want of one if nothing else comes. Boards
    choose among the forms still open. Measures from liberty are counted, not capped.
    """

    name: ClassVar[str] = "type_cap"
    defaults: ClassVar[Mapping[str, float]] = {
        **dict.fromkeys(_FORMS, _NONE),
        **{f"to_{form}": 0.0 for form in _FORMS},
    }

    def __init__(
        self, on_day: int, settings: Mapping[str, object], until_day: int | None = None, place: Where | None = None
    ) -> None:
        super().__init__(on_day, settings, until_day, place)
        shares = [self.settings[f"to_{form}"] for form in _FORMS]
        if min(shares) < 0 or sum(shares) > 1:
            message = (
                f"policies: {self.name}: with: the shares {shares} of those displaced must be positive and add up to 1 at most."
            )
            raise ScenarioError(message)

    def act_this_week(self, world: World) -> None:
        """Shut the forms that have reached their cap, open the others."""
        forms: Any = world.state.regimes
        for name in _FORMS:
            form = forms[world.regime_code[name]]
            cap = self.settings[name]
            form.closed_by_cap = 0 <= cap * world.fraction <= form.from_cell + form.from_liberty
            form.absorbs = self.settings[f"to_{name}"]

    def end(self, world: World) -> None:
        """Open every form again."""
        forms: Any = world.state.regimes
        for name in _FORMS:
            form = forms[world.regime_code[name]]
            form.closed_by_cap, form.absorbs = False, 0.0
