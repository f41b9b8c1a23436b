"""Replications: whole or not there, run once, resumed, and failing one by one."""

from __future__ import annotations

import io
import json

import pytest

from sim.errors import RequestError, ScenarioError
from sim.experiments.progress import Lines
from sim.experiments.replicate import replicate
from sim.records.run_folder import open_run
from tests.experiments.conftest import FakeScenario

WORLD = FakeScenario("world")


def files_of(path):
    return {p.relative_to(path): p.read_bytes() for p in sorted(path.rglob("*.parquet"))}


def test_each_unit_is_run_and_saved(run, engine):
    outcome = run(WORLD, FakeScenario("policy", grant=0.6), replications=2)
    assert engine == [("world", 0), ("policy", 0), ("world", 1), ("policy", 1)]
    assert [r.replications for r in outcome.runs] == [(0, 1), (0, 1)]
    assert (outcome.simulated, outcome.skipped, outcome.failures) == (4, 0, ())


def test_what_is_there_is_not_run_again(run, engine):
    first = run(WORLD, replications=2)
    before = files_of(first.runs[0].path)
    engine.clear()
    second = run(WORLD, replications=3)
    assert engine == [("world", 2)]
    assert second.skipped == 2
    after = files_of(second.runs[0].path)
    assert before.items() <= after.items()
    assert second.runs[0].run_id == first.runs[0].run_id, "the number of replications does not name a run"


def test_what_is_damaged_is_made_anew_with_the_same_bytes(run, engine):
    path = run(WORLD, replications=2).runs[0].path
    before = files_of(path)
    file = path / "replications" / "001" / "ends.parquet"
    content = bytearray(file.read_bytes())
    content[40] ^= 255
    file.write_bytes(content)
    engine.clear()
    run(WORLD, replications=2)
    assert engine == [("world", 1)]
    assert files_of(path) == before


@pytest.mark.parametrize(("events", "kept"), [("first", [True, False]), ("all", [True, True]), ("none", [False, False])])
def test_which_replications_keep_their_events(run, events, kept):
    manifest = run(WORLD, replications=2, events=events).runs[0].manifest
    assert ["events.parquet" in manifest.replications[n] for n in (0, 1)] == kept


def test_events_asked_for_later_are_added_and_nothing_else_moves(run, engine):
    path = run(WORLD, replications=1, events="none").runs[0].path
    before = files_of(path)
    engine.clear()
    run(WORLD, replications=1, events="first")
    assert engine == [("world", 0)]
    assert set(files_of(path)) - set(before) == {file for file in files_of(path) if file.name == "events.parquet"}
    assert before.items() <= files_of(path).items()


def failing(monkeypatch, problem: BaseException, at: int) -> None:
    from sim.simulation import run as module  # noqa: PLC0415 (the fixture has just replaced what is in it)

    simulate = module.simulate

    def fail(scenario, *, replication, **settings):
        if replication == at:
            raise problem
        return simulate(scenario, replication=replication, **settings)

    monkeypatch.setattr("sim.simulation.run.simulate", fail)


def test_a_unit_that_fails_is_told_and_the_others_are_kept(run, monkeypatch):
    failing(monkeypatch, ZeroDivisionError("no sitting"), at=1)
    outcome = run(WORLD, replications=3)
    assert outcome.runs[0].replications == (0, 2)
    (failure,) = outcome.failures
    assert failure.unit == "world #1"
    assert failure.message == "ZeroDivisionError: no sitting"
    assert "Traceback" in failure.details
    assert not failure.mendable


def test_an_error_of_the_scenario_has_no_traceback(run, monkeypatch):
    failing(monkeypatch, ScenarioError("world.yaml: no parameter 'x'"), at=0)
    (failure,) = run(WORLD, replications=2).failures
    assert (failure.message, failure.details, failure.mendable) == ("world.yaml: no parameter 'x'", "", True)


def test_ctrl_c_leaves_the_units_that_are_finished(run, monkeypatch, tmp_path):
    failing(monkeypatch, KeyboardInterrupt(), at=2)
    with pytest.raises(KeyboardInterrupt):
        run(WORLD, replications=4)
    (path,) = (tmp_path / "results" / "world").iterdir()
    assert open_run(path).replications == (0, 1)
    assert open_run(path).indicators()["replication"].nunique() == 2


def test_resources_are_measured_apart_from_the_identity(run):
    manifest = run(WORLD, replications=1).runs[0].manifest
    cost = manifest.made["resources"]["000"]
    assert 0 < cost["simulate_seconds"] <= cost["wall_seconds"]
    assert cost["peak_memory_mb"] > 10
    assert "resources" not in json.dumps(manifest.identity())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"replications": 0}, "--replications: met 0"),
        ({"workers": 0}, "--workers: met 0"),
        ({"events": "some"}, "expected one of first, all, none"),
    ],
)
def test_requests_that_make_no_sense_are_refused_before_anything_is_written(engine, tmp_path, settings, words):
    with pytest.raises(RequestError, match=words):
        replicate([WORLD], output=tmp_path / "results", **settings)
    assert not (tmp_path / "results").exists()


def test_a_scenario_asked_for_twice_is_refused(run):
    with pytest.raises(RequestError, match="'world' is asked for twice"):
        run(WORLD, WORLD)


def test_progress_in_json_has_one_object_a_line_and_ends_complete(run):
    stream = io.StringIO()
    run(WORLD, replications=2, listener=Lines(stream, as_json=True))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["begin", "month", "done", "month", "done"]
    assert lines[0]["units"] == 2
    assert lines[-1]["share"] == 1
    assert lines[1]["unit"] == "world #0"
    assert lines[1]["day"] == "2024-01-01"
