"""``calibrate``, ``validate``, ``backtest`` and ``sensitivity``, as a user types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from sim.calibration import waves
from sim.calibration.space import read_settings
from sim.calibration.targets import packaged
from sim.experiments.plausible_draws import read_plausible

KEYS = {"target", "published", "tolerance", "median", "low", "high", "inside"}


def pretend(space, seed):
    """A model of a few lines in place of the runs: each target is a plane through its published value near the centre."""
    targets = packaged()
    slopes = np.random.Generator(np.random.PCG64(seed)).normal(size=(len(targets), len(space.values)))

    def measured(point):
        far = slopes @ (point - space.centre)
        return {t.name: t.value + t.tolerance * far[row] for row, t in enumerate(targets)}

    return measured


@pytest.fixture
def toy(monkeypatch):
    def runs_of(self, _name, points, beside, _fraction=None):
        assert len(points) == len(beside)
        measured = pretend(self.space, 7)
        return [measured(point) for point in points]

    def replicates(self, name, scenario, number):
        measured = pretend(self.space, 7)(self.space.centre)
        return [{name: value * (1 + 1e-4 * n) for name, value in measured.items()} for n in range(number)]

    monkeypatch.setattr(waves.Calibration, "_runs_of", runs_of)
    monkeypatch.setattr(waves.Calibration, "_replicates", replicates)


QUICK = (
    *("--waves", "2", "--runs", "64", "--draws", "40", "--rounds", "1"),
    *("--steps", "64", "--truths", "2", "--progress", "none"),
)


def test_calibrate_then_validate_then_write_the_page(sortie, toy, tmp_path):
    answer = sortie("calibrate", *QUICK, "--json")
    assert answer.code == 0, answer.err
    assert "37 figures" in answer.err
    found = json.loads(answer.out)
    assert [wave["runs"] for wave in found["waves"]] == [64, 128]
    assert min(quality["explained"] for quality in found["waves"][1]["emulator"].values()) > 0.5
    assert found["truths"]["truths"] == 2
    assert {row["target"] for row in found["left_out"]} == {t.name for t in packaged() if t.use == "fit"}
    assert set(found["cost"]) >= {"sample of wave 1", "synthetic truths", "left out"}
    draws = read_plausible(tmp_path / "results" / "calibration" / "plausible.parquet")
    assert draws.levels.shape[0] == 41
    assert draws.weights[1:].mean() == pytest.approx(1.0)
    assert draws.source == found["source"]
    # The central draw is one of the draws.
    assert (np.abs(draws.levels[1:] - draws.levels[0]).max(axis=1) < 1e-9).any()
    made = (tmp_path / "results" / "calibration" / "plausible.parquet").read_bytes()
    told = sortie("calibrate", *QUICK).out
    assert "cost: left out" in told
    assert "2 synthetic truths" in told
    assert (tmp_path / "results" / "calibration" / "plausible.parquet").read_bytes() == made

    rows = json.loads(sortie("validate", "--json").out)["rows"]
    assert len(rows) == len(packaged())
    assert all(set(row) >= KEYS for row in rows)
    assert sortie("validate", "--page", "page.md").code == 0
    assert "| Détenus, 1 October 2025 | 84,862 |" in (tmp_path / "page.md").read_text(encoding="utf-8")
    text = sortie("validate").out
    assert "within the tolerance" in text


SETTINGS = """
frame: {start: 2024-07-01, measure_from: 2025-01-01, end: 2025-12-31}
parameters: [practices.remission.share, population.sentence.mean_months.fast_track]
drawn_beside: [practices.hearings.court_spread]
fraction: 0.003
draws_fraction: 0.004
targets: [detained_2025, remand_2025, not_detained_2025]
screening:
  frame: {start: 2026-01-01, measure_from: 2026-06-01, end: 2027-01-01}
  fraction: 0.003
  policies: [hearings_within_four_months]
  years: [2026]
  indicators: {dry_rate_exits: all, stock: status=detained}
  left_out: [reconviction., costs., population., means., practices.hearings, flows., practices.measures, stock.]
"""


@pytest.mark.slow
def test_a_calibration_that_is_killed_goes_on_and_gives_the_same_bytes(tmp_path, root):
    """A real engine, small; killed outright in the second wave."""
    (tmp_path / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    line = [
        sys.executable, "-m", "sim", "calibrate", "--settings", str(tmp_path / "settings.yaml"), "--waves", "2", "--runs", "8",
        "--draws", "6", "--steps", "64", "--truths", "2", "--rounds", "1", "--workers", "1", "--progress", "none",
    ]  # fmt: skip

    def finished(folder):
        return len(list(folder.glob("calibration/*/*/*/replications/*/indicators.parquet")))

    with subprocess.Popen([*line, "--output", str(tmp_path / "killed")], cwd=root, start_new_session=True) as process:
        deadline = time.monotonic() + 300  # never reached: what is waited for is a count
        while finished(tmp_path / "killed") < 18 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    there = finished(tmp_path / "killed")
    assert 18 <= there < 46
    assert not (tmp_path / "killed" / "calibration" / "plausible.parquet").exists()
    made = {}
    for name in ("killed", "whole"):
        subprocess.run([*line, "--output", str(tmp_path / name)], cwd=root, check=True, capture_output=True)
        made[name] = (tmp_path / name / "calibration" / "plausible.parquet").read_bytes()
        made[name + " runs"] = (tmp_path / name / "calibration" / "runs.parquet").read_bytes()
    assert made["killed"] == made["whole"]
    assert made["killed runs"] == made["whole runs"]
    draws = read_plausible(tmp_path / "whole" / "calibration" / "plausible.parquet")
    assert draws.names[-1] == "practices.hearings.court_spread"
    assert len(set(draws.levels[1:, -1])) == 6


@pytest.mark.slow
def test_screening_names_values_and_says_which_are_not_fitted(sortie, tmp_path, monkeypatch):
    (tmp_path / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    asked = read_settings(tmp_path / "settings.yaml")
    monkeypatch.setattr("sim.cli.calibration.read_settings", lambda: asked)
    answer = sortie("sensitivity", "--differences", "--points", "8", "--workers", "1", "--progress", "none", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["points"] == 8
    assert found["parameters"] > 50
    assert [row["figure"] for row in found["figures"]][:2] == [
        "hearings_within_four_months: dry_rate_exits",
        "hearings_within_four_months: stock",
    ]
    assert set(found["missing"]) <= set(found["chosen"])
    assert (
        "worth fitting" in sortie("sensitivity", "--differences", "--points", "8", "--workers", "1", "--progress", "none").out
    )


def test_validate_measures_a_run(sortie):
    frame = ("--start", "2024-07-01", "--measure-from", "2025-01-01", "--end", "2025-12-31", "--fraction", "0.003")
    assert sortie("run", "baseline", *frame, "-n", "2", "--no-events", "--progress", "none", "--workers", "1").code == 0
    rows = {row["target"]: row for row in json.loads(sortie("validate", "baseline", "--json").out)["rows"]}
    assert all(set(row) >= KEYS for row in rows.values())
    assert rows["detained_2025"]["n"] == 2
    assert 0.5 < rows["detained_2025"]["median"] / 84862 < 1.5
    assert rows["detained_2025"]["low"] <= rows["detained_2025"]["median"] <= rows["detained_2025"]["high"]
    assert rows["dry_2024"]["median"] is None
    assert rows["dry_2024"]["inside"] is False
    assert sortie("validate", "nothing").code == 2


@pytest.mark.slow
def test_backtest_runs_the_past(sortie, monkeypatch):
    monkeypatch.setattr("sim.calibration.backtest.STARTS", ("2025-01-01",))
    monkeypatch.setattr("sim.calibration.backtest.ORIGINS", (2025,))
    answer = sortie("backtest", "--fraction", "0.003", "--workers", "1", "--progress", "none", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    series = {row["series"]: row for row in found["long"]}
    assert series["detained"]["points"] == 9
    assert abs(series["detained"]["mean_error"]) < 0.3
    assert {row["series"] for row in found["rolling"]} == {"detained", "remand", "not_detained", "density_ma"}
    assert "detained, 1 ahead" in sortie("backtest", "--fraction", "0.003", "--workers", "1", "--progress", "none").out


@pytest.mark.slow
def test_sensitivity_reads_what_a_calibration_ran(sortie, toy, monkeypatch):
    assert sortie("calibrate", "--fraction", "0.003", *QUICK).code == 0
    monkeypatch.setattr("sim.calibration.sensitivity.HEADLINES", ("dry_2024", "reconviction_60"))
    monkeypatch.setattr("sim.cli.calibration.HEADLINES", ("dry_2024", "reconviction_60"))
    frame = {"start": "2024-01-01", "measure_from": "2024-06-01", "end": "2024-12-31"}
    real = read_settings()
    monkeypatch.setattr("sim.cli.calibration.read_settings", lambda: replace(real, frame=frame))
    answer = sortie("sensitivity", "--no-direct", "--fraction", "0.003", "--workers", "1", "--progress", "none", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert set(found["indices"]) == {"dry_2024", "reconviction_60"}
    for row in found["variance"]:
        shares = {name: row[name] for name in ("chance", "parameters", "causal")}
        assert sum(shares.values()) == pytest.approx(1)
        assert (shares["causal"] > 0) == (row["headline"] == "reconviction_60")
    assert found["value"]["dry_2024"][0]["shrinks"] > 0
    assert sortie("sensitivity", "-o", "elsewhere").code == 2
