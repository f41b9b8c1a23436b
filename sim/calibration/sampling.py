"""A sample of a posterior over the unit cube (emcee: Foreman-Mackey, Hogg, Lang and Goodman, 2013).

Ranges are uniform priors. Walkers move in standard normal units of each range (its probit), where the prior is a normal and
the ends of a range are far: a step along the line between two other walkers (differential evolution, ter Braak 2006) then
is of a size that tens of parameters at once bear. They start from the prior and come down from a likelihood that counts
little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from sim.errors import RequestError
from sim.randomness import Draws

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    LogLikelihood = Callable[[Values], Values]

TEMPERATURES = (30.0, 10.0, 3.0)
"""How much less than itself the likelihood counts, one after the other, before the sample."""
_EDGE = 1e-9


class Sampled(NamedTuple):
    """A sample of a posterior, and how well it was mixed."""

    points: Values
    log_likelihood: Values
    accepted: float
    """Share of the steps that were taken."""
    spread: float
    """Largest ratio over the parameters of the variance of all walkers in both halves together to that within each half
    (the square of Gelman and Rubin's): 1 where the halves agree."""
    correlation: float
    """Steps after which a walker has forgotten where it was: the longest of the parameters."""


def design(number: int, dimensions: int, seed: int) -> Values:
    """Space-filling points of the cube (scrambled Sobol, the first of a power of two): shape ``(number, dimensions)``."""
    exponent = max(0, int(np.ceil(np.log2(max(number, 1)))))
    points: Values = qmc.Sobol(dimensions, rng=seed).random_base2(exponent)[:number]
    return points


def sample(
    log_likelihood: LogLikelihood,
    dimensions: int,
    *,
    seed: int,
    steps: int = 3000,
    walkers: int | None = None,
    kept: int = 20,
    temperature: float = 1.0,
) -> Sampled:
    """Sample a posterior under uniform priors.

    Parameters
    ----------
    log_likelihood
        Of points of the cube, many at a time.
    kept
        Positions of each walker that are kept, spread over the second half of the steps.
    temperature
        What the likelihood is divided by (its logarithm): above 1 the sample is wider than the posterior.
    """
    emcee = needs_emcee()
    number = walkers or max(2 * dimensions + 2, 64)
    number += number % 2
    heat = [temperature]

    def unnormalised(z: Values) -> Values:
        found: Values = log_likelihood(ndtr(z)) / heat[0] - 0.5 * (z**2).sum(axis=1)
        return found

    # Not its snooker move: in 3.1 its steps are not of the length that its acceptance is for, and samples come out too narrow.
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(number, dimensions, unnormalised, moves=moves, vectorize=True)
    here = ndtri(np.clip(design(number, dimensions, seed), _EDGE, 1 - _EDGE))
    state = emcee.State(here, random_state=_luck(seed))
    for heat[0] in (*(t for t in TEMPERATURES if t > temperature), temperature):
        state = sampler.run_mcmc(emcee.State(state.coords, random_state=state.random_state), max(steps // 8, 1))
        sampler.reset()
    state = sampler.run_mcmc(state, steps // 2)
    chain = sampler.get_chain()
    thinned = np.unique(np.linspace(0, len(chain) - 1, min(kept, len(chain))).astype(int))
    points = ndtr(chain[thinned].reshape(-1, dimensions))
    # The likelihood, not what was sampled: whoever weights the points asks for it whole.
    return Sampled(
        points,
        log_likelihood(points),
        float(sampler.acceptance_fraction.mean()),
        _spread(chain),
        _correlation(emcee, chain),
    )


def _luck(seed: int) -> tuple[str, NDArray[np.uint32], int, int, float]:
    """State of the generator that emcee draws from, made of the project's own luck."""
    words = (Draws(seed, 0).uniform("sampler.state", np.arange(624)) * 2.0**32).astype(np.uint32)
    return ("MT19937", words, 624, 0, 0.0)


def _correlation(emcee: Any, chain: Values) -> float:
    with np.errstate(invalid="ignore", divide="ignore"):  # a walker that never moved
        found = float(np.max(emcee.autocorr.integrated_time(chain, tol=0, quiet=True)))
    return found if np.isfinite(found) else float(len(chain))


def _spread(chain: Values) -> float:
    halves = np.array_split(chain, 2)
    if min(len(half) for half in halves) < 2:
        return float("nan")
    within = np.mean([half.reshape(-1, chain.shape[2]).var(axis=0) for half in halves], axis=0)
    whole = chain.reshape(-1, chain.shape[2]).var(axis=0)
    return float(np.max(whole / np.maximum(within, 1e-300)))


def spread_out(points: Values, number: int) -> NDArray[np.int64]:
    """Positions of so many points far from each other: each next one is the farthest from those chosen (maximin)."""
    chosen = [int(np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1)))]
    nearest = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < min(number, len(points)):
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return np.array(chosen, dtype=np.int64)


def thinned(points: Values, number: int, seed: int = 1) -> NDArray[np.int64]:
    """Positions of so many points taken evenly at random: they keep the density of the sample."""
    order = np.argsort(Draws(seed, 0).uniform("walk.thin", np.arange(len(points))), kind="stable")
    return np.sort(order[:number])


def needs_emcee() -> Any:
    """Return emcee, or say what to install where it is not.

    Raises
    ------
    RequestError
        If it is missing.
    """
    try:
        import emcee  # noqa: PLC0415 (optional)
    except ImportError as problem:
        msg = "calibration needs emcee: make setup-dev, or pip install 'sortie[calibration]'."
        raise RequestError(msg) from problem
    return emcee
