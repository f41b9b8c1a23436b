"""The same scenario over other dates or with a sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from sim.dates import parse_day
from sim.errors import RequestError
from sim.experiments.run_options import adapted


@dataclass(frozen=True)
class FinishedRun:
    name: str = "world"
    start_day: int = parse_day("2022-01-01")
    measure_from_day: int = parse_day("2025-10-01")
    end_day: int = parse_day("2030-12-31")
    sampling_fraction: float = 1.0
    changes: tuple = field(default=(SimpleNamespace(on_day=parse_day("2026-07-01"), path="means.x"),))
    policies: tuple = ()
    establishments: tuple = ()


def test_nothing_asked_is_the_very_same_scenario():
    world = FinishedRun()
    assert adapted(world, days={"start": None, "end": None}) is world


def test_dates_and_fraction_are_replaced():
    other = adapted(FinishedRun(), days={"end": "2027-12-31", "measure_from": "2026-01-01"}, fraction=0.1)
    assert other.end_day == parse_day("2027-12-31")
    assert other.measure_from_day == parse_day("2026-01-01")
    assert other.sampling_fraction == 0.1
    assert other.start_day == FinishedRun().start_day


@pytest.mark.parametrize(
    ("days", "fraction", "words"),
    [
        ({"end": "tomorrow"}, None, "--end: met 'tomorrow', expected a date"),
        ({"measure_from": "2026-13-01"}, None, "--measure-from"),
        ({}, 0.0, "--fraction: met 0"),
        ({}, 1.5, "at most 1"),
        ({}, float("nan"), "--fraction: met nan"),
        ({"end": "2025-01-01"}, None, "expected them in that order"),
        ({"end": "2026-01-31"}, None, "'means.x' changes on 2026-07-01, outside the run"),
        ({"start": "2026-09-01", "measure_from": "2026-10-01"}, None, "it would have no effect"),
    ],
)
def test_requests_without_sense_are_refused(days, fraction, words):
    with pytest.raises(RequestError, match=words):
        adapted(FinishedRun(), days=days, fraction=fraction)
