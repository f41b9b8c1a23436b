"""What the pages read: the reference, the published series, the registry of parameters. Read once for all sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.dates import parse_day
from sim.library.read import Reference, open_reference, reference_folder
from sim.policies import POLICIES
from sim.scenario import load_scenario
from sim.scenario.observed import observed_file

if TYPE_CHECKING:
    from sim.scenario import Scenario


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(folder: str, made: float) -> Reference:  # noqa: ARG001 (the time tells a reference made anew)
    return open_reference(folder)


def reference() -> Reference:
    """Open the reference; raises :class:`~sim.errors.RunFolderError` if there is none."""
    folder = reference_folder()
    file = folder / "reference.json"
    return _opened(str(folder), file.stat().st_mtime if file.is_file() else 0.0)


@st.cache_resource(show_spinner=False)
def baseline() -> Scenario:
    """Load the reference world, whose registry gives every value its source."""
    return load_scenario("baseline", known_policies=frozenset(POLICIES))


@st.cache_data(max_entries=1, show_spinner=False)
def establishments() -> tuple[str, pd.DataFrame]:
    """Return the day of the last published table, and its establishments.

    Columns: ``site_id, site, city, interregion, latitude, longitude, held, places, density``. Some have no
    identifier. A quarter whose number of people is masked counts neither people nor places.
    """
    frame = pd.read_csv(observed_file("establishments.csv"), dtype={"establishment_id": str})
    day = str(frame["date"].max())
    told = frame[frame["date"] == day].dropna(subset=["detainees"])
    rows = told.groupby("establishment", as_index=False).agg(
        site_id=("establishment_id", "first"),
        city=("city", "first"),
        interregion=("interregion", "first"),
        latitude=("latitude", "first"),
        longitude=("longitude", "first"),
        held=("detainees", "sum"),
        places=("capacity_operational", "sum"),
    )
    rows = rows.rename(columns={"establishment": "site"})
    return day, rows.assign(density=(rows["held"] / rows["places"]).where(rows["places"] > 0))


def day_number(text: str) -> int:
    """Return an ISO date as a day."""
    return parse_day(text)
