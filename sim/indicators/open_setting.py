"""The open setting: people for one counsellor, and how long the first appointment waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import ALL, Figures, census_days, counts, integers, share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

    Floats = NDArray[np.float64]


def open_setting(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the people followed by one counsellor, in all and by interregion, and the wait for the first appointment."""
    census = tables.table("open_setting")
    names = tables.codebook.interregions
    for window in context.windows():
        rows = census_days(census, window)
        region = integers(rows, "interregion")
        posts, followed, background = (
            counts(region, len(names), rows[column].to_numpy().astype(np.float64))
            for column in ("posts", "followed", "background")
        )
        background += counts(region, len(names), rows["probation"].to_numpy().astype(np.float64))
        months = len(np.unique(rows["day"].to_numpy()))
        if not months:
            continue
        load = share(float((followed + background).sum()), float(posts.sum()))
        figures.add(window.label, "open_setting_load", ALL, load)
        figures.add(window.label, "open_setting_posts", ALL, float(posts.sum()) * context.weight / months)
        figures.add(window.label, "open_setting_followed", ALL, float(followed.sum()) * context.weight / months)
        if context.usual_load > 0:
            figures.add(window.label, "first_appointment_days", ALL, context.first_appointment_days * load / context.usual_load)
        for position, name in enumerate(names):
            whole = float(followed[position] + background[position])
            figures.add(window.label, "open_setting_load", f"interregion={name}", share(whole, float(posts[position])))


def load_met(tables: Tables, day: NDArray[np.int64], interregion: NDArray[np.int64], otherwise: float) -> Floats:
    """Load of the open setting where and in the month each person left, shape ``day.shape``; ``otherwise`` if not told."""
    census = tables.table("open_setting")
    days = np.unique(integers(census, "day"))
    if not len(days):
        return np.full(len(day), otherwise)
    regions = len(tables.codebook.interregions)
    table = np.full((len(days), regions), otherwise)
    posts = census["posts"].to_numpy().astype(np.float64)
    people = (census["followed"] + census["background"] + census["probation"]).to_numpy().astype(np.float64)
    told = posts > 0
    place = (np.searchsorted(days, integers(census, "day"))[told], integers(census, "interregion")[told])
    table[place] = people[told] / posts[told]
    month = np.clip(np.searchsorted(days, day, side="right") - 1, 0, len(days) - 1)
    result: Floats = table[month, np.clip(interregion, 0, regions - 1)]
    return result
