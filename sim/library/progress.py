"""One progress for all the experiments of a reference: what is left is what is left of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiments.progress import Listener


class Whole:
    """Passes on what happens in several experiments as if they were one.

    Parameters
    ----------
    listener
        Who is told.
    waiting
        Units that each experiment has to run, by its name.
    there
        Units that are there already, of all of them.
    """

    def __init__(self, listener: Listener, waiting: dict[str, int], there: int) -> None:
        self._listener = listener
        self._waiting = waiting
        self._there = there
        self._part = ""
        self._begun = False

    def part(self, name: str) -> Listener:
        """Listener of one experiment; its units carry its name, as two experiments may run one scenario."""
        self._part = name
        return self

    def begin(self, units: int, months: int, skipped: int) -> None:  # noqa: ARG002 (of one experiment: the whole is known)
        """Open once, for all."""
        if not self._begun:
            self._begun = True
            self._listener.begin(sum(self._waiting.values()), months, self._there)

    def month(self, unit: str, day: int) -> None:
        """Pass on."""
        self._listener.month(f"{self._part}: {unit}", day)

    def note(self, text: str) -> None:
        """Pass on."""
        self._listener.note(text)

    def compiling(self, done: int, total: int, seconds: float) -> None:
        """Pass on."""
        self._listener.compiling(done, total, seconds)

    def done(self, unit: str, seconds: float) -> None:
        """Pass on."""
        self._listener.done(f"{self._part}: {unit}", seconds)

    def failed(self, unit: str, message: str) -> None:
        """Pass on."""
        self._listener.failed(f"{self._part}: {unit}", message)

    def close(self) -> None:
        """Leave it to whoever opened the listener."""
