"""Dry releases by age, and by sentence band within each group of people: who is left out at equal sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.releases import BAND_LIMITS, BANDS
from sim.indicators.tidy import Figures, counts, group, integers, share, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

AGES = ("<18", "18–24", "25–34", "35–44", "45–54", "55+")
_AGE_LIMITS = np.array([17, 24, 34, 44, 54])

_CROSSED = {
    "nationality": ("foreign", ("French", "foreign")),
    "removal": ("removal", ("no", "yes")),
    "sex": ("female", ("men", "women")),
    "housed": ("housed", ("no", "yes")),
    "recidive": ("recidive", ("no", "yes")),
}


def subgroups(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the dry rate of délits (definition a) by age, by age and band, and by band within each yes-or-no group."""
    columns = ["day", "sentenced", "felony", "regime", "quantum_days", "age", *(column for column, _ in _CROSSED.values())]
    exits = tables.table("exits")[columns]
    for window in context.windows():
        left = within(exits, window)
        left = left[(integers(left, "sentenced") == 1) & (integers(left, "felony") == 0)]
        per_year = context.weight / window.years
        dry = (integers(left, "regime") < 0).astype(np.float64)
        band = np.searchsorted(BAND_LIMITS, integers(left, "quantum_days"), side="left")
        age = np.searchsorted(_AGE_LIMITS, integers(left, "age"), side="left")

        def add(
            codes: NDArray[np.int64],
            labels: list[str],
            dry: NDArray[np.float64] = dry,
            per_year: float = per_year,
            period: str = window.label,
        ) -> None:
            people, are_dry = counts(codes, len(labels)), counts(codes, len(labels), dry)
            for label, of_them, without in zip(labels, people.tolist(), are_dry.tolist(), strict=True):
                figures.add(period, "dry_rate_exits", label, share(without, of_them))
                figures.add(period, "exits_per_year", label, of_them * per_year)

        add(age, [group(age=name) for name in AGES])
        for dimension, (column, names) in _CROSSED.items():
            codes = integers(left, column) * len(BANDS) + band
            add(codes, [group(**{dimension: name, "band": b}) for name in names for b in BANDS])
