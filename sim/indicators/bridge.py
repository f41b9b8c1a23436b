"""From one published definition of the dry-release rate to the other, step by step, to the last person.

Definition (a) counts exits from detention of people sentenced for a délit; (b) counts ends of committal of sentenced
people (model.md §9). Each step says who is added or taken away. What the steps leave unexplained has a line of its
own, so that it is seen; tests hold it at zero on the model's own runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.indicators.tidy import Figures, group, share, within

if TYPE_CHECKING:
    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables

STEPS = (
    "exits of délits (definition a)",
    "+ exits of crimes",
    "− stays begun at home",
    "− exits followed by a return to the cell",
    "− measures still running",
    "+ measures begun before",
    "+ ends without an exit on record",
    "± not reconciled",
    "ends of committal (definition b)",
)
"""Steps of the bridge, in order; the first and the last are totals, the others differences."""

_KEY = ["person", "stay"]


def bridge(tables: Tables, context: Context, figures: Figures) -> None:
    """Add, for each window, people counted and dry ones after each step, and the rate they make."""
    exits = tables.table("exits")[["day", "person", "stay", "spell", "sentenced", "felony", "regime"]]
    ends = tables.table("ends")[["day", "person", "stay", "sentenced", "regime", "home"]]
    exits = exits[exits["sentenced"].to_numpy() == 1]
    ends = ends[ends["sentenced"].to_numpy() == 1]
    # A stay may end twice: a conditional release ends the committal, and a withdrawn one brings the person back to the
    # same stay. Each exit is followed by the first end that comes no earlier, each end preceded by the last exit.
    exits = exits.sort_values(["day", "spell"], kind="stable")
    ends = ends.sort_values("day", kind="stable")
    joined = pd.merge_asof(
        exits,
        ends[["day", *_KEY, "home"]].assign(end_day=ends["day"]),
        on="day",
        by=_KEY,
        direction="forward",
    )
    following = joined.groupby(_KEY, sort=False)["day"].shift(-1)
    joined["last"] = following.isna() | (following > joined["end_day"])
    ended = pd.merge_asof(
        ends[ends["home"].to_numpy() == 0],
        exits[["day", *_KEY]].assign(exit_day=exits["day"]),
        on="day",
        by=_KEY,
        direction="backward",
    )
    for window in context.windows():
        _one_window(joined, ended, context, window, figures)


def _one_window(joined: pd.DataFrame, ended: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    left = within(joined, window)
    dry = (left["regime"] == 0).to_numpy()
    felony = (left["felony"] == 1).to_numpy()
    home = (left["home"] == 1).to_numpy()
    end_day = left["end_day"].to_numpy()
    ends_in = (end_day >= window.start_day) & (end_day < window.stop_day)
    returned = ~home & ~left["last"].to_numpy().astype(bool)
    running = ~home & ~returned & ~ends_in

    counted = within(ended, window)
    counted_dry = (counted["regime"] == 0).to_numpy()
    exit_day = counted["exit_day"].to_numpy()
    earlier = exit_day < window.start_day
    unrecorded = np.isnan(exit_day.astype(np.float64))

    def people(chosen: np.ndarray, are_dry: np.ndarray) -> tuple[int, int]:
        return int(chosen.sum()), int((chosen & are_dry).sum())

    changes: list[tuple[int, int]] = [
        people(~felony, dry),
        people(felony, dry),
        *((-n, -d) for n, d in (people(chosen, dry) for chosen in (home, returned, running))),
        people(earlier, counted_dry),
        people(unrecorded, counted_dry),
    ]
    explained_people, explained_dry = (sum(column) for column in zip(*changes, strict=True))
    changes.append((len(counted) - explained_people, int(counted_dry.sum()) - explained_dry))
    total_people = total_dry = 0
    per_year = context.weight / window.years
    for step, (of_them, are_dry) in zip(STEPS[:-1], changes, strict=True):
        total_people, total_dry = total_people + of_them, total_dry + are_dry
        figures.add(window.label, "bridge_people", group(step=step), of_them * per_year)
        figures.add(window.label, "bridge_dry", group(step=step), are_dry * per_year)
        figures.add(window.label, "bridge_rate", group(step=step), share(total_dry, total_people))
    figures.add(window.label, "bridge_people", group(step=STEPS[-1]), total_people * per_year)
    figures.add(window.label, "bridge_dry", group(step=STEPS[-1]), total_dry * per_year)
    figures.add(window.label, "bridge_rate", group(step=STEPS[-1]), share(total_dry, total_people))
