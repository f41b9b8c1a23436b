"""``import sortie``: the public names of the package :mod:`sim`, under the name of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sim

if TYPE_CHECKING:
    from sim import *  # noqa: F403 (what an editor offers after ``sortie.``)

__all__ = sim.__all__


def __getattr__(name: str) -> Any:
    return getattr(sim, name)


def __dir__() -> list[str]:
    return dir(sim)
