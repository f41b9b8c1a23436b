"""Levers of an experiment and the settings they are moved through: every combination, or the points of a design.

A grid of five levers at five settings is 3,125 arms; a design of 64 points covers the same box evenly, and a smooth surface
can be fitted through it. Two designs: a Latin hypercube (McKay, Beckman and Conover, 1979), any number of points, each
lever's range cut into as many parts and each part met once; and a Sobol' sequence (directions of Joe and Kuo, by SciPy), a
power of two points, even for every pair of levers as well. Both are placed by the project's own luck.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator

from sim.experiments.draws import hypercube
from sim.randomness import Draws
from sim.scenario.schema import Day, Text
from sim.scenario.values import EntryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DIGITS = 4
"""Significant digits of a setting that a design chooses: enough to tell points apart, few enough to be an arm's name."""


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def listed(raw: object) -> object:
    """Read one value as a list of one."""
    return raw if isinstance(raw, list) else [raw]


def _ends(raw: object) -> object:
    if raw is None:
        return None
    numbers = isinstance(raw, list) and all(isinstance(end, int | float) and not isinstance(end, bool) for end in raw)
    if not isinstance(raw, list) or not numbers or len(raw) != 2 or not raw[0] < raw[1]:
        msg = f"expected two numbers, the lower first, as in [50, 200], met {raw!r}"
        raise EntryError(msg)
    return (float(raw[0]), float(raw[1]))


class LeverBlock(_Block):
    """One value moved through several settings."""

    on: Day
    set: Text | None = None
    scale: Text | None = None
    add: Text | None = None
    to: Annotated[Any, PlainValidator(listed)] = None
    by: Annotated[Any, PlainValidator(listed)] = None
    between: Annotated[tuple[float, float] | None, BeforeValidator(_ends)] = None
    """Range of a lever that a design moves."""
    applies_to: Literal["everyone", "new_committals"] | None = None

    @model_validator(mode="after")
    def _whole(self) -> LeverBlock:
        named = [word for word in ("set", "scale", "add") if getattr(self, word) is not None]
        if len(named) != 1:
            msg = f"expected one of 'set: PATH', 'scale: PATH' or 'add: PATH', met {' and '.join(named) or 'none'}"
            raise EntryError(msg)
        wanted = "to" if named[0] == "set" else "by"
        if not self.settings and self.between is None:
            msg = f"'{named[0]}' needs '{wanted}:', one value or a list of them, or 'between:' and a design"
            raise EntryError(msg)
        if self.between is not None and not (self.to is None and self.by is None):
            msg = f"met 'between:' and a list of settings: expected one of '{wanted}:' and 'between:'"
            raise EntryError(msg)
        return self

    @property
    def operation(self) -> str:
        """``set``, ``scale`` or ``add``."""
        return next(word for word in ("set", "scale", "add") if getattr(self, word) is not None)

    @property
    def path(self) -> str:
        """What is moved."""
        return str(getattr(self, self.operation))

    @property
    def settings(self) -> list[Any]:
        """Values it is moved through; none if it has a range."""
        return list((self.to if self.operation == "set" else self.by) or [])

    def change(self, setting: Any) -> dict[str, Any]:
        """Return the line of a scenario file that makes one setting."""
        line = {"on": self.on.isoformat(), self.operation: self.path, "to" if self.operation == "set" else "by": setting}
        return line if self.applies_to is None else {**line, "applies_to": self.applies_to}

    def at(self, share: float) -> Any:
        """Return the setting at a share (0 to 1, without 1) of the range, or of the list."""
        if self.between is None:
            return self.settings[int(share * len(self.settings))]
        low, high = self.between
        return float(f"{low + share * (high - low):.{DIGITS}g}")


class DesignBlock(_Block):
    """Points that cover the levers' ranges together."""

    kind: Literal["latin_hypercube", "sobol"] = "latin_hypercube"
    points: Annotated[int, Field(ge=2)]
    seed: int = 1

    @model_validator(mode="after")
    def _whole(self) -> DesignBlock:
        if self.kind == "sobol" and self.points & (self.points - 1):
            near = 1 << (self.points.bit_length() - 1)
            msg = f"a Sobol' sequence is even after a power of two points: met {self.points}, expected {near} or {2 * near}"
            raise EntryError(msg, "points")
        return self

    def shares(self, levers: Sequence[str]) -> NDArray[np.float64]:
        """Return the points on the unit cube: float64, shape ``(points, len(levers))``."""
        if self.kind == "latin_hypercube":
            return hypercube(self.points, levers, self.seed)
        from scipy.stats import qmc  # noqa: PLC0415 (0.3 s, and only this design needs it)

        points = np.asarray(qmc.Sobol(len(levers), scramble=False).random_base2(self.points.bit_length() - 1))
        # Turned as a whole by a random amount (Cranley and Patterson, 1976): the first point of the sequence is a corner.
        turn = [float(Draws(self.seed, 0).uniform(f"design.turn.{lever}", np.zeros(1, dtype=np.int64))[0]) for lever in levers]
        turned: NDArray[np.float64] = (points + np.array(turn)) % 1.0
        return turned


def arms_asked(levers: Sequence[LeverBlock], design: DesignBlock | None) -> int:
    """Count the combinations before any is made: the settings multiplied, or the points of the design."""
    if not levers:
        return 0
    return math.prod(len(lever.settings) for lever in levers) if design is None else design.points


def settings_of(levers: Sequence[LeverBlock], design: DesignBlock | None) -> list[tuple[Any, ...]]:
    """List the combinations of settings an experiment runs, one setting a lever, each combination once."""
    if not levers:
        return []
    if design is None:
        return list(itertools.product(*(lever.settings for lever in levers)))
    shares = design.shares([f"{lever.operation} {lever.path} {position}" for position, lever in enumerate(levers)])
    rows = [tuple(lever.at(float(share)) for lever, share in zip(levers, row, strict=True)) for row in shares]
    # Points may meet in the same settings where a lever has a short list.
    return [row for position, row in enumerate(rows) if row not in rows[:position]]
