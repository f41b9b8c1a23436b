"""One person's hazard: plain arithmetic on numbers and small arrays, so that the loop can compile it.

``edges`` are the ends of the intervals in months, the first one 0; ``hazard`` the monthly hazard of each interval;
``effect`` the factor exp(θ[route, t]) of each interval; ``risk`` the person's own factor exp(x + u + levers).
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NEVER = -1.0
"""No new offence within the horizon."""


def exposure(months: float, edges: Floats, hazard: Floats, effect: Floats) -> float:
    """Cumulative hazard over the first ``months`` months of someone with x + u = 0."""
    total = 0.0
    for k in range(len(hazard)):
        if months <= edges[k]:
            break
        end = edges[k + 1] if months > edges[k + 1] else months
        total += hazard[k] * effect[k] * (end - edges[k])
    return total


def chance(months: float, risk: float, edges: Floats, hazard: Floats, effect: Floats) -> float:
    """Probability of a reconviction for an act within ``months`` months of the exit."""
    return 1.0 - exp(-risk * exposure(months, edges, hazard, effect))


def months_to_offence(luck: float, risk: float, edges: Floats, hazard: Floats, effect: Floats) -> float:
    """Months from the exit to the new offence, by inversion of :func:`chance`.

    Parameters
    ----------
    luck
        Uniform in [0, 1).

    Returns
    -------
        Months, or :data:`NEVER` when there is none within the horizon.
    """
    needed = -log(1.0 - luck) / risk
    total = 0.0
    for k in range(len(hazard)):
        rate = hazard[k] * effect[k]
        more = rate * (edges[k + 1] - edges[k])
        if total + more >= needed and rate > 0.0:
            return float(edges[k] + (needed - total) / rate)
        total += more
    return NEVER
