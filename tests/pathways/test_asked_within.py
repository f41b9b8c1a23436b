"""What is asked for hangs on what the law opens, and when, not on how early a file is begun."""

from __future__ import annotations

from typing import Any

import pytest

from sim.pathways import application


@pytest.mark.parametrize(
    ("lead", "within", "opens", "soon"),
    [
        (293, 321, [10, 400], 321),  # the usual advance: within the days asked for, whatever opens
        (440, 321, [10, 400], 321),  # begun earlier, something opens now: a release in 400 days is not waited for
        (440, 321, [420, 460], 448),  # begun earlier, nothing opens before: what opens first, and four weeks more
        (440, 321, [600], 468),  # nothing opens in time at all: no further than the file is begun
        (440, 900, [600], 900),
    ],
)
def test_how_soon_an_adjustment_must_open_to_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, lead: int, within: int, opens: list[int], soon: int
) -> None:
    """Today is day 100; adjustments open so many days later."""

    class Of:
        def __init__(self, **values: Any) -> None:
            vars(self).update(values)

    state: Any = Of(nation=Of(day=100), hearing_codes=range(len(opens)))
    here = Of(files=Of(lead_days=lead, asked_within_days=within))
    monkeypatch.setattr(application, "parameters_for", lambda *_: here)
    monkeypatch.setattr(application, "first_day", lambda code, *_: 100 + opens[code])
    person: Any = Of()
    law: Any = Of()
    assert application._soon_enough(person, state, law) == soon
