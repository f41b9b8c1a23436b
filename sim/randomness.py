"""Luck by name: uniform numbers keyed by *decision point × person × occurrence*.

The same person has the same luck in every scenario: a number depends on the seed, the replication, the name of the
decision, the person and the nth time this person meets that decision, and on nothing else. Order of events,
other decisions and other persons cannot shift it; adding a decision point changes no existing number.

The generator is a keyed 64-bit hash (SplitMix64's finaliser applied twice, the decision's ``blake2b`` key entering
between the two): a counter-based generator like Philox, chosen because it also exists as five lines of plain Python.
The same number can thus be had for a whole cohort at once or for one person in the loop, with no generator object.
``tests/randomness`` holds both forms equal and tests uniformity and independence; decision 0003 records the choice and its
cost.

This module is the only place of the project that makes random numbers.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from math import log, sqrt
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sim.engine.compile import PLAIN, compiled_as, entry, entry_point
from sim.engine.record import INTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MASK = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15
_STEP = 0xD1B54A32D192ED03
_C1, _C2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_SCALE = 2.0**-53
_U = np.uint64


class Keyed(IntEnum):
    """Decision points of one kind: members written with their key, numbered in the order they are written.

    The key is what a draw depends on; the number only how compiled code says which one, and it may change.
    """

    key: str

    def __new__(cls, key: str) -> Self:
        """Number a member by its place in the list."""
        number = len(cls.__members__)
        member = int.__new__(cls, number)
        member._value_ = number
        member.key = key
        return member


@lru_cache(maxsize=4096)
def decision_key(seed: int, replication: int, decision: str) -> int:
    """Return the 64-bit key of one decision point in one replication."""
    digest = blake2b(f"{seed}/{replication}/{decision}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mix_array(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = z ^ (z >> _U(30))
    z *= _U(_C1)
    z ^= z >> _U(27)
    z *= _U(_C2)
    z ^= z >> _U(31)
    return z


class Draws:
    """The luck of one replication.

    Parameters
    ----------
    seed, replication
        Any two integers; each pair is its own world of luck.
    """

    __slots__ = ("_base", "_keys", "replication", "seed")

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._base = decision_key(seed, replication, "")
        self._keys: dict[str, int] = {}

    def key(self, decision: str) -> int:
        """Key of a decision point."""
        found = self._keys.get(decision)
        if found is None:
            found = self._keys[decision] = decision_key(self.seed, self.replication, decision)
        return found

    def one(self, decision: str, person: int, occurrence: int = 0) -> float:
        """One uniform number in [0, 1) for one person: the same as :meth:`uniform` gives for a cohort."""
        return self.of(decision, luck_of(self._base, person), occurrence)

    def of(self, decision: str, luck: int, occurrence: int = 0) -> float:
        """Give the number :meth:`one` gives, from the half of the hash that only depends on the person (:meth:`luck`)."""
        return uniform_of(self.key(decision), luck, occurrence)

    def luck(self, persons: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Half of the hash that only depends on the person, for :meth:`of`: uint64, shape ``persons.shape``."""
        whole = np.asarray(persons)
        if PLAIN:
            return _mix_array(whole.astype(_U) * _U(_GAMMA) + _U(self._base))
        found = np.empty(whole.shape, dtype=_U)
        entry_point(_fill_luck)(found.reshape(-1), _U(self._base), np.ascontiguousarray(whole, dtype=np.int64).reshape(-1))
        return found

    def uniform(
        self, decision: str, persons: NDArray[np.int64], occurrence: int | NDArray[np.int64] = 0
    ) -> NDArray[np.float64]:
        """Uniform numbers in [0, 1), one per person: float64, shape ``persons.shape``."""
        return self.column(decision, self.luck(persons), occurrence)

    def column(self, decision: str, luck: NDArray[np.uint64], occurrence: int | NDArray[np.int64] = 0) -> NDArray[np.float64]:
        """Give the numbers :meth:`uniform` gives, from :meth:`luck`: a cohort makes forty columns from one."""
        key = _U(self.key(decision))
        if PLAIN:
            hashed = _mix_array((luck ^ key) + np.asarray(occurrence).astype(_U) * _U(_STEP))
            return (hashed >> _U(11)).astype(np.float64) * _SCALE
        # One pass over memory where NumPy makes twelve: 6 ns a number in place of 17.
        numbers = np.empty(np.shape(luck))
        halves = np.ascontiguousarray(luck, dtype=_U).reshape(-1)
        occurrences = np.ascontiguousarray(occurrence).astype(_U, copy=False).reshape(-1)
        if occurrences.size not in (1, halves.size):
            message = f"{decision}: {occurrences.size} occurrences for {halves.size} persons"
            raise ValueError(message)
        entry_point(_fill)(numbers.reshape(-1), key, halves, occurrences)
        return numbers


@entry(np.zeros(1), _U(0), np.zeros(1, dtype=_U), np.zeros(1, dtype=_U))
def _fill(numbers: Any, key: int, luck: Any, occurrences: Any) -> None:
    """Write the numbers of a key; ``occurrences`` are one for all, or one each. All arrays of one dimension."""
    each = len(occurrences) > 1
    for position in range(len(numbers)):
        numbers[position] = uniform_of(key, luck[position], occurrences[position if each else 0])


@entry(np.zeros(1, dtype=_U), _U(0), INTS)
def _fill_luck(found: Any, base: int, persons: Any) -> None:
    """Write the half of the hash that depends on the person alone."""
    for position in range(len(found)):
        found[position] = luck_of(base, persons[position])


def luck_of(base: int, person: int) -> int:
    """Person's half of every draw, for compiled code too."""
    z = (int(person) * _GAMMA + int(base)) & _MASK
    z = ((z ^ (z >> 30)) * _C1) & _MASK
    z = ((z ^ (z >> 27)) * _C2) & _MASK
    return z ^ (z >> 31)


@compiled_as(luck_of)
def _luck_of() -> Any:
    def number(base: Any, person: Any) -> Any:
        z = _U(person) * _U(_GAMMA) + _U(base)
        z = (z ^ (z >> _U(30))) * _U(_C1)
        z = (z ^ (z >> _U(27))) * _U(_C2)
        return z ^ (z >> _U(31))

    return number


def uniform_of(key: int, luck: int, occurrence: int) -> float:
    """Uniform number of a decision's key, a person's half (:meth:`Draws.luck`) and an occurrence, for compiled code too."""
    z = (int(luck) ^ int(key)) + int(occurrence) * _STEP & _MASK
    z = ((z ^ (z >> 30)) * _C1) & _MASK
    z = ((z ^ (z >> 27)) * _C2) & _MASK
    return ((z ^ (z >> 31)) >> 11) * _SCALE


@compiled_as(uniform_of)
def _uniform_of() -> Any:
    # The same arithmetic: 64-bit integers without sign wrap by themselves.
    def number(key: Any, luck: Any, occurrence: Any) -> float:
        z = (_U(luck) ^ _U(key)) + _U(occurrence) * _U(_STEP)
        z = (z ^ (z >> _U(30))) * _U(_C1)
        z = (z ^ (z >> _U(27))) * _U(_C2)
        return float((z ^ (z >> _U(31))) >> _U(11)) * _SCALE

    return number


def normal_quantile(uniform: float) -> float:
    """Value that a standard normal stays below with a probability in (0, 1), to 16 digits.

    The algorithm of ``statistics.NormalDist.inv_cdf``, for compiled code too.

    Source
    ------
    Wichura, M. J. (1988), algorithm AS 241, "The percentage points of the normal distribution", Applied Statistics 37, 477–484.
    """
    q = uniform - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return _polynomial(_CENTRE, r) * q / _polynomial(_CENTRE_UNDER, r)
    r = sqrt(-log(uniform if q <= 0.0 else 1.0 - uniform))
    if r <= 5.0:
        x = _polynomial(_NEAR, r - 1.6) / _polynomial(_NEAR_UNDER, r - 1.6)
    else:
        x = _polynomial(_FAR, r - 5.0) / _polynomial(_FAR_UNDER, r - 5.0)
    return -x if q < 0.0 else x


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    value = 0.0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


# Coefficients of the published algorithm, highest power first.
_CENTRE = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_CENTRE_UNDER = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_NEAR = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_NEAR_UNDER = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_FAR = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_FAR_UNDER = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)
