"""The search of docs/feasibility.py: what it looks for is measured, and it finds a world that is there to be found."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
import yaml

from sim.indicators.catalogue import CATALOGUE

pytest.importorskip("emcee")


@pytest.fixture(scope="module")
def script(root):
    spec = importlib.util.spec_from_file_location("feasibility", root / "docs" / "feasibility.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["feasibility"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def asked(script):
    return yaml.safe_load(script.LISTED.read_text(encoding="utf-8"))


def test_every_figure_looked_for_is_measured_and_every_assumption_has_two_ends(script, asked):
    search = script.looked_for(asked, 0.01)
    assert search.sought == 7
    for target in search.targets:
        assert target.figures
        assert {figure.indicator for figure in target.figures} <= set(CATALOGUE)
    assert all(value.low < value.high for value in search.space.values)
    assert len(search.space.values) == len(asked["parameters"])


def test_points_proposed_come_nearer_than_the_design(script, asked):
    """A made-up model of thirty parameters, linear with a bend, whose figures are right somewhere in the cube."""
    search = script.looked_for(asked, 0.01)
    luck = np.random.default_rng(1)
    slopes = luck.normal(0, 1, (len(search.space.values), search.sought))
    truth = luck.random(len(search.space.values))

    def model(points):
        moved = (points - truth) @ slopes / 6
        return search.published * (1 + moved + 0.2 * moved**2)

    search.points = luck.random((64, len(truth)))
    search.outputs = np.hstack([model(search.points), np.zeros((64, len(search.targets) - search.sought))])
    found = search.proposed(6, 1)
    assert np.abs(search.gaps(model(found))).max(axis=1).min() < 0.5 * search.worst.min()
    assert ((found >= 0) & (found <= 1)).all()
