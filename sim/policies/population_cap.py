"""A cap on the population of *maisons d'arrêt* (*régulation carcérale*): above it, those nearest their end leave first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.engine.compile import entry
from sim.engine.record import INTS
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.prisons import QuarterKind
from sim.institutions.state import Table
from sim.pathways.custody import drop_file
from sim.pathways.measure import begin_measure
from sim.policies.policy import WeeklyPolicy
from sim.population.person import FileState
from sim.records.codes import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.institutions.state import State
    from sim.institutions.world import World


class PopulationCap(WeeklyPolicy):
    """Once a week, each *maison d'arrêt* above the cap releases people sentenced for délits who are nearest their end.

    They leave under conditional release (supervised until the end), never dry; nobody with more than ``within_days`` left,
    under a removal measure, or excluded from the release as of right by an offence, is released. If too few qualify the
    quarter stays above the cap, and the census shows it.

    ``reserve``: places that each of them keeps free below the cap. ``agreed_share``: share of the people looked at whom the
    meeting held at the threshold lets go, where it decides instead of a rule (1: everybody); the others stay to the end of
    what they serve, and the next ones are looked at. Thresholds by prison are several of these behaviours, each with its place.
    """

    name: ClassVar[str] = "population_cap"
    defaults: ClassVar[Mapping[str, float]] = {
        "density": 1.3,
        "within_days": 180,
        "reserve": 0,
        "agreed_share": 1,
    }

    def act_this_week(self, world: World) -> None:
        """Bring every *maison d'arrêt* down to the cap, if enough people qualify."""
        quarters: Any = world.state.quarters
        capped = (quarters.kind == QuarterKind.MA) & (quarters.capacity > 0) & self.quarters_named(world)
        kept = round(self.settings["reserve"] * world.fraction)
        most = np.maximum((quarters.capacity * self.settings["density"]).astype(np.int64) - kept, 0)
        excess = np.where(capped, quarters.remand + quarters.sentenced - most, 0)
        if not (excess > 0).any():
            return
        people: Any = world.state.people
        slots = np.flatnonzero(self.qualify(people, world.day))
        slots = slots[excess[people.quarter[slots]] > 0]
        if self.settings["agreed_share"] < 1:
            luck = world.draws.uniform(DecisionPoint.CAP_AGREED.key, people.id[slots], people.stay[slots].astype(np.int64))
            slots = slots[luck < self.settings["agreed_share"]]
        # Quarter by quarter, nearest their end first, then by identifier.
        slots = slots[np.lexsort((people.id[slots], people.end_day[slots], people.quarter[slots]))]
        first = np.searchsorted(people.quarter[slots], people.quarter[slots])
        chosen = slots[np.arange(len(slots)) - first < excess[people.quarter[slots]]]
        nation = world.state.nation
        world.call(release_early, chosen, int(nation.release_regime), int(nation.release_code))
        world.collect()

    def qualify(self, people: Any, day: int) -> NDArray[np.bool_]:
        """Say of each person of the table whether they may be released to make room."""
        barred = people.felony | people.removal | people.lsc_excluded | people.withdrawn | (people.withdrawals > 0)
        serving = (people.id >= 0) & (people.status == Status.SENTENCED)
        return np.asarray(serving & ~barred & (people.end_day - day <= self.settings["within_days"]))


@entry(INTS, 0, 0, on_tables=True)
def release_early(state: State, slots: NDArray[np.int64], regime: int, procedure: int) -> None:
    """Release people, whatever was under way, under the regime and procedure given."""
    for slot in slots:
        person = state.people[slot]
        drop_file(person, state)
        person.file = FileState.GRANTED
        person.granted_regime = regime
        person.granted_adjustment = procedure
        begin_measure(person, state)
        state.exits[state.written[Table.EXITS] - 1].by_design = True
