"""``calibrate``, ``validate``, ``backtest`` and ``sensitivity``, as a user types them."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest

from sim.calibration import history_matching, waves
from sim.calibration.space import space_of
from sim.calibration.targets import packaged
from sim.experiments.plausible_draws import read_plausible
from sim.scenario import load_scenario

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
    def runs_of(self, _name, points):
        measured = pretend(self.space, 7)
        return [measured(point) for point in points]

    def centre(self):
        measured = pretend(self.space, 7)
        return [measured(self.space.centre) for _ in range(3)]

    monkeypatch.setattr(waves.Calibration, "_runs_of", runs_of)

    def central(self, point):
        return [pretend(self.space, 7)(point)]

    # A plane is followed in fewer steps than a country (the walk itself: tests/experiments/test_calibration.py).
    monkeypatch.setattr(waves, "walk", partial(history_matching.walk, walkers=60, steps=100))
    monkeypatch.setattr(waves, "downhill", partial(history_matching.downhill, steps=60))
    monkeypatch.setattr(waves, "CLOSEST_ROUNDS", 1)
    monkeypatch.setattr(waves.Calibration, "_centre", centre)
    monkeypatch.setattr(waves.Calibration, "_central", central)


def test_calibrate_then_validate_then_write_the_page(sortie, toy, tmp_path):
    asked = ("calibrate", "--waves", "1", "--runs", "40", "--draws", "20", "--spare", "3", "--progress", "none", "--json")
    answer = sortie(*asked)
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["waves"][0]["points"] >= 20
    central = {row["target"]: row for row in found["central"]}
    fitted = [central[t.name]["inside"] for t in packaged() if t.kind == "fit"]
    assert sum(fitted) >= len(fitted) - 4
    draws = read_plausible(tmp_path / "results" / "calibration" / "plausible.parquet")
    assert draws.levels.shape[0] == 21
    assert draws.source == found["source"]
    again = json.loads(sortie(*asked).out)
    assert again["identified"] == found["identified"]

    rows = json.loads(sortie("validate", "--json").out)["rows"]
    assert len(rows) == len(packaged())
    assert all(set(row) >= KEYS for row in rows)
    assert sortie("validate", "--page", "page.md").code == 0
    assert "| Détenus, 1 October 2025 | 84,862 |" in (tmp_path / "page.md").read_text(encoding="utf-8")
    text = sortie("validate").out
    assert "within the tolerance" in text


@pytest.mark.slow
def test_a_draw_its_own_run_rules_out_is_not_kept(sortie, toy, monkeypatch, tmp_path):
    honest = waves.Calibration._runs_of
    bad = []

    def runs_of(self, name, points):
        runs = honest(self, name, points)
        if name == "draws1":  # every other run is far from half of the targets
            for position in range(0, len(runs), 2):
                bad.append(points[position])
                runs[position] = {
                    t: value + (20 * number % 40) * 1e6 for number, (t, value) in enumerate(runs[position].items())
                }
        return runs

    honest_history = waves.Calibration._history

    def history(self, wave):
        """Show the emulator what the toy gives, so that it stays as good as it was."""
        met = self.outputs
        self.outputs = [pretend(self.space, 7)(point) for point in np.vstack(self.points)]
        try:
            return honest_history(self, wave)
        finally:
            self.outputs = met

    monkeypatch.setattr(waves.Calibration, "_runs_of", runs_of)
    monkeypatch.setattr(waves.Calibration, "_history", history)
    settings = ("--waves", "1", "--runs", "40", "--draws", "20", "--spare", "3", "--progress", "none", "--json")
    found = json.loads(sortie("calibrate", *settings).out)
    assert bad
    assert found["drawn"]["kept"] == 20
    assert found["drawn"]["run"] > 20 + len(bad)
    draws = read_plausible(tmp_path / "results" / "calibration" / "plausible.parquet")
    assert (draws.worst <= history_matching.LIMIT).all()
    space = space_of(load_scenario("baseline"), draws.names)
    kept = np.array([space.point(dict(zip(draws.names, row, strict=True))) for row in draws.levels])
    assert not any(np.isclose(kept, point, atol=1e-9).all(axis=1).any() for point in bad)


@pytest.mark.slow
def test_what_rules_everything_out_is_told(sortie, toy, monkeypatch):
    answer = sortie("calibrate", "--waves", "1", "--runs", "40", "--draws", "5000", "--spare", "0", "--progress", "none")
    assert answer.code == 2
    assert "spare more targets" in answer.err


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
    settings = ("--waves", "1", "--runs", "40", "--draws", "20", "--spare", "3", "--progress", "none")
    assert sortie("calibrate", "--fraction", "0.003", *settings).code == 0
    monkeypatch.setattr("sim.calibration.sensitivity.HEADLINES", ("dry_2024", "reconviction_60"))
    frame = {"start": "2024-01-01", "measure_from": "2024-06-01", "end": "2024-12-31"}
    real = waves_settings()
    monkeypatch.setattr("sim.cli.calibration.read_settings", lambda: type(real)(frame, real.parameters))
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


def waves_settings():
    from sim.calibration.space import read_settings  # noqa: PLC0415 (the real one, before it is replaced)

    return read_settings()
