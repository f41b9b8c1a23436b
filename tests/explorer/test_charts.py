"""Charts as they are described to the browser."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.presentation import charts
from sim.presentation.texts import Texts


def months(level):
    days = pd.date_range("2026-01-01", periods=3, freq="MS")
    return pd.DataFrame({"day": days, **{name: [level] * 3 for name in ("low", "q25", "median", "q75", "high")}})


@pytest.mark.parametrize(("other", "above"), [(110.0, "policy"), (90.0, "base")])
def test_names_at_the_ends_of_two_lines_stand_outside_them(other, above):
    """Not between them, where they would be written over each other."""
    nobody = pd.DataFrame({"day": [], "value": [], "source": []})
    series = [("base", months(100.0)), ("policy", months(other))]
    drawn = charts.fan(Texts("en"), nobody, nobody, series, pd.Timestamp("2026-02-01")).to_dict()
    marks = [layer["mark"] for layer in drawn["layer"] if isinstance(layer["mark"], dict)]
    moved = {mark["text"]: mark["dy"] for mark in marks if mark.get("text") in ("base", "policy")}
    assert len(moved) == 2
    assert {name for name, dy in moved.items() if dy < 0} == {above}
