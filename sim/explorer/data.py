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
def establishments() -> pd.DataFrame:
    """Return where the establishments are: ``site_id, site, city, interregion, latitude, longitude``."""
    frame = pd.read_csv(observed_file("establishments.csv"), dtype={"establishment_id": str})
    frame = frame.sort_values("date").drop_duplicates("establishment_id", keep="last")
    columns = {"establishment_id": "site_id", "establishment": "site"}
    return frame.rename(columns=columns)[["site_id", "site", "city", "interregion", "latitude", "longitude"]]


def day_number(text: str) -> int:
    """Return an ISO date as a day."""
    return parse_day(text)
