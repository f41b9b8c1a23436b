"""From one published definition of the dry-release rate to the other, step by step, to the last person.

Definition (a) counts exits from detention of people sentenced for a délit; (b) counts ends of committal of sentenced
people (model.md §9). Each step says who is added or taken away. What the steps leave unexplained has a line of its
own, so that it is seen; tests hold it at zero on the model's own runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.indicators.tidy import Figures, group, integers, share, within

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

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

_OF_EXITS = ["day", "person", "stay", "spell", "sentenced", "felony", "regime"]
_OF_ENDS = ["day", "person", "stay", "sentenced", "regime", "home"]
_DAY_BITS, _STAY_BITS = 17, 16
_NONE = -1


def bridge(tables: Tables, context: Context, figures: Figures) -> None:
    """Add, for each window, people counted and dry ones after each step, and the rate they make."""
    exits, ends = tables.table("exits")[_OF_EXITS], tables.table("ends")[_OF_ENDS]
    exits, ends = (frame[frame["sentenced"].to_numpy() == 1] for frame in (exits, ends))
    joined, ended = _joined(exits, ends)
    for window in context.windows():
        _one_window(joined, ended, context, window, figures)


def _joined(exits: pd.DataFrame, ends: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Exits with the end that follows, ends (not of stays begun at home) with the exit that precedes.

    A stay may end twice: a conditional release ends the committal, and a withdrawn one brings the person back to the same
    stay. Each exit is followed by the first end that comes no earlier, each end preceded by the last exit. Both are found
    by search in one order, by stay and day: ten times quicker than by hash, on the 600,000 exits of a national run.
    """
    exit_moment, end_moment = _moments(exits), _moments(ends)
    exit_order = np.lexsort((exits["spell"].to_numpy(), exit_moment))
    end_order = np.argsort(end_moment, kind="stable")
    exit_moment, end_moment = exit_moment[exit_order], end_moment[end_order]

    # One place more, of nobody's, for what comes after the last end and before the first exit.
    place = np.searchsorted(end_moment, exit_moment)
    end_day = _day_if_same_stay(np.append(end_moment, _NONE)[place], exit_moment)
    home = np.append(integers(ends, "home")[end_order], 0)[place]
    following = _day_if_same_stay(np.append(exit_moment[1:], _NONE)[: len(exit_moment)], exit_moment)
    last = (following == _NONE) | ((end_day != _NONE) & (following > end_day))
    place = np.searchsorted(exit_moment, end_moment, side="right")
    exit_day = _day_if_same_stay(np.insert(exit_moment, 0, _NONE)[place], end_moment)

    joined = exits[["day", "felony", "regime"]].assign(
        end_day=_put_back(end_day, exit_order),
        home=_put_back((home == 1) & (end_day != _NONE), exit_order),
        last=_put_back(last, exit_order),
    )
    ended = ends[["day", "regime"]].assign(exit_day=_put_back(exit_day, end_order))
    return joined, ended[ends["home"].to_numpy() == 0]


def _moments(frame: pd.DataFrame) -> NDArray[np.int64]:
    """One number a row, in the order of person, stay and day."""
    stay = (integers(frame, "person") << _STAY_BITS) + integers(frame, "stay")
    return (stay << _DAY_BITS) + integers(frame, "day")


def _day_if_same_stay(moment: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    same = moment >> _DAY_BITS == other >> _DAY_BITS
    return np.where(same, moment & ((1 << _DAY_BITS) - 1), _NONE)


def _put_back(values: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
    back = np.empty_like(values)
    back[order] = values
    return back


def _one_window(joined: pd.DataFrame, ended: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    left = within(joined, window)
    dry = left["regime"].to_numpy() < 0
    felony = left["felony"].to_numpy() == 1
    home = left["home"].to_numpy()
    end_day = left["end_day"].to_numpy()
    ends_in = (end_day >= window.start_day) & (end_day < window.stop_day)
    returned = ~home & ~left["last"].to_numpy()
    running = ~home & ~returned & ~ends_in

    counted = within(ended, window)
    counted_dry = counted["regime"].to_numpy() < 0
    exit_day = counted["exit_day"].to_numpy()
    unrecorded = exit_day == _NONE
    earlier = ~unrecorded & (exit_day < window.start_day)

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
