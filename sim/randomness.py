"""Luck by name: uniform numbers keyed by *decision point × person × occurrence*.

The same person has the same luck in every scenario: a number depends on the seed, the replication, the name of the
decision, the person and the how-manieth time this person meets that decision, and on nothing else. Order of events,
other decisions and other persons cannot shift it; adding a decision point changes no existing number.

The generator is a keyed 64-bit hash (SplitMix64's finaliser applied twice, the decision's ``blake2b`` key entering
between the two): a counter-based generator like Philox, chosen because it also exists as five lines of plain Python.
The same number can thus be had for a whole cohort at once (NumPy, ~25 ns each) or for one person in the loop (~0.7 µs,
no generator object, no array scalar); Philox costs 15 µs per key. ``tests/randomness`` holds both forms equal and tests
uniformity and independence; decision 0003 records the choice.

This module is the only place of the project that makes random numbers.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MASK = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15
_STEP = 0xD1B54A32D192ED03
_C1, _C2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_SCALE = 2.0**-53
_U = np.uint64


@lru_cache(maxsize=4096)
def decision_key(seed: int, replication: int, decision: str) -> int:
    """Return the 64-bit key of one decision point in one replication."""
    digest = blake2b(f"{seed}/{replication}/{decision}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mix_array(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z ^ (z >> _U(30))) * _U(_C1)
    z = (z ^ (z >> _U(27))) * _U(_C2)
    return z ^ (z >> _U(31))


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
        z = (person * _GAMMA + self._base) & _MASK
        z = ((z ^ (z >> 30)) * _C1) & _MASK
        z = ((z ^ (z >> 27)) * _C2) & _MASK
        return self.of(decision, z ^ (z >> 31), occurrence)

    def of(self, decision: str, luck: int, occurrence: int = 0) -> float:
        """Give the number :meth:`one` gives, from the half of the hash that only depends on the person (:meth:`luck`).

        For the loop, where the half travels with the person: half the time, half a million times a simulated year.
        """
        try:
            z = luck ^ self._keys[decision]
        except KeyError:
            z = luck ^ self.key(decision)
        if occurrence:
            z = (z + occurrence * _STEP) & _MASK
        z = ((z ^ (z >> 30)) * _C1) & _MASK
        z = ((z ^ (z >> 27)) * _C2) & _MASK
        return ((z ^ (z >> 31)) >> 11) * _SCALE

    def luck(self, persons: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Half of the hash that only depends on the person, for :meth:`of`: uint64, shape ``persons.shape``."""
        return _mix_array(np.asarray(persons).astype(_U) * _U(_GAMMA) + _U(self._base))

    def uniform(
        self, decision: str, persons: NDArray[np.int64], occurrence: int | NDArray[np.int64] = 0
    ) -> NDArray[np.float64]:
        """Uniform numbers in [0, 1), one per person: float64, shape ``persons.shape``."""
        return self.column(decision, self.luck(persons), occurrence)

    def column(self, decision: str, luck: NDArray[np.uint64], occurrence: int | NDArray[np.int64] = 0) -> NDArray[np.float64]:
        """Give the numbers :meth:`uniform` gives, from :meth:`luck`: a cohort makes forty columns from one."""
        step = np.asarray(occurrence).astype(_U) * _U(_STEP)
        hashed = _mix_array((luck ^ _U(self.key(decision))) + step)
        return (hashed >> _U(11)).astype(np.float64) * _SCALE
