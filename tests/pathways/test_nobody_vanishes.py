"""Whoever a measure is due to and finds no place is somewhere, to the person: listed, turned, converted or held."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.records.codes import Answer, Movement, Status
from tests.properties.test_accounting import ALWAYS
from tests.worlds import FinishedRun, run, scenario

SMALL: dict[str, Any] = {"start": "2022-01-01", "end": "2023-06-01", "fraction": 0.005}
DAYS = 60
NEVER = 100_000


@cache
def world_with(devices: float, patience: int, converted: float = 0.5) -> FinishedRun:
    """A small country, with a share of its tags, and so many days of wait for one."""
    usual = scenario(**SMALL)
    tags = usual.number("means.placements.devices", usual.start_day)
    changes = {
        "means.placements.devices": tags * devices,
        "practices.placements.tag_patience_days": patience,
        "practices.placements.untagged_converted_share": converted,
    }
    return run(scenario(overrides=changes, **SMALL), keep_events=True)


def total(world: FinishedRun, flow: str) -> int:
    """Movements of the run, the month under way included."""
    return int(world.tables["flows"][flow].sum()) + int(getattr(world.state.nation, flow))


def due_at_home(world: FinishedRun) -> tuple[int, int, int]:
    """Measures from liberty begun, waited for on a list, and still to come."""
    home = world.people[world.people.home_stay & (world.people.status == Status.AT_LIBERTY)]
    to_come = home[home.committed_day < 0]
    return total(world, "home_starts"), int(to_come.waiting_place.sum()), int((~to_come.waiting_place).sum())


def test_without_enough_tags_everybody_due_has_begun_waits_is_converted_or_held() -> None:
    """A third of the tags: as many people as with all of them, whatever has become of each."""
    accounts = {}
    for name, (devices, patience) in {"usual": (1.0, NEVER), "waits": (0.3, NEVER), "decided": (0.3, DAYS)}.items():
        world = world_with(devices, patience)
        begun, waiting, to_come = due_at_home(world)
        converted, enforced = total(world, "converted"), total(world, "enforced")
        accounts[name] = (begun + waiting + to_come + converted + enforced, waiting, converted, enforced)
    assert len({everybody for everybody, *_ in accounts.values()}) == 1
    assert accounts["usual"][2:] == accounts["waits"][2:] == (0, 0)
    assert 0 < accounts["decided"][1] < accounts["waits"][1]
    assert min(accounts["decided"][2:]) > 0


def test_nobody_waits_longer_for_a_tag_than_the_judge_does() -> None:
    """And those converted waited just as long; their lives end there."""
    world = world_with(0.3, DAYS)
    people = world.people
    tag = world.state.nation.tag_regime
    waiting = people[people.waiting_place & (people.status == Status.AT_LIBERTY) & (people.granted_regime == tag)]
    assert len(waiting) > 5
    assert (world.world.day - waiting.place_wanted_day <= DAYS).all()
    events = world.tables["events"]
    converted = events[events["movement"] == Movement.CONVERTED]
    assert len(converted) == total(world, "converted")
    assert set(converted["value"].tolist()) == {DAYS}
    assert not set(converted["person"]) & set(people.id)


def test_who_is_held_for_want_of_a_tag_is_committed_and_serves() -> None:
    """Each is an entry into a cell; entries grow by as many."""
    held = world_with(0.3, DAYS, 0.0)
    waits = world_with(0.3, NEVER)
    assert total(held, "converted") == 0 < total(held, "enforced")
    # Those released meanwhile may come back: a few more.
    more = total(held, "entries") - total(waits, "entries")
    assert more == pytest.approx(total(held, "enforced"), abs=0.1 * total(held, "enforced") + 3)
    assert total(world_with(0.3, DAYS), "enforced") < total(held, "enforced")


def test_converted_sentences_are_those_the_law_allows() -> None:
    """Six months at most (747-1): the others are held, even when judges would convert them all."""
    world = world_with(0.3, DAYS, 1.0)
    events = world.tables["events"]
    converted = set(events["person"][events["movement"] == Movement.CONVERTED])
    assert converted
    assert total(world, "enforced") > 0
    held = events[(events["movement"] == Movement.CONVICTED) & (events["value"] > 0)]
    assert not converted & set(held["person"])


def test_accounts_hold_where_measures_meet_incidents_of_every_kind() -> None:
    """Suspended, turned, searching, withdrawn, converted: places, counts, ledger and flows hold, to the person."""
    forms = ("DDSE", "SL", "PE", "LC")
    world = run(
        scenario(
            overrides={
                "practices.measures.withdrawn": dict.fromkeys(forms, 0.6),
                "practices.measures.length_power": 1.0,
                "practices.measures.incidents_per_withdrawal": 3.0,
                "practices.measures.answers": {
                    "reminder": 0.2, "hours": 0.1, "remission": 0.1, "suspension": 0.2, "other": 0.2,
                },
                "practices.measures.turned_share": 1.0,
                "practices.measures.other_measure_days": 30,
                "practices.measures.after_probation": 1.0,
                "practices.remission.foreseen": 1.0,
                "practices.placements.tag_patience_days": DAYS,
                "means.placements.devices": 12_000,
            },
            **SMALL,
        ),
        keep_events=True,
    )  # fmt: skip
    for holds in ALWAYS:
        holds(world)
    measures, events = world.tables["measures"], world.tables["events"]
    answers = np.bincount(events["value"][events["movement"] == Movement.INCIDENT], minlength=len(Answer))
    columns = {
        Answer.REMINDED: "reminded",
        Answer.HOURS: "widened",
        Answer.REMISSION: "remission_lost",
        Answer.SUSPENDED: "suspended",
        Answer.TURNED: "turned",
    }
    for answer, column in columns.items():
        assert answers[answer] == total(world, column) > 0
    assert answers[Answer.SEARCH] > 0
    ended = np.bincount(measures["withdrawn"], minlength=4)
    assert ended[2] == total(world, "suspended")
    assert ended[3] == total(world, "turned")
    assert total(world, "recalls") == ended[1] + ended[2]
    # Begun from a cell or from liberty, less those that ended: those there are.
    regimes = list(world.world.regime_code)
    exits, first = world.tables["exits"], world.tables["nation"][0]
    begun = (exits["regime"] >= 0) & (exits["regime"] != regimes.index("LC"))
    over = (measures["regime"] != regimes.index("LC")) & (measures["withdrawn"] != 3)
    there = np.isin(world.people.status, (Status.MEASURE_INSIDE, Status.MEASURE_OUTSIDE)).sum()
    assert there == first["inside"] + first["outside"] + begun.sum() + total(world, "home_starts") - over.sum()
