"""What policies are worth together beside the sum of what each is worth alone.

Posts fill the judge's queue and hearings hear what is ready: each alone gives little, both give more than their sum. All arms
share their luck, so that the interaction is a difference of paired differences, and has an interval of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiments.compare import pairable
from sim.indicators.estimates import KEY, interval_label, paired

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.records.run_folder import RunFolder


@dataclass(frozen=True)
class Interaction:
    """Policies alone and together, against one base."""

    parts: tuple[str, ...]
    together: str
    replications: tuple[int, ...]
    """Replications that all of the runs have."""
    figures: pd.DataFrame
    """Columns ``period, indicator, group, base, sum_of_parts, together, interaction, half_width, below_zero, n``: the value of
    the base, the sum of what each part changes, what all change together, and the second less the first."""

    @property
    def interval(self) -> str:
        """What the intervals cover."""
        return interval_label(len(self.replications))


def interaction(base: RunFolder, parts: Sequence[RunFolder], together: RunFolder) -> Interaction:
    """Compare what policies change together with the sum of what each changes.

    Raises
    ------
    RequestError
        If the runs do not share seed, window, fraction and code, or have no replication in common.
    """
    runs = [base, *parts, together]
    common = pairable(runs)
    found = [frame[frame["replication"].isin(common)] for frame in (run.indicators() for run in runs)]
    figures = interaction_of(found[0], found[1:-1], found[-1])
    return Interaction(tuple(run.scenario for run in parts), together.scenario, common, figures)


def interaction_of(base: pd.DataFrame, parts: Sequence[pd.DataFrame], together: pd.DataFrame) -> pd.DataFrame:
    """Return the ``figures`` of an :class:`Interaction` from indicators (``replication, period, indicator, group, value``)."""
    keys = ["replication", *KEY]
    added = base.rename(columns={"value": "base"})
    added["value"] = added["base"]
    for part in parts:
        added = added.merge(part.rename(columns={"value": "part"}), on=keys, how="inner")
        added["value"] += added.pop("part") - added["base"]
    moved = paired(added[[*keys, "value"]], together)
    level = paired(added[[*keys, "base"]].rename(columns={"base": "value"}), together)[[*KEY, "base", "difference"]]
    figures = moved.merge(level, on=KEY, suffixes=("_parts", ""))
    figures["sum_of_parts"] = figures["base_parts"] - figures["base"]
    figures = figures.rename(columns={"difference": "together", "difference_parts": "interaction"})
    columns = [*KEY, "base", "sum_of_parts", "together", "interaction", "half_width", "below_zero", "n"]
    wanted: pd.DataFrame = figures[columns]
    return wanted


def put_together(names: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names that put others of a list together (``a+b``), each with its parts, where all of them are in the list."""
    known = set(names)
    split = ((name, tuple(name.split("+"))) for name in names if "+" in name)
    return [(name, parts) for name, parts in split if known.issuperset(parts)]
