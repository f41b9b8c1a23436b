"""One world, plain and compiled, with tables that grow and with tables that need not: the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.engine.compile import compiled
from sim.engine.keeping import code_folder
from sim.institutions import world as penal_system
from sim.institutions.community_supervision import count_followed
from sim.institutions.queues import slots_in_queue
from sim.institutions.waiting import count_waiting
from sim.pathways.arrivals import people_arrive
from sim.population.drawing import draw_lives, draw_stays
from sim.population.person import PERSON, blank, reset_stay
from sim.simulation.processes import institution_acts
from tests.worlds import run, scenario

EVERYTHING = """\
policies:
  - {name: population_cap, on: 2022-09-05, with: {density: 0.5, within_days: 365}}
changes:
  - {on: 2022-09-15, set: law.release_under_constraint.fraction_served, to: 0.5, applies_to: new_committals}
  - {on: 2022-10-01, scale: means.enforcement_courts.hearing_slots, by: 3}
  - {on: 2023-02-01, set: means.enforcement_courts.board_slots, to: 60000}
  - {on: 2022-11-01, set: practices.files.lead_days, to: 500, where: {interregion: [Paris, Lille]}, until: 2023-03-01}
establishments:
  - {open: MA NOUVELLE, kind: MA, departement: "91", places: {2022-09-01: 1500}, posts: {2022-10-01: 20}}
  - {close: CP FRESNES, on: 2022-11-01}
"""


def every_mechanism():
    """A year of 0.3 % of the country through the reform of 2023: a cap, a reform for newcomers, boards that fill up."""
    return run(scenario(EVERYTHING, start="2022-08-01", end="2023-06-01", fraction=0.003), keep_events=True)


def digests(tables) -> dict[str, str]:
    return {name: hashlib.sha256(table.tobytes()).hexdigest() for name, table in tables.items()}


@pytest.fixture(scope="module")
def here():
    return every_mechanism()


def test_plain_and_compiled_write_the_same_bytes(root, here):
    """``-W error``: a number that overflows its width in the plain engine is a warning of NumPy's."""
    script = "from tests.compiling.test_same_bytes import *\nprint(json.dumps(digests(every_mechanism().tables)))"
    plain = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=root,
        env={**os.environ, "SORTIE_PLAIN": "1", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert plain.returncode == 0, plain.stderr
    assert json.loads(plain.stdout) == digests(here.tables)


def test_that_world_has_every_mechanism(here):
    tables = here.tables
    assert set(tables["exits"]["regime"]) >= {-1, 0, 1, 3}
    assert tables["measures"]["withdrawn"].any()
    assert tables["flows"]["returns"].sum() > 0
    assert len(set(tables["decisions"]["adjustment"])) >= 4
    assert len(here.world.state.law_from) == 2


def test_tables_that_grow_during_a_run_change_nothing(monkeypatch, here):
    monkeypatch.setattr(penal_system, "_FIRST_SLOTS", 3)
    monkeypatch.setattr(penal_system, "_FIRST_PAGES", 2)
    small = every_mechanism()
    monkeypatch.setattr(penal_system, "_FIRST_SLOTS", 1 << 15)
    monkeypatch.setattr(penal_system, "_FIRST_PAGES", 1 << 16)
    large = every_mechanism()

    assert len(small.world.state.people) < len(here.world.state.people) < len(large.world.state.people)
    assert digests(small.tables) == digests(here.tables) == digests(large.tables)


def test_each_function_python_calls_is_compiled_for_one_kind_of_arguments(here):
    """Two kinds would be two minutes of compilation, and two writers of one file."""
    assert here.tables
    called = (people_arrive, institution_acts, count_followed, count_waiting, slots_in_queue, draw_lives, draw_stays)
    for function in called:
        assert len(compiled(function).signatures) == 1
        assert code_folder() == Path(compiled(function).stats.cache_path)


def test_a_slot_taken_again_tells_nothing_of_who_had_it(here):
    """Every field is the newcomer's: drawn, or that of a blank row."""
    world = here.world
    people = world.state.people
    slot = int(world.state.free[world.state.nation.free_slots - 1])
    for name in PERSON.names:
        people[name][slot] = 1
    ids = np.array([4_000_000])
    drawn = {name: np.zeros(1, dtype=PERSON[name]) for name in penal_system.ATTRIBUTES}
    assert world.allocate(ids, np.array([2]), drawn).tolist() == [slot]

    row, fresh = people[slot], blank()
    given = {"slot": slot, "id": 4_000_000, "stream": 2}
    for name in PERSON.names:
        assert row[name] == given.get(name, fresh[name]), name


def test_a_second_stay_begins_as_a_first_one_does():
    """``reset_stay`` resets every field but who the person is, when they were freed and what the next cohort draws."""
    row, fresh = blank(), blank()
    kept = {"slot", "id", "stay", "stream", "total_days", "freed_day", *penal_system.ATTRIBUTES}
    for name in set(PERSON.names) - kept:
        row[name] = 3
    reset_stay(row)
    assert [name for name in PERSON.names if row[name] != fresh[name]] == []
