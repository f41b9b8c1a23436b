"""One simulated life as a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.dates import iso
from sim.errors import RequestError
from sim.presentation.life_found import KINDS, find_life, life_of, replication_with_events
from sim.presentation.life_story import legal_dates, moments, portrait
from sim.presentation.texts import Texts
from sim.records.named import dates_of

if TYPE_CHECKING:
    from sim.records.run_folder import RunFolder


def life_frame(run: RunFolder, person: int | None, kind: str | None, replication: int | None, lang: str) -> pd.DataFrame:
    """Return the frame of :meth:`sim.api.results.Results.life`."""
    if (person is None) == (kind is None):
        msg = f"life: say a person's number, or kind= one of {', '.join(KINDS)}."
        raise RequestError(msg)
    number = replication_with_events(run, replication)
    person = find_life(run, number, str(kind)) if person is None else person
    life = life_of(run, number, person)
    exits = run.table("exits", number)
    mine = exits[exits["person"] == person]
    t = Texts(lang)
    told = [*moments(t, life, run.codebook, iso(run.manifest.start_day)), *legal_dates(t, mine)]
    told.sort(key=lambda moment: moment.day)
    frame = pd.DataFrame(
        {
            "date": dates_of(np.array([moment.day for moment in told], dtype=np.int64)),
            "text": [moment.text for moment in told],
            "legal": [moment.legal for moment in told],
        }
    )
    frame.attrs |= {"person": person, "scenario": run.scenario, "replication": number, "portrait": portrait(t, mine)}
    return frame
