"""Runs already made, measured anew: nothing is simulated, nothing is lost, and what is older says so."""

from __future__ import annotations

import json
import re

import pytest

from sim.cli.report import print_footing
from sim.cli.running import remeasure_runs
from sim.errors import RequestError, RunFolderError
from sim.experiments.compare import compare
from sim.experiments.progress import NullListener
from sim.experiments.querying import open_results
from sim.experiments.remeasure import remeasure, runs_meant
from sim.experiments.replicate import Retention, ScenarioRun, fill
from sim.experiments.units import begin
from sim.indicators import summary
from sim.records import unit_file
from sim.records.atomic import write_atomically
from sim.records.run_folder import open_run
from tests.experiments.conftest import FakeScenario
from tests.fabricated import context

WORLD, POLICY = FakeScenario("world"), FakeScenario("policy", grant=0.6)


class Heard(NullListener):
    """Keeps what is told of a run as a whole."""

    def __init__(self):
        self.notes = []

    def note(self, text):
        self.notes.append(text)


@pytest.fixture
def another_indicator(monkeypatch):
    """Make a function that, called, adds an indicator to this version, as somebody would who edits ``sim/indicators``."""
    monkeypatch.setattr("sim.experiments.remeasure._context", lambda _run: context())

    def edit(name="people_who_left", mark="b"):
        def counted(tables, _context, figures):
            figures.add("measured", name, "all", len(tables.table("exits")))

        monkeypatch.setattr(summary, "INDICATORS", (*summary.INDICATORS, counted))
        monkeypatch.setattr("sim.records.run_folder.measures_digest", lambda: mark * 64)

    return edit


def of(run, indicator):
    frame = run.indicators()
    return frame[frame["indicator"] == indicator]


def test_an_indicator_that_is_added_is_measured_on_a_run_already_made(run, engine, another_indicator):
    made = run(WORLD, replications=2).runs[0]
    before = {p: p.read_bytes() for p in made.path.rglob("*.parquet")}
    assert made.older_measures == ()
    engine.clear()
    another_indicator()
    assert open_run(made.path).older_measures == (0, 1)
    assert of(open_run(made.path), "people_who_left").empty

    told = []
    done = remeasure(made.path, tell=told.append)
    assert (done.done, done.left) == ((0, 1), ())
    assert told == ["world #0: measured", "world #1: measured"]
    assert engine == [], "nothing is simulated"
    opened = open_run(made.path)
    assert (opened.run_id, opened.older_measures) == (made.run_id, ())
    assert of(opened, "people_who_left")["value"].tolist() == [len(opened.table("exits", n)) for n in (0, 1)]
    assert {p for p in before if p.read_bytes() != before[p]} == {p for p in before if p.name == "indicators.parquet"}
    assert all(opened.verify(number) for number in (0, 1))
    assert "people_who_left" in (made.path / "indicators.csv").read_text()
    assert remeasure(made.path).done == (), "it is up to date"


def test_the_same_indicators_measured_from_the_disk_are_the_same_bytes(run, another_indicator, monkeypatch):
    made = run(WORLD, replications=1).runs[0]
    file = made.path / "replications" / "000" / "indicators.parquet"
    before = file.read_bytes()
    another_indicator()
    monkeypatch.setattr(summary, "INDICATORS", summary.INDICATORS[:-1])
    assert remeasure(made).done == (0,)
    assert file.read_bytes() == before


def test_the_same_command_goes_on_from_a_run_that_is_older(run, engine, another_indicator):
    made = run(WORLD, replications=2).runs[0]
    engine.clear()
    another_indicator()
    heard = Heard()
    again = run(WORLD, replications=3, listener=heard)
    assert engine == [("world", 2)], "an edited indicator restarts no run"
    assert again.runs[0].run_id == made.run_id
    assert again.runs[0].older_measures == ()
    assert len(of(again.runs[0], "people_who_left")) == 3
    assert [note for note in heard.notes if re.search(r"2 replications were measured by another version.*measured anew", note)]


@pytest.fixture
def figures_only(engine, tmp_path):
    """Make a run that keeps no table, as ``keep: indicators`` does."""

    def make(listener=None, replications=2, *, current=False):
        scenario_run = ScenarioRun(WORLD, begin(WORLD, 1, tmp_path / "few", {}))
        kept = Retention("none", (), current=current)
        from sim.experiments.execution import Backend  # noqa: PLC0415

        fill([scenario_run], range(replications), seed=1, kept=kept, means=Backend(1), listener=listener or NullListener())
        return scenario_run.run.path

    return make


def test_a_run_without_tables_is_told_and_left_as_it_is(figures_only, engine, another_indicator, capsys):
    path = figures_only()
    before = {p: p.read_bytes() for p in path.rglob("*.parquet")}
    another_indicator()
    done = remeasure(path)
    assert (done.done, done.left) == ((), (0, 1))
    assert remeasure_runs([str(path)], output=path.parent) == 1
    assert "2 kept no tables to measure: run them again" in capsys.readouterr().out
    engine.clear()
    heard = Heard()
    figures_only(heard, replications=3)
    assert engine == [("world", 2)], "it is not restarted either"
    assert [note for note in heard.notes if "kept no tables to measure" in note]
    assert {p: p.read_bytes() for p in before} == before
    with pytest.raises(RequestError, match=r"indicators of version .*sortie remeasure"):
        compare(open_run(path), open_run(path))


def test_what_is_reckoned_from_figures_does_not_mix_versions(figures_only, engine, another_indicator):
    """Where figures alone were kept, only a simulation gives those of this version: calibration, solve, library ask for it."""
    path = figures_only()
    another_indicator()
    engine.clear()
    figures_only(current=True)
    assert engine == [("world", 0), ("world", 1)]
    assert open_run(path).older_measures == ()
    engine.clear()
    figures_only(current=True)
    assert engine == []


def test_runs_measured_by_two_versions_are_not_paired(run, another_indicator):
    first = run(WORLD, replications=1).runs[0]
    another_indicator()
    second = run(POLICY, replications=1).runs[0]
    with pytest.raises(RequestError, match=r"indicators of version \w+ and b+, .*Bring both up to date with: sortie remeasure"):
        compare(first, second)
    with open_results(first.path.parent.parent) as results:
        assert results.sql("select * from differences").empty
    remeasure(first)
    assert len(compare(first, second).figures) > 100


def test_the_report_of_a_run_that_is_older_says_so(run, another_indicator, capsys):
    made = run(WORLD, replications=1).runs[0]
    another_indicator()
    print_footing([open_run(made.path)])
    assert f"sortie remeasure {made.path}" in capsys.readouterr().out


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_a_replication_is_whole_whatever_step_a_crash_falls_after(run, another_indicator, monkeypatch, step):
    made = run(WORLD, replications=1).runs[0]
    another_indicator()
    written = []

    def crash_after(path, content):
        if len(written) == step - 1:
            raise KeyboardInterrupt
        written.append(path.name)
        write_atomically(path, content)

    with monkeypatch.context() as crashing:
        crashing.setattr(unit_file, "write_atomically", crash_after)
        crashing.setattr("sim.records.run_folder.write_atomically", crash_after)
        with pytest.raises(KeyboardInterrupt):
            remeasure(made.path)
    assert written == ["unit.json", "indicators.parquet", "unit.json", "indicators.csv"][: step - 1]
    opened = open_run(made.path)
    assert of(opened, "people_who_left").empty == (step <= 2)
    assert opened.verify(0)
    run(WORLD, replications=1)  # the next command finds it whole
    assert open_run(made.path).replications == (0,)


def test_it_goes_on_after_a_crash(run, another_indicator, monkeypatch):
    made = run(WORLD, replications=2).runs[0]
    another_indicator()
    whole = summary.measure
    monkeypatch.setattr(
        summary, "measure", lambda tables, context: whole(tables, context) if tables._replication == 0 else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        remeasure(made.path)
    monkeypatch.setattr(summary, "measure", whole)
    again = remeasure(made.path)
    assert again.done[-1] == 1
    assert again.run.older_measures == ()
    assert len(of(open_run(made.path), "people_who_left")) == 2


def test_a_manifest_of_before_still_opens_and_is_older(run):
    path = run(WORLD, replications=1).runs[0].path
    for file in (path / "manifest.json", path / "replications" / "000" / "unit.json"):
        content = json.loads(file.read_text())
        del content["measures"]
        file.write_text(json.dumps(content))
    opened = open_run(path)
    assert opened.older_measures == (0,)
    assert not opened.indicators().empty
    assert len(compare(opened, opened).figures) > 100


def test_tables_of_another_version_are_refused_with_the_way_out(run, another_indicator, monkeypatch):
    made = run(WORLD, replications=1).runs[0]
    another_indicator()
    whole = summary.TablesOnDisk.table
    monkeypatch.setattr(summary.TablesOnDisk, "table", lambda self, name: whole(self, name).drop(columns="day"))
    with pytest.raises(RunFolderError, match=r"its tables are not those of this version .*Run the scenario again"):
        remeasure(made)
    assert open_run(made.path).verify(0)


def test_a_scenario_that_cannot_be_read_any_more_is_told(run, monkeypatch):
    made = run(WORLD, replications=1).runs[0]
    monkeypatch.setattr("sim.records.run_folder.measures_digest", lambda: "b" * 64)
    with pytest.raises(RunFolderError, match=r"scenario\.yaml: cannot be read by this version"):
        remeasure(made)


def test_words_mean_runs(run, tmp_path):
    made = run(WORLD, POLICY, replications=1).runs
    output = tmp_path / "results"
    assert [r.path for r in runs_meant([str(output)], output)] == sorted(r.path for r in made)
    assert [r.path for r in runs_meant(["policy", str(made[1].path)], output)] == [made[1].path]
    (tmp_path / "empty").mkdir()
    with pytest.raises(RequestError, match="no run in this folder"):
        runs_meant([str(tmp_path / "empty")], output)
    with pytest.raises(RequestError, match="no finished run of 'wrld'"):
        runs_meant(["wrld"], output)
